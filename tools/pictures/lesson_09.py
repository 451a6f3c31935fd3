"""Lesson 09: digits that the conditional GAN draws, one column a class."""


def draw():
    """Seven rows of the digits 0 to 9, each from other noise."""
    import numpy as np

    from labs import gan, plot
    from labs.exercises.gan import discriminator_loss, generator_loss

    model = gan.ConditionalGAN(discriminator_loss, generator_loss).load()
    noise = np.random.default_rng(9).normal(size=(70, gan.LATENT))
    images = (model.draw(np.arange(70) % gan.CLASSES, noise) + 1) / 2
    return plot.mosaic(images.reshape(7, 10, 28, 28))
