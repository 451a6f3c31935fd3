"""Errors that are shown as one line instead of a traceback."""


class CourseError(Exception):
    """Something outside the student's code is wrong; the message names the thing and the remedy."""

    def _render_traceback_(self):
        """What IPython and Jupyter print: the message alone."""
        return [f"{type(self).__name__}: {self}"]


class DataError(CourseError):
    """A file of the course's data is missing, altered or unreadable."""
