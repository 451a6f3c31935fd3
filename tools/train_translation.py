"""Train the networks that lesson 10 loads, with the lesson's own code, and write their weights to data/.

    python tools/train_translation.py                         both, about half an hour on two cores
    python tools/train_translation.py --only emoji_cyclegan   one of them
    python tools/train_translation.py --only fashion_styles --steps 100 --dry

It writes float16 arrays and the lines of MANIFEST; the cards in data/README.md name size and sha256.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import build_data

import labs

CYCLEGAN_STEPS, STYLES_STEPS = 3000, 4000
SEED = 10
STYLES_BATCH, STYLES_RATE = 32, 1e-3
PENALTY_EVERY, PENALTY_WEIGHT = 8, 1.0  # the gradient penalty is dear, so it comes rarely and counts more


def emoji_cyclegan(steps=CYCLEGAN_STEPS):
    """Weights of the lesson's CycleGAN after `steps` steps, the generators' averaged."""
    import keras

    from labs import adversarial, data, models, translation
    from labs.exercises.image_translation import cycle_loss, lsgan_loss

    (google, twitter), _test = data.emoji()
    keras.utils.set_random_seed(SEED)
    gan = translation.CycleGan(cycle_loss, lsgan_loss)
    scaled = translation.scaled(google), translation.scaled(twitter)
    adversarial.train(gan.step, translation.unpaired_batches(*scaled, seed=SEED), steps)
    gan.average()
    return models.named_weights(gan.networks())


def fashion_styles(steps=STYLES_STEPS):
    """Weights of a style-based generator of clothes after `steps` steps, averaged."""
    import keras

    from labs import adversarial, data, models, styles
    from labs.exercises.image_translation import adain, build_mapping_network

    (clothes, _labels), _test = data.fashion_mnist()
    keras.utils.set_random_seed(SEED)
    generator = styles.StyleGenerator(build_mapping_network(), adain)
    training = StyleTraining(generator, styles.discriminator())
    adversarial.train(training.step, batches(clothes), steps)
    training.average()
    return models.named_weights(training.generator.networks())


def batches(clothes):
    """Endless shuffled batches of uint8 images (N, 28, 28), mirrored at random, as (B, 28, 28, 1) from -1 to 1."""
    import tensorflow as tf

    images = clothes[..., None] / 127.5 - 1
    order = tf.data.Dataset.from_tensor_slices(images.astype("float32")).shuffle(len(images), seed=SEED)
    mirrored = order.repeat().map(lambda image: tf.image.random_flip_left_right(image, seed=SEED))
    return mirrored.batch(STYLES_BATCH).prefetch(2)


class StyleTraining:
    """The adversarial training of a style-based generator: logistic losses, mixed styles, a gradient penalty.

    Source: Karras, Laine, Aila, 2019; the penalty: Mescheder, Geiger, Nowozin, "Which training methods for GANs do
    actually converge?", 2018.
    """

    def __init__(self, generator, discriminator):
        import keras
        import tensorflow as tf

        self.generator, self.discriminator = generator, discriminator
        networks = generator.networks().values()
        self.weights = [weight for network in networks for weight in network.trainable_weights]
        self.optimizer, self.discriminator_optimizer = (
            keras.optimizers.Adam(STYLES_RATE, beta_1=0.0, beta_2=0.99, use_ema=average, ema_momentum=0.99)
            for average in (True, False)
        )
        self.optimizer.build(self.weights)
        self.discriminator_optimizer.build(discriminator.trainable_weights)
        self.done = 0
        self._compiled = tf.function(self._update)  # once with the penalty, once without

    def step(self, real):
        """One update of both networks; the losses before it."""
        penalized = self.done % PENALTY_EVERY == 0
        self.done += 1
        return self._compiled(real, penalized)

    def _update(self, real, penalized):
        import tensorflow as tf

        with tf.GradientTape() as tape, tf.GradientTape() as discriminator_tape:
            fake_scores = self.discriminator(self._fakes(len(real)))
            real_scores, penalty = self._judged(real, penalized)
            loss = tf.reduce_mean(tf.nn.softplus(-fake_scores))
            discriminator_loss = tf.reduce_mean(tf.nn.softplus(fake_scores))
            discriminator_loss += tf.reduce_mean(tf.nn.softplus(-real_scores)) + penalty
        self.optimizer.apply(tape.gradient(loss, self.weights), self.weights)
        weights = self.discriminator.trainable_weights
        self.discriminator_optimizer.apply(discriminator_tape.gradient(discriminator_loss, weights), weights)
        return {"generator": loss, "discriminator": discriminator_loss}

    def _fakes(self, count):
        """Images whose late layers have another style than the early ones, from a random layer on."""
        import tensorflow as tf

        from labs.styles import LAYERS, STAGES

        latents = tf.random.normal((2, count, self.generator.size))
        early, late = (self.generator.mapping(one)[:, None] for one in tf.unstack(latents))
        crossover = tf.random.uniform((count, 1, 1), 1, 2 * LAYERS, dtype=tf.int32)  # half of them not mixed
        styles = tf.where(tf.range(LAYERS)[None, :, None] < crossover, early, late)
        return self.generator.synthesis(
            [styles, *(tf.random.normal((count, side, side, 2)) for side, _channels in STAGES)]
        )

    def _judged(self, real, penalized):
        """Scores of real images, and the penalty on their gradient, 0 where it is left out."""
        import tensorflow as tf

        if not penalized:
            return self.discriminator(real), 0.0
        with tf.GradientTape() as tape:
            tape.watch(real)
            scores = self.discriminator(real)
        squares = tf.reduce_sum(tf.square(tape.gradient(scores, real)), axis=(1, 2, 3))
        return scores, PENALTY_EVERY * PENALTY_WEIGHT / 2 * tf.reduce_mean(squares)

    def average(self):
        """Give the generator the running average of its weights."""
        self.optimizer.finalize_variable_values(self.weights)


def main():
    """Train, and write one file for each network that was asked for."""
    made = {"emoji_cyclegan": emoji_cyclegan, "fashion_styles": fashion_styles}
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", choices=made, help="train one")
    parser.add_argument(
        "--steps", type=int, help="train as many steps; without, as many as the lesson's files"
    )
    parser.add_argument("--dry", action="store_true", help="write nothing")
    options = parser.parse_args()
    labs.start()
    for name in [options.only] if options.only else made:
        arrays = made[name](options.steps) if options.steps else made[name]()
        content = build_data.npz(**{key: values.astype("float16") for key, values in arrays.items()})
        if not options.dry:
            build_data.write([name], {f"{name}.npz": content})
    return 0


if __name__ == "__main__":
    sys.exit(main())
