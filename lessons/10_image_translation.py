# %% [markdown]
# # 10 · Redraw it in another style
#
# ![Eight flat emoji by Twitter; the same ones redrawn by a network, smaller and a darker yellow; two pieces of clothing in eight shades each.](pictures/10_image_translation.png)
#
# Two companies draw the same ideas in two styles. Today networks learn to turn one into the other, without being told which drawings belong together.
#
# **After this lesson you can**
# 1. explain what a cycle loss asks for, and why CycleGAN needs no pairs;
# 2. write a CycleGAN's losses, follow one training step, and score translations honestly;
# 3. explain StyleGAN's parts: mapping network, AdaIN, noise, style mixing, truncation.
#
# {{measured}} **You need** lesson 09, or: generator, discriminator, and what each wants. **Time:** about 90 minutes.
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
# **Image translation** turns an image into another one that shows the same thing in another style. Ours: emoji by Google and by Twitter.

# %%
(google, twitter), (google_test, twitter_test) = (
    [images / np.float32(255) for images in split] for split in data.emoji()
)
shown = [1, 5, 15, 17, 19, 98, 120, 188]
plot.image_rows(
    {"Google": google_test[shown], "Twitter": twitter_test[shown]},
    alt="Eight emoji by both: Twitter's are flat and fill the frame; some show another drawing or have other colors",
)

# %% [markdown]
# What differs? Look at the yellow, at shadows, at the size in the frame, at what is drawn at all.
#
# With pairs, translation is a task like any other. The network below zooms the image by one learned factor; then its convolutions add a change. (About 10 seconds.)

# %%
network_google, network_twitter = (2 * images - 1 for images in (google, twitter))  # from -1 to 1
keras.utils.set_random_seed(10)
paired = translation.generator()
paired.compile(keras.optimizers.Adam(2e-3), loss="mean_absolute_error")
bar = labs.ProgressBar()
paired.fit(network_google, network_twitter, batch_size=16, epochs=4, verbose=0, callbacks=[bar])
by_pairs = translation.translated(paired, 2 * google_test - 1)
plot.image_rows(
    {"Google": google_test[shown], "translated": by_pairs[shown]},
    alt="Eight emoji and their translations: the same drawings, larger, paler, blurred, with colored spots",
)

# %% [markdown]
# Is that Twitter's style? The size is, but not the pale colors, and not the spots. Two measures, on emoji not used in training: How far is each translation from its true partner, the same emoji by Twitter? (It is the mean absolute difference of pixels.) How often is the true partner **the nearest of all** Twitter drawings of the test?


# %%
def report(outputs, inputs, truths):
    for name, (before, after, change, error) in translation.compare(outputs, inputs, truths).items():
        print(f"{name:9}{before:.3f} → {after:.3f}   change {change:+.4f} ± {error:.4f}")


report(by_pairs, google_test, twitter_test)

# %% [markdown]
# Each line: the untranslated input, the output, and the mean change of an image with its standard error. By chance 1 of 215 finds its partner. The measures need not agree: blur lies nearer to its partner, but to all others, too.
#
# **pix2pix** adds an adversarial loss. Its discriminator sees input and output together.

# %%
check("blurry_pairs", "a")

# %% [markdown]
# ## 2 · No pairs: a judge of style
#
# Pairs are rare: no horse can be photographed as a zebra. In **unpaired** translation there are two sets of images. A discriminator learns to tell the second set from translations; the generator learns to be taken for real. This is lesson 09, with an image in place of noise. Our sets show the same ideas, but each set is shuffled separately: nobody says which belong together.
#
# CycleGAN uses a **least-squares GAN**: scores without sigmoid, and their squared distance from a target. A fake that already passes as real still gets a gradient while its score is not 1.
#
# ### Exercise 1 · Two losses of squares

# %%
from labs.exercises.image_translation import lsgan_loss

# %%
check("scores_of_a_half", "a")

# %% [markdown]
# The discriminator is a **PatchGAN**: it gives a grid of scores. By the rule of lesson 04 for the **receptive field**, what one score sees, each layer adds kernel - 1 steps, and each stride makes the later steps longer. Ours has three convolutions: 4×4 stride 2, 4×4 stride 2, 3×3 stride 1. **Predict** the receptive field.

# %%
field, step = 1, 1
for kernel, stride in translation.PATCH_LAYERS:
    field, step = field + (kernel - 1) * step, step * stride
    print(f"kernel {kernel}, stride {stride}: one value sees {field}×{field} pixels")
scores = translation.discriminator()(network_twitter[:1])
print("scores for one image:", tuple(scores.shape[1:]))
middle = slice((32 - field) // 2, (32 + field) // 2)
seen = np.full_like(twitter_test[shown], 0.8)
seen[:, middle, middle] = twitter_test[shown][:, middle, middle]
plot.image_rows(
    {"the image": twitter_test[shown], "seen by\none score": seen},
    alt=f"Eight emoji, and the {field} by {field} pixels that one score sees: more than half of each side",
)

# %% [markdown]
# Our networks also get each pixel's position, as two more channels.

# %%
check("why_patches", "a")

# %% [markdown]
# ## 3 · There and back

# %%
check("what_a_cycle_prevents", "a")

# %% [markdown]
# So CycleGAN trains two generators, there and back, and two discriminators. An image that goes there and back must be itself again: **cycle consistency**.
#
# ### Exercise 2 · Cycle loss

# %%
from labs.exercises.image_translation import cycle_loss

# %%
check("perfect_cycle", "b")

# %% [markdown]
# A third loss is optional, the **identity loss**, with the same formula: `to_twitter` gets a Twitter emoji and must give it back. So it learns to leave alone what needs no change. The cycle loss does not ask for that: a tint can come off again on the way back.

# %%
check("identity_keeps", "c")

# %%
check("no_pairs_needed", "b")

# %% [markdown]
# ## 4 · One training step
#
# A batch of both sets, each shuffled separately; then both translations, and both ways back:

# %%
batches = translation.unpaired_batches(network_google, network_twitter, size=16, seed=10)
keras.utils.set_random_seed(10)
gan = translation.CycleGan(cycle_loss, lsgan_loss, network_google, network_twitter)
run = None  # no training yet
real_google, real_twitter = next(iter(batches))
fake_twitter, fake_google = gan.to_twitter(real_google), gan.to_google(real_twitter)
cycled_google, cycled_twitter = gan.to_google(fake_twitter), gan.to_twitter(fake_google)
stages = (real_google, "Google"), (fake_twitter, "to Twitter"), (cycled_google, "and back")
plot.images(
    [np.clip(images[row] / 2 + 0.5, 0, 1) for row in (0, 1) for images, _name in stages],
    [name for _row in (0, 1) for _images, name in stages],
    columns=6,
    alt="Two Google emoji, their translations with a checkered noise, and the ways back with more of it",
)

# %% [markdown]
# The networks are new, so the changes are noise.
#
# One more loss is ours. The scores tell slowly that Twitter draws larger. Means show it at once:

# %%
means = np.stack([gan.mean_google, gan.mean_twitter])
plot.images(
    (means - means.min()) / (means.max() - means.min()),  # stretched from black to white
    ["mean of Google's", "mean of Twitter's"],
    columns=4,
    alt="Two blurred round faces: Google's is ochre and leaves a white margin, Twitter's is a grayer brown and reaches the edge",
)

# %% [markdown]
# Both means are round faces. A batch's mean translation shall be near the mean of the other style, pixel by pixel: **feature matching**, with pixels as features. It needs no pairs, but both sets must show the same mix of things.
#
# Now all losses. The paper weighs cycle and identity loss by 10 and 5, we by 2 and 0.2, and the means by 10.

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
mean_part = sum(
    cycle_loss(mean, translation.mean_image(fakes), gan.mean_weight)
    for mean, fakes in ((gan.mean_twitter, fake_twitter), (gan.mean_google, fake_google))
)
discriminators = judge_of_twitter + judge_of_google
generators = adversarial_part + cycle_part + identity_part + mean_part
print(f"discriminators {discriminators:.4f}, generators {generators:.4f}")

# %% [markdown]
# `gan.losses` computes the same. **Predict:** does the generators' loss depend on the discriminators' weights?

# %%
with tf.GradientTape(persistent=True) as tape:
    losses = gan.losses(real_google, real_twitter)
print({name: f"{float(value):.4f}" for name, value in losses.items()})
sides = {"generators": gan.generator_weights, "discriminators": gan.discriminator_weights}
for loss in sides:
    for side, weights in sides.items():
        norm = tf.linalg.global_norm(tape.gradient(losses[loss], weights))
        print(f"loss of the {loss:15}weights of the {side:15}norm of the gradient {norm:.3f}")

# %% [markdown]
# The same numbers as by hand. Each loss depends on all weights. But `gan.step` updates each side by its own loss only.
#
# Now train, about 20 seconds. You may interrupt the cell, and run it again to go on.

# %%
run = adversarial.train(gan.step, batches, 250, run)
gan.average()  # the generators get the moving average of their weights: steadier than the last step
parts = {name: run.losses[name] for name in ("discriminators", "adversarial")}
parts[f"cycle (times {gan.cycle_weight:g})"] = run.losses["cycle"]
parts[f"mean (times {gan.mean_weight:g})"] = run.losses["mean"]
plot.curves(
    parts,
    "step",
    "loss",
    alt="All losses fall in the first steps. Then the cycle loss sinks slowly, two others stay near 0.5, that of the means jumps",
)

# %% [markdown]
# The cycle loss falls: the surest way back is to change little. Two losses stay near 0.5, as for discriminators that give 0.5 to every image: they hardly tell the sets apart. The loss of the means jumps with each draw of 16, and rewards fading a little. No curve tells how good the images are:

# %%
early = translation.translated(gan.to_twitter, 2 * google_test - 1)
for name, network in {"to Twitter": gan.to_twitter, "to Google": gan.to_google}.items():
    print(f"{name}: drawings become {network.get_layer('zoom').factor():.3f} times as large")
report(early, google_test, twitter_test)
plot.image_rows(
    {"Google": google_test[shown], "to Twitter": early[shown]},
    alt="Eight emoji and what the new network makes of them: larger, up to the edge of the frame, and a little paler",
)

# %% [markdown]
# The drawings have grown up to the edge. Both measures improve by several standard errors.
#
# ## 5 · Longer, and an honest score
#
# The same step 2,500 times in place of 250: weights that `tools/train_translation.py` has made. **Predict:** will both measures improve, in both directions?

# %%
translation.load(gan)
to_twitter = translation.translated(gan.to_twitter, 2 * google_test - 1)
to_google = translation.translated(gan.to_google, 2 * twitter_test - 1)
print("Google → Twitter")
report(to_twitter, google_test, twitter_test)
print("Twitter → Google")
report(to_google, twitter_test, google_test)

# %%
stages = {
    "Google": google_test,
    "to Twitter": to_twitter,
    "Twitter": twitter_test,
    "to Google": to_google,
}
for name, images in stages.items():
    print(f"{name:10} {translation.painted_edge(images):.2f} of the outermost pixels are painted")
plot.image_rows(
    {name: images[shown] for name, images in stages.items()},
    alt="To Twitter: larger, paler, painted up to the edge. To Google: smaller, with a white margin and darker rims",
)

# %% [markdown]
# The distance falls in both directions, by several standard errors. The partner is found more often on the way to Twitter; to Google the change lies within its error.
#
# To Twitter, drawings get larger, yellow gets paler. To Google, they get smaller, yellow gets darker, and blue gets a checkered texture. Shadows stay, and what is drawn. **Predict:** how much of the score comes from the size alone?

# %%
for network, inputs, truths in (
    (gan.to_twitter, google_test, twitter_test),
    (gan.to_google, twitter_test, google_test),
):
    zoom = network.get_layer("zoom")
    print(f"only drawn {zoom.factor():.3f} times as large")
    report(np.asarray(zoom(2 * inputs - 1)) / 2 + 0.5, inputs, truths)

# %% [markdown]
# To Twitter, more than half of the gain in distance, and nearly all partners gained; to Google, more than all. Beside size these measures see little of a style.
#
# Now there and back:

# %%
back = translation.translated(gan.to_google, 2 * to_twitter - 1)
others = {"its translation": to_twitter, "what comes back": back, "its true partner": twitter_test}
for name, images in others.items():
    print(f"a Google emoji and {name}: distance {np.mean(np.abs(images - google_test)):.3f}")
plot.image_rows(
    {"Google": google_test[shown], "to Twitter": to_twitter[shown], "and back": back[shown]},
    alt="Eight emoji, their translations, and what comes back: nearly the first row again, a little blurred",
)

# %% [markdown]
# The way back undoes most of the step; what was pushed out of the frame is lost.
#
# ### Where it fails
#
# The emoji that went farthest away from their true partners:

# %%
harm = translation.to_partner(to_twitter, twitter_test) - translation.to_partner(google_test, twitter_test)
worst = np.argsort(-harm)[:8]
print(f"farther away than before: {np.mean(harm > 0):.2f} of the emoji")
plot.image_rows(
    {"Google": google_test[worst], "translated": to_twitter[worst], "partner": twitter_test[worst]},
    alt="The eight worst: the partners are smaller, have other colors or lines, or are another drawing",
)

# %% [markdown]
# Two in five emoji end up farther away. Some partners are another drawing, or not larger, or have another color. The networks zoom all alike, recolor, and work on edges. They do not redraw: another drawing would not come back.
#
# ## 6 · Broken lab
#
# A colleague scores the same generator on a batch of test images and calls CycleGAN useless. Which numbers show that the test is wrong, and not the network?

# %%
pairs = translation.unpaired_batches(2 * google_test - 1, 2 * twitter_test - 1, size=215, seed=10)
inputs, truths = (batch.numpy() / 2 + 0.5 for batch in next(iter(pairs)))
report(translation.translated(gan.to_twitter, 2 * inputs - 1), inputs, truths)
for name, pair in {"here": (inputs, truths), "section 5": (google_test, twitter_test)}.items():
    print(
        f"untranslated, {name}: {translation.finds_partner(*pair).sum():.0f} of {len(truths)} find their partner"
    )

# %% [markdown]
# Even the untranslated input is hardly better here, and farther away than in section 5: `unpaired_batches` shuffles and mirrors each side separately. That is for training only.
#
# ## 7 · StyleGAN: a style is a mean and a deviation
#
# **Instance normalization** gives each channel of each image mean 0 and deviation 1. **AdaIN**, adaptive instance normalization, then gives it a chosen mean and deviation. These two numbers for each channel are called its **style**.
#
# ### Exercise 3 · AdaIN

# %%
from labs.exercises.image_translation import adain

# %% [markdown]
# Try it on the three color channels of a photo. **Predict:** what does the cat keep, what does it take from the photo below it?

# %%
photos = {name: photo[None] / np.float32(255) for name, photo in data.photos().items()}
chosen = [photos[name] for name in ("coffee", "rocket", "astronaut")]
styled = [adain(photos["chelsea"], one.mean(axis=(1, 2)), one.std(axis=(1, 2))) for one in chosen]
small = layers.Resizing(96, 128, crop_to_aspect_ratio=True)  # for the figure
above, below = [photos["chelsea"], *styled], [np.ones((1, 96, 128, 3)), *chosen]
plot.images(
    [np.clip(small(one)[0], 0, 1) for one in above + below],
    ["content", *["styled"] * 3, "", "coffee", "rocket", "astronaut"],
    columns=4,
    alt="A cat four times, as it is and with the colors of three photos below: warm, dark blue, of high contrast",
)

# %% [markdown]
# All shapes stay. Each color channel takes the other photo's mean and deviation; its objects do not come along.

# %%
check("adain_discards", "a")

# %% [markdown]
# ### From older Keras
#
# CycleGAN code of 2019 to 2023 took instance normalization from a package that has ended.

# %%
with labs.expect_error(ModuleNotFoundError):
    from tensorflow_addons.layers import InstanceNormalization

today = layers.GroupNormalization(groups=-1, epsilon=1e-5)  # one group for each channel
mean, deviation = np.zeros((2, 3), np.float32), np.ones((2, 3), np.float32)
differences = today(network_google[:2]) - adain(network_google[:2], mean, deviation)
print(f"AdaIN with mean 0 and deviation 1 differs by {np.abs(differences).max():.5f} at most")

# %% [markdown]
# **StyleGAN** is a generator built of that. It begins with constant maps, the same for every image. What is special about an image enters as style, layer by layer. The dense layers of a **mapping network** turn 64 random numbers, the latent vector, into 64 others, the **style vector**. In each layer, a dense layer of its own turns that into the means and deviations for AdaIN, two numbers a channel.

# %%
mapping = keras.Sequential([keras.Input((64,))])
for _layer in range(4):
    mapping.add(layers.Dense(64))
    mapping.add(layers.LeakyReLU(negative_slope=0.2))
generator = styles.StyleGenerator(mapping, adain)
styles.load(generator)
for side, channels in styles.STAGES:
    count = 2 * 2 * channels
    print(f"two layers of {side}×{side}: 2 × 2 × {channels} channels = {count} means and deviations")

# %% [markdown]
# Ours is small. `tools/train_translation.py` trained it on Fashion-MNIST: first as the decoder of a variational autoencoder (lesson 08), then against a discriminator (lesson 09):

# %%
(clothes, _kinds), _test = data.fashion_mnist()
random = np.random.default_rng(10)
latents = random.normal(size=(16, 64))
made = generator.images(generator.styles(latents))
plot.image_rows(
    {"real": clothes[:8], "made": made[:8], "": made[8:]},
    alt="Eight real clothes and sixteen made ones: most are tops and shoes, coarse inside; a few are nothing known",
)

# %% [markdown]
# Each layer also gets **noise**, a random number for each pixel, with a learned strength for each channel. One style vector, drawn seven times with other noise:

# %%
one_style = np.repeat(generator.styles(latents[:1]), 7, axis=0)
draws = generator.images(one_style, seed=1)
spread = draws.std(axis=0)
print(f"largest deviation of a pixel: {spread.max():.2f}, where white is 1")
plot.images(
    [*draws, spread / spread.max()],
    [f"draw {number}" for number in range(1, 8)] + ["spread"],
    alt="Seven draws of one style vector look the same; they differ a little at the outline",
)

# %% [markdown]
# The piece stays the same; the last image, scaled up, shows where the draws differ. In large networks noise places hair and freckles.
#
# ## 8 · Style mixing
#
# Each layer may have a style vector of its own. **Style mixing** takes those of the **coarse** layers, with small maps, from one image, those of the **fine** layers from another.
#
# ### Exercise 4 · Mix two styles

# %%
from labs.exercises.image_translation import mix_styles

# %% [markdown]
# Rows give the style vectors of layers 0 to 3, columns those of layers 4 and 5. **Predict:** along which direction does the kind of clothes change?

# %%
parents = np.repeat(generator.styles(latents)[:, None], styles.LAYERS, axis=1)
rows, columns = parents[:6], parents[8:16]
mixed = [mix_styles(row, column, 4) for row in rows for column in columns]
left, above = (generator.images(chosen, seed=2) for chosen in (rows, columns))
grid = np.ones((7, 9, 28, 28))
grid[1:, 1:] = generator.images(np.stack(mixed), seed=2).reshape(6, 8, 28, 28)
grid[1:, 0], grid[0, 1:] = left, above
plot.mosaic(
    grid,
    "layers 4 and 5 from the top row",
    "layers 0 to 3 from the left column",
    rows=["parents", *[""] * 6],
    columns=["parents", *[""] * 8],
    gap=8,
    alt="Mixed clothes: each has the shape of its row's parent and the shade of its column's parent",
)

# %% [markdown]
# From row to row the piece changes, from column to column its shade, and a little its texture.

# %%
check("coarse_and_fine", "a")

# %% [markdown]
# ## 9 · Truncation
#
# The network has hardly practiced style vectors that lie far from all others. The **truncation trick** pulls them all toward their mean.
#
# ### Exercise 5 · Truncate

# %%
from labs.exercises.image_translation import truncate

# %%
many = generator.styles(random.normal(size=(5000, 64)))
mean = many.mean(axis=0)
strengths = [0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0]
strip = np.stack([generator.images(truncate(many[:5], mean, psi), seed=3) for psi in strengths], axis=1)
plot.mosaic(
    strip,
    "psi",
    "five style vectors",
    columns=strengths,
    alt="Five pieces: at psi 0 one blob, at 0.5 trousers hardly have a gap, above 1 shades and edges break up",
)

# %% [markdown]
# At psi 0 all are the mean piece, here a blob: the mean of all kinds is no clear kind. Above 1 shades and edges break up. Large networks of one kind, such as faces, often use psi near 0.7: failures get rare.

# %%
check("truncation_trades", "a")

# %% [markdown]
# ## 10 · Challenge: learn from pairs
#
# The check measures how much nearer your own network comes to Twitter's drawings.

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
# Put the path of a photo in place of `None`. What do networks that know only emoji make of it?

# %%
path = None
photo = data.photos()["chelsea"] if path is None else labs.load_photo(path)
small = np.asarray(layers.Resizing(32, 32, crop_to_aspect_ratio=True)(photo[None].astype(np.float32))) / 255
versions = [translation.translated(network, 2 * small - 1) for network in (gan.to_twitter, gan.to_google)]
figure = plot.images(
    [small[0], *(version[0] for version in versions)],
    ["32×32", "Twitter's style", "Google's style"],
    columns=4,
    alt="A photo of 32 by 32 pixels, and what the two generators make of it",
)
figure.savefig(labs.work_folder() / "translated.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "translated.png")
figure

# %% [markdown]
# ## Recap
#
# - With pairs, translation is supervised learning. Without, the discriminators ask for the style, the cycle loss for the content.
# - Two generators and two discriminators of patches learn in one step, each side by its own loss.
# - Score on pairs held back, against the unchanged input, by more than one measure.
# - StyleGAN: constant maps, a mapping network, AdaIN and noise in each layer. Styles can be mixed and truncated.
#
# **Read on:** the papers that the exercises name; on pix2pix Isola and others, *Image-to-image translation with conditional adversarial networks* (2017). **Next:** 11, networks that read one step after the other.

# %%
check.progress("10")
