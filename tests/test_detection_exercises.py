"""The answers of lesson 07 against TensorFlow, against brute force, and where nothing is to be found."""

import dataclasses
import warnings

import numpy as np
import pytest

from labs.check import grade
from labs.checking import catalog
from labs.exercises import object_detection as lesson

NAMES = [
    name
    for name, entry in catalog.entries().items()
    if entry.module == "object_detection" and entry.kind == "exercise"
]
EXTRAS = {"encode_yolo", "make_anchors", "roi_max_pool"}


def _random_boxes(random, count, size=100.0, whole=False):
    start = random.uniform(0, size, (count, 2))
    boxes = np.concatenate([start, start + random.uniform(0, size / 3, (count, 2))], axis=1)
    return boxes.round() if whole else boxes


def test_lesson_has_what_was_agreed():
    assert NAMES == [
        "xywh_to_xyxy",
        "box_iou",
        "non_max_suppression",
        "average_precision",
        "mean_average_precision",
        "decode_yolo",
        "crop_objects",
        "encode_yolo",
        "make_anchors",
        "roi_max_pool",
    ]
    assert {name for name in NAMES if catalog.find(name).extra} == EXTRAS


@pytest.mark.parametrize("name", NAMES)
def test_neither_reference_nor_mistakes_warn(name):
    exercise = catalog.find(name)
    for function in (exercise.reference, *(one.function for one in exercise.mistakes)):
        for case in exercise.make_cases():
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                try:
                    function(**case)
                except (IndexError, ValueError):  # mistakes that fail, which is what they are there for
                    assert function is not exercise.reference


# ------------------------------------------------------------------------------------------- boxes


def test_corners_and_centers_are_each_others_way_back():
    random = np.random.default_rng(0)
    corners = _random_boxes(random, 200)
    centers = np.concatenate([(corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]], axis=1)
    np.testing.assert_allclose(lesson.xywh_to_xyxy(centers), corners, atol=1e-12)
    assert lesson.xywh_to_xyxy(np.zeros((0, 4))).shape == (0, 4)


def test_iou_equals_counted_pixels():
    random = np.random.default_rng(1)

    def drawn(count):
        ends = np.sort(random.integers(0, 16, (count, 2, 2)), axis=1)  # sides of 0 included
        return ends.reshape(count, 4)

    def pixels(box):
        canvas = np.zeros((16, 16), bool)
        canvas[box[1] : box[3], box[0] : box[2]] = True
        return canvas

    for _draw in range(30):
        a, b = drawn(9), drawn(7)
        counted = np.zeros((9, 7))
        for i, one in enumerate(map(pixels, a)):
            for j, two in enumerate(map(pixels, b)):
                counted[i, j] = (one & two).sum() / max(1, (one | two).sum())
        np.testing.assert_allclose(lesson.box_iou(a, b), counted, atol=1e-12)


def test_iou_where_there_is_nothing():
    none, box, point = np.zeros((0, 4)), np.array([[0, 0, 2, 2]]), np.array([[1, 1, 1, 1]])
    assert lesson.box_iou(none, box).shape == (0, 1)
    assert lesson.box_iou(box, none).shape == (1, 0)
    assert lesson.box_iou(none, none).shape == (0, 0)
    assert lesson.box_iou(point, point) == lesson.box_iou(point, box) == 0
    assert lesson.box_iou(box - 50, box - 50) == 1


# ------------------------------------------------------------------------------------- suppression


@pytest.mark.parametrize("whole", [False, True], ids=["any", "whole numbers, ties and boxes without area"])
@pytest.mark.parametrize("threshold", [0.0, 0.25, 0.5, 1.0])
def test_suppression_equals_tensorflow(whole, threshold):
    import tensorflow as tf

    for draw in range(20):
        random = np.random.default_rng([draw, whole])
        count = int(random.integers(1, 300))
        boxes = _random_boxes(random, count, size=12.0 if whole else 100.0, whole=whole).astype(np.float32)
        scores = random.normal(size=count).astype(np.float32)
        if whole:
            scores = scores.round(1)
        kept = tf.image.non_max_suppression(boxes[:, [1, 0, 3, 2]], scores, count, threshold).numpy()
        np.testing.assert_array_equal(lesson.non_max_suppression(boxes, scores, threshold), kept)


def test_suppression_of_thousands_equals_tensorflow():
    import tensorflow as tf

    random = np.random.default_rng(5)
    boxes = _random_boxes(random, 3000, size=400.0).astype(np.float32)
    scores = random.random(3000).astype(np.float32).round(2)
    kept = tf.image.non_max_suppression(boxes[:, [1, 0, 3, 2]], scores, 3000).numpy()
    np.testing.assert_array_equal(lesson.non_max_suppression(boxes, scores), kept)


def test_suppression_of_nothing():
    kept = lesson.non_max_suppression(np.zeros((0, 4)), np.zeros(0))
    assert kept.shape == (0,) and kept.dtype.kind == "i"


# --------------------------------------------------------------------------------- average precision


def _area(recall, precision):
    """The area under the envelope: for each height of recall, the best precision at it or beyond."""
    total, before = 0.0, 0.0
    for level in sorted(set(recall)):
        total += (level - before) * max(p for r, p in zip(recall, precision, strict=True) if r >= level)
        before = level
    return total


def _iou(one, two):
    width = min(one[2], two[2]) - max(one[0], two[0])
    height = min(one[3], two[3]) - max(one[1], two[1])
    if width <= 0 or height <= 0:
        return 0.0
    areas = [(box[2] - box[0]) * (box[3] - box[1]) for box in (one, two)]
    return width * height / (sum(areas) - width * height)


def _brute_force(truths, detections, threshold):
    """VOC's mean average precision, written with dicts and plain numbers only."""
    counts, free = {}, {}
    for image, (_boxes, labels) in enumerate(truths):
        for place, label in enumerate(labels):
            counts[label] = counts.get(label, 0) + 1
            free[image, place] = True
    areas = []
    for label, count in counts.items():
        found = []
        for image, (boxes, scores, labels) in enumerate(detections):
            for place in range(len(boxes)):
                if labels[place] == label:
                    found.append((-scores[place], image, place))
        found.sort()
        hits, recall, precision = 0, [], []
        for number, (_score, image, place) in enumerate(found, start=1):
            best, nearest = -1.0, None
            for other, (box, kind) in enumerate(zip(*truths[image], strict=True)):
                if kind == label and _iou(detections[image][0][place], box) > best:
                    best, nearest = _iou(detections[image][0][place], box), other
            if nearest is not None and best >= threshold and free[image, nearest]:
                free[image, nearest] = False
                hits += 1
            recall.append(hits / count)
            precision.append(hits / number)
        areas.append(_area(recall, precision))
    return sum(areas) / len(areas) if areas else 0.0


def _drawn_results(random):
    """Up to 8 images; many detections near a truth, some elsewhere, scores with ties, images without any."""
    truths, detections = [], []
    for _image in range(int(random.integers(1, 9))):
        boxes = _random_boxes(random, int(random.integers(0, 6)), size=40.0, whole=True)
        labels = random.integers(0, 3, len(boxes))
        count = int(random.integers(0, 10))
        guesses = _random_boxes(random, count, size=40.0, whole=True)
        kinds = random.integers(0, 4, count)  # class 3 never occurs in truths
        for place in range(count):
            if len(boxes) and random.random() < 0.8:
                near = int(random.integers(len(boxes)))
                guesses[place] = boxes[near] + random.integers(-1, 2, 4)
                kinds[place] = labels[near]
        guesses[:, 2:] = np.maximum(guesses[:, 2:], guesses[:, :2])
        truths.append((boxes, labels))
        detections.append((guesses, random.random(count).round(1), kinds))
    return truths, detections


def test_average_precision_equals_brute_force():
    random = np.random.default_rng(6)
    for _draw in range(300):
        right = random.random(int(random.integers(1, 30))) < 0.5
        hits = np.cumsum(right)
        recall, precision = (
            hits / max(1, right.sum() + random.integers(0, 5)),
            hits / np.arange(1, len(right) + 1),
        )
        assert lesson.average_precision(recall, precision) == pytest.approx(
            _area(recall, precision), abs=1e-12
        )


@pytest.mark.parametrize("threshold", [0.3, 0.5, 0.75])
def test_mean_average_precision_equals_brute_force(threshold):
    values = []
    for draw in range(150):
        truths, detections = _drawn_results(np.random.default_rng(draw))
        values.append(lesson.mean_average_precision(truths, detections, threshold))
        assert values[-1] == pytest.approx(_brute_force(truths, detections, threshold), abs=1e-12)
    assert np.std(values) > 0.1  # the draws are not all alike


def test_average_precision_where_there_is_nothing():
    none, box = np.zeros((0, 4)), np.array([[0.0, 0, 4, 4]])
    assert lesson.average_precision(np.zeros(0), np.zeros(0)) == 0.0
    assert lesson.mean_average_precision([], []) == 0.0
    assert lesson.mean_average_precision([([], [])], [([], [], [])]) == 0.0
    assert lesson.mean_average_precision([(none, [])], [(box, [0.9], [0])]) == 0.0
    assert lesson.mean_average_precision([(box, [0])], [(none, [], [])]) == 0.0
    assert lesson.mean_average_precision([(box, [0]), (none, [])], [(box, [0.9], [0]), ([], [], [])]) == 1.0


# --------------------------------------------------------------------------------------------- YOLO


@pytest.mark.parametrize("boxes_per_cell", [1, 2, 3])
@pytest.mark.parametrize("classes", [1, 4, 20])
@pytest.mark.parametrize("grid", [1, 3, 7])
def test_decoding_finds_what_was_encoded(grid, boxes_per_cell, classes):
    random = np.random.default_rng([grid, boxes_per_cell, classes])
    boxes, labels = random.random((12, 4)), random.integers(0, classes, 12)
    target = lesson.encode_yolo(boxes, labels, grid, boxes_per_cell, classes)
    assert target.shape == (grid, grid, 5 * boxes_per_cell + classes)
    first = {}
    for number, (x, y) in enumerate(boxes[:, :2]):
        first.setdefault((int(y * grid), int(x * grid)), number)
    kept = [first[cell] for cell in sorted(first)]
    found, scores, kinds = lesson.decode_yolo(target, classes)
    np.testing.assert_allclose(found, boxes[kept], atol=1e-12)
    np.testing.assert_array_equal(kinds, labels[kept])
    np.testing.assert_array_equal(scores, np.ones(len(kept)))


def test_centers_at_the_edge_survive_the_round_trip():
    boxes = np.array([[0.0, 0.0, 0.1, 0.1], [1.0, 1.0, 0.2, 0.2], [1.0, 0.0, 0.3, 0.3]])
    found, _scores, labels = lesson.decode_yolo(lesson.encode_yolo(boxes, [0, 1, 2]), 20)
    np.testing.assert_allclose(found, boxes[[0, 2, 1]])
    assert labels.tolist() == [0, 2, 1]


def test_decoding_nothing():
    boxes, scores, labels = lesson.decode_yolo(lesson.encode_yolo(np.zeros((0, 4)), []), 20)
    assert (boxes.shape, scores.shape, labels.shape) == ((0, 4), (0,), (0,))
    assert labels.dtype.kind == "i"


# ------------------------------------------------------------------------------ crops, anchors, RoIs


def test_crops_lie_in_the_image_wherever_the_box_lies():
    random = np.random.default_rng(8)
    image = np.arange(20 * 30).reshape(20, 30)
    boxes = np.sort(random.integers(-15, 45, (300, 2, 2)), axis=1).reshape(-1, 4)
    for crop, (x0, y0, x1, y1) in zip(lesson.crop_objects(image, boxes), boxes, strict=True):
        inside = [image[y, x] for y in range(max(y0, 0), min(y1, 20)) for x in range(max(x0, 0), min(x1, 30))]
        assert crop.ravel().tolist() == inside
    assert lesson.crop_objects(image, np.zeros((0, 4), int)) == []


def test_anchors_are_those_of_blazeface():
    anchors = np.concatenate([lesson.make_anchors(16, 2), lesson.make_anchors(8, 6)])
    assert anchors.shape == (896, 2)
    np.testing.assert_allclose(
        anchors[[0, 1, 2, 32, 512, -1]] * 32, [[1, 1], [1, 1], [3, 1], [1, 3], [2, 2], [30, 30]]
    )


def test_roi_pooling_without_remainder_is_max_pooling():
    import keras

    features = np.random.default_rng(9).normal(size=(12, 12, 5)).astype(np.float32)
    expected = keras.layers.MaxPooling2D((4, 3))(features[None, 2:10, 3:9])[0]
    np.testing.assert_array_equal(lesson.roi_max_pool(features, [3, 2, 9, 10]), expected)


# ---------------------------------------------------------------------------------------- challenge


@pytest.mark.parametrize(
    ("start", "asked", "outcome"),
    [(0.0, 0.4, "Met"), (0.0, 0.9, "Unmet"), (np.nan, 0.0, "Unmet")],
    ids=["far enough", "not far enough", "diverged"],
)
def test_localizer_is_measured_by_its_mean_iou(start, asked, outcome):
    import keras

    def build():
        fixed = dict(kernel_initializer="zeros", bias_initializer=keras.initializers.Constant(start))
        model = keras.Sequential(
            [keras.Input((64, 64, 3)), keras.layers.Flatten(), keras.layers.Dense(4, **fixed)]
        )
        model.add(keras.layers.Rescaling(0.0, [0.0, 0.0, 1.0, 0.5]))  # always the upper half
        model.compile("sgd", loss="mae")
        return model

    images = np.zeros((4, 64, 64, 3), np.float32)
    boxes = np.tile(np.array([0.0, 0.0, 1.0, 1.0], np.float32), (4, 1))
    examine = dataclasses.replace(
        catalog.find("build_localizer").examine,
        load=lambda: ((images, boxes), (images, boxes)),
        steps=1,
        asked=asked,
    )
    assert type(examine(build, lambda fraction: None)).__name__ == outcome


# ------------------------------------------------------------------------- answers written differently


def _iou_by_loops(a, b):
    return np.array([[_iou(one, two) for two in b] for one in a]).reshape(len(a), len(b))


def _suppression_by_removal(boxes, scores, iou_threshold=0.5):
    order, kept = list(np.argsort(-scores, kind="stable")), []
    while order:
        best = order.pop(0)
        kept.append(int(best))
        order = [other for other in order if _iou(boxes[best], boxes[other]) <= iou_threshold]
    return kept


def _suppression_by_tensorflow(boxes, scores, iou_threshold=0.5):
    import tensorflow as tf

    boxes = tf.reshape(tf.cast(boxes, tf.float32), (-1, 4))
    return tf.image.non_max_suppression(
        tf.gather(boxes, [1, 0, 3, 2], axis=1), tf.cast(scores, tf.float32), len(boxes), iou_threshold
    )


def _area_as_voc_does(recall, precision):
    recall = np.concatenate(([0.0], recall, [1.0]))
    precision = np.concatenate(([0.0], precision, [0.0]))
    for i in range(len(precision) - 1, 0, -1):
        precision[i - 1] = max(precision[i - 1], precision[i])
    i = np.where(recall[1:] != recall[:-1])[0]
    return np.sum((recall[i + 1] - recall[i]) * precision[i + 1])


def _decoding_at_once(prediction, classes, threshold=0.5):
    grid = prediction.shape[0]
    fives = prediction[..., :-classes].reshape(grid, grid, -1, 5)
    probabilities = prediction[..., -classes:]
    scores = fives[..., 4] * probabilities.max(-1)[..., None]
    rows, columns, places = np.nonzero(scores >= threshold)
    x, y, width, height, _confidence = fives[rows, columns, places].T
    boxes = np.stack([(x + columns) / grid, (y + rows) / grid, width, height], axis=1)
    return [boxes, scores[rows, columns, places], probabilities.argmax(-1)[rows, columns]]


def _crops_by_padding_free_loops(image, boxes):
    crops = []
    for box in boxes:
        x0, y0, x1, y1 = (max(0, int(value)) for value in box)
        crops.append(image[y0:y1, x0:x1].copy())
    return crops


def _anchors_by_meshgrid(grid, per_cell):
    middles = (np.arange(grid) + 0.5) / grid
    x, y = np.meshgrid(middles, middles)
    return np.repeat(np.stack([x, y], axis=-1).reshape(-1, 2), per_cell, axis=0)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("box_iou", _iou_by_loops),
        ("non_max_suppression", _suppression_by_removal),
        ("non_max_suppression", _suppression_by_tensorflow),
        ("average_precision", _area_as_voc_does),
        (
            "mean_average_precision",
            lambda truths, detections, iou_threshold=0.5: _brute_force(truths, detections, iou_threshold),
        ),
        ("decode_yolo", _decoding_at_once),
        ("crop_objects", _crops_by_padding_free_loops),
        ("make_anchors", _anchors_by_meshgrid),
    ],
)
def test_right_answers_written_differently_pass(name, answer):
    result = grade(name, answer)
    assert result.status == "passed", result.message
