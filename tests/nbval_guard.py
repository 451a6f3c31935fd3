"""A pytest plugin for nbval: a notebook fails at once when its kernel died, and when a cell writes to stderr.

Without it nbval waits for a dead kernel until the cell timeout, and warnings pass unseen.
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
                message = wait(stream, timeout=min(SLICE, left))
                if message["msg_type"] == "stream" and message["content"]["name"] == "stderr":
                    raise RuntimeError(f"The cell writes to stderr: {message['content']['text']}")
                return message
            except Empty:
                left -= SLICE
                if not kernel.is_alive():
                    raise RuntimeError("The kernel died while this cell ran.") from None
                if left <= 0:
                    raise

    kernel.get_message = get_message
