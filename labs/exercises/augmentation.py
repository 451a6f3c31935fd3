"""Lesson 03 · More data from the data you have."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.classifier import ClassifierChallenge, classifier_mistakes


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


def _bytes(*shape, seed=0):
    """Reproducible uint8 images for the cases, none of their pixels 0."""
    return np.random.default_rng([seed, *shape]).integers(1, 256, shape, np.uint8)


# ----------------------------------------------------------------------------------- flip_horizontal


@exercise(
    cases=[
        dict(images=np.arange(12.0).reshape(1, 3, 4, 1)),
        dict(images=_random(2, 3, 5, 3)),
        dict(images=_bytes(3, 4, 4, 1)),
        dict(images=_random(4, 2, 3, 2)),
        dict(images=_bytes(2, 5, 3, 4)),
    ],
    hints=[
        "Which of the four axes counts the columns of an image?",
        "A slice with step -1 reverses an axis: array[::-1] reverses the first one.",
        "images[:, :, ::-1] leaves the examples and the rows as they are.",
    ],
)
def flip_horizontal(images):
    """Each image of a batch seen in a mirror: left and right exchanged.

    Args:
        images: array (N, H, W, C), any dtype; do not change it.

    Returns:
        array (N, H, W, C): the same images in the same order, the columns of each in reversed order. Rows
        and channels stay as they are.
    """
    # BEGIN SOLUTION
    return images[:, :, ::-1]
    # END SOLUTION


@flip_horizontal.mistake(
    "Up and down are exchanged. In a batch axis 0 counts the images, axis 1 the rows, axis 2 the columns."
)
def flipped_vertically(images):
    return images[:, ::-1]


@flip_horizontal.mistake("Axis 0 is reversed: the images come in another order, and none is flipped.")
def batch_reversed(images):
    return images[::-1]


@flip_horizontal.mistake("The channels are reversed: red and blue are exchanged, and no pixel has moved.")
def channels_reversed(images):
    return images[..., ::-1]


@flip_horizontal.mistake("Rows and columns are reversed: that is a turn by 180°, not a mirror.")
def turned_by_180(images):
    return images[:, ::-1, ::-1]


@flip_horizontal.mistake("np.flip without an axis reverses all four, the batch included: axis=2.")
def all_axes_reversed(images):
    return np.flip(images)


@flip_horizontal.mistake("Columns and channels are reversed: the colors must stay as they are.")
def columns_and_channels_reversed(images):
    return images[:, :, ::-1, ::-1]


@flip_horizontal.mistake(
    "Rows and columns are exchanged: that lays the image on its side. A mirror reverses the columns."
)
def rows_and_columns_exchanged(images):
    return np.swapaxes(images, 1, 2)


@flip_horizontal.mistake("The images come back as they were: reverse axis 2.")
def nothing_flipped(images):
    return images


@flip_horizontal.mistake("Only the first image is returned. Keep the batch axis: images[:, ...].")
def first_image_only(images):
    return images[0, :, ::-1]


@flip_horizontal.mistake("Only the first image is flipped.")
def first_image_flipped(images):
    flipped = images.copy()
    flipped[0] = flipped[0, :, ::-1]
    return flipped


@flip_horizontal.mistake("Only the first channel is flipped: the colors no longer lie on each other.")
def first_channel_flipped(images):
    flipped = images.copy()
    flipped[..., 0] = flipped[:, :, ::-1, 0]
    return flipped


@flip_horizontal.mistake("Only the first channel is returned. The shape stays (N, H, W, C).")
def first_channel_returned(images):
    return images[:, :, ::-1, :1]


@flip_horizontal.mistake(
    "The flipped images stand behind the originals. Return the flipped ones alone: as many as came in."
)
def originals_kept(images):
    return np.concatenate([images, images[:, :, ::-1]])


@flip_horizontal.mistake(
    "The result is right, but images itself is changed: images[...] = ... writes into what was given."
)
def flipped_in_place(images):
    images[:] = images[:, :, ::-1].copy()
    return images


# --------------------------------------------------------------------------------------- shift_image


def _seen_image(function, **case):
    """The image that comes back, and whether its dtype is the one that went in; a list has none."""
    result = function(*case.values())  # by position: the student may rename parameters
    dtype = getattr(result, "dtype", None)
    kept = dtype is None or getattr(dtype, "name", str(dtype)) == case["image"].dtype.name
    return {"image": result, f"the dtype stays {case['image'].dtype.name}": kept}


@exercise(
    cases=[
        dict(image=np.arange(1, 13).reshape(3, 4), dx=1, dy=0),
        dict(image=_bytes(4, 5), dx=0, dy=2),
        dict(image=_bytes(5, 4, 3), dx=-1, dy=2),
        dict(image=_random(4, 6), dx=2, dy=-1, fill=-1.5),
        dict(image=_bytes(3, 5, 1), dx=-2, dy=-1, fill=255),
        dict(image=_random(4, 3, 2), dx=0, dy=0),
        dict(image=_bytes(3, 4), dx=5, dy=1, fill=7),
        dict(image=_bytes(3, 4, 3), dx=0, dy=-4),
    ],
    hints=[
        "Begin with an image of the same shape and dtype that holds the fill everywhere: np.full_like(image, fill).",
        "With dx = 2, columns 2 to the end of the output are columns 0 to width - 2 of the image.",
        "For dx of either sign: output columns max(dx, 0) to width + min(dx, 0), image columns max(-dx, 0) to "
        "width - max(dx, 0). Rows go the same way with dy.",
        "Where |dx| reaches the width, or |dy| the height, nothing of the image is left.",
    ],
    observe=_seen_image,
)
def shift_image(image, dx, dy, fill=0):
    """Move an image by whole pixels.

    Args:
        image: array (H, W) or (H, W, C); do not change it.
        dx: int, pixels to the right; negative: to the left.
        dy: int, pixels down; negative: up.
        fill: number that the pixels get which nothing moves to.

    Returns:
        array of the same shape and the same dtype. What moves over the edge is lost, also where that is all.
    """
    # BEGIN SOLUTION
    height, width = image.shape[:2]
    output = np.full_like(image, fill)
    if abs(dx) < width and abs(dy) < height:
        rows, columns = max(dy, 0), max(dx, 0)  # where the kept part begins in the output
        kept = image[max(-dy, 0) : height - rows, max(-dx, 0) : width - columns]
        output[rows : rows + kept.shape[0], columns : columns + kept.shape[1]] = kept
    return output
    # END SOLUTION


def _shifted(image, dx, dy, fill=0):
    """A right answer of another make, for the mistakes below."""
    height, width = image.shape[:2]
    margin = [(height, height), (width, width)] + [(0, 0)] * (image.ndim - 2)
    padded = (
        np.pad(image, margin, constant_values=fill) if fill is not None else np.pad(image, margin, "edge")
    )
    dx, dy = np.clip(dx, -width, width), np.clip(dy, -height, height)
    return padded[height - dy : 2 * height - dy, width - dx : 2 * width - dx]


@shift_image.mistake(
    "dx and dy are exchanged: dx moves along the columns (axis 1), dy along the rows (axis 0)."
)
def dx_and_dy_swapped(image, dx, dy, fill=0):
    return _shifted(image, dy, dx, fill)


@shift_image.mistake("Both directions are reversed: a positive dx moves to the right, a positive dy down.")
def directions_reversed(image, dx, dy, fill=0):
    return _shifted(image, -dx, -dy, fill)


@shift_image.mistake("Up and down are exchanged: rows are counted from the top, so a positive dy moves down.")
def vertical_direction_reversed(image, dx, dy, fill=0):
    return _shifted(image, dx, -dy, fill)


@shift_image.mistake("Left and right are exchanged: a positive dx moves to the right.")
def horizontal_direction_reversed(image, dx, dy, fill=0):
    return _shifted(image, -dx, dy, fill)


@shift_image.mistake(
    "np.roll brings back on the other side what leaves on this one. Those pixels get the fill instead."
)
def rolled(image, dx, dy, fill=0):
    return np.roll(image, (dy, dx), axis=(0, 1))


@shift_image.mistake("The fill is not used: new pixels are always 0.")
def fill_unused(image, dx, dy, fill=0):
    return _shifted(image, dx, dy, 0)


@shift_image.mistake("New pixels repeat the edge. Here they get the fill.")
def edge_repeated(image, dx, dy, fill=0):
    return _shifted(image, dx, dy, None)


@shift_image.mistake("dy is not used: the image moves up or down, too.")
def vertical_ignored(image, dx, dy, fill=0):
    return _shifted(image, dx, 0, fill)


@shift_image.mistake("dx is not used: the image moves left or right, too.")
def horizontal_ignored(image, dx, dy, fill=0):
    return _shifted(image, 0, dy, fill)


@shift_image.mistake(
    "The dtype changes: np.zeros and np.full make floats unless told otherwise. np.full_like keeps the image's."
)
def dtype_lost(image, dx, dy, fill=0):
    return _shifted(image, dx, dy, fill).astype(np.float64)


@shift_image.mistake(
    "Only positive shifts move the image. A negative dx moves to the left, a negative dy up."
)
def positive_only(image, dx, dy, fill=0):
    return _shifted(image, max(dx, 0), max(dy, 0), fill)


@shift_image.mistake("The sign is lost: a negative dx moves to the left, a negative dy up.")
def sign_lost(image, dx, dy, fill=0):
    return _shifted(image, abs(dx), abs(dy), fill)


@shift_image.mistake("With dx = 0, image[:, :-0] is empty: count the end from the width, width - dx.")
def minus_zero(image, dx, dy, fill=0):
    output = np.full_like(image, fill)
    output[dy:, dx:] = image[:-dy, :-dx]
    return output


@shift_image.mistake(
    "When the shift is as large as the image, nothing is left of it. Your slices do not fit each other there."
)
def large_shifts_forgotten(image, dx, dy, fill=0):
    height, width = image.shape[:2]
    output = np.full_like(image, fill)
    output[max(dy, 0) : height + min(dy, 0), max(dx, 0) : width + min(dx, 0)] = image[
        max(-dy, 0) : height - max(dy, 0), max(-dx, 0) : width - max(dx, 0)
    ]
    return output


@shift_image.mistake("What moves over the edge is missing in your result: the shape stays as it was.")
def cropped(image, dx, dy, fill=0):
    height, width = image.shape[:2]
    return image[max(-dy, 0) : height - max(dy, 0), max(-dx, 0) : width - max(dx, 0)]


@shift_image.mistake("The image grows by the shift: cut it to its old shape.")
def grown(image, dx, dy, fill=0):
    margin = [(max(dy, 0), max(-dy, 0)), (max(dx, 0), max(-dx, 0))] + [(0, 0)] * (image.ndim - 2)
    return np.pad(image, margin, constant_values=fill)


@shift_image.mistake(
    "The result is right, but the image itself is changed: write into a new array, np.full_like(image, fill)."
)
def shifted_in_place(image, dx, dy, fill=0):
    image[:] = _shifted(image, dx, dy, fill)
    return image


# ------------------------------------------------------------------------------------- build_datagen


def _datagen_properties(build):
    """What a generator draws and gives for fixed seeds: settings that do the same look the same."""
    generator = build()
    kind = tf.keras.preprocessing.image.ImageDataGenerator
    if not isinstance(generator, kind):
        return {"the result is an ImageDataGenerator": False}
    images = np.random.default_rng(0).integers(0, 256, (20, 12, 16, 1)).astype("float32")
    seen = {"the result is an ImageDataGenerator": True}
    seen |= {
        name: np.asarray(getattr(generator, name), dtype=float)  # 15 and 15.0 are equal
        for name in ("rotation_range", "width_shift_range", "height_shift_range", "zoom_range")
    }
    drawn = [generator.get_random_transform((12, 16, 1), seed=seed) for seed in range(12)]
    for name, wanted in _DRAWN.items():
        seen[wanted] = [0.0 if one[name] is None else float(one[name]) for one in drawn]
    seen |= {
        name: bool(getattr(generator, name))
        for name in ("featurewise_center", "featurewise_std_normalization", "zca_whitening")
    }
    seen["a white pixel (255) becomes"] = float(generator.standardize(np.full((1, 1, 1), 255.0))[0, 0, 0])
    for part in ("training", "validation"):
        seen[f"of 20 images, subset={part!r} has"] = int(generator.flow(images, subset=part).n)
    seen["images drawn with seed 3"] = next(generator.flow(images[:4], batch_size=4, shuffle=False, seed=3))
    return seen


# What a transform is drawn as, and the words for it.
_DRAWN = {
    "theta": "angles drawn, in degrees",
    "tx": "shifts drawn for height_shift_range, in pixels",
    "ty": "shifts drawn for width_shift_range, in pixels",
    "shear": "shears drawn",
    "zx": "zooms drawn, first axis",
    "zy": "zooms drawn, second axis",
    "flip_horizontal": "horizontal flips drawn",
    "flip_vertical": "vertical flips drawn",
    "channel_shift_intensity": "channel shifts drawn",
    "brightness": "brightnesses drawn",
}


@exercise(
    cases=[{}],
    hints=[
        "The class: tf.keras.preprocessing.image.ImageDataGenerator. All of it is arguments of its constructor.",
        "Rotation is in degrees here. Shifts and zoom are fractions: 0.1 is a tenth.",
        "rotation_range=15, width_shift_range=0.1, height_shift_range=0.1, zoom_range=0.1, ...",
    ],
    observe=_datagen_properties,
    seconds=10.0,
)
def build_datagen():
    """The ImageDataGenerator of this lesson.

    It turns by up to 15 degrees, shifts by up to a tenth of the width and a tenth of the height, zooms by
    0.1, flips from left to right at random, multiplies by 1/255, and sets a fifth of the images aside for
    validation. Everything else keeps its default.

    Returns:
        tf.keras.preprocessing.image.ImageDataGenerator.
    """
    # BEGIN SOLUTION
    return tf.keras.preprocessing.image.ImageDataGenerator(
        rotation_range=15,
        width_shift_range=0.1,
        height_shift_range=0.1,
        zoom_range=0.1,
        horizontal_flip=True,
        rescale=1 / 255,
        validation_split=0.2,
    )
    # END SOLUTION


def _datagen(**changes):
    """The generator with some arguments changed; None leaves one out."""
    arguments = dict(
        rotation_range=15,
        width_shift_range=0.1,
        height_shift_range=0.1,
        zoom_range=0.1,
        horizontal_flip=True,
        rescale=1 / 255,
        validation_split=0.2,
    )
    arguments |= changes
    given = {name: value for name, value in arguments.items() if value is not None}
    return tf.keras.preprocessing.image.ImageDataGenerator(**given)


@build_datagen.mistake(
    "ImageDataGenerator counts rotation in degrees: 15. Fractions of a turn are for RandomRotation."
)
def fraction_of_a_turn():
    return _datagen(rotation_range=15 / 360)


@build_datagen.mistake("ImageDataGenerator counts rotation in degrees: 15. You gave radians.")
def radians():
    return _datagen(rotation_range=np.deg2rad(15))


@build_datagen.mistake("The rotation is missing: rotation_range=15.")
def rotation_missing():
    return _datagen(rotation_range=None)


@build_datagen.mistake("A shift of 1 or more counts pixels. A tenth of the image is 0.1.")
def shifts_in_percent():
    return _datagen(width_shift_range=10, height_shift_range=10)


@build_datagen.mistake(
    "A list is a choice: this shifts by exactly a tenth, to one side or the other. A range is one number, 0.1."
)
def shifts_as_choice():
    return _datagen(width_shift_range=[-0.1, 0.1], height_shift_range=[-0.1, 0.1])


@build_datagen.mistake("Only the width is shifted: height_shift_range=0.1 is missing.")
def height_shift_missing():
    return _datagen(height_shift_range=None)


@build_datagen.mistake("Only the height is shifted: width_shift_range=0.1 is missing.")
def width_shift_missing():
    return _datagen(width_shift_range=None)


@build_datagen.mistake("The shifts are missing: width_shift_range=0.1 and height_shift_range=0.1.")
def shifts_missing():
    return _datagen(width_shift_range=None, height_shift_range=None)


@build_datagen.mistake("The zoom is missing: zoom_range=0.1.")
def zoom_missing():
    return _datagen(zoom_range=None)


@build_datagen.mistake(
    "zoom_range=[0, 0.1] draws factors between 0 and 0.1. One number z means 1 - z to 1 + z: zoom_range=0.1."
)
def zoom_from_zero():
    return _datagen(zoom_range=[0, 0.1])


@build_datagen.mistake("zoom_range=1.1 draws factors from -0.1 to 2.1. By a tenth is zoom_range=0.1.")
def zoom_factor():
    return _datagen(zoom_range=1.1)


@build_datagen.mistake("The images flip upside down: horizontal_flip=True exchanges left and right.")
def vertical_for_horizontal():
    return _datagen(horizontal_flip=None, vertical_flip=True)


@build_datagen.mistake("The images also flip upside down: leave out vertical_flip.")
def both_flips():
    return _datagen(vertical_flip=True)


@build_datagen.mistake("The flip is missing: horizontal_flip=True.")
def flip_missing():
    return _datagen(horizontal_flip=None)


@build_datagen.mistake("The pixels stay between 0 and 255: rescale=1/255 is missing.")
def rescale_missing():
    return _datagen(rescale=None)


@build_datagen.mistake("rescale is a factor: the pixels are multiplied by it. rescale=1/255.")
def rescale_reversed():
    return _datagen(rescale=255)


@build_datagen.mistake("The validation part is missing: validation_split=0.2.")
def split_missing():
    return _datagen(validation_split=None)


@build_datagen.mistake("validation_split is the part for validation: 0.2, not 0.8.")
def split_reversed():
    return _datagen(validation_split=0.8)


@build_datagen.mistake("Shear is not rotation: it pushes the upper half aside. rotation_range=15.")
def shear_for_rotation():
    return _datagen(rotation_range=None, shear_range=15)


@build_datagen.mistake("New pixels repeat the nearest one: leave fill_mode at its default.")
def constant_fill():
    return _datagen(fill_mode="constant")


@build_datagen.mistake("Return the generator itself, not the batches of a flow.")
def flow_returned():
    return _datagen().flow(np.zeros((10, 4, 4, 1)), batch_size=5)


# ----------------------------------------------------------------------------------- build_augmenter

_SIDE = 48  # pixels of the images that an augmenter is measured with
_DRAWS = 800


def _ramps():
    """An image whose two channels hold the column and the row of each pixel, from 0 to 255."""
    ramp = np.linspace(0, 255, _SIDE, dtype=np.float32)
    return np.stack(np.meshgrid(ramp, ramp), axis=-1)


def _augmenter_properties(build):
    """What an augmenter does to images, measured over many draws."""
    augmenter = build()
    if not isinstance(augmenter, keras.Model):
        return {"the result is a keras.Sequential": False}
    if augmenter.built and set(augmenter.input_shape) != {None}:
        return {"it takes images of any size": False}
    ramps = np.stack([_ramps()] * _DRAWS)
    still = np.asarray(augmenter(ramps[:2], training=False))
    if still.shape != ramps[:2].shape:
        return {"the shape of the images stays": False}
    white = np.asarray(augmenter(np.full((8, _SIDE, _SIDE, 2), 255, np.float32), training=True))
    brightest = float(white[:, 20:28, 20:28].mean())
    if not np.isclose(brightest, 1, atol=1e-4):
        return {"a white pixel (255) becomes": round(brightest, 3)}
    moved = np.asarray(augmenter(ramps, training=True)) * (_SIDE - 1)
    seen = {
        "the result is a keras.Sequential": True,
        "it takes images of any size": True,
        "the shape of the images stays": True,
        "a white pixel (255) becomes": 1.0,
        "with training=False nothing is moved": np.allclose(still, ramps[:2] / 255, atol=1e-4),
        **_motion_properties(*_motions(moved)),
        "new pixels repeat the nearest one": _edges_repeat(augmenter),
    }
    return {name: value if isinstance(value, float) else bool(value) for name, value in seen.items()}


def _motions(moved):
    """Of each image: the matrix (2, 2) and the offset (2,) from output to source, in columns and rows.

    The pixels of a ramp say where they came from; four around the center are enough.
    """
    center = (_SIDE - 1) / 2
    low, high = _SIDE // 2 - 6, _SIDE // 2 + 5
    corners = [moved[:, row, column] for row in (low, high) for column in (low, high)]
    reach = high - low
    along = (corners[1] - corners[0] + corners[3] - corners[2]) / (2 * reach)
    down = (corners[2] - corners[0] + corners[3] - corners[1]) / (2 * reach)
    return np.stack([along, down], axis=2), sum(corners) / 4 - center


def _motion_properties(matrices, offsets):
    """Which of the ranges asked for the motions reach, and which they keep to."""
    mirrored = np.linalg.det(matrices) < 0
    along, down = matrices[:, :, 0] * np.where(mirrored, -1, 1)[:, None], matrices[:, :, 1]
    zoom_along, zoom_down = np.hypot(*along.T) - 1, np.hypot(*down.T) - 1
    angles = np.arctan2(-down[:, 0], down[:, 1])
    # The offset before the turn: what the translation alone has done.
    axes = np.array([[np.cos(angles), np.sin(angles)], [-np.sin(angles), np.cos(angles)]])
    shift_along, shift_down = (offsets.T * axes).sum(axis=1) / _SIDE
    return {
        "images are flipped from left to right": mirrored.any(),
        "no image is turned upside down": (matrices[:, 1, 1] > 0).all(),
        "about half of the images are flipped": 0.4 < mirrored.mean() < 0.6,
        "angles reach 15 degrees to both sides": _reaches(np.rad2deg(angles), 15),
        "no angle is above 15 degrees": _keeps_to(np.rad2deg(angles), 15),
        "images move left and right by up to a tenth": _reaches(shift_along, 0.1),
        "images move up and down by up to a tenth": _reaches(shift_down, 0.1),
        "no image moves by more than a tenth": _keeps_to([shift_along, shift_down], 0.1),
        "the width is zoomed by up to a tenth, both in and out": _reaches(zoom_along, 0.1),
        "the height is zoomed by up to a tenth, both in and out": _reaches(zoom_down, 0.1),
        "no zoom is above a tenth": _keeps_to([zoom_along, zoom_down], 0.1),
        "height and width are zoomed each on their own": np.std(zoom_along - zoom_down) > 0.02,
        "the layers come in the order of the text": np.abs((along * down).sum(axis=1)).max() < 0.01,
    }


def _reaches(values, limit):
    """Whether values nearly reach a limit on both sides of 0."""
    return np.min(values) < -0.9 * limit and np.max(values) > 0.9 * limit


def _keeps_to(values, limit):
    """Whether no value is further from 0 than a limit, rounding aside."""
    return np.abs(values).max() <= 1.02 * limit


def _edges_repeat(augmenter):
    """Whether pixels from outside repeat the edge: a frame one pixel wide then grows into bands."""
    framed = np.full((200, _SIDE, _SIDE, 2), 255, np.float32)
    framed[:, 1:-1, 1:-1] = 0
    # Measured: 0.13 for nearest, 0.08 for reflect and wrap, 0.03 for constant.
    return np.asarray(augmenter(framed, training=True)).mean() > 0.1


@exercise(
    cases=[{}],
    hints=[
        "keras.Sequential([layers.RandomRotation(...), layers.RandomTranslation(...), ...])",
        "RandomRotation wants a fraction of a whole turn: 15 degrees are 15 / 360.",
        'Each of the three moving layers needs fill_mode="nearest"; their default is another.',
        "RandomZoom(0.1, 0.1) draws height and width on their own; RandomZoom(0.1) keeps them equal.",
    ],
    observe=_augmenter_properties,
    seconds=20.0,
)
def build_augmenter():
    """The same augmentation as `build_datagen`, as Keras layers.

    In this order: rotation by up to 15 degrees, translation by up to a tenth of the height and of the width,
    zoom by up to a tenth (height and width each drawn on their own), flips from left to right, and rescaling
    to 1/255. Where the image no longer covers its frame, the nearest pixel is repeated (`fill_mode`). All
    other settings of the layers keep their defaults.

    Returns:
        keras.Sequential: images (N, H, W, C) from 0 to 255, to images of the same shape from 0 to 1. Only
        with training=True does it move anything.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            layers.RandomRotation(15 / 360, fill_mode="nearest"),
            layers.RandomTranslation(0.1, 0.1, fill_mode="nearest"),
            layers.RandomZoom(0.1, 0.1, fill_mode="nearest"),
            layers.RandomFlip("horizontal"),
            layers.Rescaling(1 / 255),
        ]
    )
    # END SOLUTION


def _augmenter(
    rotation=15 / 360,
    shift=(0.1, 0.1),
    zoom=(0.1, 0.1),
    flip="horizontal",
    scale=1 / 255,
    fill="nearest",
    order="rtzf",
):
    """The augmenter with one thing different, for the mistakes below; None leaves a layer out."""
    made = {
        "r": rotation is not None and layers.RandomRotation(rotation, fill_mode=fill),
        "t": shift is not None and layers.RandomTranslation(*shift, fill_mode=fill),
        "z": zoom is not None and layers.RandomZoom(*zoom, fill_mode=fill),
        "f": flip is not None and layers.RandomFlip(flip),
    }
    last = [] if scale is None else [layers.Rescaling(scale)]
    return keras.Sequential([made[letter] for letter in order if made[letter]] + last)


@build_augmenter.mistake(
    "RandomRotation counts in whole turns: its factor lies between -1 and 1. 15 degrees are 15/360 of a turn."
)
def rotation_in_degrees():
    return _augmenter(rotation=15)


@build_augmenter.mistake("RandomRotation counts in whole turns, 360 degrees: 15 degrees are 15/360.")
def rotation_too_large():
    return _augmenter(rotation=0.15)


@build_augmenter.mistake(
    "`interpolation` says how pixels are blended; leave it at its default. `fill_mode` repeats the nearest pixel."
)
def interpolation_for_fill():
    nearest = dict(fill_mode="nearest", interpolation="nearest")
    return keras.Sequential(
        [
            layers.RandomRotation(15 / 360, **nearest),
            layers.RandomTranslation(0.1, 0.1, **nearest),
            layers.RandomZoom(0.1, 0.1, **nearest),
            layers.RandomFlip("horizontal"),
            layers.Rescaling(1 / 255),
        ]
    )


@build_augmenter.mistake("RandomRotation counts in whole turns, 360 degrees: 15 degrees are 15/360.")
def rotation_too_small():
    return _augmenter(rotation=7.5 / 360)


@build_augmenter.mistake(
    "Images move too far: RandomTranslation takes fractions, 0.1 for each direction, and stands between "
    "rotation and zoom."
)
def shift_too_large():
    return _augmenter(shift=(0.2, 0.2))


@build_augmenter.mistake("The translation is missing: layers.RandomTranslation(0.1, 0.1, ...).")
def translation_missing():
    return _augmenter(shift=None)


@build_augmenter.mistake(
    "Images move only up and down: the second factor of RandomTranslation is for the width."
)
def height_moved_only():
    return _augmenter(shift=(0.1, 0))


@build_augmenter.mistake(
    "Images move only left and right: the first factor of RandomTranslation is for the height."
)
def width_moved_only():
    return _augmenter(shift=(0, 0.1))


@build_augmenter.mistake("The zoom is missing: layers.RandomZoom(0.1, 0.1, ...).")
def zoom_left_out():
    return _augmenter(zoom=None)


@build_augmenter.mistake(
    "RandomZoom(0.1) draws one factor for both directions. RandomZoom(0.1, 0.1) draws one for each, as "
    "ImageDataGenerator does."
)
def zoom_with_one_factor():
    return _augmenter(zoom=(0.1,))


@build_augmenter.mistake("RandomZoom gets the change, not the factor: 0.1 means from 0.9 to 1.1.")
def zoom_too_large():
    return _augmenter(zoom=(0.9, 0.9))


@build_augmenter.mistake('The flip is missing: layers.RandomFlip("horizontal").')
def flip_left_out():
    return _augmenter(flip=None)


@build_augmenter.mistake(
    'Images are turned upside down: layers.RandomFlip("horizontal"); and rotations are fractions of a turn, 15/360.'
)
def flipped_upside_down():
    return _augmenter(flip="vertical")


@build_augmenter.mistake('RandomFlip alone flips in both directions: layers.RandomFlip("horizontal").')
def flipped_both_ways():
    return _augmenter(flip="horizontal_and_vertical")


@build_augmenter.mistake("The pixels stay between 0 and 255: layers.Rescaling(1 / 255) is missing.")
def rescaling_missing():
    return _augmenter(scale=None)


@build_augmenter.mistake("Rescaling multiplies by its argument: 1 / 255, not 255.")
def rescaling_reversed():
    return _augmenter(scale=255)


@build_augmenter.mistake("That scales to -1 to 1. Asked for is 0 to 1: layers.Rescaling(1 / 255).")
def rescaled_around_zero():
    return keras.Sequential([_augmenter(scale=None), layers.Rescaling(1 / 127.5, offset=-1)])


@build_augmenter.mistake(
    'New pixels do not repeat the nearest one: write fill_mode="nearest" in each of the three moving layers.'
)
def default_fill():
    return _augmenter(fill="reflect")


@build_augmenter.mistake(
    "The zoom comes before the rotation. The order is rotation, translation, zoom, flip."
)
def zoom_first():
    return _augmenter(order="zrtf")


@build_augmenter.mistake(
    "Leave out keras.Input: the augmenter takes images of any size and number of channels."
)
def fixed_size():
    return keras.Sequential([keras.Input((28, 28, 1)), _augmenter()])


@build_augmenter.mistake("Return the layers as one model: keras.Sequential([...]).")
def list_of_layers():
    return [layers.RandomFlip("horizontal"), layers.Rescaling(1 / 255)]


# ---------------------------------------------------------------------------------- training_dataset


def _marked(calls):
    """An augmenter that adds 1,000 in training mode, and to each batch a fraction of its own.

    `calls` collects the rank of what it is given.
    """
    random = np.random.default_rng(0)

    def fraction():
        return np.float32(random.uniform(0.1, 0.4))

    class Marker(layers.Layer):
        def call(self, images, training=None):
            calls.append(len(images.shape))
            if not training:
                return images
            # Not tf.random.uniform: once a seed is set, a dataset begins its draws again with each epoch.
            drawn = tf.ensure_shape(tf.numpy_function(fraction, [], tf.float32), [])
            return tf.cast(images, tf.float32) + 1000 + drawn

    return Marker()


def _numbered(count, batch_size):
    """A case: images that all hold their own number, with labels made of it."""
    numbers = np.arange(count)
    images = np.broadcast_to(numbers[:, None, None, None], (count, 2, 3, 1)).astype("float32")
    return dict(x=images, y=3 * numbers + 1, batch_size=batch_size)


def _dataset_properties(make, x, y, batch_size):
    """What a dataset of numbered images gives in two epochs."""
    calls = []
    dataset = make(x, y, _marked(calls), batch_size)
    if not isinstance(dataset, tf.data.Dataset):
        return {"the result is a tf.data.Dataset": False}
    if not isinstance(dataset.element_spec, tuple) or len(dataset.element_spec) != 2:
        return {"each element is a pair (images, labels)": False}
    count, batches = len(x), -(-len(x) // batch_size)
    first, second = ([_plain(*pair) for pair in dataset.take(batches + 1)] for _epoch in range(2))
    seen = {
        "the result is a tf.data.Dataset": True,
        "each element is a pair (images, labels)": True,
        "the images come first in each pair": all(images.ndim > labels.ndim for images, labels in first),
        "the images come in batches (N, H, W, C)": all(images.ndim == 4 for images, _labels in first),
    }
    if not all(seen.values()):
        return seen
    seen["number of images in each batch"] = sorted((len(pair[1]) for pair in first), reverse=True)
    if sum(seen["number of images in each batch"]) != count:
        return seen
    images, labels = (np.concatenate(part) for part in zip(*first, strict=True))
    values, again = images[:, 0, 0, 0], np.concatenate([pair[0][:, 0, 0, 0] for pair in second])
    found = np.floor(values % 1000).astype(int)
    inside = [np.diff(np.floor(batch[:, 0, 0, 0] % 1000)) for batch, _labels in first]
    single = bool(np.mean(np.concatenate(inside) == 1) < 0.5)
    seen |= {
        "every example comes once": np.array_equal(np.sort(found), np.arange(count)),
        "each label stays with its image": np.array_equal(labels, 3 * found + 1),
        "the augmenter runs with training=True": (values >= 1000).all(),
        "the augmenter is called once on a batch": (values < 1900).all(),
        "the augmenter is given whole batches": set(calls) == {4} and _one_fraction_a_batch(first),
        "the order is not that of x": not np.array_equal(found, np.arange(len(found))),
        "single examples are shuffled, not whole batches": single,
    }
    if not single:
        return seen
    return seen | {
        "the shuffle reaches over all examples": np.max(found - np.arange(len(found))) > count / 2,
        "each epoch comes in another order": not np.array_equal(found, np.floor(again % 1000)),
        "each epoch is augmented anew": not np.array_equal(np.sort(values % 1), np.sort(again % 1)),
        # A dataset says what it is by the name of its class only.
        "it ends with prefetch": any(word in type(dataset).__name__ for word in ("Prefetch", "Options")),
    }


def _plain(images, labels):
    return np.asarray(images), np.asarray(labels)


def _one_fraction_a_batch(batches):
    return all(np.ptp(images[:, 0, 0, 0] % 1) < 1e-3 for images, _labels in batches)


def _observed_dataset(make, x, y, batch_size):
    seen = _dataset_properties(make, x, y, batch_size)
    return {name: value if isinstance(value, list) else bool(value) for name, value in seen.items()}


@exercise(
    cases=[_numbered(240, 32), _numbered(300, 20), _numbered(128, 16)],
    hints=[
        "tf.data.Dataset.from_tensor_slices((x, y)), then .shuffle(...), .batch(...), .map(...), .prefetch(...).",
        "Shuffle single examples over the whole set, before batching: .shuffle(len(x)).",
        ".map takes a function of a batch: lambda images, labels: (augmenter(images, training=True), labels).",
    ],
    observe=_observed_dataset,
    seconds=20.0,
)
def training_dataset(x, y, augmenter, batch_size):
    """A tf.data pipeline that gives shuffled, freshly augmented batches, one epoch each time it is looped over.

    Args:
        x: array (N, H, W, C), images.
        y: array (N,), their labels.
        augmenter: Keras layer or model, called on a batch of images with training=True.
        batch_size: int.

    Returns:
        tf.data.Dataset of pairs (augmented images, labels). Each epoch shuffles all examples anew, then
        batches them; the last batch may be smaller, and nothing is dropped. The dataset ends with prefetch:
        the next batch is made while the model learns from this one.
    """
    # BEGIN SOLUTION
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(batch_size)
    dataset = dataset.map(lambda images, labels: (augmenter(images, training=True), labels))
    return dataset.prefetch(2)
    # END SOLUTION


def _pipeline(x, y, augmenter, batch_size, *, steps):
    """The pipeline with other steps, one letter each, for the mistakes below."""
    dataset = tf.data.Dataset.from_tensor_slices((x, y))
    for letter in steps:
        dataset = {
            "s": lambda made: made.shuffle(len(x)),
            "b": lambda made: made.batch(batch_size),
            "d": lambda made: made.batch(batch_size, drop_remainder=True),
            "a": lambda made: made.map(lambda images, labels: (augmenter(images, training=True), labels)),
            "c": lambda made: made.cache(),
            "r": lambda made: made.repeat(),
            "p": lambda made: made.prefetch(2),
        }[letter](dataset)
    return dataset


@training_dataset.mistake(
    "training=True is missing: augmenter(images, training=True). Without it each layer decides for itself."
)
def training_forgotten(x, y, augmenter, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(batch_size)
    return dataset.map(lambda images, labels: (augmenter(images), labels)).prefetch(2)


@training_dataset.mistake("The augmenter is not used: .map(...) calls it on every batch.")
def augmenter_unused(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="sbp")


@training_dataset.mistake("The examples are not shuffled: .shuffle(len(x)) before .batch(...).")
def dataset_not_shuffled(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="bap")


@training_dataset.mistake(
    "Shuffle before you batch: after .batch(...) whole batches change places, and neighbors stay together."
)
def shuffled_after_batching(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="bsap")


@training_dataset.mistake(
    "The shuffle buffer is smaller than the data, so examples move a little only: .shuffle(len(x))."
)
def small_buffer(x, y, augmenter, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(batch_size // 2).batch(batch_size)
    return dataset.map(lambda images, labels: (augmenter(images, training=True), labels)).prefetch(2)


@training_dataset.mistake("drop_remainder drops the last, smaller batch: nothing is to be lost.")
def last_batch_dropped(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="sdap")


@training_dataset.mistake(
    "The augmenter gets single images. Batch first: one call for a whole batch is many times faster."
)
def augmented_one_by_one(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="sabp")


@training_dataset.mistake(
    "Every epoch shows the same pictures in the same order. Leave out .cache() after the augmentation, and leave "
    "reshuffle_each_iteration at its default."
)
def cached_after_augmentation(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="sbacp")


@training_dataset.mistake(
    "The images are augmented once, before the pipeline: every epoch shows the same pictures. Use .map(...)."
)
def augmented_once(x, y, augmenter, batch_size):
    return _pipeline(augmenter(x, training=True), y, augmenter, batch_size, steps="sbp")


@training_dataset.mistake("The dataset never ends: leave out .repeat(). One loop over it is one epoch.")
def repeated_forever(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="srbap")


@training_dataset.mistake("prefetch is missing at the end: .prefetch(2) makes batches ahead.")
def prefetch_missing(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="sba")


@training_dataset.mistake("Batches are missing: .batch(batch_size).")
def batches_missing(x, y, augmenter, batch_size):
    return _pipeline(x, y, augmenter, batch_size, steps="sp")


@training_dataset.mistake(
    "The labels are lost: the function in .map returns a pair, (augmented images, labels)."
)
def labels_lost(x, y, augmenter, batch_size):
    dataset = tf.data.Dataset.from_tensor_slices((x, y)).shuffle(len(x)).batch(batch_size)
    return dataset.map(lambda images, labels: augmenter(images, training=True)).prefetch(2)


@training_dataset.mistake(
    "Images and labels are shuffled apart from each other: put both into one dataset, from_tensor_slices((x, y))."
)
def shuffled_apart(x, y, augmenter, batch_size):
    parts = [tf.data.Dataset.from_tensor_slices(part).shuffle(len(x)) for part in (x, y)]
    dataset = tf.data.Dataset.zip(tuple(parts)).batch(batch_size)
    return dataset.map(lambda images, labels: (augmenter(images, training=True), labels)).prefetch(2)


@training_dataset.mistake(
    "Every epoch has the same order: leave reshuffle_each_iteration at its default, and shuffle in the pipeline."
)
def shuffled_once(x, y, augmenter, batch_size):
    order = np.random.default_rng(0).permutation(len(x))
    return _pipeline(x[order], y[order], augmenter, batch_size, steps="bap")


@training_dataset.mistake("Each pair is (images, labels): the images come first, as in (x, y).")
def pair_exchanged(x, y, augmenter, batch_size):
    dataset = _pipeline(x, y, augmenter, batch_size, steps="sba")
    return dataset.map(lambda images, labels: (labels, images)).prefetch(2)


@training_dataset.mistake("The augmenter is called twice on each batch.")
def augmented_twice(x, y, augmenter, batch_size):
    dataset = _pipeline(x, y, augmenter, batch_size, steps="sba")
    return dataset.map(lambda images, labels: (augmenter(images, training=True), labels)).prefetch(2)


@training_dataset.mistake("A list of batches is one epoch, and always the same. Return the tf.data.Dataset.")
def list_of_batches(x, y, augmenter, batch_size):
    return list(_pipeline(x, y, augmenter, batch_size, steps="sbap"))


# --------------------------------------------------------------------------------------------- mixup

_TWO_LABELS = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]])


@exercise(
    cases=[
        dict(
            x1=_random(2, 3, 3, 1),
            y1=_TWO_LABELS[0],
            x2=_random(2, 3, 3, 1, seed=1),
            y2=_TWO_LABELS[1],
            weight=0.7,
        ),
        dict(
            x1=_random(3, 4, 2),
            y1=np.eye(4)[[0, 1, 2]],
            x2=_random(3, 4, 2, seed=1),
            y2=np.eye(4)[[1, 3, 2]],
            weight=0.25,
        ),
        dict(
            x1=_random(2, 2), y1=np.eye(5)[[4, 0]], x2=_random(2, 2, seed=1), y2=np.eye(5)[[0, 2]], weight=1.0
        ),
        dict(x1=_random(1, 5), y1=np.eye(2)[[0]], x2=_random(1, 5, seed=1), y2=np.eye(2)[[1]], weight=0.0),
        dict(
            x1=_random(4, 3),
            y1=np.eye(3)[[0, 1, 2, 0]],
            x2=_random(4, 3, seed=1),
            y2=np.eye(3)[[2, 2, 0, 1]],
            weight=0.9,
        ),
    ],
    hints=[
        "With weight 0.7 the result is 70 % of the first image and 30 % of the second.",
        "The labels are mixed by the same two shares as the images.",
    ],
)
def mixup(x1, y1, x2, y2, weight):
    """Mix two batches of labeled images, as the paper MixUp does.

    Args:
        x1, x2: float arrays of one shape (N, ...), images.
        y1, y2: float arrays (N, classes), one-hot labels.
        weight: float from 0 to 1, the share of the first pair; the second has the rest.

    Returns:
        (x, y): the mixed images and the labels, mixed in the same shares.

    Source: Zhang, Cisse, Dauphin, Lopez-Paz, "mixup: Beyond empirical risk minimization", 2018.
    """
    # BEGIN SOLUTION
    x = weight * x1 + (1 - weight) * x2
    y = weight * y1 + (1 - weight) * y2
    return x, y
    # END SOLUTION


def _mix(one, two, weight):
    return weight * one + (1 - weight) * two


@mixup.mistake(
    "The labels are not mixed: an image that is 70 % shirt and 30 % bag has the label 0.7 and 0.3."
)
def labels_not_mixed(x1, y1, x2, y2, weight):
    return _mix(x1, x2, weight), y1


@mixup.mistake(
    "The label is that of the larger share only. Mix the labels as you mix the images; they stay fractions."
)
def label_of_the_larger_share(x1, y1, x2, y2, weight):
    return _mix(x1, x2, weight), y1 if weight >= 0.5 else y2


@mixup.mistake("The images are not mixed.")
def images_not_mixed(x1, y1, x2, y2, weight):
    return x1, _mix(y1, y2, weight)


@mixup.mistake("The weight belongs to the first pair; you gave it to the second.")
def weights_exchanged(x1, y1, x2, y2, weight):
    return _mix(x2, x1, weight), _mix(y2, y1, weight)


@mixup.mistake(
    "The labels are mixed with the shares exchanged: the first label has the weight, as the first image."
)
def label_weights_exchanged(x1, y1, x2, y2, weight):
    return _mix(x1, x2, weight), _mix(y2, y1, weight)


@mixup.mistake("The second pair is added whole. Its share is 1 - weight.")
def second_added_whole(x1, y1, x2, y2, weight):
    return weight * x1 + x2, weight * y1 + y2


@mixup.mistake("The shares are always one half: use the weight.")
def halves(x1, y1, x2, y2, weight):
    return (x1 + x2) / 2, (y1 + y2) / 2


@mixup.mistake("Both pairs are weighted alike. The second has the rest, 1 - weight.")
def same_weight_twice(x1, y1, x2, y2, weight):
    return weight * (x1 + x2), weight * (y1 + y2)


@mixup.mistake("Return both, the images and the labels: (x, y).")
def images_only(x1, y1, x2, y2, weight):
    return _mix(x1, x2, weight)


@mixup.mistake("The order is (x, y): images first.")
def labels_first(x1, y1, x2, y2, weight):
    return _mix(y1, y2, weight), _mix(x1, x2, weight)


@mixup.mistake("You return class numbers. The mixed label is a row of shares, one for each class.")
def label_numbers(x1, y1, x2, y2, weight):
    return _mix(x1, x2, weight), np.argmax(_mix(y1, y2, weight), axis=1)


@mixup.mistake("The batches stand one behind the other. MixUp lays the images over each other.")
def concatenated(x1, y1, x2, y2, weight):
    return np.concatenate([x1, x2]), np.concatenate([y1, y2])


@mixup.mistake("The result is right, but x1 is changed: `*=` writes into what was given.")
def mixed_in_place(x1, y1, x2, y2, weight):
    x1 *= weight
    x1 += (1 - weight) * x2
    return x1, _mix(y1, y2, weight)


@mixup.mistake(
    "Labels are mixed in the same shares as the images: weight times the first, 1 - weight times the second."
)
def largest_label(x1, y1, x2, y2, weight):
    return weight * x1 + (1 - weight) * x2, np.maximum(y1, y2)


@mixup.mistake(
    "The shares of the labels are those of the images: weight and 1 - weight, not always one half."
)
def labels_halved(x1, y1, x2, y2, weight):
    return weight * x1 + (1 - weight) * x2, (y1 + y2) / 2


# -------------------------------------------------------------------------------------------- cutout


@exercise(
    extra=True,
    cases=[
        dict(image=np.arange(1, 21).reshape(4, 5), top=1, left=2, size=2),
        dict(image=_bytes(5, 4, 3), top=0, left=1, size=3),
        dict(image=_bytes(4, 6), top=3, left=4, size=3),
        dict(image=_random(5, 5, 1) + 9, top=-1, left=-2, size=3),
        dict(image=_random(3, 4, 2) + 9, top=1, left=1, size=1),
        dict(image=_bytes(3, 4), top=-3, left=0, size=2),
        dict(image=_bytes(4, 4, 3), top=0, left=0, size=9),
    ],
    hints=[
        "Work on a copy: image.copy().",
        "A slice may reach beyond the end of an array. What does a negative begin of a slice mean, however?",
        "Rows max(top, 0) to max(top + size, 0), columns in the same way.",
    ],
    observe=_seen_image,
)
def cutout(image, top, left, size):
    """Cover a square of an image with 0.

    Args:
        image: array (H, W) or (H, W, C); do not change it.
        top, left: ints, row and column of the square's upper left corner; they may lie outside the image.
        size: int, rows and columns of the square. What reaches over an edge of the image is cut off.

    Returns:
        array of the same shape and the same dtype.

    Source: DeVries, Taylor, "Improved regularization of convolutional neural networks with cutout", 2017.
    """
    # BEGIN SOLUTION
    output = image.copy()
    output[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)] = 0
    return output
    # END SOLUTION


def _covered(image, top, left, height, width, value=0):
    output = image.copy()
    output[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)] = value
    return output


@cutout.mistake("The result is right, but the image itself is changed: work on image.copy().")
def cut_in_place(image, top, left, size):
    image[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)] = 0
    return image


@cutout.mistake(
    "A negative begin of a slice counts from the end: the square appears on the other side. Use max(top, 0)."
)
def counted_from_the_end_of_the_axis(image, top, left, size):
    output = image.copy()
    output[top : top + size, left : left + size] = 0
    return output


@cutout.mistake(
    "The square keeps its size when it is moved to the edge. What reaches over the edge is cut off."
)
def moved_inside(image, top, left, size):
    return _covered(image, max(top, 0), max(left, 0), size, size)


@cutout.mistake("top and left are exchanged: top counts rows (axis 0), left counts columns (axis 1).")
def top_and_left_exchanged(image, top, left, size):
    return _covered(image, left, top, size, size)


@cutout.mistake("top and left are the upper left corner; you took them as the center.")
def corner_as_center(image, top, left, size):
    return _covered(image, top - size // 2, left - size // 2, size, size)


@cutout.mistake(
    "The square is one pixel too large: rows top to top + size - 1, so the slice ends at top + size."
)
def one_pixel_too_large(image, top, left, size):
    return _covered(image, top, left, size + 1, size + 1)


@cutout.mistake("The square is cut out of the image, not covered: the shape stays.")
def square_returned(image, top, left, size):
    return image[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)]


@cutout.mistake("Everything but the square is covered. It is the other way round.")
def square_kept(image, top, left, size):
    rows, columns = slice(max(top, 0), max(top + size, 0)), slice(max(left, 0), max(left + size, 0))
    output = np.zeros_like(image)
    output[rows, columns] = image[rows, columns]
    return output


@cutout.mistake("Whole rows are covered: the square has columns left to left + size - 1 only.")
def whole_rows(image, top, left, size):
    return _covered(image, top, 0, size, image.shape[1])


@cutout.mistake("The square is filled with the mean. Here it is 0.")
def filled_with_mean(image, top, left, size):
    return _covered(image, top, left, size, size, image.mean())


@cutout.mistake("The square is white. Here it is 0.")
def filled_with_white(image, top, left, size):
    return _covered(image, top, left, size, size, 255)


@cutout.mistake("Only the first channel is covered. All of them are.")
def one_channel_covered(image, top, left, size):
    output = image.copy()
    part = output[max(top, 0) : max(top + size, 0), max(left, 0) : max(left + size, 0)]
    part[(..., 0) if image.ndim == 3 else ...] = 0
    return output


@cutout.mistake("The dtype changes: a copy of the image keeps it.")
def cutout_dtype_lost(image, top, left, size):
    return _covered(image, top, left, size, size).astype(np.float64)


# --------------------------------------------------------------------------------------------- quiz

which_change_keeps_the_label = quiz(
    "You train a reader of handwritten digits. Which augmentation may change what the label says?",
    options={
        "a": ("A shift by two pixels.", "A 6 stays a 6 wherever it stands."),
        "b": ("A rotation by 10 degrees.", "People write as slanted as that; a 6 stays a 6."),
        "c": (
            "A rotation by 180 degrees.",
            "A 6 becomes a 9, and the label still says 6: the network is taught something wrong.",
        ),
        "d": ("A zoom by a tenth.", "Digits come in all sizes; a 6 stays a 6."),
    },
    right="c",
)

validation_augmented = quiz(
    "One ImageDataGenerator with validation_split=0.2 gives both subsets. What is wrong with the validation one?",
    options={
        "a": (
            "Its images are augmented, too, and they are the first fifth of the data, not a random one.",
            "Both are seen above. Shuffle before, and use a second generator with the same split that only rescales.",
        ),
        "b": (
            "Its images are also in the training subset.",
            "The two subsets have no image in common; that part is right.",
        ),
        "c": ("It has no labels.", "The labels come along in both subsets."),
        "d": (
            "Nothing: that is what the split is for.",
            "Look at the pictures of subset='validation' again.",
        ),
    },
    right="a",
)

broken_pipeline = quiz(
    "In the broken lab, each image is seen in how many versions, and why?",
    options={
        "a": ("Four, one an epoch: all is well.", "Look at the count that was printed."),
        "b": (
            "One: cache() keeps the augmented batches of the first epoch.",
            "Cache what never changes, before the augmentation, or do not cache at all.",
        ),
        "c": ("One: the augmenter got no training=True.", "It did; the first epoch is augmented."),
        "d": ("One: shuffle() needs a seed.", "The order has nothing to do with the pictures."),
    },
    right="b",
)

where_augmentation_stops = quiz(
    "The augmentation layers are part of the model. What happens to a photo in `model.predict(photo)`?",
    options={
        "a": (
            "It is augmented at random.",
            "predict runs in inference mode: the layers let the image through.",
        ),
        "b": (
            "Nothing is moved; only Rescaling works.",
            "fit runs in training mode, evaluate and predict in inference mode.",
        ),
        "c": ("It is augmented several times and averaged.", "One can do that by hand, but Keras does not."),
    },
    right="b",
)

when_augmentation_helps = quiz(
    "For which of these does augmentation help most?",
    options={
        "a": (
            "A network that is too small: its training accuracy is low.",
            "It underfits; harder data does not help.",
        ),
        "b": (
            "A network that knows few training images by heart.",
            "It overfits. New versions of each image are harder to learn by heart.",
        ),
        "c": ("A million training images of every kind.", "There the variety is in the data already."),
        "d": (
            "Wrong labels.",
            "A wrong label stays wrong in every version of its image.",
        ),
    },
    right="b",
)

labels_of_mixup = quiz(
    "MixUp lays 80 % of a shirt over 20 % of a bag. What is the label?",
    options={
        "a": ("Shirt: it is the larger share.", "Then the network learns to be sure where it cannot be."),
        "b": ("Both, 1 for shirt and 1 for bag.", "Shares of one image sum to 1."),
        "c": (
            "0.8 for shirt, 0.2 for bag.",
            "Labels are mixed as the images are: a mixed image, a mixed answer.",
        ),
    },
    right="c",
)


# ---------------------------------------------------------------------------------------- challenge


def _fifty_a_class():
    """Fashion-MNIST with the first 50 training images of each class."""
    (x_train, y_train), test = data.fashion_mnist()
    few = np.concatenate([np.flatnonzero(y_train == label)[:50] for label in range(10)])
    return (x_train[few], y_train[few]), test


@challenge(
    examine=ClassifierChallenge(
        load=_fifty_a_class,
        input_shape=(28, 28, 1),
        classes=10,
        parameters=60_000,
        steps=800,
        batch_size=50,
        asked=0.77,
    ),
    hints=[
        "Put augmentation layers behind keras.Input: they work in training only. Which changes keep the label?",
        "RandomFlip and a translation by a twentieth are a good start. Too much is as bad as too little.",
        "Three convolutions with stride 2 and batch normalization (momentum=0.9), then global average pooling.",
    ],
)
def build_small_data_cnn():
    """A convnet that learns Fashion-MNIST from 50 images a class: at least 77 % of the test images right.

    The check trains your model for 800 steps of 50 images with the optimizer and the loss you compiled it
    with, and measures it on 2,000 test images. Images are 28×28×1, already from 0 to 1; labels are integers 0 to 9.
    You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (28, 28, 1) to 10 probabilities, fewer than 60,000 parameters.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((28, 28, 1))])
    model.add(layers.RandomFlip("horizontal"))
    model.add(layers.RandomTranslation(0.05, 0.05, fill_mode="nearest"))
    for filters in (24, 48, 96):
        model.add(layers.Conv2D(filters, 3, strides=2, padding="same", use_bias=False))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.ReLU())
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(10, activation="softmax"))
    schedule = keras.optimizers.schedules.CosineDecay(4e-3, decay_steps=800)
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
    return model
    # END SOLUTION


classifier_mistakes(build_small_data_cnn)
