"""A pytest plugin for nbval: a notebook whose kernel died fails at once, and says so.

Without it nbval waits for the dead kernel until the cell timeout.
"""

from queue import Empty

import pytest

SLICE = 1.0  # seconds between two looks at the kernel


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    kernel = getattr(item.parent, "kernel", None)
    if kernel is None or hasattr(kernel, "labs_guarded"):
        return
    kernel.labs_guarded = True
    wait = kernel.get_message

    def get_message(stream, timeout=None):
        left = float("inf") if timeout is None else float(timeout)
        while True:
            try:
                return wait(stream, timeout=min(SLICE, left))
            except Empty:
                left -= SLICE
                if not kernel.is_alive():
                    raise RuntimeError("The kernel died while this cell ran.") from None
                if left <= 0:
                    raise

    kernel.get_message = get_message
