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

BUSY = 3  # times the limit that an answer gets at most, however busy the machine is
PATIENCE = 1.0  # seconds between the time limit and giving the thread up
EFFORT = 120.0  # seconds for which a thread that was given up is still told to stop
MEMORY = 2 * 1024**3  # bytes an answer may add to the address space, on Linux
STACK = 64 * 1024**2  # bytes, for a deep recursion through C code
ANSWER = "answer"  # name of the thread
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
    """Call `function()` in a thread of its own and wait for `seconds` of computing, three times as long at most.

    At the limit, STOP is raised inside the thread again and again, in case the code catches it.
    After one second more the thread is given up: it goes on in the background, where STOP is still sent.
    `on_wait()` is called about ten times a second in the calling thread.
    """
    if threading.current_thread().name == ANSWER:
        raise RuntimeError(_("An answer must not check answers itself."))
    job = _Job(function)
    with _captured(job), _limited_memory(), _no_input():
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
            if thread.is_alive() and not job.finished.is_set():
                _give_up(job, thread)
    if timed_out:
        return Ending(timed_out=True, stopped=stopped, printed=job.printed.value())
    return Ending(result=job.result, error=job.error, printed=job.printed.value())


class _Job:
    """The call, its outcome, and the lock that keeps STOP from being sent after the end."""

    def __init__(self, function):
        self.function = function
        self.result = None
        self.error = None
        self.finished = threading.Event()
        self.stopping = False  # whether STOP may have been sent
        self.open = True  # whether STOP may still be sent
        self.lock = threading.Lock()
        self.thread = None  # its identifier
        self.printed = _Printed()

    def __call__(self):
        self.thread = threading.get_ident()
        _current.job = self
        try:
            self.result = self.function()
        except BaseException as error:  # noqa: BLE001  sys.exit() and whatever else a student raises
            self.error = error
        with self.lock:
            self.open = False
        self.finished.set()


_current = threading.local()


def is_stopping():
    """Whether the answer in this thread has used its time: then a SystemExit is STOP, not the answer's own."""
    return _current.job.stopping


def _start(job):
    before = threading.stack_size(STACK)
    try:
        thread = threading.Thread(target=job, daemon=True, name=ANSWER)
        thread.start()
    finally:
        threading.stack_size(before)
    return thread


def _wait(job, seconds, on_wait):
    """Whether the call ended in time. On a busy machine, time in which this process did not get to compute is given back."""
    begin, computed_before = time.monotonic(), time.process_time()
    while not job.finished.is_set():
        # The address-space limit may hit this thread, too, for a moment, in any of these lines.
        with contextlib.suppress(MemoryError):
            passed, computed = time.monotonic() - begin, time.process_time() - computed_before
            if passed >= seconds and (computed >= seconds or passed >= BUSY * seconds):
                return False
            job.finished.wait(min(max(seconds - passed, 0.01), 0.1))
            if on_wait and not job.finished.is_set():
                on_wait()
    return True


_given_up = []  # threads that did not stop in time


def _give_up(job, thread):
    _given_up.append(thread)
    threading.Thread(target=_stop_later, args=(job, thread), daemon=True, name="stop").start()


def _stop_later(job, thread):
    _interrupt(job, thread, EFFORT, pause=0.01)
    thread.join()
    _given_up.remove(thread)
    _restore_memory()


def _interrupt(job, thread, seconds, pause):
    """Raise STOP in the thread again and again, `pause` seconds between; True when it has ended."""
    send = ctypes.pythonapi.PyThreadState_SetAsyncExc
    job.stopping = True
    end = time.monotonic() + seconds
    while True:
        with contextlib.suppress(MemoryError):  # as in _wait
            if time.monotonic() >= end:
                return False
            with job.lock:
                if job.open:
                    send(ctypes.c_ulong(thread.ident), ctypes.py_object(STOP))
            # A STOP that strikes late ends the thread before it can say that it has finished.
            if job.finished.wait(pause) or not thread.is_alive():
                return True


class _Output:
    """Stands in for sys.stdout: keeps what one answer prints, drops what given-up ones print."""

    def __init__(self, original, job):
        self.original = original
        self.job = job

    def write(self, text):
        thread = threading.get_ident()
        if thread == self.job.thread and not self.job.finished.is_set():
            self.job.printed.add(text)
        elif thread not in {one.ident for one in _given_up}:
            return self.original.write(text)
        return len(text)

    def close(self):
        """An answer must not close the notebook's output."""

    def __getattr__(self, name):
        return getattr(self.original, name)


@contextlib.contextmanager
def _captured(job):
    before = sys.stdout
    output = sys.stdout = _Output(before.original if isinstance(before, _Output) else before, job)
    try:
        yield
    finally:
        # The stand-in stays only as long as a given-up answer may still print.
        sys.stdout = output if _given_up else output.original


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
    if not _given_up:
        _memory_before.append(soft)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    try:
        yield
    finally:
        _restore_memory()


_memory_before = []  # the soft limit to go back to


def _restore_memory():
    """Lift the limit, unless an answer goes on in the background: it must not take the whole memory."""
    if _memory_before and not _given_up:
        _unused, hard = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (_memory_before.pop(), hard))


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
