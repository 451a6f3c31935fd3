"""A progress bar over the cells of a notebook."""

import shutil
import sys
import time

BAR_LENGTH = 30


def bar_line(done, total, seconds):
    """The bar as one line of text."""
    filled = BAR_LENGTH * done // total if total else BAR_LENGTH
    return f"[{'#' * filled}{'.' * (BAR_LENGTH - filled)}] {done}/{total} cells, {seconds:.0f} s"


class Progress:
    """Shows how many cells have run: one moving bar in a terminal, else a line at each tenth of the way."""

    def __init__(self, total):
        self.total = total
        self.done = 0
        self.started = time.monotonic()
        self.terminal = sys.stdout.isatty()
        self._show()

    def step(self):
        """One more cell has run."""
        self.done += 1
        tenths_before, tenths = (10 * done // self.total for done in (self.done - 1, self.done))
        if self.terminal or tenths > tenths_before:
            self._show()

    def close(self):
        """Leave the last line of the bar as it is."""
        if self.terminal:
            print()

    def _show(self):
        line = bar_line(self.done, self.total, time.monotonic() - self.started)
        if self.terminal:
            width = shutil.get_terminal_size().columns - 1
            print("\r" + line[:width].ljust(width), end="", flush=True)
        else:
            print(line, flush=True)
