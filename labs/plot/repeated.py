"""Figures of measurements that were repeated with several seeds."""

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.ticker import MaxNLocator

from labs.plot.style import WIDTH, finished
from labs.text import _

MARKERS = "osD^vX"


def spread(series, x_label, y_label, x_ticks=None):
    """Curves through the means of repeated measurements, with a whisker of one standard error and every run as a dot.

    Args:
        series: dict name → (x (S,), values (S, runs)).
        x_label, y_label: axis labels; the x axis is logarithmic.
        x_ticks: places of the x axis that are named; by default those of the first series.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 4.8), layout="constrained")
    for number, ((name, (x, values)), marker) in enumerate(zip(series.items(), MARKERS, strict=False)):
        values = np.asarray(values)
        beside = np.asarray(x) * 1.03 ** (number - (len(series) - 1) / 2)  # so that whiskers do not overlap
        errors = values.std(axis=1, ddof=1) / np.sqrt(values.shape[1])
        drawn = axis.errorbar(
            beside, values.mean(axis=1), yerr=errors, label=name, marker=marker, markersize=9, capsize=5
        )
        dots = np.repeat(beside[:, None], values.shape[1], axis=1)
        axis.scatter(dots, values, s=14, color=drawn[0].get_color(), alpha=0.45)
    ticks = list(next(iter(series.values()))[0]) if x_ticks is None else x_ticks
    axis.set(xlabel=x_label, ylabel=y_label, xscale="log")
    axis.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axis.set_xticks([], minor=True)
    axis.legend()
    alt = _("{label} over {over}: {names}; each the mean of several runs with its standard error")
    return finished(figure, alt.format(label=y_label, over=x_label, names=", ".join(series)))


def bands(series, x_label, y_label, limits=None):
    """Curves of repeated runs: the mean, and a band from the smallest to the largest.

    Args:
        series: dict name → array (runs, steps); step 1 is the first.
        limits: (low, high) of the y axis.
    """
    figure, axis = plt.subplots(figsize=(WIDTH, 4.2), layout="constrained")
    for (name, runs), marker in zip(series.items(), MARKERS, strict=False):
        runs = np.asarray(runs)
        steps = np.arange(1, runs.shape[1] + 1)
        (line,) = axis.plot(
            steps, runs.mean(axis=0), label=name, marker=marker, markevery=max(1, len(steps) // 6)
        )
        axis.fill_between(steps, runs.min(axis=0), runs.max(axis=0), color=line.get_color(), alpha=0.2)
    axis.set(xlabel=x_label, ylabel=y_label, ylim=limits)
    axis.xaxis.set_major_locator(MaxNLocator(integer=True))
    axis.legend()
    described = _("{label} over {over}, mean and range of repeated runs: {names}")
    return finished(figure, described.format(label=y_label, over=x_label, names=", ".join(series)))
