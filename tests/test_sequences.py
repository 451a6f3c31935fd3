"""What lesson 11 takes from labs: n-grams, texts, language models, gates, forecasts."""

import keras
import numpy as np
import pytest
from keras import layers

from labs import data, forecasting, recurrent, sequences
from labs.check import grade
from labs.checking.language import LanguageModelChallenge, expects_probabilities, sees_the_future
from labs.errors import CourseError
from labs.exercises.recurrent import bigram_probabilities, gru_step, lstm_step, rnn_step
from labs.ngrams import NGramModel, share_of_new

IDS = np.random.default_rng(0).integers(4, size=300)


def witten_bell(ids, vocabulary, context, symbol):
    """The probability by the formula, with loops."""
    if context is None:
        return 1 / vocabulary
    followers = [
        ids[place + len(context)]
        for place in range(len(ids) - len(context))
        if tuple(ids[place : place + len(context)]) == tuple(context)
    ]
    shorter = witten_bell(ids, vocabulary, context[1:] if len(context) else None, symbol)
    if not followers:
        return shorter
    kinds = len(set(followers))
    return (followers.count(symbol) + kinds * shorter) / (len(followers) + kinds)


def test_ngrams_are_witten_bells():
    model = NGramModel(IDS, 5, 3)  # symbol 4 was never seen
    for context in ([0, 1], [3, 3], [4, 0], [2, 4]):
        wanted = [witten_bell(list(IDS), 5, context, symbol) for symbol in range(5)]
        assert model.probabilities(context) == pytest.approx(wanted)
        assert sum(wanted) == pytest.approx(1)


def test_bits_of_ngrams_are_those_of_their_probabilities():
    model = NGramModel(IDS[:200], 4, 3)
    one_by_one = [-np.log2(model.probabilities(IDS[:place])[IDS[place]]) for place in range(200, 300)]
    assert model.bits(IDS, 200)[-1] == pytest.approx(np.mean(one_by_one))
    assert len(model.bits(IDS, 200)) == 3
    assert model.entries()[0] == 4


def test_the_curve_of_the_novel():
    text = sequences.one_line(data.text())
    vocabulary = sequences.Vocabulary(text)
    ids = vocabulary.encode(text)
    model = NGramModel(ids[: 9 * len(ids) // 10], len(vocabulary), 8)
    bits = model.bits(ids, 9 * len(ids) // 10)
    assert bits[1:] == pytest.approx([3.43, 2.65, 2.06, 1.80, 1.75, 1.81, 1.92], abs=0.01)
    assert model.entries()[5] == pytest.approx(117_000, rel=0.001)
    written = model.write(vocabulary, "it is a truth ", 30)
    assert len(written) == 30 and written == model.write(vocabulary, "it is a truth ", 30)


def test_share_of_new_windows():
    assert share_of_new("banana", "anan", 2) == 0
    assert share_of_new("banana", "anaba", 3) == pytest.approx(2 / 3)  # nab and aba


def test_ngrams_that_do_not_fit_are_refused():
    with pytest.raises(CourseError, match="Order 11 is too large for 75 symbols"):
        NGramModel(IDS, 75, 11)


def test_vocabulary():
    vocabulary = sequences.Vocabulary("banana")
    assert (len(vocabulary), vocabulary.symbols) == (3, ["a", "b", "n"])
    assert vocabulary.encode("nab").tolist() == [2, 0, 1]
    assert vocabulary.decode(vocabulary.encode("banana")) == "banana"
    with pytest.raises(CourseError, match="does not hold 'x'"):
        vocabulary.encode("bax")


def test_one_line():
    assert sequences.one_line("A truth\n\n  universally ") == "a truth universally"


def test_load_text(tmp_path):
    (tmp_path / "own.txt").write_text("한글\n", encoding="utf-8")
    assert sequences.load_text(tmp_path / "own.txt") == "한글\n"
    (tmp_path / "own.txt").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "own.txt", tmp_path / "none.txt"):
        with pytest.raises(CourseError, match="cannot be read as text"):
            sequences.load_text(path)


def test_jamo_and_back():
    law = data.text("constitution")
    jamo = sequences.to_jamo(law)
    assert len(jamo) == 38_172
    assert sequences.to_syllables(jamo) == law
    assert sequences.to_syllables(sequences.to_jamo("한")[0]) == "ㅎ"
    assert sequences.to_syllables(sequences.to_jamo("한")[1:]) == "ㅏㄴ"
    assert sequences.to_syllables("제1조 ①") == "제1조 ①"


def test_text_windows_are_shifted_by_one():
    x, y = sequences.text_windows(np.arange(50), 8, 200, seed=1)
    assert x.shape == y.shape == (200, 8)
    assert np.array_equal(x + 1, y)
    assert (x.min(), y.max()) == (0, 49)  # every place can be drawn
    assert np.array_equal(x, sequences.text_windows(np.arange(50), 8, 200, seed=1)[0])


@pytest.fixture(scope="module")
def trained():
    """A language model of a text that repeats three symbols, and what its training told."""
    ids = np.tile([0, 1, 2], 200)
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(4, 4),
            layers.LSTM(8, return_sequences=True),
            layers.Dense(4),
        ]
    )
    curves = sequences.train_language_model(model, ids, 60, ids, rounds=3, length=12, batch_size=8, rate=3e-2)
    return model, curves


def test_a_language_model_learns(trained):
    model, curves = trained
    assert {name: len(values) for name, values in curves.items()} == {"training": 3, "held out": 3}
    assert curves["training"][0] > 0.5 > curves["training"][-1]
    bits, error = sequences.bits_a_symbol(model, np.tile([0, 1, 2], 200))
    assert bits == pytest.approx(curves["held out"][-1]) and 0 <= error < bits < 0.5


def test_bits_of_a_model_without_a_preference():
    model = keras.Sequential(
        [keras.Input((None,), dtype="int32"), layers.Embedding(8, 8, embeddings_initializer="zeros")]
    )
    assert sequences.bits_a_symbol(model, np.arange(600) % 8) == pytest.approx((3, 0), abs=1e-6)


def test_writing(trained):
    model, _curves = trained
    vocabulary = sequences.Vocabulary("abcd")

    def likeliest(logits, temperature, random):
        assert 0 <= random < 1 and temperature in (0.5, 1.0)
        return int(np.argmax(logits))

    texts = sequences.write(model, vocabulary, "ab", 7, (0.5, 1.0), likeliest)
    assert texts == {0.5: "cabcabc", 1.0: "cabcabc"}


INPUTS = np.random.default_rng(1).normal(size=(2, 7, 3)).astype("float32")


def test_steps_equal_the_layers_of_keras():
    x = INPUTS.swapaxes(0, 1)
    for layer, step in ((layers.SimpleRNN(5), rnn_step), (layers.GRU(5), gru_step)):
        wanted, state = layer(INPUTS), np.zeros((2, 5))
        for one in x:
            state = step(one, state, *layer.get_weights())
        assert np.abs(state - wanted).max() < 1e-5
    layer = layers.LSTM(5)
    wanted, h, c = layer(INPUTS), np.zeros((2, 5)), np.zeros((2, 5))
    for one in x:
        h, c = lstm_step(one, h, c, *layer.get_weights())
    assert np.abs(h - wanted).max() < 1e-5


def test_a_bigram_model_is_a_matrix():
    counted = bigram_probabilities(IDS, 4, smoothing=1e-9)
    after_two = IDS[1:][IDS[:-1] == 2]
    assert counted[2] == pytest.approx(np.bincount(after_two, minlength=4) / len(after_two))


def test_gradients_vanish_explode_and_stay():
    keras.utils.set_random_seed(11)
    doubled = layers.SimpleRNN(64, recurrent_initializer=keras.initializers.Orthogonal(2.0))
    plain, exploding, opened = (
        recurrent.gradient_by_distance(layer)
        for layer in (layers.SimpleRNN(64), doubled, recurrent.open_forget_gate(layers.LSTM(64)))
    )
    assert plain[0] == exploding[0] == opened[0] == 1 and len(plain) == 60
    assert plain[-1] < 1e-5 and exploding[-1] > 10 and opened[-1] > 0.1


def test_gates_are_those_of_the_layer():
    ids = np.array([3, 1, 0, 2, 2])
    inputs = keras.Input((None,), dtype="int32")
    x = layers.Embedding(4, 3)(inputs)
    lstm = layers.LSTM(5, return_sequences=True)
    model = keras.Model(inputs, layers.Dense(4)(lstm(x)))
    found = recurrent.gates(model, ids)
    assert {name: values.shape for name, values in found.items()} == dict.fromkeys(
        ("input gate", "forget gate", "output gate"), (5, 5)
    )
    # From the gates alone: the output gate times tanh(c) is the state.
    kernel, recurrent_kernel, bias = lstm.get_weights()
    h, c = np.zeros((1, 5)), np.zeros((1, 5))
    for time, vector in enumerate(np.asarray(model.layers[1](ids))):
        candidate = np.tanh(np.split(vector @ kernel + h @ recurrent_kernel + bias, 4, axis=1)[2])
        c = found["forget gate"][time] * c + found["input gate"][time] * candidate
        h = found["output gate"][time] * np.tanh(c)
    states = keras.Model(inputs, lstm.output)(ids[None])
    assert np.abs(h - states[0, -1]).max() < 1e-5


def test_gates_of_a_gru_and_of_none():
    def reader(layer):
        return keras.Sequential([keras.Input((None,), dtype="int32"), layers.Embedding(4, 3), layer])

    found = recurrent.gates(reader(layers.GRU(5, return_sequences=True)), IDS[:6])
    assert found.keys() == {"update gate", "reset gate"} and found["reset gate"].shape == (6, 5)
    found = recurrent.gates(reader(layers.SimpleRNN(5, return_sequences=True)), IDS[:6])
    assert found["state"].shape == (6, 5) and found["state"].min() >= 0 and found["state"].max() <= 1
    with pytest.raises(CourseError, match="there is nothing to look at"):
        recurrent.gates(reader(layers.Dense(5)), IDS[:6])


def test_stored_measurements_compare_equal_sizes():
    stored = recurrent.stored_bits()
    assert stored.keys() == {"LSTM", "GRU"}
    (lstm_weights, lstm_bits), (gru_weights, gru_bits) = stored.values()
    assert abs(lstm_weights / gru_weights - 1) < 0.01
    assert len(lstm_bits) == len(gru_bits) >= 3 and 1.5 < gru_bits.min() < lstm_bits.max() < 3


def test_naive_forecasts():
    series = np.arange(40.0)
    windows = series[:20, None] + np.arange(12)  # window i ends with i + 11
    assert np.array_equal(forecasting.persistence(windows), series[:20] + 11)
    # Three steps after i + 11 minus a season of twelve.
    assert np.array_equal(forecasting.seasonal_naive(windows, 12, 3), series[:20] + 2)
    assert np.array_equal(forecasting.seasonal_naive(windows, 12), series[:20])


def test_linear_and_nearest_forecasts():
    random = np.random.default_rng(3)
    windows = random.normal(size=(30, 4))
    targets = windows @ [1.0, -2.0, 0.5, 3.0] + 7
    new = random.normal(size=(5, 4))
    assert forecasting.linear(windows, targets, new) == pytest.approx(new @ [1.0, -2.0, 0.5, 3.0] + 7)
    assert np.array_equal(forecasting.nearest(windows, targets, windows[:5] + 1e-6), targets[:5])


def test_gaps_are_filled_with_the_past():
    gaps = np.array([1.0, np.nan, np.nan, 4.0, np.nan])
    assert forecasting.filled(gaps).tolist() == [1, 1, 1, 4, 4]


def test_mean_absolute_error():
    truths = np.zeros(26)
    error, standard_error = forecasting.mean_absolute_error(
        np.r_[np.ones(12), -3 * np.ones(12), 2, 2], truths
    )
    assert error == pytest.approx(2.0) and standard_error == pytest.approx(1.0)


def test_a_forecaster_learns_a_wave_in_its_own_units():
    keras.utils.set_random_seed(0)
    wave = 20 + 3 * np.sin(np.arange(140) * 2 * np.pi / 12)
    windows = wave[np.arange(120)[:, None] + np.arange(12)]
    network = forecasting.Forecaster(12, layers.GRU, units=8).fit(windows[:90], wave[12:102], epochs=40)
    error, _standard_error = forecasting.mean_absolute_error(network.predict(windows[90:]), wave[102:132])
    assert error < 1.0


# The challenge.


def test_a_loss_of_probabilities_is_noticed():
    losses = keras.losses
    assert expects_probabilities("sparse_categorical_crossentropy")
    assert expects_probabilities(losses.SparseCategoricalCrossentropy())
    assert not expects_probabilities(losses.SparseCategoricalCrossentropy(from_logits=True))
    assert not expects_probabilities(sequences.bits_loss)
    assert not expects_probabilities("mean_squared_error")


@pytest.mark.parametrize("padding", ["causal", "same"])
def test_looking_ahead_is_noticed(padding):
    model = keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            layers.Embedding(6, 4),
            layers.Conv1D(6, 3, padding=padding),
        ]
    )
    assert sees_the_future(model, 6) == (padding == "same")


def test_score_is_minus_the_bits():
    challenge = LanguageModelChallenge(
        load=None,
        input_shape=(None,),
        vocabulary=4,
        parameters=10,
        steps=1,
        batch_size=1,
        asked=-1.5,
    )
    truths = np.array([[0, 1, 3]])
    assert challenge.score(np.zeros((1, 3, 4)), truths) == pytest.approx(-2)
    sure = np.where(np.eye(4)[truths] == 1, 1000.0, 0.0)
    assert challenge.score(sure, truths) == pytest.approx(0)
    assert challenge.output_shape == (None, 4)
    assert challenge.missed(challenge.found(9, -1.75)) == (
        "9 parameters, 1.750 bits a character after 1 steps; asked for are 1.500 or less."
    )
    assert challenge.look(np.full((2, 3, 4), 0.25)).requirement == "no_logits"
    assert challenge.look(np.zeros((2, 3, 4))) is None


# ------------------------------------------------------------------ unusual answers to the exercises


def _reader(*parts):
    """A builder of Sequential models from functions of (vocabulary, units)."""
    return lambda vocabulary, units=128: keras.Sequential([part(vocabulary, units) for part in parts])


def _vectors(vocabulary, _units):
    return layers.Embedding(vocabulary, 24)


def _vectors_without_zero(vocabulary, _units):
    return layers.Embedding(vocabulary, 24, mask_zero=True)


def _lstm(_vocabulary, units):
    return layers.LSTM(units, return_sequences=True)


def _logits(vocabulary, _units):
    return layers.Dense(vocabulary)


def _limited(vocabulary, _units):
    return layers.Dense(vocabulary, activation="tanh")


def test_a_language_model_that_names_no_input_passes():
    result = grade("build_language_model", _reader(_vectors, _lstm, _logits))
    assert result.status == "passed", result.message


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (_reader(_vectors_without_zero, _lstm, _logits), "symbol 0 is read like any other"),
        (_reader(_vectors, _lstm, _limited), "with large weights, logits are large"),
    ],
    ids=["symbol 0 masked", "limited"],
)
def test_a_language_model_that_skips_a_symbol_or_is_limited_is_wrong(build, sentence):
    result = grade("build_language_model", build)
    assert result.status == "wrong" and sentence in result.message


@pytest.mark.parametrize("shifted", [np.max, np.mean])
def test_softmax_that_overflows_is_wrong(shifted):
    def draw(logits, temperature, random):
        scaled = logits / temperature
        weights = np.exp(scaled - shifted(logits if shifted is np.max else scaled))
        return int(np.argmax(np.cumsum(weights / weights.sum()) > random))

    assert grade("sample_with_temperature", draw).status == "wrong"
