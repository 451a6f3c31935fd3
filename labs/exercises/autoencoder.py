"""Lesson 08 · Squeeze and restore."""

import math

import keras
import numpy as np
import tensorflow as tf
from keras import layers, ops

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.drawn import differ, draw_weights, mapping
from labs.checking.restorer import RestorerChallenge
from labs.checking.training import model_mistakes

MODEL_SECONDS = 30.0  # for the networks of all cases: a loaded machine takes its time to build models


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


def _images(*shape, seed=0):
    """Reproducible brightnesses from 0 to 1 for the cases."""
    return np.random.default_rng([seed, *shape]).uniform(size=shape).round(2)


# ----------------------------------------------------------------------------------------- add_noise


@exercise(
    cases=[
        dict(images=np.array([[[0.0, 0.5, 1.0]]]), amount=0.4, noise=np.array([[[-1.0, 0.5, 2.0]]])),
        dict(images=_images(2, 4, 3), amount=0.5, noise=_random(2, 4, 3)),
        dict(images=_images(3, 5, 4, 1, seed=1), amount=0.1, noise=_random(3, 5, 4, 1, seed=2)),
        dict(images=_images(2, 3, 3, seed=3), amount=2.0, noise=_random(2, 3, 3, seed=4)),
        dict(images=_images(2, 2, 5, seed=5), amount=0.0, noise=_random(2, 2, 5, seed=6)),
        dict(
            images=_images(2, 6, 5, seed=7).astype(np.float32),
            amount=0.3,
            noise=_random(2, 6, 5, seed=8).astype(np.float32),
        ),
        dict(images=np.zeros((0, 4, 4)), amount=0.4, noise=np.zeros((0, 4, 4))),
    ],
    hints=[
        "Scale the noise by the amount, then add it to the images.",
        "Some pixels are then below 0 or above 1. Cut them off at the ends.",
        "np.clip(values, 0, 1) does the cutting.",
    ],
)
def add_noise(images, amount, noise):
    """Noisy images: amount times noise is added; then values below 0 become 0, values above 1 become 1.

    Args:
        images: float array of any shape, 0 (black) to 1 (white). It is not changed.
        amount: float, 0 or more. For standard normal noise it is the standard deviation of what is added.
        noise: float array of the shape and dtype of the images, both signs. It is drawn by the caller.

    Returns:
        float array of the same shape, from 0 to 1.
    """
    # BEGIN SOLUTION
    return np.clip(images + amount * noise, 0, 1)
    # END SOLUTION


@add_noise.mistake("Some pixels are below 0 or above 1: cut them off with np.clip(..., 0, 1).")
def not_clipped(images, amount, noise):
    return images + amount * noise


@add_noise.mistake("The noise is clipped, not the sum. Negative noise is wanted: clip at the end.")
def noise_clipped(images, amount, noise):
    return images + np.clip(amount * noise, 0, 1)


@add_noise.mistake("The noise is clipped before it is added, too. It needs both signs: clip the sum alone.")
def clipped_twice(images, amount, noise):
    return np.clip(images + amount * np.clip(noise, 0, 1), 0, 1)


@add_noise.mistake("The amount is missing: it scales the noise.")
def amount_missing(images, amount, noise):
    return np.clip(images + noise, 0, 1)


@add_noise.mistake("The amount scales the noise only. Here it scales the images, too: check the parentheses.")
def images_scaled(images, amount, noise):
    return np.clip(amount * (images + noise), 0, 1)


@add_noise.mistake("The amount is added to the noise. It multiplies it.")
def amount_added(images, amount, noise):
    return np.clip(images + amount + noise, 0, 1)


@add_noise.mistake("The images are faded by 1 - amount. Add the noise to the images as they are.")
def faded(images, amount, noise):
    return np.clip((1 - amount) * images + amount * noise, 0, 1)


@add_noise.mistake("The noise is subtracted. Add it.")
def noise_subtracted(images, amount, noise):
    return np.clip(images - amount * noise, 0, 1)


@add_noise.mistake("The noise multiplies the images, so black pixels stay black. Add amount · noise instead.")
def noise_multiplied(images, amount, noise):
    return np.clip(images * (1 + amount * noise), 0, 1)


@add_noise.mistake("The amount is the standard deviation already: leave out the root.")
def root_of_the_amount(images, amount, noise):
    return np.clip(images + np.sqrt(amount) * noise, 0, 1)


@add_noise.mistake("Pixels here go from 0 to 1, not from -1 to 1.")
def clipped_from_minus_one(images, amount, noise):
    return np.clip(images + amount * noise, -1, 1)


@add_noise.mistake("Pixels below 0 are cut off, those above 1 are not.")
def clipped_below(images, amount, noise):
    return np.maximum(images + amount * noise, 0)


@add_noise.mistake("Pixels above 1 are cut off, those below 0 are not.")
def clipped_above(images, amount, noise):
    return np.minimum(images + amount * noise, 1)


@add_noise.mistake("The images are stretched to fill 0 to 1. Clip them: other pixels keep their value.")
def stretched(images, amount, noise):
    noisy = images + amount * noise
    return (noisy - noisy.min(initial=np.inf)) / np.ptp(noisy) if noisy.size else noisy


@add_noise.mistake("+= changes the images of the caller. Write images + amount * noise.")
def images_changed(images, amount, noise):
    images += amount * noise
    return np.clip(images, 0, 1)


@add_noise.mistake("The noise is returned without the images. Add it to them.")
def noise_alone(images, amount, noise):
    return np.clip(amount * noise, 0, 1)


# --------------------------------------------------------------------------------- build_autoencoder


DRAWS = 4  # of all weights: with some of them a small network with ReLUs may be silent
PIXELS = (28, 28, 1)


def _described(parts):
    """What an answer returned, in words."""
    if isinstance(parts, keras.Model):
        return "1 Keras model"
    if isinstance(parts, (tuple, list)) and all(isinstance(part, keras.Model) for part in parts):
        return f"{len(parts)} Keras models"
    return "other objects"


def _autoencoder_properties(build, **case):
    """What must hold for encoder, decoder and autoencoder, whatever their layers.

    Equality and range must hold for all drawn weights. That something depends on something must be seen for one.
    """
    parts = build(*case.values())
    if parts is None:
        return None
    found = {"what is returned": _described(parts)}
    if found["what is returned"] != "3 Keras models":
        return found
    encoder, decoder, autoencoder = parts
    latent = case.get("latent", 32)
    random = np.random.default_rng(latent)
    images = random.uniform(size=(4, *PIXELS)).astype("float32")
    codes = random.normal(size=(4, latent)).astype("float32")
    maps = {
        "the encoder maps": (mapping(encoder, images), f"{PIXELS} to {(latent,)}"),
        "the decoder maps": (mapping(decoder, codes), f"{(latent,)} to {PIXELS}"),
        "the autoencoder maps": (mapping(autoencoder, images), f"{PIXELS} to {PIXELS}"),
    }
    found |= {name: seen for name, (seen, _wanted) in maps.items()}
    if any(seen != wanted for seen, wanted in maps.values()):
        return found
    own = [{id(weight) for weight in part.trainable_weights} for part in parts]
    found["the encoder can be trained"] = bool(own[0])
    found["the decoder can be trained"] = bool(own[1])
    found["the autoencoder trains the weights of encoder and decoder, and no others"] = (
        own[2] == own[0] | own[1]
    )
    return found | _behavior(encoder, decoder, autoencoder, images, codes)


def _behavior(encoder, decoder, autoencoder, images, codes):
    """The properties that only outputs show."""

    def run(model, inputs):
        return np.asarray(model(inputs, training=False))

    # A code, and the same code with one entry changed, for each entry.
    neighbors = codes[:1] + np.eye(1 + codes.shape[1], codes.shape[1], -1, dtype="float32")
    lasting, seen = [], []
    for seed in range(DRAWS):
        draw_weights(encoder, seed)
        draw_weights(decoder, seed)
        code, restored = run(encoder, images), run(autoencoder, images)
        gentle, strong = run(decoder, 0.1 * codes), run(decoder, 1000 * codes)
        near = run(decoder, neighbors)
        lasting.append(
            {
                "the autoencoder gives decoder(encoder(images))": np.allclose(
                    restored, run(decoder, code), atol=1e-5
                ),
                "no pixel of the decoder is below 0": strong.min() >= 0,
                "no pixel of the decoder is above 1": strong.max() <= 1,
                "the pixels of the decoder are not cut off at 0 or 1": not np.isin(gentle, (0, 1)).any(),
            }
        )
        draw_weights(encoder, DRAWS + seed)
        other_encoder = run(autoencoder, images)
        draw_weights(decoder, DRAWS + seed)
        other_decoder = run(autoencoder, images)
        seen.append(
            {
                "other weights of the encoder change the autoencoder": differ(restored, other_encoder),
                "other weights of the decoder change the autoencoder": differ(other_encoder, other_decoder),
                "the pixels of an image need not sum to 1": not np.allclose(
                    gentle.sum(axis=(1, 2, 3)), 1, atol=1e-3
                ),
                "the code depends on the image": differ(code, code[::-1]),
                "the decoder uses every entry of the code": all(differ(near[0], one) for one in near[1:]),
            }
        )
    return {name: all(bool(one[name]) for one in lasting) for name in lasting[0]} | {
        name: any(one[name] for one in seen) for name in seen[0]
    }


@exercise(
    cases=[dict(latent=2), dict(latent=5), dict()],
    observe=_autoencoder_properties,
    seconds=MODEL_SECONDS,
    hints=[
        "Make two models, each with an Input of its own. The encoder ends with Dense(latent); put Flatten before it.",
        "The decoder goes the way back: Dense(7 * 7 * 32), Reshape((7, 7, 32)), then Conv2DTranspose with strides=2 "
        'until the maps are 28×28. Its last layer has one filter and activation="sigmoid".',
        "Call the two models like layers: inputs = keras.Input((28, 28, 1)), then "
        "autoencoder = keras.Model(inputs, decoder(encoder(inputs))). So they share their weights.",
    ],
)
def build_autoencoder(latent=32):
    """An autoencoder for images of 28×28 gray pixels, and its two halves.

    The layers and their sizes are free. One way: from 28×28×1 by two convolutions of stride 2 to 14×14×16 and
    7×7×32, then a dense layer to the code; and the same way back.

    Rules: the only way from the encoder to the decoder is the code, and the decoder uses every number of it. The
    decoder ends with a sigmoid, so that each pixel lies between 0 and 1. The autoencoder is decoder(encoder(x)) and
    nothing more. It shares the weights of the two, so that training it trains them. Every model can be trained; none
    has to be compiled.

    Args:
        latent: int, numbers in the code.

    Returns:
        (encoder, decoder, autoencoder), three keras.Model in this order: images (28, 28, 1), from 0 to 1, to codes
        (latent,); codes (latent,) to images (28, 28, 1); images (28, 28, 1) to images (28, 28, 1).

    Source: Hinton, Salakhutdinov, "Reducing the dimensionality of data with neural networks", 2006.
    """
    # BEGIN SOLUTION
    encoder = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(16, 3, strides=2, padding="same", activation="relu"),
            layers.Conv2D(32, 3, strides=2, padding="same", activation="relu"),
            layers.Flatten(),
            layers.Dense(latent),
        ]
    )
    decoder = keras.Sequential(
        [
            keras.Input((latent,)),
            layers.Dense(7 * 7 * 32, activation="relu"),
            layers.Reshape((7, 7, 32)),
            layers.Conv2DTranspose(16, 2, strides=2, activation="relu"),
            layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid"),
        ]
    )
    inputs = keras.Input((28, 28, 1))
    autoencoder = keras.Model(inputs, decoder(encoder(inputs)))
    return encoder, decoder, autoencoder
    # END SOLUTION


def _encoder(latent, image_shape=PIXELS):
    """A small encoder for the mistakes below."""
    return keras.Sequential(
        [
            keras.Input(image_shape),
            layers.Flatten(),
            layers.Dense(16, activation="relu"),
            layers.Dense(latent),
        ]
    )


def _decoder(latent, activation="sigmoid", image_shape=PIXELS):
    """A small decoder for the mistakes below."""
    return keras.Sequential(
        [
            keras.Input((latent,)),
            layers.Dense(16, activation="relu"),
            layers.Dense(784, activation=activation),
            layers.Reshape(image_shape),
        ]
    )


def _joined(encoder, decoder):
    """The autoencoder of two halves."""
    inputs = keras.Input(encoder.input_shape[1:])
    return keras.Model(inputs, decoder(encoder(inputs)))


def _halves(latent, activation="sigmoid", image_shape=PIXELS):
    """Encoder, decoder and autoencoder with one thing different."""
    encoder, decoder = _encoder(latent, image_shape), _decoder(latent, activation, image_shape)
    return encoder, decoder, _joined(encoder, decoder)


@build_autoencoder.mistake("Return the three models: a `return` is missing at the end.")
def nothing_returned(latent=32):
    _halves(latent)


@build_autoencoder.mistake("Only one model comes back. Return all three: encoder, decoder, autoencoder.")
def autoencoder_alone(latent=32):
    return _halves(latent)[-1]


@build_autoencoder.mistake("Two models come back. Return all three: encoder, decoder, autoencoder.")
def halves_alone(latent=32):
    return _halves(latent)[:2]


@build_autoencoder.mistake(
    "These are not three models. A tensor is what flows between layers: keras.Model(inputs, outputs) makes the model."
)
def tensors_returned(latent=32):
    encoder, decoder, _autoencoder = _halves(latent)
    inputs = keras.Input(PIXELS)
    return encoder(inputs), decoder(encoder(inputs)), keras.Model(inputs, decoder(encoder(inputs)))


@build_autoencoder.mistake("The order is encoder, decoder, autoencoder. The autoencoder comes last.")
def autoencoder_first(latent=32):
    encoder, decoder, autoencoder = _halves(latent)
    return autoencoder, encoder, decoder


@build_autoencoder.mistake(
    "The autoencoder stands in the middle. The order is encoder, decoder, autoencoder."
)
def autoencoder_second(latent=32):
    encoder, decoder, autoencoder = _halves(latent)
    return encoder, autoencoder, decoder


@build_autoencoder.mistake("Encoder and decoder are exchanged: the encoder comes first.")
def decoder_first(latent=32):
    encoder, decoder, autoencoder = _halves(latent)
    return decoder, encoder, autoencoder


@build_autoencoder.mistake(
    "The code always has 32 numbers. Use the argument: Dense(latent), Input((latent,))."
)
def latent_ignored(latent=32):
    return _halves(32)


@build_autoencoder.mistake(
    "relu at the output has no upper limit, and it gives no gradient below 0. Pixels go from 0 to 1: sigmoid."
)
def relu_at_the_output(latent=32):
    return _halves(latent, "relu")


@build_autoencoder.mistake("Pixels leave 0 to 1 on both sides: the decoder's last layer needs a sigmoid.")
def no_activation_at_the_output(latent=32):
    return _halves(latent, None)


@build_autoencoder.mistake("tanh goes from -1 to 1. Pixels go from 0 to 1: sigmoid.")
def tanh_at_the_output(latent=32):
    return _halves(latent, "tanh")


@build_autoencoder.mistake(
    "softmax makes all pixels of an image sum to 1. Each pixel has a brightness of its own: sigmoid."
)
def softmax_over_the_pixels(latent=32):
    return _halves(latent, "softmax")


@build_autoencoder.mistake(
    "softmax over the only channel gives 1 at every pixel. Each pixel has a brightness of its own: sigmoid."
)
def softmax_over_the_channel(latent=32):
    encoder, decoder = _encoder(latent), _decoder(latent, None)
    decoder.add(layers.Softmax())
    return encoder, decoder, _joined(encoder, decoder)


@build_autoencoder.mistake(
    "The pixels are cut off at 0 and 1, and where they are, no gradient flows. A sigmoid bends instead."
)
def cut_off_at_the_output(latent=32):
    return _halves(latent, keras.layers.ReLU(max_value=1))


@build_autoencoder.mistake(
    "The autoencoder has layers of its own, so training it trains neither encoder nor decoder. Call the two "
    "models: decoder(encoder(inputs))."
)
def built_twice(latent=32):
    encoder, decoder, _autoencoder = _halves(latent)
    return encoder, decoder, _halves(latent)[-1]


@build_autoencoder.mistake(
    "The decoder that comes back is not the one in the autoencoder: its weights stay random. Build it once, and "
    "call it."
)
def decoder_built_twice(latent=32):
    encoder, _decoder_within, autoencoder = _halves(latent)
    return encoder, _decoder(latent), autoencoder


@build_autoencoder.mistake(
    "The encoder that comes back is not the one in the autoencoder: its weights stay random. Build it once, and "
    "call it."
)
def encoder_built_twice(latent=32):
    _encoder_within, decoder, autoencoder = _halves(latent)
    return _encoder(latent), decoder, autoencoder


@build_autoencoder.mistake(
    "The autoencoder does something else than decoder(encoder(x)). Call the two in this order, and add nothing "
    "before, between or after them."
)
def sigmoid_twice(latent=32):
    encoder, decoder, autoencoder = _halves(latent)
    inputs = keras.Input(PIXELS)
    return encoder, decoder, keras.Model(inputs, layers.Activation("sigmoid")(autoencoder(inputs)))


@build_autoencoder.mistake("The encoder is frozen: all three models can be trained.")
def encoder_frozen(latent=32):
    encoder, decoder, autoencoder = _halves(latent)
    encoder.trainable = False
    return encoder, decoder, autoencoder


@build_autoencoder.mistake("The decoder is frozen: all three models can be trained.")
def decoder_frozen(latent=32):
    encoder, decoder, autoencoder = _halves(latent)
    decoder.trainable = False
    return encoder, decoder, autoencoder


@build_autoencoder.mistake("The channel axis is missing: images are (28, 28, 1).")
def channel_missing(latent=32):
    return _halves(latent, image_shape=(28, 28))


@build_autoencoder.mistake(
    "Images go in and out flat. They are (28, 28, 1): Flatten belongs into the encoder, Reshape into the decoder."
)
def flat_images(latent=32):
    return _halves(latent, image_shape=(784,))


@build_autoencoder.mistake("The decoder gives flat images. It ends with layers.Reshape((28, 28, 1)).")
def flat_output(latent=32):
    encoder, decoder = _encoder(latent), _decoder(latent, image_shape=(784,))
    return encoder, decoder, _joined(encoder, decoder)


@build_autoencoder.mistake("The decoder's images lack the channel axis: layers.Reshape((28, 28, 1)).")
def channel_lost(latent=32):
    encoder, decoder = _encoder(latent), _decoder(latent, image_shape=(28, 28))
    return encoder, decoder, _joined(encoder, decoder)


# ------------------------------------------------------------------------------ reconstruction_error


@exercise(
    cases=[
        dict(
            x=np.array([[0.0, 1.0], [0.5, 0.5], [1.0, 0.0]]),
            restored=np.array([[0.5, 1.0], [0.5, 0.5], [0.0, 1.0]]),
        ),
        dict(x=_images(4, 5, 3), restored=_images(4, 5, 3, seed=1)),
        dict(x=_images(3, 4, 6, 1, seed=2), restored=_images(3, 4, 6, 1, seed=3)),
        dict(x=_images(2, 3, 5, 3, seed=4), restored=_images(2, 3, 5, 3, seed=5)),
        dict(x=_images(1, 7, seed=6), restored=_images(1, 7, seed=7)),
        dict(x=_images(3, 2, 2, seed=8), restored=_images(3, 2, 2, seed=8)),
    ],
    hints=[
        "First the square of each pixel's difference; that array has the shape of x.",
        "Then one mean for each image: over all axes but the first, however many there are.",
        "The axes are tuple(range(1, x.ndim)). Or flatten each image first: reshape(len(x), -1), then axis=1.",
    ],
)
def reconstruction_error(x, restored):
    """How far each restored image is from its original: the mean squared difference of their pixels.

    Args:
        x: float array (N, ...), N images of any shape, N at least 1, with one or more axes after the first.
        restored: float array of the same shape.

    Returns:
        float array (N,): one error for each image, the mean over all axes but the first.
    """
    # BEGIN SOLUTION
    squares = np.square(x - restored)
    return np.mean(squares, axis=tuple(range(1, squares.ndim)))
    # END SOLUTION


def _others(x):
    """All axes but the first."""
    return tuple(range(1, x.ndim))


@reconstruction_error.mistake(
    "That is one error for all images. Each image needs its own: keep the first axis."
)
def one_number(x, restored):
    return np.mean((x - restored) ** 2)


@reconstruction_error.mistake(
    "The squares are summed. Take their mean, so that it does not grow with the image."
)
def squares_summed(x, restored):
    return np.sum((x - restored) ** 2, axis=_others(x))


@reconstruction_error.mistake("That is the mean absolute difference. Square the differences.")
def absolute_differences(x, restored):
    return np.mean(np.abs(x - restored), axis=_others(x))


@reconstruction_error.mistake("The square is missing: positive and negative differences cancel.")
def not_squared(x, restored):
    return np.mean(x - restored, axis=_others(x))


@reconstruction_error.mistake("Square each difference before the mean. Here the mean is squared.")
def mean_squared_too_late(x, restored):
    return np.mean(x - restored, axis=_others(x)) ** 2


@reconstruction_error.mistake("Leave out the root: the mean square is asked for.")
def root_taken(x, restored):
    return np.sqrt(np.mean((x - restored) ** 2, axis=_others(x)))


@reconstruction_error.mistake(
    "That is a distance, the root of the sum. The mean of the squares is asked for."
)
def distance(x, restored):
    return np.sqrt(np.sum((x - restored) ** 2, axis=_others(x)))


@reconstruction_error.mistake(
    "The mean goes over the images, so a mean image of errors is left. Average over all other axes instead."
)
def over_the_images(x, restored):
    return np.mean((x - restored) ** 2, axis=0)


@reconstruction_error.mistake("The mean goes over the last axis only. Take all axes but the first.")
def over_the_last_axis(x, restored):
    return np.mean((x - restored) ** 2, axis=-1)


@reconstruction_error.mistake("The mean goes over axis 1 only. Take all axes but the first.")
def over_the_second_axis(x, restored):
    return np.mean((x - restored) ** 2, axis=1)


@reconstruction_error.mistake(
    "The axes are fixed at (1, 2, 3), but images may have fewer. All but the first: tuple(range(1, x.ndim))."
)
def axes_fixed_at_three(x, restored):
    return np.mean((x - restored) ** 2, axis=(1, 2, 3))


@reconstruction_error.mistake(
    "The axes are fixed at (1, 2), but images may have more or fewer. All but the first: tuple(range(1, x.ndim))."
)
def axes_fixed_at_two(x, restored):
    return np.mean((x - restored) ** 2, axis=(1, 2))


@reconstruction_error.mistake("The axes are kept. The result must have the shape (N,): leave out keepdims.")
def axes_kept(x, restored):
    return np.mean((x - restored) ** 2, axis=_others(x), keepdims=True)


@reconstruction_error.mistake("The errors are divided by the originals' squares. Here they are not relative.")
def relative_error(x, restored):
    return np.sum((x - restored) ** 2, axis=_others(x)) / np.sum(x**2, axis=_others(x))


@reconstruction_error.mistake("The squares are subtracted. Subtract first, then square: (x - restored) ** 2.")
def difference_of_squares(x, restored):
    return np.mean(x**2 - restored**2, axis=_others(x))


# --------------------------------------------------------------------------------- anomaly_threshold


def _errors(count, seed=0):
    """Reproducible errors for the cases: many small ones, a few large ones, in no order."""
    return np.random.default_rng([seed, count]).exponential(0.02, count).round(4)


@exercise(
    cases=[
        dict(errors=np.array([0.3, 0.1, 0.2, 0.5, 0.4])),
        dict(errors=_errors(30)),
        dict(errors=_errors(12, seed=1), quantile=0.9),
        dict(errors=_errors(12, seed=1), quantile=0.4),
        dict(errors=_errors(7, seed=2), quantile=0.25),
        dict(errors=_errors(8, seed=3), quantile=1.0),
        dict(errors=_errors(8, seed=3), quantile=0.0),
        dict(errors=np.array([0.125]), quantile=0.5),
    ],
    hints=[
        "Below the threshold lies the share `quantile` of the normal errors.",
        "NumPy has two functions: np.quantile counts from 0 to 1, np.percentile from 0 to 100.",
        "np.quantile(errors, quantile): its default between two errors is linear, as asked for.",
    ],
)
def anomaly_threshold(errors, quantile=0.95):
    """The reconstruction error above which an image counts as an anomaly.

    It is the quantile of the errors of normal images. Between two errors it is linear: with the errors sorted and
    counted from 0, it lies at the position quantile · (N - 1).

    Args:
        errors: float array (N,), N at least 1, errors of normal images in any order. It is not changed.
        quantile: float from 0 to 1, the share of normal images that is to stay below.

    Returns:
        float: the threshold.
    """
    # BEGIN SOLUTION
    return float(np.quantile(errors, quantile))
    # END SOLUTION


@anomaly_threshold.mistake(
    "np.percentile counts from 0 to 100: 0.95 is less than one percent. Use np.quantile."
)
def less_than_one_percent(errors, quantile=0.95):
    return np.percentile(errors, quantile)


@anomaly_threshold.mistake("That is the quantile from the other end: most normal images would be anomalies.")
def other_end(errors, quantile=0.95):
    return np.quantile(errors, 1 - quantile)


@anomaly_threshold.mistake("The quantile is always 0.95. Use the argument.")
def quantile_ignored(errors, quantile=0.95):
    return np.quantile(errors, 0.95)


@anomaly_threshold.mistake(
    "Mean plus 1.645 deviations is the 95 % quantile of a normal distribution. Errors are not normally distributed: "
    "take the quantile of the errors themselves."
)
def normal_distribution(errors, quantile=0.95):
    return np.mean(errors) + 1.645 * np.std(errors)


@anomaly_threshold.mistake(
    "Mean plus two deviations does not know the quantile. Take the quantile of the errors themselves."
)
def two_deviations(errors, quantile=0.95):
    return np.mean(errors) + 2 * np.std(errors)


@anomaly_threshold.mistake(
    "Mean plus three deviations does not know the quantile. Take the quantile of the errors themselves."
)
def three_deviations(errors, quantile=0.95):
    return np.mean(errors) + 3 * np.std(errors)


@anomaly_threshold.mistake("That is a share of the largest error. The quantile counts errors.")
def share_of_the_maximum(errors, quantile=0.95):
    return quantile * np.max(errors)


@anomaly_threshold.mistake(
    "That is a share of the way from the smallest to the largest error. The quantile counts errors."
)
def share_of_the_range(errors, quantile=0.95):
    return np.min(errors) + quantile * np.ptp(errors)


@anomaly_threshold.mistake("That is a share of the mean. The quantile counts errors.")
def share_of_the_mean(errors, quantile=0.95):
    return quantile * np.mean(errors)


@anomaly_threshold.mistake(
    "Between two errors the quantile is linear; here it is the error below. Leave NumPy's default."
)
def error_below(errors, quantile=0.95):
    return np.quantile(errors, quantile, method="lower")


@anomaly_threshold.mistake(
    "Between two errors the quantile is linear; here it is the error above. Leave NumPy's default."
)
def error_above(errors, quantile=0.95):
    return np.quantile(errors, quantile, method="higher")


@anomaly_threshold.mistake(
    "Between two errors the quantile is linear; here it is the nearer error. Leave NumPy's default."
)
def nearest_error(errors, quantile=0.95):
    return np.quantile(errors, quantile, method="nearest")


@anomaly_threshold.mistake(
    "int(quantile * N) is a position, and for 1.0 it lies behind the last error. np.quantile does it right."
)
def position_behind_the_end(errors, quantile=0.95):
    return np.sort(errors)[int(quantile * len(errors))]


@anomaly_threshold.mistake(
    "The errors are not sorted: the error at a position of an unsorted array says nothing."
)
def unsorted(errors, quantile=0.95):
    return errors[int(quantile * (len(errors) - 1))]


@anomaly_threshold.mistake("These are the errors above the threshold. Return the threshold, one number.")
def errors_above(errors, quantile=0.95):
    return errors[errors > np.quantile(errors, quantile)]


@anomaly_threshold.mistake("That says which images are anomalies. Return the threshold, one number.")
def which_lie_above(errors, quantile=0.95):
    return errors > np.quantile(errors, quantile)


@anomaly_threshold.mistake("errors.sort() changes the errors of the caller. Use np.quantile or np.sort.")
def errors_sorted_in_place(errors, quantile=0.95):
    errors.sort()
    return np.quantile(errors, quantile)


# ---------------------------------------------------------------------------------------------- psnr


@exercise(
    cases=[
        dict(image=np.full((3, 4), 0.6), reference=np.full((3, 4), 0.5)),
        dict(image=_images(4, 5), reference=_images(4, 5, seed=1)),
        dict(image=_images(3, 4, 3, seed=2), reference=0.5 * _images(3, 4, 3, seed=3)),
        dict(image=_images(5, 2, 1, seed=4), reference=_images(5, 2, 1, seed=4) * 0.99 + 0.005),
        dict(image=np.zeros((2, 3)), reference=np.ones((2, 3))),
        dict(image=_images(4, 3, seed=5), reference=_images(4, 3, seed=5)),
    ],
    hints=[
        "First the mean squared error over all pixels and channels: one number.",
        "Then the peak's square over this error, as a logarithm. The peak is 1, so its square is 1.",
        "10 · log10(1 / error). With error 0 that divides by zero: return np.inf before.",
    ],
)
def psnr(image, reference):
    """Peak signal-to-noise ratio of an image in decibels, for pixels from 0 to 1.

    Args:
        image: float array (H, W) or (H, W, C), 0 to 1.
        reference: float array of the same shape, what the image should be.

    Returns:
        float: 10 · log10(peak² / mean squared error) with peak 1, and the mean over all pixels and channels.
        Equal images give infinity, np.inf.
    """
    # BEGIN SOLUTION
    error = np.mean(np.square(image - reference))
    if error == 0:
        return np.inf
    return float(10 * np.log10(1 / error))
    # END SOLUTION


def _decibels(ratio):
    """10 · log10 of a ratio; infinity for an infinite one."""
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(ratio))


def _mse(image, reference):
    """The mean squared error as a NumPy number, which may be divided by."""
    return np.mean((image - reference) ** 2)


@psnr.mistake("Decibels take the logarithm to base 10: np.log10. np.log is the natural one.")
def natural_logarithm(image, reference):
    return float(10 * np.log(1 / _mse(image, reference)))


@psnr.mistake(
    "20 belongs to the root of the error, 10 to the mean squared error: 20 · log10(1 / root) is 10 · log10(1 / square)."
)
def twenty_for_ten(image, reference):
    return 2 * _decibels(1 / _mse(image, reference))


@psnr.mistake("With the root of the error the factor is 20, not 10.")
def ten_for_twenty(image, reference):
    return _decibels(1 / np.sqrt(_mse(image, reference)))


@psnr.mistake("The fraction is upside down: a smaller error gives more decibels.")
def sign_turned(image, reference):
    return _decibels(_mse(image, reference))


@psnr.mistake("Pixels go from 0 to 1 here, so the peak is 1, not 255.")
def peak_255(image, reference):
    return _decibels(255**2 / _mse(image, reference))


@psnr.mistake("The peak is 1, the largest value that a pixel can have, not the largest in this reference.")
def peak_of_the_reference(image, reference):
    return _decibels(reference.max() ** 2 / _mse(image, reference))


@psnr.mistake("That is the mean squared error. Turn it into decibels: 10 · log10(1 / error).")
def error_alone(image, reference):
    return _mse(image, reference)


@psnr.mistake("The logarithm is missing: 10 · log10(1 / error).")
def no_logarithm(image, reference):
    return 1 / _mse(image, reference)


@psnr.mistake("The factor 10 is missing: without it the unit is bel.")
def factor_missing(image, reference):
    return _decibels(1 / _mse(image, reference)) / 10


@psnr.mistake("Take the mean of the squared differences, not of the absolute ones.")
def absolute_error(image, reference):
    return _decibels(1 / np.mean(np.abs(image - reference)))


@psnr.mistake("The squares are summed. Take their mean.")
def summed_error(image, reference):
    return _decibels(1 / np.sum((image - reference) ** 2))


@psnr.mistake(
    "That is the signal-to-noise ratio: it has the mean square of the reference in place of the peak."
)
def signal_to_noise(image, reference):
    return _decibels(np.mean(reference**2) / _mse(image, reference))


@psnr.mistake(
    "Equal images give infinity. A small number that is added to the error, or 100 in its place, hides that."
)
def small_number_added(image, reference):
    return _decibels(1 / (_mse(image, reference) + 1e-10))


@psnr.mistake("Equal images are the best there can be: infinity, np.inf, not 0.")
def zero_for_infinity(image, reference):
    error = _mse(image, reference)
    return 0.0 if error == 0 else _decibels(1 / error)


@psnr.mistake("Equal images have the error 0, and a division by it fails. Return np.inf before.")
def division_by_zero(image, reference):
    return 10 * math.log10(1 / float(_mse(image, reference)))


@psnr.mistake("Equal images have the error 0, and math.log10(0) fails. Return np.inf before.")
def logarithm_of_zero(image, reference):
    return -10 * math.log10(_mse(image, reference))


@psnr.mistake("One number is asked for: the mean goes over rows, columns and channels.")
def one_for_each_row(image, reference):
    with np.errstate(divide="ignore"):
        return 10 * np.log10(1 / np.mean((image - reference) ** 2, axis=0))


# ------------------------------------------------------------------------------------ reparameterize


@exercise(
    cases=[
        dict(mean=np.array([[1.0, -2.0]]), log_variance=np.array([[0.0, 2.0]]), noise=np.array([[0.5, 1.0]])),
        dict(mean=_random(3, 4), log_variance=_random(3, 4, seed=1), noise=_random(3, 4, seed=2)),
        dict(mean=_random(5, 2, seed=3), log_variance=3 * _random(5, 2, seed=4), noise=_random(5, 2, seed=5)),
        dict(
            mean=np.array([[0.5, -0.5, 3.0]]),
            log_variance=np.array([[-20.0, -4.0, 8.0]]),
            noise=np.array([[2.0, -1.0, 0.25]]),
        ),
        dict(mean=np.zeros((2, 3)), log_variance=np.full((2, 3), -1.0), noise=_random(2, 3, seed=6)),
        dict(mean=_random(2, 5, seed=7), log_variance=_random(2, 5, seed=8), noise=np.zeros((2, 5))),
    ],
    differentiable=True,
    hints=[
        "A normal variable is its mean plus its standard deviation times standard normal noise.",
        "You have the logarithm of the variance. exp(log variance) is the variance; the deviation is its root.",
        "The root of exp(v) is exp(v / 2): keras.ops.exp(0.5 * log_variance).",
    ],
)
def reparameterize(mean, log_variance, noise):
    """A draw from a normal distribution, written so that gradients reach its mean and its variance.

    Args:
        mean: tensor (N, latent), float.
        log_variance: tensor of the same shape, the natural logarithm of the variance, any sign.
        noise: tensor of the same shape, standard normal, drawn by the caller.

    Returns:
        tensor (N, latent): for each entry mean + standard deviation · noise. Gradients reach all three arguments, so
        use keras.ops or tf functions, not NumPy.

    Source: Kingma, Welling, "Auto-encoding variational Bayes", 2014.
    """
    # BEGIN SOLUTION
    return mean + keras.ops.exp(0.5 * log_variance) * noise
    # END SOLUTION


@reparameterize.mistake(
    "exp(log_variance) is the variance. The standard deviation is its root: exp(0.5 * log_variance)."
)
def variance_for_deviation(mean, log_variance, noise):
    return mean + ops.exp(log_variance) * noise


@reparameterize.mistake("0.5 is the factor of the root: exp(2 * log_variance) is the variance squared.")
def variance_squared(mean, log_variance, noise):
    return mean + ops.exp(2 * log_variance) * noise


@reparameterize.mistake(
    "0.5 belongs into the exponent: exp(0.5 * log_variance), not 0.5 * exp(log_variance)."
)
def half_outside(mean, log_variance, noise):
    return mean + 0.5 * ops.exp(log_variance) * noise


@reparameterize.mistake("The sign of the exponent is wrong: exp(0.5 * log_variance).")
def sign_of_the_exponent(mean, log_variance, noise):
    return mean + ops.exp(-0.5 * log_variance) * noise


@reparameterize.mistake(
    "The logarithm of the variance is used as the deviation. First undo the logarithm with exp."
)
def logarithm_for_deviation(mean, log_variance, noise):
    return mean + log_variance * noise


@reparameterize.mistake(
    "exp is missing: half the logarithm of the variance is the logarithm of the deviation."
)
def exp_missing(mean, log_variance, noise):
    return mean + 0.5 * log_variance * noise


@reparameterize.mistake(
    "The root of a logarithm is not a deviation, and for negative ones it is NaN. First exp, then the root."
)
def root_of_the_logarithm(mean, log_variance, noise):
    return mean + ops.sqrt(log_variance) * noise


@reparameterize.mistake("The mean is missing: add it.")
def mean_missing(mean, log_variance, noise):
    return ops.exp(0.5 * log_variance) * noise


@reparameterize.mistake("The noise is missing: it multiplies the deviation.")
def noise_missing(mean, log_variance, noise):
    return mean + ops.exp(0.5 * log_variance)


@reparameterize.mistake("The deviation is missing: exp(0.5 * log_variance) multiplies the noise.")
def deviation_missing(mean, log_variance, noise):
    return mean + noise


@reparameterize.mistake("The noise is added. It multiplies the deviation, and then comes the mean.")
def noise_added(mean, log_variance, noise):
    return mean + ops.exp(0.5 * log_variance) + noise


@reparameterize.mistake(
    "The noise scales the mean, too. Only the deviation is multiplied by it: check the parentheses."
)
def mean_scaled(mean, log_variance, noise):
    return (mean + ops.exp(0.5 * log_variance)) * noise


@reparameterize.mistake("Here the noise is subtracted: mean + deviation · noise.")
def noise_minus(mean, log_variance, noise):
    return mean - ops.exp(0.5 * log_variance) * noise


@reparameterize.mistake("The noise comes back divided by the deviation: multiply.")
def standardized(mean, log_variance, noise):
    return (noise - mean) / ops.exp(0.5 * log_variance)


@reparameterize.mistake("That is the mean alone. A draw needs deviation · noise.")
def mean_alone(mean, log_variance, noise):
    return mean


@reparameterize.mistake(
    "The values are right, but np.exp cuts the gradient of log_variance: the encoder would never learn it. Use "
    "keras.ops.exp."
)
def numpy_exponential(mean, log_variance, noise):
    return mean + np.exp(0.5 * log_variance) * noise


@reparameterize.mistake(
    "The values are right, but NumPy cuts all gradients, and the encoder would not learn. Use keras.ops throughout."
)
def numpy_throughout(mean, log_variance, noise):
    return np.asarray(mean) + np.exp(0.5 * np.asarray(log_variance)) * np.asarray(noise)


@reparameterize.mistake(
    "Two things: exp(log_variance) is the variance, so take exp(0.5 * log_variance); and np.exp cuts the gradient, so "
    "use keras.ops.exp."
)
def variance_in_numpy(mean, log_variance, noise):
    return mean + np.exp(log_variance) * noise


# ------------------------------------------------------------------------------------- kl_divergence


def _with_gradients(divergence, **case):
    """The divergences and their gradients by value: NumPy may cut one way to an argument and leave another."""
    tensors = {name: tf.constant(value, tf.float32) for name, value in case.items()}
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        result = divergence(*tensors.values())
    if result is None:
        return None
    found = {"the divergence": result}
    gradients = tape.gradient(result, tensors) if isinstance(result, tf.Tensor) else dict.fromkeys(tensors)
    for name, gradient in gradients.items():
        found[f"a gradient reaches {name}"] = gradient is not None
        if gradient is not None:
            found[f"the gradient for {name}"] = tf.convert_to_tensor(
                gradient
            )  # tf.gather gives IndexedSlices
    return found


@exercise(
    cases=[
        dict(mean=np.array([[1.0, -2.0]]), log_variance=np.array([[0.0, 1.0]])),
        dict(mean=_random(3, 4), log_variance=_random(3, 4, seed=1)),
        dict(mean=2 * _random(4, 2, seed=2), log_variance=2 * _random(4, 2, seed=3)),
        dict(mean=np.zeros((2, 3)), log_variance=np.zeros((2, 3))),
        dict(mean=np.array([[0.0, 5.0, -3.0, 0.1]]), log_variance=np.array([[-20.0, 0.0, 6.0, -0.1]])),
        dict(mean=_random(5, 1, seed=4), log_variance=_random(5, 1, seed=5)),
    ],
    observe=_with_gradients,
    hints=[
        "One entry at a time: its part is 0 where the mean is 0 and the variance 1, else positive.",
        "The part of one entry: 0.5 · (variance + mean² - 1 - log variance). The variance is exp(log variance).",
        "Then sum over the last axis: keras.ops.sum(parts, axis=-1).",
    ],
)
def kl_divergence(mean, log_variance):
    """How far the normal distributions of an encoder are from the standard normal one.

    For each image it is the Kullback-Leibler divergence of its normal distribution from the standard normal one, in
    this order. It is measured in nats: like bits, but with the natural logarithm. The entries of a code are
    independent, so their divergences add up.

    Args:
        mean: tensor (N, latent), float.
        log_variance: tensor of the same shape, the natural logarithm of the variance, any sign.

    Returns:
        tensor (N,): one divergence for each image, the sum over the last axis of 0.5 · (variance + mean² - 1 -
        log variance), natural logarithm, 0 or more. Gradients reach both arguments, so use keras.ops or tf
        functions, not NumPy.

    Source: Kingma, Welling, "Auto-encoding variational Bayes", 2014.
    """
    # BEGIN SOLUTION
    parts = 0.5 * (keras.ops.exp(log_variance) + keras.ops.square(mean) - 1 - log_variance)
    return keras.ops.sum(parts, axis=-1)
    # END SOLUTION


def _parts(mean, log_variance):
    """The divergence of each entry."""
    return 0.5 * (ops.exp(log_variance) + mean**2 - 1 - log_variance)


@kl_divergence.mistake(
    "The parts are averaged over the latent axis. Independent entries add up: sum over it. The mean makes the KL term "
    "weaker, the more entries a code has."
)
def averaged_over_the_code(mean, log_variance):
    return ops.mean(_parts(mean, log_variance), axis=-1)


@kl_divergence.mistake(
    "That is one number for all images. Each image has its own: sum over the last axis only."
)
def summed_over_everything(mean, log_variance):
    return ops.sum(_parts(mean, log_variance))


@kl_divergence.mistake("That is one mean for all images and entries. Sum over the last axis only.")
def averaged_over_everything(mean, log_variance):
    return ops.mean(_parts(mean, log_variance))


@kl_divergence.mistake("The mean over the images is taken already. Return one divergence for each image.")
def averaged_over_the_images(mean, log_variance):
    return ops.mean(ops.sum(_parts(mean, log_variance), axis=-1))


@kl_divergence.mistake("The sum goes over the images. Sum over the entries of the code, axis=-1.")
def summed_over_the_images(mean, log_variance):
    return ops.sum(_parts(mean, log_variance), axis=0)


@kl_divergence.mistake("The sum is missing: each image gets one number, the sum over its code.")
def not_summed(mean, log_variance):
    return _parts(mean, log_variance)


@kl_divergence.mistake("The sign is wrong: a divergence is never negative.")
def sign_wrong(mean, log_variance):
    return -ops.sum(_parts(mean, log_variance), axis=-1)


@kl_divergence.mistake("The factor 0.5 is missing.")
def half_missing(mean, log_variance):
    return 2 * ops.sum(_parts(mean, log_variance), axis=-1)


@kl_divergence.mistake("The 1 is missing: the divergence of N(0, 1) from itself must be 0.")
def one_missing(mean, log_variance):
    return ops.sum(_parts(mean, log_variance) + 0.5, axis=-1)


@kl_divergence.mistake(
    "1 is subtracted once for each image. It belongs to each entry: put it inside the sum."
)
def one_outside_the_sum(mean, log_variance):
    return 0.5 * (ops.sum(ops.exp(log_variance) + mean**2 - log_variance, axis=-1) - 1)


@kl_divergence.mistake(
    "exp(0.5 * log_variance) is the deviation. Here stands the variance: exp(log_variance)."
)
def deviation_for_variance(mean, log_variance):
    return ops.sum(0.5 * (ops.exp(0.5 * log_variance) + mean**2 - 1 - log_variance), axis=-1)


@kl_divergence.mistake("The mean is not squared.")
def mean_not_squared(mean, log_variance):
    return ops.sum(0.5 * (ops.exp(log_variance) + mean - 1 - log_variance), axis=-1)


@kl_divergence.mistake("The square of the mean is missing: it pulls the codes toward 0.")
def mean_left_out(mean, log_variance):
    return ops.sum(0.5 * (ops.exp(log_variance) - 1 - log_variance), axis=-1)


@kl_divergence.mistake("mean² has the wrong sign: the divergence grows when the mean leaves 0.")
def square_subtracted(mean, log_variance):
    return ops.sum(0.5 * (ops.exp(log_variance) - mean**2 - 1 - log_variance), axis=-1)


@kl_divergence.mistake("The logarithm of the variance has the wrong sign: it is subtracted.")
def logarithm_added(mean, log_variance):
    return ops.sum(0.5 * (ops.exp(log_variance) + mean**2 - 1 + log_variance), axis=-1)


@kl_divergence.mistake(
    "The argument holds the logarithm already: exp(log_variance) is the variance, and log_variance its logarithm."
)
def taken_for_the_variance(mean, log_variance):
    return ops.sum(0.5 * (log_variance + mean**2 - 1 - ops.log(log_variance)), axis=-1)


@kl_divergence.mistake(
    "That is KL(N(0, 1) || N(mean, variance)), the other order. The distribution of the encoder comes first."
)
def order_turned(mean, log_variance):
    return ops.sum(0.5 * ((1 + mean**2) * ops.exp(-log_variance) - 1 + log_variance), axis=-1)


@kl_divergence.mistake("That is in bits. Nats come from the natural logarithm: do not divide by log 2.")
def in_bits(mean, log_variance):
    return ops.sum(_parts(mean, log_variance), axis=-1) / math.log(2)


@kl_divergence.mistake("The axis is kept. The result must have the shape (N,): leave out keepdims.")
def axis_kept(mean, log_variance):
    return ops.sum(_parts(mean, log_variance), axis=-1, keepdims=True)


@kl_divergence.mistake(
    "The values are right, but NumPy cuts the gradient: the KL term would not train the encoder. Use keras.ops "
    "throughout."
)
def summed_in_numpy(mean, log_variance):
    return np.sum(np.asarray(_parts(mean, log_variance)), axis=-1)


@kl_divergence.mistake(
    "The values are right, but np.exp cuts a part of the gradient: nothing would hold the variance back from growing. "
    "Use keras.ops.exp."
)
def exponential_in_numpy(mean, log_variance):
    return ops.sum(0.5 * (np.exp(log_variance) + mean**2 - 1 - log_variance), axis=-1)


@kl_divergence.mistake(
    "The variance is exp(log_variance), not exp(2 * log_variance): the argument is not the logarithm of the deviation."
)
def taken_for_the_deviation(mean, log_variance):
    return ops.sum(0.5 * (ops.exp(2 * log_variance) + mean**2 - 1 - 2 * log_variance), axis=-1)


# --------------------------------------------------------------------------------------- interpolate


@exercise(
    cases=[
        dict(start=np.array([0.0, 2.0]), end=np.array([1.0, -2.0]), steps=5),
        dict(start=_random(4), end=_random(4, seed=1), steps=2),
        dict(start=_random(3, seed=2), end=_random(3, seed=3), steps=4),
        dict(start=_random(2, seed=4), end=_random(2, seed=4), steps=3),
        dict(start=100 * _random(6, seed=5), end=_random(6, seed=6), steps=7),
        dict(start=np.array([3.0]), end=np.array([-1.5]), steps=10),
    ],
    hints=[
        "Row 0 is the start, the last row is the end. Between them lie steps - 1 equal parts.",
        "The weights of the end are np.linspace(0, 1, steps).",
        "start + weight · (end - start) for each weight; or np.linspace(start, end, steps) at once.",
    ],
    extra=True,
)
def interpolate(start, end, steps):
    """Codes on the straight line from one code to another, at equal distances.

    Args:
        start: float array (latent,).
        end: float array (latent,).
        steps: int, how many codes are wanted, at least 2; both ends are among them.

    Returns:
        float array (steps, latent): row 0 is start, the last row is end.
    """
    # BEGIN SOLUTION
    return np.linspace(start, end, steps)
    # END SOLUTION


@interpolate.mistake("The end is missing: the last row is the end. Divide the way into steps - 1 parts.")
def end_missing(start, end, steps):
    return np.linspace(start, end, steps, endpoint=False)


@interpolate.mistake("The start is missing: row 0 is the start.")
def start_missing(start, end, steps):
    return np.linspace(start, end, steps + 1)[1:]


@interpolate.mistake("Both ends are missing: they are among the steps.")
def ends_missing(start, end, steps):
    return np.linspace(start, end, steps + 2)[1:-1]


@interpolate.mistake("There is one row too many: `steps` counts the codes, with both ends, not the parts.")
def one_too_many(start, end, steps):
    return np.linspace(start, end, steps + 1)


@interpolate.mistake("There are two rows too many: both ends are among the steps.")
def two_too_many(start, end, steps):
    return np.linspace(start, end, steps + 2)


@interpolate.mistake("The walk goes from end to start. Row 0 is the start.")
def backward(start, end, steps):
    return np.linspace(end, start, steps)


@interpolate.mistake("Rows and columns are exchanged: each row is one code, (steps, latent).")
def codes_as_columns(start, end, steps):
    return np.linspace(start, end, steps, axis=1)


@interpolate.mistake(
    "start + weight · end does not arrive at the end. The way to go is end - start: start + weight · (end - start)."
)
def way_to_the_end(start, end, steps):
    return start + np.linspace(0, 1, steps)[:, None] * end


@interpolate.mistake("The rows are the way alone. Add the start to each.")
def way_alone(start, end, steps):
    return np.linspace(0, 1, steps)[:, None] * (end - start)


@interpolate.mistake("The weights are squared or curved: the distances between neighbors must be equal.")
def curved(start, end, steps):
    return start + np.linspace(0, 1, steps)[:, None] ** 2 * (end - start)


@interpolate.mistake("All rows lie in the middle. The weight goes from 0 to 1.")
def middle_only(start, end, steps):
    return np.tile((start + end) / 2, (steps, 1))


@interpolate.mistake("Each row has a length of 1. Leave the codes as they are.")
def lengths_of_one(start, end, steps):
    line = np.linspace(start, end, steps)
    return line / np.maximum(np.linalg.norm(line, axis=1, keepdims=True), 1e-12)


# ---------------------------------------------------------------------------------------- challenge

NOISE = 0.4


def _noisy_and_clean():
    """Noisy and clean images in 0 to 1: 12,000 to train with, 1,000 to test on; the noise is drawn once."""
    (train, _train_labels), (test, _test_labels) = data.fashion_mnist()
    random = np.random.default_rng(8)
    pairs = []
    for images in (train, test[:1000]):
        clean = images[..., None] / np.float32(255)
        noise = random.normal(size=clean.shape).astype(np.float32)
        pairs.append((add_noise(clean, np.float32(NOISE), noise), clean))
    return tuple(pairs)


@challenge(
    examine=RestorerChallenge(
        load=_noisy_and_clean,
        input_shape=PIXELS,
        parameters=30_000,
        steps=500,
        batch_size=32,
        asked=19.0,
    ),
    hints=[
        "The decoder of build_autoencoder must invent all details from the code. A denoiser may look at the noisy "
        "image: it needs no narrow code. Convolutions with stride 2 and back to 28×28 are a start.",
        "Join the maps from the way down with those of the same size on the way up, as in a U-Net. Batch norm with "
        "momentum=0.9 after each convolution helps in so few steps.",
        'The score is made of squared errors, so let the loss be loss="mean_squared_error". A learning rate that falls '
        "helps: keras.optimizers.schedules.CosineDecay(1e-2, decay_steps=500).",
    ],
)
def build_denoiser():
    """A small network that removes noise from images of clothes.

    The check draws normal noise with a standard deviation of 0.4, adds it to Fashion-MNIST images, and clips them
    at 0 and 1. It trains your model for 500 steps of 32 pairs, noisy image and clean image, with your optimizer and
    loss. It tests on 1,000 other images. The score is the mean of their PSNR in decibels. You may try again, so the
    number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, noisy images (28, 28, 1), from 0 to 1, to clean images (28, 28, 1), from 0 to 1 before
        training, too: end with a sigmoid. Fewer than 30,000 parameters. The mean PSNR must be 19 dB.
    """

    # BEGIN SOLUTION
    def convolution(x, filters, kernel=3, stride=1):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    inputs = keras.Input((28, 28, 1))
    skip = convolution(inputs, 16, kernel=5, stride=2)
    x = convolution(skip, 32, stride=2)
    x = convolution(x, 32)
    x = layers.Conv2DTranspose(16, 2, strides=2)(x)
    x = convolution(layers.Concatenate()([x, skip]), 16)
    x = layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid")(x)
    model = keras.Model(inputs, x)
    rate = keras.optimizers.schedules.CosineDecay(1e-2, decay_steps=500)
    model.compile(keras.optimizers.Adam(rate), loss="mean_squared_error")
    return model
    # END SOLUTION


def _denoiser(units=2, activation="sigmoid", loss="mean_squared_error", compiled=True):
    """The denoisers of the mistakes below: a code that is too small for any detail."""
    model = keras.Sequential(
        [
            keras.Input(PIXELS),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dense(784, activation=activation),
            layers.Reshape(PIXELS),
        ]
    )
    if compiled:
        model.compile("adam", loss=loss)
    return model


model_mistakes(build_denoiser, _denoiser)


@build_denoiser.mistake(
    "The model must give an image of the size that it gets: has each halving a doubling on the way back, and has the "
    "last layer one filter?"
)
def other_shapes():
    inputs = keras.Input(PIXELS)
    return keras.Model(inputs, layers.Conv2D(1, 3, strides=2, padding="same", activation="sigmoid")(inputs))


@build_denoiser.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters: a dense layer on a whole "
    "image has many."
)
def too_large():
    return _denoiser(units=64)


@build_denoiser.mistake('The outputs leave 0 to 1. End with activation="sigmoid".')
def out_of_range():
    return _denoiser(activation=None)


@build_denoiser.mistake(
    'The training ends with an error. The truth is an image, not a class: loss="mean_squared_error".'
)
def does_not_train():
    return _denoiser(loss="sparse_categorical_crossentropy")


# --------------------------------------------------------------------------------------------- quiz

bottleneck_purpose = quiz(
    "What is the bottleneck of an autoencoder for?",
    options={
        "a": (
            "It makes training faster.",
            "It saves a little time, but that is not its purpose.",
        ),
        "b": (
            "It keeps the network from copying its input: the network must learn what the images have in common.",
            "With a code as large as the image, copying pixels gives error 0 and teaches nothing.",
        ),
        "c": (
            "It sorts the images into classes.",
            "There are no labels in training. Classes may lie apart in the code, but nobody asked for that.",
        ),
        "d": (
            "It makes the restored image equal to the input.",
            "A narrower code makes the restored image worse. What is lost is the price of the compression.",
        ),
    },
    right="b",
)

holes_in_latent_space = quiz(
    "You draw random codes and decode them with a plain autoencoder. Why do many of the images look like nothing?",
    options={
        "a": (
            "The decoder was trained on the codes of real images only; between them lie places that it never saw.",
            "Nothing in the loss says where codes go, or that the space between them means something.",
        ),
        "b": (
            "The decoder is too small.",
            "A larger one restores real images better, and still has never seen the places between their codes.",
        ),
        "c": (
            "Random codes contain noise, and the decoder shows it.",
            "The decoder does not pass noise on. The codes of a variational autoencoder are random, too.",
        ),
    },
    right="a",
)

linear_autoencoder = quiz(
    "An autoencoder has one dense layer to the code and one back, no activation, and the mean squared error. What does "
    "it learn at best, compared with PCA?",
    options={
        "a": (
            "Less: it has no orthogonal axes.",
            "Its axes need not be orthogonal, but they span the same plane, and the plane decides the error.",
        ),
        "b": (
            "The same flat space: two linear maps cannot restore more than PCA does.",
            "PCA has the smallest squared error of all linear maps through so many numbers. The axes within may differ.",
        ),
        "c": (
            "More: it is a neural network.",
            "Without a nonlinear activation its two layers are one matrix of low rank. PCA is the best of these.",
        ),
    },
    right="b",
)

threshold_and_false_alarms = quiz(
    "The threshold is the 95 % quantile of the errors of normal images. What is to be expected on new normal images "
    "and on anomalies?",
    options={
        "a": (
            "About 5 % false alarms. How many anomalies are found is not fixed by it.",
            "The quantile sets the share of normal images above it. The share of anomalies above it depends on their "
            "errors.",
        ),
        "b": (
            "95 % of the anomalies are found.",
            "No anomaly was used to set the threshold, so it promises nothing about them.",
        ),
        "c": (
            "No false alarms.",
            "5 % of normal images lie above it by its definition. A higher quantile means fewer, and fewer anomalies found.",
        ),
        "d": (
            "95 % of all alarms are right.",
            "That depends on how frequent anomalies are. With few of them most alarms can be false.",
        ),
    },
    right="a",
)

why_reparameterize = quiz(
    "Why does a variational autoencoder compute mean + deviation · noise, in place of drawing the code directly?",
    options={
        "a": (
            "The codes get another distribution.",
            "The distribution is the same: normal, with this mean and this deviation.",
        ),
        "b": (
            "A random draw has no gradient for mean and deviation. With the noise as an input, both are in a formula "
            "that has one.",
            "The chance comes from outside, and the gradient flows past it: it reaches the encoder.",
        ),
        "c": (
            "It makes the code the same in every step.",
            "The noise is drawn anew in every step. A fixed code would be a plain autoencoder.",
        ),
        "d": (
            "It is faster than drawing.",
            "Noise is drawn here, too. The time is the same.",
        ),
    },
    right="b",
)

large_beta = quiz(
    "The loss is reconstruction + beta · KL. What does a beta that is far too large do?",
    options={
        "a": (
            "The restored images become sharper.",
            "A larger weight of the KL term takes weight from the reconstruction: images become blurred.",
        ),
        "b": (
            "The codes spread far apart.",
            "That happens with a small beta. The KL term pulls means to 0 and variances to 1.",
        ),
        "c": (
            "All images get nearly the same code distribution, N(0, 1), and the restored images look alike.",
            "Then KL is near 0, and the code says nothing about the image. This is called posterior collapse.",
        ),
    },
    right="c",
)

mean_against_sum = quiz(
    "A student averages the reconstruction error over 784 pixels, sums the KL over the code, and adds both with weight 1. What "
    "happens?",
    options={
        "a": (
            "Nothing: a mean and a sum differ by a constant, which does not change the best weights.",
            "The constant multiplies one term only. So it changes the balance between the two.",
        ),
        "b": (
            "The KL term counts 784 times more than with a summed error: the codes collapse toward N(0, 1).",
            "It is a large beta in disguise. Sum both terms, or divide the KL by 784, too.",
        ),
        "c": (
            "The reconstruction counts too much: the latent space has holes.",
            "It is the other way around: the mean is the small one of the two terms.",
        ),
    },
    right="b",
)
