"""Figures of images, kernels and feature maps."""

import math

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import Rectangle

from labs.plot.style import RED, SIGNED, WIDTH, bare, finished
from labs.text import _


def images(images, titles=None, columns=8, limits=None, alt=None):
    """Images in a grid.

    Args:
        images: sequence of (H, W), (H, W, 1) or (H, W, 3) arrays; uint8, or floats from 0 to 1.
        titles: a string for each image.
        columns: how many stand in a row.
        limits: (low, high) values shown black and white, or a list of one for each image; by default 0 and
            255 for uint8, 0 and 1 for floats in that range, else an image's smallest and largest value.
        alt: the alt text, when the titles do not say what is seen.
    """
    images = [np.squeeze(np.asarray(image)) for image in images]
    titles = [""] * len(images) if titles is None else [str(title) for title in titles]
    size = WIDTH / columns  # of one image, so that few images do not grow to the whole width
    columns = min(columns, len(images))
    rows = math.ceil(len(images) / columns)
    height, width = images[0].shape[:2]
    title_height = 0.32 * max(title.count("\n") + 1 for title in titles) if any(titles) else 0.05
    figure, axes = plt.subplots(
        rows,
        columns,
        figsize=(columns * size, rows * (size * height / width + title_height)),
        squeeze=False,
        layout="constrained",
    )
    for axis in axes.flat:
        bare(axis)
    given = limits if isinstance(limits, list) else [limits] * len(images)
    for axis, image, title, pair in zip(axes.flat, images, titles, given, strict=False):
        low, high = pair or _limits(image)
        axis.imshow(image, vmin=low, vmax=high)
        axis.set_title(title)
    named = ", ".join(title.replace("\n", " ") for title in titles if title)
    return finished(
        figure, alt or _("{count} images: {named}").format(count=len(images), named=named or _("untitled"))
    )


def image_rows(rows, columns=None, alt=None):
    """Rows of images, the name of each row on its left.

    Args:
        rows: dict name → sequence of (H, W) or (H, W, 3) arrays; uint8, or floats from 0 to 1. Rows are equally long.
        columns: a name for each column, written above it.
        alt: the alt text, when the names do not say what is seen.
    """
    rows = {name: [np.squeeze(np.asarray(image)) for image in row] for name, row in rows.items()}
    count = len(next(iter(rows.values())))
    height, width = next(iter(rows.values()))[0].shape[:2]
    size = WIDTH / (count + 1)  # of one image; the names take the room of one
    figure, axes = plt.subplots(
        len(rows),
        count,
        figsize=(WIDTH, len(rows) * size * height / width + (0.3 if columns else 0)),
        squeeze=False,
        layout="constrained",
    )
    for line, (name, row) in zip(axes, rows.items(), strict=True):
        for axis, image in zip(line, row, strict=True):
            low, high = _limits(image)
            axis.imshow(image, vmin=low, vmax=high)
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(False)
        line[0].set_ylabel(name, rotation=0, ha="right", va="center")
    for axis, name in zip(axes[0], columns or [], strict=False):
        axis.set_title(name)
    named = ", ".join(name.replace("\n", " ") for name in rows)
    return finished(figure, alt or _("Rows of {count} images: {named}").format(count=count, named=named))


def _limits(image):
    if image.dtype == np.uint8:
        return 0, 255
    if image.min() >= 0 and image.max() <= 1:
        return 0, 1
    return image.min(), image.max()


def pixels(images, titles=None, limits=(0, 255), signed=False, alt=None):
    """Small images with the value of every pixel written on it.

    Args:
        images: sequence of (H, W) arrays; zeros and ones may differ in shape.
        titles: a string for each.
        limits: (low, high) values of black and white.
        signed: colors for values of both signs, white at 0, in place of grays.
        alt: the alt text, when the titles do not say what is seen.
    """
    images = [np.asarray(image) for image in images]
    titles = titles or [""] * len(images)
    widths = [image.shape[1] for image in images]
    height = max(image.shape[0] for image in images) * WIDTH / max(sum(widths) + len(widths) - 1, 16) + 0.5
    figure, axes = plt.subplots(
        1, len(images), figsize=(WIDTH, height), squeeze=False, width_ratios=widths, layout="constrained"
    )
    for axis, image, title in zip(axes.flat, images, titles, strict=True):
        _number_image(axis, image, limits, signed)
        axis.set_title(title)
    return finished(figure, alt or _("Pixel values of {named}").format(named=", ".join(map(str, titles))))


def zoom(image, rows, columns, title=""):
    """An image, and the pixel values of a small part of it.

    Args:
        image: (H, W) array of values from 0 to 255.
        rows, columns: slices of the part, at most about 12 long.
        title: name of the image.
    """
    figure, (whole, part) = plt.subplots(
        1, 2, figsize=(WIDTH, 3.6), width_ratios=[1, 1.1], layout="constrained"
    )
    whole.imshow(image, vmin=0, vmax=255)
    corner = (columns.start - 0.5, rows.start - 0.5)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    whole.add_patch(Rectangle(corner, *size, fill=False, edgecolor=RED, linewidth=3))
    bare(whole)
    whole.set_title(title)
    _number_image(part, np.round(image[rows, columns]), (0, 255), signed=False)
    part.set_title(_("rows {rows}, columns {columns}").format(rows=_range(rows), columns=_range(columns)))
    return finished(
        figure, _("{title}, and the numbers of a marked part of it").format(title=title or _("An image"))
    )


def details(images, titles, rows, columns, alt=None):
    """The last image whole, and a marked part of it enlarged, beside the same part of the other images.

    Args:
        images: sequence of (H, W, 3) arrays of one shape; uint8, or floats from 0 to 1.
        titles: a string for each.
        rows, columns: slices of the part.
        alt: the alt text, when the titles do not say what is seen.
    """
    count = len(images) + 1
    ratio = (rows.stop - rows.start) / (columns.stop - columns.start)
    figure, axes = plt.subplots(1, count, figsize=(WIDTH, WIDTH / count * ratio + 0.6), layout="constrained")
    axes[0].imshow(images[-1])
    corner = (columns.start - 0.5, rows.start - 0.5)
    size = (columns.stop - columns.start, rows.stop - rows.start)
    axes[0].add_patch(Rectangle(corner, *size, fill=False, edgecolor="white", linewidth=4))
    axes[0].add_patch(Rectangle(corner, *size, fill=False, edgecolor=RED, linewidth=2, linestyle="--"))
    axes[0].set_title(_("the marked part"))
    for axis, image, title in zip(axes[1:], images, titles, strict=True):
        axis.imshow(image[rows, columns])
        axis.set_title(title)
    for axis in axes:
        bare(axis)
    named = ", ".join(title.replace("\n", " ") for title in titles)
    return finished(figure, alt or _("A part of an image, enlarged: {named}").format(named=named))


def _range(part):
    return _("{first} to {last}").format(first=part.start, last=part.stop - 1)


def _number_image(axis, image, limits, signed):
    low, high = limits
    largest = np.abs(image).max() or 1
    if signed:
        axis.imshow(image, cmap=SIGNED, vmin=-2 * largest, vmax=2 * largest)
    else:
        axis.imshow(image, vmin=low, vmax=high)
    for (row, column), value in np.ndenumerate(image):
        dark = not signed and value < (low + high) / 2
        text = f"{value:g}" if float(value).is_integer() else f"{value:.2f}"
        axis.text(
            column, row, text, ha="center", va="center", color="white" if dark else "black", fontsize=13
        )
    axis.set_xticks([])
    axis.set_yticks([])
    axis.grid(False)
    axis.spines[:].set_visible(True)


def sliding(image, kernel, output, stride=1, steps=4):
    """A kernel on its way over an image, as a strip: the position above, what it fills in below.

    Args:
        image: (H, W) array. kernel: (k, k) array. output: the convolution of the two.
        stride: pixels between positions.
        steps: how many positions are drawn, spread from the first to the last.
    """
    rows, columns = output.shape
    chosen = np.unique(np.linspace(0, rows * columns - 1, steps).round().astype(int))
    heights = [image.shape[0] / image.shape[1], rows / columns]
    figure, axes = plt.subplots(
        2,
        len(chosen),
        figsize=(WIDTH, WIDTH / len(chosen) * sum(heights) + 0.6),
        height_ratios=heights,
        squeeze=False,
        layout="constrained",
    )
    size = len(kernel)
    for number, place in enumerate(chosen):
        row, column = divmod(int(place), columns)
        above, below = axes[:, number]
        _number_image(above, image, (image.min(), image.max()), signed=False)
        above.add_patch(
            Rectangle(
                (column * stride - 0.5, row * stride - 0.5),
                size,
                size,
                fill=False,
                edgecolor=RED,
                linewidth=5,
            )
        )
        above.set_title(_("position [{row}, {column}]").format(row=row, column=column))
        filled = np.full(output.shape, np.nan)
        filled.flat[: place + 1] = output.flat[: place + 1]
        _partly_filled(below, filled, np.abs(output).max() or 1)
        below.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, fill=False, edgecolor=RED, linewidth=5))
    axes[0, 0].set_ylabel(_("image"))
    axes[1, 0].set_ylabel(_("output"))
    return finished(
        figure,
        _(
            "A {size} by {size} kernel at {count} positions of an image; the output fills up value by value."
        ).format(size=size, count=len(chosen)),
    )


def _partly_filled(axis, values, largest):
    axis.imshow(values, cmap=SIGNED, vmin=-2 * largest, vmax=2 * largest)
    for (row, column), value in np.ndenumerate(values):
        if not np.isnan(value):
            axis.text(column, row, f"{value:g}", ha="center", va="center", fontsize=13)
    axis.set_xticks(np.arange(-0.5, values.shape[1]), [])
    axis.set_yticks(np.arange(-0.5, values.shape[0]), [])
    axis.spines[:].set_visible(True)
    axis.grid(True, alpha=1)


def kernels(weights, columns=8):
    """The kernels of a convolution, orange below 0 and purple above, all on one scale.

    Args:
        weights: (k, k, C, F) array; with more than one channel the first is drawn.
    """
    largest = np.abs(weights).max()
    count = weights.shape[-1]
    columns = min(columns, count)
    rows = math.ceil(count / columns)
    figure, axes = plt.subplots(
        rows, columns, figsize=(WIDTH, rows * (WIDTH / columns + 0.3)), squeeze=False, layout="constrained"
    )
    for axis in axes.flat:
        bare(axis)
    for number, axis in zip(range(count), axes.flat, strict=False):
        shown = axis.imshow(weights[:, :, 0, number], cmap=SIGNED, vmin=-largest, vmax=largest)
        axis.set_title(_("filter {number}").format(number=number))
    figure.colorbar(shown, ax=axes, shrink=0.8)
    return finished(figure, _("{count} kernels of a convolution as colored squares").format(count=count))


def feature_maps(image, maps, columns=9):
    """An image and, for each layer, what its filters make of it; one scale a layer.

    Args:
        image: (H, W) array.
        maps: dict name of a layer → (H', W', F) array, its output for the image.
        columns: how many maps stand in a row.
    """
    rows = [math.ceil(one.shape[-1] / (columns - 1)) for one in maps.values()]
    figure = plt.figure(figsize=(WIDTH, sum(rows) * WIDTH / columns + 0.6 * len(maps)), layout="constrained")
    parts = figure.subfigures(len(maps), 1, height_ratios=rows, squeeze=False)[:, 0]
    for part, (name, values), count in zip(parts, maps.items(), rows, strict=True):
        part.suptitle(name)
        axes = part.subplots(count, columns, squeeze=False)
        for axis in axes.flat:
            bare(axis)
        if part is parts[0]:
            axes[0, 0].imshow(np.squeeze(image))
        for number, axis in zip(range(values.shape[-1]), axes[:, 1:].flat, strict=False):
            axis.imshow(values[..., number], vmin=min(values.min(), 0), vmax=values.max())
            axis.set_title(str(number), fontsize=11, pad=2)
    counts = ", ".join(f"{name}: {values.shape[-1]}" for name, values in maps.items())
    return finished(figure, _("An image and its feature maps ({counts})").format(counts=counts))
