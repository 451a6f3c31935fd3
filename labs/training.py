"""What surrounds a call of `fit`: one progress bar, and batches in a fixed order."""

import math
import time

import keras
import numpy as np
import tensorflow as tf

from labs.display import Bar
from labs.text import _

REDRAW = 0.2  # seconds between two drawings of a bar


class BuildOptimizer(keras.callbacks.Callback):
    """Makes the optimizer's variables before the first step, so that TensorFlow traces the step once, not twice.

    A function that makes variables while it is traced is traced again without them (`tf.function`). So `compile` has to
    get metrics as objects, too: one named by a string is made in the first step. A model whose weights are made by its
    first batch is left alone, and one whose own `train_step` brings its own optimizers.
    """

    def on_train_begin(self, logs=None):
        steps_as_usual = type(self.model).train_step is keras.Model.train_step
        if steps_as_usual and self.model.built and not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)


class ProgressBar(BuildOptimizer):
    """One bar over all epochs, in place of Keras' line for each: `fit(..., verbose=0, callbacks=[ProgressBar()])`."""

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.bar = Bar(_("training"))
        self.begin = self.drawn = time.perf_counter()
        self.epoch = 0
        self.note = ""
        self.bar.show(0.0)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_end(self, batch, logs=None):
        now = time.perf_counter()
        if now - self.drawn > REDRAW:
            self.drawn = now
            done = self.epoch + (batch + 1) / (self.params["steps"] or np.inf)
            self.bar.show(done / self.params["epochs"], self.note)

    def on_epoch_end(self, epoch, logs=None):
        shown = {name: value for name, value in (logs or {}).items() if name != "learning_rate"}
        self.note = "  ".join(f"{name} {value:.3f}" for name, value in shown.items())

    def on_train_end(self, logs=None):
        seconds = _("{seconds:.0f} s").format(seconds=time.perf_counter() - self.begin)
        self.bar.show(1.0, f"{self.note}  {seconds}")


class EpochBar(BuildOptimizer):
    """One bar that moves on after each epoch and tells no losses, for several networks at once."""

    def __init__(self, epochs):
        super().__init__()
        self.epochs = epochs
        self.bar = Bar(_("training"))

    def on_train_begin(self, logs=None):
        super().on_train_begin(logs)
        self.bar.show(0.0)

    def on_epoch_end(self, epoch, logs=None):
        self.bar.show((epoch + 1) / self.epochs)


class Report(BuildOptimizer):
    """Calls `report(fraction)` after each of `steps` batches."""

    def __init__(self, steps, report):
        super().__init__()
        self.steps = steps
        self.report = report

    def on_train_batch_end(self, batch, logs=None):
        self.report((batch + 1) / self.steps)


def endless_batches(examples, batch_size, seed):
    """A tf.data.Dataset of shuffled batches without an end, in the order that the seed gives.

    For `fit(batches, shuffle=False, steps_per_epoch=...)`: Keras warns when it is to shuffle a dataset.

    Autotuning is off: on two cores it was seen to leave both idle for seconds at the start of an epoch.

    Args:
        examples: array (N, ...), or a tuple of arrays of N rows each, as (images, labels).
        batch_size, seed: ints.
    """
    rows = tf.data.Dataset.from_tensor_slices(examples)
    batches = rows.shuffle(rows.cardinality(), seed=seed).repeat().batch(batch_size)
    options = tf.data.Options()
    options.autotune.enabled = False
    return batches.with_options(options).prefetch(2)


def train_steps(model, optimizer, images, labels, loss=None, batch_size=64):
    """Train a model for one pass over the examples, step by step, without `compile` and `fit`.

    Args:
        model: Keras model from images to probabilities.
        optimizer: a fresh Keras optimizer.
        images, labels: arrays; they are taken in their order.
        loss: function of (labels, probabilities) that gives the mean loss; cross-entropy by default.
        batch_size: int.

    Returns:
        (steps, losses): int array 10, 20, 30 ... and float array, the mean training loss of ten steps each.
    """
    loss = loss or keras.losses.SparseCategoricalCrossentropy()
    optimizer.build(model.trainable_variables)

    @tf.function  # compiled once, so that a step takes about a millisecond
    def step(batch, batch_labels):
        with tf.GradientTape() as tape:
            value = loss(batch_labels, model(batch, training=True))
        optimizer.apply(tape.gradient(value, model.trainable_variables), model.trainable_variables)
        return value

    last = len(images) - len(images) % (10 * batch_size)
    parts = [slice(begin, begin + batch_size) for begin in range(0, last, batch_size)]
    losses = np.array([step(images[part], labels[part]) for part in parts], dtype=float)
    means = losses.reshape(-1, 10).mean(axis=1)
    return 10 * np.arange(1, len(means) + 1), means


def train_classifier(model, images, labels, epochs=4, batch_size=128):
    """Compile a classifier and fit it with a learning rate that rises, then falls (one cycle).

    Args:
        model: Keras model from images to probabilities of integer labels.
        images, labels: arrays of the training examples.
        epochs, batch_size: ints.

    Returns:
        keras.callbacks.History.

    Source of the schedule: Smith, Topin, "Super-convergence", 2018.
    """
    steps = epochs * math.ceil(len(images) / batch_size)
    rate = keras.optimizers.schedules.CosineDecay(
        4e-4, decay_steps=int(0.7 * steps), warmup_target=0.01, warmup_steps=int(0.3 * steps)
    )
    model.compile(
        keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=[keras.metrics.SparseCategoricalAccuracy("accuracy")],
        steps_per_execution=8,  # eight batches a call: less waiting between them
    )
    bar = ProgressBar()
    return model.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[bar])


def train_side_by_side(models, images, labels, epochs=4, batch_size=64, optimizer=None):
    """Train several classifiers in one call of `fit`: each sees the same batches, none sees another.

    Optimizers step every weight by its own gradient, so each classifier learns as it would alone; they share
    only the waiting for TensorFlow to prepare a training step.

    Args:
        models: dict name → Keras model from images to probabilities of integer labels, two or more of them;
            trained in place.
        images, labels: arrays of the training examples.
        epochs, batch_size: as for `fit`.
        optimizer: Keras optimizer; Adam with a learning rate of 3e-3 when none is given.

    Returns:
        dict name → list of training accuracies, one an epoch, measured while it trained.
    """
    inputs = keras.Input(images.shape[1:])
    # Keras takes no spaces in these names, and joins them with those of the metrics.
    outputs = {f"network{number}": model(inputs) for number, model in enumerate(models.values())}
    together = keras.Model(inputs, outputs)
    together.compile(
        optimizer or keras.optimizers.Adam(3e-3),
        loss=dict.fromkeys(outputs, "sparse_categorical_crossentropy"),
        metrics={output: [keras.metrics.SparseCategoricalAccuracy("accuracy")] for output in outputs},
        steps_per_execution=4,
    )
    history = together.fit(
        images,
        dict.fromkeys(outputs, labels),
        batch_size=batch_size,
        epochs=epochs,
        verbose=0,
        callbacks=[EpochBar(epochs)],
    ).history
    return {name: history[f"{output}_accuracy"] for name, output in zip(models, outputs, strict=True)}


def accuracy(model, images, labels):
    """Accuracy of a classifier and its standard error, the square root of a(1 - a)/N; two floats."""
    predicted = model.predict(images, batch_size=1000, verbose=0).argmax(axis=-1)
    right = float(np.mean(predicted == labels))
    return right, (right * (1 - right) / len(labels)) ** 0.5


def learning_curve(model, train, test, epochs, batch_size=24, seed=0):
    """Train a compiled classifier from its present weights, and measure it after each epoch.

    The optimizer starts afresh at each call. Steps are made one by one, without `fit`: for less than a hundred
    examples `fit` takes longer to begin an epoch than the epoch takes.

    Args:
        model: compiled Keras model, inputs to probabilities of integer labels.
        train, test: pairs (inputs, labels) of arrays.
        epochs, batch_size: ints.
        seed: int, for the order of the examples.

    Returns:
        list of floats, the test accuracy after each epoch.
    """
    _start_afresh(model.optimizer, model.trainable_variables)
    (inputs, labels), (test_inputs, test_labels) = train, test
    random = np.random.default_rng(seed)
    accuracies = []
    for _epoch in range(epochs):
        order = random.permutation(len(labels))
        for begin in range(0, len(order), batch_size):
            chosen = order[begin : begin + batch_size]
            model.train_on_batch(inputs[chosen], labels[chosen])
        predicted = model.predict_on_batch(test_inputs).argmax(axis=-1)
        accuracies.append(float(np.mean(predicted == test_labels)))
    return accuracies


def _start_afresh(optimizer, variables):
    """Set the moments and the step count of an optimizer to zero; its learning rate stays."""
    if not optimizer.built:
        optimizer.build(variables)
    rate = optimizer.learning_rate.numpy()
    for variable in optimizer.variables:
        variable.assign(np.zeros(variable.shape))
    optimizer.learning_rate.assign(rate)
