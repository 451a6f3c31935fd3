"""Keras models compared by what they do, not by how they are written.

A model is observed once: shapes, counts, and its outputs after its weights were set to fixed values.
The value of a weight depends on its shape and on how many weights of that shape came before it, so two
models with the same weights in the same places give the same outputs, whatever classes built them.
Only public attributes are read.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np

from labs.checking.values import Array, Difference, Unusable, difference
from labs.text import _

BATCH = 4
UNKNOWN_SIZE = 32  # stands in for a None axis
FEWEST_COPIES, MOST_COPIES = 32, 512  # of the batch, over which a random training mode is measured
COPIED_VALUES = 2_000_000  # of all copies together, in the layer with most, so that large models stay fast
# Gain of the weights and scale of the inputs: moderate; small, for deep models, whose softmax would else be
# 0 and 1; and large inputs, which tell ReLU from a clipped one.
PROBES = ((1.0, 1.0), (0.3, 1.0), (1.0, 10.0))
MOST_ORDERS = 24  # of layers with equal weight shapes
ROUNDING = 1e-4
STILL = 1e-4  # a spread below this is rounding
SPREAD_RATIO = 1.25  # spreads further apart than this belong to different dropout rates


@dataclass(frozen=True)
class ModelValue:
    """What is known of a model; shapes without the batch axis, outputs float32."""

    input_shapes: tuple
    output_shapes: tuple
    trainable: int
    frozen: int
    weight_shapes: tuple
    outputs: tuple  # inference mode, of all probes
    training_outputs: tuple  # training mode; empty where it is random
    training_spread: float  # mean standard deviation over copies in training mode
    layer_types: tuple
    type_name: str = "Model"

    def difference_from(self, actual, tolerance):
        """The first Difference of another observed model from this one, or None."""
        if not isinstance(actual, ModelValue):
            return Difference(
                "type",
                _("It returns an object of type {type}; expected is a Keras model.").format(
                    type=actual.type_name
                ),
            )
        return (
            _shape_difference(self, actual)
            or _weight_difference(self, actual)
            or _output_difference(self, actual, max(tolerance, ROUNDING))
        )


def read_model(model, like=None):
    """Observe a `keras.Model`: a ModelValue, or Unusable with the reason.

    `like`: a ModelValue whose input shape builds a model that was made without one.
    """
    if not model.built:
        if not isinstance(like, ModelValue):
            return Unusable("Model", _("The model has no input shape: begin it with `keras.Input(shape)`."))
        model(_inputs(like.input_shapes[0])[:1])
    input_shapes = _input_shapes(model, like)
    if not input_shapes:
        return Unusable("Model", _("The model's input shape is unknown: build it with `keras.Input(shape)`."))
    inputs = [_inputs(shape) for shape in input_shapes]
    inputs = inputs[0] if len(inputs) == 1 else inputs
    _outputs(model, inputs, training=False)  # a model written as a class makes its weights now
    outputs = _probe(model, inputs)
    if isinstance(like, ModelValue) and not _close(outputs, like.outputs):
        outputs = _matched(model, inputs, like) or _probe(model, inputs)
    training_outputs, spread = _training_mode(model, inputs)
    return ModelValue(
        input_shapes=input_shapes,
        output_shapes=tuple(output.shape[1:] for output in outputs[: len(outputs) // len(PROBES)]),
        trainable=_count(model.trainable_weights),
        frozen=_count(model.non_trainable_weights),
        weight_shapes=tuple(tuple(weight.shape) for weight in model.weights),
        outputs=outputs,
        training_outputs=training_outputs,
        training_spread=spread,
        layer_types=tuple(type(layer).__name__ for layer in _leaves(model)),
    )


def block_model(block, x, **arguments):
    """The `observe` of an exercise that takes a symbolic tensor and returns one: the model from x to it."""
    import keras

    result = block(x, *arguments.values())
    if isinstance(result, keras.KerasTensor):
        return keras.Model(x, result)
    if result is None:
        return None
    return Unusable(type(result).__name__, _("Return the tensor that the last layer gives."))


def joined_either_way(model):
    """A functional model whose joins of two equal shapes no longer tell which tensor came first.

    The layers are the model's own; Concatenate gets the sum and the product of its tensors in place of the
    two, which are alike in both orders. Any other object is returned as it is.
    """
    import keras

    functional = isinstance(model, keras.Model) and not isinstance(model, keras.Sequential)
    if not functional or not getattr(model, "inputs", None):
        return model

    def call(layer, *args, **kwargs):
        pair = args[0] if args and isinstance(args[0], (list, tuple)) else ()
        if type(layer).__name__ == "Concatenate" and len(pair) == 2 and pair[0].shape == pair[1].shape:
            args = ([pair[0] + pair[1], pair[0] * pair[1]], *args[1:])
        return layer(*args, **kwargs)

    return keras.models.clone_model(model, clone_function=joined_either_way, call_function=call)


def _input_shapes(model, like):
    inputs = getattr(model, "inputs", None)  # a model written as a class has none
    if inputs:
        return tuple(tuple(tensor.shape[1:]) for tensor in inputs)
    return like.input_shapes if isinstance(like, ModelValue) else ()


def _inputs(shape):
    size = [UNKNOWN_SIZE if axis is None else axis for axis in shape]
    return np.random.default_rng(len(size)).normal(size=(BATCH, *size)).astype("float32")


def _probe(model, inputs, order=None):
    """Outputs in inference mode for each probe, one tuple. `order`: the weights, to be set in this order."""
    outputs = ()
    for gain, scale in PROBES:
        _set_weights(model.weights if order is None else order, gain)
        scaled = [scale * one for one in inputs] if isinstance(inputs, list) else scale * inputs
        outputs += _outputs(model, scaled, training=False)
    return outputs


def _matched(model, inputs, like):
    """The outputs with the weights in another order that gives those of `like`, or None.

    Two branches may be written, or added, in either order: layers whose weights have equal shapes change
    places. Equal outputs in any order prove that the models are equal.
    """
    layers = [layer for layer in _leaves(model) if layer.weights]
    shapes = [tuple(tuple(weight.shape) for weight in layer.weights) for layer in layers]
    if sorted(shape for one in shapes for shape in one) != sorted(like.weight_shapes):
        return None
    alike = {}
    for number, shape in enumerate(shapes):
        alike.setdefault(shape, []).append(number)
    if math.prod(math.factorial(len(numbers)) for numbers in alike.values()) > MOST_ORDERS:
        return None
    for choice in itertools.product(*(itertools.permutations(numbers) for numbers in alike.values())):
        place = dict(zip(itertools.chain(*alike.values()), itertools.chain(*choice), strict=True))
        order = [weight for number in range(len(layers)) for weight in layers[place[number]].weights]
        outputs = _probe(model, inputs, order)
        if _close(outputs, like.outputs):
            return outputs
    return None


def _leaves(model):
    """The layers of a model and of the models and layers in it, each once."""
    found = []
    for layer in sublayers(model):
        found += _leaves(layer) if sublayers(layer) else [layer]
    # A Sequential does not list its input.
    return list({id(layer): layer for layer in found if type(layer).__name__ != "InputLayer"}.values())


def sublayers(layer):
    """The layers that a model, or a layer of a student's own class, holds; none where it has weights of its own."""
    import keras

    if hasattr(layer, "layers"):
        return list(layer.layers)
    if type(layer).__module__.startswith("keras."):
        return []
    held = [value for name, value in vars(layer).items() if not name.startswith("_")]
    found = {id(one): one for one in keras.tree.flatten(held) if isinstance(one, keras.layers.Layer)}
    inside = sum(len(one.weights) for one in found.values())
    return list(found.values()) if inside == len(layer.weights) else []


def _close(outputs, others):
    """Whether two tuples of arrays are equal but for rounding."""
    return len(outputs) == len(others) and not any(
        difference(Array(other, "array"), Array(output, "array"), ROUNDING)
        for output, other in zip(outputs, others, strict=True)
    )


def _set_weights(weights, gain):
    seen = {}
    for weight in weights:
        shape = tuple(weight.shape)
        if "float" not in str(weight.dtype):
            continue  # counters and seeds
        seen[shape] = seen.get(shape, 0) + 1
        weight.assign(_weight_values(shape, seen[shape], gain, positive="variance" in weight.name))


def _weight_values(shape, number, gain, positive):
    random = np.random.default_rng([number, *shape])
    if positive:
        return random.uniform(0.5, 2.0, shape)
    fan_in = int(np.prod(shape[:-1])) if len(shape) > 1 else 4
    return gain * random.normal(size=shape) * np.sqrt(2.0 / max(fan_in, 1))


def _outputs(model, inputs, training):
    import keras

    outputs = keras.tree.flatten(model(inputs, training=training))
    return tuple(np.asarray(output, dtype=np.float32) for output in outputs)


def _training_mode(model, inputs):
    """Outputs in training mode where they are fixed, and their spread where dropout makes them random.

    Copies of the batch go through together: they share the batch statistics, and differ by chance alone.
    """
    several = isinstance(inputs, list)
    arrays = inputs if several else [inputs]
    fitting = COPIED_VALUES // (BATCH * _largest_output(model, arrays))
    count = min(max(fitting, FEWEST_COPIES), MOST_COPIES)
    copies = [np.concatenate([one] * count) for one in arrays]
    outputs = _outputs(model, copies if several else copies[0], training=True)
    parts = [output.reshape(count, BATCH, *output.shape[1:]) for output in outputs]
    spread = float(np.mean([part.std(axis=0).mean() for part in parts]))
    if spread < STILL:
        return tuple(part[0] for part in parts), 0.0
    return (), spread


def _largest_output(model, arrays):
    """Values of one example in the layer that makes most of them; of the inputs, where layers do not tell."""
    import keras

    outputs = keras.tree.flatten([getattr(layer, "output", []) for layer in _leaves(model)])
    shapes = [output.shape[1:] for output in outputs] + [one.shape[1:] for one in arrays]
    return max(math.prod(UNKNOWN_SIZE if axis is None else axis for axis in shape) for shape in shapes)


def _count(weights):
    return sum(int(np.prod(weight.shape)) for weight in weights)


def _shape_difference(expected, actual):
    for wanted, given, message in (
        (
            expected.input_shapes,
            actual.input_shapes,
            _("The model takes inputs of shape {actual}; expected is {expected}."),
        ),
        (
            expected.output_shapes,
            actual.output_shapes,
            _("The model gives outputs of shape {actual}; expected is {expected}."),
        ),
    ):
        if wanted != given:
            return Difference("shape", message.format(actual=_shapes(given), expected=_shapes(wanted)))
    return None


def _shapes(shapes):
    return str(shapes[0]) if len(shapes) == 1 else ", ".join(map(str, shapes))


def _weight_difference(expected, actual):
    if expected.trainable != actual.trainable:
        return Difference(
            "value",
            _("The model has {actual:,} trainable parameters; expected are {expected:,}. {detail}").format(
                actual=actual.trainable, expected=expected.trainable, detail=_weight_detail(expected, actual)
            ),
        )
    if expected.frozen != actual.frozen:
        return Difference(
            "value",
            _("The model has {actual:,} parameters that are not trained; expected are {expected:,}.").format(
                actual=actual.frozen, expected=expected.frozen
            ),
        )
    if sorted(expected.weight_shapes) != sorted(actual.weight_shapes):
        return Difference("value", _weight_detail(expected, actual))
    return None


def _weight_detail(expected, actual):
    """Names the first weight whose shape is not as expected."""
    for number, (wanted, given) in enumerate(
        zip(expected.weight_shapes, actual.weight_shapes, strict=False), start=1
    ):
        if wanted != given:
            return _("Weight array {number} has shape {actual}; expected is {expected}.").format(
                number=number, actual=given, expected=wanted
            )
    return _("It has {actual} weight arrays; expected are {expected}.").format(
        actual=len(actual.weight_shapes), expected=len(expected.weight_shapes)
    )


def _output_difference(expected, actual, tolerance):
    for wanted, given in zip(expected.outputs, actual.outputs, strict=True):
        if difference(Array(wanted, "array"), Array(given, "array"), tolerance):
            return Difference(
                "value",
                _(
                    "Shapes and parameter counts are right, but with equal weights and inputs the outputs "
                    "differ. {detail}"
                ).format(detail=_layer_detail(expected, actual)),
            )
    if bool(expected.training_outputs) != bool(actual.training_outputs):
        message = (
            _("In training mode the outputs are random; expected are fixed ones.")
            if expected.training_outputs
            else _("In training mode the outputs are fixed; expected are random ones, as dropout makes them.")
        )
        return Difference("value", message)
    for wanted, given in zip(expected.training_outputs, actual.training_outputs, strict=True):
        if difference(Array(wanted, "array"), Array(given, "array"), tolerance):
            return Difference(
                "value", _("The outputs are right in inference mode, but not in training mode.")
            )
    low, high = sorted([expected.training_spread, actual.training_spread])
    if high > low * SPREAD_RATIO:
        return Difference(
            "value",
            _(
                "In training mode the outputs vary by {actual:.3f}; expected is {expected:.3f}. "
                "Look at the dropout rates."
            ).format(actual=actual.training_spread, expected=expected.training_spread),
        )
    return None


def _layer_detail(expected, actual):
    """Says which kinds of layers differ; only a message, never a verdict."""
    missing = [kind for kind in dict.fromkeys(expected.layer_types) if kind not in actual.layer_types]
    extra = [kind for kind in dict.fromkeys(actual.layer_types) if kind not in expected.layer_types]
    if len(expected.layer_types) == len(actual.layer_types):
        for number, (wanted, given) in enumerate(
            zip(expected.layer_types, actual.layer_types, strict=True), 1
        ):
            if wanted != given:
                return _("Layer {number} is {actual}; expected is {expected}.").format(
                    number=number, actual=given, expected=wanted
                )
    if missing and extra:
        return _("Yours has {extra} where {missing} is expected.").format(
            extra=", ".join(extra), missing=", ".join(missing)
        )
    if missing:
        return _("Yours has no {missing}.").format(missing=", ".join(missing))
    return _("Look at the activations, and at the order of the layers.")
