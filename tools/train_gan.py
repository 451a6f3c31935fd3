"""Train the conditional GAN that lesson 09 continues, with the lesson's own code.

    python tools/train_gan.py                   train, say what a judge of digits finds (some minutes on two cores)
    python tools/train_gan.py --write           train, write data/conditional_gan.npz and its line of MANIFEST
    python tools/train_gan.py --seed 1          from another seed

The file holds float16 arrays; its card in data/README.md names size and sha256.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import build_data

import labs

STEPS, BATCH_SIZE, SEED = 6000, 64, 9
DRAWN = 1000  # digits that the judge sees


def trained(seed):
    """A `labs.gan.ConditionalGAN` after its steps, the generator's weights averaged."""
    import keras
    import numpy as np
    import tensorflow as tf

    from labs import adversarial, data, gan
    from labs.exercises.gan import discriminator_loss, generator_loss
    from labs.training import endless_batches

    (images, labels), _test = data.mnist()
    examples = images[..., None] / np.float32(127.5) - 1, np.eye(gan.CLASSES, dtype=np.float32)[labels]
    keras.utils.set_random_seed(seed)
    model = gan.ConditionalGAN(discriminator_loss, generator_loss)
    adversarial.train(tf.function(model.train_step), endless_batches(examples, BATCH_SIZE, seed), STEPS)
    model.average()
    return model


def judged(model):
    """Share of drawn digits that a judge recognizes with 0.9 confidence, and of those that it takes for the digit asked for."""
    import numpy as np

    from labs import gan, samples

    judge = samples.digit_judge()
    asked = np.arange(DRAWN) % gan.CLASSES
    noise = np.random.default_rng(0).normal(size=(DRAWN, gan.LATENT))
    probabilities = samples.probabilities(judge, (model.draw(asked, noise) + 1) / 2)
    sure = probabilities.max(axis=-1) >= samples.CONFIDENCE
    return sure.mean(), (sure & (probabilities.argmax(axis=-1) == asked)).mean()


def main():
    """Train, tell what the judge finds, and write the weights when asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true", help="write data/conditional_gan.npz and MANIFEST")
    options = parser.parse_args()
    if options.write and options.seed != SEED:
        parser.error(f"the card in data/README.md names seed {SEED}: write without --seed")
    labs.start()
    model = trained(options.seed)
    sure, right = judged(model)
    print(f"seed {options.seed}: recognized {sure:.3f}, as the digit asked for {right:.3f}")
    if options.write:
        from labs.models import named_weights

        arrays = {name: values.astype("float16") for name, values in named_weights(model.networks).items()}
        build_data.write(["conditional_gan"], {"conditional_gan.npz": build_data.npz(**arrays)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
