"""Lesson 04: its best small network trained for longer, over three seeds, and the challenge."""

from measure_longer_training import measured

from results.challenge import challenge


def measure():
    """Test accuracies of the challenge's network after longer training, and the challenge's accuracies."""
    accuracies = [float(accuracy) for _seed, accuracy in measured()]
    return {"longer_training_accuracies": accuracies} | challenge("build_efficient_cnn")
