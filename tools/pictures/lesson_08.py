"""Lesson 08: a walk over the plane of codes of the lesson's variational autoencoder."""


def draw():
    """Digits on a grid of codes, from -2 to 2 in both numbers."""
    import numpy as np

    from labs import autoencoder, plot
    from labs.exercises.autoencoder import kl_divergence, reparameterize

    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence).load()
    across, up = np.meshgrid(np.linspace(-2, 2, 18), np.linspace(2, -2, 10))
    codes = np.stack([across.ravel(), up.ravel()], axis=1)
    return plot.mosaic(model.images(codes).reshape(10, 18, 28, 28))
