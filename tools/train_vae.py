"""Train the variational autoencoders that lesson 08 loads, one for each beta, with the lesson's own code.

    python tools/train_vae.py                   train, say what a judge of digits finds (some minutes on two cores)
    python tools/train_vae.py --write           train, write data/digit_vae.npz and its line of MANIFEST
    python tools/train_vae.py --seed 1          from another seed

The file holds float16 arrays; its card in data/README.md names size and sha256.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import build_data

import labs

EPOCHS, RATE, SEED = 20, 1e-3, 8
DRAWN = 1000  # digits that the judge sees


def trained(beta, seed):
    """A `labs.autoencoder.VariationalAutoencoder` after its epochs of all 60,000 digits."""
    import keras
    import numpy as np

    from labs import autoencoder, data
    from labs.exercises.autoencoder import kl_divergence, reparameterize

    (images, _labels), _test = data.mnist()
    keras.utils.set_random_seed(seed)
    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence, beta=beta)
    flat = images.reshape(-1, 784) / np.float32(255)
    autoencoder.train_variational(model, flat, epochs=EPOCHS, rate=RATE)
    return model


def judged(model):
    """Share of images that a judge recognizes with 0.9 confidence: restored test digits, and images of random codes."""
    import numpy as np

    from labs import data, samples

    _train, (new, _labels) = data.mnist()
    judge = samples.digit_judge()
    codes = model.codes(new[:DRAWN].reshape(-1, 784) / np.float32(255))
    draws = np.random.default_rng(0).normal(size=(DRAWN, model.latent))
    return [samples.recognized(judge, model.images(places))[0] for places in (codes, draws)]


def main():
    """Train, tell what the judge finds, and write the weights when asked to."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--write", action="store_true", help="write data/digit_vae.npz and MANIFEST")
    options = parser.parse_args()
    if options.write and options.seed != SEED:
        parser.error(f"the card in data/README.md names seed {SEED}: write without --seed")
    labs.start()
    from labs.autoencoder import STORED_BETAS
    from labs.models import named_weights

    networks = {}
    for beta in STORED_BETAS:
        model = trained(beta, options.seed)
        restored, drawn = judged(model)
        print(f"seed {options.seed}, beta {beta:g}: recognized {restored:.3f} restored, {drawn:.3f} drawn")
        networks |= model.networks()
    if options.write:
        arrays = {name: values.astype("float16") for name, values in named_weights(networks).items()}
        build_data.write(["digit_vae"], {"digit_vae.npz": build_data.npz(**arrays)})
    return 0


if __name__ == "__main__":
    sys.exit(main())
