"""Looking at networks without training them."""

from concurrent.futures import ThreadPoolExecutor

import keras
import tensorflow as tf


def blueprint(build, *arguments, **options):
    """A model whose weights have shapes but no values: to be counted, not to be run.

    VGG-16's numbers alone would fill half a gigabyte; without them the model is there at once.

    Args:
        build: function that returns a Keras model, called with the other arguments.
    """
    # In a thread of its own: Keras keeps a list of weights without values for each thread, and would fill them
    # all in, gigabytes of them, at the next layer whose output it works out.
    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(_build_without_values, build, arguments, options).result()


def _build_without_values(build, arguments, options):
    with keras.StatelessScope(initialize_variables=False):
        return build(*arguments, **options)


def gradient_norms(model, images, labels):
    """Length of the loss's gradient for the kernel of each convolution, from the input to the output.

    One step of a classifier in training mode; nothing is changed but the counts of batch normalization.

    Args:
        model: Keras model from images to probabilities.
        images, labels: arrays of one batch, labels as integers.

    Returns:
        list of floats, in the order of `model.layers`.
    """
    kernels = [layer.kernel.value for layer in model.layers if isinstance(layer, keras.layers.Conv2D)]
    with tf.GradientTape() as tape:
        probabilities = model(images, training=True)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, probabilities))
    return [float(tf.norm(gradient)) for gradient in tape.gradient(loss, kernels)]
