"""Lesson 07's own side: COCO's measure against COCO's own code, proposals, targets, the loss."""

import keras
import numpy as np
import pytest

from labs import detection
from labs.scenes import Scenes

COUNT, CLASSES = 12, 3


def random_case(seed):
    """Truths and detections of several images: near misses, duplicates, wrong classes, images without either."""
    random = np.random.default_rng(seed)
    truths, detections = [], []
    for _image in range(COUNT):
        corner = random.uniform(0, 60, (random.integers(0, 5), 2))
        boxes = np.concatenate([corner, corner + random.uniform(5, 40, corner.shape)], axis=1)
        labels = random.integers(0, CLASSES, len(boxes))
        copies = np.repeat(np.arange(len(boxes)), random.integers(0, 4, len(boxes)))
        found = boxes[copies] + random.normal(0, 3, (len(copies), 4))
        found[:, 2:] = np.maximum(found[:, 2:], found[:, :2] + 1)
        kinds = np.where(random.random(len(copies)) < 0.8, labels[copies], random.integers(0, CLASSES + 1))
        truths.append((boxes, labels))
        detections.append((found, random.random(len(copies)).round(2), kinds))
    return truths, detections


def of_pycocotools(truths, detections, iou_thresholds):
    """COCO's own code on the same boxes."""
    from pycocotools import coco as tools
    from pycocotools import cocoeval as evaluation

    def wide(box):
        return [float(box[0]), float(box[1]), float(box[2] - box[0]), float(box[3] - box[1])]

    annotations = [
        dict(
            image_id=image,
            category_id=int(label),
            bbox=wide(box),
            area=wide(box)[2] * wide(box)[3],
            iscrowd=0,
        )
        for image, (boxes, labels) in enumerate(truths)
        for box, label in zip(boxes, labels, strict=True)
    ]
    truth = tools.COCO()
    truth.dataset = {
        "images": [{"id": image} for image in range(len(truths))],
        "categories": [{"id": label} for label in range(CLASSES + 1)],
        "annotations": [one | {"id": number} for number, one in enumerate(annotations, 1)],
    }
    truth.createIndex()
    found = truth.loadRes(
        [
            dict(image_id=image, category_id=int(label), bbox=wide(box), score=float(score))
            for image, part in enumerate(detections)
            for box, score, label in zip(*part, strict=True)
        ]
    )
    judge = evaluation.COCOeval(truth, found, "bbox")
    judge.params.iouThrs = np.array(iou_thresholds)
    judge.evaluate()
    judge.accumulate()
    precision = judge.eval["precision"][..., 0, -1]  # thresholds, recalls, classes
    return float(np.mean(precision[precision > -1]))


@pytest.mark.parametrize("seed", range(8))
def test_coco_measure_equals_pycocotools(seed):
    truths, detections = random_case(seed)
    for thresholds in (detection.COCO_THRESHOLDS, (0.5,), (0.75,)):
        own = detection.coco_mean_average_precision(truths, detections, thresholds)
        assert own == pytest.approx(of_pycocotools(truths, detections, thresholds), abs=1e-6)
        assert 0 < own < 1


def test_coco_measure_counts_at_most_100_detections_an_image():
    truths = [(np.array([[0, 0, 10, 10]]), np.array([0]))]
    boxes = np.repeat([[50, 50, 60, 60]], 100, axis=0)
    wrong = (np.vstack([boxes, [[0, 0, 10, 10]]]), np.append(np.full(100, 0.9), 0.5), np.zeros(101, int))
    assert detection.coco_mean_average_precision(truths, [wrong]) == 0
    fewer = tuple(part[1:] for part in wrong)
    assert detection.coco_mean_average_precision(truths, [fewer], (0.5,)) == pytest.approx(0.01)


def test_coco_takes_the_next_free_truth_where_voc_does_not():
    truths = [(np.array([[0, 0, 10, 10], [0, 0, 10, 12]]), np.array([0, 0]))]
    detections = [(np.array([[0, 0, 10, 10], [0, 0, 10, 10]]), np.array([0.9, 0.8]), np.array([0, 0]))]
    assert detection.coco_mean_average_precision(truths, detections, (0.5,)) == 1.0


def test_measures_of_nothing():
    nothing, no_scores = np.zeros((0, 4)), np.zeros(0)
    truth = [(np.array([[0, 0, 10, 10]]), np.array([1]))]
    none = [(nothing, no_scores, np.zeros(0, int))]
    assert detection.coco_mean_average_precision(truth, none) == 0
    assert np.isnan(detection.coco_mean_average_precision([(nothing, np.zeros(0, int))], none))
    recall, precision = detection.precision_recall(truth, none, 1)
    assert len(recall) == len(precision) == 0
    assert detection.voc_11_point(recall, precision) == 0


def test_overlaps_of_empty_flat_and_distant_boxes():
    square = [[0, 0, 10, 10]]
    assert detection.overlaps([], square).shape == (0, 1)
    assert detection.overlaps(square, np.zeros((0, 4))).shape == (1, 0)
    assert detection.overlaps([[5, 5, 5, 9]], [[5, 5, 5, 9]]) == 0
    assert detection.overlaps([[20, 20, 30, 30]], square) == 0
    assert detection.overlaps([[-5, 0, 5, 10]], square) == pytest.approx(1 / 3)  # partly outside the image


def test_11_points_of_a_curve_by_hand():
    # At recalls 0 to 0.5 the best precision is 1, at 0.6 to 1 it is 2/3.
    assert detection.voc_11_point([0.5, 0.5, 1.0], [1.0, 0.5, 2 / 3]) == pytest.approx((6 + 5 * 2 / 3) / 11)
    recall = np.arange(1, 11) / 10
    assert detection.voc_11_point(recall, np.ones(10)) == 1.0


def test_proposals_hold_a_thing_of_one_color():
    image = np.full((48, 60, 3), 200, np.uint8)
    image[12:36, 15:45] = (30, 90, 160)
    boxes = detection.propose(image, cells=12)
    assert boxes.shape == (2 * 12**2 - 1, 4)
    assert boxes[-1].tolist() == [0, 0, 60, 48]
    assert detection.overlaps([[15, 12, 45, 36]], boxes).max() == 1.0


def test_counted_model_counts_images():
    counted = detection.Counted(keras.Sequential([keras.Input((4,)), keras.layers.Dense(2)]))
    assert counted(np.zeros((3, 4), "float32")).shape == (3, 2)
    counted(np.zeros((2, 4), "float32"))
    assert counted.passes == 5


def small_scenes():
    """Two scenes of 64 pixels: two objects, and none."""
    return Scenes(
        images=np.zeros((2, 64, 64, 3), np.uint8),
        masks=np.zeros((2, 64, 64), np.uint8),
        instances=np.zeros((2, 64, 64), np.uint8),
        boxes=(np.array([[0, 0, 32, 16], [40, 40, 64, 64]]), np.zeros((0, 4), int)),
        labels=(np.array([1, 0]), np.zeros(0, int)),
        classes=("bird", "flower"),
    )


def test_targets_give_back_the_boxes():
    wanted = detection.targets(small_scenes(), grid=4)
    assert wanted.shape == (2, 4, 4, 7)
    assert not wanted[1].any()
    for row, column in np.argwhere(wanted[0, ..., 4] > 0):
        x, y, width, height, _here, *kind = wanted[0, row, column]
        center, sides = np.array([x + column, y + row]) * 16, np.array([width, height]) * 64
        box = [*(center - sides / 2), *(center + sides / 2)]
        assert box == pytest.approx([[40, 40, 64, 64], [0, 0, 32, 16]][int(np.argmax(kind))])
    assert {int(np.argmax(cell[5:])) for cell in wanted[0][wanted[0, ..., 4] > 0]} == {0, 1}
    only_centers = detection.targets(small_scenes(), grid=4, reach=0.0)
    assert only_centers[0, ..., 4].sum() == 2


def test_loss_is_least_for_the_truth_and_its_gradient_leads_there():
    import tensorflow as tf

    wanted = detection.targets(small_scenes(), grid=4)
    random = np.random.default_rng(0)
    guess = random.uniform(0.2, 0.8, wanted.shape).astype("float32")
    truth = tf.constant(wanted)
    perfect, poor = (float(detection.detection_loss(truth, tf.constant(one))) for one in (wanted, guess))
    assert perfect < 1e-3 < poor
    variable = tf.Variable(guess)
    for _step in range(300):
        with tf.GradientTape() as tape:
            loss = detection.detection_loss(truth, variable)
        variable.assign_sub(0.02 * tape.gradient(loss, variable))
    assert float(loss) < poor / 3
    assert np.isfinite(variable.numpy()).all()


def test_neck_and_head_fit_each_other():
    maps = [keras.Input((8, 8, 12)), keras.Input((4, 4, 20))]
    model = keras.Model(
        maps, detection.head(detection.neck(maps, filters=16), maps[1], classes=3, filters=16)
    )
    answer = model([np.ones((2, 8, 8, 12), "float32"), np.ones((2, 4, 4, 20), "float32")]).numpy()
    assert answer.shape == (2, 8, 8, 8)
    assert np.allclose(answer[..., 5:].sum(axis=-1), 1, atol=1e-5)
    assert np.all((answer[..., 2:5] >= 0) & (answer[..., 2:5] <= 1))
