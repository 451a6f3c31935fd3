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
