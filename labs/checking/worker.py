"""Run a student's code so that nothing it does can hang, end or flood the notebook."""

import builtins
import contextlib
import ctypes
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from labs.text import _

try:
    import resource
except ModuleNotFoundError:  # Windows has no address-space limit
    resource = None

_FIRST_SOFT_LIMIT = resource and resource.getrlimit(resource.RLIMIT_AS)[0]
PATIENCE = 1.0  # seconds between the time limit and giving the thread up
EFFORT = 120.0  # seconds for which a thread that was given up is still told to stop
MEMORY = 2 * 1024**3  # bytes an answer may add to the address space, on Linux
STACK = 64 * 1024**2  # bytes, for a deep recursion through C code
PRINTED = 4_000  # characters of printed text that are kept


# Raised inside the student's code at the time limit. `except Exception` lets it pass, and a thread that
# ends with it ends silently, wherever in its last lines it strikes.
STOP = SystemExit


@dataclass(frozen=True)
class Ending:
    """How a call ended: a result, an exception, or `seconds` used up (`stopped` says whether it ended)."""

    result: object = None
    error: BaseException | None = None
    timed_out: bool = False
    stopped: bool = True
    printed: str = ""


def run(function, seconds, on_wait=None):
    """Call `function()` in a thread of its own and wait `seconds` at most.

    At the limit, STOP is raised inside the thread again and again, in case the code catches it.
    After one second more the thread is given up: it goes on in the background, where STOP is still sent.
    `on_wait()` is called about ten times a second in the calling thread.
    """
    job = _Job(function)
    with _printing.captured() as text, _limited_memory(), _no_input():
        thread = _start(job)
        try:
            stopped = _wait(job, seconds, on_wait)
            timed_out = not stopped
            if timed_out:
                stopped = _interrupt(job, thread, PATIENCE, pause=0.001)
        except BaseException:  # Ctrl-C or "Interrupt kernel": end the answer first
            _interrupt(job, thread, PATIENCE, pause=0.001)
            raise
        finally:
            if job.finished.is_set() or not thread.is_alive():
                _printing.release(thread.ident)
            else:
                _give_up(job, thread)
    if timed_out:
        return Ending(timed_out=True, stopped=stopped, printed=text.value())
    return Ending(result=job.result, error=job.error, printed=text.value())


class _Job:
    """The call, its outcome, and the lock that keeps STOP from being sent after the end."""

    def __init__(self, function):
        self.function = function
        self.result = None
        self.error = None
        self.finished = threading.Event()
        self.open = True  # whether STOP may still be sent
        self.lock = threading.Lock()

    def __call__(self):
        _printing.follow(threading.get_ident())
        try:
            self.result = self.function()
        except BaseException as error:  # noqa: BLE001  sys.exit() and whatever else a student raises
            self.error = error
        with self.lock:
            self.open = False
        self.finished.set()


def _start(job):
    before = threading.stack_size(STACK)
    try:
        thread = threading.Thread(target=job, daemon=True, name="answer")
        thread.start()
    finally:
        threading.stack_size(before)
    return thread


def _wait(job, seconds, on_wait):
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        # The address-space limit may hit this thread, too, for a moment.
        with contextlib.suppress(MemoryError):
            if job.finished.wait(min(left, 0.1)):
                return True
            if on_wait:
                on_wait()
    return job.finished.is_set()


def _give_up(job, thread):
    _given_up.append(thread)
    _printing.mute(thread.ident)
    threading.Thread(target=_interrupt, args=(job, thread, EFFORT, 0.01), daemon=True, name="stop").start()


_given_up = []  # threads that did not stop in time


def _interrupt(job, thread, seconds, pause):
    """Raise STOP in the thread again and again, `pause` seconds between; True when it has ended."""
    send = ctypes.pythonapi.PyThreadState_SetAsyncExc
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with contextlib.suppress(MemoryError):
            with job.lock:
                if job.open:
                    send(ctypes.c_ulong(thread.ident), ctypes.py_object(STOP))
            # A STOP that strikes late ends the thread before it can say that it has finished.
            if job.finished.wait(pause) or not thread.is_alive():
                return True
    return False


class _Printing:
    """Stands in for sys.stdout: keeps what answers print apart, passes everything else on."""

    def __init__(self):
        self.original = None
        self.buffers = {}  # thread -> where its text goes; None: nowhere
        self.capture = None

    def write(self, text):
        thread = threading.get_ident()
        if thread not in self.buffers:
            return self.original.write(text)
        if self.buffers[thread] is not None:
            self.buffers[thread].add(text)
        return len(text)

    def flush(self):
        self.original.flush()

    def __getattr__(self, name):
        return getattr(self.original, name)

    @contextlib.contextmanager
    def captured(self):
        """Install this in place of sys.stdout; text of the thread that follows goes to what is yielded."""
        if sys.stdout is not self:
            self.original = sys.stdout
            sys.stdout = self
        self.capture = _Printed()
        try:
            yield self.capture
        finally:
            self.capture = None
            if not self.buffers:  # a thread that was given up must stay muted
                sys.stdout = self.original

    def follow(self, thread):
        self.buffers[thread] = self.capture

    def release(self, thread):
        self.buffers.pop(thread, None)

    def mute(self, thread):
        self.buffers[thread] = None


class _Printed:
    """The first characters of what was printed, and how many lines there were."""

    def __init__(self):
        self.text = ""
        self.lines = 0

    def add(self, text):
        self.lines += text.count("\n")
        if len(self.text) < PRINTED:
            self.text += text[: PRINTED - len(self.text)]

    def value(self):
        lines = self.text.splitlines()
        if len(lines) <= 20 and self.lines <= 20:
            return self.text.rstrip("\n")
        return "\n".join([*lines[:20], _("... {count} lines in all").format(count=self.lines)])


_printing = _Printing()


@contextlib.contextmanager
def _limited_memory():
    """A soft address-space limit MEMORY above the present size; no limit where a GPU is in use or off Linux."""
    if resource is None or not sys.platform.startswith("linux") or _uses_gpu():
        yield
        return
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + MEMORY
    if soft != resource.RLIM_INFINITY:
        limit = min(limit, soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        # An answer that goes on in the background must not take the whole memory: its limit stays.
        if not any(thread.is_alive() for thread in _given_up):
            resource.setrlimit(resource.RLIMIT_AS, (_FIRST_SOFT_LIMIT, hard))


def _uses_gpu():
    """Whether TensorFlow sees a GPU: its driver maps more address space than any limit would leave."""
    tensorflow = sys.modules.get("tensorflow")
    return bool(
        tensorflow and hasattr(tensorflow, "config") and tensorflow.config.list_physical_devices("GPU")
    )


@contextlib.contextmanager
def _no_input():
    """`input()` raises instead of waiting for somebody to type."""

    def refuse(prompt=""):
        raise RuntimeError(_("input() was called: an answer gets its values through its parameters."))

    original = builtins.input
    builtins.input = refuse
    try:
        yield
    finally:
        builtins.input = original
