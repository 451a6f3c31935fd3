"""What lesson 11 needs beside the student's language model: symbols, training, measuring, writing."""

import unicodedata
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import ops

from labs.errors import CourseError
from labs.text import _
from labs.training import ProgressBar, endless_batches

STEPS_AT_ONCE = 10  # batches a call: less waiting between them


class Vocabulary:
    """The symbols of a text, sorted, and the integers that stand for them."""

    def __init__(self, text):
        self.symbols = sorted(set(text))
        self._ids = {symbol: number for number, symbol in enumerate(self.symbols)}

    def __len__(self):
        return len(self.symbols)

    def encode(self, text):
        """The integers of a text: int32 array (T,).

        Raises:
            CourseError: a symbol is not in the vocabulary.
        """
        if strange := sorted(set(text) - set(self.symbols)):
            raise CourseError(_("The vocabulary does not hold {symbol!r}.").format(symbol=strange[0]))
        return np.array([self._ids[symbol] for symbol in text], dtype=np.int32)

    def decode(self, ids):
        """The text of integers."""
        return "".join(self.symbols[number] for number in ids)


def load_text(path):
    """The text of a file in UTF-8.

    Raises:
        CourseError: there is no such file, or it is no text.
    """
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CourseError(
            _("{path} cannot be read as text: {error}").format(path=path, error=error)
        ) from None


def one_line(text):
    """A text in lower case on one line, with one space in place of each gap."""
    return " ".join(text.lower().split())


def to_jamo(text):
    """Korean syllables taken apart into their letters, the jamo (Unicode's form NFD): 한 becomes 한."""
    return unicodedata.normalize("NFD", text)


def to_syllables(jamo):
    """Jamo put together to syllables (NFC); one that finds no partner is written as a letter of its own.

    Letters that stand alone have other code points than those within syllables, which few fonts show alone.
    """
    return "".join(_alone(symbol) for symbol in unicodedata.normalize("NFC", jamo))


def _alone(symbol):
    """A jamo as the letter that keyboards write; any other symbol as it is."""
    words = unicodedata.name(symbol, "").split()
    if words[:1] != ["HANGUL"] or words[1] not in ("CHOSEONG", "JUNGSEONG", "JONGSEONG"):
        return symbol
    return unicodedata.lookup(f"HANGUL LETTER {words[2]}")


def text_windows(ids, length, count, seed=0):
    """Stretches of a text from random places, and the same stretches one symbol later.

    Args:
        ids: int array (T,).
        length, count, seed: ints.

    Returns:
        (x, y): two int arrays (count, length); y[:, t] is the symbol after x[:, t].
    """
    starts = np.random.default_rng(seed).integers(len(ids) - length, size=count)
    found = ids[starts[:, None] + np.arange(length + 1)]
    return found[:, :-1], found[:, 1:]


def bits_loss(truths, logits):
    """Cross-entropy of integer truths (N, T) and logits (N, T, V), in bits: one for each symbol (N, T)."""
    return keras.losses.sparse_categorical_crossentropy(truths, logits, from_logits=True) / ops.log(2.0)


def train_language_model(
    model, ids, steps, held_out=None, rounds=1, length=64, batch_size=32, rate=6e-3, seed=0, windows=None
):
    """Compile a language model and fit it to random stretches of a text; the learning rate falls to 0.

    Args:
        model: Keras model from ids (N, T) to logits (N, T, V).
        ids: int array, the text to learn from.
        steps: int, batches in all.
        held_out: int array, another text, measured after each round.
        rounds: int, parts of the training, after each of which it is measured.
        length, batch_size, seed: ints.
        rate: float, the first learning rate.
        windows: (x, y) to train with in place of random stretches.

    Returns:
        dict of lists, one entry a round: "training", bits a symbol, and "held out", where there is such a text.
    """
    schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=steps)
    model.compile(
        keras.optimizers.Adam(schedule, clipnorm=1.0), loss=bits_loss, steps_per_execution=STEPS_AT_ONCE
    )
    x, y = windows or text_windows(ids, length, steps * batch_size, seed)
    curves = {"training": []} | ({} if held_out is None else {"held out": []})

    def measure(_round, logs):
        curves["training"].append(logs["loss"])
        if held_out is not None:
            curves["held out"].append(bits_a_symbol(model, held_out)[0])

    model.fit(
        endless_batches((x, y), batch_size, seed),
        shuffle=False,
        epochs=rounds,
        steps_per_epoch=steps // rounds,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=measure), ProgressBar()],
    )
    return curves


def bits_a_symbol(model, ids, row=200, before=50):
    """Mean bits of a symbol under a language model, and the standard error over rows of the text.

    The text is cut into rows, and each is read with the symbols before it, which do not count.

    Args:
        model: Keras model from ids (N, T) to logits (N, T, V).
        ids: int array (T,), at least before + 2 · row + 1, for two rows.
        row: int, symbols of a row.
        before: int, symbols read before a row.

    Returns:
        (mean, standard error): two floats.
    """
    count = (len(ids) - before - 1) // row
    starts = row * np.arange(count)
    rows = ids[starts[:, None] + np.arange(before + row + 1)]
    logits = model.predict(rows[:, :-1], batch_size=64, verbose=0)
    bits = np.asarray(bits_loss(rows[:, 1:], logits))[:, before:].mean(axis=1)
    return float(bits.mean()), float(bits.std(ddof=1) / np.sqrt(count))


def write(model, vocabulary, prompt, length, temperatures, sample, memory=80, seed=0):
    """Texts that a language model continues symbol by symbol, one for each temperature.

    Args:
        model: Keras model from ids (N, T) to logits (N, T, V).
        vocabulary: Vocabulary.
        prompt: str, where all texts begin.
        length: int, symbols to write.
        temperatures: sequence of floats.
        sample: function of logits (V,), temperature and a random number that returns a symbol's integer.
        memory: int, how many of the latest symbols the model reads for the next one.
        seed: int; all texts get the same random numbers.

    Returns:
        dict temperature → str, without the prompt.
    """
    random = np.random.default_rng(seed)

    @tf.function(input_signature=[tf.TensorSpec([None, None], tf.int32)])
    def last_logits(ids):
        return model(ids, training=False)[:, -1]

    texts = np.tile(vocabulary.encode(prompt), (len(temperatures), 1))
    for _symbol in range(length):
        logits = last_logits(texts[:, -memory:]).numpy()
        number = random.random()
        drawn = [sample(row, heat, number) for row, heat in zip(logits, temperatures, strict=True)]
        texts = np.column_stack([texts, np.array(drawn, dtype=np.int32)])
    return {
        heat: vocabulary.decode(text[len(prompt) :]) for heat, text in zip(temperatures, texts, strict=True)
    }
