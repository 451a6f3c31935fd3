"""What the first cell of every notebook calls, and small helpers that any cell may need."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from labs.errors import CourseError
from labs.text import _


def start(seed=0):
    """Prepare a notebook: import TensorFlow without its log lines, set all seeds and the plot style.

    Args:
        seed: int for Python, NumPy and Keras; the same seed gives the same notebook on one machine.

    Raises:
        CourseError: TensorFlow or Keras cannot be imported; the message holds the last log line.
    """
    with _quiet_import():
        import keras
        import tensorflow as tf

        # The first operation starts the device, and writes its log lines now.
        tf.linalg.matmul(tf.ones((2, 2)), tf.ones((2, 2)))
    # Fusing layers gains nothing measurable on two cores, and where LeakyReLU follows a convolution it fails,
    # harmlessly, with a line of error in the notebook (seen in TensorFlow 2.21).
    tf.config.optimizer.set_experimental_options({"remapping": False})
    keras.utils.set_random_seed(seed)
    from labs import plot
    from labs.checking import notebook

    plot.use_style()
    notebook.catch_syntax_errors()
    keras.utils.disable_interactive_logging()
    tf.get_logger().setLevel("ERROR")  # its advice on retracing is not for students


@contextlib.contextmanager
def _quiet_import():
    """Hold back file descriptor 2: TensorFlow's import writes to it below Python's level."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever the user's own keras.json says
    sys.stderr.flush()
    with tempfile.TemporaryFile() as log:
        saved = os.dup(2)
        os.dup2(log.fileno(), 2)
        try:
            yield
        except Exception as error:  # a broken installation raises whatever it likes
            raise CourseError(
                _("TensorFlow cannot be imported ({error}). Set the course up again with `make lab`.").format(
                    error=_last_line(log) or error
                )
            ) from error
        finally:
            os.dup2(saved, 2)
            os.close(saved)


def _last_line(log):
    log.seek(0)
    lines = log.read().decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else ""


@contextlib.contextmanager
def expect_error(kind):
    """The code in this block must raise `kind`; its message is printed and the notebook goes on.

    Raises:
        CourseError: nothing was raised, so what the lesson says is no longer true.
    """
    try:
        yield
    except kind as error:
        # The place of an installed package is of no use to a reader.
        text = str(error).replace(f" ({getattr(error, 'path', None)})", "")
        print(f"{type(error).__name__}: {text.splitlines()[0] if text else ''}")
    else:
        raise CourseError(_("This code was expected to raise {kind}, and it ran.").format(kind=kind.__name__))


def work_folder():
    """A temporary folder of this session for what a lesson writes; it is removed with the session."""
    global _folder
    if _folder is None:
        _folder = tempfile.TemporaryDirectory(prefix="keras-labs-", ignore_cleanup_errors=True)
    return Path(_folder.name)


_folder = None
