# %% [markdown]
# # 12 · What else pixels can do
#
# ![A cat turns step by step into a painting of blue and yellow strokes; the last picture is the painting that lent its style.](pictures/12_applications.png)
#
# Today a network paints, enlarges, colors and measures faces.
#
# **After this lesson you can**
# 1. explain what a Gram matrix, a sub-pixel convolution and the Lab color space are, and compute them;
# 2. transfer a style, enlarge photos better than bicubic, and level a tilted face;
# 3. tell what these networks measure from what they invent.
#
# {{measured}} **You need** lessons 05 to 08, or: pre-trained features, U-Net, anchors, PSNR. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=12)

import keras
import numpy as np
from keras import layers

from labs import check, colorization, data, landmarks, models, plot, style_transfer, super_resolution

# %% [markdown]
# ## 1 · Style transfer
#
# **Style transfer** makes a new picture: the content of one image, the style of another. Today's style is a painting that the computer draws in strokes along whirls.

# %%
size = 160
photos = data.photos()
content = style_transfer.square(photos["chelsea"], size)
style = style_transfer.square(style_transfer.painting(), size)
plot.images([content, style], ["content", "style"], columns=5)

# %% [markdown]
# How does a network see style? Its feature maps say *what* is *where*. **Content** is both. Style is what remains when we forget where: which features come together.
#
# The **Gram matrix** holds that: one number for each pair of channels.
#
# ### Exercise 1 · The Gram matrix

# %%
from labs.exercises.applications import gram_matrix

# %% [markdown]
# Follow: the Gram matrix of the painting itself has three channels. **Predict:** we shuffle its pixels. What happens to the matrix?

# %%
random = np.random.default_rng(12)
shuffled = random.permutation(style.reshape(-1, 3)).reshape(style.shape)
print(np.round(gram_matrix(style), 3))
print("largest change by shuffling:", f"{np.abs(gram_matrix(shuffled) - gram_matrix(style)).max():.6f}")
plot.images([style, shuffled], ["style", "pixels shuffled"], columns=6)

# %% [markdown]
# The same matrix, to rounding. So three colors are not enough: strokes are lost. In a deeper layer each place knows its neighborhood, and the matrix tells strokes from noise.
#
# Two different things: shuffle the *feature maps*, and their Gram matrix stays. Shuffle the *image* first, and the network computes other feature maps.

# %%
check("what_a_gram_matrix_forgets", "a")

# %% [markdown]
# ### Exercise 2 · How far is a style?

# %%
from labs.exercises.applications import style_loss

# %% [markdown]
# Our eye is EfficientNet-Lite0 of lesson 05, frozen. **Predict:** which is nearest in style to the painting: another one by the same program, the same one with its pixels shuffled, or the cat?

# %%
look = style_transfer.extractor(models.efficientnet_lite0_backbone(size))
layer = "block3b_expand_conv"
other = style_transfer.square(style_transfer.painting(seed=3), size)
candidates = {"another painting": other, "shuffled pixels": shuffled, "the cat": content}
goal, *grams = (gram_matrix(maps) for maps in look(np.stack([style, *candidates.values()]))[layer])
losses = [float(style_loss(gram, goal)) for gram in grams]
plot.bars(
    {name: loss / losses[-1] for name, loss in zip(candidates, losses, strict=True)},
    "style loss, the cat = 1",
)

# %% [markdown]
# The other painting has a quarter of the cat's distance. The shuffled pixels have the right colors, and four times that distance. A likely reason: noise has an edge at each pixel, and this layer reacts to edges.
#
# Now paint. We start at the photo and let gradient descent change *its pixels*. The loss has three parts:
# - **style loss**: mean over eight layers, from the pixels to block 4. Each is divided by the mean square of the painting's Gram matrix. Otherwise the largest would decide alone;
# - **content loss**: the mean squared difference to the photo's features in one deeper layer, divided by their mean square, times a small weight;
# - **total variation**: differences between neighbors, times a small weight. Without it, single pixels become colored noise.

# %%
check("why_not_numpy", "c")

# %% [markdown]
# **Predict:** which parts of the cat are left after 60 steps?

# %%
transfer = style_transfer.StyleTransfer(look, content, style, gram_matrix, style_loss)
pictures, losses = transfer.run(60, keep=(5, 20, 60))
strip = (
    {"photo": content} | {f"step {step}": picture for step, picture in pictures.items()} | {"style": style}
)
plot.images(
    list(strip.values())[:-1],
    list(strip)[:-1],
    columns=5,
    alt="The photo of a cat; after 5 steps with fine colored noise; after 20 and 60 steps in blue and yellow strokes",
)

# %%
print(f"style loss: {losses['style'][0]:.2f} for the photo, {losses['style'][-1]:.3f} before step 60")
later = {name: (range(2, 61), values[1:]) for name, values in losses.items()}
plot.curves(
    later,
    "step",
    "loss, without its factor",
    logarithmic=True,
    alt="The style loss falls all the way; the content loss rises in the first steps and then falls slowly",
)

# %% [markdown]
# The style loss falls to a small part. The content loss is 0 for the photo (a logarithmic axis cannot show that), rises in the first steps and then falls slowly: the picture loses content, then regains a part. Look for strokes that follow the fur, and for eyes that stay.
#
# Apps train a second network to do it in one pass.
#
# ## 2 · Super-resolution
#
# **Super-resolution** makes a large image from a small one. The usual way is **bicubic** interpolation: each new pixel is a weighted mean of 4×4 old ones. It invents nothing, and edges become soft.
#
# We shrink photos to half their height and width, so that the right answer is known. Training photos show nature and surfaces: bark, rocks, waves, leaves. The four test photos are not among them.
#
# We measure PSNR (lesson 08) in decibels, dB: 10 more mean a tenth of the squared error.

# %%
small, large = super_resolution.patches(list(data.backgrounds().values()), 3000)
tests = {name: super_resolution.shrink(photo) for name, photo in photos.items()}
print("training:", small.shape, "→", large.shape)
bicubic = {name: super_resolution.bicubic(pair[0][None])[0] for name, pair in tests.items()}
plain = {name: super_resolution.psnr(bicubic[name], pair[1]) for name, pair in tests.items()}
print({name: f"{decibels:.1f} dB" for name, decibels in plain.items()})

# %% [markdown]
# A network could enlarge first and repair then. A **sub-pixel convolution** is cheaper: all layers work on the small image, and the last gives four numbers for each color. They become a square of 2×2 pixels.
#
# ### Exercise 3 · Channels become pixels

# %%
from labs.exercises.applications import depth_to_space

# %% [markdown]
# Follow: one place with four channels, then four places.

# %%
one_place = np.array([1, 2, 3, 4]).reshape(1, 1, 1, 4)
four_places = np.arange(1, 17).reshape(1, 2, 2, 4)
squares = [np.asarray(depth_to_space(x))[0, :, :, 0] for x in (one_place, four_places)]
plot.pixels(
    squares,
    ["one place", "2×2 places"],
    limits=(0, 16),
    alt=f"One place becomes the square {squares[0].tolist()}; 2×2 places become {squares[1].tolist()}",
)

# %%
check("why_at_the_small_size", "b")

# %% [markdown]
# Our network adds what bicubic interpolation lacks. It starts at zero, so untrained it *is* bicubic.

# %%
keras.utils.set_random_seed(12)
upscaler = super_resolution.upscaler(filters=24, depth=3)
print(f"{upscaler.count_params():,} parameters")
super_resolution.train(upscaler, small, large, steps=600)

# %% [markdown]
# **Predict:** on which photo does it gain most: astronaut, cat, coffee cup or rocket?

# %%
enlarged = {name: super_resolution.enlarge(upscaler, pair[0]) for name, pair in tests.items()}
gains = []
for name, (_small, original) in tests.items():
    gains.append(super_resolution.psnr(enlarged[name], original) - plain[name])
    print(f"{name:9}: bicubic {plain[name]:.2f} dB, network + {gains[-1]:.2f} dB")
error = np.std(gains, ddof=1) / len(gains) ** 0.5
print(f"mean gain {np.mean(gains):.2f} dB, standard error {error:.2f} from {len(gains)} photos")

# %%
original = tests["astronaut"][1]
plot.details(
    [bicubic["astronaut"], enlarged["astronaut"], original],
    ["bicubic", "network", "original"],
    rows=slice(20, 84),
    columns=slice(76, 140),
    alt="A face: its edges are soft in bicubic, sharper in the network's image, sharpest in the original",
)

# %% [markdown]
# Look at the edges of eyes and hair: sharper than bicubic, softer than the original. The astronaut gains most, the rocket least. Large parts of the rocket's photo are smooth sky: bicubic is good there. Four photos are too few for a rule.
#
# The network has seen no face. What it learned is how edges continue. What is not in the small image, it cannot know.

# %%
check("can_it_read_the_plate", "c")

# %% [markdown]
# ### Broken lab
#
# A colleague brings the last layer's weights from another framework. Shapes fit, and the code runs. The layer has 12 channels: 4 sub-pixels × 3 colors.
#
# The panels *adds* show the result minus bicubic, four times stronger. Middle gray: nothing added. Lighter or darker gray: the same change in all three colors. What is wrong?

# %%
broken = super_resolution.upscaler(filters=24, depth=3)
broken.set_weights(upscaler.get_weights())
kernel, bias = upscaler.get_layer("last").get_weights()
order = np.arange(12).reshape(4, 3).T.ravel()
broken.get_layer("last").set_weights([kernel[..., order], bias[order]])
mixed = super_resolution.enlarge(broken, tests["astronaut"][0])
print(f"network {super_resolution.psnr(enlarged['astronaut'], original):.1f} dB,", end=" ")
print(f"broken {super_resolution.psnr(mixed, original):.1f} dB, bicubic {plain['astronaut']:.1f} dB")
added = [0.5 + 4 * (one - bicubic["astronaut"]) for one in (enlarged["astronaut"], mixed)]  # gray is nothing
shown = [*np.clip(added, 0, 1), enlarged["astronaut"], mixed]
titles = ["network adds", "broken adds", "network", "broken"]
plot.details(
    shown,
    titles,
    rows=slice(20, 84),
    columns=slice(76, 140),
    alt="The network adds gray lines along the edges; the broken one adds a colored pattern",
)

# %% [markdown]
# At most edges the network adds the same to red, green and blue: that looks gray. The broken one adds a colored pattern, and most of the gain is gone. PyTorch keeps the four sub-pixels of one color side by side, TensorFlow the three colors of one sub-pixel. The repair:

# %%
kernel, bias = broken.get_layer("last").get_weights()
order = np.arange(12).reshape(3, 4).T.ravel()
broken.get_layer("last").set_weights([kernel[..., order], bias[order]])
repaired = super_resolution.enlarge(broken, tests["astronaut"][0])
print(f"repaired {super_resolution.psnr(repaired, original):.1f} dB")

# %% [markdown]
# ## 3 · Colorization
#
# **Colorization** gives a gray photo its colors. Red, green and blue are a bad start: all three change with the light. **Lab** separates them: L is the lightness, a goes from green to red, b from blue to yellow. A gray photo *is* L, and two numbers for each pixel are to be predicted.
#
# ### Exercise 4 · From RGB to Lab

# %%
from labs.exercises.applications import rgb_to_lab

# %%
astronaut = photos["astronaut"]
lab = np.asarray(rgb_to_lab(astronaut / 255))
shown = [astronaut, *(lab[..., channel] for channel in range(3))]
titles = ["photo", "L", "a: green to red", "b: blue to yellow"]
plot.images(shown, titles, columns=5, limits=[None, (0, 100), (-80, 80), (-80, 80)])

# %% [markdown]
# L is the gray photo. The orange suit is bright in a and b, the nearly gray background middle gray.
#
# Published networks learned from a million photos (Zhang and others, 2016). We take emoji; no object of the test is in training. Eyes see color coarsely, so the network, a small U-Net, predicts a and b at half the size.

# %%
(train, _twitter), (test, _twitter_test) = data.emoji()
lightness, colors = colorization.pairs(train, rgb_to_lab)
test_lightness, test_colors = colorization.pairs(test, rgb_to_lab)
print(lightness.shape, "→", colors.shape)
keras.utils.set_random_seed(12)
colorizer = colorization.colorizer()
colorization.train(colorizer, lightness, colors, epochs=4)

# %% [markdown]
# **Predict:** a face, lips, a tree, a shoe, a drum: which will get their true colors?

# %%
predicted = colorizer.predict(test_lightness, verbose=0)
gray = np.repeat(test_lightness, 3, axis=-1)
by_network = colorization.colored(test_lightness, predicted)
shown = {"face": 6, "lips": 18, "thumb": 24, "fish": 84, "tree": 90, "pot": 102, "bottle": 108}
shown |= {"shoe": 156, "drum": 162, "sign": 192}
places = list(shown.values())
plot.image_rows(
    {"gray": gray[places], "network": by_network[places], "truth": test[places]},
    list(shown),
    alt="Face, thumb and sign get their true yellow; lips and drum turn dull red, tree and shoe brown",
)

# %%
guesses = {"all gray": np.zeros_like(test_colors), "network": predicted}
errors = {name: colorization.color_errors(guess, test_colors) for name, guess in guesses.items()}
bars = {name: (values.mean(), values.std() / len(values) ** 0.5) for name, values in errors.items()}
gain = errors["all gray"] - errors["network"]
print(f"nearer than gray by {gain.mean():.1f}, standard error {gain.std() / len(gain) ** 0.5:.1f}")
plot.bars(bars, "mean distance in a and b (± standard error)", digits=1)

# %% [markdown]
# Face, thumb and sign come out yellow, with a pale halo: the colors have half the picture's size. Lips and drum turn dull red, tree and shoe brown. On average the network is nearer than gray, but not near.


# %%
def strength(images):
    """How far the colors of each image are from gray, in Lab's units."""
    return colorization.color_errors(images, np.zeros_like(images))


print(
    f"mean distance from gray: truth {strength(test_colors).mean():.1f}, network {strength(predicted).mean():.1f}"
)
worst = np.argsort(gain)[:10]
plot.image_rows(
    {"network": by_network[worst], "truth": test[worst]},
    alt="Blue, green, pink and gray things, painted yellow, brown or brick red by the network",
)

# %% [markdown]
# The guesses that lost most against gray: blue, green, pink and gray things, painted yellow, brown or brick red. It bets on a warm color. Our guess, not measured: many training emoji are faces and hands. On average its colors are nearer to gray than the true ones.

# %%
check("why_colors_are_dull", "b")

# %% [markdown]
# And a photo? The network has never seen one. **Predict** its colors.

# %%
photo_lightness, photo_colors = colorization.pairs(astronaut[None], rgb_to_lab)
guess = colorizer.predict(photo_lightness, verbose=0)
print(f"distance: all gray {colorization.color_errors(0 * photo_colors, photo_colors)[0]:.1f},", end=" ")
print(f"network {colorization.color_errors(guess, photo_colors)[0]:.1f}")
plot.images(
    [colorization.colored(photo_lightness, guess)[0], astronaut],
    ["network", "truth"],
    columns=5,
    alt="The network gives the astronaut violet hair, pale skin and a yellow background",
)

# %% [markdown]
# In this run: violet hair, pale skin, a yellow background, farther from the truth than no color at all. The network knows no skin and no cloth, and the photo is much larger than its 32×32 emoji. A colorizer trained on photos guesses, too: nothing in L says whether a suit is orange or blue.
#
# ## 4 · Landmarks
#
# A **landmark** is a point with a name: left eye, elbow, fingertip. BlazeFace of lesson 07 gives six for each face, as offsets from its anchor. An anchor is a fixed place in the input; an offset says how far from it a point lies.
#
# ### Exercise 5 · From offsets to landmarks

# %%
from labs.exercises.applications import decode_landmarks

# %% [markdown]
# We tilt the photo. The network's input has 128 pixels; on the whole photo the face gets few of them. So we look twice: find the face, cut it out, look again.

# %%
network, anchors = models.blazeface(), models.blazeface_anchors()


def faces(photos):
    """Box, landmarks and score of the likeliest face of each photo."""
    raw, own_anchors, scores = landmarks.answers(network, anchors, photos)
    boxes, points = landmarks.boxes(raw, own_anchors), decode_landmarks(raw, own_anchors)
    return [
        (landmarks.in_pixels(box, photo).ravel(), landmarks.in_pixels(six, photo), score)
        for box, six, score, photo in zip(boxes, points, scores, photos, strict=True)
    ]


def nearer(photos):
    return [
        landmarks.around(photo, box) for photo, (box, _six, _score) in zip(photos, faces(photos), strict=True)
    ]


tilted = landmarks.turned(astronaut, 25)
near = nearer([tilted])
plot.landmarks(
    near[0],
    *zip(*faces(near), strict=True),
    alt="A tilted face; its six landmarks lie on eyes, nose, mouth and ears",
)

# %% [markdown]
# Right and left are the person's own: her right eye lies on the left of the picture.
#
# ### Exercise 6 · How tilted?

# %%
from labs.exercises.applications import align_angle

# %% [markdown]
# How good is the angle? We turn the photo by known amounts; positive degrees turn clockwise. She holds her head a little tilted, and that own tilt is in every angle. **Predict** the curves of the whole photo and of the second look.


# %%
def tilts(photos):
    # Her right eye, the first landmark, is the one on the left.
    return np.array([align_angle(six[0], six[1]) for _box, six, _score in faces(photos)])


turns = np.arange(-50, 51, 10)
views = [landmarks.turned(astronaut, degrees) for degrees in turns]
found = {"whole photo": tilts(views), "second look": tilts(nearer(views))}
for name, angles in found.items():
    own = angles - turns  # her own tilt, each time the same if the angle were exact
    print(f"{name}: her own tilt {own.mean():.1f}° on average, spread {own.std(ddof=1):.1f}°")
(_box, six, _score) = faces([astronaut])[0]
apart = np.linalg.norm(six[1] - six[0]) * landmarks.SIDE / max(astronaut.shape)
print(
    f"whole photo: {apart:.0f} pixels between the eyes; one pixel is {np.degrees(np.arctan2(1, apart)):.0f}°"
)
plot.curves(
    {name: (turns, angles) for name, angles in found.items()} | {"exact": (turns, turns + own.mean())},
    "turned by, degrees",
    "tilt found, degrees",
    alt="The second look stays near the exact line; the whole photo leaves it by many degrees",
)

# %% [markdown]
# Exact angles would lie on a line of slope 1, moved up by her own tilt. The second look stays near it. On the whole photo one pixel of the network's input is several degrees.

# %%
(before,) = tilts(near)
leveled = nearer([landmarks.turned(tilted, -before)])
print(f"before {before:.1f}°, after {tilts(leveled)[0]:.1f}°")
plot.images([tilted, near[0], leveled[0]], ["turned by 25°", "second look", "leveled"], columns=5)

# %% [markdown]
# Her face is nearly level now.
#
# Lesson 07's network took the cat for a person. **Predict** where its landmarks lie.

# %%
chelsea = photos["chelsea"]
plot.landmarks(
    chelsea,
    *zip(*faces([chelsea]), strict=True),
    alt="A cat with six landmarks: the mouth lies on its cheek, an ear beside its nose",
)

# %%
check("landmarks_of_a_cat", "b")

# %% [markdown]
# A mouth on the cheek, an ear beside the nose: six landmarks come out for any input.
#
# **Pose detection** is the same idea on the body: shoulders, elbows, knees, joined to a skeleton. This course has no weights for it.
#
# ## 5 · A map
#
# Where these tasks are used, and the lesson:
#
# | Used for | Task | Lesson |
# |---|---|---|
# | **Autonomous driving** | a label for each pixel of the road; boxes for cars and people | 06, 07 |
# | Phone cameras | zoom | 12 |
# | Portrait photos | person cut out | 06 |
# | Face filters | landmarks | 12 |
# | Medicine | nuclei counted; noise removed | 06, 08 |
# | Old films | denoising, enlarging, coloring | 08, 12 |
# | Sports | pose detection | 12 |
# | Factories | anomaly detection | 08 |
# | Games, film | style transfer, new faces and textures | 12, 09, 10 |
#
# Ask of each: does it *measure* or *invent*? A box can be checked. A color or a detail that a network added looks as real as a true one. In medicine and in court that difference decides.
#
# ### From older Keras
#
# Old style transfer code used `K`, which was `keras.backend`. Two lines fail today:

# %%
with labs.expect_error(AttributeError):
    keras.backend.gradients  # today: tf.GradientTape

with labs.expect_error(AttributeError):
    keras.backend.function  # today: keras.Model(inputs, features)

# %% [markdown]
# ## 6 · Challenge: large emoji
#
# Your own small network that enlarges drawings. The check trains it and measures its PSNR on emoji of other things.
#
# `depth_to_space` of exercise 3 is NumPy, which cannot run inside a model. `layers.Reshape` and `layers.Permute` can; `check.hint("build_upscaler")` shows how.

# %%
from labs.exercises.applications import build_upscaler

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · Content loss

# %%
from labs.exercises.applications import content_loss

# %% [markdown]
# ### Extra · Total variation

# %%
from labs.exercises.applications import total_variation

# %%
features = look(np.stack(list(strip.values())))[style_transfer.CONTENT_LAYER]
for (name, picture), own in zip(strip.items(), features, strict=True):
    away = float(content_loss(own, features[0]))  # the first is the photo
    print(f"{name:9}: content loss {away:8.3f}, total variation {float(total_variation(picture)):8.0f}")

# %% [markdown]
# The content loss is larger than in section 1's curve, where it was divided by the features' mean square. Of the three kept steps, step 20 has the largest content loss and total variation: the picture overshoots.
#
# ### Your own photo
#
# Put the path of a photo in place of `None`. Its style is burnt bark; choose another of `data.backgrounds()`.

# %%
path = None
photo = photos["coffee"] if path is None else labs.load_photo(path)
own = style_transfer.square(photo, size)
bark = style_transfer.square(data.backgrounds()["burnt_bark"], size)
transfer = style_transfer.StyleTransfer(look, own, bark, gram_matrix, style_loss)
painted, _losses = transfer.run(60, keep=(60,))
figure = plot.images([own, bark, painted[60]], ["photo", "style", "painted"], columns=5)
figure.savefig(labs.work_folder() / "painted.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "painted.png")
figure

# %% [markdown]
# ## Recap
#
# - A Gram matrix forgets places and keeps which features come together. Style transfer changes pixels until it fits.
# - A sub-pixel convolution works at the small size and turns channels into pixels at the end.
# - Lab separates lightness from color. The squared error gives dull means where several colors are possible.
# - Landmarks are offsets from an anchor. Two of them give an angle.
#
# **Read on:** Johnson and others, *Perceptual losses* (2016) · Zhang and others, *Colorful image colorization* (2016) · Cao and others, *OpenPose* (2017).

# %%
check.progress("12")
