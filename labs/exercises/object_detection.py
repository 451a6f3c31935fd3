"""Lesson 07 · What and where."""

import functools

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.localizer import LocalizerChallenge
from labs.checking.training import model_mistakes


def _boxes(*rows):
    """Boxes as an array (N, 4); without rows (0, 4)."""
    return np.array(rows, dtype=float).reshape(-1, 4)


def _random_boxes(count, size=40, seed=0):
    """Reproducible boxes xyxy of whole numbers, each with an area."""
    random = np.random.default_rng([seed, count])
    start = random.integers(0, size - 12, (count, 2))
    return np.concatenate([start, start + random.integers(4, 13, (count, 2))], axis=1)


# -------------------------------------------------------------------------------------- xywh_to_xyxy


@exercise(
    cases=[
        dict(boxes=np.array([[0.5, 0.5, 0.2, 0.4]])),
        dict(boxes=np.array([[10.0, 20.0, 4.0, 6.0], [30.0, 12.0, 8.0, 2.0], [5.0, 50.0, 10.0, 20.0]])),
        dict(boxes=np.array([[7, 9, 3, 5], [20, 10, 1, 8]])),
        dict(boxes=np.array([[1.0, 2.0, 6.0, 8.0], [60.0, 60.0, 0.0, 10.0]])),
        dict(boxes=np.zeros((0, 4))),
    ],
    hints=[
        "The center lies half a width from the left side, and half a width from the right side.",
        "Slices name the columns: boxes[:, :2] are the centers, boxes[:, 2:] the sizes.",
        "np.concatenate([centers - sizes / 2, centers + sizes / 2], axis=1).",
    ],
)
def xywh_to_xyxy(boxes):
    """Boxes from center and size to corners.

    Args:
        boxes: array (N, 4), integers or floats: center x, center y, width, height. N may be 0.

    Returns:
        float array (N, 4): x0, y0, x1, y1 (left, top, right, bottom; y points down), in the same unit.
        Half a pixel stays half a pixel, and a box that reaches out of the image is not cut off.
    """
    # BEGIN SOLUTION
    centers, sizes = boxes[:, :2], boxes[:, 2:]
    return np.concatenate([centers - sizes / 2, centers + sizes / 2], axis=1)
    # END SOLUTION


@xywh_to_xyxy.mistake("x and y are the center, not the top left corner: go half a size in both directions.")
def corner_for_center(boxes):
    return np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)


@xywh_to_xyxy.mistake("Half a width to the left and half to the right: divide the sizes by 2.")
def whole_size(boxes):
    return np.concatenate([boxes[:, :2] - boxes[:, 2:], boxes[:, :2] + boxes[:, 2:]], axis=1)


@xywh_to_xyxy.mistake("The order is x0, y0, x1, y1: first one corner, then the other.")
def axes_together(boxes):
    x, y, width, height = boxes.T
    return np.stack([x - width / 2, x + width / 2, y - height / 2, y + height / 2], axis=1)


@xywh_to_xyxy.mistake("The order is x before y: x0, y0, x1, y1.")
def y_first(boxes):
    x, y, width, height = boxes.T
    return np.stack([y - height / 2, x - width / 2, y + height / 2, x + width / 2], axis=1)


@xywh_to_xyxy.mistake("Width belongs to x, height to y; here they are exchanged.")
def sizes_exchanged(boxes):
    x, y, width, height = boxes.T
    return np.stack([x - height / 2, y - width / 2, x + height / 2, y + width / 2], axis=1)


@xywh_to_xyxy.mistake("// drops the half pixel of an odd size: divide with /.")
def half_dropped(boxes):
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] // 2, boxes[:, :2] + boxes[:, 2:] // 2], axis=1)


@xywh_to_xyxy.mistake("That is the way back, from corners to center and size.")
def way_back(boxes):
    return np.concatenate([(boxes[:, :2] + boxes[:, 2:]) / 2, boxes[:, 2:] - boxes[:, :2]], axis=1)


@xywh_to_xyxy.mistake("The box goes from x0 to x1 = x0 + width: the end is exclusive, nothing is subtracted.")
def inclusive_end(boxes):
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2 - 1], axis=1)


@xywh_to_xyxy.mistake("y points down: the top is y - height / 2, and it comes first.")
def y_points_up(boxes):
    x, y, width, height = boxes.T
    return np.stack([x - width / 2, y + height / 2, x + width / 2, y - height / 2], axis=1)


@xywh_to_xyxy.mistake("Do not cut off what lies outside the image: the box keeps its size.")
def cut_at_zero(boxes):
    return np.maximum(
        np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2], axis=1), 0
    )


@xywh_to_xyxy.mistake("Both corners are the same: add for the second, subtract for the first.")
def same_corner_twice(boxes):
    return np.concatenate([boxes[:, :2] + boxes[:, 2:] / 2] * 2, axis=1)


@xywh_to_xyxy.mistake("The parts are joined below each other: axis=1 puts the columns side by side.")
def joined_below(boxes):
    return np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, :2] + boxes[:, 2:] / 2])


# ------------------------------------------------------------------------------------------- box_iou


@exercise(
    cases=[
        dict(a=_boxes([0, 0, 10, 10]), b=_boxes([5, 5, 15, 15])),
        dict(
            a=_boxes([0, 0, 10, 10], [20, 20, 30, 24], [2, 0, 8, 30]),
            b=_boxes([0, 0, 10, 10], [4, 2, 6, 7]),
        ),
        dict(a=_boxes([0, 0, 4, 4], [0, 0, 20, 20]), b=_boxes([4, 0, 8, 4], [10, 9, 12, 14])),
        dict(a=_boxes([0.1, 0.2, 0.5, 0.6]), b=_boxes([0.3, 0.1, 0.7, 0.5], [0.6, 0.7, 0.9, 0.8])),
        dict(a=_boxes([0, 0, 10, 10]), b=_boxes([20, 2, 30, 8], [3, 15, 9, 30])),  # apart in one axis
        dict(a=_random_boxes(6, size=24), b=_random_boxes(4, size=24, seed=1)),
        dict(a=_boxes([-6, -4, 3, 5], [-20, -20, -10, -10]), b=_boxes([-8, 0, 2, 9], [0, 0, 3, 3])),
        dict(a=_boxes([5, 5, 5, 9], [2, 2, 2, 2]), b=_boxes([5, 5, 5, 9], [0, 0, 10, 10], [2, 2, 2, 2])),
        dict(a=np.zeros((0, 4)), b=_boxes([0, 0, 1, 1], [2, 2, 3, 3], [0, 0, 5, 5])),
        dict(a=_boxes([0, 0, 1, 1], [2, 2, 3, 3]), b=np.zeros((0, 4))),
    ],
    hints=[
        "The overlap begins at the larger of the two starts and ends at the smaller of the two ends.",
        "Where the end lies before the start there is no overlap: np.maximum(end - start, 0), for each axis.",
        "All pairs at once: a[:, None, :2] has shape (N, 1, 2), b[None, :, :2] has shape (1, M, 2).",
        "Union: area of a + area of b - intersection. Where it is 0, divide by 1 instead.",
    ],
)
def box_iou(a, b):
    """Intersection over union of every box of `a` with every box of `b`.

    Args:
        a: array (N, 4), integers or floats: x0, y0, x1, y1, with x0 ≤ x1 and y0 ≤ y1. The end is exclusive: a
            box is x1 - x0 wide. N may be 0. A box may lie anywhere, outside the image, too.
        b: array (M, 4), likewise.

    Returns:
        float array (N, M), from 0 to 1: row i is box i of `a`, column j is box j of `b`. A box without area
        has IoU 0 with every box, itself included (0/0 counts as 0).
    """
    # BEGIN SOLUTION
    start = np.maximum(a[:, None, :2], b[None, :, :2])
    end = np.minimum(a[:, None, 2:], b[None, :, 2:])
    intersection = np.prod(np.maximum(end - start, 0), axis=-1)
    area_a = np.prod(a[:, 2:] - a[:, :2], axis=-1)
    area_b = np.prod(b[:, 2:] - b[:, :2], axis=-1)
    union = area_a[:, None] + area_b[None, :] - intersection
    return intersection / np.where(union > 0, union, 1)
    # END SOLUTION


_right_iou = box_iou.reference  # while checking, the name box_iou means the answer
_ONE_LARGER = np.array([0, 0, 1, 1])


def _sides(a, b):
    """Overlap of every pair along x and y, (N, M, 2); negative where the boxes lie apart."""
    return np.minimum(a[:, None, 2:], b[None, :, 2:]) - np.maximum(a[:, None, :2], b[None, :, :2])


def _overlap(a, b):
    return np.maximum(_sides(a, b), 0).prod(axis=-1)


def _area(boxes):
    return (boxes[:, 2:] - boxes[:, :2]).prod(axis=-1)


def _over_union(a, b, intersection):
    """The mistakes below take another intersection."""
    return _ratio(intersection, _area(a)[:, None] + _area(b) - intersection)


def _ratio(part, whole):
    return part / np.where(whole != 0, whole, 1)


@box_iou.mistake(
    "Boxes that lie apart get a negative width or height: cut each off at 0 before you multiply."
)
def negative_overlap(a, b):
    return _over_union(a, b, _sides(a, b).prod(axis=-1))


@box_iou.mistake(
    "Two negative sides multiply to a positive area: cut width and height off at 0 first, then multiply."
)
def product_cut_off(a, b):
    return _over_union(a, b, np.maximum(_sides(a, b).prod(axis=-1), 0))


@box_iou.mistake("The intersection is counted twice in the union: subtract it once.")
def intersection_counted_twice(a, b):
    return _ratio(_overlap(a, b), _area(a)[:, None] + _area(b))


@box_iou.mistake("The end is exclusive: a box is x1 - x0 wide, without + 1.")
def inclusive_ends(a, b):
    one, two = a + _ONE_LARGER, b + _ONE_LARGER
    return _over_union(one, two, _overlap(one, two))


@box_iou.mistake("The overlap has + 1, the areas do not. The end is exclusive: no + 1 anywhere.")
def inclusive_overlap(a, b):
    return _over_union(a, b, np.maximum(_sides(a, b) + 1, 0).prod(axis=-1))


@box_iou.mistake("Rows and columns are exchanged: row i belongs to box i of a.")
def rows_and_columns(a, b):
    return _over_union(b, a, _overlap(b, a))


@box_iou.mistake("Every box of a meets every box of b: put in axes, a[:, None] and b[None, :].")
def pairs_only(a, b):
    intersection = np.maximum(np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2]), 0).prod(-1)
    return _ratio(intersection, _area(a) + _area(b) - intersection)


@box_iou.mistake("Divide by the union of the two, not by the area of the smaller box.")
def over_smaller(a, b):
    return _ratio(_overlap(a, b), np.minimum(_area(a)[:, None], _area(b)))


@box_iou.mistake("Divide by the union of the two, not by the area of the box of a.")
def over_first(a, b):
    return _ratio(_overlap(a, b), np.repeat(_area(a)[:, None], len(b), axis=1))


@box_iou.mistake("Divide by the union of the two, not by the area of the box of b.")
def over_second(a, b):
    return _ratio(_overlap(a, b), np.repeat(_area(b)[None], len(a), axis=0))


@box_iou.mistake("x1 and y1 are a corner, not width and height.")
def sizes_for_corners(a, b):
    return _right_iou(
        np.concatenate([a[:, :2], a[:, :2] + a[:, 2:]], axis=1),
        np.concatenate([b[:, :2], b[:, :2] + b[:, 2:]], axis=1),
    )


@box_iou.mistake("These boxes are corners already. Do not change them from center and size again.")
def centers_for_corners(a, b):
    return _right_iou(xywh_to_xyxy(a), xywh_to_xyxy(b))


@box_iou.mistake(
    "The overlap begins at the larger start and ends at the smaller end; here it is the reverse."
)
def box_around_both(a, b):
    around = np.maximum(a[:, None, 2:], b[None, :, 2:]) - np.minimum(a[:, None, :2], b[None, :, :2])
    return _over_union(a, b, around.prod(axis=-1))


@box_iou.mistake("The union is not the box around both: it is the sum of the areas minus the intersection.")
def over_box_around_both(a, b):
    around = np.maximum(a[:, None, 2:], b[None, :, 2:]) - np.minimum(a[:, None, :2], b[None, :, :2])
    return _ratio(_overlap(a, b), around.prod(axis=-1))


@box_iou.mistake("That is Dice, twice the intersection over the sum of the areas. IoU divides by the union.")
def dice_for_iou(a, b):
    return _ratio(2 * _overlap(a, b), _area(a)[:, None] + _area(b))


@box_iou.mistake("Two boxes without area give 0/0, which is NaN: where the union is 0, divide by 1 instead.")
def nan_without_area(a, b):
    union = _area(a)[:, None] + _area(b) - _overlap(a, b)
    return np.where(union == 0, np.nan, _ratio(_overlap(a, b), union))


@box_iou.mistake("A box without area has IoU 0, with itself too: 0/0 counts as 0 here.")
def one_without_area(a, b):
    union = _area(a)[:, None] + _area(b) - _overlap(a, b)
    return np.where(union == 0, 1.0, _ratio(_overlap(a, b), union))


@box_iou.mistake(
    "Where a has no boxes the shape is still (0, M): begin with np.zeros((len(a), len(b))) and fill it."
)
def shape_lost_without_boxes(a, b):
    return [list(row) for row in _right_iou(a, b)]


@box_iou.mistake("That is the intersection alone. Divide it by the union.")
def intersection_alone(a, b):
    return _overlap(a, b)


@box_iou.mistake("// drops the fraction: divide with /.")
def fraction_of_iou_dropped(a, b):
    intersection = _overlap(a, b)
    union = _area(a)[:, None] + _area(b) - intersection
    return intersection // np.where(union > 0, union, 1)


# ------------------------------------------------------------------------------- non_max_suppression


_CHAIN = _boxes([0, 0, 10, 10], [4, 0, 14, 10], [8, 0, 18, 10], [30, 30, 40, 40])


@exercise(
    cases=[
        dict(
            boxes=_boxes([50, 50, 60, 60], [1, 1, 11, 11], [0, 0, 10, 10]),
            scores=np.array([0.6, 0.7, 0.9]),
        ),
        dict(boxes=_CHAIN, scores=np.array([0.9, 0.8, 0.7, 0.1]), iou_threshold=0.3),
        dict(boxes=_CHAIN, scores=np.array([0.2, 0.5, 0.9, 0.4]), iou_threshold=0.3),
        dict(
            boxes=_boxes([0, 0, 10, 5], [0, 0, 10, 10], [0, 5, 10, 10]),
            scores=np.array([0.8, 0.9, 0.3]),
        ),
        dict(
            boxes=_boxes([5, 5, 9, 9], [20, 20, 24, 24], [5, 5, 9, 9], [20, 20, 24, 24], [0, 0, 2, 2]),
            scores=np.array([0.5, 0.5, 0.5, 0.8, 0.5]),
        ),
        dict(
            boxes=_random_boxes(14, size=26).astype(float),
            scores=np.random.default_rng(3).permutation(14) / 14,
            iou_threshold=0.2,
        ),
        dict(boxes=_boxes([3, 3, 3, 3], [3, 3, 3, 3], [0, 0, 9, 9]), scores=np.array([-0.1, 0.0, -2.0])),
        dict(boxes=_boxes([0, 0, 4, 4], [4, 0, 8, 4]), scores=np.array([0.2, 0.4]), iou_threshold=0.0),
        dict(boxes=_boxes([1, 2, 3, 4]), scores=np.array([0.3])),
        dict(boxes=np.zeros((0, 4)), scores=np.zeros(0)),
    ],
    hints=[
        "Go through the boxes from the best score to the worst. What must hold for a box to be kept?",
        "Compare each box with the kept ones only: a dropped box drops no other.",
        'The order: np.argsort(-scores, kind="stable"). "stable" keeps equal scores in their order.',
        "box_iou(boxes[[candidate]], boxes[kept]) gives the IoU with all the kept ones at once.",
    ],
)
def non_max_suppression(boxes, scores, iou_threshold=0.5):
    """Keep the best of the boxes that lie on the same object.

    Goes from the best score to the worst, and drops a box whose IoU with a box already kept is larger than
    the threshold. An IoU equal to the threshold drops nothing; a dropped box drops no other.

    Args:
        boxes: float array (N, 4), x0, y0, x1, y1. N may be 0.
        scores: float array (N,), of any sign. Of equal scores the lower index comes first.
        iou_threshold: float from 0 to 1.

    Returns:
        int array or list: the indices of the kept boxes, the best first; empty where N is 0.
    """
    # BEGIN SOLUTION
    kept = []
    for candidate in np.argsort(-scores, kind="stable"):
        overlaps = box_iou(boxes[[candidate]], boxes[kept])
        if np.all(overlaps <= iou_threshold):
            kept.append(candidate)
    return np.array(kept, dtype=int)
    # END SOLUTION


_right_suppression = non_max_suppression.reference


def _falling(scores):
    return np.argsort(-scores, kind="stable")


def _suppress(boxes, order, keeps):
    """Indices kept in the given order, where `keeps(IoUs with the kept ones)` holds."""
    kept = []
    for candidate in order:
        if not kept or keeps(box_iou(boxes[[candidate]], boxes[kept])[0]):
            kept.append(candidate)
    return np.array(kept, dtype=int)


@non_max_suppression.mistake(
    "It keeps the boxes that overlap and drops the others: drop what lies above the threshold."
)
def drops_below(boxes, scores, iou_threshold=0.5):
    return _suppress(boxes, _falling(scores), lambda overlaps: np.all(overlaps > iou_threshold))


@non_max_suppression.mistake("Drop only what overlaps by more than the threshold: > and not >=.")
def drops_at_threshold(boxes, scores, iou_threshold=0.5):
    return _suppress(boxes, _falling(scores), lambda overlaps: np.all(overlaps < iou_threshold))


@non_max_suppression.mistake("The boxes are taken in the order of the array. Sort them by score first.")
def scores_not_sorted(boxes, scores, iou_threshold=0.5):
    return _suppress(boxes, range(len(boxes)), lambda overlaps: np.all(overlaps <= iou_threshold))


@non_max_suppression.mistake("np.argsort sorts upward, so the worst comes first. Sort by -scores.")
def worst_first(boxes, scores, iou_threshold=0.5):
    order = np.argsort(scores, kind="stable")
    return _suppress(boxes, order, lambda overlaps: np.all(overlaps <= iou_threshold))


@non_max_suppression.mistake(
    "Of equal scores the lower index comes first; [::-1] turns them around, too. Sort by -scores."
)
def ties_turned_around(boxes, scores, iou_threshold=0.5):
    order = np.argsort(scores, kind="stable")[::-1]
    return _suppress(boxes, order, lambda overlaps: np.all(overlaps <= iou_threshold))


@non_max_suppression.mistake("Return the indices of the kept boxes, not the boxes.")
def boxes_returned(boxes, scores, iou_threshold=0.5):
    return boxes[_right_suppression(boxes, scores, iou_threshold)]


@non_max_suppression.mistake("Return the indices of the kept boxes, not their scores.")
def scores_returned(boxes, scores, iou_threshold=0.5):
    return scores[_right_suppression(boxes, scores, iou_threshold)]


@non_max_suppression.mistake("Return indices, the best first, not a mask of True and False.")
def mask_returned(boxes, scores, iou_threshold=0.5):
    return np.isin(np.arange(len(boxes)), _right_suppression(boxes, scores, iou_threshold))


@non_max_suppression.mistake("The right boxes, in the order of the array: the best comes first.")
def kept_in_array_order(boxes, scores, iou_threshold=0.5):
    return np.sort(_right_suppression(boxes, scores, iou_threshold))


@non_max_suppression.mistake("The right boxes, the worst first: the best comes first.")
def best_kept_last(boxes, scores, iou_threshold=0.5):
    return _right_suppression(boxes, scores, iou_threshold)[::-1]


@non_max_suppression.mistake(
    "These are positions among the sorted boxes. Return the indices in the array as it was given."
)
def positions_among_sorted(boxes, scores, iou_threshold=0.5):
    return _suppress(
        boxes[_falling(scores)], range(len(boxes)), lambda overlaps: np.all(overlaps <= iou_threshold)
    )


@non_max_suppression.mistake(
    "A dropped box drops others here. Compare with the kept boxes only, not with all better ones."
)
def dropped_boxes_drop(boxes, scores, iou_threshold=0.5):
    order = _falling(scores)
    overlaps = np.triu(box_iou(boxes[order], boxes[order]), k=1)
    return order[np.all(overlaps <= iou_threshold, axis=0)]


@non_max_suppression.mistake("Compare with every kept box, not with the last one only.")
def last_kept_only(boxes, scores, iou_threshold=0.5):
    return _suppress(boxes, _falling(scores), lambda overlaps: overlaps[-1] <= iou_threshold)


@non_max_suppression.mistake("Compare with every kept box, not with the very best only.")
def best_only_compares(boxes, scores, iou_threshold=0.5):
    return _suppress(boxes, _falling(scores), lambda overlaps: overlaps[0] <= iou_threshold)


@non_max_suppression.mistake(
    "A box is dropped as soon as it overlaps one kept box too much, not only when it overlaps all of them."
)
def all_must_overlap(boxes, scores, iou_threshold=0.5):
    return _suppress(boxes, _falling(scores), lambda overlaps: np.any(overlaps <= iou_threshold))


@non_max_suppression.mistake("The threshold is fixed to 0.5: use iou_threshold.")
def fixed_threshold(boxes, scores, iou_threshold=0.5):
    return _suppress(boxes, _falling(scores), lambda overlaps: np.all(overlaps <= 0.5))


@non_max_suppression.mistake("The threshold is for the IoU. No box is dropped because of its score.")
def threshold_for_scores(boxes, scores, iou_threshold=0.5):
    kept = _right_suppression(boxes, scores, iou_threshold)
    return kept[scores[kept] >= iou_threshold]


@non_max_suppression.mistake("Only the best box comes back: other objects have boxes, too.")
def best_box_only(boxes, scores, iou_threshold=0.5):
    return _falling(scores)[:1]


@non_max_suppression.mistake("Without any boxes there is no best one: return an empty result then.")
def fails_without_boxes(boxes, scores, iou_threshold=0.5):
    if len(boxes) == 0:
        raise IndexError("index 0 is out of bounds for axis 0 with size 0")
    return _right_suppression(boxes, scores, iou_threshold)


# --------------------------------------------------------------------------------- average_precision


@exercise(
    cases=[
        dict(recall=np.array([0.5, 0.5, 1.0]), precision=np.array([1.0, 0.5, 2 / 3])),
        dict(recall=np.array([0.5, 1.0]), precision=np.array([1.0, 1.0])),
        dict(
            recall=np.array([0.2, 0.2, 0.4, 0.4, 0.4, 0.6, 0.8]),
            precision=np.array([1.0, 0.5, 2 / 3, 0.5, 0.4, 0.5, 4 / 7]),
        ),
        dict(
            recall=np.array([0.0, 0.25, 0.25, 0.5, 0.5]),
            precision=np.array([0.0, 0.5, 1 / 3, 0.5, 0.4]),
        ),
        dict(recall=np.array([0.0, 0.0]), precision=np.array([0.0, 0.0])),
        dict(recall=np.array([0.3]), precision=np.array([1.0])),
        dict(  # the largest lies several places to the right
            recall=np.array([0.1, 0.2, 0.3, 0.4, 0.5]),
            precision=np.array([0.3, 0.4, 0.2, 0.5, 0.7]),
        ),
        dict(recall=np.arange(1, 8) / 7, precision=np.array([0.9, 0.8, 0.85, 0.6, 0.4, 0.45, 0.3])),
        dict(recall=np.zeros(0), precision=np.zeros(0)),
    ],
    hints=[
        "First the envelope: each precision becomes the largest one from there on, to the right.",
        "From the right: np.maximum.accumulate(precision[::-1])[::-1].",
        "Then rectangles: the width is the step of the recall, the first step begins at 0; the height is the "
        "envelope at the end of the step.",
        "np.diff(recall, prepend=0) gives the steps.",
    ],
)
def average_precision(recall, precision):
    """The area under the curve of precision over recall, all points (Pascal VOC from 2010 on).

    Args:
        recall: float array (N,), non-decreasing, from 0 to 1: the recall after the first, the second, ...
            detection. The curve starts at recall 0, which is not among the numbers. N may be 0.
        precision: float array (N,), the precision after the same detections.

    Returns:
        float: first each precision becomes the largest one at its place or to the right of it; then the sum
        of step of the recall × precision at the end of the step. Recall that is never reached adds nothing.
        0.0 where N is 0.
    """
    # BEGIN SOLUTION
    envelope = np.maximum.accumulate(precision[::-1])[::-1]
    steps = np.diff(recall, prepend=0)
    return float(np.sum(steps * envelope))
    # END SOLUTION


_right_precision = average_precision.reference


def _envelope(precision):
    return np.maximum.accumulate(precision[::-1])[::-1]


def _eleven_points(recall, precision, points=11):
    """Mean over equally spaced recalls of the largest precision at that recall or beyond."""
    levels = np.linspace(0, 1, points)
    return float(np.mean([max(precision[recall >= level - 1e-9], default=0.0) for level in levels]))


@average_precision.mistake(
    "The precision goes up and down. First make it the largest one from each place to the right."
)
def no_envelope(recall, precision):
    return np.sum(np.diff(recall, prepend=0) * precision)


@average_precision.mistake("These are rectangles, not trapezoids, and the first one begins at recall 0.")
def trapezoids(recall, precision):
    return np.trapezoid(precision, recall)


@average_precision.mistake("The envelope is made of rectangles: no trapezoids, no slopes between the points.")
def trapezoids_of_envelope(recall, precision):
    return np.trapezoid(_envelope(precision), recall)


@average_precision.mistake(
    "No trapezoids: the height of a step is the precision at its end, not the mean of both ends."
)
def trapezoids_from_zero(recall, precision):
    if len(recall) == 0:
        return 0.0
    envelope = _envelope(precision)
    return np.trapezoid([envelope[0], *envelope], [0, *recall])


@average_precision.mistake("That is VOC's older rule with 11 recalls. Use every point of the curve.")
def eleven_points(recall, precision):
    return _eleven_points(recall, precision)


@average_precision.mistake("That is COCO's rule with 101 recalls. Use every point of the curve.")
def coco_points(recall, precision):
    return _eleven_points(recall, precision, points=101)


@average_precision.mistake("The envelope comes from the right: the largest precision there or later.")
def envelope_from_the_left(recall, precision):
    return np.sum(np.diff(recall, prepend=0) * np.maximum.accumulate(precision))


@average_precision.mistake("The envelope takes the largest precision to the right, not the smallest.")
def smallest_to_the_right(recall, precision):
    return np.sum(np.diff(recall, prepend=0) * np.minimum.accumulate(precision[::-1])[::-1])


@average_precision.mistake("The first step is missing: it goes from recall 0 to the first recall.")
def first_step_missing(recall, precision):
    return np.sum(np.diff(recall) * _envelope(precision)[1:])


@average_precision.mistake("The height of a step is the precision at its end, not at its start.")
def height_at_the_start(recall, precision):
    return np.sum(np.diff(recall) * _envelope(precision)[:-1])


@average_precision.mistake(
    "Average over the recall, not over the detections: weigh by the steps of the recall."
)
def mean_of_precision(recall, precision):
    return precision.mean() if len(precision) else 0.0


@average_precision.mistake("The envelope is right. Now weigh each place by its step of the recall.")
def mean_of_envelope(recall, precision):
    return _envelope(precision).mean() if len(precision) else 0.0


@average_precision.mistake("Recall that is never reached adds nothing: do not go on to recall 1.")
def extended_to_one(recall, precision):
    if len(recall) == 0:
        return 0.0
    return np.sum(np.diff(recall, prepend=0) * _envelope(precision)) + (1 - recall[-1]) * precision[-1]


@average_precision.mistake("Do not divide by the recall that was reached: what is missed lowers the area.")
def divided_by_last_recall(recall, precision):
    area = np.sum(np.diff(recall, prepend=0) * _envelope(precision))
    return area / recall[-1] if len(recall) and recall[-1] else 0.0


@average_precision.mistake("Recall and precision are exchanged: the steps are those of the recall.")
def recall_for_precision(recall, precision):
    return np.sum(np.diff(precision, prepend=0) * _envelope(recall))


@average_precision.mistake("Without any detections the result is 0.0; your function fails there.")
def fails_without_detections(recall, precision):
    if len(recall) == 0:
        raise IndexError("index 0 is out of bounds for axis 0 with size 0")
    return _right_precision(recall, precision)


@average_precision.mistake("Without any detections nothing is found: 0.0, not 1 and not NaN.")
def nan_without_detections(recall, precision):
    return _right_precision(recall, precision) if len(recall) else np.nan


# ---------------------------------------------------------------------------- mean_average_precision


def _truth(*rows):
    """One image: rows of x0, y0, x1, y1, label."""
    return _boxes(*[row[:4] for row in rows]), np.array([row[4] for row in rows], dtype=int)


def _found(*rows):
    """One image: rows of x0, y0, x1, y1, score, label."""
    scores = np.array([row[4] for row in rows], dtype=float)
    return _boxes(*[row[:4] for row in rows]), scores, np.array([row[5] for row in rows], dtype=int)


def _random_results(images, classes, seed):
    """Truths, and detections that lie more or less on them, with some wrong, doubled and missing."""
    random = np.random.default_rng([seed, images, classes])
    truths, detections = [], []
    for _image in range(images):
        boxes = _random_boxes(int(random.integers(1, 5)), seed=int(random.integers(1000)))
        labels = random.integers(0, classes, len(boxes))
        sources = random.integers(0, len(boxes), 2 * len(boxes))
        moved = boxes[sources] + random.integers(-2, 3, (len(sources), 4))
        guesses = np.where(random.random(len(sources)) < 0.8, labels[sources], 0)
        truths.append((boxes, labels))
        detections.append((moved, random.random(len(sources)).round(1), guesses))
    return dict(truths=truths, detections=detections)


@exercise(
    cases=lambda: [
        dict(
            truths=[_truth([0, 0, 10, 10, 0], [20, 20, 30, 30, 1])],
            detections=[_found([0, 0, 10, 9, 0.9, 0], [20, 20, 30, 28, 0.8, 1], [40, 40, 50, 50, 0.7, 1])],
        ),
        dict(  # the same object twice, then another
            truths=[_truth([0, 0, 10, 10, 3], [30, 0, 40, 10, 3])],
            detections=[
                _found([0, 0, 10, 10, 0.9, 3], [1, 0, 10, 10, 0.8, 3], [30, 0, 40, 10, 0.7, 3]),
            ],
        ),
        dict(  # two detections nearest to the same truth; the second overlaps the other truth, too
            truths=[_truth([0, 0, 10, 10, 0], [0, 4, 10, 14, 0])],
            detections=[_found([0, 0, 10, 10, 0.6, 0], [0, 1, 10, 11, 0.9, 0], [0, 2, 10, 12, 0.3, 0])],
            iou_threshold=0.4,
        ),
        dict(  # the first truth fits, the second fits better
            truths=[_truth([0, 4, 10, 14, 2], [0, 0, 10, 10, 2])],
            detections=[_found([0, 1, 10, 11, 0.9, 2], [0, 0, 10, 8, 0.5, 2])],
        ),
        dict(  # an IoU equal to the threshold; so large that a 1e-9 in the divisor does not change it
            truths=[_truth([0, 0, 1e6, 1e6, 0])],
            detections=[_found([0, 0, 1e6, 5e5, 0.9, 0])],
        ),
        dict(  # a detection below the threshold must not take the truth
            truths=[_truth([0, 0, 10, 10, 1])],
            detections=[_found([0, 0, 10, 4, 0.9, 1], [0, 0, 10, 9, 0.5, 1])],
        ),
        dict(  # classes in truths only (5), in detections only (2); images without truths or detections
            truths=[
                _truth([0, 0, 8, 8, 1], [10, 10, 20, 20, 5]),
                _truth(),
                ([], []),
                _truth([0, 0, 8, 8, 1]),
                _truth([0, 0, 8, 8, 1]),
            ],
            detections=[
                _found([0, 0, 8, 8, 0.4, 1], [10, 10, 20, 20, 0.9, 2]),
                _found([0, 0, 8, 8, 0.6, 1]),
                _found(),
                ([], [], []),
                _found([0, 0, 8, 8, 0.3, 1]),
            ],
        ),
        dict(  # equal scores: image by image, in the order of the arrays
            truths=[_truth([0, 0, 8, 8, 0], [20, 0, 28, 8, 0]), _truth([0, 0, 8, 8, 0])],
            detections=[
                _found([0, 0, 8, 8, 0.5, 0], [50, 0, 58, 8, 0.5, 0], [20, 0, 28, 8, 0.5, 0]),
                _found([30, 0, 38, 8, 0.5, 0], [0, 0, 8, 8, 0.7, 0]),
            ],
        ),
        dict(  # the right box with the wrong class, and the right class in the wrong image
            truths=[_truth([0, 0, 10, 10, 0], [1, 0, 11, 10, 1]), _truth([30, 30, 40, 40, 1])],
            detections=[
                _found([1, 0, 11, 10, 0.9, 0], [0, 0, 10, 10, 0.3, 1], [30, 30, 40, 40, 0.8, 1]),
                _found([0, 0, 10, 10, 0.7, 0]),
            ],
        ),
        dict(**_random_results(6, 3, seed=1)),
        dict(**_random_results(5, 2, seed=2), iou_threshold=0.7),
        dict(**_random_results(4, 1, seed=3), iou_threshold=0.3),
        dict(truths=[_truth([0, 0, 8, 8, 0]), _truth()], detections=[_found(), _found()]),
        dict(truths=[_truth(), _truth()], detections=[_found([0, 0, 8, 8, 0.9, 0]), _found()]),
    ],
    hints=[
        "One class at a time: count its truths, collect its detections from all images as (score, image, "
        "box), and sort them by falling score.",
        "A detection belongs to the truth of its class and image with the largest IoU. It is right when "
        "that IoU reaches the threshold and no earlier detection has taken this truth.",
        "count = np.cumsum(right): recall is count / truths, precision is count / np.arange(1, len(right) + "
        "1).",
        "average_precision(recall, precision) for each class that occurs in the truths, and then the mean.",
    ],
)
def mean_average_precision(truths, detections, iou_threshold=0.5):
    """Mean average precision with the matching of Pascal VOC.

    For each class: its detections of all images together, by falling score. Each belongs to the truth of its
    class in its image with the largest IoU (the first of equal ones), taken or not. It is right when that IoU
    is at least the threshold and the truth is still free; the truth is then taken. Everything else is wrong.

    Args:
        truths: list with one pair (boxes, labels) an image: arrays (n, 4) xyxy and (n,) of ints.
        detections: list of the same length with one triple (boxes, scores, labels) an image: arrays (m, 4),
            (m,) and (m,). Equal scores keep their order: image by image, then as in the arrays. An image
            without truths or without detections has arrays of length 0, or empty lists.
        iou_threshold: float above 0.

    Returns:
        float: the mean of the classes' average precisions (all points), over the classes that occur in the
        truths. A class that is never detected counts as 0; one that occurs in detections only is left out.
        0.0 where there are no truths at all.
    """
    # BEGIN SOLUTION
    precisions = []
    for wanted in np.unique([label for _unused, labels in truths for label in labels]):
        real, found = [], []
        for image, (boxes, scores, labels) in enumerate(detections):
            real.append(np.array([box for box, label in zip(*truths[image], strict=True) if label == wanted]))
            for box, score, label in zip(boxes, scores, labels, strict=True):
                if label == wanted:
                    found.append((score, image, box))
        right, taken = [], set()
        for _score, image, box in sorted(found, key=lambda one: -one[0]):
            right.append(False)
            if len(real[image]) > 0:
                overlaps = box_iou(np.array([box]), real[image])[0]
                best = np.argmax(overlaps)
                if overlaps[best] >= iou_threshold and (image, best) not in taken:
                    right[-1] = True
                    taken.add((image, best))
        count = np.cumsum(right)
        recall = count / sum(len(boxes) for boxes in real)
        precisions.append(average_precision(recall, count / np.arange(1, len(right) + 1)))
    return float(np.mean(precisions)) if precisions else 0.0
    # END SOLUTION


_right_mean = mean_average_precision.reference


def _class_names(truths):
    return sorted({int(label) for _unused, labels in truths for label in labels})


def _of_class(truths, detections, wanted):
    """The boxes of a class in each image, and its detections as (score, image, box)."""
    real = [_boxes(*[box for box, label in zip(*one, strict=True) if label == wanted]) for one in truths]
    found = [
        (score, image, box)
        for image, one in enumerate(detections)
        for box, score, label in zip(*one, strict=True)
        if label == wanted
    ]
    return real, found


def _is_right(box, boxes, taken, iou_threshold):
    """VOC's matching for one detection; `taken` are positions, the new one is added."""
    overlaps = box_iou(np.array([box]), boxes)[0]
    best = int(np.argmax(overlaps)) if len(boxes) else None
    if best is None or overlaps[best] < iou_threshold or best in taken:
        return False
    taken.add(best)
    return True


def _class_precision(real, found, iou_threshold, order=None, match=_is_right, area=average_precision):
    """Average precision of one class, with what a mistake exchanges."""
    found = (order or _by_falling_score)(found)
    taken = [set() for _image in real]
    right = [match(box, real[image], taken[image], iou_threshold) for _score, image, box in found]
    right = np.array([one for one in right if one is not None], dtype=float)
    count = np.cumsum(right)
    return area(count / max(1, sum(map(len, real))), count / np.arange(1, len(right) + 1))


def _by_falling_score(found):
    return sorted(found, key=lambda one: -one[0])


def _mean(values):
    values = list(values)
    return float(np.mean(values)) if values else 0.0


def _mean_of_classes(truths, detections, iou_threshold, **changes):
    return _mean(
        _class_precision(*_of_class(truths, detections, wanted), iou_threshold, **changes)
        for wanted in _class_names(truths)
    )


@mean_average_precision.mistake(
    "A second detection of the same object counts as right here. A truth can be found once; the rest is "
    "wrong."
)
def duplicates_right(truths, detections, iou_threshold=0.5):
    def match(box, boxes, taken, threshold):
        return _is_right(box, boxes, set(), threshold)

    return _mean_of_classes(truths, detections, iou_threshold, match=match)


@mean_average_precision.mistake("A second detection of an object is wrong. Here it is not counted at all.")
def duplicates_left_out(truths, detections, iou_threshold=0.5):
    def match(box, boxes, taken, threshold):
        if _is_right(box, boxes, taken, threshold):
            return True
        return None if _is_right(box, boxes, set(), threshold) else False

    return _mean_of_classes(truths, detections, iou_threshold, match=match)


@mean_average_precision.mistake(
    "That is COCO's matching: the best truth that is still free. VOC takes the best of all, and it must be "
    "free."
)
def next_free_truth(truths, detections, iou_threshold=0.5):
    def match(box, boxes, taken, threshold):
        overlaps = box_iou(np.array([box]), boxes)[0]
        free = [place for place in range(len(boxes)) if place not in taken]
        best = max(free, key=lambda place: overlaps[place], default=None)
        if best is None or overlaps[best] < threshold:
            return False
        taken.add(best)
        return True

    return _mean_of_classes(truths, detections, iou_threshold, match=match)


@mean_average_precision.mistake(
    "Take the truth with the largest IoU, not the first one that reaches the threshold."
)
def first_truth_that_fits(truths, detections, iou_threshold=0.5):
    def match(box, boxes, taken, threshold):
        for place, overlap in enumerate(box_iou(np.array([box]), boxes)[0]):
            if overlap >= threshold and place not in taken:
                taken.add(place)
                return True
        return False

    return _mean_of_classes(truths, detections, iou_threshold, match=match)


@mean_average_precision.mistake("An IoU equal to the threshold is right: >= and not >.")
def above_threshold_only(truths, detections, iou_threshold=0.5):
    return _mean_of_classes(truths, detections, iou_threshold + 1e-9)


@mean_average_precision.mistake(
    "A detection below the threshold does not take the truth: only a right one does."
)
def taken_below_threshold(truths, detections, iou_threshold=0.5):
    def match(box, boxes, taken, threshold):
        overlaps = box_iou(np.array([box]), boxes)[0]
        if not np.any(overlaps > 0) or int(np.argmax(overlaps)) in taken:
            return False
        taken.add(int(np.argmax(overlaps)))
        return overlaps.max() >= threshold

    return _mean_of_classes(truths, detections, iou_threshold, match=match)


@mean_average_precision.mistake("Go through the detections by falling score, not in the order of the images.")
def order_of_the_images(truths, detections, iou_threshold=0.5):
    return _mean_of_classes(truths, detections, iou_threshold, order=list)


@mean_average_precision.mistake("Sort the detections of all images together, not those of each image.")
def sorted_within_images(truths, detections, iou_threshold=0.5):
    def order(found):
        return sorted(found, key=lambda one: (one[1], -one[0]))

    return _mean_of_classes(truths, detections, iou_threshold, order=order)


@mean_average_precision.mistake("The best score comes first: sort by falling score.")
def rising_scores(truths, detections, iou_threshold=0.5):
    def order(found):
        return sorted(found, key=lambda one: one[0])

    return _mean_of_classes(truths, detections, iou_threshold, order=order)


@mean_average_precision.mistake(
    "Equal scores keep their order. Turning a rising order around turns them, too: sort by -score."
)
def equal_scores_turned(truths, detections, iou_threshold=0.5):
    def order(found):
        return sorted(found, key=lambda one: one[0])[::-1]

    return _mean_of_classes(truths, detections, iou_threshold, order=order)


@mean_average_precision.mistake(
    "That is a mean over images. Collect a class's detections of all images first: one curve for each class."
)
def mean_over_images(truths, detections, iou_threshold=0.5):
    return _mean(
        _mean_of_classes([truth], [found], iou_threshold)
        for truth, found in zip(truths, detections, strict=True)
        if len(truth[1])
    )


@mean_average_precision.mistake(
    "Each class has an average precision of its own: do not put all classes in one curve."
)
def one_curve_for_all(truths, detections, iou_threshold=0.5):
    real = [np.reshape(boxes, (-1, 4)) for boxes, _labels in truths]
    classes = [list(labels) for _unused, labels in truths]
    found = [
        (score, image, (box, label))
        for image, one in enumerate(detections)
        for box, score, label in zip(*one, strict=True)
    ]
    taken = [set() for _image in truths]
    right = []
    for _score, image, (box, label) in _by_falling_score(found):
        same = [place for place, one in enumerate(classes[image]) if one == label]
        overlaps = box_iou(np.array([box]), real[image][same])[0]
        best = same[int(np.argmax(overlaps))] if same else None
        fits = best is not None and overlaps.max() >= iou_threshold and best not in taken[image]
        right.append(fits)
        if fits:
            taken[image].add(best)
    count = np.cumsum(right)
    return average_precision(count / max(1, sum(map(len, real))), count / np.arange(1, len(right) + 1))


@mean_average_precision.mistake(
    "A box with the wrong class is wrong: match with truths of the same class only."
)
def across_classes(truths, detections, iou_threshold=0.5):
    everything = [np.reshape(boxes, (-1, 4)) for boxes, _labels in truths]
    results = []
    for wanted in _class_names(truths):
        real, found = _of_class(truths, detections, wanted)
        taken = [set() for _image in truths]
        right = [
            _is_right(box, everything[image], taken[image], iou_threshold)
            for _score, image, box in _by_falling_score(found)
        ]
        count = np.cumsum(right)
        results.append(average_precision(count / sum(map(len, real)), count / np.arange(1, len(right) + 1)))
    return _mean(results)


@mean_average_precision.mistake("The labels are not used: match and count each class on its own.")
def labels_ignored(truths, detections, iou_threshold=0.5):
    truths = [(boxes, [0] * len(labels)) for boxes, labels in truths]
    detections = [(boxes, scores, [0] * len(labels)) for boxes, scores, labels in detections]
    return _mean_of_classes(truths, detections, iou_threshold)


@mean_average_precision.mistake(
    "A detection can be right only in its own image: compare it with the truths there."
)
def across_images(truths, detections, iou_threshold=0.5):
    results = []
    for wanted in _class_names(truths):
        real, found = _of_class(truths, detections, wanted)
        found = [(score, 0, box) for score, _image, box in found]
        results.append(_class_precision([np.concatenate(real)], found, iou_threshold))
    return _mean(results)


@mean_average_precision.mistake(
    "A class that occurs in detections only is left out of the mean: it has no truths to find."
)
def classes_of_detections_too(truths, detections, iou_threshold=0.5):
    names = set(_class_names(truths)) | {int(label) for one in detections for label in one[2]}
    return _mean(
        _class_precision(*_of_class(truths, detections, wanted), iou_threshold) for wanted in sorted(names)
    )


@mean_average_precision.mistake(
    "A class that was never detected counts as 0. Do not leave it out of the mean."
)
def undetected_classes_left_out(truths, detections, iou_threshold=0.5):
    both = [_of_class(truths, detections, wanted) for wanted in _class_names(truths)]
    return _mean(_class_precision(real, found, iou_threshold) for real, found in both if found)


@mean_average_precision.mistake("Recall divides by the number of truths, not by the number of detections.")
def recall_over_detections(truths, detections, iou_threshold=0.5):
    results = []
    for wanted in _class_names(truths):
        real, found = _of_class(truths, detections, wanted)

        found = _by_falling_score(found)
        taken = [set() for _image in real]
        count = np.cumsum(
            [_is_right(box, real[image], taken[image], iou_threshold) for _, image, box in found]
        )
        results.append(average_precision(count / max(1, len(found)), count / np.arange(1, len(found) + 1)))
    return _mean(results)


@mean_average_precision.mistake(
    "Recall divides by all truths of the class, those in images without a detection, too."
)
def truths_without_detections_forgotten(truths, detections, iou_threshold=0.5):
    results = []
    for wanted in _class_names(truths):
        real, found = _of_class(truths, detections, wanted)
        seen = {image for _score, image, _box in found}
        real = [boxes if image in seen else boxes[:0] for image, boxes in enumerate(real)]
        results.append(_class_precision(real, found, iou_threshold))
    return _mean(results)


@mean_average_precision.mistake(
    "That is the precision of all detections. The area under the curve is asked for."
)
def precision_alone(truths, detections, iou_threshold=0.5):
    def area(recall, precision):
        return precision[-1] if len(precision) else 0.0

    return _mean_of_classes(truths, detections, iou_threshold, area=area)


@mean_average_precision.mistake(
    "That is the recall of all detections. The area under the curve is asked for."
)
def recall_alone(truths, detections, iou_threshold=0.5):
    def area(recall, precision):
        return recall[-1] if len(recall) else 0.0

    return _mean_of_classes(truths, detections, iou_threshold, area=area)


@mean_average_precision.mistake(
    "Each class takes all points of its curve, not VOC's older 11: average_precision does."
)
def eleven_points_each(truths, detections, iou_threshold=0.5):
    return _mean_of_classes(truths, detections, iou_threshold, area=_eleven_points)


@mean_average_precision.mistake("The curve lacks its envelope: use average_precision for each class.")
def no_envelope_each(truths, detections, iou_threshold=0.5):
    def area(recall, precision):
        return np.sum(np.diff(recall, prepend=0) * precision)

    return _mean_of_classes(truths, detections, iou_threshold, area=area)


@mean_average_precision.mistake("Every class counts the same, however many truths it has: a plain mean.")
def weighted_by_truths(truths, detections, iou_threshold=0.5):
    total = max(1, sum(len(labels) for _unused, labels in truths))
    results = []
    for wanted in _class_names(truths):
        real, found = _of_class(truths, detections, wanted)
        results.append(sum(map(len, real)) / total * _class_precision(real, found, iou_threshold))
    return float(sum(results))


@mean_average_precision.mistake("The threshold is fixed to 0.5: use iou_threshold.")
def iou_threshold_fixed(truths, detections, iou_threshold=0.5):
    return _mean_of_classes(truths, detections, 0.5)


@mean_average_precision.mistake(
    "Images without truths count, too: every detection in them is wrong. Do not skip them."
)
def images_without_truths_skipped(truths, detections, iou_threshold=0.5):
    pairs = [pair for pair in zip(truths, detections, strict=True) if len(pair[0][1])]
    return _mean_of_classes(
        [truth for truth, _found in pairs], [found for _truth, found in pairs], iou_threshold
    )


@mean_average_precision.mistake(
    "Where an image has no truth of the class, a detection of that class is wrong. Do not skip it."
)
def images_without_the_class_skipped(truths, detections, iou_threshold=0.5):
    def match(box, boxes, taken, threshold):
        return _is_right(box, boxes, taken, threshold) if len(boxes) else None

    return _mean_of_classes(truths, detections, iou_threshold, match=match)


@mean_average_precision.mistake(
    "An image may have no truth of the class. Then there is no largest IoU, and the detection is wrong."
)
def fails_without_truths_in_an_image(truths, detections, iou_threshold=0.5):
    def match(box, boxes, taken, threshold):
        if len(boxes) == 0:
            raise ValueError("attempt to get argmax of an empty sequence")
        return _is_right(box, boxes, taken, threshold)

    return _mean_of_classes(truths, detections, iou_threshold, match=match)


@mean_average_precision.mistake("Without any truths the mean of nothing is NaN: return 0.0 then.")
def nan_without_truths(truths, detections, iou_threshold=0.5):
    return _right_mean(truths, detections, iou_threshold) if _class_names(truths) else np.nan


# --------------------------------------------------------------------------------------- decode_yolo


def _prediction(grid, boxes_per_cell, classes, *entries):
    """A YOLO output of zeros, some cells filled: (row, column, box, five numbers, class probabilities)."""
    prediction = np.zeros((grid, grid, boxes_per_cell * 5 + classes))
    for row, column, box, five, probabilities in entries:
        prediction[row, column, 5 * box : 5 * box + 5] = five
        prediction[row, column, boxes_per_cell * 5 :] = probabilities
    return prediction


def _random_prediction(grid, boxes_per_cell, classes, seed):
    shape = (grid, grid, boxes_per_cell * 5 + classes)
    return np.random.default_rng([seed, *shape]).random(shape).round(3)


@exercise(
    cases=[
        dict(prediction=_prediction(2, 1, 2, (0, 1, 0, [0.5, 0.25, 0.3, 0.6, 0.9], [0.2, 0.8])), classes=2),
        dict(
            prediction=_prediction(
                3,
                2,
                3,
                (2, 0, 0, [0.1, 0.9, 0.2, 0.4, 0.95], [0.9, 0.1, 0.0]),
                (2, 0, 1, [0.3, 0.8, 0.5, 0.3, 0.7], [0.9, 0.1, 0.0]),
                (0, 2, 1, [0.6, 0.2, 0.1, 0.8, 0.9], [0.1, 0.4, 0.5]),  # 0.9 × 0.5 stays below 0.5
                (1, 1, 0, [0.5, 0.5, 0.25, 0.5, 0.5], [0.0, 0.0, 1.0]),  # exactly 0.5
            ),
            classes=3,
        ),
        dict(prediction=_random_prediction(4, 2, 3, seed=1), classes=3, threshold=0.3),
        dict(prediction=_random_prediction(2, 3, 4, seed=2), classes=4, threshold=0.6),
        dict(
            prediction=_prediction(
                7,
                2,
                20,
                (5, 2, 1, [0.25, 0.75, 0.4, 0.3, 0.8], np.eye(20)[11] * 0.9),
                (5, 3, 0, [0.0, 0.7, 0.4, 0.3, 0.6], np.eye(20)[11] * 0.8),
                (0, 6, 0, [1.0, 0.0, 0.1, 0.2, 0.3], np.full(20, 0.05)),
                (1, 1, 0, [0.5, 0.5, 0.3, 0.3, 0.9], [0.6, 0.5, 0.6, 0.9, 0.9] + [0.6] * 15),  # no sum of 1
            ),
            classes=20,
            threshold=0.4,
        ),
        dict(  # two classes are equally likely
            prediction=_prediction(2, 1, 3, (1, 0, 0, [0.5, 0.5, 0.2, 0.3, 1.0], [0.2, 0.4, 0.4])),
            classes=3,
            threshold=0.3,
        ),
        dict(prediction=_random_prediction(3, 1, 1, seed=3), classes=1, threshold=0.1),
        dict(prediction=_prediction(2, 2, 3), classes=3),
    ],
    hints=[
        "Three loops: over the rows, the columns, and the boxes of a cell. The class probabilities are the "
        "last numbers of a cell: prediction[row, column, -classes:].",
        "The rest of a cell, prediction[row, column, :-classes].reshape(-1, 5), has one row for each box.",
        "x counts from the left side of the cell, in cells: in the image it lies at (column + x) / grid. "
        "Width and height belong to the whole image already.",
        "np.array(boxes).reshape(-1, 4) has four columns even where no box is kept.",
    ],
)
def decode_yolo(prediction, classes, threshold=0.5):
    """The boxes in the output of YOLO v1.

    Args:
        prediction: float array (S, S, B·5 + C): S rows of S cells. For each cell first B boxes of five
            numbers: x and y of the center within the cell (0 to 1, from its top left corner), width and
            height as parts of the image, confidence; then the C class probabilities, which the boxes of a
            cell share. They are used as they are, without softmax or sigmoid.
        classes: int, C. S and B follow from the shape.
        threshold: float, the score that a box must reach.

    Returns:
        tuple of three arrays: boxes (n, 4), center x, center y, width, height, all in parts of the image;
        scores (n,), confidence × largest class probability; labels (n,), ints, the class of that probability
        (the first of equal ones). All boxes with score ≥ threshold, ordered by row, then column, then box;
        nothing is suppressed. Where no box is kept, n is 0: shapes (0, 4), (0,), (0,).
    """
    # BEGIN SOLUTION
    grid = len(prediction)
    boxes, scores, labels = [], [], []
    for row in range(grid):
        for column in range(grid):
            probabilities = prediction[row, column, -classes:]
            label = np.argmax(probabilities)
            for x, y, width, height, confidence in prediction[row, column, :-classes].reshape(-1, 5):
                score = confidence * probabilities[label]
                if score >= threshold:
                    boxes.append([(column + x) / grid, (row + y) / grid, width, height])
                    scores.append(score)
                    labels.append(label)
    return np.array(boxes).reshape(-1, 4), np.array(scores), np.array(labels, dtype=int)
    # END SOLUTION


_right_decoding = decode_yolo.reference


def _decoded(prediction, classes, keeps, box_of=None, score_of=None):
    """Decode with another box (of row, column, five numbers, grid), another score, another choice.

    `keeps(score, confidence, probability)` and `score_of(confidence, probability)`.
    """
    grid = len(prediction)
    box_of = box_of or _box_in_image
    boxes, scores, labels = [], [], []
    for row, column in np.ndindex(grid, grid):
        probabilities = prediction[row, column, -classes:]
        label = int(np.argmax(probabilities))
        for five in prediction[row, column, :-classes].reshape(-1, 5):
            best, confidence = probabilities[label], five[4]
            score = score_of(confidence, best) if score_of else confidence * best
            if keeps(score, confidence, best):
                boxes.append(box_of(row, column, five, grid))
                scores.append(score)
                labels.append(label)
    return np.array(boxes).reshape(-1, 4), np.array(scores), np.array(labels, dtype=int)


def _box_in_image(row, column, five, grid):
    return [(column + five[0]) / grid, (row + five[1]) / grid, five[2], five[3]]


def _decoded_boxes(prediction, classes, threshold, box_of):
    return _decoded(prediction, classes, lambda score, *_rest: score >= threshold, box_of)


@decode_yolo.mistake(
    "Compare the score, confidence × class probability, with the threshold, not the confidence alone."
)
def confidence_against_threshold(prediction, classes, threshold=0.5):
    return _decoded(prediction, classes, lambda _score, confidence, _best: confidence >= threshold)


@decode_yolo.mistake("Compare the score with the threshold, not the class probability alone.")
def probability_against_threshold(prediction, classes, threshold=0.5):
    return _decoded(
        prediction, classes, lambda _score, confidence, best: best >= threshold and confidence > 0
    )


@decode_yolo.mistake("The score is confidence × class probability; here it is the confidence alone.")
def confidence_for_score(prediction, classes, threshold=0.5):
    return _decoded(
        prediction,
        classes,
        lambda score, *_rest: score >= threshold,
        None,
        lambda confidence, _best: confidence,
    )


@decode_yolo.mistake("The score is confidence × class probability; here it is the class probability alone.")
def probability_for_score(prediction, classes, threshold=0.5):
    return _decoded(
        prediction, classes, lambda score, *_rest: score >= threshold, None, lambda _confidence, best: best
    )


@decode_yolo.mistake("A score equal to the threshold is kept: >= and not >.")
def above_threshold_kept(prediction, classes, threshold=0.5):
    return _decoded(prediction, classes, lambda score, *_rest: score > threshold)


@decode_yolo.mistake("The center is still counted in cells: divide by the number of cells.")
def not_divided_by_grid(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction,
        classes,
        threshold,
        lambda row, column, five, _grid: [column + five[0], row + five[1], *five[2:4]],
    )


@decode_yolo.mistake("The center is still that within the cell: add the column and the row, then divide.")
def cell_not_added(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction,
        classes,
        threshold,
        lambda _row, _column, five, grid: [five[0] / grid, five[1] / grid, *five[2:4]],
    )


@decode_yolo.mistake("These are the raw numbers of the cell. x and y must become places in the image.")
def raw_numbers(prediction, classes, threshold=0.5):
    return _decoded_boxes(prediction, classes, threshold, lambda _row, _column, five, _grid: five[:4])


@decode_yolo.mistake("Put parentheses around column + x: the sum is divided by the number of cells.")
def only_offset_divided(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction,
        classes,
        threshold,
        lambda row, column, five, grid: [column + five[0] / grid, row + five[1] / grid, *five[2:4]],
    )


@decode_yolo.mistake("The x within the cell is a part of the cell, so divide it by the number of cells, too.")
def only_cell_divided(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction,
        classes,
        threshold,
        lambda row, column, five, grid: [column / grid + five[0], row / grid + five[1], *five[2:4]],
    )


@decode_yolo.mistake("The first axis holds rows (y), the second columns (x); here they are exchanged.")
def row_and_column_exchanged(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction,
        classes,
        threshold,
        lambda row, column, five, grid: [(row + five[0]) / grid, (column + five[1]) / grid, *five[2:4]],
    )


@decode_yolo.mistake(
    "Width and height are parts of the whole image already: do not divide them by the cells."
)
def sizes_divided_too(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction,
        classes,
        threshold,
        lambda row, column, five, grid: [
            (column + five[0]) / grid,
            (row + five[1]) / grid,
            five[2] / grid,
            five[3] / grid,
        ],
    )


@decode_yolo.mistake("Width and height are used as they are. The paper's square roots belong to its loss.")
def sizes_squared(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction,
        classes,
        threshold,
        lambda row, column, five, grid: [
            (column + five[0]) / grid,
            (row + five[1]) / grid,
            five[2] ** 2,
            five[3] ** 2,
        ],
    )


@decode_yolo.mistake("Return center, width and height, not corners.")
def corners_returned(prediction, classes, threshold=0.5):
    boxes, scores, labels = _right_decoding(prediction, classes, threshold)
    return xywh_to_xyxy(boxes), scores, labels


@decode_yolo.mistake("The output holds probabilities already: no softmax.")
def softmax_applied(prediction, classes, threshold=0.5):
    exponents = np.exp(prediction[..., -classes:])
    softmax = exponents / exponents.sum(axis=-1, keepdims=True)
    return _right_decoding(np.concatenate([prediction[..., :-classes], softmax], -1), classes, threshold)


@decode_yolo.mistake("The output holds numbers from 0 to 1 already: no sigmoid.")
def sigmoid_applied(prediction, classes, threshold=0.5):
    return _right_decoding(1 / (1 + np.exp(-prediction)), classes, threshold)


@decode_yolo.mistake(
    "The boxes come first and the class probabilities last; here they are read the other way around."
)
def classes_read_first(prediction, classes, threshold=0.5):
    turned = np.concatenate([prediction[..., classes:], prediction[..., :classes]], axis=-1)
    return _right_decoding(turned, classes, threshold)


@decode_yolo.mistake("The confidence is the fifth number of a box; here it is read as the first.")
def confidence_read_first(prediction, classes, threshold=0.5):
    grid = len(prediction)
    fives = prediction[..., :-classes].reshape(grid, grid, -1, 5)[..., [1, 2, 3, 4, 0]]
    turned = np.concatenate([fives.reshape(grid, grid, -1), prediction[..., -classes:]], axis=-1)
    return _right_decoding(turned, classes, threshold)


@decode_yolo.mistake("A cell has several boxes; only its first is read.")
def first_box_only(prediction, classes, threshold=0.5):
    return _right_decoding(
        np.concatenate([prediction[..., :5], prediction[..., -classes:]], axis=-1), classes, threshold
    )


@decode_yolo.mistake(
    "Every box of a cell that reaches the threshold is kept, not only the most confident one."
)
def best_box_of_cell_only(prediction, classes, threshold=0.5):
    grid = len(prediction)
    fives = prediction[..., :-classes].reshape(grid, grid, -1, 5)
    best = np.argmax(fives[..., 4], axis=-1)
    chosen = np.take_along_axis(fives, best[..., None, None], axis=2)[:, :, 0]
    return _right_decoding(np.concatenate([chosen, prediction[..., -classes:]], -1), classes, threshold)


@decode_yolo.mistake(
    "A box comes back for each class whose score reaches the threshold. A box has one class, the likeliest."
)
def every_class_kept(prediction, classes, threshold=0.5):
    grid = len(prediction)
    boxes, scores, labels = [], [], []
    for row, column in np.ndindex(grid, grid):
        for five in prediction[row, column, :-classes].reshape(-1, 5):
            for label, probability in enumerate(prediction[row, column, -classes:]):
                if five[4] * probability >= threshold:
                    boxes.append(_box_in_image(row, column, five, grid))
                    scores.append(five[4] * probability)
                    labels.append(label)
    return np.array(boxes).reshape(-1, 4), np.array(scores), np.array(labels, dtype=int)


@decode_yolo.mistake("Labels count from 0.")
def labels_from_one(prediction, classes, threshold=0.5):
    boxes, scores, labels = _right_decoding(prediction, classes, threshold)
    return boxes, scores, labels + 1


@decode_yolo.mistake("Keep the order row, column, box: nothing is sorted by score.")
def sorted_by_score(prediction, classes, threshold=0.5):
    found = _right_decoding(prediction, classes, threshold)
    order = np.argsort(-found[1], kind="stable")
    return tuple(part[order] for part in found)


@decode_yolo.mistake("The order is row, column, box: the loop over the boxes of a cell is the innermost.")
def boxes_outermost(prediction, classes, threshold=0.5):
    parts = [
        _right_decoding(
            np.concatenate([prediction[..., at : at + 5], prediction[..., -classes:]], -1), classes, threshold
        )
        for at in range(0, prediction.shape[-1] - classes, 5)
    ]
    return tuple(np.concatenate(one) for one in zip(*parts, strict=True))


@decode_yolo.mistake("Nothing is suppressed here: non_max_suppression is a step of its own.")
def suppressed(prediction, classes, threshold=0.5):
    boxes, scores, labels = _right_decoding(prediction, classes, threshold)
    kept = np.sort(non_max_suppression(xywh_to_xyxy(boxes), scores))
    return boxes[kept], scores[kept], labels[kept]


@decode_yolo.mistake(
    "Where no box is kept, the boxes still have four columns: np.array(boxes).reshape(-1, 4)."
)
def no_columns_where_empty(prediction, classes, threshold=0.5):
    boxes, scores, labels = _right_decoding(prediction, classes, threshold)
    return list(boxes), scores, labels


@decode_yolo.mistake("The number of cells is fixed to 7: take it from the shape, len(prediction).")
def seven_cells(prediction, classes, threshold=0.5):
    return _decoded_boxes(
        prediction, classes, threshold, lambda row, column, five, _grid: _box_in_image(row, column, five, 7)
    )


@decode_yolo.mistake("The threshold is fixed to 0.5: use threshold.")
def score_threshold_fixed(prediction, classes, threshold=0.5):
    return _right_decoding(prediction, classes, 0.5)


# -------------------------------------------------------------------------------------- crop_objects


def _photo(*shape):
    return np.random.default_rng([7, *shape]).integers(0, 256, shape).astype(np.uint8)


@exercise(
    cases=[
        dict(image=_photo(6, 8, 3), boxes=np.array([[1, 2, 5, 4]])),
        dict(image=_photo(9, 7, 3), boxes=np.array([[0, 0, 7, 9], [3, 4, 4, 9], [2, 1, 6, 3]])),
        dict(image=_photo(8, 10), boxes=np.array([[4, 3, 9, 8], [1, 1, 2, 2]])),
        dict(image=_photo(6, 8, 3), boxes=np.array([[-2, -1, 3, 2], [5, 4, 12, 9], [-3, 2, 20, 4]])),
        dict(
            image=_photo(6, 8, 3),
            boxes=np.array([[-6, 1, -2, 4], [9, 1, 12, 4], [1, -5, 4, -1], [1, 7, 4, 9], [2, 2, 2, 5]]),
        ),
        dict(image=_photo(5, 6, 1), boxes=np.array([[2, 1, 4, 5]])),
        dict(image=_photo(4, 4, 3), boxes=np.zeros((0, 4), int)),
    ],
    hints=[
        "The first axis of an image is y, the second x: image[y0:y1, x0:x1].",
        "A negative start counts from the other end. Cut the box off at the edge of the image before you "
        "slice.",
        "np.clip(boxes, 0, [width, height, width, height]) cuts all of them off at once.",
    ],
)
def crop_objects(image, boxes):
    """Cut each box out of an image.

    Args:
        image: array (H, W) or (H, W, C).
        boxes: int array (N, 4), whole pixels: x0, y0, x1, y1, end exclusive, y points down. N may be 0. What
            reaches outside the image is cut off at its edge.

    Returns:
        list of N arrays (y1 - y0, x1 - x0) or (y1 - y0, x1 - x0, C), in the order of the boxes, with the
        pixels of the image. A box without area gives an array with a side of 0. So does one wholly outside:
        to the left or right of the image nothing of its width remains, above or below nothing of its height.
    """
    # BEGIN SOLUTION
    height, width = image.shape[:2]
    inside = np.clip(boxes, 0, [width, height, width, height])
    return [image[y0:y1, x0:x1] for x0, y0, x1, y1 in inside]
    # END SOLUTION


def _inside(image, boxes):
    height, width = image.shape[:2]
    return np.clip(boxes, 0, [width, height, width, height])


@crop_objects.mistake("The first axis of an image is y: image[y0:y1, x0:x1].")
def x_axis_first(image, boxes):
    return [image[x0:x1, y0:y1] for x0, y0, x1, y1 in _inside(image, boxes)]


@crop_objects.mistake("The end is exclusive, as in a slice: no + 1.")
def one_pixel_more(image, boxes):
    return [image[y0 : y1 + 1, x0 : x1 + 1] for x0, y0, x1, y1 in _inside(image, boxes)]


@crop_objects.mistake(
    "The box reaches to the last pixel: cut it off at the width and height, not one before."
)
def last_pixel_lost(image, boxes):
    height, width = image.shape[:2]
    inside = np.clip(boxes, 0, [width - 1, height - 1, width - 1, height - 1])
    return [image[y0:y1, x0:x1] for x0, y0, x1, y1 in inside]


@crop_objects.mistake(
    "A negative start counts from the other end of the image: cut the boxes off at 0 first."
)
def negative_start(image, boxes):
    return [image[y0:y1, x0:x1] for x0, y0, x1, y1 in boxes]


@crop_objects.mistake("A negative end counts from the other end of the image: cut the ends off at 0, too.")
def negative_end(image, boxes):
    return [image[max(y0, 0) : y1, max(x0, 0) : x1] for x0, y0, x1, y1 in boxes]


@crop_objects.mistake("x1 and y1 are a corner, not width and height.")
def corner_read_as_size(image, boxes):
    sizes = np.concatenate([boxes[:, :2], boxes[:, :2] + boxes[:, 2:]], axis=1)
    return [image[y0:y1, x0:x1] for x0, y0, x1, y1 in _inside(image, sizes)]


@crop_objects.mistake("Only one crop comes back: return a list with one for each box.")
def one_crop_only(image, boxes):
    for x0, y0, x1, y1 in _inside(image, boxes):
        return image[y0:y1, x0:x1]
    return []


@crop_objects.mistake("Every box gets its crop, an empty one, too: drop none.")
def empty_crops_dropped(image, boxes):
    return [image[y0:y1, x0:x1] for x0, y0, x1, y1 in _inside(image, boxes) if x1 > x0 and y1 > y0]


@crop_objects.mistake("y points down: row 0 is the top of the image.")
def y_from_the_bottom(image, boxes):
    height = len(image)
    return [image[height - y1 : height - y0, x0:x1] for x0, y0, x1, y1 in _inside(image, boxes)]


@crop_objects.mistake("An image may have two axes, without channels: image[y0:y1, x0:x1] fits both.")
def three_axes_only(image, boxes):
    if image.ndim < 3 and len(boxes):
        raise IndexError("too many indices for array: array is 2-dimensional, but 3 were indexed")
    return [image[y0:y1, x0:x1] for x0, y0, x1, y1 in _inside(image, boxes)]


@crop_objects.mistake("A box at the edge is cut off, not moved into the image.")
def moved_into_the_image(image, boxes):
    height, width = image.shape[:2]
    crops = []
    for x0, y0, x1, y1 in boxes:
        left = min(max(x0, 0), max(width - (x1 - x0), 0))
        top = min(max(y0, 0), max(height - (y1 - y0), 0))
        crops.append(image[top : top + y1 - y0, left : left + x1 - x0])
    return crops


@crop_objects.mistake("What lies outside the image is cut off, not filled up with 0.")
def filled_with_zeros(image, boxes):
    border = 20
    around = np.pad(image, [(border, border), (border, border)] + [(0, 0)] * (image.ndim - 2))
    return [around[y0 + border : y1 + border, x0 + border : x1 + border] for x0, y0, x1, y1 in boxes]


@crop_objects.mistake("Width and height are exchanged: x ends at the width, y at the height.")
def cut_at_the_other_side(image, boxes):
    height, width = image.shape[:2]
    inside = np.clip(boxes, 0, [height, width, height, width])
    return [image[y0:y1, x0:x1] for x0, y0, x1, y1 in inside]


# --------------------------------------------------------------------------------------- encode_yolo


@exercise(
    cases=[
        dict(boxes=_boxes([0.3, 0.6, 0.2, 0.4]), labels=np.array([11])),
        dict(
            boxes=_boxes([0.1, 0.9, 0.2, 0.1], [0.8, 0.3, 0.5, 0.6], [0.45, 0.2, 0.3, 0.25]),
            labels=np.array([2, 0, 3]),
            grid=3,
            boxes_per_cell=1,
            classes=4,
        ),
        dict(  # two objects in one cell
            boxes=_boxes([0.6, 0.6, 0.3, 0.3], [0.7, 0.55, 0.1, 0.4], [0.2, 0.7, 0.1, 0.1]),
            labels=np.array([1, 2, 2]),
            grid=2,
            classes=3,
        ),
        dict(  # on the border of two cells, and on the edge of the image
            boxes=_boxes(
                [0.5, 0.25, 0.2, 0.1], [1.0, 1.0, 0.4, 0.2], [0.0, 0.75, 0.1, 0.1], [0.6, 0.3, 0.1, 0.2]
            ),
            labels=np.array([0, 1, 1, 1]),
            grid=4,
            boxes_per_cell=3,
            classes=2,
        ),
        dict(boxes=_boxes([0.65, 0.2, 1.0, 0.3]), labels=np.array([0]), grid=5, classes=1),
        dict(boxes=np.zeros((0, 4)), labels=np.zeros(0, int), grid=2, boxes_per_cell=2, classes=3),
    ],
    hints=[
        "Begin with np.zeros((grid, grid, 5 * boxes_per_cell + classes)), and go through the objects one by "
        "one.",
        "The column of the cell is the whole part of x * grid, the row that of y * grid.",
        "The x within the cell is x * grid - column. Width and height stay as they are; the confidence is 1.",
        "A center at 1.0 belongs to the last cell: min(int(x * grid), grid - 1). Where the confidence of a "
        "cell is 1 already, go on with the next object.",
    ],
    extra=True,
)
def encode_yolo(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    """What YOLO v1 is to put out for an image: the target of its training.

    Args:
        boxes: float array (N, 4): center x, center y, width, height, in parts of the image. Centers lie from
            0 to 1; one at 1 belongs to the last cell. N may be 0.
        labels: int array (N,), from 0 to classes - 1.
        grid: int, S, the number of cells along each side.
        boxes_per_cell: int, B.
        classes: int, C.

    Returns:
        float array (S, S, B·5 + C), the first axis rows, the second columns. The cell that holds an object's
        center gets as its first box x and y within the cell (0 to 1; 1 where the center is at 1), width and
        height as parts of the image, and confidence 1; the one-hot class stands at the end. Its other boxes,
        and all other cells, are 0. Where two objects lie in one cell the first of them stays.
    """
    # BEGIN SOLUTION
    target = np.zeros((grid, grid, 5 * boxes_per_cell + classes))
    for (x, y, width, height), label in zip(boxes, labels, strict=True):
        column = min(int(x * grid), grid - 1)
        row = min(int(y * grid), grid - 1)
        if target[row, column, 4] == 0:
            target[row, column, :5] = [x * grid - column, y * grid - row, width, height, 1]
            target[row, column, 5 * boxes_per_cell + label] = 1
    return target
    # END SOLUTION


_right_encoding = encode_yolo.reference


def _encoded(boxes, labels, grid, boxes_per_cell, classes, place=None, fill=None):
    """Encode with another cell (of x, y, grid) or with other five numbers (of box, row, column, grid)."""
    target = np.zeros((grid, grid, 5 * boxes_per_cell + classes))
    for box, label in zip(boxes, labels, strict=True):
        row, column = (place or _cell)(box[0], box[1], grid)
        if target[row, column, 4] == 0:
            target[row, column, :5] = (fill or _five)(box, row, column, grid)
            target[row, column, 5 * boxes_per_cell + label] = 1
    return target


def _cell(x, y, grid):
    return min(int(y * grid), grid - 1), min(int(x * grid), grid - 1)


def _five(box, row, column, grid):
    return [box[0] * grid - column, box[1] * grid - row, box[2], box[3], 1]


@encode_yolo.mistake("The first axis holds rows (y), the second columns (x); here they are exchanged.")
def cell_exchanged(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = _right_encoding(boxes, labels, grid, boxes_per_cell, classes)
    return target.transpose(1, 0, 2)


@encode_yolo.mistake("x and y count within the cell: subtract the column and the row.")
def center_of_the_image(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def fill(box, _row, _column, _grid):
        return [*box, 1]

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, fill=fill)


@encode_yolo.mistake("x and y go from 0 to 1 within the cell: multiply by the number of cells first.")
def within_cell_in_image_units(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def fill(box, row, column, grid):
        return [box[0] - column / grid, box[1] - row / grid, box[2], box[3], 1]

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, fill=fill)


@encode_yolo.mistake("x and y are still counted in cells of the image: subtract the column and the row.")
def cell_not_subtracted(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def fill(box, _row, _column, grid):
        return [box[0] * grid, box[1] * grid, box[2], box[3], 1]

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, fill=fill)


@encode_yolo.mistake("x and y count from the top left corner of the cell, not from its center.")
def from_the_middle_of_the_cell(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def fill(box, row, column, grid):
        return [box[0] * grid - column - 0.5, box[1] * grid - row - 0.5, box[2], box[3], 1]

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, fill=fill)


@encode_yolo.mistake("Width and height are parts of the whole image: do not multiply them by the cells.")
def sizes_in_cells(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def fill(box, row, column, grid):
        return [box[0] * grid - column, box[1] * grid - row, box[2] * grid, box[3] * grid, 1]

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, fill=fill)


@encode_yolo.mistake("Width and height stand as they are. The paper's square roots belong to its loss.")
def roots_of_sizes(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def fill(box, row, column, grid):
        return [box[0] * grid - column, box[1] * grid - row, box[2] ** 0.5, box[3] ** 0.5, 1]

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, fill=fill)


@encode_yolo.mistake("The cell is the whole part of x * grid; rounding may take the next cell.")
def cell_rounded(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def place(x, y, grid):
        return min(round(y * grid), grid - 1), min(round(x * grid), grid - 1)

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, place=place)


@encode_yolo.mistake("A center at 1.0 belongs to the last cell: min(int(x * grid), grid - 1).")
def edge_of_the_image_fails(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    def place(x, y, grid):
        return int(y * grid), int(x * grid)

    return _encoded(boxes, labels, grid, boxes_per_cell, classes, place=place)


@encode_yolo.mistake("A taken cell keeps its first object; here the later one replaces it.")
def later_object_stays(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = np.zeros((grid, grid, 5 * boxes_per_cell + classes))
    for box, label in zip(boxes, labels, strict=True):
        row, column = _cell(box[0], box[1], grid)
        target[row, column] = 0
        target[row, column, :5] = _five(box, row, column, grid)
        target[row, column, 5 * boxes_per_cell + label] = 1
    return target


@encode_yolo.mistake(
    "A taken cell keeps its first object: here box and class of the next are written over it."
)
def two_classes_in_a_cell(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = np.zeros((grid, grid, 5 * boxes_per_cell + classes))
    for box, label in zip(boxes, labels, strict=True):
        row, column = _cell(box[0], box[1], grid)
        target[row, column, :5] = _five(box, row, column, grid)
        target[row, column, 5 * boxes_per_cell + label] = 1
    return target


@encode_yolo.mistake(
    "The second object of a cell does not go into its second box: the cell has one class only."
)
def second_object_in_second_box(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = np.zeros((grid, grid, 5 * boxes_per_cell + classes))
    for box, label in zip(boxes, labels, strict=True):
        row, column = _cell(box[0], box[1], grid)
        free = [at for at in range(0, 5 * boxes_per_cell, 5) if target[row, column, at + 4] == 0]
        if free:
            target[row, column, free[0] : free[0] + 5] = _five(box, row, column, grid)
            target[row, column, 5 * boxes_per_cell + label] = 1
    return target


@encode_yolo.mistake("Fill the first box of the cell only; the others stay 0.")
def every_box_filled(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = _right_encoding(boxes, labels, grid, boxes_per_cell, classes)
    first, probabilities = target[..., :5], target[..., 5 * boxes_per_cell :]
    return np.concatenate([first] * boxes_per_cell + [probabilities], axis=-1)


@encode_yolo.mistake("The confidence of a cell with an object is 1.")
def confidence_missing(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = _right_encoding(boxes, labels, grid, boxes_per_cell, classes)
    target[..., 4] = 0
    return target


@encode_yolo.mistake("The one-hot class is missing at the end of the cell.")
def class_missing(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = _right_encoding(boxes, labels, grid, boxes_per_cell, classes)
    target[..., 5 * boxes_per_cell :] = 0
    return target


@encode_yolo.mistake("The boxes come first and the classes last; here it is the other way around.")
def classes_first(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = _right_encoding(boxes, labels, grid, boxes_per_cell, classes)
    return np.concatenate([target[..., 5 * boxes_per_cell :], target[..., : 5 * boxes_per_cell]], axis=-1)


@encode_yolo.mistake("The classes begin after all boxes of the cell, at 5 * boxes_per_cell, not at 5.")
def class_after_first_box(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = np.zeros((grid, grid, 5 * boxes_per_cell + classes))
    target[..., : 5 + classes] = _right_encoding(boxes, labels, grid, 1, classes)
    return target


@encode_yolo.mistake("The confidence is the fifth number of the box, after x, y, width and height.")
def confidence_first(boxes, labels, grid=7, boxes_per_cell=2, classes=20):
    target = _right_encoding(boxes, labels, grid, boxes_per_cell, classes)
    target[..., :5] = target[..., [4, 0, 1, 2, 3]]
    return target


# -------------------------------------------------------------------------------------- make_anchors


@exercise(
    cases=[
        dict(grid=2, per_cell=1),
        dict(grid=2, per_cell=3),
        dict(grid=3, per_cell=2),
        dict(grid=4, per_cell=4),
        dict(grid=1, per_cell=2),
        dict(grid=16, per_cell=2),
    ],
    hints=[
        "The center of the first cell lies half a cell from the edge: 0.5 / grid.",
        "Two loops: the outer over the rows, the inner over the columns, so that x changes fastest.",
        "Append [(column + 0.5) / grid, (row + 0.5) / grid] per_cell times in a row.",
    ],
    extra=True,
)
def make_anchors(grid, per_cell):
    """The centers of the anchors of a grid: those of its cells.

    Args:
        grid: int, the number of cells along each side.
        per_cell: int, how many anchors each cell has; all of them have its center.

    Returns:
        float array (grid · grid · per_cell, 2): x and y of each center, in parts of the image (the image goes
        from 0 to 1). Row by row from the top, each row from the left; the anchors of a cell follow each
        other.
    """
    # BEGIN SOLUTION
    centers = []
    for row in range(grid):
        for column in range(grid):
            centers += [[(column + 0.5) / grid, (row + 0.5) / grid]] * per_cell
    return np.array(centers)
    # END SOLUTION


def _grid_centers(grid, per_cell, positions):
    """Anchors from the positions along one side."""
    y, x = np.meshgrid(positions, positions, indexing="ij")
    return np.repeat(np.stack([x.ravel(), y.ravel()], axis=1), per_cell, axis=0)


def _middles(grid):
    return (np.arange(grid) + 0.5) / grid


@make_anchors.mistake(
    "x changes fastest: row by row. Here the loop over the rows is the inner one, or the columns are y, x in place of "
    "x, y."
)
def column_by_column(grid, per_cell):
    return _grid_centers(grid, per_cell, _middles(grid))[:, ::-1]


@make_anchors.mistake("These are the corners of the cells. Add half a cell.")
def corners_of_cells(grid, per_cell):
    return _grid_centers(grid, per_cell, np.arange(grid) / grid)


@make_anchors.mistake("These are the far corners of the cells: add half a cell, not a whole one.")
def far_corners_of_cells(grid, per_cell):
    return _grid_centers(grid, per_cell, (np.arange(grid) + 1) / grid)


@make_anchors.mistake(
    "The centers do not reach the edge: np.linspace(0, 1, grid) puts the first at 0, the last at 1."
)
def edge_to_edge(grid, per_cell):
    return _grid_centers(grid, per_cell, np.linspace(0, 1, grid))


@make_anchors.mistake("The centers are counted in cells: divide by the number of cells.")
def counted_in_cells(grid, per_cell):
    return _grid_centers(grid, per_cell, np.arange(grid) + 0.5)


@make_anchors.mistake("Divide the sum: (column + 0.5) / grid, with parentheses.")
def half_divided_only(grid, per_cell):
    return _grid_centers(grid, per_cell, np.arange(grid) + 0.5 / grid)


@make_anchors.mistake("Half a cell is 0.5 / grid of the image: add 0.5 before you divide.")
def half_of_the_image(grid, per_cell):
    return _grid_centers(grid, per_cell, np.arange(grid) / grid + 0.5)


@make_anchors.mistake("The anchors of a cell follow each other; here the whole grid is repeated.")
def grid_repeated(grid, per_cell):
    return np.tile(_grid_centers(grid, 1, _middles(grid)), (per_cell, 1))


@make_anchors.mistake("Each cell has per_cell anchors: repeat its center.")
def one_per_cell(grid, per_cell):
    return _grid_centers(grid, 1, _middles(grid))


@make_anchors.mistake("The shape is (grid · grid · per_cell, 2): one row for each anchor.")
def axes_of_the_grid_kept(grid, per_cell):
    return _grid_centers(grid, per_cell, _middles(grid)).reshape(grid, grid, per_cell, 2)


@make_anchors.mistake("The anchors of a cell share its center: do not spread them over the cell.")
def spread_over_the_cell(grid, per_cell):
    fine = np.tile((np.arange(per_cell) + 0.5) / per_cell / grid, grid * grid)
    corners = _grid_centers(grid, per_cell, np.arange(grid) / grid)
    return np.stack([corners[:, 0] + fine, corners[:, 1] + 0.5 / grid], axis=1)


@make_anchors.mistake("Row 0 is the top of the image: y grows downward.")
def from_the_bottom(grid, per_cell):
    return _grid_centers(grid, per_cell, _middles(grid)) * [1, -1] + [0, 1]


@make_anchors.mistake("Every pair of a column and a row is a cell, not only those on the diagonal.")
def diagonal_only(grid, per_cell):
    return np.repeat(np.stack([_middles(grid)] * 2, axis=1), per_cell, axis=0)


# -------------------------------------------------------------------------------------- roi_max_pool


def _maps(*shape):
    return np.random.default_rng([70, *shape]).normal(size=shape).round(2)


@exercise(
    cases=[
        dict(features=_maps(6, 8, 2), box=[1, 0, 5, 4]),
        dict(features=_maps(8, 8, 3), box=[2, 1, 7, 8], size=3),
        dict(features=_maps(7, 9, 1), box=[0, 2, 9, 5]),
        dict(features=_maps(5, 5, 4), box=[3, 1, 5, 2], size=3),
        dict(features=_maps(10, 7, 2), box=[1, 2, 6, 10], size=1),
        dict(features=-np.abs(_maps(9, 9, 2)) - 0.1, box=[1, 1, 8, 8], size=4),
    ],
    hints=[
        "Cut the box out first: region = features[y0:y1, x0:x1].",
        "Along the height, bin i goes from i * h // size to the next whole number from (i + 1) * h / size "
        "upward.",
        "int(np.ceil((i + 1) * h / size)) is that end. Then region[top:bottom, left:right].max(axis=(0, 1)).",
    ],
    extra=True,
)
def roi_max_pool(features, box, size=2):
    """RoI pooling of Fast R-CNN: a region of any size becomes size × size cells.

    Args:
        features: float array (H, W, C).
        box: four ints x0, y0, x1, y1, in cells of the feature maps, end exclusive, inside the maps, at least
            one cell wide and high.
        size: int, the number of bins along each side.

    Returns:
        float array (size, size, C): the largest value of each bin, for each channel. Of a region h cells
        high, bin i along the height goes from floor(i·h/size) to ceil((i + 1)·h/size), end exclusive; the
        width likewise. So bins may share cells where the size does not divide the region, and none is empty.
    """
    # BEGIN SOLUTION
    x0, y0, x1, y1 = box
    region = features[y0:y1, x0:x1]
    height, width, channels = region.shape
    pooled = np.zeros((size, size, channels))
    for i in range(size):
        for j in range(size):
            top, bottom = i * height // size, int(np.ceil((i + 1) * height / size))
            left, right = j * width // size, int(np.ceil((j + 1) * width / size))
            pooled[i, j] = region[top:bottom, left:right].max(axis=(0, 1))
    return pooled
    # END SOLUTION


_right_pooling = roi_max_pool.reference


def _bins(length, size):
    return [(i * length // size, -(-(i + 1) * length // size)) for i in range(size)]


def _pooled(region, size, bins=_bins, reduce=np.max):
    rows, columns = bins(region.shape[0], size), bins(region.shape[1], size)
    return np.array(
        [
            [reduce(region[top:bottom, left:right], axis=(0, 1)) for left, right in columns]
            for top, bottom in rows
        ]
    )


def _region(features, box):
    x0, y0, x1, y1 = box
    return features[y0:y1, x0:x1]


@roi_max_pool.mistake("Take the largest value of each bin, not the mean.")
def mean_of_bins(features, box, size=2):
    return _pooled(_region(features, box), size, reduce=np.mean)


@roi_max_pool.mistake("The first axis of the maps is y: features[y0:y1, x0:x1].")
def x_before_y(features, box, size=2):
    x0, y0, x1, y1 = box
    region = features[x0:x1, y0:y1]
    if 0 in region.shape:
        raise ValueError("zero-size array to reduction operation maximum which has no identity")
    return _pooled(region, size)


@roi_max_pool.mistake("The end of the box is exclusive: no + 1.")
def box_end_inclusive(features, box, size=2):
    x0, y0, x1, y1 = box
    return _pooled(features[y0 : y1 + 1, x0 : x1 + 1], size)


@roi_max_pool.mistake("The whole maps are pooled: cut the box out first.")
def box_ignored(features, box, size=2):
    return _pooled(features, size)


@roi_max_pool.mistake("The end of a bin is rounded up, so that no cell is lost and no bin is empty.")
def ends_rounded_down(features, box, size=2):
    def bins(length, size):
        return [
            (i * length // size, max((i + 1) * length // size, i * length // size + 1)) for i in range(size)
        ]

    return _pooled(_region(features, box), size, bins)


@roi_max_pool.mistake(
    "Round the start of a bin down and its end up; here both are rounded down, and a bin is empty."
)
def empty_bins(features, box, size=2):
    def bins(length, size):
        return [(i * length // size, (i + 1) * length // size) for i in range(size)]

    return _pooled(_region(features, box), size, bins)


@roi_max_pool.mistake(
    "All bins are as large as the whole part of h / size, and the last cells are lost. Bin i goes from "
    "floor(i·h/size) to ceil((i + 1)·h/size)."
)
def last_cells_lost(features, box, size=2):
    def bins(length, size):
        step = max(length // size, 1)
        return [(min(i * step, length - 1), min((i + 1) * step, length)) for i in range(size)]

    return _pooled(_region(features, box), size, bins)


@roi_max_pool.mistake(
    "The last bin takes all that is left. Bin i goes from floor(i·h/size) to ceil((i + 1)·h/size)."
)
def last_bin_takes_the_rest(features, box, size=2):
    def bins(length, size):
        step = max(length // size, 1)
        starts = [min(i * step, length - 1) for i in range(size)]
        return [(start, length if i == size - 1 else start + step) for i, start in enumerate(starts)]

    return _pooled(_region(features, box), size, bins)


@roi_max_pool.mistake("One number for the whole box: make size × size bins of it.")
def one_bin(features, box, size=2):
    return np.broadcast_to(_region(features, box).max(axis=(0, 1)), (size, size, features.shape[-1])).copy()


@roi_max_pool.mistake("Each channel keeps its own maximum: max over axes 0 and 1 only.")
def largest_of_all_channels(features, box, size=2):
    pooled = _pooled(_region(features, box), size)
    return np.repeat(pooled.max(axis=-1, keepdims=True), pooled.shape[-1], axis=-1)


@roi_max_pool.mistake("The channels are gone: the shape is (size, size, C).")
def channels_lost(features, box, size=2):
    return _pooled(_region(features, box), size).max(axis=-1)


@roi_max_pool.mistake(
    "The bins are exchanged: the first axis of the result goes down, the second to the right."
)
def bins_transposed(features, box, size=2):
    return _pooled(_region(features, box), size).transpose(1, 0, 2)


@roi_max_pool.mistake("x1 and y1 are a corner, not width and height.")
def corner_as_size(features, box, size=2):
    x0, y0, x1, y1 = box
    return _pooled(features[y0 : y0 + y1, x0 : x0 + x1], size)


@roi_max_pool.mistake("The number of bins is fixed to 2: use size.")
def always_two_bins(features, box, size=2):
    return _pooled(_region(features, box), 2)


@roi_max_pool.mistake("Features may be negative: do not cut them off at 0.")
def cut_off_at_zero(features, box, size=2):
    return np.maximum(_pooled(_region(features, box), size), 0)


# --------------------------------------------------------------------------------------------- quiz

confidence_or_class = quiz(
    "A YOLO box has confidence 0.9, and its cell gives 0.3 for cat and 0.2 for dog. How sure is the network "
    "of a cat?",
    options={
        "a": (
            "0.9.",
            "That is the confidence: how sure it is that any object lies in the box, and how well it fits.",
        ),
        "b": (
            "0.3.",
            "That is the probability of a cat if there is an object. Whether there is one, it does not say.",
        ),
        "c": (
            "0.27.",
            "The score is confidence × class probability: an object that fits the box, and a cat.",
        ),
    },
    right="c",
)

what_suppression_removes = quiz(
    "Two cats sit side by side and overlap with IoU 0.7. Both are detected. What does non-maximum "
    "suppression at 0.5 do?",
    options={
        "a": (
            "It drops the cat with the lower score.",
            "It sees boxes and scores, not cats. Two objects that overlap more than the threshold look like "
            "one found twice.",
        ),
        "b": (
            "It keeps both: each of them is an object.",
            "It cannot know that. An IoU above the threshold counts as the same object.",
        ),
        "c": (
            "It replaces both by one box around them.",
            "It changes no box; it keeps some and drops the others.",
        ),
    },
    right="a",
)

one_stage_two_stages = quiz(
    "What does a one-stage detector leave out that a two-stage detector has?",
    options={
        "a": (
            "The backbone.",
            "Both have one: without features there is nothing to find boxes in.",
        ),
        "b": (
            "The step that proposes regions, which a second part then classifies one by one.",
            "One pass gives boxes and classes of all places at once. That is faster; the second look at "
            "each region is gone.",
        ),
        "c": (
            "Non-maximum suppression.",
            "YOLO and SSD need it as much as Faster R-CNN: neighboring places find the same object.",
        ),
    },
    right="b",
)

accuracy_for_detection = quiz(
    "Why is a detector not measured by its accuracy?",
    options={
        "a": (
            "Nobody can count the places without an object that were rightly left empty.",
            "Accuracy needs these true negatives, and there are endless boxes. Precision and recall do "
            "without them.",
        ),
        "b": ("Accuracy is too slow to compute.", "It is one division. Average precision takes longer."),
        "c": (
            "Detectors give no classes.",
            "They give a class for each box, and average precision is computed for each class.",
        ),
    },
    right="a",
)

who_made_which_yolo = quiz(
    "Who developed YOLO?",
    options={
        "a": (
            "Ultralytics, all versions.",
            "Ultralytics came with YOLOv5 in 2020. The idea and the first three versions are older.",
        ),
        "b": (
            "Joseph Redmon and others v1 to v3; others went on. Ultralytics made v5, and v8 after it.",
            "So look up which version a text means: code, licence and authors differ.",
        ),
        "c": (
            "Ross Girshick, after Fast R-CNN.",
            "He made R-CNN and Fast R-CNN and is one of the authors of the first YOLO paper, but Redmon led "
            "it.",
        ),
    },
    right="b",
)

anchors_of_yolo = quiz(
    "How many anchor boxes does a cell of YOLO v1 have?",
    options={
        "a": (
            "Two: B is 2.",
            "B counts the boxes that a cell predicts. They start from no given shape.",
        ),
        "b": ("Nine.", "Nine anchors belong to Faster R-CNN, and to YOLO v3, three at each of its scales."),
        "c": (
            "None.",
            "v1 predicts width and height directly, as parts of the image. Anchors came with v2.",
        ),
    },
    right="c",
)

what_coco_fixed = quiz(
    "What does COCO have that Pascal VOC lacked?",
    options={
        "a": (
            "Everyday scenes with many, often small objects that are not in the middle.",
            "VOC's photos often show a few large objects. COCO collected non-iconic views, 80 classes, and "
            "outlines of each object.",
        ),
        "b": (
            "More classes than any other set.",
            "80 are more than VOC's 20, but ImageNet's detection set has 200.",
        ),
        "c": ("Boxes.", "VOC has boxes, too: its detection task was built on them."),
    },
    right="a",
)

corners_of_a_box = quiz(
    "A box with x0 = 3 and x1 = 7 has an exclusive end. How many pixels wide is it?",
    options={
        "a": ("4.", "x1 - x0: the pixels 3, 4, 5 and 6, as in the slice image[:, 3:7]."),
        "b": (
            "5.",
            "That counts pixel 7, which is outside. Older VOC code counts it: its ends are inclusive.",
        ),
        "c": ("3.5.", "Half a pixel appears only where a center is computed."),
    },
    right="a",
)


# ---------------------------------------------------------------------------------------- challenge


@functools.cache
def _one_object_each():
    """Images in 0 to 1 and the box of their only object in 0 to 1: 2,000 to train with, 500 to test on."""
    splits = []
    for split, count in (("train", 2000), ("test", 500)):
        scenes = data.scenes(count, split=split, objects=(1, 1))
        alone = [number for number, boxes in enumerate(scenes.boxes) if len(boxes) == 1]
        boxes = np.stack([scenes.boxes[number][0] for number in alone])
        splits.append((scenes.images[alone] / np.float32(255), boxes / np.float32(scenes.images.shape[1])))
    return tuple(splits)


@challenge(
    examine=LocalizerChallenge(
        load=_one_object_each,
        iou=box_iou.reference,
        input_shape=(64, 64, 3),
        parameters=100_000,
        steps=400,
        batch_size=32,
        asked=0.58,
    ),
    hints=[
        "A network for classes is a start: a few blocks of convolution, batch norm and ReLU. The last layer "
        "has four "
        'numbers from 0 to 1: Dense(4, activation="sigmoid").',
        "Global pooling averages the places away, and the place is what is asked for. Flatten the last maps.",
        'Boxes are numbers, not classes: the loss is their distance, "mae" or "mse".',
        "The time goes into large maps: let the first convolution have strides=2. Four convolutions with "
        "strides=2 leave maps of 4×4. Batch norm needs momentum=0.9 here: 400 steps are few.",
    ],
)
def build_localizer():
    """A network that says where the only object of a picture is.

    The check gives it scenes (64, 64, 3), from 0 to 1, with one object each, and the object's box. It trains
    for 400 steps of 32 scenes with your optimizer and loss, and tests on other objects before other
    backgrounds. You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, (64, 64, 3) to 4 numbers, x0, y0, x1, y1 in parts of the image, from 0 to 1.
        Fewer than 100,000 parameters. The mean IoU of the test scenes must be 0.58.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((64, 64, 3))])
    for filters, kernel in ((16, 5), (32, 3), (48, 3), (48, 3)):
        model.add(layers.Conv2D(filters, kernel, strides=2, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.Flatten())
    model.add(layers.Dropout(0.2))
    model.add(layers.Dense(64, activation="relu"))
    model.add(layers.Dense(4, activation="sigmoid"))
    rate = keras.optimizers.schedules.CosineDecay(3e-3, decay_steps=400)
    model.compile(keras.optimizers.Adam(rate), loss="mae")
    return model
    # END SOLUTION


def _localizer(*middle, loss="mae", compiled=True):
    """The localizers of the mistakes below."""
    middle = middle or [layers.GlobalAveragePooling2D()]
    model = keras.Sequential([keras.Input((64, 64, 3)), *middle, layers.Dense(4, activation="sigmoid")])
    if compiled:
        model.compile("adam", loss=loss)
    return model


model_mistakes(build_localizer, _localizer)


@build_localizer.mistake(
    "The model must map one image to four numbers: is a Flatten missing, or are there as many outputs as "
    "classes?"
)
def other_shapes():
    return _localizer(layers.Dense(4))


@build_localizer.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters: small maps before "
    "Flatten help most."
)
def too_large():
    return _localizer(layers.Flatten(), layers.Dense(9))


@build_localizer.mistake('A box is four numbers, no class: loss="mae" or loss="mse".')
def loss_for_other_labels():
    return _localizer(loss="sparse_categorical_crossentropy")
