"""Lesson 08: a walk over the plane of codes of the lesson's variational autoencoder."""


def draw():
    """Digits on a grid of codes, from -2 to 2 in both numbers."""
    import keras
    import numpy as np

    from labs import autoencoder, data, plot
    from labs.exercises.autoencoder import kl_divergence, reparameterize

    (images, _labels), _test = data.mnist()
    flat = images.reshape(-1, 784)[:30_000] / np.float32(255)
    keras.utils.set_random_seed(8)
    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence)
    autoencoder.train_variational(model, flat, epochs=6, batch_size=128, rate=2e-3)
    across, up = np.meshgrid(np.linspace(-2, 2, 18), np.linspace(2, -2, 10))
    codes = np.stack([across.ravel(), up.ravel()], axis=1)
    return plot.mosaic(model.images(codes).reshape(10, 18, 28, 28))
