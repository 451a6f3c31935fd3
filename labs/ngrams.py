"""The n-gram language model with Witten-Bell smoothing: counts in a table, no network.

An order of n means that a symbol is predicted from the n - 1 symbols before it.
"""

import numpy as np

from labs.errors import CourseError
from labs.text import _


class NGramModel:
    """Counts of all contexts up to order - 1 symbols, mixed so that no symbol has probability 0.

    Seen after a context h of n - 1 symbols: T(h) different symbols, c(h) in all. Then

        P(s | h) = (c(h, s) + T(h) · P(s | shorter h)) / (c(h) + T(h))

    and P is 1 / vocabulary where no symbol is known. A context that was never seen leaves the shorter one's answer.

    Source: Witten, Bell, "The zero-frequency problem", 1991; the mixed form: Chen, Goodman, 1998.
    """

    def __init__(self, ids, vocabulary, order):
        """Count in ids (T,), integers from 0 to vocabulary - 1.

        Raises:
            CourseError: a context of that order does not fit into an integer of 64 bits.
        """
        if order * np.log2(vocabulary) >= 63:
            sentence = _("Order {order} is too large for {vocabulary} symbols.")
            raise CourseError(sentence.format(order=order, vocabulary=vocabulary))
        self.vocabulary, self.order = vocabulary, order
        self.tables = [_Table(*self._keys(ids, n), vocabulary) for n in range(1, order + 1)]

    def _keys(self, ids, n):
        """Contexts of n - 1 symbols, and contexts with the symbol after them, as integers: two arrays (T - n + 1,)."""
        ids = np.asarray(ids, dtype=np.int64)
        contexts = np.zeros(max(0, len(ids) - n + 1), dtype=np.int64)
        for start in range(n - 1):
            contexts = contexts * self.vocabulary + ids[start : start + len(contexts)]
        return contexts, contexts * self.vocabulary + ids[n - 1 :]

    def entries(self):
        """How many pairs of context and symbol are stored up to each order: list of `order` ints."""
        return [len(table.pairs) for table in self.tables]

    def bits(self, ids, first):
        """Mean bits a symbol at each order from 1 on, for the symbols from index `first` on; list of `order` floats.

        The symbols before `first` serve as context; there must be at least order - 1 of them.
        """
        probabilities = np.full(len(ids) - first, 1 / self.vocabulary)
        means = []
        for n, table in enumerate(self.tables, 1):
            contexts, pairs = self._keys(ids[first - n + 1 :], n)
            probabilities = table.mix(contexts, pairs, probabilities)
            means.append(float(-np.log2(probabilities).mean()))
        return means

    def probabilities(self, context):
        """How likely each symbol is after a context of at least order - 1 symbols: float array (vocabulary,)."""
        symbols = np.arange(self.vocabulary)
        found = np.full(self.vocabulary, 1 / self.vocabulary)
        for n, table in enumerate(self.tables, 1):
            key = 0
            for symbol in context[len(context) - n + 1 :]:
                key = key * self.vocabulary + int(symbol)
            keys = np.full(self.vocabulary, key)
            found = table.mix(keys, keys * self.vocabulary + symbols, found)
        return found

    def write(self, vocabulary, prompt, length, seed=0):
        """A text of `length` symbols, drawn one by one, that continues a prompt; without the prompt.

        Args:
            vocabulary: the `Vocabulary` of the symbols.
            prompt: str of at least order - 1 symbols.
            length, seed: ints.
        """
        random = np.random.default_rng(seed)
        ids = list(vocabulary.encode(prompt))
        for _symbol in range(length):
            ids.append(random.choice(self.vocabulary, p=self.probabilities(ids)))
        return vocabulary.decode(ids[len(prompt) :])


def share_of_new(known, text, length):
    """The share of a text's windows of `length` symbols that another text, the known one, does not hold."""
    windows = {known[start : start + length] for start in range(len(known) - length + 1)}
    count = len(text) - length + 1
    return sum(text[start : start + length] not in windows for start in range(count)) / count


class _Table:
    """The counts of one order, sorted by key, so that many keys can be looked up at once."""

    def __init__(self, contexts, pairs, vocabulary):
        self.pairs, self.counts = np.unique(pairs, return_counts=True)
        self.contexts, places = np.unique(self.pairs // vocabulary, return_inverse=True)
        self.totals = np.bincount(places, weights=self.counts)
        self.kinds = np.bincount(places)

    def mix(self, contexts, pairs, shorter):
        """Witten-Bell's probabilities from those of the shorter contexts."""
        count = _look_up(self.pairs, self.counts, pairs)
        total = _look_up(self.contexts, self.totals, contexts)
        kinds = _look_up(self.contexts, self.kinds, contexts)
        return np.where(total > 0, (count + kinds * shorter) / np.maximum(total + kinds, 1), shorter)


def _look_up(keys, values, wanted):
    """The values of the wanted keys among sorted ones, 0 where there is none."""
    places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[places] == wanted, values[places], 0)
