"""Train the judge of digits that lessons 08 and 09 load.

    python tools/train_judge.py             train, say how many new digits it gets right (half a minute on two cores)
    python tools/train_judge.py --write     train, write data/digit_judge.npz and its line of MANIFEST

The file holds float16 arrays; its card in data/README.md names size and sha256.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import build_data

import labs

EPOCHS, SEED = 4, 8


def main():
    """Train, tell the accuracy, and write the weights when asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--write", action="store_true", help="write data/digit_judge.npz and MANIFEST")
    options = parser.parse_args()
    labs.start(seed=SEED)
    import numpy as np

    from labs import data, models, samples
    from labs.training import accuracy, train_classifier

    (images, labels), (new_images, new_labels) = (
        (digits[..., None] / np.float32(255), names) for digits, names in data.mnist()
    )
    judge = samples.judge_network()
    train_classifier(judge, images, labels, epochs=EPOCHS)
    print("accuracy {:.4f} ± {:.4f}".format(*accuracy(judge, new_images, new_labels)))
    if options.write:
        arrays = {
            name: values.astype("float16") for name, values in models.named_weights({"judge": judge}).items()
        }
        build_data.write(["digit_judge"], {"digit_judge.npz": build_data.npz(**arrays)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
