"""Figures of numbers: curves, bars, points."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import EngFormatter, MaxNLocator

from labs.plot.style import BLACK, BLUE, ORANGE, SKY, WIDTH, finished
from labs.text import _


def curves(series, x_label, y_label, limits=None, logarithmic=False, levels=(), beside=False, alt=None):
    """Named curves over their index from 1, or over given x values; constant ones without markers.

    Args:
        series: dict name → sequence of y, or name → (x, y).
        x_label, y_label: axis labels.
        limits: (low, high) of the y axis.
        logarithmic: equal distances on the y axis stand for equal factors.
        levels: heights of thin horizontal lines, each written at the line's right end.
        beside: the legend stands beside the axes, where it covers no curve.
        alt: the alt text, when the names do not say what is seen.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    axis.set_yscale("log" if logarithmic else "linear")
    for name, values in series.items():
        x, y = values if isinstance(values, tuple) else (range(1, len(values) + 1), values)
        axis.plot(x, y, label=name, marker="o" if len(y) <= 30 and np.min(y) != np.max(y) else None)
    for level in levels:
        axis.axhline(level, color=BLACK, linestyle="-", linewidth=0.8)
        place, reference = (1.0, level), ("axes fraction", "data")
        axis.annotate(f"{level:.2f}", place, xycoords=reference, textcoords="offset points", xytext=(4, -5))
    axis.set(xlabel=x_label, ylabel=y_label, ylim=limits)
    if not any(isinstance(values, tuple) for values in series.values()):
        axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    if beside:
        axis.legend(loc="center left", bbox_to_anchor=(1.0, 0.5))
    else:
        axis.legend()
    named = _("{label} over {over}: {names}").format(label=y_label, over=x_label, names="; ".join(series))
    return finished(figure, alt or named)


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
    return finished(
        figure, _("A loss curve with {count} steps of gradient descent on it").format(count=len(weights))
    )


def bars(values, label, limits=None, digits=None, alt=None):
    """Horizontal bars, the value written behind each.

    Args:
        values: dict name → value, or name → (value, standard error), drawn as a whisker.
        label: of the value axis.
        limits: (low, high) of the value axis.
        digits: of the numbers, after the point; by default four with a standard error, else three.
        alt: what is seen; it stands before the numbers in the alt text.
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
        text = _bar_text(height, error, digits)
        axis.annotate(text, place, textcoords="offset points", xytext=(8, 0), va="center")
    begins = _(" (the axis begins at {low:g})").format(low=low) if low else ""
    axis.set(xlabel=label + begins, xlim=(low, low + (high - low) * 1.22))  # room for the numbers
    axis.spines["bottom"].set_bounds(low, high)
    axis.set_xticks([tick for tick in axis.get_xticks() if low <= tick <= high])
    if all(isinstance(height, int) for height in heights):
        axis.xaxis.set_major_formatter(EngFormatter(sep=" "))  # 20 M in place of 2 with 1e7 in the corner
    axis.grid(axis="y", visible=False)
    described = ", ".join(
        f"{name} {_bar_text(*pair, digits)}" for name, pair in zip(names, pairs, strict=True)
    )
    return finished(figure, f"{alt}; {label}: {described}" if alt else f"{label}: {described}")


def _bar_text(height, error, digits):
    if error is None and isinstance(height, int):
        return f"{height:,}"
    if digits is None:
        digits = 3 if error is None else 4
    if error is None:
        return f"{height:.{digits}f}"
    return f"{height:.{digits}f} ± {error:.{digits}f}"


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
    return finished(
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
    return finished(figure, _("The plane as {names} divide it").format(names=_(" and ").join(models)))
