"""Scenes: cut-out photographs of things composed on photographs of places, with exact masks and boxes."""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from labs.errors import CourseError
from labs.text import _

SPLITS = ("train", "test")
SPLIT_SEED = 0  # which ones
TEST_OBJECTS = 4  # one of four objects of a class is for the test scenes
TEST_BACKGROUNDS = 3  # and one of three backgrounds
SOLID = 128  # alpha from which on a pixel belongs to the object
VISIBLE = 0.7  # an object that would be covered more than this is put elsewhere
TRIES = 20  # places for one object; one that fits nowhere is left out
BLUR = 0.02  # of the background, as a share of the scene's side: the lens focuses on the objects
EDGE = 0.1  # share of an object's side that may lie outside the scene


@dataclass(frozen=True, eq=False)
class Scenes:
    """Composites of real photographs, with the truth for each; all arrays are read-only.

    Attributes:
        images: uint8 of shape (N, size, size, 3), red, green, blue.
        masks: uint8 of shape (N, size, size): 0 background, label + 1 on an object.
        instances: uint8 of shape (N, size, size): 0 background, 1, 2, ... for each object of the scene.
        boxes: tuple of N int arrays (n, 4): left, top, right, bottom of the visible pixels, end exclusive.
        labels: tuple of N int arrays (n,): positions in `classes`, in the order of the boxes.
        classes: tuple of names.
    """

    images: np.ndarray
    masks: np.ndarray
    instances: np.ndarray
    boxes: tuple
    labels: tuple
    classes: tuple

    def __len__(self):
        return len(self.images)


def parts(stamps, backgrounds, split):
    """The stamps and backgrounds of a split: no object and no background is in both.

    Args:
        stamps: `labs.stamps.Stamps`.
        backgrounds: dict name → photo.
        split: "train" or "test".

    Returns:
        (`Stamps`, list of photos).
    """
    random = np.random.default_rng(SPLIT_SEED)
    held_back = set()
    for label in range(len(stamps.classes)):
        held_back.update(
            random.permutation(np.unique(stamps.objects[stamps.labels == label]))[::TEST_OBJECTS]
        )
    names = sorted(backgrounds)
    held_names = set(random.permutation(names)[::TEST_BACKGROUNDS])
    for_test = split == "test"
    chosen = stamps[np.isin(stamps.objects, list(held_back)) == for_test]
    return chosen, [backgrounds[name] for name in names if (name in held_names) == for_test]


def compose(stamps, backgrounds, count, size, objects, scale, seed, split):
    """Scenes of the stamps of a split on its backgrounds.

    Args:
        stamps: `labs.stamps.Stamps` of the classes that are wanted.
        backgrounds: dict name → uint8 photo (height, width, 3).
        count, size, seed: ints; the first scenes of a larger count are those of a smaller one.
        objects: (fewest, most) objects of a scene.
        scale: (smallest, largest) longest side of an object, as a share of the scene's.
        split: "train" or "test".

    Returns:
        `Scenes`.

    Raises:
        CourseError: the count, the size, the number or scale of objects, or the split cannot be.
    """
    _require(count, size, objects, scale, split)
    stamps, photos = parts(stamps, backgrounds, split)
    cut_outs = [Image.fromarray(_cropped(image)) for image in stamps.images]
    photos = [Image.fromarray(photo) for photo in photos]
    images = np.empty((count, size, size, 3), np.uint8)
    masks, instances = np.zeros((2, count, size, size), np.uint8)
    boxes, labels = [], []
    for number in range(count):
        random = np.random.default_rng([seed, number, SPLITS.index(split)])
        images[number] = _background(photos, size, random)
        kinds = []
        for _object in range(random.integers(objects[0], objects[1] + 1)):
            label = int(random.integers(len(stamps.classes)))
            picture = _picture(stamps, cut_outs, label, size, scale, random)
            if _put(images[number], instances[number], picture, len(kinds) + 1, random):
                kinds.append(label)
        labels.append(np.array(kinds, int))
        boxes.append(_boxes(instances[number], len(kinds)))
        masks[number] = np.array([0, *(label + 1 for label in kinds)], np.uint8)[instances[number]]
    for array in (images, masks, instances, *boxes, *labels):
        array.setflags(write=False)  # they are cached: nobody may change them for the next who asks
    return Scenes(images, masks, instances, tuple(boxes), tuple(labels), stamps.classes)


def _require(count, size, objects, scale, split):
    if split not in SPLITS:
        sentence = _("There is no split {split!r}; there are train and test.")
        raise CourseError(sentence.format(split=split))
    if count < 1:
        raise CourseError(_("The count of scenes is {count}; it is 1 or more.").format(count=count))
    if not 16 <= size <= 512:
        sentence = _("The size of the scenes is {size}; it lies between 16 and 512 pixels.")
        raise CourseError(sentence.format(size=size))
    if not 0 <= objects[0] <= objects[1] <= 9:
        sentence = _("The numbers of objects are {objects}; they are (fewest, most), from 0 to 9.")
        raise CourseError(sentence.format(objects=tuple(objects)))
    if not 0.05 <= scale[0] <= scale[1] <= 1:
        sentence = _("The scale of the objects is {scale}; it is (smallest, largest), from 0.05 to 1.")
        raise CourseError(sentence.format(scale=tuple(scale)))


def _cropped(image):
    """An RGBA image without its empty border."""
    rows, columns = (np.flatnonzero(image[..., 3].any(axis=axis)) for axis in (1, 0))
    return image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _background(photos, size, random):
    """A square part of a photo, at least half as large as the photo allows, a little out of focus."""
    photo = photos[random.integers(len(photos))]
    side = random.uniform(0.5, 1.0) * min(photo.size)
    left, top = (random.uniform(0, length - side) for length in photo.size)
    box = (left, top, left + side, top + side)
    part = photo.resize((size, size), Image.Resampling.BILINEAR, box=box, reducing_gap=2.0)
    return np.array(part.filter(ImageFilter.GaussianBlur(BLUR * size)))


def _picture(stamps, cut_outs, label, size, scale, random):
    """A stamp of a class as RGBA, an object first and then one of its pictures, scaled and perhaps mirrored."""
    thing = random.choice(np.unique(stamps.objects[stamps.labels == label]))
    chosen = random.choice(np.flatnonzero((stamps.objects == thing) & (stamps.labels == label)))
    cut_out = cut_outs[chosen]
    factor = random.uniform(*scale) * size / max(cut_out.size)
    sides = tuple(max(1, round(side * factor)) for side in cut_out.size)
    pixels = np.asarray(cut_out.resize(sides, Image.Resampling.BILINEAR))
    return pixels[:, ::-1] if random.random() < 0.5 else pixels


def _put(image, instances, picture, number, random):
    """Lay a picture on the scene where no object disappears; whether there was such a place."""
    height, width = picture.shape[:2]
    size = len(image)
    solid = picture[..., 3] >= SOLID
    if not solid.any():  # a thin object, scaled down until nothing of it is left
        return False
    areas = np.bincount(instances.ravel(), minlength=number)
    for _try in range(TRIES):
        top = int(random.integers(-int(EDGE * height), size - height + int(EDGE * height) + 1))
        left = int(random.integers(-int(EDGE * width), size - width + int(EDGE * width) + 1))
        rows = slice(max(top, 0), min(top + height, size))
        columns = slice(max(left, 0), min(left + width, size))
        inside = (slice(rows.start - top, rows.stop - top), slice(columns.start - left, columns.stop - left))
        covered = np.bincount(instances[rows, columns][solid[inside]], minlength=number)
        shown = solid[inside].sum()
        if shown < VISIBLE * solid.sum() or np.any(covered[1:] > (1 - VISIBLE) * areas[1:]):
            continue
        alpha = picture[inside][..., 3:] / np.float32(255)
        mixed = picture[inside][..., :3] * alpha + image[rows, columns] * (1 - alpha)
        image[rows, columns] = np.rint(mixed)
        instances[rows, columns][solid[inside]] = number
        return True
    return False


def _boxes(instances, count):
    """The box around each object's visible pixels: int (count, 4), left, top, right, bottom, end exclusive."""
    found = np.zeros((count, 4), int)
    for number in range(count):
        rows, columns = np.nonzero(instances == number + 1)
        found[number] = columns.min(), rows.min(), columns.max() + 1, rows.max() + 1
    return found
