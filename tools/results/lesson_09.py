"""Lesson 09: three seeds of a GAN, its collapse and its recovery, and of the conditional GAN that goes on; the challenge."""

import keras
import numpy as np
import tensorflow as tf

from labs import adversarial, data, gan, samples
from labs.exercises.gan import build_discriminator, build_generator, discriminator_loss, generator_loss
from labs.training import endless_batches
from results.challenge import challenge

SEEDS = range(3)
STEPS = 400


def measure():
    """For each seed: share recognized of the GAN and of the conditional GAN; largest share of one class when collapsed and after both trained again."""
    (images, labels), _test = data.mnist()
    judge = samples.digit_judge()
    real = images[..., None] / np.float32(127.5) - 1
    results = {
        "recognized": [],
        "collapsed": [],
        "recovered": [],
        "conditional": [],
        "conditional_as_asked": [],
    }
    for seed in SEEDS:
        for name, value in _game(judge, real, seed).items():
            results[name].append(round(float(value), 3))
        for name, value in _conditional(judge, real, labels, seed).items():
            results[name].append(round(float(value), 3))
    return results | challenge("build_clothes_generator")


def _game(judge, real, seed):
    keras.utils.set_random_seed(seed)
    generator, discriminator = build_generator(latent=64), build_discriminator()
    noise = np.random.default_rng(seed).normal(size=(1000, 64)).astype(np.float32)
    together = _step(generator, discriminator, 2e-3, both=True)
    batches = endless_batches(real, batch_size=64, seed=seed)
    run = adversarial.train(together, batches, STEPS)
    recognized, _error = samples.recognized(judge, samples.drawn(generator, noise))
    adversarial.train(_step(generator, discriminator, 0.03, both=False), batches, 150)
    collapsed = samples.class_shares(judge, samples.drawn(generator, noise))
    adversarial.train(together, batches, STEPS + 150, run)
    recovered = samples.class_shares(judge, samples.drawn(generator, noise))
    return {"recognized": recognized, "collapsed": collapsed.max(), "recovered": recovered.max()}


def _step(generator, discriminator, rate, both):
    """A step of both networks, or of the generator alone, as the lesson writes it."""
    adam, other_adam = (keras.optimizers.Adam(rate, beta_1=0.5) for _network in range(2))

    @tf.function
    def step(images):
        with tf.GradientTape(persistent=True) as tape:
            fakes = generator(tf.random.normal((64, 64)), training=True)
            fake_logits = discriminator(fakes, training=both)
            losses = {"generator": generator_loss(fake_logits)}
            if both:
                losses["discriminator"] = discriminator_loss(
                    discriminator(images, training=True), fake_logits
                )
        weights, others = generator.trainable_variables, discriminator.trainable_variables
        gradients = tape.gradient(losses["generator"], weights)
        if both:
            other_adam.apply(tape.gradient(losses["discriminator"], others), others)
        adam.apply(gradients, weights)
        return losses

    return step


def _conditional(judge, real, labels, seed):
    keras.utils.set_random_seed(seed)
    model = gan.ConditionalGAN(discriminator_loss, generator_loss).load()
    batches = endless_batches((real, keras.utils.to_categorical(labels, 10)), batch_size=64, seed=seed)
    model.fit(batches, steps_per_epoch=40, shuffle=False, verbose=0)
    model.average()
    asked = np.arange(1000) % 10
    noise = np.random.default_rng(seed).normal(size=(1000, gan.LATENT))
    found = samples.probabilities(judge, (model.draw(asked, noise) + 1) / 2)
    sure = found.max(axis=-1) >= samples.CONFIDENCE
    return {
        "conditional": sure.mean(),
        "conditional_as_asked": (sure & (found.argmax(axis=-1) == asked)).mean(),
    }
