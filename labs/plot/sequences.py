"""Figures of networks that read one symbol after the other."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch

from labs.plot.style import BLACK, BLUE, GREEN, ORANGE, WIDTH, bare, finished
from labs.text import _

SPACE = "␣"  # how a space is written on an axis
ARROW = dict(arrowstyle="-|>", mutation_scale=16, color=BLACK, shrinkA=0, shrinkB=0)


def recurrence(text):
    """A recurrent network unrolled over a text: at each step a symbol comes in, and the next one is the target.

    Args:
        text: str of 3 to 12 symbols; the last is a target only.
    """
    steps = len(text) - 1
    figure, axis = plt.subplots(figsize=(WIDTH, 3.4), layout="constrained")
    for step in range(steps):
        _box(axis, step, 0, _shown(text[step]), BLUE)
        _box(axis, step, 1, f"$h_{{{step + 1}}}$", ORANGE)
        _box(axis, step, 2, _shown(text[step + 1]), GREEN)
        _arrow(axis, (step, 0.3), (step, 0.7), "$w_x$")
        _arrow(axis, (step, 1.3), (step, 1.7), "")
        if step:
            _arrow(axis, (step - 0.7, 1), (step - 0.3, 1), "$w_h$")
    for height, name in enumerate((_("input"), _("state"), _("target of the\nprediction"))):
        axis.text(-0.55, height, name, ha="right", va="center")
    axis.set(xlim=(-1.7, steps - 0.5), ylim=(-0.5, 2.5))
    bare(axis)
    alt = _("A recurrent network unrolled over the text {text!r}: the same weights at each of {count} steps")
    return finished(figure, alt.format(text=text, count=steps))


def _box(axis, across, up, text, color):
    """A rounded box with a text in it, around a place."""
    corner = (across - 0.24, up - 0.24)
    axis.add_patch(
        FancyBboxPatch(
            corner, 0.48, 0.48, "round,pad=0.05", facecolor="white", edgecolor=color, linewidth=2.2
        )
    )
    axis.text(across, up, text, ha="center", va="center")


def _arrow(axis, begin, end, text):
    """An arrow, and a text beside its middle."""
    axis.annotate("", end, begin, arrowprops=ARROW)
    across, up = (begin[0] + end[0]) / 2, (begin[1] + end[1]) / 2
    if begin[0] == end[0]:
        axis.text(across + 0.07, up - 0.02, text, ha="left", va="center", fontsize=11)
    else:
        axis.text(across, up + 0.06, text, ha="center", va="bottom", fontsize=11)


def gates(text, panels, alt=None):
    """How far gates of a recurrent layer are open at each symbol of a text: white is open, black is closed.

    Args:
        text: str of T symbols.
        panels: dict title → float array (T, units), 0 to 1; each unit is a row.
        alt: what is seen; it stands before the names of the panels in the alt text.
    """
    heights = [values.shape[1] for values in panels.values()]
    figure, axes = plt.subplots(
        len(panels),
        1,
        figsize=(WIDTH, 0.17 * sum(heights) + 0.9 * len(panels) + 0.4),
        height_ratios=heights,
        squeeze=False,
        layout="constrained",
    )
    for axis, (title, values) in zip(axes.flat, panels.items(), strict=True):
        drawn = axis.imshow(np.asarray(values).T, vmin=0, vmax=1, aspect="auto", interpolation="nearest")
        axis.set(title=title, yticks=[], ylabel=_("units"))
        axis.set_xticks(range(len(text)), [_shown(symbol) for symbol in text], fontsize=11)
        axis.grid(visible=False)
    figure.colorbar(drawn, ax=list(axes.flat), label=_("0 closed, 1 open"), pad=0.01)
    named = _("Gates at each symbol of {text!r}, one row a unit: {names}")
    named = named.format(text=text, names=", ".join(panels))
    return finished(figure, f"{alt}; {named}" if alt else named)


def _shown(symbol):
    """A symbol as it can be seen."""
    return SPACE if symbol == " " else symbol
