"""Lesson 11: the gates of the lesson's language model while it reads a sentence."""

STEPS = 600  # enough to see gates move


def draw():
    """Update gates over the letters of the held-out part's first sentence."""
    import keras
    import numpy as np

    from labs import data, plot, recurrent, sequences
    from labs.exercises.recurrent import build_language_model

    text = sequences.one_line(data.text("pride_and_prejudice"))
    vocabulary = sequences.Vocabulary(text)
    ids = vocabulary.encode(text)
    held_out = 9 * len(ids) // 10
    keras.utils.set_random_seed(11)
    model = build_language_model(len(vocabulary))
    sequences.train_language_model(model, ids[:held_out], steps=STEPS)
    begin = text.index(". ", held_out) + 2
    sentence = text[begin : begin + 48]
    update = recurrent.gates(model, vocabulary.encode(sentence))["update gate"]
    moving = np.argsort(-update.std(axis=0))[:18]
    return plot.gates(sentence, {"update gates of a network that reads a novel": update[:, moving]})
