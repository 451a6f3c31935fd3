"""Figures of what generators draw."""

import matplotlib.pyplot as plt
import numpy as np

from labs.plot.style import BLACK, BLUE, WIDTH, finished
from labs.text import _


def class_shares(groups):
    """How often each class occurs in groups of samples: one panel of bars each, a dashed line where all are alike.

    Args:
        groups: dict name → float array (classes,) of shares that sum to 1.
    """
    highest = max(float(np.max(shares)) for shares in groups.values())
    figure, axes = plt.subplots(
        1, len(groups), figsize=(WIDTH, 2.9), sharey=True, squeeze=False, layout="constrained"
    )
    for axis, (name, shares) in zip(axes.flat, groups.items(), strict=True):
        axis.bar(range(len(shares)), shares, color=BLUE)
        axis.axhline(1 / len(shares), color=BLACK, linestyle="--", linewidth=1.5)
        axis.set(title=name, xlabel=_("class"), xticks=range(len(shares)), ylim=(0, 1.05 * highest))
        axis.grid(axis="x", visible=False)
    axes[0, 0].set_ylabel(_("share"))
    described = "; ".join(
        f"{name}: {', '.join(f'{one:.2f}' for one in shares)}" for name, shares in groups.items()
    )
    return finished(figure, _("Share of each class. {described}").format(described=described))
