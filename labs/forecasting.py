"""What lesson 11 needs to forecast a series: splits, baselines, a network, an error."""

import keras
import numpy as np
from keras import layers

from labs.training import ProgressBar


def persistence(windows):
    """The forecast "it stays as it is": the last value of each window (N, window); (N,)."""
    return windows[:, -1]


def seasonal_naive(windows, season, horizon=1):
    """The forecast "as one season ago": the value `season` steps before each target.

    Args:
        windows: float array (N, window), window ≥ season - horizon + 1.
        season: int, steps of a season, at least horizon.
        horizon: int, steps from a window's last value to its target.

    Returns:
        float array (N,).
    """
    return windows[:, horizon - season - 1]


def linear(windows, targets, new_windows):
    """Forecasts (M,) of new windows (M, window): a weighted sum of each window, weights by least squares."""

    def with_one(values):  # for the bias
        return np.column_stack([values, np.ones(len(values))])

    weights, *_rest = np.linalg.lstsq(with_one(windows), targets, rcond=None)
    return with_one(new_windows) @ weights


def nearest(windows, targets, new_windows):
    """Forecasts (M,) of new windows: the target of the training window at the smallest Euclidean distance."""
    places = [np.argmin(np.sum((windows - window) ** 2, axis=1)) for window in new_windows]
    return targets[places]


def filled(values):
    """A series (T,) in which the last known value stands in place of each NaN; no later value is used."""
    known = np.where(np.isnan(values), 0, np.arange(len(values)))
    return values[np.maximum.accumulate(known)]


def mean_absolute_error(predicted, truths):
    """Mean of the absolute errors and its standard error; two floats.

    Neighboring errors are alike, so the standard error is taken over blocks of twelve; two blocks at least.
    """
    errors = np.abs(np.asarray(predicted) - truths)
    blocks = errors[: len(errors) // 12 * 12].reshape(-1, 12).mean(axis=1)
    return float(errors.mean()), float(blocks.std(ddof=1) / np.sqrt(len(blocks)))


class Forecaster:
    """A recurrent network that predicts a number from a window, on standardized values.

    Mean and deviation are those of the training windows: a scaler must not know the future.
    """

    def __init__(self, window, recurrent=layers.LSTM, units=32):
        self.model = keras.Sequential([keras.Input((window, 1)), recurrent(units), layers.Dense(1)])

    def fit(self, windows, targets, epochs=30, batch_size=32, rate=5e-3):
        """Train on windows (N, window) and targets (N,)."""
        self.mean, self.deviation = windows.mean(), windows.std()
        steps = epochs * -(-len(windows) // batch_size)
        schedule = keras.optimizers.schedules.CosineDecay(rate, decay_steps=steps)
        self.model.compile(keras.optimizers.Adam(schedule), loss="mean_absolute_error", steps_per_execution=8)
        self.model.fit(
            self._scaled(windows)[..., None],
            self._scaled(targets),
            epochs=epochs,
            batch_size=batch_size,
            verbose=0,
            callbacks=[ProgressBar()],
        )
        return self

    def predict(self, windows):
        """Forecasts (N,) of windows (N, window), in the units of the series."""
        scaled = self.model.predict(self._scaled(windows)[..., None], verbose=0)[:, 0]
        return scaled * self.deviation + self.mean

    def _scaled(self, values):
        return (values - self.mean) / self.deviation
