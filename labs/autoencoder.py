"""What lesson 08 needs beside the student's autoencoders: PCA, a variational autoencoder, measures."""

import math

import keras
import numpy as np
from keras import layers, ops

from labs import data, models
from labs.errors import CourseError
from labs.text import _
from labs.training import ProgressBar

HIDDEN = 128  # units of the variational autoencoder's hidden layers
STORED_BETAS = (0.1, 1, 10)  # of the variational autoencoders in `data/`


class PrincipalComponents:
    """PCA: the linear encoder and decoder with the smallest squared error of all.

    Source: Pearson, "On lines and planes of closest fit to systems of points in space", 1901.
    """

    def __init__(self, images, size):
        """Fit to images (N, ...), any shape; `size` is the length of the longest code."""
        self.shape = images.shape[1:]
        flat = images.reshape(len(images), -1)
        self.mean = flat.mean(axis=0)
        # The eigenvectors of the covariance; eigh gives them in rising order.
        _values, vectors = np.linalg.eigh(np.cov(flat.T))
        self.components = vectors[:, ::-1][:, :size].T.astype(images.dtype)

    def encode(self, images):
        """Codes (N, size) of images (N, ...), the number that tells most first."""
        return (images.reshape(len(images), -1) - self.mean) @ self.components.T

    def decode(self, codes):
        """Images (N, ...) of codes, or of their first numbers (N, size or fewer). A few pixels leave 0 to 1."""
        return (codes @ self.components[: codes.shape[1]] + self.mean).reshape(-1, *self.shape)


def train_autoencoder(autoencoder, inputs, targets, epochs=1, batch_size=16, rate=6e-3):
    """Compile an autoencoder with the mean squared error and fit it.

    Args:
        autoencoder: keras.Model from images to images.
        inputs, targets: float arrays (N, H, W, C); both the same images, or noisy and clean ones.
        epochs, batch_size: ints.
        rate: float, the learning rate at the start; it falls to 0.
    """
    steps = epochs * math.ceil(len(inputs) / batch_size)
    schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=steps)
    autoencoder.compile(
        keras.optimizers.Adam(schedule),
        loss="mean_squared_error",
        steps_per_execution=8,  # eight batches a call: less waiting between them
    )
    bar = ProgressBar()
    autoencoder.fit(inputs, targets, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[bar])


def denoiser():
    """A small U-Net for images of 28×28 gray pixels: keras.Model (N, 28, 28, 1) to (N, 28, 28, 1), 0 to 1."""

    def convolution(x, filters, kernel=3, stride=1):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    image = keras.Input((28, 28, 1))
    half = convolution(image, 16, kernel=5, stride=2)
    x = convolution(convolution(half, 32, stride=2), 32)
    x = layers.Conv2DTranspose(16, 2, strides=2)(x)
    x = convolution(layers.Concatenate()([x, half]), 16)
    x = layers.Conv2DTranspose(1, 4, strides=2, padding="same", activation="sigmoid")(x)
    return keras.Model(image, x)


class VariationalAutoencoder(keras.Model):
    """A variational autoencoder of dense layers for flat images.

    `fit(images)` reports the two terms of the loss, per image and in nats: `reconstruction`, the summed binary
    cross-entropy of the pixels, and `kl`.

    Source: Kingma, Welling, "Auto-encoding variational Bayes", 2014; Higgins and others, "beta-VAE", 2017.
    """

    def __init__(self, sample, divergence, latent=2, pixels=784, beta=1.0):
        """`sample(mean, log_variance, noise)` draws codes, `divergence(mean, log_variance)` gives KL for each."""
        super().__init__()
        self.encoder = keras.Sequential(
            [
                keras.Input((pixels,)),
                layers.Dense(HIDDEN, activation="relu"),
                layers.Dense(HIDDEN, activation="relu"),
                layers.Dense(2 * latent),  # mean and log variance side by side
            ]
        )
        self.decoder = keras.Sequential(
            [
                keras.Input((latent,)),
                layers.Dense(HIDDEN, activation="relu"),
                layers.Dense(HIDDEN, activation="relu"),
                layers.Dense(pixels, activation="sigmoid"),
            ]
        )
        self.sample, self.divergence = sample, divergence
        self.latent, self.pixels, self.beta = latent, pixels, beta
        self.seeds = keras.random.SeedGenerator()
        self.terms = [keras.metrics.Mean(name="reconstruction"), keras.metrics.Mean(name="kl")]
        self.built = True  # both networks have their weights

    def call(self, images):
        mean, log_variance = ops.split(self.encoder(images), 2, axis=-1)
        noise = keras.random.normal(ops.shape(mean), seed=self.seeds)
        restored = self.decoder(self.sample(mean, log_variance, noise))
        reconstruction = self.pixels * ops.mean(keras.losses.binary_crossentropy(images, restored))
        kl = ops.mean(self.divergence(mean, log_variance))
        self.add_loss(reconstruction + self.beta * kl)
        for metric, value in zip(self.terms, (reconstruction, kl), strict=True):
            metric.update_state(value)
        return restored

    def networks(self):
        """Encoder and decoder by their names, which tell beta, too."""
        return {f"beta_{self.beta:g}_encoder": self.encoder, f"beta_{self.beta:g}_decoder": self.decoder}

    def load(self):
        """Take the weights in `data/`, which this class learned with its beta in 20 epochs; returns itself.

        Raises CourseError when `data/` has none for this beta, for another `latent` than 2 or `pixels` than 784.
        """
        if (self.latent, self.pixels) != (2, 784):
            raise CourseError(
                _("The weights in data/ are for latent 2 and pixels 784: train, or take these.")
            )
        if self.beta not in STORED_BETAS:
            sentence = _(
                "There are no weights for beta {beta:g} in data/, only for {stored}: train, or take one of these."
            )
            stored = ", ".join(f"{beta:g}" for beta in STORED_BETAS)
            raise CourseError(sentence.format(beta=self.beta, stored=stored))
        models.set_named_weights(self.networks(), data.digit_vae())
        return self

    def measure(self, images):
        """Both terms of the loss, in nats per image, for flat images (N, pixels): dict of floats."""
        for term in self.terms:
            term.reset_state()
        self(images)
        return {term.name: float(term.result()) for term in self.terms}

    def clouds(self, images):
        """Mean and log variance, each (N, latent), of the clouds of flat images (N, pixels)."""
        # All at once: these layers are small, and `predict` takes longer to begin than they take to work.
        return np.split(np.asarray(self.encoder(images)), 2, axis=1)

    def codes(self, images):
        """The means of the clouds (N, latent) of flat images (N, pixels)."""
        return self.clouds(images)[0]

    def images(self, codes):
        """Images (N, 28, 28) of codes (N, latent)."""
        side = int(self.pixels**0.5)
        return np.asarray(self.decoder(np.asarray(codes))).reshape(-1, side, side)


def train_variational(model, images, epochs=4, batch_size=100, rate=4e-3):
    """Fit a `VariationalAutoencoder` to flat images (N, pixels); dict of lists: loss and terms of each epoch."""
    model.compile(keras.optimizers.Adam(rate), steps_per_execution=8)
    bar = ProgressBar()
    return model.fit(images, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[bar]).history


def distances(codes, places):
    """How far places are from the nearest of all codes: (M,) distances of (M, size) places from (N, size) codes."""
    squares = np.sum(places**2, axis=1)[:, None] - 2 * places @ codes.T + np.sum(codes**2, axis=1)
    return np.sqrt(np.maximum(squares.min(axis=1), 0))  # rounding may leave a square below 0


def roc(normal, anomalous):
    """Receiver operating characteristic of errors: who is called an anomaly above each threshold.

    Args:
        normal, anomalous: float arrays (N,) and (M,), errors; larger means more anomalous.

    Returns:
        (false_alarms, found): float arrays of N + M + 1 shares that rise from 0 to 1.
    """
    errors = np.concatenate([normal, anomalous])
    is_anomalous = np.repeat([False, True], [len(normal), len(anomalous)])
    falling = is_anomalous[np.argsort(-errors, kind="stable")]
    found = np.concatenate([[0], np.cumsum(falling)]) / len(anomalous)
    false_alarms = np.concatenate([[0], np.cumsum(~falling)]) / len(normal)
    return false_alarms, found


def area_under_roc(normal, anomalous):
    """Probability that an anomalous error is larger than a normal one; ties count half. A float from 0 to 1."""
    normal = np.sort(normal)
    below = np.searchsorted(normal, anomalous, side="left")
    up_to = np.searchsorted(normal, anomalous, side="right")
    return float(np.mean(below + up_to) / (2 * len(normal)))
