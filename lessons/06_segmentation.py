# %% [markdown]
# # 06 · Every pixel a label
#
# ![Four scenes that the network of this lesson never saw, and below each its answer: every pixel of a bird, a flower, a mammal or a vehicle is colored and hatched as its class.](pictures/06_segmentation.png)
#
# A classifier says *there is a bird*. Today's networks say which pixels are the bird.
#
# **After this lesson you can**
# 1. explain what upsampling, transposed convolution and skip connections do in a segmentation network;
# 2. write a U-Net, train it, and measure its masks with IoU and Dice;
# 3. put a decoder on a pre-trained encoder, and count the cells in a microscope image.
#
# {{measured}} **You need** lessons 01, 02, 04 and 05, or: convolution, pooling, batch normalization, a frozen backbone. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=6)

import keras
import numpy as np
from keras import layers

from labs import check, data, models, plot, segmentation

# %% [markdown]
# ## 1 · A label for every pixel
#
# A car must know where the road ends, a doctor where the tumor ends. **Semantic segmentation** gives every pixel a class. Our data: **scenes**, photos of things composed on photos of places. They are no real photos, and for that their masks are exact. Things and places of the test scenes never appear in training.

# %%
train = data.scenes(500, size=192)
test = data.scenes(200, size=192, split="test")
names = ["background", *train.classes]
print("images", train.images.shape, "masks", train.masks.shape, "classes", dict(enumerate(names)))
plot.masks(train.images[:4], train.masks[:4], train.classes)

# %% [markdown]
# Two things of one class have the same color: a semantic mask does not tell them apart. **Instance segmentation** also numbers them.

# %%
crowd = int(np.argmax([len(labels) - len(set(labels)) for labels in train.labels]))
print("objects:", [train.classes[label] for label in train.labels[crowd]])
plot.instances(train.images[crowd], train.instances[crowd])

# %%
check("semantic_or_classification", "b")

# %%
check("semantic_or_instance", "a")

# %% [markdown]
# ## 2 · A classifier, everywhere at once
#
# The first idea (FCN, 2015): slide a classifier over the photo. We train a small one. It sees 64×64 pixels with one thing or none, through the lower part of lesson 05's network, frozen: features computed once.

# %%
backbone = models.efficientnet_lite0_backbone(None)  # None: images of any size
lower = keras.Model(backbone.input, backbone.get_layer("block5c_add").output)
lower.trainable = False


def preprocess(images):
    return (np.asarray(images, np.float32) - 127) / 128


single = data.scenes(600, size=64, objects=(0, 1), seed=1)
kinds = single.masks.max(axis=(1, 2))  # 0 where nothing stands
maps = lower.predict(preprocess(single.images), batch_size=50, verbose=0)
print("maps", maps.shape, "scenes of each class", dict(zip(names, np.bincount(kinds).tolist(), strict=True)))

# %%
head = keras.Sequential(
    [
        keras.Input(maps.shape[1:]),
        layers.Flatten(),
        layers.Dropout(0.5),
        layers.Dense(len(names), activation="softmax"),
    ]
)
head.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
head.fit(maps, kinds, epochs=10, verbose=0)
unseen = data.scenes(300, size=64, objects=(0, 1), seed=1, split="test")
right, error = labs.accuracy(
    head, lower.predict(preprocess(unseen.images), verbose=0), unseen.masks.max(axis=(1, 2))
)
print(f"accuracy on things and places never seen: {right:.3f} ± {error:.3f}")

# %% [markdown]
# On a larger photo the dense layer fails: it wants exactly 4×4×112 numbers. But what does it do with them? It multiplies each by a weight and sums, like a convolution whose kernel is as large as the map.
#
# ### Exercise 1 · A dense layer is a convolution

# %%
from labs.exercises.segmentation import dense_to_conv

# %% [markdown]
# **Convolutionalization:** the same weights in a convolution, and the network takes any size. First the proof, on the size that it knows:

# %%
dense_kernel, bias = head.layers[-1].get_weights()
slide = layers.Conv2D(len(names), 4, activation="softmax")
fully_convolutional = keras.Sequential([keras.Input((None, None, 112)), slide])
slide.set_weights([dense_to_conv(dense_kernel, 4, 4, 112), bias])
once = fully_convolutional.predict(maps[:100], verbose=0)
difference = np.abs(once[:, 0, 0] - head.predict(maps[:100], verbose=0)).max()
print("output", once.shape, f"largest difference to the dense layer: {difference:.1e}")

# %% [markdown]
# Now a large picture: sixteen unseen scenes side by side, 256×256 pixels. **Predict:** how many answers come out?

# %%
rows = [np.concatenate(unseen.images[begin : begin + 4], axis=1) for begin in range(0, 16, 4)]
large = np.concatenate(rows)
answers = fully_convolutional.predict(lower.predict(preprocess(large[None]), verbose=0), verbose=0)[0]
print("answers:", answers.shape)
plot.heat_maps([large] * len(names), list(answers.transpose(2, 0, 1)), names)

# %% [markdown]
# A **heat map** for each class, from one pass. Look for the flowers and birds; edges between the scenes confuse it. The maps know roughly where, but they are coarse: **downsampling** by 16 has thrown the outlines away. We need **upsampling**.
#
# ## 3 · Up again: transposed convolution
#
# A convolution gathers: many pixels, one sum. A **transposed convolution** spreads: each pixel lays its multiple of the kernel on the output, and where copies overlap, they add up.
#
# ### Exercise 2 · Spread

# %%
from labs.exercises.segmentation import transposed_conv2d

# %%
small = np.array([[1.0, 2.0], [3.0, 0.0]])
kernel = np.array([[1.0, 2.0, 1.0], [2.0, 4.0, 2.0], [1.0, 2.0, 1.0]])
layer = layers.Conv2DTranspose(1, 3, strides=2, use_bias=False)
layer.build((None, 2, 2, 1))
layer.set_weights([kernel[:, :, None, None]])
keras_output = np.asarray(layer(small[None, :, :, None]))[0, :, :, 0]
print("Keras gives the same:", np.allclose(keras_output, transposed_conv2d(small, kernel, stride=2)))
plot.unrolled(kernel, small, 2, transposed_conv2d(small, kernel, stride=2))

# %% [markdown]
# Some texts call it **deconvolution**. Does it undo a convolution? We convolve a photo with stride 2, and transpose with the same kernel, times 4 to keep the brightness:

# %%
photo = data.photos()["chelsea"][:128, 60:188].mean(axis=2) / 255
blur = kernel / kernel.sum()
convolve = layers.Conv2D(1, 3, strides=2, use_bias=False)
convolve.build((None, None, None, 1))
convolve.set_weights([blur[:, :, None, None]])
halved = np.asarray(convolve(photo[None, :, :, None]))[0, :, :, 0]
back = transposed_conv2d(halved, 4 * blur, stride=2)
print("shapes", photo.shape, halved.shape, back.shape)
print(f"mean difference to the photo: {np.abs(photo[:127, :127] - back).mean():.3f}")
plot.images([photo, halved, back], ["photo", "convolved", "transposed"], columns=3)

# %%
check("transposed_inverse", "b")

# %% [markdown]
# The size comes back but for a pixel, the fine detail does not. And how often is each output pixel reached? Spread ones with a kernel of ones, stride 2, and count. **Predict:** for which kernel size is the count the same everywhere?

# %%
counts = [transposed_conv2d(np.ones((5, 5)), np.ones((size, size)), stride=2) for size in (2, 3, 4)]
plot.pixels(counts, ["kernel 2", "kernel 3", "kernel 4"], limits=(0, 4))

# %% [markdown]
# With kernel 3 some pixels are reached four times, their neighbors once or twice: a **checkerboard**, seen in many generated images. Kernel 2 reaches each pixel once, kernel 4 each inner pixel four times.

# %%
check("checkerboard_cause", "b")

# %% [markdown]
# ## 4 · U-Net
#
# Going down, the network learns *what*; going up it must remember *where*. The early maps know it. FCN adds them to the upsampled maps; **U-Net** (2015) concatenates them: a **skip connection** joins each level of the way down (the encoder) to its level of the way up (the decoder).
#
# The brick of both sides:
#
# ### Exercise 3 · Two convolutions

# %%
from labs.exercises.segmentation import double_conv

# %% [markdown]
# ### Exercise 4 · U-Net, skip by skip

# %%
from labs.exercises.segmentation import build_unet

# %%
model = build_unet()
print(f"{model.count_params():,} parameters, {model.input_shape[1:]} → {model.output_shape[1:]}")
plot.graph({"a U-Net of one level": build_unet(size=16, classes=2, base=4, depth=1)})

# %%
check("skip_join", "a")

# %%
check("skip_brings", "b")

# %% [markdown]
# The paper's convolutions are `valid`: each takes a border away, so its maps must be cropped before they are joined, and 572 pixels in give fewer out. We compute how many:

# %%
size, sides = 572, []
for _level in range(4):
    sides.append(size - 4)  # two 3×3 convolutions without padding
    size = sides[-1] // 2
size -= 4
for side in reversed(sides):
    size *= 2
    print(f"joined: {side} is cropped to {size}")
    size -= 4
print("output:", size)

# %% [markdown]
# For the paper's microscope images it was right: large images are cut into tiles, and every answer rests on real pixels only. We pad: the mask is as large as the image, and the border is a little worse.

# %%
check("crop_or_pad", "a")

# %% [markdown]
# ## 5 · How good is a mask?
#
# Suppose a network answers *background* everywhere:

# %%
nothing = np.zeros_like(test.masks)
print(f"accuracy of answering background: {np.mean(nothing == test.masks):.3f}")

# %% [markdown]
# It found nothing, and most pixels are right. **IoU**, intersection over union, counts only pixels that at least one mask claims; **Dice** is twice the intersection over the sum of both masks.
#
# ### Exercise 5 · IoU

# %%
from labs.exercises.segmentation import mask_iou

# %% [markdown]
# ### Exercise 6 · Dice

# %%
from labs.exercises.segmentation import dice

# %% [markdown]
# How do both fall when a mask slides away from the truth?

# %%
truth = np.zeros((40, 80), bool)
truth[10:30, 10:30] = True
shifts = range(0, 24, 2)
moved = [np.roll(truth, shift, axis=1) for shift in shifts]
plot.curves(
    {
        "IoU": (list(shifts), [mask_iou(truth, one) for one in moved]),
        "Dice": (list(shifts), [dice(truth, one) for one in moved]),
    },
    "pixels to the right, of a square 20 wide",
    "score",
)

# %% [markdown]
# Dice is never below IoU: with J for IoU it is 2J / (1 + J). They rank two masks alike; never compare one with the other.
#
# With several classes: one IoU a class, over the pixels of all images, then the mean.
#
# ### Exercise 7 · Mean IoU

# %%
from labs.exercises.segmentation import mean_iou

# %%
check("misleading_accuracy", "b")

# %% [markdown]
# Losses are misled, too. Cross-entropy over all pixels hears mostly background. Two cures: weights for rare classes, or a **Dice loss**, 1 - Dice with probabilities in place of masks. A *careful* network gives things 0.4, a *bold* one 0.9. Three losses:

# %%
inside = (test.masks[:50] > 0).astype(np.float32)
share = inside.mean()
for text, probability in {"careful": 0.1 + 0.3 * inside, "bold": 0.3 + 0.6 * inside}.items():
    pixel_loss = -np.log(np.where(inside == 1, probability, 1 - probability))
    weights = np.where(inside == 1, 1 / share, 1 / (1 - share)) / 2
    soft_dice = 2 * np.sum(inside * probability) / np.sum(inside + probability)
    print(
        f"{text:8} cross-entropy {pixel_loss.mean():.3f} · weighted {(weights * pixel_loss).mean():.3f} · Dice loss {1 - soft_dice:.3f}"
    )

# %% [markdown]
# *Bold* finds the things. Which loss prefers it by far, and which hardly sees a difference? (The weighted one; plain cross-entropy.)
#
# ## 6 · With and without skips
#
# Two U-Nets from scratch on scenes of 48×48 pixels: the same budget, one without its skips. The task is the simpler half: *thing or background*. We add batch normalization, which trains faster. **Predict:** what will the one without skips miss? (About half a minute.)

# %%
small_train, small_test = data.scenes(400, size=48), data.scenes(200, size=48, split="test")
truth = small_test.masks > 0
answers = {}
for text, skips in {"with skips": True, "without skips": False}.items():
    keras.utils.set_random_seed(6)
    unet = segmentation.unet(size=48, classes=2, base=8, skips=skips)
    images = small_train.images / np.float32(255)
    segmentation.train_segmenter(unet, images, small_train.masks > 0, epochs=3, batch_size=16, rate=3e-3)
    answers[text] = segmentation.predict_masks(unet, small_test.images / np.float32(255)) > 0
scores = {text: float(mask_iou(truth, answer)) for text, answer in answers.items()}
plot.bars(scores, "IoU of all things together", limits=(0, 1))

# %% [markdown]
# The IoU counts the inside of a thing, which both find, as much as its border. So we look at the border alone, two pixels to each side:

# %%
border = segmentation.borders(truth, width=2)
print(f"{np.mean(border):.2f} of all pixels lie at a border")
for text, answer in answers.items():
    print(f"{text}: {np.mean((answer == truth)[border]):.3f} of them are right")
plot.masks(
    [*small_test.images[:5]] * 2,
    [mask for masks in answers.values() for mask in masks[:5]],
    ["thing"],
    [text for text in answers for _scene in range(5)],
)

# %% [markdown]
# Compare the outlines: with skips, more pixels at the border are right. We asked only *thing or not*, for a reason: finding something is one task, naming it another. From a hundred things of four classes a network learns few names that hold for new ones; the challenge at the end tries.

# %% [markdown]
# ## 7 · A pre-trained encoder
#
# Lesson 05's cure: an **encoder** that has seen a million photos. Frozen, its maps of four sizes are computed once; only a small **decoder** trains. (Under a minute in all.)

# %%
encoder = segmentation.encoder(backbone)
train_maps = segmentation.encode(encoder, train.images)
test_maps = segmentation.encode(encoder, test.images)
for one in train_maps:
    print(f"1/{192 // one.shape[1]} of the size: {one.shape[1:]}")
keras.utils.set_random_seed(6)
decoder = segmentation.decoder([one.shape[1:] for one in train_maps])
print(f"{encoder.count_params():,} frozen parameters, {decoder.count_params():,} in the decoder")
segmentation.train_segmenter(decoder, train_maps, train.masks[:, 1::3, 1::3])
truths = test.masks[:, 1::3, 1::3]  # masks of 64×64: every third pixel
predicted = segmentation.predict_masks(decoder, test_maps)

# %%
ious = segmentation.class_ious(truths, predicted, len(names))
things = mask_iou(truths > 0, predicted > 0)
print(
    f"all things together {things:.3f}, mean over the classes {mean_iou(truths, predicted, len(names)):.3f}"
)
plot.bars(dict(zip(names, ious.tolist(), strict=True)), "IoU on things and places never seen", limits=(0, 1))

# %%
plot.mask_pairs(test.images[:4, 1::3, 1::3], truths[:4], predicted[:4], train.classes)

# %% [markdown]
# Few scenes again; the bars show which names hold. And where does it fail? The four scenes with the smallest mean IoU:

# %%
each = [mean_iou(truth, guess, len(names)) for truth, guess in zip(truths, predicted, strict=True)]
worst = np.argsort(each)[:4]
plot.mask_pairs(test.images[worst][:, 1::3, 1::3], truths[worst], predicted[worst], train.classes)

# %% [markdown]
# Look for thin parts, for things that touch, and for colors: often the outline is right and the name is wrong.
#
# ## 8 · Broken lab
#
# A colleague enlarges the masks to the size of the photos. The code runs, and training on it gives poor outlines. Find out why from the counts.

# %%
vehicle = np.flatnonzero((train.masks == 4).any(axis=(1, 2)))[0]
mask = np.where(train.masks[vehicle] == 4, 4.0, 0.0)[..., None]  # vehicles and background only
for rule in ("bilinear", "nearest"):
    enlarged = np.asarray(keras.ops.image.resize(mask, (500, 500), interpolation=rule))
    values, numbers = np.unique(np.rint(enlarged).astype(int), return_counts=True)
    print(rule, {names[value]: int(number) for value, number in zip(values, numbers, strict=True)})

# %% [markdown]
# Halfway between *background* 0 and *vehicle* 4 lies 2: *flower*. Class numbers are names, not amounts. Masks are resized with `nearest`, and so is every augmentation of lesson 03 on a mask.
#
# ## 9 · A real microscope image
#
# Nuclei of cells under a microscope, each outlined by a person: one image, and it must do. We train on random parts of its left half, turned and mirrored, and test on the right half.

# %%
(image_left, cells_left), (image_right, cells_right) = data.nuclei()
patches, patch_masks = segmentation.random_patches(image_left, cells_left > 0, count=300, size=64, seed=6)
print("patches", patches.shape, f"nuclei cover {np.mean(cells_left > 0):.2f} of the left half")
bright = float(np.quantile(image_left, 0.99))
plot.images(
    patches[:8], columns=8, limits=(0, bright), alt="Eight parts of a microscope image: bright nuclei"
)

# %%
keras.utils.set_random_seed(6)
nuclei_net = segmentation.unet(size=None, channels=1, classes=2, base=8, depth=2)
segmentation.train_segmenter(nuclei_net, patches / np.float32(255), patch_masks, epochs=3, rate=4e-3)
found = segmentation.predict_masks(nuclei_net, image_right[None, :, :, None] / np.float32(255))[0]
threshold = np.quantile(image_left, 1 - np.mean(cells_left > 0))
print(f"U-Net: IoU {mask_iou(cells_right > 0, found):.3f}")
print(f"a fixed brightness: IoU {mask_iou(cells_right > 0, image_right > threshold):.3f}")
part = np.repeat(np.minimum(image_right[:256] / bright, 1)[..., None], 3, axis=-1)
masks = [np.zeros_like(found[:256]), cells_right[:256] > 0, found[:256]]
plot.masks([part] * 3, masks, ["nucleus"], ["image", "truth", "U-Net"], columns=4)

# %% [markdown]
# The network was trained on 64×64 and answers for 512×256: it has no dense layer. A fixed threshold for brightness does worse.
#
# ## 10 · Challenge: a small segmenter
#
# Your own network for scenes, under a budget of parameters. The check trains it and measures the mean IoU on unseen things and places.

# %%
from labs.exercises.segmentation import build_segmenter

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · How many nuclei?
#
# A biologist wants a number, not a mask. From mask to instances: pixels that touch belong together, a **connected component**.

# %%
from labs.exercises.segmentation import count_instances

# %%
print("true nuclei:", len(np.unique(cells_right[cells_right > 0])))
print("connected components of the true mask:", count_instances(cells_right > 0))
print("connected components of ours:", count_instances(found))

# %% [markdown]
# Even the true mask gives too few: nuclei that touch become one. That is what instance segmentation must solve; U-Net's authors weighted the gaps between cells, StarDist and Mask R-CNN predict a shape for each.
#
# ### From older Keras
#
# Guides of 2020 build U-Nets with `merge` and call `predict_classes`. Both are gone:

# %%
with labs.expect_error(ImportError):
    from keras.layers import merge  # today: layers.Concatenate()([x, skip])

with labs.expect_error(AttributeError):
    decoder.predict_classes(test_maps)  # today: decoder.predict(test_maps).argmax(axis=-1)

# %% [markdown]
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell. The network knows four classes; what does it make of yours?

# %%
path = None
own = data.photos()["chelsea"] if path is None else labs.load_photo(path)
own = np.asarray(layers.Resizing(192, 192, crop_to_aspect_ratio=True)(own)).astype(np.uint8)
mask = segmentation.predict_masks(decoder, segmentation.encode(encoder, own[None]))[0]
figure = plot.masks([own[1::3, 1::3]], [mask], train.classes)
figure.savefig(labs.work_folder() / "every_pixel.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "every_pixel.png")
figure

# %% [markdown]
# No house cat was among the things, and yet most of it is called a mammal. A photo that one thing fills is unlike our scenes, though: look for the parts that got another name.
#
# ## Recap
#
# - A dense layer is a convolution; without dense layers a network takes images of any size.
# - Transposed convolution brings the size back, not the detail. Skips bring back the outlines.
# - Accuracy misleads where most pixels are background: report IoU for each class.
# - A pre-trained encoder names things that it never saw; masks are resized with `nearest`.
#
# **Read on:** Long, Shelhamer, Darrell, *Fully Convolutional Networks* (2015) · Ronneberger, Fischer, Brox, *U-Net* (2015) · Odena, Dumoulin, Olah, *Deconvolution and Checkerboard Artifacts* (2016) · Schmidt and others, *Cell Detection with Star-convex Polygons* (2018). **Next:** 07, what and where.

# %%
check.progress("06")
