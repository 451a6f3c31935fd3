"""Figures of boxes: what a detector finds, how boxes are compared, and where its anchors and cells lie."""

import math

import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from labs.plot.style import BLUE, GREEN, ORANGE, PURPLE, RED, SKY, WIDTH, bare, finished
from labs.text import _

COLORS = (ORANGE, SKY, GREEN, PURPLE, RED, BLUE)
MARKERS = "os^DvX"
FACE_LANDMARKS = ("right eye", "left eye", "nose", "mouth", "right ear", "left ear")


def boxes(
    images, boxes, labels=None, scores=None, classes=None, titles=None, truths=None, columns=4, alt=None
):
    """Images with the predicted boxes as solid frames and, where they are given, the true ones as dashed frames.

    Args:
        images: sequence of (H, W, 3) or (H, W) arrays.
        boxes: for each image an array (n, 4) of left, top, right, bottom in pixels.
        labels: for each image n ints, positions in `classes`.
        scores: for each image n floats, written behind the name.
        classes: names.
        titles: a string for each image.
        truths: for each image an array (m, 4) of true boxes.
        columns: how many images stand in a row.
        alt: the alt text, when the titles do not say what is seen.
    """
    titles = [""] * len(images) if titles is None else [str(title) for title in titles]
    size = WIDTH / columns
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    height, width = np.shape(images[0])[:2]
    title_height = 0.32 * max(title.count("\n") + 1 for title in titles) if any(titles) else 0.05
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(
            columns * size,
            rows * (size * height / width + title_height) + (0 if truths is None else 0.5),
        ),
        squeeze=False,
        layout="constrained",
    )
    for axis in axes.flat:
        bare(axis)
    for number, (axis, image, title) in enumerate(zip(axes.flat, images, titles, strict=False)):
        _photo(axis, image)
        axis.set_title(title)
        for box in truths[number] if truths is not None else ():
            _frame(axis, box, "white", "--")
        for place, box in enumerate(boxes[number]):
            label = None if labels is None else int(labels[number][place])
            color = COLORS[0 if label is None else label % len(COLORS)]
            _frame(axis, box, color, "-")
            name = "" if label is None else str(classes[label] if classes else label)
            score = "" if scores is None else f"{float(scores[number][place]):.2f}"
            _box_text(axis, box, f"{name} {score}".strip(), color, np.shape(image))
    if truths is not None:
        lines = (
            Line2D([], [], color="black", linestyle="-", linewidth=2.5, label=_("predicted")),
            Line2D([], [], color="white", linestyle="--", linewidth=2.5, label=_("true")),
        )
        figure.legend(
            handles=lines,
            loc="outside lower center",
            ncols=2,
            handlelength=3,
            facecolor="#aaaaaa",
            framealpha=1,
        )
    count = sum(len(found) for found in boxes)
    named = ", ".join(title.replace("\n", " ") for title in titles if title)
    described = _(
        "Images with frames around what was found; images: {images}, frames: {count}, titles: {named}"
    )
    return finished(
        figure, alt or described.format(images=len(images), count=count, named=named or _("none"))
    )


def overlap(box_a, box_b):
    """Two boxes, their intersection hatched, and their IoU computed in the title.

    Args:
        box_a, box_b: left, top, right, bottom, y down.
    """
    a, b = np.asarray(box_a, float), np.asarray(box_b, float)
    low, high = np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])
    shared = float(np.prod(np.maximum(high - low, 0)))
    union = float(np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - shared)
    figure, axis = plt.subplots(figsize=(WIDTH * 0.6, WIDTH * 0.45), layout="constrained")
    for box, name, color, line in ((a, "a", BLUE, "-"), (b, "b", RED, "--")):
        axis.add_patch(
            Rectangle(
                box[:2],
                *(box[2:] - box[:2]),
                fill=False,
                edgecolor=color,
                linestyle=line,
                linewidth=3,
                label=name,
            )
        )
    if shared:
        axis.add_patch(
            Rectangle(
                low,
                *(high - low),
                facecolor="#00000020",
                edgecolor="gray",
                hatch="//",
                linewidth=0,
                label=_("intersection"),
            )
        )
    first, last = np.minimum(a[:2], b[:2]), np.maximum(a[2:], b[2:])
    margin = 0.08 * (last - first)
    axis.set(
        xlim=(first[0] - margin[0], last[0] + margin[0]),
        ylim=(last[1] + margin[1], first[1] - margin[1]),
        aspect="equal",
        xlabel="x",
        ylabel="y",
    )
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    formula = f"IoU = {shared:g} / {union:g} = {shared / union if union else 0:.2f}"
    axis.set_title(formula)
    alt = _("Two boxes and their intersection: {formula}")
    return finished(figure, alt.format(formula=formula))


def precision_recall(curves):
    """Precision over recall: as measured (thin) and made non-increasing from the right (thick), with the area below.

    Args:
        curves: dict name → (recall, precision), recall not falling.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 4.6), layout="constrained")
    described = []
    for name, (recall, precision) in curves.items():
        recall, precision = np.asarray(recall, float), np.asarray(precision, float)
        envelope = np.maximum.accumulate(precision[::-1])[::-1]
        area = float(np.sum(np.diff(recall, prepend=0.0) * envelope))
        described.append(_("{name}, area {area:.3f}").format(name=name, area=area))
        steps = np.concatenate([[0.0], recall, recall[-1:]]), np.concatenate([envelope[:1], envelope, [0.0]])
        (line,) = axis.plot(*steps, drawstyle="steps-pre", linewidth=2.8, label=described[-1])
        axis.plot(
            recall,
            precision,
            color=line.get_color(),
            linestyle="-",
            linewidth=1,
            marker=MARKERS[(len(described) - 1) % len(MARKERS)],
            markersize=5,
            alpha=0.7,
        )
    axis.plot(
        [], [], color="gray", linestyle="-", linewidth=1, marker="o", markersize=5, label=_("as measured")
    )
    axis.set(xlabel=_("recall"), ylabel=_("precision"), xlim=(0, 1.02), ylim=(0, 1.05))
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    alt = _("Precision over recall: {described}")
    return finished(figure, alt.format(described="; ".join(described)))


def anchors(image, centers, boxes=None):
    """The centers of anchors on an image, several grids side by side.

    Args:
        image: (H, W) or (H, W, 3) array.
        centers: (N, 2) array of x, y from 0 to 1, or a dict name → such an array, each with a panel of its own.
            Where several anchors share a center, the title says how many.
        boxes: boxes (n, 4) in pixels to draw on every panel, for example one object.
    """
    panels = centers if isinstance(centers, dict) else {"": centers}
    height, width = np.shape(image)[:2]
    size = min(WIDTH / len(panels), 6.0)
    figure, axes = plt.subplots(
        1,
        len(panels),
        figsize=(len(panels) * size, size * height / width + 0.6),
        squeeze=False,
        layout="constrained",
    )
    described = []
    for axis, (name, places), marker in zip(axes.flat, panels.items(), MARKERS, strict=False):
        unique, copies = np.unique(np.asarray(places), axis=0, return_counts=True)
        _photo(axis, image)
        bare(axis)
        x, y = unique[:, 0] * width - 0.5, unique[:, 1] * height - 0.5
        axis.scatter(x, y, s=34, marker=marker, color=ORANGE, edgecolors="black", linewidths=0.8)
        for box in () if boxes is None else boxes:
            _frame(axis, box, SKY, "-")
        each = f"{copies.min()}" if copies.min() == copies.max() else f"{copies.min()} – {copies.max()}"
        text = _("{count} centers, {each} at each").format(count=len(unique), each=each)
        if copies.max() == 1:
            text = _("{count} centers").format(count=len(unique))
        described.append(f"{name}: {text}" if name else text)
        axis.set_title(described[-1])
    alt = _("An image with the centers of anchors; {described}")
    return finished(figure, alt.format(described="; ".join(described)))


def grid(image, size, boxes, names=None):
    """An image under a grid of cells; the cell that holds the center of a box is hatched: it answers for the box.

    Args:
        image: (H, W) or (H, W, 3) array.
        size: int, cells along each side.
        boxes: array (n, 4) of left, top, right, bottom in pixels.
        names: a string for each box.
    """
    height, width = np.shape(image)[:2]
    figure, axis = plt.subplots(figsize=(6.0, 6.0 * height / width + 0.4), layout="constrained")
    _photo(axis, image)
    bare(axis)
    cells = []
    for x in np.linspace(0, width, size + 1) - 0.5:
        axis.plot([x, x], [-0.5, height - 0.5], color="white", linestyle="-", linewidth=1.2, alpha=0.8)
    for y in np.linspace(0, height, size + 1) - 0.5:
        axis.plot([-0.5, width - 0.5], [y, y], color="white", linestyle="-", linewidth=1.2, alpha=0.8)
    for number, box in enumerate(np.asarray(boxes, float)):
        color = COLORS[number % len(COLORS)]
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        row, column = min(int(y / height * size), size - 1), min(int(x / width * size), size - 1)
        cells.append(f"[{row}, {column}]")
        corner = (column * width / size - 0.5, row * height / size - 0.5)
        axis.add_patch(
            Rectangle(
                corner,
                width / size,
                height / size,
                facecolor=f"{color}66",
                edgecolor="white",
                hatch="//",
                linewidth=2,
            )
        )
        _frame(axis, box, color, "-")
        axis.plot(x - 0.5, y - 0.5, marker="o", color=color, markersize=11, markeredgecolor="black")
        text = cells[-1] if names is None else f"{names[number]} {cells[-1]}"
        _box_text(axis, box, text, color, np.shape(image))
    axis.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
    alt = _(
        "An image under a grid of {size} by {size} cells; row and column of the cells that answer: {cells}"
    )
    return finished(figure, alt.format(size=size, cells=", ".join(cells)))


def landmarks(image, boxes, points, scores, names=FACE_LANDMARKS, alt=None):
    """Boxes with the landmarks inside them, one marker a kind of landmark.

    Args:
        image: (H, W) or (H, W, 3) array.
        boxes: array (n, 4) of left, top, right, bottom in pixels.
        points: array (n, k, 2) of x, y in pixels.
        scores: n floats, written on the boxes.
        names: what the k landmarks are called.
        alt: the alt text, when the names do not say what is seen.
    """
    height, width = np.shape(image)[:2]
    figure, axis = plt.subplots(figsize=(WIDTH * 0.65, 4.5 * height / width + 0.2), layout="constrained")
    _photo(axis, image)
    bare(axis)
    points = np.asarray(points, float).reshape(len(boxes), len(names), 2)
    for box, score in zip(boxes, scores, strict=True):
        _frame(axis, box, ORANGE, "-")
        _box_text(axis, box, f"{float(score):.2f}", ORANGE, np.shape(image))
    for number, name in enumerate(names):
        axis.scatter(
            points[:, number, 0] - 0.5,
            points[:, number, 1] - 0.5,
            s=90,
            marker=MARKERS[number % len(MARKERS)],
            color=COLORS[number % len(COLORS)],
            edgecolors="white",
            linewidths=1.5,
            label=name,
            zorder=3,
        )
    axis.set(xlim=(-0.5, width - 0.5), ylim=(height - 0.5, -0.5))
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    listed = ", ".join(f"{float(score):.2f}" for score in scores)
    described = _("An image with frames of scores {listed}, in each the landmarks {names}")
    return finished(figure, alt or described.format(listed=listed or _("none"), names=", ".join(names)))


def _photo(axis, image):
    """An image with pixel edges at whole numbers minus one half, as boxes count them."""
    image = np.squeeze(np.asarray(image))
    axis.imshow(image, **({"vmin": 0, "vmax": 255} if image.dtype == np.uint8 else {}))


def _frame(axis, box, color, line):
    """A box with exclusive ends; a dark rim keeps it visible on any photo."""
    left, top, right, bottom = np.asarray(box, float)
    frame = Rectangle(
        (left - 0.5, top - 0.5),
        right - left,
        bottom - top,
        fill=False,
        edgecolor=color,
        linestyle=line,
        linewidth=2.4,
    )
    frame.set_path_effects([effects.withStroke(linewidth=4.2, foreground="black"), effects.Normal()])
    axis.add_patch(frame)


def _box_text(axis, box, text, color, shape):
    """A text at a box's upper corner: above the box, or inside where the image ends; never beyond its sides."""
    if not text:
        return
    left, top, right, _bottom = np.asarray(box, float)
    height, width = shape[:2]
    at_right = left > 0.55 * width
    axis.annotate(
        text,
        (min(right, width) - 0.5 if at_right else max(left, 0) - 0.5, max(top, 0) - 0.5),
        textcoords="offset points",
        xytext=(0, -2 if top < 0.14 * height else 2),
        ha="right" if at_right else "left",
        va="top" if top < 0.14 * height else "bottom",
        fontsize=11,
        bbox={"facecolor": color, "edgecolor": "black", "linewidth": 0.8, "pad": 1.5, "alpha": 0.9},
    )
