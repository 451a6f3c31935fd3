"""Measure LSTM against GRU with nearly equal numbers of weights: `python tools/measure_recurrent.py`.

It trains language models of lesson 11 on the novel, each kind with several seeds, and writes
labs/results/recurrent.csv.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import labs

SEEDS = range(3)
STEPS = 500
UNITS = {"LSTM": 96, "GRU": 112}


def main():
    """Train, measure, write; one line a network."""
    labs.start()
    from labs.stored import write_table

    write_table("recurrent", ["layer", "weights", "seed", "bits"], measured())


def measured():
    """One row a network: its kind, its weights, the seed, and bits a character of the held-out tenth."""
    import keras

    from labs import data, sequences

    text = sequences.one_line(data.text("pride_and_prejudice"))
    vocabulary = sequences.Vocabulary(text)
    ids = vocabulary.encode(text)
    held_out = 9 * len(ids) // 10
    for seed in SEEDS:
        for name, units in UNITS.items():
            keras.utils.set_random_seed(seed)
            model = language_model(keras, len(vocabulary), name, units)
            sequences.train_language_model(model, ids[:held_out], STEPS, seed=seed)
            bits, _error = sequences.bits_a_symbol(model, ids[held_out:])
            yield name, model.count_params(), seed, f"{bits:.4f}"


def language_model(keras, vocabulary, name, units):
    """A network as that of `build_language_model`, with the recurrent layer of that name."""
    return keras.Sequential(
        [
            keras.Input((None,), dtype="int32"),
            keras.layers.Embedding(vocabulary, 32),
            getattr(keras.layers, name)(units, return_sequences=True),
            keras.layers.Dense(vocabulary),
        ]
    )


if __name__ == "__main__":
    main()
