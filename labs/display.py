"""Showing things in a notebook, or printing them where there is none."""

import os
import sys


def in_notebook():
    """Whether this process is the kernel of a notebook."""
    if "IPython" not in sys.modules:
        return False
    from IPython import get_ipython

    shell = get_ipython()
    return shell is not None and hasattr(shell, "kernel")


def has_reader():
    """Whether somebody may move a slider: in a notebook that no program executes (`LABS_HEADLESS`)."""
    return in_notebook() and not os.environ.get("LABS_HEADLESS")


def show(thing):
    """Display an object in a notebook, print it elsewhere."""
    if in_notebook():
        from IPython.display import display

        display(thing)
    else:
        print(thing, end="\n\n")


class Bar:
    """A progress bar that redraws itself in place; outside a notebook, one line at the end."""

    WIDTH = 30

    def __init__(self, title):
        self.title = title
        self.shown = None
        self.handle = None

    def show(self, fraction, note=""):
        """Draw the bar at a fraction from 0 to 1, with a note behind it."""
        fraction = min(max(fraction, 0.0), 1.0)  # Keras may count a few batches too many
        filled = int(self.WIDTH * fraction)
        if (filled, note) == self.shown:
            return
        self.shown = (filled, note)
        line = f"{self.title} [{'█' * filled}{'·' * (self.WIDTH - filled)}] {fraction:4.0%}  {note}".rstrip()
        if in_notebook():
            self._update(line)
        elif filled == self.WIDTH:
            print(line)

    def _update(self, line):
        from IPython.display import display

        data = {"text/plain": line}
        if self.handle is None:
            self.handle = display(data, raw=True, display_id=True)
        else:
            self.handle.update(data, raw=True)
