"""What the exercises with freely chosen layers look at: shapes, and outputs for weights that are drawn anew.

The weights that an answer starts with are random. Drawn by seed, they make what is seen of a model the same at
each check.
"""

import math

import numpy as np


def mapping(model, example):
    """The shapes between which a model maps, as text; it is called on the example where it has none."""
    if not model.built:
        model(example)
    if hasattr(model, "input_shape"):
        return f"{tuple(model.input_shape[1:])} to {tuple(model.output_shape[1:])}"
    return f"{tuple(example.shape[1:])} to {tuple(model(example).shape[1:])}"


def draw_weights(model, seed):
    """Give the trainable weights of a model new values, small enough that its signals do not grow."""
    random = np.random.default_rng([seed, 8])
    for weight in model.trainable_weights:
        if len(weight.shape) > 1:
            # Transposed convolutions have their inputs on the last axis, other layers on the one before.
            spread = math.sqrt(2 * min(weight.shape[-2:]) / math.prod(weight.shape))
            weight.assign(random.normal(scale=spread, size=weight.shape))
        else:  # biases and scales
            weight.assign(weight + random.uniform(0, 0.1, weight.shape))


def differ(one, two):
    """Whether two outputs differ by more than rounding."""
    return bool(np.abs(one - two).max() > 1e-6)
