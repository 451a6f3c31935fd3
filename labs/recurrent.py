"""Looking into recurrent layers: how far gradients reach, and what gates do."""

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from labs.errors import CourseError
from labs.stored import table
from labs.text import _

INPUTS, SEQUENCES = 16, 16  # numbers of a step, and sequences, of the gradient's measurement


def gradient_by_distance(layer, steps=60, seed=0):
    """How much the last state of a recurrent layer depends on each input before it.

    Half of the squared length of the last state is derived by the inputs, which are standard normal numbers.

    Args:
        layer: Keras recurrent layer that returns its last state; it is built here when it has no weights yet.
        steps: int, length of the sequences.
        seed: int.

    Returns:
        float array (steps,): mean length of the gradient, entry d for the input d steps before the last, divided by
        entry 0.

    Source of the question: Bengio, Simard, Frasconi, "Learning long-term dependencies is difficult", 1994.
    """
    random = np.random.default_rng(seed)
    inputs = tf.constant(random.normal(size=(SEQUENCES, steps, INPUTS)), tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(inputs)
        size = tf.reduce_sum(layer(inputs) ** 2) / 2
    lengths = np.linalg.norm(tape.gradient(size, inputs), axis=-1).mean(axis=0)[::-1]
    return lengths / lengths[0]


def open_forget_gate(layer, bias=5.0):
    """An LSTM layer whose forget gates are open at the start: their biases are set. Returns the layer.

    Source: Gers and others, "Learning to forget", 2000.
    """
    layer.build((None, None, INPUTS))
    kernel, recurrent_kernel, biases = layer.get_weights()
    biases[layer.units : 2 * layer.units] = bias  # the second block is the forget gate
    layer.set_weights([kernel, recurrent_kernel, biases])
    return layer


def gates(model, ids):
    """What the gates of a language model's recurrent layer do while it reads.

    Args:
        model: Keras model, functional or Sequential, from ids (N, T), with such a layer.
        ids: int array (T,).

    Returns:
        dict title → float array (T, units), 0 (closed) to 1 (open): "update gate" and "reset gate" of a GRU;
        "input gate", "forget gate" and "output gate" of an LSTM. A SimpleRNN has none: "state", moved from -1 to 1
        into 0 to 1.

    Raises:
        CourseError: the model has no such layer.
    """
    kinds = (layers.SimpleRNN, layers.LSTM, layers.GRU)
    layer = next((one for one in model.layers if isinstance(one, kinds)), None)
    if layer is None:
        raise CourseError(
            _("This model has no SimpleRNN, LSTM or GRU layer, so there is nothing to look at.")
        )
    read = keras.Model(model.inputs[0], [layer.input, layer.output])
    x, h = (np.asarray(part)[0] for part in read(ids[None], training=False))
    if isinstance(layer, layers.SimpleRNN):
        return {"state": (1 + h) / 2}
    before = np.concatenate(
        [np.zeros((1, layer.units), h.dtype), h[:-1]]
    )  # the state that each step starts from
    kernel, recurrent_kernel, bias = layer.get_weights()
    sums = x @ kernel + before @ recurrent_kernel + np.atleast_2d(bias).sum(axis=0)
    blocks = [1 / (1 + np.exp(-block)) for block in np.split(sums, sums.shape[1] // layer.units, axis=1)]
    if isinstance(layer, layers.GRU):
        return {"update gate": blocks[0], "reset gate": blocks[1]}
    return {"input gate": blocks[0], "forget gate": blocks[1], "output gate": blocks[3]}


def stored_bits():
    """Bits a character of LSTM and GRU on the novel, measured beforehand by tools/measure_recurrent.py.

    Returns:
        dict name of the layer → (weights of the network, float array of one value a seed).
    """
    found = {}
    for row in table("recurrent"):
        found.setdefault(row["layer"], (int(row["weights"]), []))[1].append(float(row["bits"]))
    return {name: (weights, np.array(values)) for name, (weights, values) in found.items()}
