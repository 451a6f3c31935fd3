"""Lesson 11 · One step at a time."""

import unicodedata

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking import language
from labs.checking.drawn import differ, draw_weights, mapping
from labs.checking.language import LanguageModelChallenge
from labs.checking.training import model_mistakes

MODEL_SECONDS = 60.0  # for the networks of all cases: a loaded machine takes its time to build models


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


def _sigmoid(x):
    """The squashing function of the gates."""
    return 1 / (1 + np.exp(-x))


# ------------------------------------------------------------------------------------------ rnn_step


def _rnn_case(examples, inputs, units, seed=0):
    """Arguments of `rnn_step`, all different."""
    return dict(
        x=_random(examples, inputs, seed=seed),
        h=_random(examples, units, seed=seed + 1) / 2,
        w_x=_random(inputs, units, seed=seed + 2),
        w_h=_random(units, units, seed=seed + 3),
        b=_random(units, seed=seed + 4),
    )


@exercise(
    cases=[
        dict(
            x=np.array([[1.0]]),
            h=np.array([[0.5]]),
            w_x=np.array([[0.2]]),
            w_h=np.array([[-0.6]]),
            b=np.array([0.3]),
        ),
        _rnn_case(2, 3, 4),
        _rnn_case(5, 4, 2, seed=10),
        _rnn_case(3, 3, 3, seed=20),
        _rnn_case(1, 2, 5, seed=30),
    ],
    hints=[
        "Two matrix products: what comes in, and what was remembered. Add both, and the bias.",
        "x is (N, D) and w_x is (D, U), so x @ w_x is (N, U). The same goes for h and w_h.",
        "np.tanh of the whole sum is the new state.",
    ],
)
def rnn_step(x, h, w_x, w_h, b):
    """One step of a plain recurrent layer: the new state from an input and the old state.

    new state = tanh(x · w_x + h · w_h + b), with matrix products. The arguments stay unchanged.

    Args:
        x: float array (N, D), the inputs of this step for N sequences.
        h: float array (N, U), the states after the step before.
        w_x: float array (D, U).
        w_h: float array (U, U).
        b: float array (U,).

    Returns:
        float array (N, U), the new states.

    Source: Elman, "Finding structure in time", 1990.
    """
    # BEGIN SOLUTION
    return np.tanh(x @ w_x + h @ w_h + b)
    # END SOLUTION


@rnn_step.mistake("tanh is missing: without it the states have no limit.")
def rnn_without_tanh(x, h, w_x, w_h, b):
    return x @ w_x + h @ w_h + b


@rnn_step.mistake("That is a sigmoid, which is never negative. The plain recurrent layer takes tanh.")
def rnn_with_sigmoid(x, h, w_x, w_h, b):
    return _sigmoid(x @ w_x + h @ w_h + b)


@rnn_step.mistake("That is ReLU. The plain recurrent layer takes tanh, from -1 to 1.")
def rnn_with_relu(x, h, w_x, w_h, b):
    return np.maximum(x @ w_x + h @ w_h + b, 0)


@rnn_step.mistake("The old state is not used: add h @ w_h. Without it the layer has no memory.")
def rnn_without_memory(x, h, w_x, w_h, b):
    return np.tanh(x @ w_x + b)


@rnn_step.mistake("The old state is added as it is. Multiply it by its weights: h @ w_h.")
def rnn_without_recurrent_weights(x, h, w_x, w_h, b):
    return np.tanh(x @ w_x + h + b)


@rnn_step.mistake("The input is not used: add x @ w_x.")
def rnn_without_input(x, h, w_x, w_h, b):
    return np.tanh(h @ w_h + b)


@rnn_step.mistake("The bias is missing.")
def rnn_without_bias(x, h, w_x, w_h, b):
    return np.tanh(x @ w_x + h @ w_h)


@rnn_step.mistake("The bias belongs inside tanh.")
def rnn_bias_outside(x, h, w_x, w_h, b):
    return np.tanh(x @ w_x + h @ w_h) + b


@rnn_step.mistake("tanh is taken of the input's part alone. Take it of the whole sum.")
def rnn_tanh_of_the_input(x, h, w_x, w_h, b):
    return np.tanh(x @ w_x + b) + h @ w_h


@rnn_step.mistake("tanh is taken of each part. Add first, then take tanh of the sum.")
def rnn_two_tanhs(x, h, w_x, w_h, b):
    return np.tanh(x @ w_x) + np.tanh(h @ w_h + b)


@rnn_step.mistake("The old state is added once more at the end. The new state is the tanh alone.")
def rnn_with_shortcut(x, h, w_x, w_h, b):
    return h + np.tanh(x @ w_x + h @ w_h + b)


@rnn_step.mistake("The two weight matrices are exchanged: w_x belongs to x, w_h to h.")
def rnn_weights_exchanged(x, h, w_x, w_h, b):
    return np.tanh(x @ w_h + h @ w_x + b)


@rnn_step.mistake("w_h is transposed. States stand in rows, so it is h @ w_h.")
def rnn_recurrent_transposed(x, h, w_x, w_h, b):
    return np.tanh(x @ w_x + h @ w_h.T + b)


@rnn_step.mistake("* multiplies element by element. The matrix product is @.")
def rnn_elementwise(x, h, w_x, w_h, b):
    return np.tanh(x * w_x + h * w_h + b)


@rnn_step.mistake("One step mixes no sequences: there is a sum over the N rows too much.")
def rnn_summed_over_the_batch(x, h, w_x, w_h, b):
    return np.tanh((x @ w_x + h @ w_h + b).sum(axis=0))


# ----------------------------------------------------------------------------------------- lstm_step


def _lstm_case(examples, inputs, units, seed=0, gates=4, biases=()):
    """Arguments of `lstm_step`, all different; without c for a layer of three gates."""
    case = dict(
        x=_random(examples, inputs, seed=seed),
        h=_random(examples, units, seed=seed + 1) / 2,
        c=_random(examples, units, seed=seed + 2),
        kernel=_random(inputs, gates * units, seed=seed + 3),
        recurrent_kernel=_random(units, gates * units, seed=seed + 4),
        bias=_random(*biases, gates * units, seed=seed + 5),
    )
    if gates == 3:
        del case["c"]
    return case


@exercise(
    cases=[
        _lstm_case(1, 1, 1),
        _lstm_case(2, 3, 4, seed=10),
        _lstm_case(4, 2, 3, seed=20),
        _lstm_case(3, 4, 4, seed=30),
        _lstm_case(1, 5, 2, seed=40),
    ],
    hints=[
        "One matrix product does all four parts: z = x @ kernel + h @ recurrent_kernel + bias has 4·U columns.",
        "np.split(z, 4, axis=-1) gives the parts in the order input gate, forget gate, candidate, output gate. Gates "
        "go through the sigmoid 1 / (1 + np.exp(-z)), the candidate through np.tanh.",
        "c = forget · c + input · candidate; then h = output · np.tanh(c), with the new c.",
    ],
)
def lstm_step(x, h, c, kernel, recurrent_kernel, bias):
    """One step of an LSTM layer: new state and new cell state.

    The four parts are x · kernel + h · recurrent_kernel + bias, cut into blocks of U columns in Keras' order:
    input gate i, forget gate f, candidate, output gate o. Sigmoid makes the gates, tanh the candidate. Then

        c = f * c + i * candidate
        h = o * tanh(c)

    The arguments stay unchanged: c and h above are new arrays.

    Args:
        x: float array (N, D), the inputs of this step.
        h: float array (N, U), the states after the step before.
        c: float array (N, U), the cell states after the step before.
        kernel: float array (D, 4·U).
        recurrent_kernel: float array (U, 4·U).
        bias: float array (4·U,).

    Returns:
        (h, c): two float arrays (N, U), in this order.

    Source: Hochreiter, Schmidhuber, "Long short-term memory", 1997; the forget gate: Gers and others, 2000.
    """
    # BEGIN SOLUTION
    z = x @ kernel + h @ recurrent_kernel + bias
    i, f, candidate, o = np.split(z, 4, axis=-1)

    def sigmoid(values):
        return 1 / (1 + np.exp(-values))

    c = sigmoid(f) * c + sigmoid(i) * np.tanh(candidate)
    h = sigmoid(o) * np.tanh(c)
    return h, c
    # END SOLUTION


def _parts(x, h, kernel, recurrent_kernel, bias):
    """Input gate, forget gate, candidate and output gate, before their functions."""
    return np.split(x @ kernel + h @ recurrent_kernel + bias, 4, axis=-1)


def _lstm_end(i, f, candidate, o, c):
    """h and c from the parts and the old cell state."""
    c = _sigmoid(f) * c + _sigmoid(i) * np.tanh(candidate)
    return _sigmoid(o) * np.tanh(c), c


def _lstm(x, h, c, kernel, recurrent_kernel, bias):
    """The right h and c."""
    return _lstm_end(*_parts(x, h, kernel, recurrent_kernel, bias), c)


@lstm_step.mistake("The last two blocks are exchanged: Keras' order is i, f, candidate, o.")
def order_i_f_o_c(x, h, c, kernel, recurrent_kernel, bias):
    i, f, o, candidate = _parts(x, h, kernel, recurrent_kernel, bias)
    return _lstm_end(i, f, candidate, o, c)


@lstm_step.mistake(
    "Input gate and forget gate are exchanged: the blocks come as i, f, candidate, o, and c = f * c + i * candidate."
)
def order_f_i_c_o(x, h, c, kernel, recurrent_kernel, bias):
    f, i, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    return _lstm_end(i, f, candidate, o, c)


@lstm_step.mistake("The blocks are taken in another order than Keras': i, f, candidate, o.")
def order_f_i_o_c(x, h, c, kernel, recurrent_kernel, bias):
    f, i, o, candidate = _parts(x, h, kernel, recurrent_kernel, bias)
    return _lstm_end(i, f, candidate, o, c)


@lstm_step.mistake(
    "Every fourth column is taken for a part. The parts are blocks of U columns: np.split(z, 4, axis=-1)."
)
def every_fourth_column(x, h, c, kernel, recurrent_kernel, bias):
    z = x @ kernel + h @ recurrent_kernel + bias
    return _lstm_end(z[:, 0::4], z[:, 1::4], z[:, 2::4], z[:, 3::4], c)


@lstm_step.mistake("The new state needs the new cell state. You took tanh of the old one.")
def output_of_the_old_cell(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    new = _sigmoid(f) * c + _sigmoid(i) * np.tanh(candidate)
    return _sigmoid(o) * np.tanh(c), new


@lstm_step.mistake("h = o * tanh(c): the tanh of the cell state is missing.")
def output_without_tanh(x, h, c, kernel, recurrent_kernel, bias):
    _h, c = _lstm(x, h, c, kernel, recurrent_kernel, bias)
    return _sigmoid(_parts(x, h, kernel, recurrent_kernel, bias)[3]) * c, c


@lstm_step.mistake("Both results are right, but exchanged: return h, then c.")
def c_before_h(x, h, c, kernel, recurrent_kernel, bias):
    return _lstm(x, h, c, kernel, recurrent_kernel, bias)[::-1]


@lstm_step.mistake("Return both, h and c: the next step needs the cell state, too.")
def h_alone(x, h, c, kernel, recurrent_kernel, bias):
    return _lstm(x, h, c, kernel, recurrent_kernel, bias)[0]


@lstm_step.mistake(
    "The candidate goes through tanh, not the sigmoid: it must be able to lower the cell state."
)
def candidate_with_sigmoid(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    c = _sigmoid(f) * c + _sigmoid(i) * _sigmoid(candidate)
    return _sigmoid(o) * np.tanh(c), c


@lstm_step.mistake("The candidate is used as it is: take tanh of it.")
def candidate_without_tanh(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    c = _sigmoid(f) * c + _sigmoid(i) * candidate
    return _sigmoid(o) * np.tanh(c), c


@lstm_step.mistake("The gates go through tanh here. A gate lies between 0 (closed) and 1 (open): sigmoid.")
def gates_with_tanh(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = (np.tanh(part) for part in _parts(x, h, kernel, recurrent_kernel, bias))
    c = f * c + i * candidate
    return o * np.tanh(c), c


@lstm_step.mistake("The parts are used as they are. The gates need the sigmoid, the candidate needs tanh.")
def no_functions(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    c = f * c + i * candidate
    return o * np.tanh(c), c


@lstm_step.mistake("1 - f is not in an LSTM: its forget gate tells what is kept. c = f * c + i * candidate.")
def forget_gate_reversed(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    return _lstm_end(i, -f, candidate, o, c)


@lstm_step.mistake(
    "The input gate is missing: c = f * c + i * candidate. 1 - f in its place is the GRU's way."
)
def coupled_gates(x, h, c, kernel, recurrent_kernel, bias):
    _i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    return _lstm_end(-f, f, candidate, o, c)


@lstm_step.mistake(
    "c = f * c + i * candidate, without tanh: only h takes the tanh of it. The belt itself is not squashed."
)
def cell_squashed(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    c = np.tanh(_sigmoid(f) * c + _sigmoid(i) * np.tanh(candidate))
    return _sigmoid(o) * c, c


@lstm_step.mistake("*= and += change the caller's cell state. Write c = f * c + i * candidate.")
def cell_changed_in_place(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    c *= _sigmoid(f)
    c += _sigmoid(i) * np.tanh(candidate)
    return _sigmoid(o) * np.tanh(c), c


@lstm_step.mistake("The bias is missing.")
def lstm_without_bias(x, h, c, kernel, recurrent_kernel, bias):
    return _lstm(x, h, c, kernel, recurrent_kernel, 0 * bias)


@lstm_step.mistake("The old state is not used: add h @ recurrent_kernel.")
def lstm_without_state(x, h, c, kernel, recurrent_kernel, bias):
    return _lstm(x, 0 * h, c, kernel, recurrent_kernel, bias)


@lstm_step.mistake(
    "1 is added to the forget gate's part. Keras puts that 1 into the bias when the layer is made; it is there already."
)
def forget_bias_again(x, h, c, kernel, recurrent_kernel, bias):
    i, f, candidate, o = _parts(x, h, kernel, recurrent_kernel, bias)
    return _lstm_end(i, f + 1, candidate, o, c)


# ----------------------------------------------------------------------------------- lstm_parameters

SIZES = [
    dict(inputs=1, units=1),
    dict(inputs=3, units=5),
    dict(inputs=50, units=128),
    dict(inputs=7, units=2),
    dict(inputs=64, units=64),
]


@exercise(
    cases=SIZES,
    hints=[
        "One part has a matrix for the inputs, a matrix for the old state, and a bias.",
        "Their sizes are inputs × units, units × units and units. How many parts are there?",
        "Three gates and the candidate: 4 · (inputs · units + units · units + units).",
    ],
)
def lstm_parameters(inputs, units):
    """Number of weights of an LSTM layer, biases included.

    Args:
        inputs: int, D, the numbers of one step's input.
        units: int, U, the numbers of the state.

    Returns:
        int, the number that Keras' LSTM layer reports.
    """
    # BEGIN SOLUTION
    return 4 * (inputs * units + units * units + units)
    # END SOLUTION


@lstm_parameters.mistake("There are four parts: three gates and the candidate. You counted the gates alone.")
def three_parts(inputs, units):
    return 3 * (inputs * units + units * units + units)


@lstm_parameters.mistake("That is a plain recurrent layer. An LSTM has four such parts.")
def one_part(inputs, units):
    return inputs * units + units * units + units


@lstm_parameters.mistake("The biases are missing: one for each unit and part.")
def no_biases(inputs, units):
    return 4 * (inputs * units + units * units)


@lstm_parameters.mistake("Each part has a bias of its own, not one for all four.")
def one_bias_for_all(inputs, units):
    return 4 * (inputs * units + units * units) + units


@lstm_parameters.mistake("An LSTM of Keras has one bias a part, not two. Two are the GRU's.")
def lstm_two_biases(inputs, units):
    return 4 * (inputs * units + units * units + 2 * units)


@lstm_parameters.mistake(
    "The weights between the old state and the new one are missing: units · units a part."
)
def no_recurrent_weights(inputs, units):
    return 4 * (inputs * units + units)


@lstm_parameters.mistake("The weights of the inputs are missing: inputs · units a part.")
def no_input_weights(inputs, units):
    return 4 * (units * units + units)


@lstm_parameters.mistake("inputs + units weights lead to each unit, and there are `units` of them: multiply.")
def of_one_unit(inputs, units):
    return 4 * (inputs + units + 1)


@lstm_parameters.mistake(
    "The recurrent matrix is units · units: every unit reads the old state of every unit."
)
def recurrent_diagonal(inputs, units):
    return 4 * (inputs * units + units + units)


@lstm_parameters.mistake("Inputs and units are exchanged: the recurrent matrix is units · units.")
def sizes_exchanged(inputs, units):
    return 4 * (inputs * units + inputs * inputs + inputs)


@lstm_parameters.mistake("The cell state is no weight: it changes at each step. Leave it out.")
def cell_state_counted(inputs, units):
    return 4 * (inputs * units + units * units + units) + units


# ------------------------------------------------------------------------------ build_language_model

DRAWS = 2  # of all weights: with some of them a small network may be silent
PLACES = 7  # symbols of the sequences that are looked at


def _recurrent_sizes(model, units):
    """Whether a weight has the shape of a recurrent kernel of that many units: 1, 3 or 4 blocks."""
    wanted = {(units, blocks * units) for blocks in (1, 3, 4)}
    return any(tuple(weight.shape) in wanted for weight in model.trainable_weights)


def _maps(model, ids, vocabulary):
    """The shapes between which a model maps, as text; a model written as a class has none, so two lengths tell."""
    text = mapping(model, ids)
    if hasattr(model, "input_shape"):
        return text
    shapes = [tuple(model(ids[:, :length]).shape[1:]) for length in (PLACES - 2, PLACES)]
    any_length = shapes == [(PLACES - 2, vocabulary), (PLACES, vocabulary)]
    return f"{(None,)} to {(None, vocabulary)}" if any_length else text


def _language_properties(build, **case):
    """What must hold for a language model, whatever its layers."""
    model = build(*case.values())
    if model is None:
        return None
    if not isinstance(model, keras.Model):
        return {"what is returned": type(model).__name__}
    if isinstance(model, keras.Sequential) and not model.built:
        model.build((None, None))  # else the first call would fix the length
    vocabulary, units = case["vocabulary"], case.get("units", 128)
    random = np.random.default_rng(vocabulary)
    ids = random.integers(vocabulary, size=(3, PLACES))
    ids[0, :2] = 0, vocabulary - 1  # both ends of the vocabulary
    found = {"what is returned": "a Keras model", "the model maps": _maps(model, ids, vocabulary)}
    found["it can be trained"] = bool(model.trainable_weights)
    found["a recurrent layer has the units that are asked for"] = _recurrent_sizes(model, units)
    if found["the model maps"] != f"{(None,)} to {(None, vocabulary)}":
        return found
    return found | _language_behavior(model, ids, vocabulary)


def _steep(model, ids, vocabulary):
    """The outputs when the weights with a row or column for each symbol are large: as large, unless limited."""
    last = [weight for weight in model.trainable_weights if vocabulary in weight.shape]
    before = [weight.numpy() for weight in last]
    for weight in last:
        weight.assign(1000 * weight)
    logits = np.asarray(model(ids, training=False))
    for weight, values in zip(last, before, strict=True):
        weight.assign(values)
    return logits


def _language_behavior(model, ids, vocabulary):
    """The properties that only outputs show."""

    def run(symbols):
        return np.asarray(model(symbols, training=False))

    first_changed, last_but_one_changed = ids.copy(), ids.copy()
    with_zero = ids.copy()
    with_zero[:, 3] = 0
    first_changed[:, 0] = (ids[:, 0] + 1) % vocabulary
    last_but_one_changed[:, -2] = (ids[:, -2] + 1) % vocabulary
    lasting, seen = [], []
    for seed in range(DRAWS):
        draw_weights(model, seed)
        logits, other_first, other_last_but_one = (
            run(one) for one in (ids, first_changed, last_but_one_changed)
        )
        lasting.append(
            {
                "no output depends on later symbols": not language.sees_the_future(model, vocabulary),
                "the same sequence gives the same outputs again": not differ(logits, run(ids)),
                "a sequence's outputs do not depend on the others": not differ(logits[:1], run(ids[:1])),
            }
        )
        after_zero = run(with_zero)
        seen.append(
            {
                "symbol 0 is read like any other": differ(after_zero[:, 3], after_zero[:, 2]),
                "with large weights, logits are large": np.abs(_steep(model, ids, vocabulary)).max() > 20,
                "the outputs are logits: they need not sum to 1": not np.allclose(
                    logits.sum(-1), 1, atol=1e-3
                ),
                "logits can be negative": logits.min() < 0,
                "logits can be positive": logits.max() > 0,
                "an output depends on the symbol of its own step": differ(logits[0, 0], other_first[0, 0]),
                "an output depends on the symbol before": differ(logits[:, -1], other_last_but_one[:, -1]),
                "the last output depends on the first symbol": differ(logits[:, -1], other_first[:, -1]),
            }
        )
    return {name: all(bool(one[name]) for one in lasting) for name in lasting[0]} | {
        name: any(bool(one[name]) for one in seen) for name in seen[0]
    }


@exercise(
    cases=[dict(vocabulary=7, units=5), dict(vocabulary=50, units=16), dict(vocabulary=30)],
    observe=_language_properties,
    seconds=MODEL_SECONDS,
    hints=[
        "Three layers: one turns each integer into a vector, one is recurrent, one gives a number for each symbol.",
        'The input has any length: keras.Input((None,), dtype="int32"). layers.Embedding(vocabulary, 32) makes a vector '
        "of each symbol.",
        "The recurrent layer must answer at every step: layers.GRU(units, return_sequences=True). The last layer is "
        "Dense(vocabulary) without an activation.",
    ],
)
def build_language_model(vocabulary, units=128):
    """A network that reads symbols and gives, after each of them, the logits of the next one.

    Rules: sequences may have any length. No output depends on later symbols. Every output depends on all symbols so
    far; 0 is a symbol like any other, no padding. The outputs are logits, without softmax or any other limit. It has
    a recurrent layer of `units` units. The kind of it (SimpleRNN, LSTM, GRU) and the size of an embedding are free.
    Every layer can be trained; the model does not have to be compiled.

    keras.Input((None,), dtype="int32") leaves the length open. layers.Embedding(vocabulary, 32) turns each integer into a
    trainable vector. A recurrent layer returns its last state; with return_sequences=True it returns all of them.

    Args:
        vocabulary: int, the number of different symbols; they are the integers from 0 to vocabulary - 1.
        units: int, the units of the recurrent layer.

    Returns:
        keras.Model from integers (batch, time) to logits (batch, time, vocabulary).

    Source: Mikolov and others, "Recurrent neural network based language model", 2010.
    """
    # BEGIN SOLUTION
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(vocabulary, 32),
            layers.GRU(units, return_sequences=True),
            layers.Dense(vocabulary),
        ]
    )
    # END SOLUTION


def _language_model(
    vocabulary,
    units=128,
    rows=None,
    time=None,
    activation=None,
    outputs=None,
    recurrent=layers.GRU,
    **options,
):
    """A language model with one thing different, for the mistakes below."""
    return keras.Sequential(
        [
            keras.Input((time,), dtype="int32"),
            layers.Embedding(rows or vocabulary, 8),
            recurrent(units, **({"return_sequences": True} | options)),
            layers.Dense(outputs or vocabulary, activation=activation),
        ]
    )


@build_language_model.mistake(
    "The recurrent layer answers at the last step only. Every step has a next symbol: return_sequences=True."
)
def last_step_alone(vocabulary, units=128):
    return _language_model(vocabulary, units, return_sequences=False)


@build_language_model.mistake("The outputs are probabilities. Logits are asked for: leave out the softmax.")
def with_softmax(vocabulary, units=128):
    return _language_model(vocabulary, units, activation="softmax")


@build_language_model.mistake(
    "Outputs depend on later symbols: the network sees what it is to predict. Each step may use itself and the steps "
    "before; a Bidirectional layer, or one that mixes all steps, uses more."
)
def bidirectional(vocabulary, units=128):
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(vocabulary, 8),
            layers.Bidirectional(layers.GRU(units, return_sequences=True)),
            layers.Dense(vocabulary),
        ]
    )


@build_language_model.mistake(
    "The layer reads backward, from the last symbol to the first: drop go_backwards."
)
def reads_backward(vocabulary, units=128):
    return _language_model(vocabulary, units, go_backwards=True)


@build_language_model.mistake(
    "The length of the sequences is fixed. Any length must do: keras.Input((None,))."
)
def fixed_length(vocabulary, units=128):
    return _language_model(vocabulary, units, time=PLACES)


@build_language_model.mistake("The last layer is missing: Dense(vocabulary), a number for each symbol.")
def no_last_layer(vocabulary, units=128):
    model = _language_model(vocabulary, units)
    return keras.Sequential(model.layers[:-1])


@build_language_model.mistake(
    "The last layer has one number. One for each symbol of the vocabulary is wanted."
)
def one_number(vocabulary, units=128):
    return _language_model(vocabulary, units, outputs=1)


@build_language_model.mistake(
    "There is no recurrent layer: an output knows the symbol of its own step only. That is a bigram model."
)
def no_memory(vocabulary, units=128):
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(vocabulary, units),
            layers.Dense(vocabulary),
        ]
    )


@build_language_model.mistake(
    "No logit is ever negative: relu, sigmoid and softplus see to that. Leave out the activation of the last layer."
)
def relu_logits(vocabulary, units=128):
    return _language_model(vocabulary, units, activation="relu")


@build_language_model.mistake("The argument `units` is not used: the recurrent layer always has 128.")
def units_fixed(vocabulary, units=128):
    return _language_model(vocabulary, 128)


@build_language_model.mistake(
    "The model wants one-hot vectors. It gets integers: begin with layers.Embedding(vocabulary, ...)."
)
def one_hot_wanted(vocabulary, units=128):
    return keras.Sequential(
        [
            keras.Input((None, vocabulary)),
            layers.LSTM(units, return_sequences=True),
            layers.Dense(vocabulary),
        ]
    )


@build_language_model.mistake(
    "The recurrent layer wants a vector at each step and gets an integer: put layers.Embedding before it."
)
def no_embedding(vocabulary, units=128):
    return keras.Sequential(
        [keras.Input((None,)), layers.LSTM(units, return_sequences=True), layers.Dense(vocabulary)]
    )


@build_language_model.mistake("Return the model: a `return` is missing at the end.")
def language_model_not_returned(vocabulary, units=128):
    _language_model(vocabulary, units)


# ------------------------------------------------------------------------- sample_with_temperature


@exercise(
    cases=[
        dict(logits=np.array([0.0, 0.0, 0.0, 0.0]), temperature=1.0, random=0.5),
        dict(logits=np.array([0.0, 0.0, 0.0, 0.0]), temperature=0.7, random=0.0),
        dict(logits=np.array([2.0, 1.0, 0.5, -1.0]), temperature=1.0, random=0.62),
        dict(logits=np.array([2.0, 1.0, 0.5, -1.0]), temperature=0.5, random=0.85),
        dict(logits=np.array([2.0, 1.0, 0.5, -1.0]), temperature=2.0, random=0.75),
        dict(logits=np.array([-1.0, 0.5, 3.0]), temperature=1.5, random=0.2),
        dict(logits=np.array([-1.0, 0.5, 3.0]), temperature=0.5, random=0.01),
        dict(logits=np.array([1000.0, 1001.0, 999.0]), temperature=1.0, random=0.3),
        dict(logits=np.array([1000.0, 1001.0, 999.0]), temperature=0.5, random=0.3),
        dict(logits=np.array([0.0, 0.0, 5000.0]), temperature=1.0, random=0.5),
        dict(logits=np.zeros(1000), temperature=1.0, random=0.5),
        dict(logits=np.array([1.0, 3.0, 2.0, 3.0, 0.0]), temperature=0.8, random=0.55),
        dict(logits=np.array([1.0, 3.0, 2.0, 3.0, 0.0]), temperature=3.0, random=0.97),
        dict(logits=np.array([-1000.0, 0.0]), temperature=1.0, random=0.0),
        dict(logits=_random(12), temperature=1.0, random=0.999),
        dict(logits=3 * _random(12, seed=1), temperature=0.6, random=0.4),
    ],
    hints=[
        "Divide the logits by the temperature, then take softmax. Subtract the largest first: exp cannot overflow then.",
        "np.cumsum of the probabilities rises to 1. Symbol k owns the part of 0 to 1 between the sum before k and the "
        "sum up to k.",
        "The first index at which the sum exceeds the number: np.argmax(np.cumsum(probabilities) > random).",
    ],
)
def sample_with_temperature(logits, temperature, random):
    """Draw a symbol: softmax of logits / temperature, then the symbol to whose share a random number points.

    The shares lie side by side from 0 to 1, symbol 0 first. The answer is the first index at which the cumulative
    probability exceeds `random`. The logits may be large: softmax must not overflow. They stay unchanged.

    Args:
        logits: float array (V,).
        temperature: float above 0; 1 leaves the probabilities as they are.
        random: float, 0 ≤ random < 1, drawn by the caller.

    Returns:
        int, an index of the logits.
    """
    # BEGIN SOLUTION
    scaled = logits / temperature
    weights = np.exp(scaled - np.max(scaled))
    cumulative = np.cumsum(weights / np.sum(weights))
    return int(np.argmax(cumulative > random))
    # END SOLUTION


def _softmax(logits):
    weights = np.exp(logits - np.max(logits))
    return weights / weights.sum()


@sample_with_temperature.mistake(
    "The logits are multiplied by the temperature. Divide: a high one makes shares more equal."
)
def temperature_multiplied(logits, temperature, random):
    return int(np.argmax(np.cumsum(_softmax(logits * temperature)) > random))


@sample_with_temperature.mistake("The temperature is not used: divide the logits by it.")
def temperature_ignored(logits, temperature, random):
    return int(np.argmax(np.cumsum(_softmax(logits)) > random))


@sample_with_temperature.mistake(
    "The largest logit always wins here: that is temperature 0. Draw with `random`."
)
def greedy(logits, temperature, random):
    return int(np.argmax(logits))


@sample_with_temperature.mistake(
    "The temperature divides the probabilities, which then sum to something else than 1. It divides the logits."
)
def probabilities_divided(logits, temperature, random):
    return int(np.argmax(np.cumsum(_softmax(logits) / temperature) > random))


@sample_with_temperature.mistake(
    "Softmax is taken twice: of the logits, and of the probabilities divided by the temperature. Divide the logits."
)
def softmax_twice(logits, temperature, random):
    return int(np.argmax(np.cumsum(_softmax(_softmax(logits) / temperature)) > random))


@sample_with_temperature.mistake(
    "The share begins at its lower end: the cumulative probability must exceed `random`, not only reach it."
)
def reached_is_enough(logits, temperature, random):
    return int(np.argmax(np.cumsum(_softmax(logits / temperature)) >= random))


@sample_with_temperature.mistake(
    "The index is one too low: you count the sums before a symbol, and the share ends at the sum up to it."
)
def one_too_low(logits, temperature, random):
    return max(0, int(np.argmax(np.cumsum(_softmax(logits / temperature)) > random)) - 1)


@sample_with_temperature.mistake("The index is one too high: symbol 0 owns the first share.")
def one_too_high(logits, temperature, random):
    return int(np.argmax(np.cumsum(_softmax(logits / temperature)) > random)) + 1


@sample_with_temperature.mistake(
    "exp overflows for large logits. Subtract the largest before exp; the shares stay."
)
def overflow(logits, temperature, random):
    weights = np.exp(logits / temperature)
    return int(np.argmax(np.cumsum(weights / weights.sum()) > random))


@sample_with_temperature.mistake("The cumulative sum of the logits is no probability. Take softmax first.")
def without_softmax(logits, temperature, random):
    return int(np.argmax(np.cumsum(logits / temperature) > random))


@sample_with_temperature.mistake(
    "The first probability that exceeds `random` is taken. Sum them up first: np.cumsum."
)
def without_cumulative_sum(logits, temperature, random):
    return int(np.argmax(_softmax(logits / temperature) > random))


@sample_with_temperature.mistake(
    "The shares are sorted, largest first. They lie in the order of the symbols."
)
def sorted_shares(logits, temperature, random):
    order = np.argsort(-logits, kind="stable")
    return int(order[np.argmax(np.cumsum(_softmax(logits / temperature)[order]) > random)])


@sample_with_temperature.mistake(
    "That is the index among the sorted shares. They lie in the order of the symbols."
)
def rank_among_the_shares(logits, temperature, random):
    return int(np.argmax(np.cumsum(np.sort(_softmax(logits / temperature))[::-1]) > random))


@sample_with_temperature.mistake(
    "The shares are laid from the last symbol to the first. Symbol 0 begins at 0."
)
def shares_reversed(logits, temperature, random):
    cumulative = np.cumsum(_softmax(logits / temperature)[::-1])
    return len(logits) - 1 - int(np.argmax(cumulative > random))


@sample_with_temperature.mistake("The probability is returned. Wanted is the symbol, an index.")
def probability_returned(logits, temperature, random):
    probabilities = _softmax(logits / temperature)
    return float(probabilities[np.argmax(np.cumsum(probabilities) > random)])


# ---------------------------------------------------------------------------------------- make_windows


@exercise(
    cases=[
        dict(series=np.arange(10.0, 18.0), window=3),
        dict(series=_random(9), window=4, horizon=3),
        dict(series=_random(12, seed=1), window=5, horizon=2),
        dict(series=_random(6, seed=2), window=1),
        dict(series=_random(8, seed=3), window=4, horizon=3),
        dict(series=np.arange(20.0, 0.0, -2.0), window=2, horizon=5),
    ],
    hints=[
        "Window i holds series[i] to series[i + window - 1]. How far after its last value lies the target?",
        "There are len(series) - window - horizon + 1 windows: the last one's target is the last value.",
        "x[i] = series[i : i + window] and y[i] = series[i + window + horizon - 1], in a loop.",
    ],
)
def make_windows(series, window, horizon=1):
    """All windows of a series, and for each the value that is to be predicted.

    Row i of x holds the values i to i + window - 1. Its target lies `horizon` steps after the window's last value:
    y[i] = series[i + window + horizon - 1]. Windows overlap: each begins one step after the one before.

    Args:
        series: float array (T,), oldest value first, T ≥ window + horizon.
        window: int, values in a window, at least 1.
        horizon: int, steps from the last value of a window to its target, at least 1.

    Returns:
        (x, y): float arrays (N, window) and (N,), with N = T - window - horizon + 1.
    """
    # BEGIN SOLUTION
    count = len(series) - window - horizon + 1
    x = np.array([series[start : start + window] for start in range(count)])
    y = np.array(series[window + horizon - 1 :])
    return x, y
    # END SOLUTION


def _all_windows(series, window, horizon):
    """The right windows and targets."""
    count = len(series) - window - horizon + 1
    return series[np.arange(count)[:, None] + np.arange(window)], series[window + horizon - 1 :]


def _windows(series, window, horizon, shift=0):
    """Windows and the values that lie `shift` steps beside their targets."""
    x, _y = _all_windows(series, window, horizon)
    places = np.arange(len(x)) + window + horizon - 1 + shift
    return x, series[np.minimum(places, len(series) - 1)]


@make_windows.mistake(
    "The target is one step too early. With horizon 1 it stands inside the window: the network copies it, and learns nothing."
)
def target_inside(series, window, horizon=1):
    return _windows(series, window, horizon, shift=-1)


@make_windows.mistake("The target is one step too late: horizon 1 is the value right after the window.")
def target_too_late(series, window, horizon=1):
    count = len(series) - window - horizon
    return np.array([series[i : i + window] for i in range(count)]), np.array(series[window + horizon :])


@make_windows.mistake(
    "The targets lie one step too late, and the last one is made up. Horizon 1 is the value after the window."
)
def target_too_late_filled(series, window, horizon=1):
    return _windows(series, window, horizon, shift=1)


@make_windows.mistake("The last window is missing: there are T - window - horizon + 1.")
def last_window_missing(series, window, horizon=1):
    x, y = _all_windows(series, window, horizon)
    return x[:-1], y[:-1]


@make_windows.mistake("The values are scaled. Windows and targets hold the values of the series as they are.")
def values_scaled(series, window, horizon=1):
    return _all_windows((series - series.mean()) / series.std(), window, horizon)


@make_windows.mistake("The horizon is not used: the target is always the value after the window.")
def horizon_ignored(series, window, horizon=1):
    return _all_windows(series, window, 1)


@make_windows.mistake("The horizon is counted from the window's begin. Count from its last value.")
def horizon_from_the_begin(series, window, horizon=1):
    x, _y = _all_windows(series, window, horizon)
    return x, np.array(series[horizon : horizon + len(x)])


@make_windows.mistake("The windows do not overlap here. Each begins one step after the one before.")
def windows_apart(series, window, horizon=1):
    x, y = _all_windows(series, window, horizon)
    return x[::window], y[::window]


@make_windows.mistake(
    "Every target is a whole stretch of values. Wanted is one value, `horizon` steps after the window."
)
def stretches_as_targets(series, window, horizon=1):
    x, _y = _all_windows(series, window, horizon)
    starts = range(window, window + len(x))
    return x, np.array([series[start : start + horizon] for start in starts])


@make_windows.mistake("x and y are exchanged: windows first, then targets.")
def targets_first(series, window, horizon=1):
    return _all_windows(series, window, horizon)[::-1]


@make_windows.mistake("The values of each window run backward. The oldest comes first.")
def windows_backward(series, window, horizon=1):
    x, y = _all_windows(series, window, horizon)
    return x[:, ::-1], y


@make_windows.mistake("x has an axis too many: (N, window) is asked for.")
def windows_with_channel(series, window, horizon=1):
    x, y = _all_windows(series, window, horizon)
    return x[..., None], y


@make_windows.mistake("y has an axis too many: (N,) is asked for, one number a window.")
def targets_with_channel(series, window, horizon=1):
    x, y = _all_windows(series, window, horizon)
    return x, y[:, None]


@make_windows.mistake("Rows and columns of x are exchanged: each row is a window.")
def windows_as_columns(series, window, horizon=1):
    x, y = _all_windows(series, window, horizon)
    return x.T, y


@make_windows.mistake("The windows hold one value too many: `window` of them are asked for.")
def window_too_long(series, window, horizon=1):
    x = [series[i : i + window + 1] for i in range(len(series) - window - horizon + 1)]
    return np.array(x), _all_windows(series, window, horizon)[1]


@make_windows.mistake(
    "The series begins again at its end: targets of the last windows come from the past. Leave those out."
)
def wrapped_around(series, window, horizon=1):
    places = np.arange(len(series))[:, None] + np.arange(window)
    x = series[places % len(series)]
    return x, np.roll(series, -(window + horizon - 1))


# ------------------------------------------------------------------------------------------ gru_step


def _gru_case(examples, inputs, units, seed):
    return _lstm_case(examples, inputs, units, seed, gates=3, biases=(2,))


@exercise(
    cases=[
        _gru_case(1, 1, 1, seed=50),
        _gru_case(2, 3, 4, seed=60),
        _gru_case(4, 2, 3, seed=70),
        _gru_case(3, 4, 4, seed=80),
    ],
    hints=[
        "Compute both products apart: of_x = x @ kernel + bias[0] and of_h = h @ recurrent_kernel + bias[1], then split "
        "each into three.",
        "The gates are the sigmoid of the sum of both parts. The reset gate multiplies the candidate's part of h, with its "
        "bias.",
        "candidate = np.tanh(x_part + r * h_part); the new state is z * h + (1 - z) * candidate.",
    ],
    extra=True,
)
def gru_step(x, h, kernel, recurrent_kernel, bias):
    """One step of a GRU layer, as Keras computes it (`reset_after=True`): the new state.

    x · kernel + bias[0] and h · recurrent_kernel + bias[1] are both cut into blocks of U columns, in the order
    update gate z, reset gate r, candidate. Then

        z = sigmoid(z of x + z of h)
        r = sigmoid(r of x + r of h)
        candidate = tanh(candidate of x + r * candidate of h)
        h = z * h + (1 - z) * candidate

    The arguments stay unchanged: the last h is a new array.

    Args:
        x: float array (N, D), the inputs of this step.
        h: float array (N, U), the states after the step before.
        kernel: float array (D, 3·U).
        recurrent_kernel: float array (U, 3·U).
        bias: float array (2, 3·U), for the inputs and for the states.

    Returns:
        float array (N, U), the new states.

    Source: Cho and others, "Learning phrase representations using RNN encoder-decoder", 2014.
    """
    # BEGIN SOLUTION
    x_z, x_r, x_candidate = np.split(x @ kernel + bias[0], 3, axis=-1)
    h_z, h_r, h_candidate = np.split(h @ recurrent_kernel + bias[1], 3, axis=-1)
    z = 1 / (1 + np.exp(-(x_z + h_z)))
    r = 1 / (1 + np.exp(-(x_r + h_r)))
    candidate = np.tanh(x_candidate + r * h_candidate)
    return z * h + (1 - z) * candidate
    # END SOLUTION


def _gru_parts(x, h, kernel, recurrent_kernel, bias):
    """The three parts of the inputs and the three of the states."""
    return (
        *np.split(x @ kernel + bias[0], 3, axis=-1),
        *np.split(h @ recurrent_kernel + bias[1], 3, axis=-1),
    )


@gru_step.mistake(
    "The update gate is the wrong way round: in Keras z keeps the old state. z * h + (1 - z) * candidate."
)
def update_reversed(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_c, h_z, h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z, candidate = _sigmoid(x_z + h_z), np.tanh(x_c + _sigmoid(x_r + h_r) * h_c)
    return (1 - z) * h + z * candidate


@gru_step.mistake("The first two blocks are exchanged: the update gate z comes first, then the reset gate r.")
def order_r_z(x, h, kernel, recurrent_kernel, bias):
    x_r, x_z, x_c, h_r, h_z, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z = _sigmoid(x_z + h_z)
    return z * h + (1 - z) * np.tanh(x_c + _sigmoid(x_r + h_r) * h_c)


def _gru(x, h, kernel, recurrent_kernel, bias):
    """The right new state."""
    x_z, x_r, x_c, h_z, h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z = _sigmoid(x_z + h_z)
    return z * h + (1 - z) * np.tanh(x_c + _sigmoid(x_r + h_r) * h_c)


@gru_step.mistake(
    "The reset gate multiplies the state before the product: that is reset_after=False. Here it multiplies the product."
)
def reset_before(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_c, h_z, h_r, _h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    units = h.shape[-1]
    h_c = (r * h) @ recurrent_kernel[:, 2 * units :] + bias[1, 2 * units :]
    return z * h + (1 - z) * np.tanh(x_c + h_c)


@gru_step.mistake("Only the first row of the bias is used. The second belongs to the product with the state.")
def first_bias_alone(x, h, kernel, recurrent_kernel, bias):
    return _gru(x, h, kernel, recurrent_kernel, bias * np.array([[1.0], [0.0]]))


@gru_step.mistake(
    "Only the second row of the bias is used. The first belongs to the product with the inputs."
)
def second_bias_alone(x, h, kernel, recurrent_kernel, bias):
    return _gru(x, h, kernel, recurrent_kernel, bias * np.array([[0.0], [1.0]]))


@gru_step.mistake("The bias is missing, both rows of it.")
def gru_without_bias(x, h, kernel, recurrent_kernel, bias):
    return _gru(x, h, kernel, recurrent_kernel, 0 * bias)


@gru_step.mistake("The second bias of the candidate is added outside. The reset gate multiplies it, too.")
def second_bias_outside(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_c, h_z, h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z, r, outside = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r), bias[1, -h.shape[-1] :]
    return z * h + (1 - z) * np.tanh(x_c + r * (h_c - outside) + outside)


@gru_step.mistake("The two rows of the bias are exchanged: bias[0] goes to the inputs, bias[1] to the state.")
def biases_exchanged(x, h, kernel, recurrent_kernel, bias):
    return _gru(x, h, kernel, recurrent_kernel, bias[::-1])


@gru_step.mistake("The reset gate is not used: it multiplies the candidate's part of the state.")
def gru_without_reset(x, h, kernel, recurrent_kernel, bias):
    x_z, _x_r, x_c, h_z, _h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z = _sigmoid(x_z + h_z)
    return z * h + (1 - z) * np.tanh(x_c + h_c)


@gru_step.mistake("The reset gate multiplies the whole candidate. It multiplies the part of the state only.")
def reset_of_both(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_c, h_z, h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * np.tanh(r * (x_c + h_c))


@gru_step.mistake("The candidate goes through tanh, not the sigmoid.")
def gru_candidate_with_sigmoid(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_c, h_z, h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    z, r = _sigmoid(x_z + h_z), _sigmoid(x_r + h_r)
    return z * h + (1 - z) * _sigmoid(x_c + r * h_c)


@gru_step.mistake("The candidate is returned. The new state is z * h + (1 - z) * candidate.")
def candidate_alone(x, h, kernel, recurrent_kernel, bias):
    _x_z, x_r, x_c, _h_z, h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    return np.tanh(x_c + _sigmoid(x_r + h_r) * h_c)


@gru_step.mistake("The factor 1 - z is missing before the candidate.")
def candidate_in_full(x, h, kernel, recurrent_kernel, bias):
    x_z, x_r, x_c, h_z, h_r, h_c = _gru_parts(x, h, kernel, recurrent_kernel, bias)
    return _sigmoid(x_z + h_z) * h + np.tanh(x_c + _sigmoid(x_r + h_r) * h_c)


# ------------------------------------------------------------------------------------- gru_parameters


@exercise(
    cases=SIZES,
    hints=[
        "As for the LSTM: how many parts are there? Then look at the shape of the bias in gru_step.",
        "Two gates and the candidate make three parts. Each has two biases.",
        "3 · (inputs · units + units · units + 2 · units).",
    ],
    extra=True,
)
def gru_parameters(inputs, units):
    """Number of weights of a GRU layer of Keras (`reset_after=True`), biases included.

    Args:
        inputs: int, D, the numbers of one step's input.
        units: int, U, the numbers of the state.

    Returns:
        int, the number that Keras' GRU layer reports.
    """
    # BEGIN SOLUTION
    return 3 * (inputs * units + units * units + 2 * units)
    # END SOLUTION


@gru_parameters.mistake("Keras' GRU has two biases a part: one for the inputs, one for the state.")
def gru_one_bias(inputs, units):
    return 3 * (inputs * units + units * units + units)


@gru_parameters.mistake("That is an LSTM, with four parts. A GRU has three.")
def gru_four_parts(inputs, units):
    return 4 * (inputs * units + units * units + units)


@gru_parameters.mistake("A GRU has three parts, not four: two gates and the candidate.")
def gru_four_parts_two_biases(inputs, units):
    return 4 * (inputs * units + units * units + 2 * units)


@gru_parameters.mistake("The candidate has weights, too: three parts, not two.")
def gru_two_parts(inputs, units):
    return 2 * (inputs * units + units * units + 2 * units)


@gru_parameters.mistake("The biases are missing: two for each unit and part.")
def gru_no_biases(inputs, units):
    return 3 * (inputs * units + units * units)


@gru_parameters.mistake("The weights of the old state are missing: units · units a part.")
def gru_no_recurrent_weights(inputs, units):
    return 3 * (inputs * units + 2 * units)


@gru_parameters.mistake("inputs + units + 2 weights lead to each unit of a part: multiply by `units`.")
def gru_of_one_unit(inputs, units):
    return 3 * (inputs + units + 2)


@gru_parameters.mistake("Inputs and units are exchanged: the recurrent matrix is units · units.")
def gru_sizes_exchanged(inputs, units):
    return 3 * (inputs * units + inputs * inputs + 2 * inputs)


@gru_parameters.mistake("Each part has two biases of its own, not two for all three.")
def gru_biases_for_all(inputs, units):
    return 3 * (inputs * units + units * units) + 2 * units


# ------------------------------------------------------------------------------- bigram_probabilities


@exercise(
    cases=[
        dict(ids=np.array([0, 1, 0, 1, 1, 2, 0]), vocabulary=3),
        dict(ids=np.array([2, 2, 2, 0, 1, 2, 0]), vocabulary=4),
        dict(ids=np.array([0, 1, 2, 3, 0, 2, 1, 3, 0, 1]), vocabulary=5, smoothing=0.1),
        dict(ids=np.array([1, 0, 0, 0, 1, 0, 2]), vocabulary=3, smoothing=2.5),
        dict(ids=np.array([3]), vocabulary=4, smoothing=0.5),
        dict(ids=np.random.default_rng(11).integers(6, size=80), vocabulary=7, smoothing=0.5),
    ],
    hints=[
        "Count the pairs: row = the first symbol, column = the one that follows.",
        "np.add.at(counts, (ids[:-1], ids[1:]), 1) counts all pairs; a loop over neighbors does, too.",
        "Add the smoothing to every count, then divide each row by its own sum (keepdims=True).",
    ],
    extra=True,
)
def bigram_probabilities(ids, vocabulary, smoothing=1.0):
    """How likely each symbol is after each other one, from counts.

    `smoothing` is added to the count of every pair, seen or not, so that no probability is 0. Then each row is
    divided by its sum.

    Args:
        ids: int array (T,), T ≥ 1, symbols from 0 to vocabulary - 1. The pairs are neighbors: T - 1 of them.
        vocabulary: int, V.
        smoothing: float above 0.

    Returns:
        float array (V, V): [i, j] is the probability of j after i. Each row sums to 1.
    """
    # BEGIN SOLUTION
    counts = np.full((vocabulary, vocabulary), smoothing, dtype=float)
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    return counts / counts.sum(axis=1, keepdims=True)
    # END SOLUTION


def _pair_counts(ids, vocabulary):
    counts = np.zeros((vocabulary, vocabulary))
    np.add.at(counts, (ids[:-1], ids[1:]), 1)
    return counts


def _bigrams(ids, vocabulary, smoothing):
    """The right probabilities."""
    counts = _pair_counts(ids, vocabulary) + smoothing
    return counts / counts.sum(axis=1, keepdims=True)


@bigram_probabilities.mistake(
    "Each column sums to 1 here. Row i is what follows i: divide the rows by their sums."
)
def columns_divided(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary) + smoothing
    return counts / counts.sum(axis=0, keepdims=True)


@bigram_probabilities.mistake("Rows and columns are exchanged: [i, j] is j after i.")
def pairs_transposed(ids, vocabulary, smoothing=1.0):
    return _bigrams(ids[::-1], vocabulary, smoothing)


@bigram_probabilities.mistake("The sums of the rows went to the columns: keep the axis with keepdims=True.")
def sums_without_keepdims(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary) + smoothing
    return counts / counts.sum(axis=1)


@bigram_probabilities.mistake("All entries together sum to 1. Each row is a distribution of its own.")
def of_all_pairs(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary) + smoothing
    return counts / counts.sum()


@bigram_probabilities.mistake("The smoothing is missing: pairs that were not seen get probability 0.")
def not_smoothed(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary)
    return counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@bigram_probabilities.mistake("The smoothing is always 1 here. Use the argument.")
def smoothing_ignored(ids, vocabulary, smoothing=1.0):
    return _bigrams(ids, vocabulary, 1.0)


@bigram_probabilities.mistake("The rows are divided by the sums without the smoothing: they do not sum to 1.")
def smoothing_left_out_of_the_sum(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary)
    return (counts + smoothing) / np.maximum(counts.sum(axis=1, keepdims=True), 1)


@bigram_probabilities.mistake(
    "The smoothing is added to the sum of a row once. It stands in every one of its V entries."
)
def smoothing_once_a_row(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary)
    return (counts + smoothing) / (counts.sum(axis=1, keepdims=True) + smoothing)


@bigram_probabilities.mistake(
    "The smoothing is added to the probabilities. Add it to the counts, then divide."
)
def probabilities_smoothed(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary)
    smoothed = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1) + smoothing
    return smoothed / smoothed.sum(axis=1, keepdims=True)


@bigram_probabilities.mistake("Only pairs that were not seen are smoothed. Add the smoothing to every count.")
def only_zeros_smoothed(ids, vocabulary, smoothing=1.0):
    counts = _pair_counts(ids, vocabulary)
    counts[counts == 0] = smoothing
    return counts / counts.sum(axis=1, keepdims=True)


@bigram_probabilities.mistake(
    "The last symbol is followed by the first here. The text ends: there are T - 1 pairs."
)
def text_as_a_ring(ids, vocabulary, smoothing=1.0):
    return _bigrams(np.append(ids, ids[0]), vocabulary, smoothing)


@bigram_probabilities.mistake(
    "A pair that occurs twice counts once: counts[a, b] += 1 with arrays forgets repeats. np.add.at does not."
)
def repeats_forgotten(ids, vocabulary, smoothing=1.0):
    counts = np.full((vocabulary, vocabulary), smoothing, dtype=float)
    counts[ids[:-1], ids[1:]] += 1
    return counts / counts.sum(axis=1, keepdims=True)


@bigram_probabilities.mistake("Counts are returned. Divide each row by its sum.")
def counts_returned(ids, vocabulary, smoothing=1.0):
    return _pair_counts(ids, vocabulary) + smoothing


# ---------------------------------------------------------------------------------------- challenge

JAMO = 75  # different letters, signs and spaces of the constitution
LENGTH = 64  # letters of a training sequence
STRIDE = 8  # letters between the begins of two training sequences
TEST_ROWS = 10


def _korean_letters():
    """Sequences of jamo and the jamo that follow each of theirs: from the first nine tenths, and from the last."""
    text = unicodedata.normalize("NFD", data.text("constitution"))
    symbols = sorted(set(text))
    ids = np.searchsorted(symbols, list(text)).astype("int32")
    held_out = 9 * len(ids) // 10
    starts = np.arange(0, held_out - LENGTH, STRIDE)
    train = ids[starts[:, None] + np.arange(LENGTH + 1)]
    columns = (len(ids) - held_out) // TEST_ROWS
    starts = held_out - 1 + columns * np.arange(TEST_ROWS)
    test = ids[starts[:, None] + np.arange(columns + 1)]
    return (train[:, :-1], train[:, 1:]), (test[:, :-1], test[:, 1:])


@challenge(
    examine=LanguageModelChallenge(
        load=_korean_letters,
        input_shape=(None,),
        vocabulary=JAMO,
        parameters=30_000,
        steps=320,
        batch_size=16,
        asked=-2.4,
    ),
    hints=[
        "Begin with the layers of build_language_model and look at the budget: most parameters stand in the recurrent "
        "kernel. 64 units are a start.",
        "There are only 320 steps. A GRU gets further in them than an LSTM, and dropout costs more than it brings.",
        "Few steps need a large learning rate that falls: keras.optimizers.schedules.CosineDecay(1e-2, "
        "decay_steps=320). clipnorm=1.0 in the optimizer keeps a large gradient in check.",
    ],
)
def build_korean_model():
    """A small language model for Korean, letter by letter.

    The check takes the constitution of the Republic of Korea apart into 75 different jamo, digits and signs. It trains
    your model on nine tenths of it, 320 steps of 16 sequences of 64 letters, with your optimizer and loss. It tests on
    the last tenth. The score is the mean number of bits a character; each jamo is one. You may try again, so the number
    is a target, not an honest test result.

    Returns:
        keras.Model: compiled, integers from 0 to 74 (batch, time) to logits (batch, time, 75), time of any length; no
        output depends on later letters. The loss takes logits: SparseCategoricalCrossentropy(from_logits=True).
        Fewer than 30,000 parameters. At most 2.4 bits a character.
    """
    # BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(75, 24),
            layers.GRU(64, return_sequences=True),
            layers.Dense(75),
        ]
    )
    rate = keras.optimizers.schedules.CosineDecay(1e-2, decay_steps=320)
    model.compile(
        keras.optimizers.Adam(rate, clipnorm=1.0),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    )
    return model
    # END SOLUTION


def _korean_model(units=1, activation=None, loss=None, compiled=True, recurrent=None):
    """The language models of the mistakes below: a memory that is too small for a word."""
    recurrent = recurrent or layers.SimpleRNN(units, return_sequences=True)
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(JAMO, 1),
            recurrent,
            layers.Dense(JAMO, activation=activation),
        ]
    )
    if compiled:
        model.compile("adam", loss=loss or keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


model_mistakes(build_korean_model, _korean_model)


@build_korean_model.mistake(
    "The model must give 75 numbers after each letter of a sequence of any length: is return_sequences=True set, and does "
    "it begin with keras.Input((None,))?"
)
def other_shapes():
    return _korean_model(recurrent=layers.SimpleRNN(1))


@build_korean_model.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters, and count with lstm_parameters."
)
def too_large():
    return _korean_model(recurrent=layers.LSTM(128, return_sequences=True))


@build_korean_model.mistake(
    "Its loss takes logits for probabilities: SparseCategoricalCrossentropy(from_logits=True)."
)
def loss_of_probabilities():
    return _korean_model(loss="sparse_categorical_crossentropy")


@build_korean_model.mistake(
    "It looks ahead: an output depends on later letters. A language model must not, so no Bidirectional layer."
)
def sees_the_future():
    return _korean_model(recurrent=layers.Bidirectional(layers.SimpleRNN(1, return_sequences=True)))


@build_korean_model.mistake("The last layer has a softmax. Leave it out: the loss takes logits.")
def no_logits():
    return _korean_model(activation="softmax")


@build_korean_model.mistake(
    "The targets are integers, not one-hot vectors: SparseCategoricalCrossentropy(from_logits=True)."
)
def loss_for_other_labels():
    return _korean_model(loss=keras.losses.CategoricalCrossentropy(from_logits=True))


# --------------------------------------------------------------------------------------------- quiz

what_markov_drops = quiz(
    "An n-gram model with n = 5 predicts each character from the four before it. What can it not know?",
    options={
        "a": (
            "Which characters are frequent.",
            "Frequencies are what it counts, those after each four characters.",
        ),
        "b": (
            "Whether a quotation mark was opened a line ago.",
            "Everything older than four characters is dropped. A state that is carried along could keep it.",
        ),
        "c": (
            "That u nearly always follows q.",
            "One character back is enough to count that.",
        ),
    },
    right="b",
)

why_unrolled_layers_share = quiz(
    "Unrolled over 100 symbols, a recurrent layer is a network of 100 layers. How many weights does it have, compared with "
    "10 symbols?",
    options={
        "a": (
            "Ten times as many: one set for each step.",
            "Then it could not read a text of another length. All steps share one set.",
        ),
        "b": (
            "The same: every step uses the same weights.",
            "That is why it takes sequences of any length, and why one gradient sums the parts of all steps.",
        ),
        "c": (
            "Fewer: long sequences are compressed.",
            "The state has a fixed size, but nothing about the weights depends on the length.",
        ),
    },
    right="b",
)

why_gradients_vanish = quiz(
    "Why does the gradient of a plain recurrent layer vanish, or explode, over many steps?",
    options={
        "a": (
            "On the way back each step multiplies it by the recurrent weights and the slope of tanh.",
            "It is a product of many factors. Factors below 1 leave nearly nothing, factors above 1 grow without limit.",
        ),
        "b": (
            "The learning rate is too small.",
            "The learning rate multiplies the gradient once, after it was computed.",
        ),
        "c": (
            "Long texts have rare characters.",
            "It happens on random numbers, too. The measurement above used no text.",
        ),
    },
    right="a",
)

what_the_cell_state_does = quiz(
    "How does the cell state of an LSTM help the gradient?",
    options={
        "a": (
            "It is larger than the state.",
            "It has the same size.",
        ),
        "b": (
            "It is carried on by a product with the forget gate alone: where the gate is open, the factor is near 1.",
            "No matrix and no squashing function lie on this way. The gate may learn when to keep and when to drop.",
        ),
        "c": (
            "It is not trained, so no gradient flows through it.",
            "The gradient flows through it; that is the point.",
        ),
    },
    right="b",
)

low_temperature = quiz(
    "You write text with a temperature of 0.2. What is to be expected?",
    options={
        "a": (
            "Common words, again and again.",
            "Small logits lose nearly all their share. What is likely comes nearly always, so the text runs in circles.",
        ),
        "b": (
            "Many misspelled words.",
            "That is a high temperature: unlikely characters get a share.",
        ),
        "c": (
            "The text of the novel, word by word.",
            "The network has not stored the novel: it predicts what is likely after what came.",
        ),
    },
    right="a",
)

why_random_splits_leak = quiz(
    "Windows of a series overlap. Why must they not be split at random into training and test?",
    options={
        "a": (
            "The parts would have different sizes.",
            "The sizes can be the same either way.",
        ),
        "b": (
            "Most values of a test window, and its target, stand in training windows.",
            "The test asks what was seen. In use the future is unknown. A split in time asks the same question as use does.",
        ),
        "c": (
            "The network would learn the order of the windows.",
            "Windows are shuffled in training anyway. What counts is which values are in them.",
        ),
    },
    right="b",
)

loss_too_good = quiz(
    "Each training window was seen once. The loss falls to nearly 0 within a hundred steps. What do you suspect first?",
    options={
        "a": (
            "The network is very good.",
            "A text has surprises: no reader guesses every next character. Nearly 0 is impossible.",
        ),
        "b": (
            "The target is in the input: not shifted by one, or the network looks ahead.",
            "Copying is learned at once. Print the first characters of input and target side by side. On held-out text an "
            "even guess among 50 characters costs 5.6 bits; this network is sure and wrong, and pays more.",
        ),
        "c": (
            "The network overfits.",
            "Nothing was seen twice, so nothing could be learned by heart.",
        ),
    },
    right="b",
)
