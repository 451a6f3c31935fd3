"""Figures of masks: a class for every pixel, single instances, and how a transposed convolution enlarges."""

import math

import matplotlib.patheffects as effects
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import to_rgba
from matplotlib.patches import Patch, Rectangle

from labs.plot.image import _number_image
from labs.plot.style import BLUE, GREEN, ORANGE, PURPLE, RED, SIGNED, SKY, WIDTH, bare, finished
from labs.text import _

# Neighboring classes differ in color, hatching and outline.
COLORS = (ORANGE, SKY, GREEN, PURPLE, RED, BLUE)
HATCHES = ("//", "..", "\\\\", "++", "--", "oo")
LINES = ("-", "--", "-.", ":")


def masks(images, masks, classes, titles=None, alpha=0.45, columns=5):
    """Photos under their class masks: color, hatching and outline say the class.

    Args:
        images: sequence of (H, W, 3) arrays, uint8 or floats from 0 to 1.
        masks: for each image an int array (H, W): 0 background, position in `classes` + 1 elsewhere.
        classes: names.
        titles: a string for each image.
        alpha: how much the colors cover, 0 to 1.
        columns: how many stand in a row.
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
        figsize=(max(columns * size, 5), rows * (size * height / width + title_height) + 0.6),
        squeeze=False,
        layout="constrained",
    )
    for axis in axes.flat:
        bare(axis)
    for axis, image, mask, title in zip(axes.flat, images, masks, titles, strict=False):
        axis.imshow(image)
        _lay_over(axis, mask, classes, alpha)
        axis.set_title(title)
    _class_legend(figure, classes, alpha)
    found = sorted({int(label) for mask in masks for label in np.unique(mask) if label})
    named = ", ".join(classes[label - 1] for label in found)
    return finished(
        figure,
        _("{count} photos with colored masks of {named}").format(
            count=len(images), named=named or _("no class")
        ),
    )


def mask_pairs(images, truths, predictions, classes):
    """Photos, their true masks and the predicted ones, with the mean IoU of each photo.

    The mean is over the background and the classes that the true or the predicted mask holds.

    Args:
        images: sequence of (H, W, 3) arrays, uint8 or floats from 0 to 1.
        truths, predictions: for each image an int array (H, W): 0 background, position in `classes` + 1 elsewhere.
        classes: names.
    """
    count = len(images)
    height, width = np.shape(images[0])[:2]
    size = min((WIDTH - 0.6) / count, 1.4)
    figure, axes = plt.subplots(
        3,
        count,
        figsize=(max(count * size + 0.6, 5), 3 * size * height / width + 1.2),
        squeeze=False,
        layout="constrained",
    )
    scores = [_image_iou(truth, predicted) for truth, predicted in zip(truths, predictions, strict=True)]
    for number, (image, truth, predicted) in enumerate(zip(images, truths, predictions, strict=True)):
        for axis, mask in zip(axes[:, number], (None, truth, predicted), strict=True):
            axis.imshow(image)
            axis.set(xticks=[], yticks=[])
            axis.grid(False)
            axis.spines[:].set_visible(False)
            if mask is not None:
                _lay_over(axis, mask, classes, 0.6)
        axes[2, number].set_xlabel(_("IoU {score:.2f}").format(score=scores[number]))
    for axis, name in zip(axes[:, 0], (_("image"), _("truth"), _("predicted")), strict=True):
        axis.set_ylabel(name)
    _class_legend(figure, classes, 0.6)
    listed = ", ".join(f"{score:.2f}" for score in scores)
    alt = _("Photos, their true masks and the predicted ones; mean IoU of each: {listed}")
    return finished(figure, alt.format(listed=listed))


def instances(image, instances, titles=None, numbers=True):
    """An image, and beside it the same image with every instance outlined and numbered at its center.

    Args:
        image: (H, W) or (H, W, 3) array.
        instances: int array (H, W), 0 background, then a number for each instance; or a sequence of such arrays,
            each with a panel of its own.
        titles: a string for each panel of instances; by default how many there are.
        numbers: whether the numbers are written.
    """
    panels = [instances] if np.ndim(instances) == 2 else list(instances)
    counts = [len(np.unique(panel[panel > 0])) for panel in map(np.asarray, panels)]
    if titles is None:
        titles = [_("{count} instances").format(count=count) for count in counts]
    height, width = np.shape(image)[:2]
    size = min(WIDTH / (len(panels) + 1), 3.2, 9.5 * width / height)  # not higher than a screen
    figure, axes = plt.subplots(
        1,
        len(panels) + 1,
        figsize=(size * (len(panels) + 1), size * height / width + 0.5),
        layout="constrained",
    )
    for axis in axes:
        axis.imshow(image)
        bare(axis)
    axes[0].set_title(_("image"))
    for axis, panel, title in zip(axes[1:], panels, titles, strict=True):
        _outline_instances(axis, np.asarray(panel), numbers)
        axis.set_title(title)
    alt = _("An image, and its instances outlined: {titles}")
    return finished(figure, alt.format(titles=", ".join(str(title) for title in titles)))


def unrolled(kernel, image, stride, output=None, steps=4):
    """A transposed convolution as a strip: each value of the image lays its multiple of the kernel on the output.

    Args:
        kernel: (k, k) array. image: (H, W) array. stride: pixels of the output between two copies.
        output: the finished output, drawn last; by default the sum of all copies.
        steps: how many values of the image are drawn, from the first on.
    """
    kernel, image = np.asarray(kernel), np.asarray(image)
    size = len(kernel)
    shape = tuple((side - 1) * stride + size for side in image.shape)
    total, copies = np.zeros(shape), np.zeros(shape, int)
    frames = []
    for row, column in np.ndindex(image.shape):
        part = np.s_[row * stride : row * stride + size, column * stride : column * stride + size]
        total[part] += image[row, column] * kernel
        copies[part] += 1
        frames.append((row, column, total.copy(), copies.copy()))
    output = total if output is None else np.asarray(output)
    frames = frames[:steps]
    heights = [max(image.shape[0] / image.shape[1], 1), output.shape[0] / output.shape[1]]
    figure, axes = plt.subplots(
        2,
        len(frames) + 1,
        figsize=(WIDTH, WIDTH / (len(frames) + 1) * sum(heights) + 0.9),
        height_ratios=heights,
        layout="constrained",
    )
    largest = max(np.abs(output).max(), np.abs(total).max()) or 1
    for (above, below), (row, column, values, count) in zip(axes.T[:-1], frames, strict=True):
        _number_image(above, image, (image.min(), image.max()), signed=True)
        above.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=RED, linewidth=4))
        above.set_title(_("{value:g} × kernel").format(value=image[row, column]))
        _partial_sum(below, values, count, largest)
        corner = (column * stride - 0.5, row * stride - 0.5)
        below.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=RED, linewidth=4))
    above, below = axes[:, -1]
    _number_image(above, kernel, (kernel.min(), kernel.max()), signed=True)
    above.set_title(_("kernel"))
    _partial_sum(below, output, copies if copies.shape == output.shape else np.ones(output.shape), largest)
    below.set_title(_("finished"))
    axes[0, 0].set_ylabel(_("image"))
    axes[1, 0].set_ylabel(_("output"))
    overlap = Patch(facecolor="white", edgecolor="gray", hatch="///", label=_("sum of several copies"))
    if copies.max() > 1:
        figure.legend(handles=[overlap], loc="outside lower center")
    alt = _(
        "A transposed convolution of stride {stride}: {count} values of an image lay scaled copies of a {size} by "
        "{size} kernel on an output of {rows} by {columns}; where copies overlap, they add up."
    )
    return finished(
        figure,
        alt.format(
            stride=stride, count=len(frames), size=size, rows=output.shape[0], columns=output.shape[1]
        ),
    )


def _lay_over(axis, mask, classes, alpha):
    """Color, hatching and outline of each class of a mask, on an image that is drawn already."""
    mask = np.pad(np.asarray(mask), 1)  # so that outlines close at the border
    across, down = np.arange(mask.shape[1]) - 1, np.arange(mask.shape[0]) - 1
    for label in range(1, len(classes) + 1):
        inside = (mask == label).astype(float)
        if not inside.any():
            continue
        color, hatch, line = _look(label - 1)
        filled = axis.contourf(
            across, down, inside, [0.5, 1.5], colors=[to_rgba(color, alpha)], hatches=[hatch]
        )
        filled.set(edgecolor=to_rgba("black", 0.55), linewidth=0)
        axis.contour(across, down, inside, [0.5], colors="white", linewidths=3.2)
        axis.contour(across, down, inside, [0.5], colors="black", linewidths=1.8, linestyles=[line])
    axis.set(xlim=(-0.5, mask.shape[1] - 2.5), ylim=(mask.shape[0] - 2.5, -0.5))


def _look(number):
    """Color, hatching and line style of a class."""
    return COLORS[number % len(COLORS)], HATCHES[number % len(HATCHES)], LINES[number % len(LINES)]


def _class_legend(figure, classes, alpha):
    handles = []
    for number, name in enumerate(classes):
        color, hatch, line = _look(number)
        handles.append(
            Patch(
                facecolor=to_rgba(color, alpha),
                edgecolor="black",
                hatch=hatch,
                linestyle=line,
                linewidth=1.5,
                label=name,
            )
        )
    figure.legend(
        handles=handles,
        loc="outside lower center",
        ncols=min(len(handles), 6),
        handlelength=2.4,
        handleheight=1.4,
    )


def _image_iou(truth, predicted):
    """Mean IoU over the values that one of the two masks holds."""
    values = np.union1d(truth, predicted)
    return np.mean(
        [
            np.sum((truth == value) & (predicted == value)) / np.sum((truth == value) | (predicted == value))
            for value in values
        ]
    )


def _outline_instances(axis, panel, numbers):
    """The outline of every instance, and its number at the pixel in its middle."""
    padded = np.pad(panel, 1)
    across, down = np.arange(padded.shape[1]) - 1, np.arange(padded.shape[0]) - 1
    labels = np.unique(panel[panel > 0])
    font = 12 if len(labels) <= 20 else 9
    for place, label in enumerate(labels):
        color = COLORS[place % len(COLORS)]
        inside = (padded == label).astype(float)
        axis.contour(across, down, inside, [0.5], colors="white", linewidths=2.6)
        axis.contour(
            across,
            down,
            padded == label,
            [0.5],
            colors=[color],
            linewidths=1.6,
            linestyles=[LINES[place % 2]],
        )
        if numbers:
            rows, columns = np.nonzero(panel == label)
            text = axis.text(
                columns.mean(),
                rows.mean(),
                str(label),
                color="white",
                fontsize=font,
                ha="center",
                va="center",
            )
            text.set_path_effects([effects.withStroke(linewidth=2.5, foreground="black")])
    axis.set(xlim=(-0.5, panel.shape[1] - 0.5), ylim=(panel.shape[0] - 0.5, -0.5))


def _partial_sum(axis, values, copies, largest):
    """A sum of copies of the kernel so far: untouched cells stay empty, sums of several copies are hatched."""
    axis.imshow(np.where(copies > 0, values, np.nan), cmap=SIGNED, vmin=-2 * largest, vmax=2 * largest)
    for (row, column), value in np.ndenumerate(values):
        if copies[row, column] > 1:
            corner = (column - 0.5, row - 0.5)
            axis.add_patch(Rectangle(corner, 1, 1, fill=False, edgecolor="gray", hatch="///", linewidth=0))
        if copies[row, column] > 0:
            text = axis.text(column, row, f"{value:g}", ha="center", va="center", fontsize=12)
            text.set_path_effects([effects.withStroke(linewidth=3, foreground="white")])
    axis.set_xticks(np.arange(-0.5, values.shape[1]), [])
    axis.set_yticks(np.arange(-0.5, values.shape[0]), [])
    axis.tick_params(length=0)
    axis.spines[:].set_visible(True)
    axis.grid(True, alpha=1)
