"""Reading a photo that a student brings."""

from pathlib import Path

import numpy as np

from labs.errors import CourseError
from labs.text import _


def load_photo(path, longest=256):
    """A photo from a file, upright, in color, not larger than needed.

    Args:
        path: str or Path of an image file.
        longest: int, pixels of the longer side; a larger photo is made smaller.

    Returns:
        uint8 array of shape (height, width, 3), values 0 to 255, red, green, blue.

    Raises:
        CourseError: there is no such file, or it holds no image; one line that names it.
    """
    from PIL import Image, ImageOps

    path = Path(path).expanduser()
    try:
        with Image.open(path) as image:
            upright = ImageOps.exif_transpose(image)  # phones store how the camera was held
            upright.thumbnail((longest, longest))
            return np.array(upright.convert("RGB"))
    except FileNotFoundError:
        sentence = _("There is no file {path}. Copy its path from the file browser on the left.")
    except IsADirectoryError:
        sentence = _("{path} is a folder. Give the path of one image in it.")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):  # what Pillow raises for damage
        sentence = _("{path} cannot be read as an image. Save it as PNG or JPEG, and try again.")
    raise CourseError(sentence.format(path=path))
