# %% [markdown]
# # 10 · Redraw it in another style
#
# ![Eight emoji in Twitter's flat style; below them the same emoji with shaded rims, as a network redraws them in Google's style. Below that two pieces of clothing in eight shades each.](pictures/10_image_translation.png)
#
# Two companies draw the same ideas in two styles. Today networks learn to turn one style into the other, without being told which drawings belong together.
#
# **After this lesson you can**
# 1. explain what a cycle loss asks for, and why CycleGAN needs no pairs;
# 2. write a CycleGAN's losses, follow one training step, and score translations honestly;
# 3. explain StyleGAN's parts: mapping network, AdaIN, noise, style mixing, truncation.
#
# {{measured}} **You need** lesson 09, or: generator, discriminator, and what each of them wants. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=10)

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from labs import adversarial, check, data, plot, styles, translation

# %% [markdown]
# ## 1 · Pairs
#
# **Image translation** makes of an image another one that shows the same thing. Our images: emoji as Google and as Twitter draw them.

# %%
(google, twitter), (google_test, twitter_test) = (
    [images / np.float32(255) for images in split] for split in data.emoji()
)
shown = [1, 5, 15, 17, 19, 98, 120, 188]
plot.images([*google_test[shown], *twitter_test[shown]], ["Google"] * len(shown) + ["Twitter"] * len(shown))

# %% [markdown]
# What differs? Look at the yellow, at shadows, at the size in the frame, at what is drawn at all.
#
# With pairs, translation is like any other task: input left, target right. The network below halves the image, works on it, and doubles it again. Its output is a change, added to the input. (About 10 seconds.)

# %%
network_google, network_twitter = (2 * images - 1 for images in (google, twitter))  # from -1 to 1
keras.utils.set_random_seed(10)
paired = translation.generator()
paired.compile(keras.optimizers.Adam(2e-3), loss="mean_absolute_error")
bar = labs.ProgressBar()
paired.fit(network_google, network_twitter, batch_size=16, epochs=4, verbose=0, callbacks=[bar])
by_pairs = translation.translated(paired, 2 * google_test - 1)
plot.images([*google_test[shown], *by_pairs[shown]], ["Google"] * len(shown) + ["translated"] * len(shown))

# %% [markdown]
# Is that Twitter's style? We ask two questions about emoji that were not used in training. How far is each translation from its true partner, the drawing of the same emoji by Twitter: the mean absolute difference of all pixels. And how often is the true partner **the nearest of all** Twitter drawings of the test?


# %%
def report(outputs, inputs, truths):
    for name, (before, after, change, error) in translation.compare(outputs, inputs, truths).items():
        print(f"{name:9}{before:.3f} → {after:.3f}   change {change:+.4f} ± {error:.4f}")


report(by_pairs, google_test, twitter_test)

# %% [markdown]
# On the left of each arrow the untranslated input, on the right the output. The change is a mean over the images, with its standard error. The two measures need not agree: a pale, blurred image lies nearer to its partner, and nearer to all others, too. From here on we give both. With an adversarial loss added, this is **pix2pix**.

# %%
check("blurry_pairs", "a")

# %% [markdown]
# ## 2 · No pairs: a judge of style
#
# Pairs are rare. Nobody has photographed the same horse once more as a zebra. In **unpaired** translation there are two heaps of images. A discriminator looks at the second heap and at translations, and learns to tell them apart; the generator learns to be taken for real. This is lesson 09, with an image in place of noise. Our heaps hold drawings of the same ideas, but each is shuffled by itself: nobody says which belong together.
#
# CycleGAN uses a **least-squares GAN**: scores without sigmoid, and their squared distance from a target.
#
# ### Exercise 1 · Two losses of squares

# %%
from labs.exercises.image_translation import lsgan_loss

# %%
check("scores_of_a_half", "a")

# %% [markdown]
# The discriminator is a **PatchGAN**: it gives not one score but a grid of them. How much of the image does one score see? Its **receptive field**, by the rule of lesson 04: each layer adds kernel - 1 steps, and each stride makes the later steps longer. **Predict** first.

# %%
field, step = 1, 1
for kernel, stride in translation.PATCH_LAYERS:
    field, step = field + (kernel - 1) * step, step * stride
    print(f"kernel {kernel}, stride {stride}: one value sees {field} pixels")
scores = translation.discriminator()(network_twitter[:1])
print("scores for one image:", tuple(scores.shape[1:]))
plot.receptive_fields(twitter_test[15], {"one score": field})

# %%
check("why_patches", "a")

# %% [markdown]
# ## 3 · There and back
#
# A judge of style is not enough. **Predict:** what may a generator give for a smiling face when only the style is judged?

# %%
check("what_a_cycle_prevents", "a")

# %% [markdown]
# So CycleGAN trains two generators, one for each direction, and two discriminators. An image that goes there and back must be itself again: **cycle consistency**.
#
# ### Exercise 2 · Cycle loss

# %%
from labs.exercises.image_translation import cycle_loss

# %%
check("perfect_cycle", "b")

# %% [markdown]
# A third loss is optional, the **identity loss**: an image that has the target style already is to stay as it is. The formula is the same.

# %%
check("identity_keeps", "c")

# %%
check("no_pairs_needed", "b")

# %% [markdown]
# ## 4 · One training step
#
# A batch: Google's and Twitter's emoji, each heap shuffled by itself. Then both translations, and both ways back:

# %%
batches = translation.unpaired_batches(network_google, network_twitter, size=16, seed=10)
keras.utils.set_random_seed(10)
gan = translation.CycleGan(cycle_loss, lsgan_loss)
real_google, real_twitter = next(iter(batches))
fake_twitter, fake_google = gan.to_twitter(real_google), gan.to_google(real_twitter)
cycled_google, cycled_twitter = gan.to_google(fake_twitter), gan.to_twitter(fake_google)
stages = (real_google, "Google"), (fake_twitter, "to Twitter"), (cycled_google, "and back")
plot.images(
    [np.clip(images[row] / 2 + 0.5, 0, 1) for row in (0, 1) for images, _name in stages],
    [name for _row in (0, 1) for _images, name in stages],
    columns=6,
)

# %% [markdown]
# The networks are new, so the changes are noise. Now the losses, first of the discriminators, then of the generators:

# %%
judge_of_twitter, fool_twitter = lsgan_loss(gan.judge_twitter(real_twitter), gan.judge_twitter(fake_twitter))
judge_of_google, fool_google = lsgan_loss(gan.judge_google(real_google), gan.judge_google(fake_google))
adversarial_part = fool_twitter + fool_google
cycle_part = sum(
    cycle_loss(real, cycled, gan.cycle_weight)
    for real, cycled in ((real_google, cycled_google), (real_twitter, cycled_twitter))
)
identity_part = sum(
    cycle_loss(real, network(real), gan.identity_weight)
    for real, network in ((real_twitter, gan.to_twitter), (real_google, gan.to_google))
)
discriminators, generators = judge_of_twitter + judge_of_google, adversarial_part + cycle_part + identity_part
print(f"discriminators {discriminators:.4f}, generators {generators:.4f}")

# %% [markdown]
# `gan.losses` computes the same, and `gan.step` updates each side by its own loss. Which weights get a gradient?

# %%
with tf.GradientTape(persistent=True) as tape:
    losses = gan.losses(real_google, real_twitter)
print({name: f"{float(value):.4f}" for name, value in losses.items()})
for side, weights in (("generators", gan.generator_weights), ("discriminators", gan.discriminator_weights)):
    gradients = tape.gradient(losses[side], weights)
    print(f"{side}: {len(gradients)} arrays of weights, norm {tf.linalg.global_norm(gradients):.3f}")

# %% [markdown]
# The same numbers as by hand. Each side takes the gradient for its own weights only: the generators must not make the judges worse.
#
# Now train, about 20 seconds. You may interrupt, and run the cell again to go on.

# %%
run = adversarial.train(gan.step, batches, 250)
gan.average()
parts = {name: run.losses[name] for name in ("discriminators", "adversarial", "cycle")}
plot.curves(parts, "step", "loss")

# %% [markdown]
# The cycle loss falls: the surest way back is to change little. The other two hover, since each side's gain is the other's loss. So no curve tells how good the images are. Look instead:

# %%
early = translation.translated(gan.to_twitter, 2 * google_test - 1)
report(early, google_test, twitter_test)
plot.images([*google_test[shown], *early[shown]], ["Google"] * len(shown) + ["to Twitter"] * len(shown))

# %% [markdown]
# The colors begin to move, and that is about all.
#
# ## 5 · Longer, and an honest score
#
# The same step on the same images, for longer: the repository holds the weights, made by `python tools/train_translation.py`. We load them. **Predict:** which of the two measures will change more?

# %%
translation.load(gan)
to_twitter = translation.translated(gan.to_twitter, 2 * google_test - 1)
to_google = translation.translated(gan.to_google, 2 * twitter_test - 1)
print("Google → Twitter")
report(to_twitter, google_test, twitter_test)
print("Twitter → Google")
report(to_google, twitter_test, google_test)

# %%
sides = (
    (google_test, "Google"),
    (to_twitter, "to Twitter"),
    (twitter_test, "Twitter"),
    (to_google, "to Google"),
)
plot.images(
    [image for images, _name in sides for image in images[shown]],
    [name for _images, name in sides for _number in shown],
)

# %% [markdown]
# No network was told which drawings are partners, and none has seen these emoji. The distance falls in both directions, by several standard errors. The partner is found more often on the way to Twitter; on the way to Google the change lies within its error.
#
# Now there and back. The middle row must hold all that the way back needs:

# %%
back = translation.translated(gan.to_google, 2 * to_twitter - 1)
print(
    f"distance there {np.mean(np.abs(to_twitter - google_test)):.3f}, back {np.mean(np.abs(back - google_test)):.3f}"
)
stages = (google_test, "Google"), (to_twitter, "to Twitter"), (back, "and back")
plot.images(
    [image for images, _name in stages for image in images[shown]],
    [name for _images, name in stages for _number in shown],
)

# %% [markdown]
# ### Where it fails
#
# The emoji whose translation went farther away from the true partner:

# %%
harm = translation.to_partner(to_twitter, twitter_test) - translation.to_partner(google_test, twitter_test)
worst = np.argsort(-harm)[:8]
sides = (google_test, "Google"), (to_twitter, "translated"), (twitter_test, "partner")
plot.images(
    [image for images, _name in sides for image in images[worst]],
    [name for _images, name in sides for _number in worst],
)

# %% [markdown]
# Most of these partners show another drawing: one brick for a wall, an arrow without its box. The networks recolor and shade. They do not redraw: another drawing would not come back in the cycle. And the right color depends on what is shown, which nobody told them.
#
# ## 6 · Broken lab
#
# A colleague scores the same generator on a batch of test images and calls CycleGAN useless. The code runs. Which number shows that the test is wrong, and not the network?

# %%
pairs = translation.unpaired_batches(2 * google_test - 1, 2 * twitter_test - 1, size=215, seed=10)
inputs, truths = (batch.numpy() / 2 + 0.5 for batch in next(iter(pairs)))
report(translation.translated(gan.to_twitter, 2 * inputs - 1), inputs, truths)
print(f"one of {len(truths)} by chance: {1 / len(truths):.3f}")

# %% [markdown]
# The partner is found about as often as by chance, before the translation, too. `unpaired_batches` shuffles and mirrors each side by itself: row i of both is not the same emoji. For training that is right, for a score it is not.
#
# ## 7 · From older Keras
#
# CycleGAN code of 2019 to 2023 took its normalization from a package that has ended:

# %%
with labs.expect_error(ModuleNotFoundError):
    from tensorflow_addons.layers import InstanceNormalization

normalize = layers.GroupNormalization(groups=-1)  # today: one group for each channel
print(np.std(normalize(network_google[:2]), axis=(1, 2)).round(2))

# %% [markdown]
# ## 8 · StyleGAN: a style is a mean and a deviation
#
# **Instance normalization** gives each channel of each image mean 0 and deviation 1. **AdaIN**, adaptive instance normalization, gives it a chosen mean and deviation. These two numbers for each channel are called its **style**.
#
# ### Exercise 3 · AdaIN

# %%
from labs.exercises.image_translation import adain

# %% [markdown]
# Try it on the three color channels of a photo. **Predict:** what does the cat keep, what does it take from the other photo?

# %%
photos = {name: photo[None] / np.float32(255) for name, photo in data.photos().items()}
chosen = [photos[name] for name in ("coffee", "rocket", "astronaut")]
styled = [adain(photos["chelsea"], one.mean(axis=(1, 2)), one.std(axis=(1, 2))) for one in chosen]
plot.images(
    [photos["chelsea"][0], *(np.clip(one[0], 0, 1) for one in styled)],
    ["content", "style of the coffee", "style of the rocket", "style of the astronaut"],
    columns=4,
)

# %%
check("adain_discards", "a")

# %% [markdown]
# **StyleGAN** is a generator built of that. It begins with constant maps, the same for every image. All that is special about an image enters as style, layer by layer. The styles come from a **mapping network**: dense layers that make of random numbers a vector with which the layers can work.

# %%
mapping = keras.Sequential([keras.Input((64,))])
for _layer in range(4):
    mapping.add(layers.Dense(64))
    mapping.add(layers.LeakyReLU(negative_slope=0.2))
generator = styles.StyleGenerator(mapping, adain)
styles.load(generator)
for side, channels in styles.STAGES:
    print(f"two layers of {side}×{side}, {channels} channels: {2 * 2 * channels} numbers of style")

# %% [markdown]
# Ours is small, and the same tool trained it on the gray clothes of Fashion-MNIST: first as the decoder of a variational autoencoder (lesson 08), which learns fast, then against a discriminator (lesson 09). Above real clothes, below made ones:

# %%
(clothes, _kinds), _test = data.fashion_mnist()
random = np.random.default_rng(10)
latents = random.normal(size=(16, 64))
made = generator.images(generator.styles(latents))
plot.images([*clothes[:8], *made[:16]], ["real"] * 8 + ["made"] * 16)

# %% [markdown]
# Each layer also gets **noise**, a random number for each pixel, with a learned strength for each channel. One style, drawn eight times with other noise:

# %%
one_style = np.repeat(generator.styles(latents[:1]), 8, axis=0)
draws = generator.images(one_style, seed=1)
spread = draws.std(axis=0)
plot.images(
    [*draws[:6], spread / spread.max()], [f"draw {number}" for number in range(1, 7)] + ["spread"], columns=7
)

# %% [markdown]
# The piece stays the same. Bright in the last image is where the draws differ most; it is scaled up, the differences are small. Noise decides on details that the style leaves open.
#
# ## 9 · Style mixing
#
# Each layer may have its own style. **Style mixing** takes the styles of the **coarse** layers, those with small maps, from one image, and those of the **fine** layers from another.
#
# ### Exercise 4 · Mix two styles

# %%
from labs.exercises.image_translation import mix_styles

# %% [markdown]
# Rows give the styles of layers 0 to 3, columns those of layers 4 and 5. **Predict:** along which direction does the kind of clothes change?

# %%
parents = np.repeat(generator.styles(latents)[:, None], styles.LAYERS, axis=1)
rows, columns = parents[:6], parents[8:16]
mixed = [mix_styles(row, column, 4) for row in rows for column in columns]
left, above = (generator.images(chosen, seed=2) for chosen in (rows, columns))
grid = np.ones((7, 9, 28, 28))
grid[1:, 1:] = generator.images(np.stack(mixed), seed=2).reshape(6, 8, 28, 28)
grid[1:, 0], grid[0, 1:] = left, above
plot.mosaic(grid, "styles of layers 4 and 5 from the top row", "styles of layers 0 to 3 from the left column")

# %% [markdown]
# From row to row the piece changes, from column to column its shade and its texture.

# %%
check("coarse_and_fine", "a")

# %% [markdown]
# ## 10 · Truncation
#
# Some styles lie far from all others, and the network has hardly practiced them. The **truncation trick** pulls styles toward their mean.
#
# ### Exercise 5 · Truncate

# %%
from labs.exercises.image_translation import truncate

# %%
many = generator.styles(random.normal(size=(5000, 64)))
mean = many.mean(axis=0)
strengths = [0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0]
strip = np.stack([generator.images(truncate(many[:5], mean, psi), seed=3) for psi in strengths], axis=1)
plot.mosaic(strip, f"psi: {', '.join(map(str, strengths))}", "five styles")

# %% [markdown]
# At psi 0 all become the mean piece. Above 1 they exaggerate.

# %%
check("truncation_trades", "a")

# %% [markdown]
# ## 11 · Challenge: learn from pairs
#
# Your own network, trained on pairs. The check measures how much nearer it comes to Twitter's drawings.

# %%
from labs.exercises.image_translation import build_translator

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · Identity loss

# %%
from labs.exercises.image_translation import identity_loss

# %% [markdown]
# ### Extra · Mapping network

# %%
from labs.exercises.image_translation import build_mapping_network

# %% [markdown]
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell. What do networks that know emoji only make of it?

# %%
path = None
photo = data.photos()["chelsea"] if path is None else labs.load_photo(path)
small = np.asarray(layers.Resizing(32, 32, crop_to_aspect_ratio=True)(photo[None].astype(np.float32))) / 255
versions = [translation.translated(network, 2 * small - 1) for network in (gan.to_twitter, gan.to_google)]
figure = plot.images(
    [small[0], *(version[0] for version in versions)],
    ["32×32", "Twitter's style", "Google's style"],
    columns=4,
)
figure.savefig(labs.work_folder() / "translated.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "translated.png")
figure

# %% [markdown]
# ## Recap
#
# - With pairs, translation is supervised learning. Without them, a discriminator asks for the style, the cycle loss for the content.
# - A PatchGAN judges patches. Two generators and two discriminators learn in one step, each by its own loss.
# - Score translations on pairs held back, against the unchanged input, by more than one measure.
# - StyleGAN: constant maps, a mapping network, AdaIN and noise in each layer. Styles can be mixed and truncated.
#
# **Read on:** Isola and others, *Image-to-image translation with conditional adversarial networks* (2017) · Zhu, Park, Isola, Efros, *Unpaired image-to-image translation* (2017) · Huang, Belongie, *Arbitrary style transfer in real-time* (2017) · Karras, Laine, Aila, *A style-based generator architecture* (2019). **Next:** 11, networks that read one step after the other.

# %%
check.progress("10")
