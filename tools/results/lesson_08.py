"""Lesson 08: three seeds of restoring, denoising, finding anomalies and drawing digits, and the challenge."""

import keras
import numpy as np
import train_vae

from labs import autoencoder, data, samples
from labs.exercises.autoencoder import (
    add_noise,
    build_autoencoder,
    kl_divergence,
    psnr,
    reconstruction_error,
    reparameterize,
)
from results.challenge import challenge

SEEDS = range(3)
OTHER_SEEDS = (train_vae.SEED + 1, train_vae.SEED + 2)  # beside that of the stored networks
SHOES = (5, 7, 9)


def measure():
    """For each seed: error at 32 numbers (PCA's once), decibels, area under ROC, and what random codes are worth.

    The variational autoencoders are the stored one, then two whole trainings (a minute each) that differ in the seed.
    """
    (x_train, _y_train), (x_test, _y_test) = data.mnist()
    x_train, x_test = (images[..., None] / np.float32(255) for images in (x_train[:12_000], x_test[:5000]))
    judge = samples.digit_judge()
    pca = autoencoder.PrincipalComponents(x_train[:10_000], 32)
    linear = float(np.mean(reconstruction_error(x_test, pca.decode(pca.encode(x_test)))))
    results = {
        "pca_error": round(linear, 4),
        "autoencoder_errors": [],
        "denoised_decibels": [],
        "anomaly_areas": [],
        "recognized_restored": [],
        "recognized_draws": [],
        "plain_recognized_restored": [],
        "plain_recognized_draws": [],
        "draws_farther": [],
        "plain_draws_farther": [],
        "plain_plane_draws_farther": [],
    }
    for seed, variational in zip(SEEDS, _variational(x_train, x_test, judge), strict=True):
        error, *plain = _restored(x_train, x_test, judge, 32, seed)
        _error, _shown, _drawn, plane_farther = _restored(x_train[:8000], x_test, judge, 2, seed)
        found = {
            "autoencoder_errors": error,
            "denoised_decibels": _denoised(x_train, x_test, seed),
            "anomaly_areas": _anomalies(seed),
            "plain_plane_draws_farther": plane_farther,
        }
        names = ("recognized_restored", "recognized_draws", "draws_farther")
        found |= dict(zip((f"plain_{name}" for name in names), plain, strict=True))
        found |= dict(zip(names, variational, strict=True))
        for name, value in found.items():
            results[name].append(value)
    return results | challenge("build_denoiser")


def _restored(images, x_test, judge, latent, seed):
    """Error of an autoencoder, shares recognized with codes of real digits and random ones, and how far these are."""
    keras.utils.set_random_seed(seed)
    encoder, decoder, model = build_autoencoder(latent)
    autoencoder.train_autoencoder(model, images, images)
    known, codes = (encoder.predict(part, batch_size=500, verbose=0) for part in (images[:10_000], x_test))
    restored = decoder.predict(codes, batch_size=500, verbose=0)
    random = np.random.default_rng(seed)
    draws = random.multivariate_normal(known.mean(axis=0), np.cov(known.T), 1000)
    drawn = decoder.predict(draws, batch_size=500, verbose=0)
    return (
        round(float(np.mean(reconstruction_error(x_test, restored))), 4),
        *_recognized(judge, restored[:1000, ..., 0], drawn[..., 0]),
        _farther(known, codes[:1000], draws),
    )


def _recognized(judge, restored, drawn):
    return [round(samples.recognized(judge, images)[0], 3) for images in (restored, drawn)]


def _farther(known, codes, draws):
    """How many times as far random codes are from the nearest known one as codes of new digits."""
    distances = [np.mean(autoencoder.distances(known, places)) for places in (draws, codes)]
    return round(float(distances[0] / distances[1]), 2)


def _denoised(x_train, x_test, seed):
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    model = autoencoder.denoiser()
    many = x_train[:10_000]
    noisy = add_noise(many, 0.4, random.normal(size=many.shape).astype(np.float32))
    autoencoder.train_autoencoder(model, noisy, many, batch_size=20, rate=0.012)
    noise = random.normal(size=(1000, 28, 28, 1)).astype(np.float32)
    clean = model.predict(add_noise(x_test[:1000], 0.4, noise), verbose=0)
    return round(float(np.mean([psnr(*pair) for pair in zip(clean, x_test[:1000], strict=True)])), 2)


def _anomalies(seed):
    (clothes, kinds), (new_clothes, new_kinds) = data.fashion_mnist()
    clothes, new_clothes = (images[..., None] / np.float32(255) for images in (clothes, new_clothes))
    own = clothes[np.isin(kinds, SHOES)]
    keras.utils.set_random_seed(seed)
    _encoder, _decoder, model = build_autoencoder(latent=8)
    autoencoder.train_autoencoder(model, own[:3000], own[:3000])
    errors = reconstruction_error(new_clothes, model.predict(new_clothes, batch_size=500, verbose=0))
    is_shoe = np.isin(new_kinds, SHOES)
    return round(autoencoder.area_under_roc(errors[is_shoe], errors[~is_shoe]), 3)


def _variational(x_train, x_test, judge):
    """For each training: shares recognized with codes of real digits and random ones, and how far these are."""
    stored = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence).load()
    for model in [stored, *(train_vae.trained(1, seed) for seed in OTHER_SEEDS)]:
        flat_train, flat_test = (images.reshape(-1, 784) for images in (x_train[:10_000], x_test[:1000]))
        random = np.random.default_rng(0)  # the same draws for all: the trainings are compared
        draws = random.normal(size=(1000, 2))
        known, codes = (
            np.asarray(
                reparameterize(*model.clouds(images), random.normal(size=(len(images), 2)).astype("f4"))
            )
            for images in (flat_train, flat_test)
        )
        shares = _recognized(judge, model.images(model.codes(flat_test)), model.images(draws))
        yield *shares, _farther(known, codes, draws)
