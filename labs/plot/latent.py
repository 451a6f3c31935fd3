"""Figures of codes: planes, walks, and the errors that tell anomalies."""

import matplotlib.pyplot as plt
import numpy as np

from labs.plot.style import BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, SKY, WIDTH, finished
from labs.text import _

COLORS = (BLACK, BLUE, GREEN, ORANGE, PURPLE, RED, SKY)


def plane(planes, labels, limit=800, alt=None):
    """Codes of two numbers as points, each drawn as the digit of its class.

    Args:
        planes: dict name → float array (N, 2); one panel each.
        labels: int array (N,), 0 to 9, the classes of all planes.
        limit: int, how many points are drawn.
        alt: the alt text, when the names do not say what is seen.
    """
    figure, axes = plt.subplots(
        1, len(planes), figsize=(WIDTH, 9.6 / len(planes) + 0.6), squeeze=False, layout="constrained"
    )
    for axis, (name, codes) in zip(axes.flat, planes.items(), strict=True):
        for label in range(10):
            places = codes[:limit][labels[:limit] == label]
            axis.scatter(
                *places.T, marker=f"${label}$", s=44, color=COLORS[label % len(COLORS)], linewidths=0.3
            )
        axis.set(title=name, xlabel=_("first number of the code"), ylabel=_("second number"))
    described = _("Codes of digits as points in the plane: {names}").format(names=", ".join(planes))
    return finished(figure, alt or described)


def mosaic(images, x_label="", y_label="", rows=None, columns=None, gap=0, alt=None):
    """Images in rows and columns without gaps, from the top: a walk through a plane, or samples over time.

    Args:
        images: float array (rows, columns, H, W), 0 to 1.
        x_label, y_label: what changes along a row, and from one row to the next.
        rows, columns: names of the rows and columns, written beside and below them.
        gap: white pixels after the first row and the first column, which then stand apart, as the heads of a table.
        alt: the alt text, when rows and columns do not say what is seen.
    """
    down, across, height, width = images.shape
    joined = images.swapaxes(1, 2).reshape(down * height, across * width)
    if gap:
        joined = np.insert(joined, [height] * gap, 1, axis=0)
        joined = np.insert(joined, [width] * gap, 1, axis=1)
    wide = WIDTH if across >= 2 * down else 0.7 * WIDTH  # a high one would not fit on a screen
    figure, axis = plt.subplots(figsize=(wide, wide * down / across), layout="constrained")
    axis.imshow(joined, vmin=0, vmax=1)
    axis.set(xlabel=x_label, ylabel=y_label)
    axis.set_xticks(_middles(columns, width, gap), columns)
    axis.set_yticks(_middles(rows, height, gap), rows)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.grid(visible=False)
    return finished(figure, alt or _("{rows} rows of {columns} images").format(rows=down, columns=across))


def _middles(names, size, gap):
    """The pixels in the middle of as many images of that size as there are names; a gap follows the first."""
    return [size * (number + 0.5) - 0.5 + gap * (number > 0) for number in range(len(names or []))]


def separation(normal, anomalous, threshold):
    """How the errors of normal and anomalous images spread, and the threshold between them.

    Args:
        normal, anomalous: float arrays of errors.
        threshold: float.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    edges = np.linspace(0, np.quantile(np.concatenate([normal, anomalous]), 0.99), 50)
    shares = [np.full(len(errors), 1 / len(errors)) for errors in (normal, anomalous)]
    axis.hist(normal, edges, weights=shares[0], color=BLUE, label=_("normal"))
    axis.hist(
        anomalous,
        edges,
        weights=shares[1],
        histtype="step",
        hatch="///",
        linewidth=2,
        color=RED,
        label=_("anomalous"),
    )
    axis.axvline(threshold, color=BLACK, linestyle="--", label=_("threshold"))
    axis.set(xlabel=_("reconstruction error"), ylabel=_("share of the images"))
    axis.legend()
    return finished(
        figure,
        _("Histogram of the errors of normal and anomalous images, threshold at {threshold:.4f}").format(
            threshold=threshold
        ),
    )
