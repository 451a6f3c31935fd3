"""Lesson 02 · Training that works, and how to tell."""

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.classifier import ClassifierChallenge, classifier_mistakes
from labs.checking.models import sublayers


def _random(*shape, seed=0):
    """Reproducible numbers of both signs for the cases."""
    return np.random.default_rng([seed, *shape]).normal(size=shape).round(2)


# ------------------------------------------------------------------------------ sparse_cross_entropy


def _probabilities(n, classes, seed=0):
    """Rows of positive numbers that sum to 1, none of them small."""
    shares = np.random.default_rng([seed, n, classes]).uniform(0.2, 1.0, (n, classes))
    return shares / shares.sum(axis=1, keepdims=True)


@exercise(
    cases=[
        dict(
            probabilities=np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8], [0.25, 0.5, 0.25]]),
            labels=np.array([0, 2, 2]),
        ),
        dict(
            probabilities=np.array([[0.997, 0.002, 0.001], [0.004, 0.001, 0.995]]),
            labels=np.array([1, 1]),
        ),
        dict(probabilities=_probabilities(5, 3), labels=np.array([2, 0, 1, 1, 0])),
        dict(probabilities=_probabilities(1, 4), labels=np.array([3])),
        dict(probabilities=_probabilities(4, 4), labels=np.array([1, 1, 3, 2])),
        dict(probabilities=_probabilities(6, 2), labels=np.array([0, 1, 1, 0, 0, 1])),
        dict(probabilities=_probabilities(3, 10), labels=np.array([9, 0, 4])),
    ],
    hints=[
        "Only one number of each row counts: the probability of the right class.",
        "probabilities[np.arange(len(labels)), labels] picks one number from each row.",
        "Take the logarithm of each of them, then the mean, and change the sign.",
    ],
)
def sparse_cross_entropy(probabilities, labels):
    """Cross-entropy of a batch with integer labels, as Keras' `sparse_categorical_crossentropy`.

    Args:
        probabilities: float array (N, C), all above 0; each row sums to 1.
        labels: int array (N,), the right class of each example, from 0 to C - 1.

    Returns:
        float: the mean over the batch of -log(probability of the right class), natural logarithm.
    """
    # BEGIN SOLUTION
    right = probabilities[np.arange(len(labels)), labels]
    return -np.mean(np.log(right))
    # END SOLUTION


def _right_ones(probabilities, labels):
    return probabilities[np.arange(len(labels)), labels]


@sparse_cross_entropy.mistake(
    "The sign is missing: the logarithm of a probability is negative, a loss is not."
)
def sign_missing(probabilities, labels):
    return np.mean(np.log(_right_ones(probabilities, labels)))


@sparse_cross_entropy.mistake("You sum over the batch. The mean does not grow with the number of examples.")
def summed_over_batch(probabilities, labels):
    return -np.sum(np.log(_right_ones(probabilities, labels)))


@sparse_cross_entropy.mistake("Return one number for the batch, the mean, not one an example.")
def not_averaged(probabilities, labels):
    return -np.log(_right_ones(probabilities, labels))


@sparse_cross_entropy.mistake(
    "Take the logarithm first, then the mean: the other order gives another number."
)
def mean_before_logarithm(probabilities, labels):
    return -np.log(np.mean(_right_ones(probabilities, labels)))


@sparse_cross_entropy.mistake("That is the logarithm to base 2. The loss has the natural one: np.log.")
def base_two(probabilities, labels):
    return -np.mean(np.log2(_right_ones(probabilities, labels)))


@sparse_cross_entropy.mistake("That is the logarithm to base 10. The loss has the natural one: np.log.")
def base_ten(probabilities, labels):
    return -np.mean(np.log10(_right_ones(probabilities, labels)))


@sparse_cross_entropy.mistake(
    "The labels are not used: you take the largest probability of each row, right or wrong."
)
def largest_probability(probabilities, labels):
    return -np.mean(np.log(np.max(probabilities, axis=1)))


@sparse_cross_entropy.mistake(
    "probabilities[labels] picks whole rows. Give a row number, too: [np.arange(N), labels]."
)
def rows_picked(probabilities, labels):
    return -np.mean(np.log(probabilities[labels]))


@sparse_cross_entropy.mistake(
    "[:, labels] picks from every row all the columns. Pair them: [np.arange(N), labels]."
)
def all_pairs(probabilities, labels):
    return -np.mean(np.log(probabilities[:, labels]))


@sparse_cross_entropy.mistake(
    "The logarithm is missing: a sure mistake must cost much more than an unsure one."
)
def logarithm_missing(probabilities, labels):
    return 1 - np.mean(_right_ones(probabilities, labels))


@sparse_cross_entropy.mistake(
    "You also divide by the number of classes: np.mean runs over all N·C numbers. Divide by N."
)
def averaged_over_classes(probabilities, labels):
    one_hot = np.eye(probabilities.shape[1])[labels]
    return -np.mean(one_hot * np.log(probabilities))


@sparse_cross_entropy.mistake("All classes are summed. Only the right class of each example counts.")
def all_classes(probabilities, labels):
    return -np.mean(np.sum(np.log(probabilities), axis=1))


@sparse_cross_entropy.mistake(
    "That adds a term for each wrong class: it is the binary cross-entropy. Here only the right class counts."
)
def binary_cross_entropy(probabilities, labels):
    one_hot = np.eye(probabilities.shape[1])[labels]
    return -np.mean(
        np.sum(one_hot * np.log(probabilities) + (1 - one_hot) * np.log(1 - probabilities), axis=1)
    )


@sparse_cross_entropy.mistake("Labels count from 0 here: subtract nothing from them.")
def labels_from_one(probabilities, labels):
    return -np.mean(np.log(probabilities[np.arange(len(labels)), labels - 1]))


@sparse_cross_entropy.mistake("These are probabilities already: leave out the softmax.")
def softmax_again(probabilities, labels):
    powers = np.exp(probabilities)
    return -np.mean(np.log(_right_ones(powers / powers.sum(axis=1, keepdims=True), labels)))


@sparse_cross_entropy.mistake("Take the logarithm of the right probabilities before the mean; it is missing.")
def logarithm_missing_negative(probabilities, labels):
    return -np.mean(probabilities[np.arange(len(labels)), labels])


@sparse_cross_entropy.mistake("Divide by the number of examples, len(labels), not by the number of classes.")
def divided_by_classes(probabilities, labels):
    return -np.sum(np.log(probabilities[np.arange(len(labels)), labels])) / probabilities.shape[1]


@sparse_cross_entropy.mistake(
    "Use the labels: yours is the entropy of the probabilities, whatever the right class."
)
def entropy_of_the_output(probabilities, labels):
    return -np.mean(np.sum(probabilities * np.log(probabilities), axis=1))


@sparse_cross_entropy.mistake("Take the number of classes from probabilities.shape[1]: it is not always 10.")
def ten_classes_fixed(probabilities, labels):  # raises, but for the case with ten classes
    return -np.mean(np.sum(np.eye(10)[labels] * np.log(probabilities), axis=1))


@sparse_cross_entropy.mistake(
    "Use the labels as positions, not as factors: pick from each row the number at its label."
)
def label_as_factor(probabilities, labels):
    return -np.mean(np.sum(labels[:, None] * np.log(probabilities), axis=1))


# ---------------------------------------------------------------------------------------- batch_norm


@exercise(
    cases=[
        dict(
            x=np.array([[1.0, 10.0], [3.0, 10.0], [5.0, 40.0]]),
            gamma=np.array([1.0, 1.0]),
            beta=np.array([0.0, 0.0]),
        ),
        dict(x=_random(5, 3), gamma=np.array([1.0, 2.0, -0.5]), beta=np.array([0.0, 1.0, -2.0])),
        dict(x=_random(4, 4, seed=1), gamma=_random(4), beta=_random(4, seed=2), epsilon=0.5),
        dict(x=np.full((3, 2), 7.0), gamma=np.array([2.0, 3.0]), beta=np.array([0.5, -1.0])),
        dict(x=0.01 * _random(6, 2, seed=3), gamma=np.array([1.0, 1.5]), beta=np.array([0.0, 0.25])),
        dict(x=100 * _random(2, 3, seed=4), gamma=np.ones(3), beta=np.zeros(3), epsilon=1e-6),
    ],
    hints=[
        "Mean and variance of each feature: np.mean(x, axis=0) and np.var(x, axis=0), both of shape (D,).",
        "Subtract the mean, divide by the square root of variance + epsilon.",
        "At last multiply by gamma and add beta.",
    ],
)
def batch_norm(x, gamma, beta, epsilon=1e-3):
    """Batch normalization in training mode.

    Each feature is shifted and scaled to mean 0 and variance 1 over the batch (the biased variance, divided
    by N), then multiplied by gamma, and beta is added. epsilon is added to the variance under the root.

    Args:
        x: float array (N, D); do not change it.
        gamma: float array (D,), the learned scale.
        beta: float array (D,), the learned shift.
        epsilon: float, keeps the division away from 0.

    Returns:
        float array (N, D).

    Source: Ioffe, Szegedy, "Batch normalization", 2015.
    """
    # BEGIN SOLUTION
    mean = np.mean(x, axis=0)
    variance = np.var(x, axis=0)
    return gamma * (x - mean) / np.sqrt(variance + epsilon) + beta
    # END SOLUTION


def _normalized(x, epsilon, axis=0, ddof=0):
    spread = np.sqrt(np.var(x, axis=axis, ddof=ddof, keepdims=True) + epsilon)
    return (x - np.mean(x, axis=axis, keepdims=True)) / spread


@batch_norm.mistake(
    "You normalize each example (axis 1): that is layer normalization. The batch lies along axis 0."
)
def over_features(x, gamma, beta, epsilon=1e-3):
    return gamma * _normalized(x, epsilon, axis=1) + beta


@batch_norm.mistake("One mean and variance for everything. Each feature has its own: axis=0.")
def over_everything(x, gamma, beta, epsilon=1e-3):
    return gamma * _normalized(x, epsilon, axis=None) + beta


@batch_norm.mistake("Divide by the square root of the variance, not by the variance.")
def root_missing(x, gamma, beta, epsilon=1e-3):
    return gamma * (x - np.mean(x, axis=0)) / (np.var(x, axis=0) + epsilon) + beta


@batch_norm.mistake("epsilon is not used: a feature that is constant over the batch gives 0/0.")
def epsilon_missing(x, gamma, beta, epsilon=1e-3):
    with np.errstate(all="ignore"):
        return gamma * (x - np.mean(x, axis=0)) / np.std(x, axis=0) + beta


@batch_norm.mistake("epsilon belongs under the root, added to the variance, not to the standard deviation.")
def epsilon_outside(x, gamma, beta, epsilon=1e-3):
    return gamma * (x - np.mean(x, axis=0)) / (np.std(x, axis=0) + epsilon) + beta


@batch_norm.mistake("Your epsilon is fixed. Use the one that is given.")
def epsilon_fixed(x, gamma, beta, epsilon=1e-3):
    return gamma * _normalized(x, 1e-3) + beta


@batch_norm.mistake("gamma and beta are missing: they scale and shift the normalized numbers.")
def gamma_and_beta_missing(x, gamma, beta, epsilon=1e-3):
    return _normalized(x, epsilon)


@batch_norm.mistake("gamma and beta are exchanged: gamma multiplies, beta is added.")
def gamma_and_beta_exchanged(x, gamma, beta, epsilon=1e-3):
    return beta * _normalized(x, epsilon) + gamma


@batch_norm.mistake("beta is added before gamma multiplies: write gamma * normalized + beta.")
def beta_scaled(x, gamma, beta, epsilon=1e-3):
    return gamma * (_normalized(x, epsilon) + beta)


@batch_norm.mistake("beta is missing: add it at the end.")
def beta_missing(x, gamma, beta, epsilon=1e-3):
    return gamma * _normalized(x, epsilon)


@batch_norm.mistake("gamma is missing: it multiplies the normalized numbers.")
def gamma_missing(x, gamma, beta, epsilon=1e-3):
    return _normalized(x, epsilon) + beta


@batch_norm.mistake("Your variance is divided by N - 1. Batch normalization divides by N, as np.var does.")
def unbiased_variance(x, gamma, beta, epsilon=1e-3):
    return gamma * _normalized(x, epsilon, ddof=1) + beta


@batch_norm.mistake("The mean is not subtracted.")
def mean_kept(x, gamma, beta, epsilon=1e-3):
    return gamma * x / np.sqrt(np.var(x, axis=0) + epsilon) + beta


@batch_norm.mistake("Smallest and largest do not matter here: use the mean and the variance of each feature.")
def scaled_to_limits(x, gamma, beta, epsilon=1e-3):
    low, high = np.min(x, axis=0), np.max(x, axis=0)
    return gamma * (x - low) / (high - low + epsilon) + beta


@batch_norm.mistake("The result is right, but `x -= ...` changes the array you were given: write x - mean.")
def x_changed(x, gamma, beta, epsilon=1e-3):
    x -= np.mean(x, axis=0)
    return gamma * x / np.sqrt(np.var(x, axis=0) + epsilon) + beta


@batch_norm.mistake("Put x - mean in parentheses: yours divides the mean alone by the root.")
def mean_alone_divided(x, gamma, beta, epsilon=1e-3):
    return gamma * x - x.mean(axis=0) / np.sqrt(x.var(axis=0) + epsilon) + beta


@batch_norm.mistake(
    "Call the layer with training=True: else it uses its moving averages, 0 and 1, not the batch."
)
def moving_averages_used(x, gamma, beta, epsilon=1e-3):
    return gamma * x / np.sqrt(1 + epsilon) + beta


@batch_norm.mistake(
    "Call the layer with training=True, and give it gamma and beta: yours uses its own averages, 0 and 1."
)
def fresh_layer_at_inference(x, gamma, beta, epsilon=1e-3):
    return x / np.sqrt(1 + epsilon)


@batch_norm.mistake(
    "Average over the batch, axis=0, for each feature: yours is layer normalization, and lacks gamma and beta."
)
def layer_normalization_alone(x, gamma, beta, epsilon=1e-3):
    return (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + epsilon)


@batch_norm.mistake(
    "Average over axis 0, the batch: your means are one for each example, and do not fit the features."
)
def over_features_without_keepdims(x, gamma, beta, epsilon=1e-3):  # raises, but for the square case
    return gamma * (x - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + epsilon) + beta


# ---------------------------------------------------------------------------------- inverted_dropout


@exercise(
    cases=[
        dict(x=np.array([[1.0, 2.0, 3.0, 4.0]]), mask=np.array([[1, 0, 1, 0]]), rate=0.5),
        dict(x=_random(3, 4), mask=np.array([[1, 1, 0, 1], [0, 1, 1, 1], [1, 1, 1, 0]]), rate=0.25),
        dict(x=_random(2, 5, seed=1), mask=np.ones((2, 5), int), rate=0.2),
        dict(x=_random(2, 3), mask=np.ones((2, 3), int), rate=0.0),
        dict(x=_random(10), mask=np.array([0, 0, 1, 0, 0, 0, 0, 1, 0, 0]), rate=0.9),
        dict(x=_random(2, 2, 2), mask=np.array([[[1, 0], [0, 1]], [[1, 1], [1, 0]]]), rate=0.3),
    ],
    hints=[
        "Multiply by the mask: what it drops becomes 0.",
        "At rate 0.5 half of the values are gone. By which factor must the others grow to keep the mean?",
        "The share 1 - rate is left, so divide by it.",
    ],
)
def inverted_dropout(x, mask, rate):
    """Dropout in training mode, with a mask that was drawn before.

    What the mask drops becomes 0. What it keeps is enlarged, so that over many masks the mean of each value
    stays what it was. Then nothing needs to change at inference; hence *inverted*.

    Args:
        x: float array of any shape; do not change it.
        mask: int array of the same shape, 1 keeps a value, 0 drops it.
        rate: float, 0 <= rate < 1, the probability with which a value is dropped.

    Returns:
        float array of the same shape.

    Source: Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
    """
    # BEGIN SOLUTION
    return x * mask / (1 - rate)
    # END SOLUTION


@inverted_dropout.mistake(
    "What is kept must grow, or the next layer gets smaller sums than at inference: divide by 1 - rate."
)
def not_enlarged(x, mask, rate):
    return x * mask


@inverted_dropout.mistake("Divide by the share that is kept, 1 - rate, not by the share that is dropped.")
def divided_by_rate(x, mask, rate):
    with np.errstate(all="ignore"):
        return np.divide(x * mask, rate)


@inverted_dropout.mistake("That makes the kept values smaller. They must grow: divide by 1 - rate.")
def multiplied_by_kept_share(x, mask, rate):
    return x * mask * (1 - rate)


@inverted_dropout.mistake("1 in the mask means keep. Yours drops those.")
def mask_inverted(x, mask, rate):
    return x * (1 - mask) / (1 - rate)


@inverted_dropout.mistake("The mask is not used: what it marks with 0 must become 0.")
def mask_unused(x, mask, rate):
    return x / (1 - rate)


@inverted_dropout.mistake("Divide by 1 - rate, not by the share that this mask happens to keep.")
def divided_by_mask_mean(x, mask, rate):
    return x * mask / np.mean(mask)


@inverted_dropout.mistake("x[mask == 1] leaves the dropped values out. They become 0 and keep their places.")
def values_left_out(x, mask, rate):
    return x[mask == 1] / (1 - rate)


@inverted_dropout.mistake("Multiplying by 1 + rate is not the same: at rate 0.5 the kept half must double.")
def multiplied_by_one_plus_rate(x, mask, rate):
    return x * mask * (1 + rate)


@inverted_dropout.mistake("The mask is given. Do not draw another one: use it.")
def own_mask(x, mask, rate):
    drawn = np.random.default_rng(0).random(x.shape) >= rate
    return x * drawn / (1 - rate)


@inverted_dropout.mistake(
    "That is the rule for inference in the first papers. Here the values kept in training grow."
)
def scaled_as_at_inference(x, mask, rate):
    return x * (1 - rate)


@inverted_dropout.mistake("The result is right, but x itself is changed: write x * mask, not x *= mask.")
def x_changed_by_mask(x, mask, rate):
    x *= mask
    return x / (1 - rate)


@inverted_dropout.mistake("Divide by 1 - rate; multiplying by rate makes the kept values smaller.")
def multiplied_by_rate(x, mask, rate):
    return x * mask * rate


@inverted_dropout.mistake("1 in the mask means keep, and what is kept must be divided by 1 - rate.")
def mask_inverted_not_enlarged(x, mask, rate):
    return x * (1 - mask)


@inverted_dropout.mistake(
    "Write (1 - rate) in parentheses: / comes before -, so yours subtracts rate at the end."
)
def parentheses_missing(x, mask, rate):
    return x * mask / 1 - rate


@inverted_dropout.mistake("Multiply by the mask, too: what it drops must become 0, not stay as it is.")
def dropped_values_stay(x, mask, rate):
    return np.where(mask == 1, x / (1 - rate), x)


@inverted_dropout.mistake(
    "Use the mask: nothing is dropped (a Dropout layer without training=True does nothing)."
)
def nothing_dropped(x, mask, rate):
    return x


@inverted_dropout.mistake("Take rate from the argument: yours doubles, which is right for rate 0.5 alone.")
def always_doubled(x, mask, rate):
    return x * mask * 2


# ---------------------------------------------------------------------------------------- best_epoch


@exercise(
    cases=[
        dict(history=[0.9, 0.7, 0.6, 0.65, 0.64, 0.66, 0.7, 0.72, 0.71], patience=3),
        dict(history=[0.9, 0.8, 0.7, 0.6], patience=2),
        dict(history=[0.5, 0.4996, 0.4992, 0.4988, 0.6, 0.7], patience=2),
        dict(history=[0.5, 0.6, 0.7, 0.4, 0.3], patience=2),
        dict(history=[0.5, 0.6, 0.55, 0.45, 0.5, 0.5, 0.5, 0.1], patience=3),
        dict(history=[0.8, 0.7, 0.7, 0.7, 0.7], patience=2),
        dict(history=[0.9, 0.5, 0.6], patience=5),
        dict(history=[0.4], patience=1),
        dict(history=[0.3, 0.4, 0.2], patience=1),
        dict(history=[1.0, 0.9, 0.95, 0.92, 0.91, 0.8], patience=3),
    ],
    hints=[
        "Walk through the losses with enumerate, and remember the best epoch so far.",
        "A loss below the best one makes this epoch the best. Else: how many epochs ago was the best?",
        "When epoch - best reaches patience, return (epoch, best). After the loop return the last epoch.",
    ],
)
def best_epoch(history, patience):
    """What early stopping does with a run: when it stops, and which weights it keeps.

    An epoch improves when its loss is strictly lower than every loss before it; the first always does.
    Training stops at the epoch at which `patience` epochs in a row have not improved. If that never
    happens, it ends with the last epoch. Kept are the weights of the best epoch seen until then.

    Args:
        history: list of floats, at least one: the validation loss of each epoch.
        patience: int, 1 or more.

    Returns:
        (stop, best): two ints, epochs counted from 0.
    """
    # BEGIN SOLUTION
    best = 0
    for epoch, loss in enumerate(history):
        if loss < history[best]:
            best = epoch
        elif epoch - best == patience:
            return epoch, best
    return len(history) - 1, best
    # END SOLUTION


def _walk(history, patience, improves=lambda loss, best: loss < best):
    """Early stopping as Keras counts it: (stop, best)."""
    best, waited = 0, 0
    for epoch, loss in enumerate(history):
        if epoch == 0 or improves(loss, history[best]):
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(history) - 1, best


@best_epoch.mistake("The order is (stop, best): first the epoch at which training stops.")
def best_first(history, patience):
    stop, best = _walk(history, patience)
    return best, stop


@best_epoch.mistake("Training never sees the epochs after the stop: a lower loss there does not count.")
def looks_into_the_future(history, patience):
    return _walk(history, patience)[0], int(np.argmin(history))


@best_epoch.mistake("An equal loss is no improvement: compare with <, not with <=.")
def equal_improves(history, patience):
    return _walk(history, patience, lambda loss, best: loss <= best)


@best_epoch.mistake("Compare with the best loss so far, not with the loss of the epoch before.")
def compares_with_previous(history, patience):
    best, waited = 0, 0
    for epoch in range(1, len(history)):
        waited = 0 if history[epoch] < history[epoch - 1] else waited + 1
        best = epoch if history[epoch] < history[best] else best
        if waited == patience:
            return epoch, best
    return len(history) - 1, best


@best_epoch.mistake("You wait one epoch too long: training stops when `patience` epochs have not improved.")
def one_epoch_too_long(history, patience):
    return _walk(history, patience + 1)


@best_epoch.mistake("You stop one epoch too early: `patience` epochs may pass without an improvement.")
def one_epoch_too_early(history, patience):
    return _walk(history, max(patience - 1, 1))


@best_epoch.mistake("The count of epochs without improvement must begin again at 0 after each improvement.")
def count_not_reset(history, patience):
    best, waited = 0, 0
    for epoch, loss in enumerate(history[1:], start=1):
        if loss < history[best]:
            best = epoch
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(history) - 1, best


@best_epoch.mistake("Epochs count from 0; yours count from 1.")
def counted_from_one(history, patience):
    stop, best = _walk(history, patience)
    return stop + 1, best + 1


@best_epoch.mistake("The run may end before patience is used up: then the stop is the last epoch.")
def stop_beyond_the_end(history, patience):
    best = _walk(history, patience)[1]
    return best + patience, best


@best_epoch.mistake("That is where the run would end without early stopping.")
def never_stops(history, patience):
    return len(history) - 1, int(np.argmin(history))


@best_epoch.mistake("The weights kept are those of the best epoch, not of the last.")
def keeps_the_last(history, patience):
    stop = _walk(history, patience)[0]
    return stop, stop


@best_epoch.mistake("You return losses. Return the numbers of the epochs.")
def losses_returned(history, patience):
    stop, best = _walk(history, patience)
    return history[stop], history[best]


@best_epoch.mistake("A lower loss is better; you keep the highest.")
def highest_loss(history, patience):
    return _walk(history, patience, lambda loss, best: loss > best)


@best_epoch.mistake(
    "After the loop a result is missing: when training never stops early, return the last epoch."
)
def nothing_after_the_loop(history, patience):
    stop, best = _walk(history, patience)
    return (stop, best) if stop - best == patience else None


@best_epoch.mistake(
    "Compare with the best loss so far, not with the loss of the epoch before: that one is not the best."
)
def previous_is_best(history, patience):
    best, waited = 0, 0
    for epoch in range(1, len(history)):
        if history[epoch] < history[epoch - 1]:
            best, waited = epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(history) - 1, best


@best_epoch.mistake("Count from 0: the last epoch is len(history) - 1.")
def length_for_last_epoch(history, patience):
    stop, best = _walk(history, patience)
    return (stop, best) if stop - best == patience else (len(history), best)


@best_epoch.mistake(
    "Walk from the first epoch: you begin with the smallest loss of all, which training may never reach."
)
def smallest_of_all_plus_patience(history, patience):
    best = int(np.argmin(history))
    return min(best + patience, len(history) - 1), best


@best_epoch.mistake(
    "Walk from the first epoch, and stop at the last one at most: you add patience to the smallest loss's epoch."
)
def smallest_plus_patience_unbounded(history, patience):
    best = int(np.argmin(history))
    return best + patience, best


@best_epoch.mistake("Return the number of the best epoch, not its loss.")
def loss_of_the_best(history, patience):
    stop, best = _walk(history, patience)
    return stop, history[best]


@best_epoch.mistake("Return the epoch at which training stops: yours is the one after it.")
def epoch_after_the_stop(history, patience):
    stop, best = _walk(history, patience)
    return (stop + 1, best) if stop - best == patience else (stop, best)


@best_epoch.mistake("Return two numbers, (stop, best): yours is the best epoch alone.")
def best_alone(history, patience):
    return _walk(history, patience)[1]


@best_epoch.mistake("Return two numbers, (stop, best): yours is the stop alone.")
def stop_alone(history, patience):
    return _walk(history, patience)[0]


@best_epoch.mistake("Return the best epoch after the loop, too: you return the last one there.")
def last_is_best_without_a_stop(history, patience):
    stop, best = _walk(history, patience)
    return (stop, best) if stop - best == patience else (stop, stop)


@best_epoch.mistake("Leave the loop at the stop, with break or return: yours runs on to the last epoch.")
def loop_goes_on(history, patience):
    best = int(np.argmin(history))
    waited, stop = 0, len(history) - 1
    for epoch, loss in enumerate(history):
        waited = 0 if epoch == 0 or loss < min(history[:epoch]) else waited + 1
        stop = epoch if waited >= patience else stop
    return stop, best


# -------------------------------------------------------------------------------- training_callbacks


class _OneWeight(keras.Sequential):
    """A model of one weight that writes down its name and weight in place of saving a file."""

    def __init__(self):
        super().__init__([keras.Input((1,)), layers.Dense(1, use_bias=False)])
        self.files = {}

    def save(self, filepath, overwrite=True, **options):
        self.files[self.epoch()] = str(filepath)

    def save_weights(self, filepath, overwrite=True, **options):
        self.files[self.epoch()] = "weights only: " + str(filepath)

    def epoch(self):
        """The number of the epoch, which is the model's weight."""
        return int(self.get_weights()[0].item())


# For the path of each case a run of its own: (loss, accuracy, val_loss, val_accuracy) of every epoch.
_RUNS = {
    "best.keras": (  # the validation loss is at its best in epoch 2
        [0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.19, 0.18, 0.17, 0.16],
        [0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.91, 0.92, 0.93, 0.94],
        [0.9, 0.7, 0.5, 0.6, 0.55, 0.65, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9],
        [0.5, 0.6, 0.7, 0.65, 0.8, 0.75, 0.7, 0.7, 0.65, 0.6, 0.6, 0.6],
    ),
    "run_2.keras": (  # a pause of four epochs, which training survives
        [0.9, 0.8, 0.7, 0.6, 0.62, 0.61, 0.63, 0.5, 0.4, 0.45],
        [0.5, 0.6, 0.7, 0.75, 0.72, 0.73, 0.72, 0.8, 0.85, 0.84],
        [0.9, 0.8, 0.85, 0.85, 0.85, 0.795, 0.85, 0.85, 0.5, 0.55],
        [0.5, 0.4, 0.6, 0.55, 0.7, 0.65, 0.6, 0.75, 0.7, 0.7],
    ),
    "checkpoint.keras": (  # the first epoch stays the best
        [0.9, 0.8, 0.85, 0.7, 0.6, 0.5, 0.4],
        [0.5, 0.6, 0.55, 0.7, 0.75, 0.8, 0.85],
        [0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95],
        [0.6, 0.55, 0.62, 0.6, 0.64, 0.6, 0.6],
    ),
}


def _rehearsed(make_callbacks, path):
    """What the callbacks do in a run that is acted: stop, keep, save, and change the learning rate."""
    made = make_callbacks(path)
    what = "the result is a list of callbacks"
    if not isinstance(made, (list, tuple)):
        return {what: False}
    if not all(isinstance(one, keras.callbacks.Callback) for one in made):
        return {what: False}
    model = _OneWeight()
    model.compile(keras.optimizers.SGD(1.0), "mse", metrics=["accuracy"], run_eagerly=True)
    model.train_on_batch(np.zeros((1, 1)), np.zeros((1, 1)))  # from here on callbacks know the metrics
    model.stop_training = False
    callbacks, rates = keras.callbacks.CallbackList(list(made), model=model), []
    callbacks.on_train_begin()
    names = ("loss", "accuracy", "val_loss", "val_accuracy")
    for epoch, values in enumerate(zip(*_RUNS[path], strict=True)):
        model.set_weights([np.full((1, 1), epoch)])
        callbacks.on_epoch_begin(epoch)
        callbacks.on_epoch_end(epoch, dict(zip(names, values, strict=True)))
        rates.append(float(model.optimizer.learning_rate))
        if model.stop_training:
            break
    callbacks.on_train_end()
    return {
        what: True,
        "number of epochs until training stops": len(rates),
        "epoch whose weights the model has at the end": model.epoch(),
        "epochs after which a file is written": list(model.files),
        "names of the files": sorted(set(model.files.values())),
        "learning rate after each epoch": rates,
    }


_BROKEN_CALLBACKS = """\
# Each of the three runs, and each does not do what it should. Repair them: your code here.
return [
    keras.callbacks.EarlyStopping(monitor="loss", patience=5),
    keras.callbacks.ModelCheckpoint(path, monitor="val_accuracy"),
    keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=5),
]"""


@exercise(
    cases=[
        dict(path="best.keras"),
        dict(path="run_2.keras"),
        dict(path="checkpoint.keras"),
    ],
    hints=[
        "Which loss tells that the network learns its training data by heart?",
        "EarlyStopping has restore_best_weights, ModelCheckpoint has save_best_only. Both are False by default.",
        "With equal patience training stops at the moment the learning rate would fall. It must fall earlier.",
    ],
    observe=_rehearsed,
    starter=_BROKEN_CALLBACKS,
    seconds=15.0,
)
def training_callbacks(path):
    """Three callbacks that end, save and slow down a training by its validation results.

    - EarlyStopping stops when the validation loss has not improved for 5 epochs, and gives the model the
      weights of its best epoch;
    - ModelCheckpoint writes the model to `path` whenever the validation accuracy is the best so far;
    - ReduceLROnPlateau halves the learning rate when the validation loss has not improved for 2 epochs.

    Args:
        path: str that ends in .keras, the file for the best model.

    Returns:
        list of the three callbacks.
    """
    # BEGIN SOLUTION
    return [
        keras.callbacks.EarlyStopping(monitor="val_loss", patience=5, restore_best_weights=True),
        keras.callbacks.ModelCheckpoint(path, monitor="val_accuracy", save_best_only=True),
        keras.callbacks.ReduceLROnPlateau(monitor="val_loss", factor=0.5, patience=2),
    ]
    # END SOLUTION


def _callbacks(path, stopping=None, checkpoint=None, reduction=None):
    """The three callbacks with other arguments, for the mistakes below."""
    stopping = dict(monitor="val_loss", patience=5, restore_best_weights=True) | (stopping or {})
    checkpoint = dict(filepath=path, monitor="val_accuracy", save_best_only=True) | (checkpoint or {})
    reduction = dict(monitor="val_loss", factor=0.5, patience=2) | (reduction or {})
    return [
        keras.callbacks.EarlyStopping(**stopping),
        keras.callbacks.ModelCheckpoint(**checkpoint),
        keras.callbacks.ReduceLROnPlateau(**reduction),
    ]


@training_callbacks.mistake(
    "EarlyStopping watches a result on training data, which improves on while the network overfits: "
    'monitor="val_loss".'
)
def stops_by_training_loss(path):
    return _callbacks(path, stopping=dict(monitor="loss"))


@training_callbacks.mistake(
    "EarlyStopping leaves the model with its last weights: restore_best_weights=True."
)
def best_weights_not_restored(path):
    return _callbacks(path, stopping=dict(restore_best_weights=False))


@training_callbacks.mistake(
    'EarlyStopping is missing, or still watches the training loss and restores nothing: monitor="val_loss".'
)
def stopping_as_in_starter(path):
    return _callbacks(path, stopping=dict(monitor="loss", restore_best_weights=False))


@training_callbacks.mistake(
    "ModelCheckpoint overwrites the file after every epoch, good or bad: save_best_only=True."
)
def saves_every_epoch(path):
    return _callbacks(path, checkpoint=dict(save_best_only=False))


@training_callbacks.mistake(
    "ModelCheckpoint goes by the validation loss. Asked for is the validation accuracy."
)
def saves_by_loss(path):
    return _callbacks(path, checkpoint=dict(monitor="val_loss"))


@training_callbacks.mistake('ModelCheckpoint goes by the training accuracy: monitor="val_accuracy".')
def saves_by_training_accuracy(path):
    return _callbacks(path, checkpoint=dict(monitor="accuracy"))


@training_callbacks.mistake(
    "ReduceLROnPlateau waits as long as EarlyStopping, so that it never acts: patience=2."
)
def reduces_too_late(path):
    return _callbacks(path, reduction=dict(patience=5))


@training_callbacks.mistake("ReduceLROnPlateau watches the training loss. Asked for is the validation loss.")
def reduces_by_training_loss(path):
    return _callbacks(path, reduction=dict(monitor="loss"))


@training_callbacks.mistake(
    "The learning rate is divided by ten, the default. Asked for is half: factor=0.5."
)
def reduces_to_a_tenth(path):
    return _callbacks(path, reduction=dict(factor=0.1))


@training_callbacks.mistake("The patience of EarlyStopping and of ReduceLROnPlateau are exchanged: 5 and 2.")
def patience_exchanged(path):
    return _callbacks(path, stopping=dict(patience=2), reduction=dict(patience=5))


@training_callbacks.mistake("EarlyStopping waits 2 epochs. Asked for are 5.")
def stops_after_two(path):
    return _callbacks(path, stopping=dict(patience=2))


@training_callbacks.mistake('The best accuracy is the highest: leave out mode="min".')
def lowest_accuracy(path):
    return _callbacks(path, checkpoint=dict(mode="min"))


@training_callbacks.mistake('Without quotes: path is the parameter, "path.keras" another file.')
def path_in_quotes(path):
    return _callbacks("path.keras")


@training_callbacks.mistake("Return a list of three callbacks, each made with its parentheses.")
def one_callback(path):
    return _callbacks(path)[0]


@training_callbacks.mistake(
    "Only EarlyStopping is in the list; ModelCheckpoint and ReduceLROnPlateau are missing."
)
def stopping_alone(path):
    return _callbacks(path)[:1]


@training_callbacks.mistake(
    "ReduceLROnPlateau never acts: it is missing, or its patience is left at 10. Asked for is patience=2."
)
def reduction_missing(path):
    return _callbacks(path)[:2]


@training_callbacks.mistake("ModelCheckpoint is missing: nothing is saved.")
def checkpoint_missing(path):
    stopping, _checkpoint, reduction = _callbacks(path)
    return [stopping, reduction]


@training_callbacks.mistake(
    "EarlyStopping needs patience=5: its default 0 stops at the first epoch that is no better."
)
def stops_at_once(path):
    return _callbacks(path, stopping=dict(patience=0))


@training_callbacks.mistake(
    'EarlyStopping watches the validation accuracy. Asked for is the loss: monitor="val_loss".'
)
def stops_by_accuracy(path):
    return _callbacks(path, stopping=dict(monitor="val_accuracy"))


@training_callbacks.mistake(
    'ReduceLROnPlateau watches the validation accuracy. Asked for is the loss: monitor="val_loss".'
)
def reduces_by_accuracy(path):
    return _callbacks(path, reduction=dict(monitor="val_accuracy"))


@training_callbacks.mistake('Leave out mode="max" in EarlyStopping: a loss is better when it is lower.')
def stopping_upside_down(path):
    return _callbacks(path, stopping=dict(mode="max"))


@training_callbacks.mistake('Leave out mode="max" in ReduceLROnPlateau: a loss is better when it is lower.')
def reduction_upside_down(path):
    return _callbacks(path, reduction=dict(mode="max"))


@training_callbacks.mistake("Give ModelCheckpoint the argument path: your file has a fixed name.")
def file_name_fixed(path):
    return _callbacks("best.keras")


@training_callbacks.mistake(
    "Set restore_best_weights=True in EarlyStopping and save_best_only=True in ModelCheckpoint."
)
def both_defaults_left(path):
    return _callbacks(path, stopping=dict(restore_best_weights=False), checkpoint=dict(save_best_only=False))


@training_callbacks.mistake(
    "EarlyStopping must restore the best weights, and ReduceLROnPlateau must act before it: patience=2."
)
def restored_nothing_and_late(path):
    return _callbacks(path, stopping=dict(restore_best_weights=False), reduction=dict(patience=5))


@training_callbacks.mistake(
    "ModelCheckpoint's second argument is right; the third is verbose: write save_best_only=True by name."
)
def third_is_verbose(path):
    return _callbacks(path, stopping=dict(min_delta=5, patience=0), checkpoint=dict(save_best_only=False))


# ------------------------------------------------------------------------------- build_two_block_cnn


def _model_and_rates(build):
    """The model, and its Dropout layers, which hardly show in what it gives."""
    model = build()
    if not isinstance(model, keras.Model):
        return {"model": model}
    if not model.built:
        model(np.zeros((1, 28, 28, 1), "float32"))
    found = _dropout_layers(model)
    return {
        "model": model,
        "rates of the Dropout layers": [one.rate for one in found],
        "height of the maps that reach the Dropout layers": [
            _height_before(one, usual) for one, usual in zip(found, (14, 7), strict=False)
        ],
    }


def _dropout_layers(layer):
    """All Dropout layers in a model or layer; SpatialDropout drops whole maps, and is another layer."""
    found = []
    for one in sublayers(layer):
        spatial = isinstance(one, layers.SpatialDropout2D)
        found += [one] if isinstance(one, layers.Dropout) and not spatial else _dropout_layers(one)
    return found


def _height_before(dropout, usual):
    """Height of what a Dropout layer reads; the usual one where the layer does not tell, in a class of its own."""
    try:
        return int(dropout.input.shape[1])
    except (AttributeError, ValueError):
        return usual


_BROKEN_NETWORK = """\
# One line is wrong, and the network runs all the same. Repair it: your code here.
inputs = keras.Input((28, 28, 1))
first = inputs
for _repeat in range(2):
    first = layers.Conv2D(32, 3, padding="same", activation="relu")(first)
    first = layers.BatchNormalization()(first)
first = layers.Dropout(0.25)(layers.MaxPooling2D(2)(first))
second = inputs
for _repeat in range(2):
    second = layers.Conv2D(64, 3, padding="same", activation="relu")(second)
    second = layers.BatchNormalization()(second)
second = layers.Dropout(0.25)(layers.MaxPooling2D(2)(second))
x = layers.Dense(512, activation="relu")(layers.Flatten()(second))
x = layers.BatchNormalization()(x)
return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))"""


@exercise(
    cases=[{}],
    hints=[
        "Print the layers of your model: how many convolutions are there, and what shape goes into Flatten?",
        "Which variable does the second block begin with?",
        "second = first",
    ],
    observe=_model_and_rates,
    starter=_BROKEN_NETWORK,
    seconds=30.0,
)
def build_two_block_cnn():
    """A convnet of two blocks for Fashion-MNIST, in the functional API.

    A block is (Conv2D 3×3 `same` with ReLU, BatchNormalization) twice, MaxPooling2D 2, Dropout 0.25, in this order. The first
    block has 32 filters; the second has 64 and takes the first block's output. After them Flatten, Dense 512
    with ReLU, BatchNormalization, Dense 10 with softmax.

    Returns:
        keras.Model: images (28, 28, 1) to 10 probabilities. It need not be compiled.
    """
    # BEGIN SOLUTION
    inputs = keras.Input((28, 28, 1))
    first = inputs
    for _repeat in range(2):
        first = layers.Conv2D(32, 3, padding="same", activation="relu")(first)
        first = layers.BatchNormalization()(first)
    first = layers.Dropout(0.25)(layers.MaxPooling2D(2)(first))
    second = first
    for _repeat in range(2):
        second = layers.Conv2D(64, 3, padding="same", activation="relu")(second)
        second = layers.BatchNormalization()(second)
    second = layers.Dropout(0.25)(layers.MaxPooling2D(2)(second))
    x = layers.Dense(512, activation="relu")(layers.Flatten()(second))
    x = layers.BatchNormalization()(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    # END SOLUTION


def _two_blocks(
    filters=(32, 64),
    convolutions=2,
    padding="same",
    activation="relu",
    norm="after",
    pooling=layers.MaxPooling2D,
    rates=(0.25, 0.25),
    flatten=layers.Flatten,
    units=512,
    dense_norm=True,
    last="softmax",
    second_takes="first",
):
    """The network with one thing different, for the mistakes below."""
    inputs = keras.Input((28, 28, 1))
    x = inputs
    for number, (count, rate) in enumerate(zip(filters, rates, strict=True)):
        x = inputs if number and second_takes == "input" else x
        for _repeat in range(convolutions):
            if norm == "before":
                x = layers.BatchNormalization()(layers.Conv2D(count, 3, padding=padding)(x))
                x = layers.Activation(activation)(x)
            else:
                x = layers.Conv2D(count, 3, padding=padding, activation=activation)(x)
                x = layers.BatchNormalization()(x) if norm else x
        x = pooling(2)(x)
        x = layers.Dropout(rate)(x) if rate else x
    x = layers.Dense(units, activation=activation)(flatten()(x))
    x = layers.BatchNormalization()(x) if dense_norm else x
    return keras.Model(inputs, layers.Dense(10, activation=last)(x))


@build_two_block_cnn.mistake(
    "The second block still takes the input, so the first block is not part of the model."
)
def second_block_takes_input():
    return _two_blocks(second_takes="input")


@build_two_block_cnn.mistake("The blocks have dropout 0.25; yours have 0.5.")
def dropout_of_a_half():
    return _two_blocks(rates=(0.5, 0.5))


@build_two_block_cnn.mistake("The dropout is missing at the end of both blocks.")
def no_dropout():
    return _two_blocks(rates=(0, 0))


@build_two_block_cnn.mistake("Only one block ends with dropout. Both do.")
def one_dropout():
    return _two_blocks(rates=(0, 0.25))


@build_two_block_cnn.mistake("The batch normalization after the convolutions is missing.")
def no_norm_in_blocks():
    return _two_blocks(norm=None)


@build_two_block_cnn.mistake(
    'The batch normalization stands before ReLU. Here it comes after: activation="relu" in the convolution.'
)
def norm_before_activation():
    return _two_blocks(norm="before")


@build_two_block_cnn.mistake("The batch normalization after Dense 512 is missing.")
def no_norm_after_dense():
    return _two_blocks(dense_norm=False)


@build_two_block_cnn.mistake("Each block has two convolutions; yours has one.")
def one_convolution():
    return _two_blocks(convolutions=1)


@build_two_block_cnn.mistake('The convolutions keep the size: padding="same".')
def valid_padding():
    return _two_blocks(padding="valid")


@build_two_block_cnn.mistake("The filters are in reversed order: 32 in the first block, 64 in the second.")
def filters_reversed():
    return _two_blocks(filters=(64, 32))


@build_two_block_cnn.mistake("Both blocks have 32 filters. The second has 64.")
def equal_filters():
    return _two_blocks(filters=(32, 32))


@build_two_block_cnn.mistake("The blocks end with the largest value of each window: MaxPooling2D.")
def average_pools():
    return _two_blocks(pooling=layers.AveragePooling2D)


@build_two_block_cnn.mistake("Flatten keeps every value. Global average pooling leaves only 64.")
def global_average():
    return _two_blocks(flatten=layers.GlobalAveragePooling2D)


@build_two_block_cnn.mistake("The dense layer has 512 units.")
def fewer_units():
    return _two_blocks(units=128)


@build_two_block_cnn.mistake(
    'The model gives logits. The last layer makes them probabilities: activation="softmax".'
)
def logits_returned():
    return _two_blocks(last=None)


@build_two_block_cnn.mistake("Sigmoid gives ten numbers that do not sum to 1. For one class of ten: softmax.")
def sigmoid_at_the_end():
    return _two_blocks(last="sigmoid")


@build_two_block_cnn.mistake(
    'The activations are missing: activation="relu" in the convolutions and in Dense 512.'
)
def activations_missing():
    return _two_blocks(activation=None)


@build_two_block_cnn.mistake(
    "keras.Model(inputs, outputs) must be returned; yours is the output alone, or nothing."
)
def model_not_returned():
    return _two_blocks().output


@build_two_block_cnn.mistake(
    "Put Dropout after the pooling, at the end of the block: yours stands before it."
)
def dropout_before_pooling():
    inputs = keras.Input((28, 28, 1))
    x = inputs
    for filters in (32, 64):
        for _repeat in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.BatchNormalization()(x)
        x = layers.MaxPooling2D(2)(layers.Dropout(0.25)(x))
    x = layers.BatchNormalization()(layers.Dense(512, activation="relu")(layers.Flatten()(x)))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


@build_two_block_cnn.mistake(
    "Flatten the second block's output: yours flattens the first's, so the second is not part of the model."
)
def first_block_flattened():
    return _two_blocks(filters=(32,), rates=(0.25,))


@build_two_block_cnn.mistake(
    "Batch normalization belongs after each convolution: yours stands once in a block."
)
def one_norm_in_a_block():
    inputs = keras.Input((28, 28, 1))
    x = inputs
    for filters in (32, 64):
        for _repeat in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(layers.BatchNormalization()(x)))
    x = layers.BatchNormalization()(layers.Dense(512, activation="relu")(layers.Flatten()(x)))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


@build_two_block_cnn.mistake('Dense 512 needs its activation="relu".')
def dense_without_relu():
    inputs = keras.Input((28, 28, 1))
    x = inputs
    for filters in (32, 64):
        for _repeat in range(2):
            x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
            x = layers.BatchNormalization()(x)
        x = layers.Dropout(0.25)(layers.MaxPooling2D(2)(x))
    x = layers.BatchNormalization()(layers.Dense(512)(layers.Flatten()(x)))
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


@build_two_block_cnn.mistake("MaxPooling2D halves height and width: it is missing at the end of the blocks.")
def pooling_missing():
    return _two_blocks(pooling=lambda size: layers.Identity())


# ----------------------------------------------------------------------------- update_moving_average


@exercise(
    extra=True,
    cases=[
        dict(moving=np.array([0.0, 1.0]), batch_value=np.array([1.0, 3.0])),
        dict(moving=2.0, batch_value=4.0, momentum=0.9),
        dict(moving=_random(4), batch_value=_random(4, seed=1), momentum=0.5),
        dict(moving=_random(3), batch_value=_random(3, seed=2), momentum=1.0),
        dict(moving=np.array([5.0]), batch_value=np.array([-1.0]), momentum=0.0),
        dict(moving=np.array([0.0, -2.0]), batch_value=np.array([10.0, 10.0]), momentum=0.99),
    ],
    hints=[
        "With momentum 1 nothing changes; with momentum 0 the new value replaces the old.",
        "The two weights sum to 1: momentum for the old value, 1 - momentum for the new one.",
    ],
)
def update_moving_average(moving, batch_value, momentum=0.99):
    """One update of a moving average, as batch normalization makes it after each training step.

    Args:
        moving: float or float array, the average so far; do not change it.
        batch_value: float or array of the same shape, the mean (or variance) of the present batch.
        momentum: float from 0 to 1, the weight of the *old* value, as in Keras.

    Returns:
        float or array of the same shape: the new average.
    """
    # BEGIN SOLUTION
    return momentum * moving + (1 - momentum) * batch_value
    # END SOLUTION


@update_moving_average.mistake(
    "The weights are exchanged: in Keras momentum weighs the old value. (In PyTorch it weighs the new one.)"
)
def weights_exchanged(moving, batch_value, momentum=0.99):
    return (1 - momentum) * moving + momentum * batch_value


@update_moving_average.mistake("The new value needs its weight, too: 1 - momentum.")
def new_value_unweighted(moving, batch_value, momentum=0.99):
    return momentum * moving + batch_value


@update_moving_average.mistake("The old value needs its weight, too: momentum.")
def old_value_unweighted(moving, batch_value, momentum=0.99):
    return moving + (1 - momentum) * batch_value


@update_moving_average.mistake("That weighs both equally. Use momentum and 1 - momentum.")
def plain_mean(moving, batch_value, momentum=0.99):
    return (moving + batch_value) / 2


@update_moving_average.mistake("The old average is forgotten: it keeps the weight momentum.")
def old_value_forgotten(moving, batch_value, momentum=0.99):
    return batch_value


@update_moving_average.mistake("The weights must sum to 1: momentum and 1 - momentum.")
def both_weighted_alike(moving, batch_value, momentum=0.99):
    return momentum * (moving + batch_value)


@update_moving_average.mistake("The sign is wrong: the average moves toward the batch, not away from it.")
def moves_away(moving, batch_value, momentum=0.99):
    return moving - (1 - momentum) * (batch_value - moving)


@update_moving_average.mistake("momentum is fixed in your answer. Use the one that is given.")
def momentum_fixed(moving, batch_value, momentum=0.99):
    return 0.99 * moving + 0.01 * batch_value


@update_moving_average.mistake("The new value weighs 1 - momentum: yours is fixed at 0.01.")
def new_weight_fixed(moving, batch_value, momentum=0.99):
    return momentum * moving + 0.01 * batch_value


@update_moving_average.mistake("Add the two weighted values: yours subtracts the second.")
def second_subtracted(moving, batch_value, momentum=0.99):
    return momentum * moving - (1 - momentum) * batch_value


@update_moving_average.mistake("Add momentum · the old average: you return the share of the new value alone.")
def new_share_alone(moving, batch_value, momentum=0.99):
    return (1 - momentum) * batch_value


@update_moving_average.mistake("Write (1 - momentum) in parentheses before you multiply.")
def weight_without_parentheses(moving, batch_value, momentum=0.99):
    return momentum * moving + 1 - momentum * batch_value


@update_moving_average.mistake("Leave batch_value as it is: it is a mean already, one for each feature.")
def averaged_again(moving, batch_value, momentum=0.99):
    return momentum * moving + (1 - momentum) * np.mean(batch_value)


# --------------------------------------------------------------------------------------------- quiz

loss_of_guessing = quiz(
    "A network for ten classes has a loss of 2.30 from the first step to the last. What does it do?",
    options={
        "a": (
            "It has learned half of the classes.",
            "Then the loss would be lower: about 1.6 where it guesses among five.",
        ),
        "b": (
            "It gives every class about the same probability.",
            "-log(1/10) = 2.30. Whoever sees this number looks for a learning rate too large, a dead network, or wrong labels.",
        ),
        "c": ("It overfits.", "A network that overfits has a low loss on its training data."),
        "d": ("It is always wrong.", "A network that is sure and always wrong has a much larger loss."),
    },
    right="b",
)

vanishing = quiz(
    "Why does a deep network of sigmoid layers hardly learn?",
    options={
        "a": (
            "Each layer multiplies the gradient by a slope of at most 1/4, so that little is left for the first layers.",
            "That is the vanishing gradient. The slope of ReLU is 1 wherever it is active.",
        ),
        "b": (
            "Sigmoid takes too long to compute.",
            "It costs a little more than ReLU; that changes the time, not the loss.",
        ),
        "c": ("Its gradients become too large.", "Look at the plot: the curve falls toward the first layer."),
        "d": ("It has too few parameters.", "It has as many as the ReLU network, which learns."),
    },
    right="a",
)

batch_norm_trap = quiz(
    "Training accuracy is high. The same images at inference: accuracy as by guessing. The network has batch "
    "normalization with its default momentum and was trained for 150 steps. What is wrong?",
    options={
        "a": (
            "It overfits.",
            "These are the training images themselves. A network that overfits knows them by heart.",
        ),
        "b": (
            "Its moving averages have not arrived yet.",
            "Training uses the batch's own mean and variance, inference the moving ones, and those still hold a part of their first values, 0 and 1.",
        ),
        "c": ("The learning rate is too large.", "Then the training accuracy would suffer, too."),
        "d": (
            "gamma and beta were not trained.",
            "They were, by the same gradients as all weights. Only the moving averages are counted.",
        ),
    },
    right="b",
)

where_dropout = quiz(
    "What does dropout do in a dense network?",
    options={
        "a": (
            "It removes weights for good, so that the network becomes smaller.",
            "The next step draws another mask, and at inference every unit works.",
        ),
        "b": (
            "At each training step it silences random units after a hidden layer.",
            "No unit can rely on one certain partner (co-adaptation), so each must be useful on its own.",
        ),
        "c": ("It makes the predictions random.", "At inference (training=False) nothing is dropped."),
        "d": (
            "It makes the training loss fall faster.",
            "The training loss falls more slowly: the network works with a part of its units.",
        ),
    },
    right="b",
)

reading_curves = quiz(
    "The training loss falls in every epoch. The validation loss falls until epoch 6 and rises from then on. What helps?",
    options={
        "a": ("More epochs.", "More epochs let the two curves drift further apart."),
        "b": ("A larger network.", "It would learn the training data by heart even sooner."),
        "c": (
            "Dropout, more data, or the weights of epoch 6.",
            "From epoch 6 on the network learns what holds for its training images only.",
        ),
        "d": (
            "Nothing: the training loss is what counts.",
            "New data is what counts, and the validation loss stands for it.",
        ),
    },
    right="c",
)

dead_block = quiz(
    "The broken network trains. How do the numbers tell what is wrong?",
    options={
        "a": ("Its output has the wrong shape.", "It has: ten probabilities, as it should."),
        "b": (
            "It has as many layers as it should, but other parameters.",
            "Count the rows of the two lists once more.",
        ),
        "c": (
            "The layers of the first block are missing, and Flatten gets maps of 14×14 in place of 7×7.",
            "The second block takes the input. What does not lead from input to output is not in the model.",
        ),
        "d": (
            "It has fewer parameters in all.",
            "It has more: the larger maps give the dense layer more weights.",
        ),
    },
    right="c",
)


# ---------------------------------------------------------------------------------------- challenge


@challenge(
    examine=ClassifierChallenge(
        load=data.fashion_mnist,
        input_shape=(28, 28, 1),
        classes=10,
        parameters=60_000,
        steps=300,
        batch_size=64,
        asked=0.86,
    ),
    hints=[
        "With 300 steps each must count: look at section 2 for the optimizer and its learning rate.",
        "Batch normalization lets you take a larger learning rate. With so few steps: momentum=0.9.",
        "keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=300) takes large steps first and small ones at the end. Leave dropout out: nothing overfits in 300 steps.",
    ],
)
def build_fast_learner():
    """A convnet that learns Fashion-MNIST in 300 steps: at least 86 % of the test images right.

    The check trains your model for 300 steps of 64 images, less than two epochs, with the optimizer and the
    loss you compiled it with, and measures it on 2,000 test images. Images are 28×28×1, from 0 to 1; labels
    are integers 0 to 9. You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (28, 28, 1) to 10 probabilities, fewer than 60,000 parameters.
    """
    # BEGIN SOLUTION
    model = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (16, 32, 64):
        model.add(layers.Conv2D(filters, 3, padding="same", activation="relu"))
        model.add(layers.BatchNormalization(momentum=0.9))
        model.add(layers.MaxPooling2D(2))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    schedule = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=300)
    model.compile(keras.optimizers.Adam(schedule), loss="sparse_categorical_crossentropy")
    return model
    # END SOLUTION


classifier_mistakes(build_fast_learner)
