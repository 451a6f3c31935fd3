"""A training run with callbacks as a figure."""

import matplotlib.pyplot as plt
from matplotlib.ticker import MaxNLocator

from labs.plot.style import BLACK, GREEN, WIDTH, finished
from labs.text import _


def training_run(history, kept):
    """Losses and learning rate of a run over its epochs, and the epoch whose weights were kept.

    Args:
        history: dict with the lists loss, val_loss and learning_rate, as `fit(...).history` has them when
            ReduceLROnPlateau is among the callbacks.
        kept: int, the epoch kept, counted from 0.
    """
    epochs = range(1, len(history["loss"]) + 1)
    figure, (above, below) = plt.subplots(
        2, 1, figsize=(WIDTH, 5.2), height_ratios=[2, 1], sharex=True, layout="constrained"
    )
    above.plot(epochs, history["loss"], marker="o", label=_("training"))
    above.plot(epochs, history["val_loss"], marker="s", label=_("validation"))
    above.axvline(kept + 1, color=BLACK, linestyle=":", label=_("kept"))
    above.set_ylabel(_("loss"))
    above.legend()
    below.step(epochs, history["learning_rate"], where="mid", color=GREEN, linestyle="-")
    below.set(xlabel=_("epoch"), ylabel=_("learning rate"), yscale="log")
    below.xaxis.set_major_locator(MaxNLocator(integer=True))
    return finished(
        figure,
        _("Losses and learning rate of {count} epochs; the weights of epoch {kept} were kept").format(
            count=len(epochs), kept=kept + 1
        ),
    )
