"""Train the networks that lesson 10 loads, with the lesson's own code, and write their weights to data/.

    python tools/train_translation.py                         both, about ten minutes on two cores
    python tools/train_translation.py --only emoji_cyclegan   one of them

It writes float16 arrays and the lines of MANIFEST; the cards in data/README.md name size and sha256. "Interrupt"
(Ctrl-C) ends a training early and goes on with what was learned.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import build_data

import labs

SEED = 10
CYCLEGAN_STEPS, CYCLEGAN_BATCH = 2500, 16
RESTORING_STEPS, ADVERSARIAL_STEPS, STYLES_BATCH = 1000, 1500, 64


def trained_cyclegan(seed):
    """The lesson's CycleGAN trained on the emoji that it may see, the generators' weights averaged."""
    import keras

    from labs import adversarial, data, translation
    from labs.exercises.image_translation import cycle_loss, lsgan_loss

    (google, twitter), _test = data.emoji()
    keras.utils.set_random_seed(seed)
    scaled = translation.scaled(google), translation.scaled(twitter)
    gan = translation.CycleGan(cycle_loss, lsgan_loss, *scaled)
    batches = translation.unpaired_batches(*scaled, CYCLEGAN_BATCH, seed)
    adversarial.train(gan.step, batches, CYCLEGAN_STEPS)
    gan.average()
    return gan


def emoji_cyclegan():
    """Weights of the lesson's CycleGAN: dict `network/number` → float32 array."""
    from labs import models

    return models.named_weights(trained_cyclegan(SEED).networks())


def fashion_styles():
    """Weights of a style-based generator of clothes, averaged: dict `network/number` → float32 array."""
    import keras
    import style_training

    from labs import adversarial, data, models, styles
    from labs.exercises.image_translation import adain, build_mapping_network

    (clothes, _labels), _test = data.fashion_mnist()
    batches = style_training.batches(clothes, STYLES_BATCH, SEED)
    keras.utils.set_random_seed(SEED)
    generator = styles.StyleGenerator(build_mapping_network(), adain)
    restoring = style_training.Restoring(generator)
    adversarial.train(restoring.step, batches, RESTORING_STEPS)
    training = style_training.Adversarial(generator, styles.discriminator())
    adversarial.train(training.step, batches, ADVERSARIAL_STEPS)
    training.average()
    return models.named_weights(generator.networks())


TRAININGS = {"emoji_cyclegan": emoji_cyclegan, "fashion_styles": fashion_styles}


def main():
    """Train, and write one file for each network that was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=TRAININGS, help="train one")
    options = parser.parse_args()
    labs.start()
    for name in [options.only] if options.only else TRAININGS:
        arrays = {key: values.astype("float16") for key, values in TRAININGS[name]().items()}
        build_data.write([name], {f"{name}.npz": build_data.npz(**arrays)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
