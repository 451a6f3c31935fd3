"""The look of every figure of the course, and how a figure brings its alt text into a notebook.

Colors are those of Okabe and Ito, which color-blind readers can tell apart; lines differ in their dashes,
too.
"""

import io

import matplotlib.pyplot as plt
from cycler import cycler
from matplotlib.figure import Figure

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


def bare(axis):
    """Draw no frame and no ticks. Ticks that are only hidden would still be placed and measured, half of a figure's time."""
    axis.axis("off")
    axis.set(xticks=[], yticks=[])


def finished(figure, alt):
    """Give a figure its alt text, and close it, so that a notebook shows it once, as the cell's value."""
    figure.set_label(alt)
    plt.close(figure)
    return figure
