"""Figures of a classifier at work: what it answers, where it looks, what it confuses."""

import matplotlib.pyplot as plt
import numpy as np

from labs.plot.style import BLUE, WIDTH, bare, finished
from labs.text import _


def predictions(images, answers):
    """Photos, and under each the likeliest classes as bars.

    Args:
        images: sequence of (H, W, 3) arrays, uint8 or floats from 0 to 1.
        answers: for each image a list of (name, probability), best first.
    """
    figure, axes = plt.subplots(
        2, len(images), figsize=(WIDTH, 4.6), height_ratios=[1.5, 1], squeeze=False, layout="constrained"
    )
    for (above, below), image, pairs in zip(axes.T, images, answers, strict=True):
        above.imshow(image)
        bare(above)
        heights = [probability for _name, probability in pairs]
        below.barh(range(len(pairs)), heights, color=BLUE, alpha=0.35)
        for row, (name, probability) in enumerate(pairs):
            below.text(0.02, row, f"{probability:.2f} {name}", va="center", fontsize=12)
        below.set(xlim=(0, 1), xticks=[], yticks=[])
        below.invert_yaxis()
        below.grid(False)
        below.spines[:].set_visible(False)
    best = ", ".join(f"{pairs[0][0]} {pairs[0][1]:.2f}" for pairs in answers)
    return finished(figure, _("Photos with their likeliest classes; the best: {best}").format(best=best))


def confusion(truths, predicted, classes):
    """A table of true classes (rows) and predicted classes (columns), each number a count of examples.

    Args:
        truths, predicted: int arrays of equal length, positions in `classes`.
        classes: names.
    """
    counts = np.zeros((len(classes), len(classes)), int)
    np.add.at(counts, (truths, predicted), 1)
    shares = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    figure, axis = plt.subplots(figsize=(WIDTH * 0.72, WIDTH * 0.55), layout="constrained")
    axis.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for (row, column), count in np.ndenumerate(counts):
        color = "white" if shares[row, column] > 0.5 else "black"
        axis.text(column, row, f"{count}", ha="center", va="center", color=color, fontsize=14)
    axis.set_xticks(range(len(classes)), classes, rotation=30, ha="right")
    axis.set_yticks(range(len(classes)), classes)
    axis.set(xlabel=_("predicted"), ylabel=_("true"))
    axis.grid(False)
    right = int(np.trace(counts))
    return finished(
        figure,
        _("Confusion matrix of {classes}: {right} of {count} on the diagonal").format(
            classes=", ".join(classes), right=right, count=int(counts.sum())
        ),
    )


def heat_maps(images, maps, titles):
    """Images, and below each the same image under a map of the places that count; one image side by side.

    Args:
        images: sequence of (H, W, 3) arrays, uint8 or floats from 0 to 1.
        maps: for each image an array (h, w) of values from 0 on, of any scale; enlarged to the image.
        titles: a string for each image.
    """
    if len(images) == 1:
        figure, axes = plt.subplots(1, 2, figsize=(0.7 * WIDTH, 0.4 * WIDTH), layout="constrained")
        pairs = [axes]
    else:
        size = WIDTH / len(images)
        figure, axes = plt.subplots(2, len(images), figsize=(WIDTH, 2 * size + 0.5), layout="constrained")
        pairs = axes.T
    for (above, below), image, heat, title in zip(pairs, images, maps, titles, strict=True):
        height, width = image.shape[:2]
        above.imshow(image)
        above.set_title(title)
        gray = np.mean(image, axis=-1)
        below.imshow(gray, vmin=0, vmax=gray.max() * 1.4)
        below.imshow(
            heat,
            cmap="inferno",
            vmin=0,
            vmax=np.max(heat) or 1,
            alpha=0.6,
            extent=(-0.5, width - 0.5, height - 0.5, -0.5),
            interpolation="bilinear",
        )
        for axis in (above, below):
            bare(axis)
    return finished(
        figure,
        _("Images, and the places that count for: {titles}").format(
            titles=", ".join(titles).replace("\n", ", ")
        ),
    )
