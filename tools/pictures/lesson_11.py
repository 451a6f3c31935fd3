"""Lesson 11: the gates of the lesson's language model while it reads a sentence."""


def draw():
    """Forget gates over the letters of the held-out part's first sentence."""
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
    forget = recurrent.gates(model, vocabulary.encode(sentence))["forget"]
    moving = np.argsort(-forget.std(axis=0))[:18]
    return plot.gates(sentence, {"forget gates of a network that reads a novel": forget[:, moving]})


STEPS = 1000
