"""What lesson 07 uses beside the student's functions: measures of benchmarks, proposals, a detector's parts.

Boxes are (left, top, right, bottom), end exclusive, y down. A box without an area overlaps nothing.
"""

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

COCO_THRESHOLDS = tuple(np.linspace(0.5, 0.95, 10))
COCO_DETECTIONS = 100  # an image and class; the rest is not counted
COCO_RECALLS = np.linspace(0, 1, 101)
VOC_RECALLS = np.linspace(0, 1, 11)


def overlaps(first, second):
    """IoU of each box of one list with each of another: float array (N, M), from arrays (N, 4) and (M, 4)."""
    first, second = (np.asarray(boxes, float).reshape(-1, 4) for boxes in (first, second))
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    shared = np.prod(np.maximum(high - low, 0), axis=2)
    areas = [np.prod(np.maximum(boxes[:, 2:] - boxes[:, :2], 0), axis=1) for boxes in (first, second)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def voc_11_point(recall, precision):
    """Average precision as VOC measured it until 2009: the mean of the best precision at 11 recalls.

    Args:
        recall, precision: arrays (N,), from the best detection alone to all of them; recall never falls.

    Returns:
        float: the mean over recalls 0, 0.1, ..., 1 of the largest precision at that recall or more, 0 if none.
    """
    recall, precision = np.asarray(recall, float), np.asarray(precision, float)
    # 1e-9: a recall of 3 in 10 and the threshold 0.3 may differ by a rounding error.
    best = [precision[recall >= wanted - 1e-9].max(initial=0.0) for wanted in VOC_RECALLS]
    return float(np.mean(best))


def precision_recall(truths, detections, label, iou_threshold=0.5):
    """Recall and precision of one class, after each detection by falling score, matched as COCO does.

    Args:
        truths: list of (boxes (n, 4), labels (n,)), one an image.
        detections: list of (boxes (m, 4), scores (m,), labels (m,)), one an image.
        label: int, the class.
        iou_threshold: float, the IoU from which on a detection is right.

    Returns:
        (recall, precision): float arrays, one entry a detection of the class.
    """
    scores, right, count = [], [], 0
    for (true_boxes, true_labels), (boxes, image_scores, labels) in zip(truths, detections, strict=True):
        wanted = np.asarray(true_boxes, float).reshape(-1, 4)[np.asarray(true_labels) == label]
        mine = np.asarray(labels) == label
        boxes, image_scores = np.asarray(boxes, float).reshape(-1, 4)[mine], np.asarray(image_scores)[mine]
        order = np.argsort(-image_scores, kind="stable")[:COCO_DETECTIONS]
        right.extend(_matched(overlaps(boxes[order], wanted), iou_threshold))
        scores.extend(image_scores[order])
        count += len(wanted)
    order = np.argsort(-np.array(scores), kind="stable")
    hits = np.cumsum(np.array(right, bool)[order])
    return hits / max(count, 1), hits / np.arange(1, len(hits) + 1)


def coco_mean_average_precision(truths, detections, iou_thresholds=COCO_THRESHOLDS):
    """Mean average precision as COCO measures it.

    Precision is read at 101 recalls; a detection whose best truth is taken may have the next free one; the mean
    goes over classes that occur among the truths, and over IoU thresholds 0.50, 0.55, ..., 0.95.

    Args:
        truths, detections: as for `precision_recall`.
        iou_thresholds: sequence of floats.

    Returns:
        float; nan when there is no truth at all.
    """
    classes = {int(label) for _boxes, labels in truths for label in labels}
    values = [
        _at_101_recalls(*precision_recall(truths, detections, label, threshold))
        for label in sorted(classes)
        for threshold in iou_thresholds
    ]
    return float(np.mean(values)) if values else float("nan")


def _matched(iou, threshold):
    """Whether each detection (row) gets a truth (column): the free one with the largest IoU, if that suffices."""
    free = np.ones(iou.shape[1], bool)
    right = []
    for row in iou:
        candidates = np.flatnonzero(free & (row >= threshold))
        right.append(len(candidates) > 0)
        if len(candidates):
            # Of equal overlaps COCO's own code takes the last.
            free[candidates[::-1][np.argmax(row[candidates[::-1]])]] = False
    return right


def _at_101_recalls(recall, precision):
    """The mean of the falling envelope of precision at COCO's recalls; 0 at recalls that are never reached."""
    envelope = np.append(np.maximum.accumulate(precision[::-1])[::-1], 0.0)
    return envelope[np.searchsorted(recall, COCO_RECALLS, side="left")].mean()


def propose(image, cells=12):
    """Boxes around parts of an image that look alike: the idea of selective search, in small.

    The image is cut into a grid of cells. Again and again the two neighboring parts whose mean colors differ
    least, small ones first, become one. Each part that ever existed gives a box.

    Args:
        image: uint8 array (H, W, 3).
        cells: int, cells a side.

    Returns:
        int array (2·cells² - 1, 4).

    Source of the idea: Uijlings and others, "Selective Search for Object Recognition", 2013.
    """
    height, width = image.shape[:2]
    rows, columns = (np.linspace(0, side, cells + 1).round().astype(int) for side in (height, width))
    boxes, colors, sizes = [], [], []
    for row in range(cells):
        for column in range(cells):
            boxes.append((columns[column], rows[row], columns[column + 1], rows[row + 1]))
            part = image[rows[row] : rows[row + 1], columns[column] : columns[column + 1]]
            colors.append(part.reshape(-1, 3).mean(axis=0))
            sizes.append(1)
    neighbors = {place: set() for place in range(cells**2)}
    for place in neighbors:
        beside = [place + 1] if (place + 1) % cells else []
        below = [place + cells] if place + cells < cells**2 else []
        neighbors[place].update(beside + below)

    def difference(pair):
        one, other = pair
        return np.linalg.norm(colors[one] - colors[other]) * min(sizes[one], sizes[other]) ** 0.5

    costs = {(one, other): difference((one, other)) for one, near in neighbors.items() for other in near}
    while costs:
        one, other = min(costs, key=costs.get)
        new, size = len(boxes), sizes[one] + sizes[other]
        boxes.append(
            (*np.minimum(boxes[one][:2], boxes[other][:2]), *np.maximum(boxes[one][2:], boxes[other][2:]))
        )
        colors.append((colors[one] * sizes[one] + colors[other] * sizes[other]) / size)
        sizes.append(size)
        touching = {place for pair in costs if {one, other} & set(pair) for place in pair} - {one, other}
        costs = {pair: cost for pair, cost in costs.items() if not {one, other} & set(pair)}
        costs |= {(place, new): difference((place, new)) for place in touching}
    return np.array(boxes)


class Counted:
    """A model that counts the images that pass through it: `counted(images)`, then `counted.passes`."""

    def __init__(self, model):
        self.model = model
        self.passes = 0

    def __call__(self, images):
        self.passes += len(images)
        # Ten at a time: a functional model keeps the maps of all its layers until its call ends.
        parts = [
            self.model(images[begin : begin + 10], training=False) for begin in range(0, len(images), 10)
        ]
        return np.concatenate([np.asarray(part) for part in parts])


def spatial_pyramid(features, levels=(1, 2, 4)):
    """SPPNet's vector: the maxima of a feature map in grids of 1×1, 2×2 and 4×4 bins, one after the other.

    Args:
        features: array (H, W, C), of any height and width.
        levels: bins a side, for each grid.

    Returns:
        array (sum of levels² · C,), as long for every size.
    """
    from labs.exercises.object_detection import roi_max_pool

    whole = (0, 0, features.shape[1], features.shape[0])
    return np.concatenate([np.asarray(roi_max_pool(features, whole, size)).ravel() for size in levels])


def region_vectors(features, boxes, size=2):
    """RoI pooling of many regions of one feature map: array (N, size · size · C).

    Args:
        features: array (H, W, C).
        boxes: array (N, 4) in pixels of the feature map; widened to whole cells, at least one.
        size: int, bins a side.
    """
    from labs.exercises.object_detection import roi_max_pool

    limits = np.array(features.shape[1::-1])
    low = np.clip(np.floor(np.asarray(boxes)[:, :2]).astype(int), 0, limits - 1)
    high = np.clip(np.ceil(np.asarray(boxes)[:, 2:]).astype(int), low + 1, limits)
    pooled = [roi_max_pool(features, (*one, *other), size) for one, other in zip(low, high, strict=True)]
    return np.array(pooled).reshape(len(pooled), -1)


def feature_maps(encoder, images, batch_size=16):
    """The outputs of a frozen network for many images, computed once, a list of float32 arrays.

    Args:
        encoder: Keras model from preprocessed images, (pixels - 127) / 128, to a list of maps.
        images: uint8 array (N, H, W, 3); resized to what the encoder takes.
        batch_size: int.
    """

    @tf.function(reduce_retracing=True)
    def forward(batch):
        batch = tf.image.resize(tf.cast(batch, tf.float32), encoder.input_shape[1:3])
        return encoder((batch - 127) / 128, training=False)

    parts = [forward(images[begin : begin + batch_size]) for begin in range(0, len(images), batch_size)]
    return [np.concatenate(maps) for maps in zip(*parts, strict=True)]


def targets(scenes, grid, reach=0.8):
    """What each grid cell should answer for each scene, with one box a cell.

    YOLO's first version asks only the cell with an object's center. Here cells beside it answer, too, as in
    later detectors: more cells learn from each object. Of two objects a cell belongs to the nearer.

    Args:
        scenes: `labs.scenes.Scenes`.
        grid: int, cells a side.
        reach: float, how far a cell's center may lie from the object's, in cells.

    Returns:
        float32 array (N, grid, grid, 5 + classes): center x and y from the cell's corner, in cells; width and
        height of the image; 1 where a cell answers for an object; one-hot class.
    """
    size, classes = scenes.images.shape[1], len(scenes.classes)
    wanted = np.zeros((len(scenes), grid, grid, 5 + classes), np.float32)
    rows, columns = np.meshgrid(range(grid), range(grid), indexing="ij")
    for image, boxes, labels in zip(wanted, scenes.boxes, scenes.labels, strict=True):
        nearest = np.full((grid, grid), np.inf)
        for box, label in zip(boxes / size, labels, strict=True):
            (x, y), (width, height) = (box[:2] + box[2:]) / 2 * grid, box[2:] - box[:2]
            distance = np.maximum(np.abs(columns + 0.5 - x), np.abs(rows + 0.5 - y))
            within = (np.abs(columns + 0.5 - x) < width * grid / 2) & (
                np.abs(rows + 0.5 - y) < height * grid / 2
            )
            center = (columns == int(x)) & (rows == int(y))
            mine = (within & (distance < reach) | center) & (distance < nearest)
            nearest[mine] = distance[mine]
            image[mine, :2] = np.stack([x - columns, y - rows], axis=-1)[mine]
            image[mine, 2:] = [width, height, 1, *np.eye(classes)[label]]
    return wanted


def neck(maps, filters=96, dropout=0.2):
    """Maps of several strides become one: as many channels, then as many cells as the first, then their sum.

    Args:
        maps: list of Keras tensors (N, H, W, C), the finest first; sides divide evenly.
        filters: int, channels of the sum.
        dropout: float, share of the channels that are left out in training.
    """
    joined = []
    for one in maps:
        x = layers.SpatialDropout2D(dropout)(one)
        x = layers.Conv2D(filters, 1, use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        factor = maps[0].shape[1] // one.shape[1]
        joined.append(layers.UpSampling2D(factor, interpolation="bilinear")(x) if factor > 1 else x)
    return layers.ReLU()(layers.Add()(joined) if len(joined) > 1 else joined[0])


def head(x, deepest, classes, filters=96, dropout=0.2):
    """From maps to one box a cell: center x and y, width, height, confidence, class probabilities.

    Boxes are read from the joined maps. Classes are read from the deepest maps of the backbone, around each cell,
    by one linear layer that starts at zero, as in lesson 05: from few things, a deeper one learns them by heart.
    The center may lie up to one cell outside its cell (-1 to 2), as the neighbors of `targets` need.

    Args:
        x: Keras tensor (N, grid, grid, C) of `neck`.
        deepest: Keras tensor (N, height, width, C); `grid` is a multiple of its sides.
        classes: int.
        filters, dropout: as for `neck`.
    """
    kinds = layers.AveragePooling2D(3, 1, padding="same")(deepest)
    kinds = layers.Dropout(0.5)(kinds)
    kinds = layers.Conv2D(classes, 1, kernel_initializer="zeros")(kinds)
    factor = x.shape[1] // deepest.shape[1]
    kinds = layers.UpSampling2D(factor, interpolation="bilinear")(kinds) if factor > 1 else kinds
    for _layer in range(2):
        x = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
        x = layers.ReLU()(x)
    x = layers.Dropout(dropout)(x)
    center = layers.Rescaling(3.0, -1.0)(layers.Conv2D(2, 1, activation="sigmoid")(x))
    sides = layers.Conv2D(2, 1, activation="sigmoid")(x)
    # Most cells hold nothing: a confidence of about 0.05 to begin with.
    rare = keras.initializers.Constant(-3)
    confidence = layers.Conv2D(1, 1, activation="sigmoid", bias_initializer=rare)(x)
    return layers.Concatenate()([center, sides, confidence, layers.Softmax()(kinds)])


def detection_loss(wanted, predicted):
    """The loss of a detector with one box a cell: confidence, box and class, divided by the cells that answer.

    Confidence is trained toward P(object) × IoU: the IoU of its own box with the truth where an object is, 0
    elsewhere; empty cells that are sure to be empty count little (the idea of the focal loss). The box is
    trained by 1 - GIoU, which still has a gradient where boxes do not meet; the class by cross-entropy.

    Args:
        wanted: tensor of `targets`. predicted: tensor of `head`.

    Sources: Redmon and others, "You Only Look Once", 2016; Lin and others, "Focal Loss for Dense Object
    Detection", 2017; Rezatofighi and others, "Generalized Intersection over Union", 2019.
    """
    here = wanted[..., 4]
    iou, giou = _iou_and_giou(wanted, predicted, grid=wanted.shape[1])
    goal = ops.stop_gradient(iou) * here
    confidence = ops.clip(predicted[..., 4], 1e-6, 1 - 1e-6)
    surprise = -goal * ops.log(confidence) - (1 - goal) * ops.log(1 - confidence)
    weight = ops.stop_gradient(ops.where(here > 0, 1.0, confidence**2))
    kind = -ops.sum(wanted[..., 5:] * ops.log(predicted[..., 5:] + 1e-7), axis=-1)
    total = ops.sum(weight * surprise) + ops.sum(here * (2 * (1 - giou) + kind))
    return total / (ops.sum(here) + 1)


def _iou_and_giou(first, second, grid):
    """IoU and generalized IoU of the boxes of two grids, cell by cell; coordinates from the cell's corner."""
    (low, high), (other_low, other_high) = (
        (cells[..., :2] / grid - cells[..., 2:4] / 2, cells[..., :2] / grid + cells[..., 2:4] / 2)
        for cells in (first, second)
    )
    shared = ops.prod(ops.maximum(ops.minimum(high, other_high) - ops.maximum(low, other_low), 0.0), axis=-1)
    union = ops.prod(high - low, axis=-1) + ops.prod(other_high - other_low, axis=-1) - shared
    hull = ops.prod(ops.maximum(high, other_high) - ops.minimum(low, other_low), axis=-1)
    iou = shared / ops.maximum(union, 1e-9)
    return iou, iou - (hull - union) / ops.maximum(hull, 1e-9)
