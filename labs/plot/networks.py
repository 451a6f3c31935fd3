"""Figures that compare networks: layer by layer, and by what they cost."""

import matplotlib.pyplot as plt
from matplotlib.patches import Rectangle
from matplotlib.ticker import EngFormatter, LogLocator, NullFormatter

from labs.plot.style import BLUE, GREEN, ORANGE, PURPLE, RED, WIDTH, bare, finished
from labs.text import _

MARKERS = "os^DvXP*"


def panels(groups, x_label, y_label, logarithmic=False):
    """The same curves under several conditions, side by side on one scale.

    Args:
        groups: dict title → dict name of a curve → sequence of y over the index from 1.
        x_label, y_label: axis labels.
        logarithmic: whether the y axis is.
    """
    figure, axes = plt.subplots(
        1, len(groups), figsize=(WIDTH, 4.0), sharey=True, squeeze=False, layout="constrained"
    )
    for axis, (title, curves) in zip(axes.flat, groups.items(), strict=True):
        for name, values in curves.items():
            axis.plot(range(1, len(values) + 1), values, label=name)
        axis.set(title=title, xlabel=x_label, yscale="log" if logarithmic else "linear")
    axes[0, 0].set_ylabel(y_label)
    handles = axes[0, 0].get_legend_handles_labels()
    figure.legend(*handles, loc="outside upper center", ncols=len(handles[1]))
    return finished(
        figure,
        _("{y} over {x}, one panel each for {titles}; curves: {names}").format(
            y=y_label,
            x=x_label,
            titles=", ".join(title.replace("\n", " ") for title in groups),
            names=", ".join(next(iter(groups.values()))),
        ),
    )


def trade_off(results, x_label, y_label, limits=None):
    """What accuracy costs: one point a network, its parameters to the right, its seconds beside its name.

    Args:
        results: dict name → (parameters, seconds, (accuracy, standard error)).
        x_label, y_label: axis labels.
        limits: (low, high) of the y axis.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 5.0), layout="constrained")
    colors = [BLUE, ORANGE, GREEN, RED, PURPLE]
    for number, (name, (parameters, seconds, (accuracy, error))) in enumerate(results.items()):
        color = colors[number % len(colors)]
        label = _("{name}, {seconds:.0f} s").format(name=name, seconds=seconds)
        axis.errorbar(
            parameters,
            accuracy,
            yerr=error,
            fmt=MARKERS[number % len(MARKERS)],
            color=color,
            markersize=12,
            capsize=6,
            linestyle="none",
            label=label,
        )
    axis.set(xlabel=x_label, ylabel=y_label, xscale="log", ylim=limits)
    axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.xaxis.set_major_formatter(EngFormatter(sep=" "))
    axis.xaxis.set_minor_formatter(NullFormatter())
    axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    described = "; ".join(
        _("{name}: {parameters:,} parameters, {seconds:.0f} s, {accuracy:.3f} ± {error:.3f}").format(
            name=name, parameters=parameters, seconds=seconds, accuracy=accuracy, error=error
        )
        for name, (parameters, seconds, (accuracy, error)) in results.items()
    )
    return finished(figure, f"{y_label}: {described}")


def receptive_fields(photo, sizes):
    """Frames around the middle of a photo: what one value of each layer sees of it.

    Args:
        photo: (H, W) or (H, W, 3) array.
        sizes: dict name of a layer → length of its receptive field in pixels.
    """
    height, width = photo.shape[:2]
    figure, axis = plt.subplots(figsize=(WIDTH, 1.0 + 7.0 * height / width), layout="constrained")
    axis.imshow(photo)
    for number, (name, size) in enumerate(sizes.items()):
        color = (ORANGE, "white", BLUE, RED, GREEN)[number % 5]
        corner = ((width - size) / 2, (height - size) / 2)
        label = _("{name}: {size} pixels").format(name=name, size=size)
        axis.add_patch(Rectangle(corner, size, size, fill=False, edgecolor=color, linewidth=3, label=label))
    axis.set(xlim=(0, width), ylim=(height, 0))
    bare(axis)
    legend = axis.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), facecolor="#888888")
    for text in legend.get_texts():
        text.set_color("white")
    named = ", ".join(f"{name}: {size}" for name, size in sizes.items())
    return finished(figure, _("A photo with square frames, in pixels {named}").format(named=named))
