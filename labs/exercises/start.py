"""Lesson 00 · Your first network."""

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.classifier import ClassifierChallenge, classifier_mistakes


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


# -------------------------------------------------------------------------------------------- neuron


@exercise(
    cases=[
        dict(x=np.array([[1.0, 2.0], [3.0, 4.0], [0.0, -1.0]]), weights=np.array([0.5, -1.0]), bias=0.25),
        dict(x=_random(4, 3), weights=_random(3), bias=-1.5),
        dict(x=_random(1, 5), weights=_random(5), bias=0.0),
        dict(x=_random(3, 3), weights=_random(3, seed=1), bias=2.0),
        dict(x=_random(6, 1), weights=np.array([2.0]), bias=1.0),
    ],
    hints=[
        "For one example: multiply each feature by its weight, sum, add the bias.",
        "For all examples at once: x @ weights gives one sum a row.",
    ],
)
def neuron(x, weights, bias):
    """One neuron on a batch of examples, without activation: x·w + b.

    Args:
        x: float array (N, D), N examples with D features each.
        weights: float array (D,), one weight per feature.
        bias: float.

    Returns:
        float array (N,): for each example the sum of its features times their weights, plus the bias.
    """
    # BEGIN SOLUTION
    return x @ weights + bias
    # END SOLUTION


@neuron.mistake("The bias is missing: add it to every sum.")
def bias_left_out(x, weights, bias):
    return x @ weights


@neuron.mistake("The products are not summed yet: each example gives one number, not one a feature.")
def features_not_summed(x, weights, bias):
    return x * weights + bias


@neuron.mistake("You sum over everything. Sum each example on its own: axis=1, or x @ weights.")
def summed_over_the_batch(x, weights, bias):
    return np.sum(x * weights) + bias


@neuron.mistake("You sum over the examples (axis 0). The features lie along axis 1.")
def wrong_axis(x, weights, bias):
    return np.sum(x * weights, axis=0) + bias


@neuron.mistake("The bias is added to each product. It is added once, to the sum.")
def bias_for_each_feature(x, weights, bias):
    return np.sum(x * weights + bias, axis=1)


@neuron.mistake("The sum of products is not averaged: np.sum in place of np.mean.")
def averaged(x, weights, bias):
    return np.mean(x * weights, axis=1) + bias


@neuron.mistake("The bias is added, not subtracted.")
def bias_subtracted(x, weights, bias):
    return x @ weights - bias


@neuron.mistake("An activation is applied. Here the neuron is asked for without one.")
def activated(x, weights, bias):
    return np.maximum(x @ weights + bias, 0)


@neuron.mistake(
    "The order is weights @ x here, which fits only square shapes. Examples come first: x @ weights."
)
def order_exchanged(x, weights, bias):
    return weights @ x + bias


@neuron.mistake("The weights are not used: multiply each feature by its weight.")
def weights_unused(x, weights, bias):
    return np.sum(x, axis=1) + bias


@neuron.mistake("The result is a column (N, 1). Return one number an example: shape (N,).")
def column(x, weights, bias):
    return x @ weights[:, None] + bias


@neuron.mistake("Only the first example is computed. Return one number for each row of x.")
def first_example_only(x, weights, bias):
    return x[0] @ weights + bias


@neuron.mistake("Features and weights are multiplied, then summed; you add them.")
def weights_added(x, weights, bias):
    return np.sum(x + weights, axis=1) + bias


@neuron.mistake("The bias is multiplied; it is added.")
def bias_multiplied(x, weights, bias):
    return x @ weights * bias


@neuron.mistake("An activation is applied, the sigmoid. Here the neuron is asked for without one.")
def sigmoid_applied(x, weights, bias):
    return 1 / (1 + np.exp(-(x @ weights + bias)))


@neuron.mistake("An activation is applied, tanh. Here the neuron is asked for without one.")
def tanh_applied(x, weights, bias):
    return np.tanh(x @ weights + bias)


@neuron.mistake("A decision is returned. Return the sum itself, x·w + b.")
def step_applied(x, weights, bias):
    return (x @ weights + bias > 0).astype(float)


@neuron.mistake("Only two features are used; there are D of them.")
def two_features(x, weights, bias):
    return x[:, 0] * weights[0] + x[:, 1] * weights[1] + bias


@neuron.mistake("For a single example np.squeeze drops the batch axis, too. x @ weights needs no squeeze.")
def squeezed(x, weights, bias):
    return np.squeeze(x @ weights[:, None] + bias)


# ---------------------------------------------------------------------------------------------- relu


@exercise(
    cases=[
        dict(x=np.array([-2.0, -0.5, 0.0, 0.5, 2.0])),
        dict(x=_random(3, 4)),
        dict(x=np.array([[3.0, 0.25], [-0.25, 7.5]])),
        dict(x=_random(2, 2, 3)),
        dict(x=np.array([-1.5, -3.0])),
    ],
    hints=["Negative numbers become 0, the others stay.", "np.maximum(a, b) compares number by number."],
)
def relu(x):
    """Rectified linear unit: x where x is positive, else 0.

    Args:
        x: float array of any shape; do not change it.

    Returns:
        float array of the same shape.

    Source: Nair, Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010.
    """
    # BEGIN SOLUTION
    return np.maximum(x, 0)
    # END SOLUTION


@relu.mistake("That is the magnitude: negative numbers become 0, not positive.")
def magnitude(x):
    return np.abs(x)


@relu.mistake("The sign is the wrong way round: you keep the negative numbers.")
def minimum(x):
    return np.minimum(x, 0)


@relu.mistake("np.max(x) is the one largest number of all. A similar function compares number by number.")
def largest_of_all(x):
    return np.max(x)


@relu.mistake("You return whether a number is positive. Return the number itself.")
def condition_only(x):
    return x > 0


@relu.mistake(
    "`if` and max() take one decision for the whole array. Look for a NumPy function that decides number by number."
)
def one_decision(x):
    if x > 0:
        return x
    return 0


@relu.mistake("x[x > 0] drops the negative numbers. They must become 0 and keep their places.")
def negative_dropped(x):
    return x[x > 0]


@relu.mistake("Numbers above 1 are cut off, too. ReLU leaves all positive numbers as they are.")
def clipped_at_one(x):
    return np.clip(x, 0, 1)


@relu.mistake("Values become whole numbers: the fractions are lost.")
def whole_numbers(x):
    return np.maximum(x.astype(int), 0)


@relu.mistake("The result is right, but x itself is changed: compute a new array, np.maximum(x, 0).")
def changed_in_place(x):
    x[x < 0] = 0
    return x


@relu.mistake("That is sigmoid. ReLU has no exponential: it only replaces negative numbers by 0.")
def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@relu.mistake("That is tanh. ReLU only replaces negative numbers by 0.")
def tanh(x):
    return np.tanh(x)


@relu.mistake("A little of the negative numbers is kept: that is leaky ReLU. Here they become 0.")
def leaky(x):
    return np.where(x > 0, x, 0.01 * x)


@relu.mistake("A little of the negative numbers is kept: that is leaky ReLU. Here they become 0.")
def more_leaky(x):
    return np.where(x > 0, x, 0.1 * x)


@relu.mistake("Nothing changes: negative numbers must become 0.")
def identity(x):
    return x


@relu.mistake("np.max(x, 0) takes the largest along axis 0. np.maximum(x, 0) compares number by number.")
def maximum_along_axis(x):
    return np.max(x, 0)


@relu.mistake("A loop over x gives rows when x has two axes. A NumPy function works for any shape.")
def row_by_row(x):
    return [max(0, value) for value in x]


@relu.mistake("You loop over two axes; x may have any number of them. A NumPy function works for any shape.")
def two_loops(x):
    return np.array([[max(0, x[i, j]) for j in range(x.shape[1])] for i in range(x.shape[0])])


# ------------------------------------------------------------------------------------------- softmax


@exercise(
    cases=[
        dict(logits=np.array([1.0, 2.0, 3.0])),
        dict(logits=_random(4, 3)),
        dict(logits=np.array([[1000.0, 1001.0], [0.0, 0.0]])),
        dict(logits=np.array([-1000.0, -1000.0, -999.0])),
        dict(logits=_random(2, 3, 4)),
        dict(logits=np.array([[5.0, -5.0], [-5.0, 5.0], [800.0, 0.0]])),
        dict(logits=np.array([3.0, 1.0, 2.0])),
        dict(logits=np.array([2000.0, 0.0, 0.0])),
        dict(logits=np.array([20000.0, 20001.0])),
        dict(logits=np.array([[1500.0, 1499.0], [-1500.0, -1499.0]])),
    ],
    hints=[
        "np.exp of every number, divided by the sum over the last axis.",
        "The sum needs its axis kept for the division: np.sum(..., axis=-1, keepdims=True).",
        "exp(1000) is infinite. Subtract the largest logit of each row first: the result stays the same.",
    ],
)
def softmax(logits):
    """Probabilities from logits, over the last axis.

    Large logits must not overflow: 1000 and 1001 give the same as 0 and 1.

    Args:
        logits: float array (..., C), any numbers.

    Returns:
        float array of the same shape: exp(logit) / sum of exp over the last axis. Positive, and each row
        of the last axis sums to 1.
    """
    # BEGIN SOLUTION
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)
    # END SOLUTION


def _shifted(logits):
    return np.exp(logits - np.max(logits, axis=-1, keepdims=True))


@softmax.mistake("exp(1000) is infinite, and inf/inf is NaN. Subtract the largest logit of each row first.")
def overflow(logits):
    with np.errstate(all="ignore"):
        powers = np.exp(logits)
        return powers / np.sum(powers, axis=-1, keepdims=True)


@softmax.mistake("You divide by the sum over all numbers. Each row sums to 1 on its own: axis=-1.")
def summed_over_all(logits):
    powers = _shifted(logits)
    return powers / np.sum(powers)


@softmax.mistake(
    "The largest logit of each row is subtracted, not of the whole batch: a row far below it becomes 0/0."
)
def largest_of_the_batch(logits):
    with np.errstate(all="ignore"):
        powers = np.exp(logits - np.max(logits))
        return powers / np.sum(powers, axis=-1, keepdims=True)


@softmax.mistake(
    "Large logits overflow, and the sum runs over all numbers: subtract the largest, sum over axis=-1."
)
def overflow_and_all(logits):
    with np.errstate(all="ignore"):
        return np.exp(logits) / np.sum(np.exp(logits))


@softmax.mistake("The sum runs over the first axis, the examples. The classes lie along the last: axis=-1.")
def first_axis(logits):
    powers = np.exp(logits - np.max(logits, axis=0, keepdims=True))
    return powers / np.sum(powers, axis=0, keepdims=True)


@softmax.mistake("axis=1 is the last axis only for batches of rows. Use axis=-1.")
def second_axis(logits):
    powers = np.exp(logits - np.max(logits, axis=1, keepdims=True))
    return powers / np.sum(powers, axis=1, keepdims=True)


@softmax.mistake("The sum lost its axis, so rows and columns do not fit: keepdims=True.")
def axis_lost(logits):
    return _shifted(logits) / np.sum(_shifted(logits), axis=-1)


@softmax.mistake("The maximum lost its axis, so rows and columns do not fit: keepdims=True.")
def axis_of_maximum_lost(logits):
    powers = np.exp(logits - np.max(logits, axis=-1))
    return powers / np.sum(powers, axis=-1)


@softmax.mistake("The rows do not sum to 1: divide the exponentials by their sum over the last axis.")
def not_divided(logits):
    return _shifted(logits)


@softmax.mistake(
    "Take the exponential of the logits before you divide: shares of negative numbers are no probabilities."
)
def without_exponential(logits):
    with np.errstate(all="ignore"):
        return logits / np.sum(logits, axis=-1, keepdims=True)


@softmax.mistake("That is the logarithm of softmax: leave out np.log.")
def log_softmax(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True))


@softmax.mistake("Sigmoid looks at each logit alone; softmax compares them: divide by the sum.")
def sigmoid_each(logits):
    with np.errstate(all="ignore"):
        return 1 / (1 + np.exp(-logits.astype(float)))


@softmax.mistake("The order is reversed: the largest logit gets the smallest probability. Look at the sign.")
def sign_reversed(logits):
    powers = np.exp(np.min(logits, axis=-1, keepdims=True) - logits)
    return powers / np.sum(powers, axis=-1, keepdims=True)


@softmax.mistake("You cut large logits off. Subtracting the largest of each row keeps their differences.")
def clipped(logits):
    powers = np.exp(np.clip(logits, -500, 500))
    return powers / np.sum(powers, axis=-1, keepdims=True)


@softmax.mistake("You return the largest class as 1 and the others as 0. Softmax gives a share to each.")
def winner_takes_all(logits):
    return (logits == np.max(logits, axis=-1, keepdims=True)).astype(float)


@softmax.mistake("Each row has its own sum: axis=-1, keepdims=True. And subtract the largest of each row.")
def batch_maximum_and_sum(logits):
    powers = np.exp(logits - np.max(logits))
    return powers / np.sum(powers)


@softmax.mistake("Large logits overflow, and the sum runs over the examples: the classes lie along axis=-1.")
def overflow_and_first_axis(logits):
    with np.errstate(all="ignore"):
        return np.exp(logits) / np.sum(np.exp(logits), axis=0)


@softmax.mistake("axis=1 is the last axis only for batches of rows: use axis=-1. And large logits overflow.")
def overflow_and_second_axis(logits):
    with np.errstate(all="ignore"):
        return np.exp(logits) / np.sum(np.exp(logits), axis=1, keepdims=True)


@softmax.mistake(
    "The sum lost its axis: keepdims=True. And large logits overflow: subtract the largest first."
)
def overflow_and_axis_lost(logits):
    with np.errstate(all="ignore"):
        return np.exp(logits) / np.sum(np.exp(logits), axis=-1)


@softmax.mistake("Subtract the largest logit of each row, not the smallest.")
def smallest_subtracted(logits):
    with np.errstate(all="ignore"):
        powers = np.exp(logits - np.min(logits, axis=-1, keepdims=True))
        return powers / np.sum(powers, axis=-1, keepdims=True)


@softmax.mistake("Subtract the largest logit, not the mean: what lies far above the mean still overflows.")
def mean_subtracted(logits):
    with np.errstate(all="ignore"):
        powers = np.exp(logits - np.mean(logits, axis=-1, keepdims=True))
        return powers / np.sum(powers, axis=-1, keepdims=True)


@softmax.mistake("Above and below the line stand the same exponentials: subtract the largest in both.")
def shifted_above_only(logits):
    with np.errstate(all="ignore"):
        return _shifted(logits) / np.sum(np.exp(logits), axis=-1, keepdims=True)


@softmax.mistake("That needs the numbers to be small: subtract the largest logit of each row first.")
def long_double(logits):
    powers = np.exp(logits.astype(np.longdouble))
    return (powers / np.sum(powers, axis=-1, keepdims=True)).astype(float)


# ------------------------------------------------------------------------------------- gradient_step


@exercise(
    cases=[
        dict(weight=2.0, gradient=4.0, learning_rate=0.1),
        dict(weight=-1.0, gradient=-3.0, learning_rate=0.5),
        dict(weight=_random(3), gradient=_random(3, seed=1), learning_rate=0.01),
        dict(weight=_random(2, 3), gradient=_random(2, 3, seed=1), learning_rate=2.0),
        dict(weight=0.0, gradient=1.0, learning_rate=0.25),
    ],
    hints=[
        "The gradient points uphill. Which way is down?",
        "The learning rate scales the gradient, not the weight.",
    ],
)
def gradient_step(weight, gradient, learning_rate):
    """One step of gradient descent.

    Args:
        weight: float or float array; do not change it.
        gradient: float or array of the same shape, the slope of the loss at `weight`.
        learning_rate: float, positive.

    Returns:
        float or array of the same shape: the new weight, moved against the gradient by the learning rate
        times the gradient.
    """
    # BEGIN SOLUTION
    return weight - learning_rate * gradient
    # END SOLUTION


@gradient_step.mistake("That goes uphill: the loss grows. Subtract the step.")
def uphill(weight, gradient, learning_rate):
    return weight + learning_rate * gradient


@gradient_step.mistake("The learning rate is not used: it scales the step.")
def learning_rate_unused(weight, gradient, learning_rate):
    return weight - gradient


@gradient_step.mistake("That is the step alone. Take it from the weight.")
def step_alone(weight, gradient, learning_rate):
    return learning_rate * gradient


@gradient_step.mistake("That is the step alone, with its sign. Add it to the weight.")
def negative_step_alone(weight, gradient, learning_rate):
    return -learning_rate * gradient


@gradient_step.mistake("The learning rate scales the gradient only: weight - learning_rate * gradient.")
def everything_scaled(weight, gradient, learning_rate):
    return learning_rate * (weight - gradient)


@gradient_step.mistake("A small learning rate means a small step: multiply by it, do not divide.")
def divided(weight, gradient, learning_rate):
    return weight - gradient / learning_rate


@gradient_step.mistake("The weight and the gradient are exchanged.")
def exchanged(weight, gradient, learning_rate):
    return gradient - learning_rate * weight


@gradient_step.mistake("Only the sign of the gradient is used: a steep slope makes a longer step.")
def sign_only(weight, gradient, learning_rate):
    return weight - learning_rate * np.sign(gradient)


@gradient_step.mistake("The learning rate scales the weight here, not the gradient.")
def weight_scaled(weight, gradient, learning_rate):
    return learning_rate * weight - gradient


@gradient_step.mistake(
    "The result is right, but `weight -= ...` changes the array you were given: weight - ... makes a new one."
)
def weight_changed(weight, gradient, learning_rate):
    weight -= learning_rate * gradient
    return weight


@gradient_step.mistake("Move by the gradient, not by weight times gradient.")
def multiplied_by_weight(weight, gradient, learning_rate):
    return weight - learning_rate * gradient * weight


@gradient_step.mistake("abs() makes every step go the same way. The gradient's sign says which way is down.")
def magnitude_of_gradient(weight, gradient, learning_rate):
    return weight - learning_rate * np.abs(gradient)


@gradient_step.mistake("The gradient is not used: it says which way is down, and how steep it is.")
def gradient_unused(weight, gradient, learning_rate):
    return weight - learning_rate


@gradient_step.mistake("Each weight moves by its own gradient, not by their sum.")
def gradient_summed(weight, gradient, learning_rate):
    return weight - learning_rate * np.sum(gradient)


@gradient_step.mistake("Each weight moves by its own gradient, not by their mean.")
def gradient_averaged(weight, gradient, learning_rate):
    return weight - learning_rate * np.mean(gradient)


@gradient_step.mistake(
    "That goes uphill, and the learning rate is not used: subtract learning_rate * gradient."
)
def uphill_without_rate(weight, gradient, learning_rate):
    return weight + gradient


# ------------------------------------------------------------------------------ train_validation_test


def _split_properties(split, n, seed):
    """What must hold for a split, whatever the order of its indices is."""
    parts = split(n, seed)
    three = "the result is three one-dimensional arrays: train, validation, test"
    if not isinstance(parts, (tuple, list)) or len(parts) != 3:
        return {three: False}
    parts = [np.asarray(part) for part in parts]
    if any(part.ndim != 1 for part in parts):
        return {three: False}
    train, validation, test = parts
    again = [np.asarray(part) for part in split(n, seed)]
    others = [[np.asarray(part) for part in split(n, seed + step)] for step in (1, 2, 5)]
    return {
        three: True,
        "the indices are whole numbers": all(part.dtype.kind in "iu" for part in parts),
        "the indices lie between 0 and n - 1": all(
            part.min() >= 0 and part.max() < n for part in parts if len(part)
        ),
        "no index stands twice in one part": all(len(np.unique(part)) == len(part) for part in parts),
        "train and validation share no index": not np.intersect1d(train, validation).size,
        "train and test share no index": not np.intersect1d(train, test).size,
        "validation and test share no index": not np.intersect1d(validation, test).size,
        "no index is left out": np.array_equal(np.unique(np.concatenate(parts)), np.arange(n)),
        "sizes of (train, validation, test)": [len(part) for part in parts],
        "the indices are shuffled": not any(_in_order(part) for part in parts if len(part) > 10),
        "the same seed gives the same split again": _equal(parts, again),
        "another seed gives another split": not any(_equal(parts, other) for other in others),
        "each part is drawn from all indices": not any(
            _equal([np.sort(train)], [np.sort(other[0])]) for other in others
        ),
    }


def _in_order(part):
    """Whether indices rise or fall by one from each to the next, but for one jump."""
    return max(np.sum(np.diff(part) == 1), np.sum(np.diff(part) == -1)) >= len(part) - 2 or np.array_equal(
        part, np.sort(part)
    )


def _equal(one, two):
    return all(np.array_equal(a, b) for a, b in zip(one, two, strict=True))


@exercise(
    cases=[
        dict(n=100, seed=0),
        dict(n=105, seed=1),
        dict(n=1999, seed=7),
        dict(n=103, seed=3),
        dict(n=7, seed=4),
    ],
    hints=[
        "Shuffle all indices once: np.random.default_rng(seed).permutation(n).",
        "Cut the shuffled array: the first n // 10 for validation, the next n // 10 for test, the rest for training.",
    ],
    observe=_split_properties,
)
def train_validation_test(n, seed):
    """Split n examples at random into three parts, 80 %, 10 % and 10 %.

    Args:
        n: int, number of examples.
        seed: int; the same seed gives the same split, another seed another.

    Returns:
        (train, validation, test): three int arrays of shuffled indices. Together they hold each of 0 to
        n - 1 exactly once. Validation and test have n // 10 indices each, the rest trains.
    """
    # BEGIN SOLUTION
    order = np.random.default_rng(seed).permutation(n)
    size = n // 10
    return order[2 * size :], order[:size], order[size : 2 * size]
    # END SOLUTION


@train_validation_test.mistake("The indices are not shuffled: data often comes sorted, by class or by date.")
def not_shuffled(n, seed):
    order, size = np.arange(n), n // 10
    return order[2 * size :], order[:size], order[size : 2 * size]


@train_validation_test.mistake("The seed is not used: the split is another at every call.")
def seed_unused(n, seed):
    order, size = np.random.default_rng().permutation(n), n // 10
    return order[2 * size :], order[:size], order[size : 2 * size]


@train_validation_test.mistake("The seed is fixed inside the function. Use the one that is given.")
def seed_fixed(n, seed):
    order, size = np.random.default_rng(42).permutation(n), n // 10
    return order[2 * size :], order[:size], order[size : 2 * size]


@train_validation_test.mistake(
    "The parts share indices: shuffle once, cut three slices, and begin each where the one before ends."
)
def drawn_three_times(n, seed):
    random, size = np.random.default_rng(seed), n // 10
    return (
        random.permutation(n)[: n - 2 * size],
        random.permutation(n)[:size],
        random.permutation(n)[:size],
    )


@train_validation_test.mistake("An index may come twice: draw without replacement, with permutation(n).")
def with_replacement(n, seed):
    order, size = np.random.default_rng(seed).integers(0, n, n), n // 10
    return order[2 * size :], order[:size], order[size : 2 * size]


@train_validation_test.mistake("The order is (train, validation, test): the largest part comes first.")
def train_last(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 10
    return order[:size], order[size : 2 * size], order[2 * size :]


@train_validation_test.mistake(
    "Test gets what is left after rounding. Here training gets the rest: n - 2 * (n // 10)."
)
def rest_to_test(n, seed):
    order, train, size = np.random.default_rng(seed).permutation(n), n * 8 // 10, n // 10
    return order[:train], order[train : train + size], order[train + size :]


@train_validation_test.mistake(
    "An index is lost: 80 % and twice 10 %, each rounded down, may be fewer than n."
)
def index_lost(n, seed):
    order, train, size = np.random.default_rng(seed).permutation(n), n * 8 // 10, n // 10
    return order[:train], order[train : train + size], order[train + size : train + 2 * size]


@train_validation_test.mistake("The sizes are rounded to the nearest. Round down: n // 10.")
def sizes_rounded(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), round(n / 10)
    return order[2 * size :], order[:size], order[size : 2 * size]


@train_validation_test.mistake("The sizes are rounded up. Round down: n // 10.")
def sizes_rounded_up(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), -(-n // 10)
    return order[2 * size :], order[:size], order[size : 2 * size]


@train_validation_test.mistake(
    "Train and validation share indices: each slice begins where the one before ends."
)
def validation_from_train(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 10
    return order[: n - size], order[:size], order[n - size :]


@train_validation_test.mistake(
    "For n below 10, n // 10 is 0, and [:-0] is empty: count from the front instead."
)
def counted_from_the_end(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 10
    return order[: -2 * size], order[-2 * size : -size], order[-size:]


@train_validation_test.mistake("The training part holds all indices, so the test data is trained on.")
def trains_on_all(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 10
    return order, order[:size], order[size : 2 * size]


@train_validation_test.mistake(
    "Validation and test are the same indices: take the next n // 10 for the test."
)
def same_for_both(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 10
    return order[size:], order[:size], order[:size]


@train_validation_test.mistake("That is 60, 20 and 20 %. Validation and test have n // 10 each.")
def fifths(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 5
    return order[2 * size :], order[:size], order[size : 2 * size]


@train_validation_test.mistake(
    "Two parts are returned. The validation part is missing: (train, validation, test)."
)
def two_parts(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 10
    return order[size:], order[:size]


@train_validation_test.mistake("The parts are sorted again. Keep the shuffled order.")
def sorted_parts(n, seed):
    order, size = np.random.default_rng(seed).permutation(n), n // 10
    return np.sort(order[2 * size :]), np.sort(order[:size]), np.sort(order[size : 2 * size])


@train_validation_test.mistake("Indices begin at 0: np.arange(n), not 1 to n.")
def from_one(n, seed):
    order, size = np.random.default_rng(seed).permutation(n) + 1, n // 10
    return order[2 * size :], order[:size], order[size : 2 * size]


# --------------------------------------------------------------------------------------------- quiz

what_is_a_layer = quiz(
    "A network needs features of a higher level, made of features that are made of features. What do you add?",
    options={
        "a": ("Nodes.", "More nodes make more features of the same level."),
        "b": ("Layers.", "Each layer builds its features from those of the layer before."),
        "c": ("Epochs.", "Epochs repeat the same data; the network stays as it is."),
    },
    right="b",
)

why_activation = quiz(
    "What happens to a network of many dense layers when no layer has an activation?",
    options={
        "a": (
            "It can do no more than one layer.",
            "Straight lines of straight lines are straight: the layers collapse into one.",
        ),
        "b": (
            "It learns faster and equally well.",
            "Look at the two rings above: the network without ReLU fails.",
        ),
        "c": ("Its loss becomes NaN.", "The numbers stay harmless; they are not expressive."),
    },
    right="a",
)

which_data = quiz(
    "You compare ten networks and keep the one with the best accuracy. On which data do you compare them?",
    options={
        "a": ("On the training data.", "There, the one that memorizes wins."),
        "b": ("On the validation data.", "So the test data stays unseen for one last, honest number."),
        "c": ("On the test data.", "Then you have chosen by it, and its number is no longer honest."),
    },
    right="b",
)

broken_labels = quiz(
    "What would have shown the broken lab's mistake before any training?",
    options={
        "a": ("A larger network.", "It would only learn the wrong labels by heart."),
        "b": ("More epochs.", "There is nothing in the images that tells these labels."),
        "c": ("A look at a few images with their labels.", "A minute of looking saves an hour of tuning."),
        "d": ("Another seed.", "Another seed does not repair wrong labels."),
    },
    right="c",
)

steps_in_an_epoch = quiz(
    "There are 48,000 training images and mini-batches of 128. How many gradient steps make one epoch?",
    options={
        "a": ("128.", "That is the number of images in one step."),
        "b": ("375.", "48,000 / 128 is 375: each step takes one mini-batch."),
        "c": ("48,000.", "That would be batches of one image."),
    },
    right="b",
)


# ---------------------------------------------------------------------------------------- challenge


@challenge(
    examine=ClassifierChallenge(
        load=data.mnist,
        input_shape=(28, 28),
        classes=10,
        parameters=60_000,
        steps=600,
        batch_size=128,
        asked=0.93,
    ),
    hints=[
        'Begin with keras.Input((28, 28)) and layers.Flatten(); end with Dense(10, activation="softmax").',
        "One hidden layer of 64 nodes with ReLU has about 50,000 parameters.",
        "keras.optimizers.Adam(5e-3) learns faster in so few steps than its default of 1e-3.",
    ],
)
def build_first_network():
    """A dense network that reads digits: at least 93 % of the test images right after 600 steps.

    The check trains your model for 600 steps of 128 images with the optimizer and the loss you compiled it
    with, and measures it on 10,000 test images. Images are 28×28, from 0 to 1; labels are integers 0 to 9.
    You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (28, 28) to 10 probabilities, fewer than 60,000 parameters.
    """
    # BEGIN SOLUTION
    model = keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(64, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(5e-3), loss="sparse_categorical_crossentropy")
    return model
    # END SOLUTION


classifier_mistakes(build_first_network)
