"""Lesson 11: three seeds of reading the novel and forecasting the sea, and the challenge."""

import keras
import numpy as np

from labs import data, forecasting, sequences
from labs.exercises.recurrent import build_language_model, make_windows
from labs.ngrams import NGramModel
from results.challenge import challenge

SEEDS = range(3)
WINDOW, HORIZON, SEASON = 24, 3, 12


def measure():
    """Bits of the tables once; for each seed bits of the network and the error of the forecaster."""
    text = sequences.one_line(data.text("pride_and_prejudice"))
    vocabulary = sequences.Vocabulary(text)
    ids = vocabulary.encode(text)
    held_out = 9 * len(ids) // 10
    table = NGramModel(ids[:held_out], len(vocabulary), 8).bits(ids, held_out)
    results = {"four_gram_bits": round(table[3], 3), "best_table_bits": round(min(table), 3)}
    results["network_bits"] = [_read(ids, held_out, len(vocabulary), seed) for seed in SEEDS]
    return results | _sea() | challenge("build_korean_model")


def _read(ids, held_out, vocabulary, seed):
    keras.utils.set_random_seed(seed)
    model = build_language_model(vocabulary)
    sequences.train_language_model(
        model, ids[:held_out], 1000, length=32, batch_size=40, rate=1e-2, seed=seed
    )
    return round(sequences.bits_a_symbol(model, ids[held_out:])[0], 3)


def _sea():
    """Mean absolute errors in °C on the last fifth of the months."""
    _months, temperatures = data.series("sea_temperature")
    x, y = make_windows(temperatures, WINDOW, HORIZON)
    first = 8 * len(x) // 10
    past = slice(0, first - HORIZON + 1)
    forecasts = {
        "persistence": forecasting.persistence(x[first:]),
        "seasonal_naive": forecasting.seasonal_naive(x[first:], SEASON, HORIZON),
        "linear": forecasting.linear(x[past], y[past], x[first:]),
    }
    errors = {f"{name}_error": _error(values, y[first:]) for name, values in forecasts.items()}
    errors["forecaster_errors"] = []
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        network = forecasting.Forecaster(WINDOW).fit(x[past], y[past])
        errors["forecaster_errors"].append(_error(network.predict(x[first:]), y[first:]))
    return errors


def _error(values, truths):
    return round(float(np.abs(values - truths).mean()), 3)
