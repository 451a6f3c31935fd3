"""One function a picture, one style for the whole course. Each returns the matplotlib figure.

Colors are those of Okabe and Ito, which color-blind readers can tell apart; lines differ in their dashes,
too. Every figure carries its alt text as its label.
"""

import io
import math

import matplotlib.pyplot as plt
import numpy as np
from cycler import cycler
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from labs.text import _

BLUE, ORANGE, GREEN, RED, SKY, PURPLE, BLACK = (
    "#0072B2",
    "#E69F00",
    "#009E73",
    "#D55E00",
    "#56B4E9",
    "#CC79A7",
    "#000000",
)
WIDTH = 10.0  # inches, of every figure
DOTS = 80  # per inch
GRAY = "gray"
SIGNED = "PuOr"  # for values of both signs, white at 0

_STYLE = {
    "font.size": 13,
    "axes.titlesize": 14,
    "axes.labelsize": 14,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "image.cmap": GRAY,
    "lines.linewidth": 2.2,
    "figure.dpi": DOTS,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "axes.prop_cycle": cycler(color=[BLUE, ORANGE, GREEN, RED, PURPLE, BLACK])
    + cycler(linestyle=["-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1))]),
}


def use_style():
    """Set the style of the course, and let figures bring their alt text into the notebook."""
    plt.switch_backend(plt.get_backend())  # now, since it would set its own way to show a figure later
    plt.rcParams.update(_STYLE)
    try:
        from IPython import get_ipython
    except ImportError:
        return
    if shell := get_ipython():
        shell.display_formatter.formatters["image/png"].for_type(Figure, _png_with_alt)


def _png_with_alt(figure):
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=DOTS, bbox_inches="tight")
    return content.getvalue(), {"alt": figure.get_label() or _("A figure")}


def _finished(figure, alt):
    """Give a figure its alt text, and close it, so that a notebook shows it once, as the cell's value."""
    figure.set_label(alt)
    plt.close(figure)
    return figure


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
        axis.axis("off")
    given = limits if isinstance(limits, list) else [limits] * len(images)
    for axis, image, title, pair in zip(axes.flat, images, titles, given, strict=False):
        low, high = pair or _limits(image)
        axis.imshow(image, vmin=low, vmax=high)
        axis.set_title(title)
    named = ", ".join(title.replace("\n", " ") for title in titles if title)
    return _finished(
        figure, alt or _("{count} images: {named}").format(count=len(images), named=named or _("untitled"))
    )


def _limits(image):
    if image.dtype == np.uint8:
        return 0, 255
    if image.min() >= 0 and image.max() <= 1:
        return 0, 1
    return image.min(), image.max()


def pixels(images, titles=None, limits=(0, 255), signed=False):
    """Small images with the value of every pixel written on it.

    Args:
        images: sequence of (H, W) arrays; zeros and ones may differ in shape.
        titles: a string for each.
        limits: (low, high) values of black and white.
        signed: colors for values of both signs, white at 0, in place of grays.
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
    return _finished(figure, _("Pixel values of {named}").format(named=", ".join(map(str, titles))))


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
    whole.axis("off")
    whole.set_title(title)
    _number_image(part, np.round(image[rows, columns]), (0, 255), signed=False)
    part.set_title(_("rows {rows}, columns {columns}").format(rows=_range(rows), columns=_range(columns)))
    return _finished(
        figure, _("{title}, and the numbers of a marked part of it").format(title=title or _("An image"))
    )


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
    return _finished(
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
        axis.axis("off")
    for number, axis in zip(range(count), axes.flat, strict=False):
        shown = axis.imshow(weights[:, :, 0, number], cmap=SIGNED, vmin=-largest, vmax=largest)
        axis.set_title(_("filter {number}").format(number=number))
    figure.colorbar(shown, ax=axes, shrink=0.8)
    return _finished(figure, _("{count} kernels of a convolution as colored squares").format(count=count))


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
            axis.axis("off")
        if part is parts[0]:
            axes[0, 0].imshow(np.squeeze(image))
        for number, axis in zip(range(values.shape[-1]), axes[:, 1:].flat, strict=False):
            axis.imshow(values[..., number], vmin=min(values.min(), 0), vmax=values.max())
            axis.set_title(str(number), fontsize=11, pad=2)
    counts = ", ".join(f"{name}: {values.shape[-1]}" for name, values in maps.items())
    return _finished(figure, _("An image and its feature maps ({counts})").format(counts=counts))


def curves(series, x_label, y_label, limits=None):
    """Named curves over their index from 1, or over given x values.

    Args:
        series: dict name → sequence of y, or name → (x, y).
        x_label, y_label: axis labels.
        limits: (low, high) of the y axis.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    for name, values in series.items():
        x, y = values if isinstance(values, tuple) else (range(1, len(values) + 1), values)
        axis.plot(x, y, label=name, marker="o" if len(y) <= 30 else None)
    axis.set(xlabel=x_label, ylabel=y_label, ylim=limits)
    if not any(isinstance(values, tuple) for values in series.values()):
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend()
    return _finished(
        figure, _("{label} over {over}: {names}").format(label=y_label, over=x_label, names=", ".join(series))
    )


def descent(loss, weights, x_label=None, y_label=None, span=1.5):
    """A loss curve over one weight, and the steps that gradient descent took on it.

    Args:
        loss: function of a weight that returns the loss.
        weights: the weights visited, in order.
        span: how far the curve is drawn beyond them, as a factor.
    """
    weights = np.asarray(weights, dtype=float)
    center, reach = (weights.min() + weights.max()) / 2, span * (np.ptp(weights) / 2 or 1.0)
    grid = np.linspace(center - reach, center + reach, 200)
    figure, axis = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    axis.plot(grid, [loss(weight) for weight in grid], label=_("loss"))
    heights = [loss(weight) for weight in weights]
    axis.plot(weights, heights, marker="o", markersize=9, label=_("steps"))
    for number, (weight, height) in enumerate(zip(weights, heights, strict=True)):
        if number < 4:
            axis.annotate(str(number), (weight, height), textcoords="offset points", xytext=(-4, -22))
    axis.set(xlabel=x_label or _("weight"), ylabel=y_label or _("loss"))
    axis.legend()
    return _finished(
        figure, _("A loss curve with {count} steps of gradient descent on it").format(count=len(weights))
    )


def bars(values, label, limits=None):
    """Horizontal bars, the value written behind each.

    Args:
        values: dict name → value, or name → (value, standard error), drawn as a whisker.
        label: of the value axis.
        limits: (low, high) of the value axis.
    """
    names = list(values)[::-1]
    pairs = [values[name] if isinstance(values[name], tuple) else (values[name], None) for name in names]
    heights = [height for height, _error in pairs]
    low, high = limits or (0, max(heights))
    figure, axis = plt.subplots(figsize=(WIDTH, 0.6 * len(names) + 1.1), layout="constrained")
    axis.barh(names, heights, color=BLUE)
    for number, (height, error) in enumerate(pairs):
        if error is not None:
            axis.errorbar(height, number, xerr=error, color=ORANGE, linewidth=3, capsize=5)
        place = (height + (error or 0), number)
        axis.annotate(_bar_text(height, error), place, textcoords="offset points", xytext=(8, 0), va="center")
    begins = _(" (the axis begins at {low:g})").format(low=low) if low else ""
    axis.set(xlabel=label + begins, xlim=(low, low + (high - low) * 1.22))  # room for the numbers
    axis.spines["bottom"].set_bounds(low, high)
    axis.set_xticks([tick for tick in axis.get_xticks() if low <= tick <= high])
    axis.grid(axis="y", visible=False)
    described = ", ".join(f"{name} {_bar_text(*pair)}" for name, pair in zip(names, pairs, strict=True))
    return _finished(figure, f"{label}: {described}")


def _bar_text(height, error):
    if error is not None:
        return f"{height:.4f} ± {error:.4f}"
    if isinstance(height, int):
        return f"{height:,}"
    return f"{height:.3f}"


def points(groups, x_label, y_label, line=None):
    """Two features of several groups as a scatter plot, with a straight border if one is given.

    Args:
        groups: dict name → (N, 2) array.
        line: (weights, bias) of the line weights · x + bias = 0.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 4.6), layout="constrained")
    for (name, places), marker in zip(groups.items(), "osD^vX", strict=False):
        axis.scatter(
            places[:, 0], places[:, 1], label=name, marker=marker, alpha=0.6, s=32, edgecolors="none"
        )
    if line:
        weights, bias = line
        low, high = axis.get_ylim()
        x = np.array(axis.get_xlim())
        axis.plot(x, -(weights[0] * x + bias) / weights[1], color=BLACK, linestyle="-", label=_("border"))
        axis.set_ylim(low, high)
    axis.set(xlabel=x_label, ylabel=y_label)
    axis.legend()
    return _finished(
        figure,
        _("Scatter plot of {names}: {y} over {x}").format(names=", ".join(groups), y=y_label, x=x_label),
    )


def regions(models, groups):
    """What each of two-class models answers over the plane, and the points it was trained on.

    Args:
        models: dict name → Keras model from (N, 2) to two probabilities.
        groups: dict name → (N, 2) array, one for each class.
    """
    places = np.concatenate(list(groups.values()))
    low, high = places.min(axis=0) - 0.3, places.max(axis=0) + 0.3
    across, up = np.meshgrid(np.linspace(low[0], high[0], 80), np.linspace(low[1], high[1], 80))
    grid = np.stack([across.ravel(), up.ravel()], axis=1)
    figure, axes = plt.subplots(1, len(models), figsize=(WIDTH, 4.8), squeeze=False, layout="constrained")
    for axis, (name, model) in zip(axes.flat, models.items(), strict=True):
        share = model.predict(grid, batch_size=len(grid), verbose=0)[:, 1].reshape(across.shape)
        axis.contourf(across, up, share, levels=[0, 0.5, 1], colors=[SKY, ORANGE], alpha=0.35)
        axis.contour(across, up, share, levels=[0.5], colors=BLACK)
        for (group, points_of), marker in zip(groups.items(), "os", strict=False):
            axis.scatter(points_of[:, 0], points_of[:, 1], marker=marker, s=16, label=group)
        axis.set_title(name)
        axis.set_aspect("equal")
    axes[0, 0].legend(loc="upper left")
    return _finished(figure, _("The plane as {names} divide it").format(names=_(" and ").join(models)))
