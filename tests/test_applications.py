"""What lesson 12 takes from labs: style transfer, enlarging, Lab, landmarks; and its exercises against others."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from labs import colorization, data, landmarks, models, style_transfer, super_resolution
from labs.check import grade
from labs.checking import catalog
from labs.checking.upscaler import UpscalerChallenge
from labs.exercises.applications import (
    align_angle,
    decode_landmarks,
    depth_to_space,
    gram_matrix,
    rgb_to_lab,
    style_loss,
    total_variation,
)

# sRGB and its Lab under D65, as published tables have them: red, green, blue, yellow, cyan, magenta, gray.
KNOWN_COLORS = {
    (1, 0, 0): (53.24, 80.09, 67.20),
    (0, 1, 0): (87.74, -86.18, 83.18),
    (0, 0, 1): (32.30, 79.19, -107.86),
    (1, 1, 0): (97.14, -21.55, 94.48),
    (0, 1, 1): (91.11, -48.09, -14.13),
    (1, 0, 1): (60.32, 98.23, -60.82),
    (0.5, 0.5, 0.5): (53.39, 0.0, 0.0),
    (1, 1, 1): (100.0, 0.0, 0.0),
    (0, 0, 0): (0.0, 0.0, 0.0),
}


def _exact_lab(image):
    """Lab with the constants of the standards in full, for every pixel by itself."""
    matrix = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    lab = np.zeros(image.shape)
    for row, column in np.ndindex(image.shape[:2]):
        light = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in image[row, column]]
        xyz = np.dot(matrix, light) / [0.95047, 1.0, 1.08883]
        x, y, z = (t ** (1 / 3) if t > (6 / 29) ** 3 else t * (29 / 6) ** 2 / 3 + 4 / 29 for t in xyz)
        lab[row, column] = 116 * y - 16, 500 * (x - y), 200 * (y - z)
    return lab.tolist()


def _landmarks_one_by_one(raw, anchors, size=128):
    faces = np.zeros((len(raw), 6, 2))
    for face, point, axis in np.ndindex(faces.shape):
        faces[face, point, axis] = raw[face, 4 + 2 * point + axis] / size + anchors[face, axis]
    return faces


OTHER_ANSWERS = {
    "einsum": (
        "gram_matrix",
        lambda features: (
            tf.einsum("hwc,hwd->cd", features, features) / (features.shape[0] * features.shape[1])
        ),
    ),
    "mean over pixels": (
        "gram_matrix",
        lambda features: keras.ops.mean(features[..., :, None] * features[..., None, :], axis=(0, 1)),
    ),
    "tensordot": (
        "gram_matrix",
        lambda features: (
            tf.tensordot(features, features, [[0, 1], [0, 1]]) / np.prod(features.shape[:2]).astype("float32")
        ),
    ),
    "squared difference": (
        "style_loss",
        lambda gram_a, gram_b: tf.reduce_mean(tf.math.squared_difference(gram_a, gram_b)),
    ),
    "mean of Keras' loss": (
        "content_loss",
        lambda a, b: keras.ops.mean(keras.losses.mean_squared_error(a, b)),
    ),
    "TensorFlow's own": ("depth_to_space", lambda x, block=2: tf.nn.depth_to_space(x, block)),
    "exact constants": ("rgb_to_lab", _exact_lab),
    "loops": ("decode_landmarks", _landmarks_one_by_one),
    "complex numbers": (
        "align_angle",
        lambda eye_on_the_left, eye_on_the_right: np.angle(
            complex(*np.subtract(eye_on_the_right, eye_on_the_left).astype(float)), deg=True
        ),
    ),
    "TensorFlow's own variation": ("total_variation", lambda image: tf.image.total_variation(image)),
}


@pytest.mark.parametrize("answer", OTHER_ANSWERS)
def test_other_right_answers_pass(answer):
    name, function = OTHER_ANSWERS[answer]
    result = grade(name, function)
    assert result.status == "passed", result.message


@pytest.mark.parametrize(("color", "lab"), KNOWN_COLORS.items())
def test_lab_of_known_colors(color, lab):
    assert rgb_to_lab(np.array([[color]], float))[0, 0] == pytest.approx(lab, abs=0.1)


def test_lab_there_and_back():
    image = np.random.default_rng(0).uniform(size=(9, 7, 3))
    assert np.allclose(colorization.lab_to_rgb(rgb_to_lab(image)), image, atol=1e-3)


@pytest.mark.parametrize(("block", "shape"), [(2, (2, 3, 4, 12)), (3, (1, 2, 5, 18))])
def test_depth_to_space_is_that_of_tensorflow(block, shape):
    x = np.random.default_rng(1).normal(size=shape).astype(np.float32)
    assert np.array_equal(depth_to_space(x, block), tf.nn.depth_to_space(x, block))
    assert np.array_equal(depth_to_space(x, block), super_resolution.SubPixel(block)(x))


def test_total_variation_is_that_of_tensorflow():
    image = tf.random.stateless_uniform((7, 5, 3), (0, 1))
    assert float(total_variation(image)) == pytest.approx(float(tf.image.total_variation(image)), rel=1e-5)


def test_pairs_of_a_colorizer_are_lightness_and_mean_colors():
    images = np.random.default_rng(2).integers(0, 256, (2, 4, 6, 3), np.uint8)
    lightness, colors = colorization.pairs(images, rgb_to_lab)
    lab = np.stack([rgb_to_lab(image / 255) for image in images]) / 100
    assert np.allclose(lightness, lab[..., :1], atol=1e-5)
    assert np.allclose(colors[1, 1, 2], lab[1, 2:4, 4:6, 1:].mean(axis=(0, 1)), atol=1e-5)


def test_colored_with_the_true_colors_is_the_image():
    images = np.full((1, 4, 4, 3), (200, 90, 40), np.uint8)
    rgb = colorization.colored(*colorization.pairs(images, rgb_to_lab))
    assert np.allclose(rgb * 255, images, atol=1)


def test_color_errors_are_distances_in_units_of_lab():
    truth = np.zeros((2, 3, 3, 2))
    assert colorization.color_errors(truth + np.array([0.3, 0.4]), truth) == pytest.approx([50, 50])


def test_colorizer_takes_any_size_and_begins_gray():
    colors = colorization.colorizer(4)(np.ones((1, 32, 48, 1), np.float32))
    assert colors.shape == (1, 16, 24, 2) and not np.any(colors)


def test_untrained_upscaler_is_bicubic():
    small, large = super_resolution.shrink(data.photos()["coffee"][:41, :60])
    assert (small.shape, large.shape) == ((20, 30, 3), (40, 60, 3))
    enlarged = super_resolution.enlarge(super_resolution.upscaler(4, 1), small)
    assert np.allclose(enlarged, super_resolution.bicubic(small[None])[0], atol=1e-6)


def test_patches_belong_together():
    small, large = super_resolution.patches([data.photos()["chelsea"]], 6, side=16)
    assert (small.shape, large.shape) == ((6, 16, 16, 3), (6, 32, 32, 3))
    shrunk = large.reshape(6, 16, 2, 16, 2, 3).mean(axis=(2, 4))
    assert np.abs(shrunk - small).mean() < 0.02
    assert np.array_equal(large, super_resolution.patches([data.photos()["chelsea"]], 6, side=16)[1])


def test_psnr_of_a_known_error():
    image = np.full((4, 4, 3), 0.5, np.float32)
    assert super_resolution.psnr(image + np.float32(0.1), image) == pytest.approx(20, abs=1e-3)


def test_upscaler_challenge_cuts_off_before_it_scores():
    challenge = UpscalerChallenge(
        load=None, input_shape=(2, 3, 3), parameters=1, steps=1, batch_size=1, asked=0.0, factor=2
    )
    assert challenge.output_shape == (4, 6, 3)
    truths = np.ones((2, 4, 6, 3), np.float32)
    assert challenge.score(truths * 0.9, truths) == pytest.approx(20, abs=1e-4)
    assert challenge.score(np.where(np.eye(6)[:4, :, None], 5, 0.9) * truths, truths) > 20


def test_bicubic_reaches_what_the_challenge_says():
    examine = catalog.find("build_upscaler").examine
    _train, (small, large) = examine.load()
    assert examine.score(super_resolution.bicubic(small), large) == pytest.approx(22.1, abs=0.05)


def test_style_transfer_lowers_the_style_loss_and_pays_with_content():
    content = style_transfer.square(data.photos()["coffee"], 64)
    style = style_transfer.square(style_transfer.painting(64, strokes=300), 64)
    look = style_transfer.extractor(models.efficientnet_lite0_backbone(64))
    transfer = style_transfer.StyleTransfer(look, content, style, gram_matrix, style_loss)
    pictures, losses = transfer.run(8, keep=(1, 8))
    assert losses["style"][-1] < 0.7 * losses["style"][0]
    assert losses["content"][0] == pytest.approx(0, abs=1e-6) and losses["content"][-1] > 0
    assert pictures[8].shape == (64, 64, 3) and pictures[8].min() >= 0 and pictures[8].max() <= 1


def test_painting_is_the_same_for_a_seed():
    first, second, other = (style_transfer.painting(32, 50, seed) for seed in (1, 1, 2))
    assert np.array_equal(first, second) and not np.array_equal(first, other)


def test_eyes_of_the_astronaut_are_found_and_the_face_is_leveled():
    network, anchors = models.blazeface(), models.blazeface_anchors()

    def face(photo):
        raw, own, scores = landmarks.answers(network, anchors, [photo])
        assert scores[0] > 0.8
        return landmarks.in_pixels(decode_landmarks(raw, own), photo)[0]

    photo = data.photos()["astronaut"]
    right_eye, left_eye = face(photo)[:2]
    assert right_eye == pytest.approx([101, 50], abs=5) and left_eye == pytest.approx([124, 52], abs=5)
    near = landmarks.around(landmarks.turned(photo[:120, 53:173], 30), [40, 40, 85, 85])
    tilt = align_angle(*face(near)[:2])
    assert tilt == pytest.approx(34, abs=6)  # her own tilt is about 4 degrees
    assert align_angle(*face(landmarks.turned(near, -tilt))[:2]) == pytest.approx(0, abs=5)


def test_the_square_about_a_box_is_gray_beyond_the_photo():
    photo = np.arange(300, dtype=np.uint8).reshape(10, 10, 3)
    inside = landmarks.around(photo, [4, 4, 6, 6], margin=2)
    assert np.array_equal(inside, photo[3:7, 3:7])
    corner = landmarks.around(photo, [0, 0, 2, 2], margin=2)
    assert np.array_equal(corner[1:, 1:], photo[:3, :3])
    assert np.all(corner[0] == landmarks.GRAY[0]) and np.all(corner[:, 0] == landmarks.GRAY[0])


def test_places_in_a_wide_photo_are_counted_from_its_own_corner():
    photo = np.zeros((100, 200, 3), np.uint8)
    assert landmarks.in_pixels([[0.5, 0.5], [0.0, 0.25]], photo) == pytest.approx(
        np.array([[100, 50], [0, 0]])
    )
    raw = np.zeros((1, 16))
    raw[0, 2:4] = 64
    assert landmarks.boxes(raw, np.array([[0.5, 0.5]]))[0] == pytest.approx(
        np.array([[0.25, 0.25], [0.75, 0.75]])
    )


def test_each_photo_gets_its_own_answer():
    network, anchors = models.blazeface(), models.blazeface_anchors()
    photos = [np.full((80, 90, 3), 127, np.uint8), data.photos()["astronaut"]]
    raw, own, scores = landmarks.answers(network, anchors, photos)
    assert (raw.shape, own.shape) == ((2, 16), (2, 2))
    assert scores[0] < 0.5 < 0.8 < scores[1]
    assert np.allclose(raw[1:], landmarks.answers(network, anchors, photos[1:])[0], atol=1e-3)


def test_old_ways_fail_as_the_lesson_says():
    assert not hasattr(keras.backend, "gradients")
    assert not hasattr(keras.backend, "function")


@pytest.mark.parametrize(
    "absolute",
    [lambda d: tf.where(d > 0, d, -d), lambda d: tf.maximum(d, -d), tf.abs],
    ids=["where", "maximum", "abs"],
)
def test_at_a_kink_several_gradients_are_right(absolute):
    def variation(image):
        steps = image[1:] - image[:-1], image[:, 1:] - image[:, :-1]
        return sum(tf.reduce_sum(absolute(one)) for one in steps)

    result = grade("total_variation", variation)
    assert result.status == "passed", result.message


def test_each_value_has_its_own_branch_of_lab():
    def by_lightness(image):
        linear = np.where(image > 0.04045, ((image + 0.055) / 1.055) ** 2.4, image / 12.92)
        matrix = [
            [0.412453, 0.357580, 0.180423],
            [0.212671, 0.715160, 0.072169],
            [0.019334, 0.119193, 0.950227],
        ]
        xyz = linear @ np.transpose(matrix) / [0.95047, 1.0, 1.08883]
        f = np.where(xyz[..., 1:2] > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
        x, y, z = np.moveaxis(f, -1, 0)
        return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)

    assert grade("rgb_to_lab", by_lightness).status == "wrong"
