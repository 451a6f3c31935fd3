# %% [markdown]
# # 09 · Two networks against each other
#
# ![Ten columns of handwritten digits, 0 to 9, each drawn by a network from random numbers.](pictures/09_gan.png)
#
# In lesson 08 each pixel had a target, and where two answers were possible the network drew their blurred mean. Today no pixel has a target: one network draws, another one judges.
#
# **After this lesson you can**
# 1. explain generator, discriminator and their two losses, and why the generator's loss is not the opposite of the discriminator's;
# 2. build both networks and their losses, read a training step of two networks, and watch it learn;
# 3. see mode collapse, measure it, and let a network draw the digit you ask for.
#
# {{measured}} **You need** lessons 01 and 02; lesson 06 for transposed convolution. **Time:** about 100 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=9)

import warnings

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from labs import adversarial, check, data, gan, plot, samples
from labs.training import endless_batches

# %% [markdown]
# ## 1 · The game
#
# A **generator** gets **random noise**, a list of random numbers, and makes an image of it, a fake. A **discriminator** gets images, some real, some fakes, and says which are real. The discriminator learns not to be fooled. The generator learns to fool it. Together they are a **generative adversarial network**, GAN.
#
# Real images, and the noise that fakes are made of:

# %%
(x_train, y_train), (x_test, y_test) = data.mnist()
real = x_train[..., None] / np.float32(127.5) - 1
random = np.random.default_rng(9)
noise = random.standard_normal((1000, 64), dtype=np.float32)
print(f"real images {real.shape[1:]}, pixels {real.min():.0f} to {real.max():.0f}; noise {noise.shape[1:]}")
plot.images(
    [*real[:6, ..., 0], *noise[:6].reshape(-1, 8, 8)],
    ["real"] * 6 + ["noise"] * 6,
    columns=6,
    alt="Six handwritten digits, and below them six squares of gray noise without any form",
)

# %% [markdown]
# Each list of 64 numbers, drawn here as an 8×8 square, becomes one image. Noise holds no digit.
#
# ## 2 · The generator
#
# It does the reverse of lesson 01's network: from few numbers to small maps, from small maps to large ones. `Conv2DTranspose` with `strides=2`, the **transposed convolution** of lesson 06, doubles the sides. For example: 64 numbers, a dense layer, 7×7×32, 14×14×16, 28×28×1. Batch norm stands before each activation but the last; it keeps the maps in range while the weights change. ReLU will do there. The last activation is **tanh**: pixels from -1 to 1, so the real ones are scaled to the same range.
#
# ### Exercise 1 · A generator

# %%
from labs.exercises.gan import build_generator

# %%
keras.utils.set_random_seed(9)
generator = build_generator(latent=64)
untrained = samples.drawn(generator, noise)
plot.images(untrained[:6], columns=6, alt="Six gray images of the untrained generator, all nearly alike")

# %% [markdown]
# Gray grain. Nothing tells it yet what a digit is.

# %% [markdown]
# ## 3 · The discriminator
#
# A classifier with two classes, and one logit as output: above 0 says *real*. The generator learns from the gradient that comes back *through* it, so gradients must get through.
#
# ReLU has no slope below 0. **LeakyReLU** lets a part through.
#
# ### Exercise 2 · LeakyReLU

# %%
from labs.exercises.gan import leaky_relu

# %%
x = np.linspace(-4, 3, 71)
plot.curves(
    {"ReLU": (x, np.maximum(x, 0)), "LeakyReLU": (x, leaky_relu(x))},
    "input",
    "output",
    alt="Above 0 both are the same line; below 0 ReLU stays at 0, and LeakyReLU goes on with a fifth of the slope",
)

# %% [markdown]
# Does it matter? We train the same network with both activations, real digits against the images above, with a learning rate that is too large. Then we count the channels of its second layer that are *silent*: negative for every image, so that no gradient passes. LeakyReLU cannot have any. **Predict:** how many of 32 does ReLU lose?

# %%
mixed = np.concatenate([real[:1000, ..., 0], 2 * untrained - 1])[..., None]  # drawn() gives 0 to 1
is_real = np.repeat([1.0, 0.0], 1000)
for text, slope in {"ReLU": 0.0, "LeakyReLU": 0.2}.items():
    keras.utils.set_random_seed(9)
    critic = keras.Sequential([keras.Input((28, 28, 1))])
    for filters in (16, 32):
        critic.add(layers.Conv2D(filters, 4, strides=2, padding="same"))
        critic.add(layers.LeakyReLU(slope))  # with a slope of 0 it is ReLU
    critic.add(layers.Flatten())
    critic.add(layers.Dense(1))
    critic.compile(keras.optimizers.Adam(0.03), keras.losses.BinaryCrossentropy(from_logits=True))
    critic.fit(mixed, is_real, batch_size=64, verbose=0)
    print("{}: {} of {} channels are silent".format(text, *gan.silent_channels(critic, mixed)))

# %% [markdown]
# ReLU now has **dead** channels: they give 0 for every image, and the gradient of their weights is 0. LeakyReLU has none: a fifth of the gradient passes where the input is negative.
#
# A last part: **dropout** before the output. A discriminator that memorizes the real images teaches nothing.
#
# ### Exercise 3 · A discriminator

# %%
from labs.exercises.gan import build_discriminator

# %%
check("leaky_in_discriminator", "c")

# %% [markdown]
# ## 4 · Two losses
#
# Let D = sigmoid(logit) = 1 / (1 + exp(-logit)): the probability of *real*. A real image costs -log D, a fake costs -log(1 - D). That is cross-entropy with label 1 for real images and label 0 for fakes, the **discriminator loss**.
#
# ### Exercise 4 · The discriminator's loss

# %%
from labs.exercises.gan import discriminator_loss

# %% [markdown]
# The generator wants D to be large for its fakes. Two losses say so: it can minimize log(1 - D), the opposite of what the discriminator minimizes for fakes, or -log D, the cross-entropy with the label of real images. The second is the **generator loss** in use.
#
# ### Exercise 5 · The generator's loss

# %%
from labs.exercises.gan import generator_loss

# %% [markdown]
# Both fall when D grows. Look at the left side, where fakes are found out.

# %%
logits = tf.constant(np.linspace(-8, 4, 61, dtype=np.float32))
plot.curves(
    {
        "-log D": (logits.numpy(), tf.nn.softplus(-logits).numpy()),  # softplus(x) = log(1 + exp(x))
        "log(1 - D)": (logits.numpy(), -tf.nn.softplus(logits).numpy()),
    },
    "logit of a fake",
    "loss of the generator",
    alt="On the left, where logits are small, -log D is a steep line, and log(1 - D) is flat and near 0",
)

# %%
early = tf.constant([[np.log(0.001 / 0.999)]], tf.float32)  # the logit of D = 0.001
with tf.GradientTape(persistent=True) as tape:  # persistent: it is asked twice
    tape.watch(early)
    ours, opposite = generator_loss(early), -tf.nn.softplus(early)
slopes = {
    "-log D": tape.gradient(ours, early).numpy()[0, 0],
    "log(1 - D)": tape.gradient(opposite, early).numpy()[0, 0],
}
print({text: f"{slope:.4f}" for text, slope in slopes.items()})

# %% [markdown]
# When the discriminator is far ahead, it finds every fake out. There log(1 - D) is flat, it *saturates*: the generator would learn nothing when it has most to learn. So -log D is called the non-saturating loss.

# %%
check("why_non_saturating", "a")

# %%
check("two_equal_losses", "a")

# %% [markdown]
# ## 5 · One training step
#
# Here it is, whole. The usual `fit` has one loss and one optimizer; we have two of each, so we write the step ourselves. Both gradients are computed before any weight changes. Then each optimizer moves the weights of its own network only.
#
# `@tf.function` compiles the step, for speed. `beta_1=0.5` in place of 0.9 means less momentum, usual for GANs. The album will keep what the generator draws from the same noise.

# %%
keras.utils.set_random_seed(9)
generator, discriminator = build_generator(latent=64), build_discriminator()
generator_optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5)
discriminator_optimizer = keras.optimizers.Adam(2e-3, beta_1=0.5)
batches = endless_batches(real, batch_size=64, seed=9)
album = samples.Album(generator, noise, [0, 25, 50, 100, 200, 400])
run = None  # no steps yet


@tf.function
def step(images):
    with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
        fakes = generator(tf.random.normal((tf.shape(images)[0], 64)), training=True)
        real_logits = discriminator(images, training=True)
        fake_logits = discriminator(fakes, training=True)
        losses = {
            "discriminator": discriminator_loss(real_logits, fake_logits),
            "generator": generator_loss(fake_logits),
        }
    weights, others = generator.trainable_variables, discriminator.trainable_variables
    gradients = generator_tape.gradient(losses["generator"], weights)
    other_gradients = discriminator_tape.gradient(losses["discriminator"], others)
    generator_optimizer.apply(gradients, weights)
    discriminator_optimizer.apply(other_gradients, others)
    return losses


# %%
check("generator_step", "b")

# %%
check("generator_sees", "b")

# %% [markdown]
# ## 6 · Watching it learn
#
# 400 steps of 64 images, less than half an epoch. (About 10 seconds on two quiet cores.) `adversarial.train` calls the step again and again. You can interrupt it: nothing is lost, and the cell goes on when you run it again. (Section 5's cell begins anew.)
#
# **Predict:** will the two losses fall, as in lesson 02?

# %%
run = adversarial.train(step, batches, 400, run, watch=album)

# %%
plot.mosaic(
    album.strip(14),
    "the same 14 noise vectors in each row",
    "steps",
    rows=list(album.pages),
    alt="Gray grain at step 0, blurred spots at steps 50 and 100, white strokes and some digits at 200 and 400",
)

# %%
plot.curves(
    run.losses,
    "step",
    "loss",
    levels=[2 * np.log(2), np.log(2)],
    alt="Both losses jump at the start, then come nearer to thin lines at 1.39 and 0.69",
)

# %% [markdown]
# Some images become digits, many stay scribbles. The losses say little of it: after jumps, which become rarer, they come slowly nearer to the thin lines, 1.39 and 0.69, the values of a discriminator that guesses. Each loss tells how a network does *against the other*.
#
# So we need a measure from outside. As in lesson 08, a judge, a classifier trained on all 60,000 digits, tells how many it recognizes with 0.9 confidence.

# %%
judge = samples.digit_judge()
for number, page in list(album.pages.items())[1:]:
    share, error = samples.recognized(judge, page)
    lately = {name: np.mean(values[number - 20 : number]) for name, values in run.losses.items()}
    losses = ", ".join(f"{name} {value:.2f}" for name, value in lately.items())
    print(f"step {number:3}: recognized {share:.3f} ± {error:.3f}; losses: {losses}")

# %%
check("accuracy_of_half", "c")

# %% [markdown]
# ## 7 · The same as a keras.Model
#
# `class GAN(keras.Model)` is a model of our own; `super().__init__()` gives it what every Keras model has. `fit` calls its `train_step` for each batch, with callbacks such as a progress bar. `compile()` needs no arguments: the optimizers are inside. The networks from above go on, with half the rate.


# %%
class GAN(keras.Model):
    def __init__(self, generator, discriminator, rate):
        super().__init__()
        self.generator, self.discriminator = generator, discriminator
        self.adams = [keras.optimizers.Adam(rate, beta_1=0.5) for _network in range(2)]

    def train_step(self, images):
        with tf.GradientTape(persistent=True) as tape:  # asked twice
            fakes = self.generator(tf.random.normal((tf.shape(images)[0], 64)), training=True)
            fake_logits = self.discriminator(fakes, training=True)
            real_logits = self.discriminator(images, training=True)
            losses = [discriminator_loss(real_logits, fake_logits), generator_loss(fake_logits)]
        weights = [self.discriminator.trainable_variables, self.generator.trainable_variables]
        gradients = [tape.gradient(*pair) for pair in zip(losses, weights, strict=True)]
        for adam, gradient, variables in zip(self.adams, gradients, weights, strict=True):
            adam.apply(gradient, variables)
        return {"discriminator": losses[0], "generator": losses[1]}


# %%
model = GAN(generator, discriminator, rate=1e-3)
model.compile()
model.fit(batches, steps_per_epoch=100, shuffle=False, verbose=0, callbacks=[labs.ProgressBar()])
trained = samples.drawn(generator, noise)
print("recognized {:.3f} ± {:.3f}".format(*samples.recognized(judge, trained)))

# %% [markdown]
# About as many as after step 400: 100 more steps with half the rate change little.
#
# ## 8 · Mode collapse
#
# What if the generator trains alone, and the discriminator holds still? (Its rate is 15 times as large, so that 150 steps are enough.) **Predict:** its loss. And what is the best reply to a judge that never changes?

# %%
alone_optimizer = keras.optimizers.Adam(0.03, beta_1=0.5)


@tf.function
def step_alone(_images):
    with tf.GradientTape() as tape:
        fakes = generator(tf.random.normal((64, 64)), training=True)
        loss = generator_loss(discriminator(fakes, training=False))
    weights = generator.trainable_variables
    alone_optimizer.apply(tape.gradient(loss, weights), weights)
    return {"generator": loss}


alone = adversarial.train(step_alone, batches, 150)
collapsed = samples.drawn(generator, noise)
plot.mosaic(
    np.stack([trained[:12], collapsed[:12]]),
    rows=["before", "alone"],
    alt="Before: twelve images that differ, some of them digits. Alone: twelve times nearly the same texture",
)

# %% [markdown]
# Its loss falls to 0, the best there is. Its images are a texture, nearly the same one for every noise: **mode collapse**, as bad as it gets. The best reply to a discriminator that never changes is the one image it likes most, digit or not. Can they recover, both together again? Count what the judge of digits sees:

# %%
run = adversarial.train(step, batches, run.done + 150, run)
again = samples.drawn(generator, noise)
groups = {"real": x_test[:1000] / 255, "before": trained, "alone": collapsed, "together": again}
plot.class_shares({text: samples.class_shares(judge, images) for text, images in groups.items()})

# %%
plot.images(again[:12], columns=12, alt="Twelve samples after 150 steps of both networks: they differ again")

# %% [markdown]
# The dashed line is where all classes are equally frequent. *Alone*: in this run one class gets nearly all of them; the judge must name a digit, even for a texture. *Together*: after 150 steps of both, the images differ again, and other classes are back. They are not yet as good as before. A discriminator that learns soon calls the texture a fake, so the generator must draw something else.
#
# In normal training collapse is weaker: the generator repeats a few digits, because one network runs ahead of the other. Try other learning rates first. And do not trust the loss: many samples side by side show it.

# %%
check("collapse_signs", "d")

# %% [markdown]
# ## 9 · Ask for a digit
#
# Our generator draws what it likes. A **conditional GAN** tells both networks the class: the generator gets it as ten more numbers beside the noise. For the discriminator, a dense layer turns the ten numbers into a 28×28 plane, the second channel of the image. A made 5 with the label 3 is easy to find out: no real 3 looks like that.
#
# The networks stand in `labs.gan`, with a `train_step` as in section 7. Thousands of steps take minutes. So we load weights that the same code learned in 6,000 steps (`tools/train_gan.py`), and go on for 40.

# %%
keras.utils.set_random_seed(9)
conditional = gan.ConditionalGAN(discriminator_loss, generator_loss).load()
one_hot = keras.utils.to_categorical(y_train, 10)
labeled = endless_batches((real, one_hot), batch_size=64, seed=9)
conditional.fit(labeled, steps_per_epoch=40, shuffle=False, verbose=0, callbacks=[labs.ProgressBar()])
conditional.average()  # the generator's weights become their moving average: steadier than the last step

# %%
asked = np.arange(1000) % 10
requested = (conditional.draw(asked, noise) + 1) / 2
plot.mosaic(
    requested[:60].reshape(6, 10, 28, 28),
    "the digit asked for",
    columns=range(10),
    alt="Six rows of the digits 0 to 9: nearly all are the digit asked for, no two are alike, a few are broken",
)

# %%
found = samples.probabilities(judge, requested)
right = np.mean((found.max(axis=-1) >= samples.CONFIDENCE) & (found.argmax(axis=-1) == asked))
print(f"recognized with 0.9 confidence, and as the digit asked for: {right:.3f}")
plot.bars(
    {
        "real digits": samples.recognized(judge, x_test[:1000] / 255),
        "conditional": samples.recognized(judge, requested),
        "our GAN": samples.recognized(judge, trained),
    },
    "share recognized with 0.9 confidence",
    limits=(0, 1),
)

# %% [markdown]
# Look down a column: nearly always the digit asked for, and no two alike. A few are broken. In the eyes of this judge it draws nearly as clearly as people write. It had more steps, larger networks and labels; this figure cannot tell which helped most.
#
# ## 10 · Broken lab
#
# A colleague changed one line. The code runs. Find out from the numbers and the picture what is wrong. (Black is -1 here, gray is 0, white is 1.)

# %%
keras.utils.set_random_seed(9)
broken = GAN(build_generator(latent=64), build_discriminator(), rate=2e-3)
broken.compile()
theirs = x_train[:6_400, ..., None] / np.float32(255)  # enough for 100 batches
their_batches = endless_batches(theirs, batch_size=64, seed=9)
broken.fit(their_batches, steps_per_epoch=100, shuffle=False, verbose=0, callbacks=[labs.ProgressBar()])
wrong = samples.drawn(broken.generator, noise)
low, high = 2 * wrong.min() - 1, 2 * wrong.max() - 1
print(f"real {theirs.min():.2f} to {theirs.max():.2f}; fakes {low:.2f} to {high:.2f}")
print(f"{np.mean(wrong < 0.5):.2f} of the fakes' pixels below 0")
rows = {"ours, 100 steps": album.pages[100], "their real": (theirs[..., 0] + 1) / 2, "their fakes": wrong}
plot.mosaic(
    np.stack([row[:8] for row in rows.values()]),
    rows=list(rows),
    alt="Ours: bright spots on black. Their real digits: white on gray. Their fakes: faint spots on gray",
)

# %%
check("range_of_real", "b")

# %% [markdown]
# Their real images are scaled to 0 to 1, as in lesson 01. tanh gives -1 to 1, and any pixel below 0 gives a fake away. The background is 0, where tanh is steepest: the generator must hit it exactly. Ours only has to go as low as it can.
#
# ## 11 · From older Keras
#
# GAN code of 2017 to 2022 compiles the discriminator, then sets `discriminator.trainable = False`, and builds a second model around it. In old Keras the compiled discriminator went on learning. In Keras 3 it stops:

# %%
old = build_discriminator()
old.compile("adam", keras.losses.BinaryCrossentropy(from_logits=True))
old.trainable = False
before = old.get_weights()
with warnings.catch_warnings(record=True) as caught:
    old.train_on_batch(real[:64], np.ones((64, 1)))
print(caught[0].message)
print("unchanged:", all(np.array_equal(*pair) for pair in zip(before, old.get_weights(), strict=True)))

# %% [markdown]
# The old recipe runs, and the discriminator never learns. Take both gradients yourself, as in section 5.
#
# ## 12 · Challenge: a small generator of clothes
#
# Your own generator for Fashion-MNIST, under a budget of parameters. The check trains it against a discriminator and compares 1,000 of its images with real ones by the Fréchet distance. It compares mean and spread of what a classifier sees in both; 0 is equal. The last extra explains it.

# %%
from labs.exercises.gan import build_clothes_generator

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · How many classes?
#
# The shares of section 8 as one number:

# %%
from labs.exercises.gan import class_coverage

# %%
for text, images in groups.items():
    print(f"{text}: {class_coverage(samples.probabilities(judge, images))} of 10 classes")

# %% [markdown]
# *Alone* can be 0: then the judge is sure of none of its images.
#
# ### Extra · The Fréchet distance
#
# Confidence sees no collapse. For coverage, one clear image of a class is enough. The **Fréchet distance** sees both: it compares mean and covariance of features, here 64 that the judge computes. The covariance is a table of how much each two features vary together; its diagonal tells how much each varies by itself. The trace is the sum of the diagonal. Hints 2 and 3 explain the root of a matrix.
#
# You compute the distance squared. With the features of a network called Inception that is the FID of papers.

# %%
from labs.exercises.gan import frechet_distance

# %%
reference = samples.statistics(judge, x_test[1000:3000] / 255)
pages = {f"step {number}": page for number, page in album.pages.items() if number >= 50}
distances = {
    text: round(float(frechet_distance(*samples.statistics(judge, images), *reference)))
    for text, images in {**pages, **groups, "conditional": requested}.items()
}
plot.bars(distances, "Fréchet distance to real digits")

# %% [markdown]
# *Before*, *alone* and *together* are section 8's images: before the generator trained alone, after it, and after both trained again. *Real* is not at 0: these digits are a sample, too. *Conditional* comes near. From step 50 to step 400 the distance falls. *Alone* is far off, with a loss of 0.
#
# ### Your own number
#
# Put a date, or any number, in place of `None` and run the cell. Each run draws it in a new handwriting.

# %%
number = None
text = "20260101" if number is None else str(number)
digits = np.array([int(sign) for sign in text if sign in "0123456789"])
hand = random.standard_normal((len(digits), 64))
drawn = (conditional.draw(digits, hand) + 1) / 2
figure = plot.mosaic(1 - drawn[None], alt=f"{text} in handwritten digits, dark on white")
figure.savefig(labs.work_folder() / "number.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "number.png")
figure

# %% [markdown]
# ## Recap
#
# - The generator makes images of noise, and learns from the gradient that comes through the discriminator.
# - Discriminator: cross-entropy, real 1, fake 0. Generator: -log D. Both losses come near the values of a discriminator that guesses.
# - Quality and variety are measured from outside: a judge, shares of the classes, the Fréchet distance, and your eyes.
# - Mode collapse: nearly the same image for every noise. A conditional GAN draws what it is asked for.
#
# **Read on:** Goodfellow and others, *Generative adversarial nets* (2014) · Mirza, Osindero, *Conditional generative adversarial nets* (2014) · Radford, Metz, Chintala, *DCGAN* (2015) · Heusel and others, the FID (2017). Today diffusion models draw most pictures; a denoiser, as in lesson 08, is their core. **Next:** 10, from one style to another.

# %%
check.progress("09")
