"""Photographs of things, cut out of their background: chosen, split and shown as ordinary images."""

from dataclasses import dataclass

import numpy as np

from labs.errors import CourseError
from labs.text import _

WHITE = (255, 255, 255)


@dataclass(frozen=True, eq=False)
class Stamps:
    """Cut-outs with what is known about each; `stamps[indices]` takes some of them, `len` counts them.

    Attributes:
        images: uint8 of shape (N, 128, 128, 4), red, green, blue and alpha (0 around the thing, 255 on it).
        labels: uint8 of shape (N,), positions in `classes`.
        classes: tuple of names.
        objects: int of shape (N,). Pictures of one object, or of things as like as two lions, share a number.
        names: str of shape (N,), the name of each file.
        captions, korean: str of shape (N,), what it is, in English and in Korean.
    """

    images: np.ndarray
    labels: np.ndarray
    classes: tuple[str, ...]
    objects: np.ndarray
    names: np.ndarray
    captions: np.ndarray
    korean: np.ndarray

    def __len__(self):
        return len(self.images)

    def __getitem__(self, indices):
        """Some of the stamps, in the order of `indices` (ints, a slice or a mask), with the same classes."""
        chosen = np.atleast_1d(np.arange(len(self))[indices])
        return Stamps(
            self.images[chosen],
            self.labels[chosen],
            self.classes,
            self.objects[chosen],
            self.names[chosen],
            self.captions[chosen],
            self.korean[chosen],
        )

    def of(self, *classes):
        """The stamps of some classes, labeled 0, 1, ... in the order in which the classes are named.

        Raises `CourseError` when there is no such class.
        """
        for name in classes:
            if name not in self.classes:
                sentence = _("No stamps are of the class {name!r}; there are {classes}.")
                raise CourseError(sentence.format(name=name, classes=", ".join(self.classes)))
        new = {self.classes.index(name): position for position, name in enumerate(classes)}
        chosen = self[np.isin(self.labels, list(new))]
        labels = np.array([new[label] for label in chosen.labels.tolist()], np.uint8)
        return Stamps(
            chosen.images,
            labels,
            tuple(classes),
            chosen.objects,
            chosen.names,
            chosen.captions,
            chosen.korean,
        )

    def split(self, per_class, seed=0):
        """Two parts, `(train, test)`, that have no object in common: the stamps of `split_indices`."""
        train, test = self.split_indices(per_class, seed)
        return self[train], self[test]

    def split_indices(self, per_class, seed=0):
        """Positions of two parts, `(train, test)`, that have no object in common; each int of shape (count,).

        Args:
            per_class: int, how many stamps of each class are for training; the rest is for testing.
            seed: int, another one gives another split.

        Raises `CourseError` when a class has too few stamps to leave one for testing.
        """
        random = np.random.default_rng(seed)
        train = []
        for label, name in enumerate(self.classes):
            members = np.flatnonzero(self.labels == label)
            room = per_class
            for thing in random.permutation(np.unique(self.objects[members])):
                pictures = members[self.objects[members] == thing]
                # An object that does not fit as a whole is left for testing.
                if len(pictures) <= room:
                    train.extend(pictures)
                    room -= len(pictures)
            if room or per_class >= len(members):
                sentence = _(
                    "{name} has {count} stamps: too few for {per_class} to train and others to test."
                )
                raise CourseError(sentence.format(name=name, count=len(members), per_class=per_class))
        return np.sort(train), np.setdiff1d(np.arange(len(self)), train)

    def on(self, background=WHITE):
        """The stamps on a background: uint8 of shape (N, 128, 128, 3).

        Args:
            background: a color (3,), an image (128, 128, 3) or an image for each stamp (N, 128, 128, 3), 0 to 255.
        """
        alpha = self.images[..., 3:] / np.float32(255)
        mixed = self.images[..., :3] * alpha + np.asarray(background, np.float32) * (1 - alpha)
        return np.rint(mixed).astype(np.uint8)

    def save(self, folder, background=WHITE):
        """Write each stamp as an image file in the folder of its class: `folder/bird/crow.png`."""
        from PIL import Image

        for image, label, name in zip(self.on(background), self.labels, self.names, strict=True):
            place = folder / self.classes[label]
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(image).save(place / f"{name}.png")
