"""Lesson 08: three seeds of restoring, denoising, finding anomalies and drawing digits, and the challenge."""

import keras
import numpy as np

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
SHOES = (5, 7, 9)


def measure():
    """For each seed: error at 32 numbers (PCA's once), decibels, area under ROC, share of draws recognized."""
    (x_train, y_train), (x_test, _y_test) = data.mnist()
    x_train, x_test = (images[..., None] / np.float32(255) for images in (x_train, x_test))
    judge = samples.digit_judge(x_train[:12_000], y_train[:12_000])
    pca = autoencoder.PrincipalComponents(x_train[:10_000], 32)
    linear = float(np.mean(reconstruction_error(x_test, pca.decode(pca.encode(x_test)))))
    results = {
        "pca_error": round(linear, 4),
        "autoencoder_errors": [],
        "denoised_decibels": [],
        "anomaly_areas": [],
        "recognized_draws": [],
    }
    for seed in SEEDS:
        results["autoencoder_errors"].append(_restored(x_train, x_test, seed))
        results["denoised_decibels"].append(_denoised(x_train, x_test, seed))
        results["anomaly_areas"].append(_anomalies(seed))
        results["recognized_draws"].append(_draws(x_train, judge, seed))
    return results | challenge("build_denoiser")


def _restored(x_train, x_test, seed):
    keras.utils.set_random_seed(seed)
    _encoder, _decoder, model = build_autoencoder(latent=32)
    autoencoder.train_autoencoder(model, x_train[:30_000], x_train[:30_000])
    restored = model.predict(x_test, batch_size=500, verbose=0)
    return round(float(np.mean(reconstruction_error(x_test, restored))), 4)


def _denoised(x_train, x_test, seed):
    keras.utils.set_random_seed(seed)
    random = np.random.default_rng(seed)
    model = autoencoder.denoiser()
    noise = random.normal(size=(32_000, 28, 28, 1)).astype(np.float32)
    noisy = add_noise(x_train[:32_000], 0.4, noise)
    autoencoder.train_autoencoder(model, noisy, x_train[:32_000], batch_size=64)
    noise = random.normal(size=(1000, 28, 28, 1)).astype(np.float32)
    clean = model.predict(add_noise(x_test[:1000], 0.4, noise), verbose=0)
    return round(float(np.mean([psnr(*pair) for pair in zip(clean, x_test[:1000], strict=True)])), 2)


def _anomalies(seed):
    (clothes, kinds), (new_clothes, new_kinds) = data.fashion_mnist()
    clothes, new_clothes = (images[..., None] / np.float32(255) for images in (clothes, new_clothes))
    own = clothes[np.isin(kinds, SHOES)]
    keras.utils.set_random_seed(seed)
    _encoder, _decoder, model = build_autoencoder(latent=8)
    autoencoder.train_autoencoder(model, own[:3000], own[:3000], epochs=6)
    errors = reconstruction_error(new_clothes, model.predict(new_clothes, batch_size=500, verbose=0))
    is_shoe = np.isin(new_kinds, SHOES)
    return round(autoencoder.area_under_roc(errors[is_shoe], errors[~is_shoe]), 3)


def _draws(x_train, judge, seed):
    keras.utils.set_random_seed(seed)
    model = autoencoder.VariationalAutoencoder(reparameterize, kl_divergence)
    autoencoder.train_variational(model, x_train[:30_000].reshape(-1, 784), epochs=6)
    draws = np.random.default_rng(seed).normal(size=(1000, 2))
    return round(samples.recognized(judge, model.images(draws))[0], 3)
