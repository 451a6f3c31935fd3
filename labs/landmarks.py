"""What surrounds BlazeFace's landmarks: its raw answers for a photo, places in pixels, turned photos."""

import numpy as np
import tensorflow as tf
from PIL import Image

SIDE = 128  # pixels of the network's input
GRAY = (127, 127, 127)  # of the corners that a turned photo leaves empty


def answers(network, anchors, photos):
    """A face network's best answer for each photo, as the network gives it; all photos in one call.

    Args:
        network: keras.Model of `labs.models.blazeface`.
        anchors: float array (896, 2) of `labs.models.blazeface_anchors`.
        photos: sequence of N uint8 arrays (H, W, 3), of any sizes.

    Returns:
        (raw, anchors, scores): float arrays (N, 16) in pixels of the input, (N, 2) and (N,): the likeliest face of each
        photo, however low its score.
    """
    squares = [tf.image.resize_with_pad(photo / np.float32(127.5) - 1, SIDE, SIDE) for photo in photos]
    raw, logits = (np.asarray(part) for part in network(tf.stack(squares), training=False))
    best = logits[..., 0].argmax(axis=1)
    rows = np.arange(len(photos))
    logits = logits[rows, best, 0].astype(float)
    return raw[rows, best], anchors[best], 1 / (1 + np.exp(-np.clip(logits, -50, 50)))


def boxes(raw, anchors):
    """Corners of the boxes of `answers`: float array (n, 2, 2), left top and right bottom, shares of the input."""
    centers, sizes = raw[:, :2] / SIDE + anchors, raw[:, 2:4] / SIDE
    return np.stack([centers - sizes / 2, centers + sizes / 2], axis=1)


def in_pixels(points, photo):
    """Places (..., 2) as shares of the network's square input, as x, y in pixels of the photo (H, W, 3)."""
    height, width = photo.shape[:2]
    side = max(height, width)  # the photo lies in the middle of a square
    return np.asarray(points) * side - [(side - width) / 2, (side - height) / 2]


def around(photo, box, margin=2.5):
    """The square about a face, for a second, nearer look.

    Args:
        photo: uint8 array (H, W, 3).
        box: left, top, right, bottom in pixels; its center lies in the photo.
        margin: float, sides of the square as a multiple of the box's longer side.

    Returns:
        uint8 array (side, side, 3); gray where it reaches out of the photo.
    """
    left, top, right, bottom = np.asarray(box, float)
    half = round(margin * max(right - left, bottom - top) / 2)
    x, y = round((left + right) / 2), round((top + bottom) / 2)
    padded = np.pad(photo, ((half, half), (half, half), (0, 0)), constant_values=GRAY[0])
    return padded[y : y + 2 * half, x : x + 2 * half]


def turned(photo, degrees):
    """A photo turned about its middle, clockwise for positive degrees; size kept, empty corners gray."""
    image = Image.fromarray(photo)
    return np.asarray(image.rotate(-degrees, Image.Resampling.BICUBIC, fillcolor=GRAY))
