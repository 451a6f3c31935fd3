"""A student's own photo: read upright and small, and one line where it cannot be read."""

import numpy as np
import pytest
from PIL import Image

import labs
from labs.errors import CourseError


def test_photo_is_read_in_color_and_made_smaller(tmp_path):
    pixels = np.zeros((300, 600), dtype=np.uint8)
    pixels[:, 300:] = 200
    Image.fromarray(pixels).save(tmp_path / "gray.png")
    photo = labs.load_photo(tmp_path / "gray.png", longest=120)
    assert photo.shape == (60, 120, 3) and photo.dtype == np.uint8
    assert photo[30, 10].tolist() == [0, 0, 0] and photo[30, 110].tolist() == [200, 200, 200]


def test_small_photo_keeps_its_size(tmp_path):
    Image.fromarray(np.full((5, 7, 4), 9, dtype=np.uint8)).save(tmp_path / "alpha.png")
    assert labs.load_photo(tmp_path / "alpha.png").shape == (5, 7, 3)


def test_photo_is_turned_as_the_camera_was_held(tmp_path):
    image = Image.fromarray(np.zeros((10, 20, 3), dtype=np.uint8))
    turned = Image.Exif()
    turned[0x0112] = 6  # a quarter turn
    image.save(tmp_path / "turned.jpg", exif=turned)
    assert labs.load_photo(tmp_path / "turned.jpg").shape == (20, 10, 3)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("missing.png", None, "There is no file"),
        ("text.png", b"not an image", "cannot be read as an image"),
        ("cut.png", "truncated", "cannot be read as an image"),
        ("folder", "folder", "is a folder"),
    ],
)
def test_unreadable_photo_is_one_line(tmp_path, name, content, said):
    path = tmp_path / name
    if content == "folder":
        path.mkdir()
    elif content == "truncated":
        Image.fromarray(np.random.default_rng(0).integers(0, 255, (90, 90, 3), np.uint8)).save(path)
        path.write_bytes(path.read_bytes()[:500])
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(CourseError, match=said) as caught:
        labs.load_photo(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
