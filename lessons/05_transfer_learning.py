# %% [markdown]
# # 05 · Standing on ImageNet's shoulders
#
# ![Left, a crow, a mug and a bison, cut out of their photos. Right, 188 points of six shapes in a plane: birds, mammals, flowers and food lie in groups of their own, household things and vehicles share the middle.](pictures/05_transfer_learning.png)
#
# Today you teach a network six classes from 72 photos. It succeeds because it has seen a million others before.
#
# **After this lesson you can**
# 1. explain why features transfer, and what *frozen* and *fine-tuned* mean;
# 2. cut a pre-trained network open, attach a head of your own, and train it in seconds;
# 3. find out by experiment which of three ways fits your data, and look at what the network looks at.
#
# {{measured}} **You need** lessons 01, 02 and 04, or: convolution, batch normalization, dropout. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import time

import labs

labs.start(seed=5)

import keras
import numpy as np
from keras import layers

from labs import check, data, models, plot

# %% [markdown]
# ## 1 · A pre-trained model
#
# A **pre-trained model** comes with weights that somebody else trained. Ours is **EfficientNet**-Lite0 of 2020, made for phones. It learned ImageNet's 1,000 classes from 1.28 million photos (its authors' figure).

# %%
classifier = models.efficientnet_lite0()
class_names = [label.split(",")[0] for label in data.imagenet_classes()]
print(
    f"{classifier.count_params():,} parameters, {len(class_names):,} classes, input {classifier.input_shape}"
)

# %% [markdown]
# Weights want their images as they had them in training: 224×224 pixels and one range of values.
#
# ### Exercise 1 · The right range

# %%
from labs.exercises.transfer_learning import preprocess

# %% [markdown]
# The network gives 1,000 probabilities. People read the five best.
#
# ### Exercise 2 · The best five

# %%
from labs.exercises.transfer_learning import top_k

# %% [markdown]
# **Predict:** what will it call the woman in the space suit? No class of ImageNet is called *astronaut*.

# %%
square = layers.Resizing(224, 224, crop_to_aspect_ratio=True)
photos = np.stack([np.asarray(square(photo)) for photo in data.photos().values()]).astype(np.uint8)
answers = classifier.predict(preprocess(photos), verbose=0)
plot.predictions(photos, [top_k(answer, class_names) for answer in answers])

# %% [markdown]
# Cat and coffee are right. The rocket is torn between missiles and a drilling platform. For the astronaut it must choose among names that do not fit, and no bar is long: look at the probability before you trust the name.
#
# ## 2 · Preprocessing belongs to the weights
#
# No error tells you that the range is wrong. We take 48 pictures, eight of each class that will come in section 4, and ask only: is it an animal? ImageNet's classes 0 to 397 are animals.
#
# **Predict:** which costs more, no preprocessing, a range of 0 to 1, or preprocessing twice?

# %%
stamps = data.stamps().of("bird", "flower", "food", "household", "mammal", "vehicle")
some = np.concatenate([np.flatnonzero(stamps.labels == label)[:8] for label in range(6)])
pictures = np.asarray(keras.ops.image.resize(stamps.on()[some].astype("float32"), (224, 224)))
is_animal = np.isin(stamps.labels[some], [0, 4])
ranges = {
    "(x - 127) / 128": preprocess(pictures),
    "none: 0 to 255": pictures,
    "x / 255: 0 to 1": pictures / 255,
    "twice": preprocess(preprocess(pictures)),
}
right = {}
for name, values in ranges.items():
    guesses = classifier.predict(values, verbose=0).argmax(axis=1)
    share = np.mean((guesses < 398) == is_animal)
    right[name] = (share, (share * (1 - share) / len(some)) ** 0.5)
plot.bars(right, "animal or not, accuracy with standard error", limits=(0, 1.0))

# %%
check("worst_preprocessing", "a")

# %% [markdown]
# Raw pixels and the second preprocessing ruin it: always answering *no animal* would be right for two of three. The range 0 to 1 is hardly noticed here, which is no better luck: such a mistake can stay for years. So check shape and range before you trust a result:

# %%
for images in (pictures, preprocess(pictures)[:, :128, :128]):
    with labs.expect_error(labs.CourseError):
        models.require_images(classifier, images)

# %% [markdown]
# ## 3 · A long summary in six rows
#
# `classifier.summary()` has a line for each layer. Nobody reads them all; read where the maps change their size.

# %%
print(len(classifier.layers), "layers")
print(f"{'first layer':24} {'layers':>6}  {'last output':16} {'parameters':>10}")
for name, count, shape, parameters in models.fold(classifier):
    print(f"{name:24} {count:6}  {shape!s:16} {parameters:10,}")

# %% [markdown]
# Five rows turn a photo into 1,280 maps of 7×7: the **backbone**. The last row is the **head**; it turns these into ImageNet's classes. A quarter of all weights sit there, and they are of no use for other classes.

# %%
check("where_to_attach", "b")

# %% [markdown]
# A functional model can be cut at any layer. The parts share their weights with the whole:

# %%
backbone = keras.Model(classifier.input, classifier.get_layer("top_relu6").output)
cut = classifier.get_layer("block6d_add").output
lower = keras.Model(classifier.input, cut)
upper = keras.Model(cut, backbone.output)
for name, part in {"backbone": backbone, "lower": lower, "upper": upper}.items():
    print(f"{name:9} {part.input_shape!s:22} → {part.output_shape!s:20} {part.count_params():9,} parameters")

# %% [markdown]
# ## 4 · Transfer learning
#
# **Transfer learning** takes what was learned for one task into another. Ours: six classes, 12 training photos each, cut out of their background. All photos of one object are on the same side of the split, so the test shows animals and things never seen. Five different splits tell how much is luck.

# %%
splits = [stamps.split_indices(12, seed) for seed in range(5)]
train, test = splits[0]
print(len(train), "train,", len(test), "test, of which mammals:", np.sum(stamps.labels[test] == 4))
plot.images(stamps[train[::6]].on(), np.char.replace(stamps.names[train[::6]], "_", "\n"), columns=6)

# %% [markdown]
# ### From scratch
#
# First without help: a small convnet, random weights, 72 photos of 32×32 pixels. `labs.learning_curve` trains and measures after each epoch.

# %%
labels = stamps.labels
small = np.asarray(keras.ops.image.resize(stamps.on() / 255 - 0.5, (32, 32), antialias=True))
scratch = keras.Sequential([keras.Input((32, 32, 3))])
for filters in (16, 32, 64):
    scratch.add(layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu"))
scratch.add(layers.Flatten())
scratch.add(layers.Dropout(0.2))
scratch.add(layers.Dense(6, activation="softmax"))
scratch.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")


# %%
def curve_on(model, inputs, split, epochs):
    train, test = split
    return labs.learning_curve(model, (inputs[train], labels[train]), (inputs[test], labels[test]), epochs)


curves, seconds = {}, {}
begin, start = time.perf_counter(), scratch.get_weights()
curves["from scratch"] = []
for split in splits:
    scratch.set_weights(start)
    curves["from scratch"].append(curve_on(scratch, small, split, epochs=20))
seconds["from scratch"] = (time.perf_counter() - begin) / len(splits)
plot.bands(curves, "epoch", "test accuracy", limits=(0, 1))

# %% [markdown]
# The line is the mean of five splits, the band reaches from the worst to the best. It beats one in six, blind guessing, but always answering *mammal* would do as well on this test: 72 photos do not teach what an edge, an eye or a wheel is.
#
# ### Frozen features, new head
#
# **Frozen layers** do not train: `trainable = False`. We freeze the backbone and train a new dense layer. It starts at zero: 72 photos cannot correct thousands of random weights.
#
# ### Exercise 3 · A new head

# %%
from labs.exercises.transfer_learning import build_classifier

# %%
model = build_classifier(backbone, 6)
frozen, free = (
    sum(np.prod(w.shape) for w in part) for part in (model.non_trainable_weights, model.trainable_weights)
)
print(f"frozen {frozen:,.0f}, trainable {free:,.0f}: that is 1,280 × 6 + 6 = {1280 * 6 + 6:,}")

# %% [markdown]
# Training it with `fit` would send every photo through the whole backbone in every epoch, and the frozen backbone would give the same numbers each time. So compute them **once**.
#
# ### Exercise 4 · Features

# %%
from labs.exercises.transfer_learning import extract_features

# %% [markdown]
# We go in two steps, through the lower and the upper part; the fine-tuning below needs the maps between them.

# %%
large = preprocess(keras.ops.image.resize(stamps.on().astype("float32"), (224, 224)))
lower.predict(large[:1], verbose=0)  # the first call also builds the graph
begin = time.perf_counter()
maps = lower.predict(large, batch_size=32, verbose=0)
features = np.asarray(extract_features(upper, maps))
pass_of_72 = (time.perf_counter() - begin) * 72 / len(large)
print("photos", large.shape, "→ maps", maps.shape, "→ features", features.shape)

# %%
head = keras.Sequential([keras.Input((1280,)), *model.layers[-2:]])
head.compile(keras.optimizers.Adam(1e-3), loss="sparse_categorical_crossentropy")
begin, start, heads, guesses = time.perf_counter(), head.get_weights(), [], []
curves["frozen"] = []
for split in splits:
    head.set_weights(start)
    curves["frozen"].append(curve_on(head, features, split, epochs=30))
    heads.append(head.get_weights())
    guesses.append(head.predict_on_batch(features[split[1]]).argmax(axis=1))
training = (time.perf_counter() - begin) / len(splits)
seconds["frozen"] = pass_of_72 + training
plot.bands(curves, "epoch", "test accuracy", limits=(0, 1))

# %% [markdown]
# The same 72 photos. The backbone already knows what sets a wing apart from a wheel; the head only has to name it. And the time?

# %%
plot.bars(
    {
        "30 epochs through the whole network": round(30 * pass_of_72 + training),
        "features once, then 30 epochs": round(pass_of_72 + training),
    },
    "seconds for one split (the first: forward passes alone, computed)",
)

# %% [markdown]
# ## 5 · Fine-tuning
#
# **Fine-tuning** frees the last layers and trains them on, with a small learning rate: large steps would destroy what ImageNet taught. First the head must be good; a random one would send random gradients into the backbone.
#
# What about batch norms? Free all layers, and call the upper part in training mode with the same photo in two different batches. **Predict:** are its features the same?

# %%
saved = upper.get_weights()
for layer in upper.layers:
    layer.trainable = True
for training_mode in (False, True):
    first, second = (
        np.asarray(upper(maps[batch], training=training_mode))[0]
        for batch in ([0, 1, 2, 3], [0, 60, 90, 150])
    )
    print(f"training={training_mode}: largest difference {np.abs(first - second).max():.3f}")
moved = sum(not np.array_equal(one, two) for one, two in zip(saved, upper.get_weights(), strict=True))
print("weight arrays that changed without a single training step:", moved)
upper.set_weights(saved)

# %%
check("freed_norm", "b")

# %% [markdown]
# So batch norms stay frozen. In Keras a frozen batch norm works in inference mode, whatever the rest does.
#
# ### Exercise 5 · Free the top

# %%
from labs.exercises.transfer_learning import unfreeze_top

# %% [markdown]
# `trainable` comes first, then `compile`. Each split starts from its own trained head, and needs the lower part no more: its maps are computed. **Predict:** how much will it gain?

# %%
tuned = build_classifier(upper, 6)
unfreeze_top(upper, 11)
tuned.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
print(f"{sum(np.prod(weight.shape) for weight in tuned.trainable_weights):,} trainable parameters")
begin = time.perf_counter()
curves["fine-tuned"] = []
for split, trained in zip(splits, heads, strict=True):
    upper.set_weights(saved)
    tuned.layers[-1].set_weights(trained)
    curves["fine-tuned"].append(curve_on(tuned, maps, split, epochs=3))
seconds["fine-tuned"] = seconds["frozen"] + (time.perf_counter() - begin) / len(splits)
upper.set_weights(saved)
plot.bands(curves, "epoch", "test accuracy", limits=(0, 1))

# %%
finals = {name: np.array(runs)[:, -1] for name, runs in curves.items()}
plot.bars(
    {name: (final.mean(), final.std(ddof=1)) for name, final in finals.items()},
    "accuracy on unseen objects: mean and spread of five splits",
    limits=(0, 1.0),
)

# %%
gain = finals["fine-tuned"] - finals["frozen"]
print(f"fine-tuned minus frozen: {gain.mean():+.3f} ± {gain.std(ddof=1) / 5**0.5:.3f} (standard error)")
plot.bars({name: round(value) for name, value in seconds.items()}, "seconds for one split, rounded")

# %% [markdown]
# Frozen features lie far above the network from scratch. Frozen and fine-tuned lie within each other's spread: there is no winner. A million freed weights gain nothing from 72 photos here; with thousands of photos, or photos unlike ImageNet's, they may. Measure before you believe.

# %%
check("which_way", "b")

# %% [markdown]
# ## 6 · Broken lab
#
# This cell also wants to fine-tune. It runs, the layers are free, and yet the top does not learn. Find out why from the two numbers.

# %%
broken = build_classifier(upper, 6)
broken.compile(keras.optimizers.Adam(1e-4), loss="sparse_categorical_crossentropy")
broken.train_on_batch(maps[train], labels[train])
unfreeze_top(upper, 11)
before = upper.get_weights()
broken.train_on_batch(maps[train], labels[train])
moved = sum(not np.array_equal(one, two) for one, two in zip(before, upper.get_weights(), strict=True))
print(len(upper.trainable_weights), "weight arrays are free,", moved, "of them moved")

# %%
check("frozen_without_compile", "c")

# %% [markdown]
# ## 7 · What it gets wrong
#
# All five test sets together, for the frozen features. **Predict** two classes that it mixes up.

# %%
truths = np.concatenate([labels[test] for _train, test in splits])
plot.confusion(truths, np.concatenate(guesses), stamps.classes)

# %% [markdown]
# The largest number beside the diagonal: mammals taken for birds. It does not tell why. Look at the photos that were wrong in most splits:

# %%
tests, answers = np.concatenate([test for _train, test in splits]), np.concatenate(guesses)
missed = {
    int(place): int(answer) for place, answer in zip(tests, answers, strict=True) if answer != labels[place]
}
often = sorted(missed, key=lambda place: -np.sum(answers[tests == place] != labels[place]))[:12]
titles = [f"{stamps.names[place]}:\n{stamps.classes[missed[place]]}?" for place in often]
plot.images(stamps[often].on(), titles, columns=6)

# %% [markdown]
# Some look like no training photo of their class. And our labels are not the only right ones: is a rubber duck a household thing, is a wheel a vehicle?
#
# ## 8 · Neighbors in feature space
#
# Even without a head the features know what is alike: photos that look alike to the network point in similar directions.
#
# ### Exercise 6 · The nearest

# %%
from labs.exercises.transfer_learning import nearest


# %%
def neighbors(query):
    place = int(np.flatnonzero(stamps.names == query)[0])
    found = np.asarray(nearest(features, features[place], k=6))
    return plot.images(stamps[found].on(), [stamps.names[one] for one in found], columns=6)


labs.explore(neighbors, query=["firetruck", "dolphin", "rose", "pineapple", "wrench"])

# %% [markdown]
# The first is the photo itself. No label was used: nobody told the network that these belong together; this is how photo search works.
#
# ## 9 · Which backbone?
#
# | Network | Year | Its idea | Parameters | Top-1 |
# |---|---|---|---|---|
# | VGG-16 | 2014 | 3×3 convolutions, stacked | 138.4 M | 71.3 % |
# | GoogLeNet | 2014 | several kernel sizes side by side | 7.0 M | (top-5 error 6.7 %) |
# | ResNet-50 | 2015 | each block adds to its input | 25.6 M | 74.9 % |
# | DenseNet-121 | 2016 | each layer reads all before it | 8.1 M | 75.0 % |
# | **MobileNet** | 2017 | depthwise, then 1×1 convolution, for phones | 4.3 M | 70.4 % |
# | EfficientNet-B0 | 2019 | depth, width and image size grow together | 5.3 M | 77.1 % |
# | ViT-B/16 | 2020 | no convolution: attention between 16×16 patches | 86 M | 77.9 % |
# | ConvNeXt-Tiny | 2022 | a ResNet with a transformer's recipes | 28.6 M | 81.3 % |
#
# Figures: documentation of Keras (top-1 on ImageNet); GoogLeNet and ViT (at 384 pixels, trained on ImageNet alone): their papers. They come from different recipes, so compare with care. One of them we can count here:

# %%
mobilenet = keras.applications.MobileNet(weights=None)
print(f"MobileNet {mobilenet.count_params():,} · EfficientNet-Lite0 {classifier.count_params():,}")

# %% [markdown]
# With a network at hand, Keras downloads the weights, and each family brings its own `preprocess_input`:
#
# ```python
# backbone = keras.applications.MobileNetV2(include_top=False, input_shape=(224, 224, 3))
# images = keras.applications.mobilenet_v2.preprocess_input(images)
# ```
#
# ### From older Keras
#
# Two errors, and one silent change. Guides for Keras 2 write `backbone(x, training=False)` to keep batch norms in inference mode; in Keras 3 the outer model overrides it:

# %%
with labs.expect_error(AttributeError):
    print(backbone.layers[1].output_shape)  # today: backbone.layers[1].output.shape

with labs.expect_error(ValueError):
    keras.optimizers.Adam(lr=1e-4)  # today: learning_rate=1e-4

norm, image = layers.BatchNormalization(), keras.Input((2,))
outer = keras.Model(image, norm(image, training=False))
outer(np.ones((4, 2)), training=True)
print("moving mean, 0 before:", np.asarray(norm.moving_mean), "· today: norm.trainable = False")

# %% [markdown]
# ## 10 · Challenge: five photos
#
# The same six classes from five photos each. You write the head; the check computes the features once and trains it.

# %%
from labs.exercises.transfer_learning import build_few_photo_head

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · What does it look at?
#
# **Grad-CAM** asks: at which places would a change of the last maps change the logit of the class most?

# %%
from labs.exercises.transfer_learning import grad_cam

# %%
import tensorflow as tf

to_logits = keras.Model(backbone.output, classifier.get_layer("logits").output)


def heat(photo, class_number=None):
    activations = tf.convert_to_tensor(backbone(preprocess(photo[None])))
    with tf.GradientTape() as tape:
        tape.watch(activations)
        logits = to_logits(activations)[0]
        number = int(np.argmax(logits)) if class_number is None else class_number
        logit = logits[number]
    gradients = tape.gradient(logit, activations)
    return np.asarray(grad_cam(activations.numpy()[0], gradients.numpy()[0])), class_names[number]


found = [heat(photo) for photo in photos]
plot.heat_maps(photos, [one for one, _name in found], [name for _one, name in found])

# %% [markdown]
# Bright places speak for the name above. Do they lie on the thing, or beside it? Where it guessed wrong, this often shows why.
#
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell.

# %%
path = None
own = data.photos()["chelsea"] if path is None else labs.load_photo(path)
own = np.asarray(square(own)).astype(np.uint8)
models.require_images(classifier, preprocess(own[None]))
best = top_k(classifier.predict(preprocess(own[None]), verbose=0)[0], class_names, k=3)
place, name = heat(own)
figure = plot.heat_maps([own], [place], ["\n".join(f"{label} {share:.2f}" for label, share in best)])
figure.savefig(labs.work_folder() / "looked_at.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "looked_at.png")
figure

# %% [markdown]
# ## Recap
#
# - Features of a million photos serve other tasks. Keep the backbone, replace the head.
# - Preprocessing belongs to the weights, and nothing warns you when it is wrong.
# - Frozen: compute features once. Fine-tune: a good head first, batch norms frozen, `trainable` before `compile`, small steps.
# - Split by object, repeat over splits, and look at the mistakes.
#
# **Read on:** Yosinski and others, *How transferable are features in deep neural networks?* (2014) · Tan, Le, *EfficientNet* (2019) · Howard and others, *MobileNets* (2017) · Selvaraju and others, *Grad-CAM* (2017). **Next:** 06, every pixel a label.

# %%
check.progress("05")
