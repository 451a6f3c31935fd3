# %% [markdown]
# # 12 · What else pixels can do
#
# ![A cat turns step by step into a painting of blue and yellow strokes; the last picture is the painting that lent its style.](pictures/12_applications.png)
#
# You know how a network names, finds and outlines things. Today it paints, enlarges, colors and measures faces.
#
# **After this lesson you can**
# 1. explain what a Gram matrix, a sub-pixel convolution and the Lab color space are, and compute them;
# 2. transfer a style, enlarge photos better than bicubic interpolation, and level a tilted face;
# 3. tell what these networks measure from what they invent.
#
# {{measured}} **You need** lessons 05 and 08, or: pre-trained features, PSNR. **Time:** about 90 minutes.
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
# **Style transfer** makes a new picture: the content of one image, the style of another. The style of today is a painting that the computer draws, stroke by stroke along whirls.

# %%
size = 160
photos = data.photos()
content = style_transfer.square(photos["chelsea"], size)
style = style_transfer.square(style_transfer.painting(), size)
plot.images([content, style], ["content", "style"], columns=6)

# %% [markdown]
# How does a network see style? Its feature maps say *what* is *where*. **Content** is both. Style is what remains when we forget where: which features come together. Blue with fine lines, yellow with curves.
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

# %%
check("what_a_gram_matrix_forgets", "a")

# %% [markdown]
# ### Exercise 2 · How far is a style?

# %%
from labs.exercises.applications import style_loss

# %% [markdown]
# Our eye is EfficientNet-Lite0 of lesson 05, frozen. **Predict:** which is nearest in style to the painting: another painting by the same program, its shuffled pixels, or the cat?

# %%
look = style_transfer.extractor(models.efficientnet_lite0_backbone(size))
layer = "block3b_expand_conv"
other = style_transfer.square(style_transfer.painting(seed=3), size)
candidates = {"another painting": other, "shuffled pixels": shuffled, "the cat": content}
goal = gram_matrix(look(style[None])[layer][0])
distances = {
    name: float(style_loss(gram_matrix(look(image[None])[layer][0]), goal))
    for name, image in candidates.items()
}
plot.bars(
    {name: distance / distances["the cat"] for name, distance in distances.items()}, "style loss, the cat = 1"
)

# %% [markdown]
# Other strokes at other places, nearly the same style. The shuffled pixels have the painting's colors and are far away.
#
# Now paint. We start at the photo and let gradient descent change *its pixels*. The loss has three parts:
# - **style loss**: mean over eight layers, from the pixels to block 4. Each is divided by the size of its goal, or the largest would drown the rest;
# - **content loss**: how far the features of one deeper layer are from the photo's, times a small weight;
# - **total variation**: differences between neighbors, times a small weight. Without it, single pixels flicker.

# %%
check("what_is_trained_in_style_transfer", "c")

# %% [markdown]
# 100 steps take about 10 seconds.

# %%
transfer = style_transfer.StyleTransfer(look, content, style, gram_matrix, style_loss)
pictures, losses = transfer.run(100, keep=(5, 20, 100))
strip = (
    {"photo": content} | {f"step {step}": picture for step, picture in pictures.items()} | {"style": style}
)
plot.images(list(strip.values()), list(strip), columns=6)

# %%
later = {name: (range(2, 101), values[1:]) for name, values in losses.items()}
plot.curves(later, "step", "loss before weights", logarithmic=True)

# %% [markdown]
# The style loss falls to a small part. The content loss jumps from 0 in the first steps and then falls slowly: the picture pays with content, and gets some of it back. Look for strokes that follow the cat's fur, and for eyes that stay. The colors came with the first layer of the eight, the pixels themselves.
#
# One picture takes a hundred steps. Apps train a second network to do it in one pass (Johnson and others, 2016).
#
# ## 2 · Super-resolution
#
# **Super-resolution** makes a large image from a small one. The usual way is **bicubic** interpolation: each new pixel is a weighted mean of 4×4 old ones. It invents nothing, and edges become soft.
#
# We shrink photos to half their height and width, so that the right answer is known. Training photos are landscapes; the four test photos are never seen in training.

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
plot.pixels(squares, ["one place", "2×2 places"], limits=(0, 16))

# %%
check("why_at_the_small_size", "b")

# %% [markdown]
# Our network adds what bicubic interpolation lacks: the sum of both is the result. It starts at zero, so untrained it *is* bicubic. (About 15 seconds.)

# %%
keras.utils.set_random_seed(12)
upscaler = super_resolution.upscaler(filters=32, depth=3)
print(f"{upscaler.count_params():,} parameters")
super_resolution.train(upscaler, small, large, steps=700)

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
)

# %% [markdown]
# Look at the edges of eyes and hair: sharper than bicubic, softer than the original. Photos with many sharp edges gain most. Where an image is smooth, there is little to win.
#
# The network has seen leaves, rocks and waves, no face. What it learned is how edges continue. What is not in the small image, it cannot know.

# %%
check("can_it_read_the_plate", "c")

# %% [markdown]
# ### Broken lab
#
# A colleague brings the weights of the last layer from a network that another framework trained. Shapes fit, the code runs, and the picture looks like this. Find out from picture and numbers what is wrong:

# %%
broken = super_resolution.upscaler(filters=32, depth=3)
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
plot.details(shown, titles, rows=slice(20, 84), columns=slice(76, 140))

# %% [markdown]
# What is added should be the same for all three colors at most edges: nearly gray. In the broken picture it is a colored pattern, and the gain over bicubic is nearly gone. PyTorch keeps the four sub-pixels of one color side by side, TensorFlow the three colors of one sub-pixel. The channels must be put into the other order.
#
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
# L is the gray photo. The orange suit is bright in a and b; the background, nearly gray, lies in the middle of both.
#
# Published networks learned from a million photos (Zhang and others, 2016, used ImageNet). We have minutes, so we take emoji: small drawings with typical colors. No object of the test is in training. Eyes see color coarsely, so the network, a small U-Net, predicts a and b at half the size. (About 10 seconds.)

# %%
(train, _twitter), (test, _twitter_test) = data.emoji()
lightness, colors = colorization.pairs(train, rgb_to_lab)
test_lightness, test_colors = colorization.pairs(test, rgb_to_lab)
print(lightness.shape, "→", colors.shape)
keras.utils.set_random_seed(12)
colorizer = colorization.colorizer()
colorization.train(colorizer, lightness, colors, epochs=5)

# %% [markdown]
# **Predict:** a face, lips, a tree, a shoe, a drum: which will get their true colors?

# %%
predicted = colorizer.predict(test_lightness, verbose=0)
gray = np.repeat(test_lightness, 3, axis=-1)
by_network = colorization.colored(test_lightness, predicted)
shown = [6, 18, 24, 84, 90, 102, 108, 156, 162, 192]
plot.images(
    [images[number] for images in (gray, by_network, test) for number in shown],
    [text for text in ("gray", "network", "truth") for _image in shown],
    columns=10,
    alt="Ten emoji in gray, with the colors of the network, and with their true colors",
)

# %%
guesses = {"all gray": np.zeros_like(test_colors), "network": predicted}
errors = {name: colorization.color_errors(guess, test_colors) for name, guess in guesses.items()}
bars = {name: (values.mean(), values.std() / len(values) ** 0.5) for name, values in errors.items()}
gain = errors["all gray"] - errors["network"]
print(f"nearer than gray by {gain.mean():.1f}, standard error {gain.std() / len(gain) ** 0.5:.1f}")
plot.bars(bars, "mean distance in the plane of a and b")

# %% [markdown]
# Faces, thumbs and the warning sign come out yellow: things that always have one color. The lips are pale, the tree turns brown, and so does the shoe, which could have any color. On average it is nearer than gray, but not near.


# %%
def strength(images):
    """How far the colors of each image are from gray, in Lab's units."""
    return colorization.color_errors(images, np.zeros_like(images))


print(
    f"mean distance from gray: truth {strength(test_colors).mean():.1f}, network {strength(predicted).mean():.1f}"
)
worst = np.argsort(gain)[:10]
plot.images(
    [images[number] for images in (by_network, test) for number in worst],
    [text for text in ("network", "truth") for _image in worst],
    columns=10,
    alt="Ten emoji whose colors the network guessed worst, above their true colors",
)

# %% [markdown]
# These are the guesses that lost most against gray: blue, green and pink things, painted yellow or orange. Where the network does not know a shape, it bets on a warm color: faces, hands and hair of the training emoji have one. And on average its colors are nearer to gray than the true ones.

# %%
check("why_colors_are_dull", "b")

# %% [markdown]
# And a photo? The network has never seen one. **Predict** its colors.

# %%
photo_lightness, photo_colors = colorization.pairs(astronaut[None], rgb_to_lab)
guess = colorizer.predict(photo_lightness, verbose=0)
print(f"distance: all gray {colorization.color_errors(0 * photo_colors, photo_colors)[0]:.1f},", end=" ")
print(f"network {colorization.color_errors(guess, photo_colors)[0]:.1f}")
plot.images([colorization.colored(photo_lightness, guess)[0], astronaut], ["network", "truth"], columns=5)

# %% [markdown]
# Worse than no color at all. It knows no skin and no cloth, and answers all the same. A colorizer for photos needs photos, very many of them, and still guesses: nothing in L says whether a suit was orange or blue.
#
# ## 4 · Landmarks
#
# A **landmark** is a point with a name: left eye, elbow, fingertip. BlazeFace of lesson 07 gives six for each face, as offsets from its anchor.
#
# ### Exercise 5 · From offsets to landmarks

# %%
from labs.exercises.applications import decode_landmarks

# %% [markdown]
# We tilt the photo, so that there is something to level. The network's input has 128 pixels, and on the whole photo the face gets few of them. So we look twice: find the face, cut it out, look again.

# %%
network, anchors = models.blazeface(), models.blazeface_anchors()


def best_face(photo):
    raw, own_anchors, scores = landmarks.answers(network, anchors, photo)
    corners = landmarks.in_pixels(landmarks.boxes(raw, own_anchors), photo).reshape(-1, 4)
    points = landmarks.in_pixels(decode_landmarks(raw, own_anchors), photo)
    return corners[:1], points[:1], scores[:1]


def nearer(photo):
    corners, _points, _scores = best_face(photo)
    return landmarks.around(photo, corners[0])


tilted = landmarks.turned(astronaut, 25)
plot.landmarks(nearer(tilted), *best_face(nearer(tilted)))

# %% [markdown]
# Right and left are the person's own: her right eye lies on the left of the picture.
#
# ### Exercise 6 · How tilted?

# %%
from labs.exercises.applications import align_angle

# %% [markdown]
# How good is the angle? We turn the photo by known amounts. **Predict** two curves: the angle from the whole photo, and from the second look.


# %%
def tilt(photo):
    _corners, points, _scores = best_face(photo)
    return align_angle(points[0, 0], points[0, 1])


turns = np.arange(-50, 51, 10)
views = [landmarks.turned(astronaut, degrees) for degrees in turns]
found = {
    "whole photo": np.array([tilt(view) for view in views]),
    "second look": np.array([tilt(nearer(view)) for view in views]),
}
for name, angles in found.items():
    own = angles - turns  # her own tilt, each time the same if the angle were exact
    print(f"{name}: her own tilt {own.mean():.1f}° on average, spread {own.std(ddof=1):.1f}°")
plot.curves(
    {name: (turns, angles) for name, angles in found.items()}, "turned by, degrees", "tilt found, degrees"
)

# %% [markdown]
# With an exact angle each curve would be a straight line. The second look comes near it; on the whole photo one pixel of the network's input is already a large angle.

# %%
leveled = landmarks.turned(tilted, -tilt(nearer(tilted)))
print(f"before {tilt(nearer(tilted)):.1f}°, after {tilt(nearer(leveled)):.1f}°")
plot.images([tilted, nearer(tilted), nearer(leveled)], ["turned by 25°", "second look", "leveled"], columns=5)

# %% [markdown]
# Her face is nearly level now. Face recognition begins like this: all faces upright, eyes at the same places.
#
# Lesson 07's network took the cat for a person. **Predict** where its landmarks lie.

# %%
chelsea = photos["chelsea"]
plot.landmarks(chelsea, *best_face(chelsea))

# %%
check("landmarks_of_a_cat", "b")

# %% [markdown]
# A mouth on the cheek, an ear beside the nose: the score said *face*, so six numbers came out.
#
# **Pose detection** is the same idea on the body: shoulders, elbows, knees, each with a place and a score, joined to a skeleton. Only faces run here; a body network would need weights that this course does not bring.
#
# ## 5 · A map
#
# Where these tasks are used, and where you have built them:
#
# | Used for | Task | Lesson |
# |---|---|---|
# | **Autonomous driving** | road and lanes: a label for each pixel; cars and people: boxes | 06, 07 |
# | Phone cameras | zoom; portraits; face filters | 12, 06, 12 |
# | Medicine | nuclei counted; noise removed from low-dose images | 06, 08 |
# | Old films | denoising, enlarging, coloring | 08, 12 |
# | Sports, physiotherapy | pose detection | 12 |
# | Factories | anomaly detection | 08 |
# | Games, film | style transfer, new faces and textures | 12, 09, 10 |
#
# Ask of each: does it *measure* or *invent*? A box can be checked. A color or a pore that a network added looks as sure as a true one. In medicine and in court that difference decides.
#
# ### From older Keras
#
# Style transfer code of 2016 to 2019 took gradients with `K`, which was `keras.backend`. Two lines of it fail today:

# %%
with labs.expect_error(AttributeError):
    keras.backend.gradients  # today: tf.GradientTape

with labs.expect_error(AttributeError):
    keras.backend.function  # today: keras.Model(inputs, features)

# %% [markdown]
# ## 6 · Challenge: large emoji
#
# Your own network that enlarges, under a budget of parameters, for drawings in place of photos. The check trains it and measures its PSNR on emoji of other things.

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
for name, picture in strip.items():
    features = look(picture[None])[style_transfer.CONTENT_LAYER][0]
    away = content_loss(features, look(content[None])[style_transfer.CONTENT_LAYER][0])
    print(
        f"{name:9}: content loss {float(away):8.3f}, total variation {float(total_variation(picture)):8.0f}"
    )

# %% [markdown]
# At first the picture overshoots: content loss and total variation are largest at step 20. The photo is calm, the painting is restless by itself, and the picture comes near it.
#
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell. Its style is burnt bark; choose another of `data.backgrounds()`.

# %%
path = None
photo = photos["coffee"] if path is None else labs.load_photo(path)
own = style_transfer.square(photo, size)
bark = style_transfer.square(data.backgrounds()["burnt_bark"], size)
transfer = style_transfer.StyleTransfer(look, own, bark, gram_matrix, style_loss)
painted, _losses = transfer.run(100, keep=(100,))
figure = plot.images([own, bark, painted[100]], ["photo", "style", "painted"], columns=5)
figure.savefig(labs.work_folder() / "painted.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "painted.png")
figure

# %% [markdown]
# ## Recap
#
# - A Gram matrix forgets places and keeps which features come together. Style transfer changes pixels until it fits.
# - A sub-pixel convolution works at the small size and turns channels into pixels at the end. Compare with bicubic, on photos never seen.
# - Lab separates lightness from color. The squared error gives dull means where several colors are possible.
# - Landmarks are offsets from an anchor. Two of them give an angle.
#
# **Read on:** Gatys, Ecker, Bethge, *Image style transfer using convolutional neural networks* (2016) · Johnson, Alahi, Fei-Fei, *Perceptual losses* (2016) · Shi and others, *Sub-pixel convolutional neural network* (2016) · Zhang, Isola, Efros, *Colorful image colorization* (2016) · Bazarevsky and others, *BlazeFace* (2019) · Cao and others, *OpenPose* (2017).

# %%
check.progress("12")
