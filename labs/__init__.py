"""Helpers of the Keras Labs notebooks: checks, data, plots. Importing the package imports no TensorFlow."""

import importlib

__version__ = "0.1.0"

# Functions that notebooks import from here; each is loaded at its first use.
_WHERE = {
    "start": "session",
    "expect_error": "session",
    "work_folder": "session",
    "ProgressBar": "training",
    "train_classifier": "training",
    "train_side_by_side": "training",
    "train_steps": "training",
    "accuracy": "training",
    "blueprint": "architecture",
    "gradient_norms": "architecture",
    "learning_curve": "training",
    "explore": "widgets",
    "load_photo": "photo",
    "CourseError": "errors",
    "DataError": "errors",
}


def __getattr__(name):
    if name in _WHERE:
        return getattr(importlib.import_module(f"labs.{_WHERE[name]}"), name)
    raise AttributeError(f"module 'labs' has no attribute {name!r}")


def __dir__():
    return [*globals(), *_WHERE]
