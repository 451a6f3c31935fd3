"""Lesson 07 · What and where."""

import math

import numpy as np

from labs.check import exercise, quiz


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
        float: first each precision becomes the largest one at its place or to the right of it; then the sum of
        step of the recall × precision at the end of the step. Recall that is never reached adds nothing.
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
        dict(  # an IoU equal to the threshold, and one below it that must not take the truth
            truths=[_truth([0, 0, 10, 10, 0]), _truth([0, 0, 10, 10, 1])],
            detections=[
                _found([0, 0, 10, 5, 0.9, 0]),
                _found([0, 0, 10, 4, 0.9, 1], [0, 0, 10, 9, 0.5, 1]),
            ],
        ),
        dict(  # classes in truths only (5), in detections only (2); images without truths or detections
            truths=[
                _truth([0, 0, 8, 8, 1], [10, 10, 20, 20, 5]),
                _truth(),
                ([], []),
                _truth([0, 0, 8, 8, 1]),
            ],
            detections=[
                _found([0, 0, 8, 8, 0.4, 1], [10, 10, 20, 20, 0.9, 2]),
                _found([0, 0, 8, 8, 0.6, 1]),
                _found(),
                ([], [], []),
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
        "One class at a time: count its truths, collect its detections from all images as (score, image, box), and "
        "sort them by falling score.",
        "A detection belongs to the truth of its class and image with the largest IoU. It is right when that IoU "
        "reaches the threshold and no earlier detection has taken this truth.",
        "count = np.cumsum(right): recall is count / truths, precision is count / np.arange(1, len(right) + 1).",
        "average_precision(recall, precision) for each class that occurs in the truths, and then the mean.",
    ],
)
def mean_average_precision(truths, detections, iou_threshold=0.5):
    """Mean average precision with the matching of Pascal VOC.

    For each class: its detections of all images together, by falling score. Each belongs to the truth of its
    class in its image with the largest IoU (the first of equal ones), taken or not. It is right when that IoU is
    at least the threshold and the truth is still free; the truth is then taken. Everything else is wrong.

    Args:
        truths: list with one pair (boxes, labels) an image: arrays (n, 4) xyxy and (n,) of ints.
        detections: list of the same length with one triple (boxes, scores, labels) an image: arrays (m, 4), (m,)
            and (m,). Equal scores keep their order: image by image, then as in the arrays. An image without
            truths or without detections has arrays of length 0, or empty lists.
        iou_threshold: float above 0.

    Returns:
        float: the mean of the classes' average precisions (all points), over the classes that occur in the truths.
        A class that is never detected counts as 0; one that occurs in detections only is left out. 0.0 where
        there are no truths at all.
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
    "A second detection of the same object counts as right here. A truth can be found once; the rest is wrong."
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
    "That is COCO's matching: the best truth that is still free. VOC takes the best of all, and it must be free."
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


@mean_average_precision.mistake("Without any truths the mean of nothing is NaN: return 0.0 then.")
def nan_without_truths(truths, detections, iou_threshold=0.5):
    return _right_mean(truths, detections, iou_threshold) if _class_names(truths) else np.nan
