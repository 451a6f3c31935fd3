# %% [markdown]
# # 04 · AlexNet to DenseNet
#
# ![Four ways to connect convolutions, drawn as boxes and arrows: a chain (VGG), four branches side by side (Inception), a chain with an arrow around it (ResNet), and a chain in which every box gets an arrow from every box before it (DenseNet).](pictures/04_modern_cnns.png)
#
# From 2012 to 2017 convnets became deeper, smaller and better. Today you write the blocks that made it possible, and measure what each is good for.
#
# **After this lesson you can**
# 1. compute receptive fields and weight counts, and find a wrong number in a copied table;
# 2. build Inception, residual and dense blocks in Keras;
# 3. say what depth costs, what a shortcut repairs, and show both by an experiment.
#
# {{measured}} **You need** lessons 01 and 02, or: convolution, batch normalization, gradients. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=4)

import keras
import numpy as np
from keras import layers

from labs import check, data, plot, stored

# %% [markdown]
# ## 1 · ImageNet
#
# **ImageNet** is a collection of photos, each with a label. Its yearly contest, **ILSVRC** (2010 to 2017), had 1,000 classes, among them over a hundred breeds of dogs. A prediction counts as right when the label is among the five likeliest: the rest is the *top-5 error*. These are the winners' errors as their authors and Russakovsky and others (2015) report them.

# %%
winners = {
    "2010 · features made by hand": 0.282,
    "2011 · features made by hand": 0.258,
    "2012 · AlexNet, 8 layers": 0.164,
    "2013 · like AlexNet, retuned": 0.117,
    "2014 · GoogLeNet, 22 layers": 0.067,
    "2015 · ResNet, 152 layers": 0.036,
    "2016 · several networks together": 0.030,
    "2017 · SENet": 0.023,
}
plot.bars(winners, "top-5 error on ILSVRC, as reported")

# %% [markdown]
# The first convnet made the largest step. Since then depth grew and the error fell. How can a deeper network have *fewer* weights? That is today's question.
#
# ## 2 · AlexNet
#
# Why did **AlexNet** win? It used ReLU, which trains faster than tanh; two graphics cards (GPUs) for a larger network; augmented photos; dropout. Here it is in Keras. `groups=2` stands for the two GPUs: a filter reads the half of the channels that lies on its own. `labs.blueprint` builds a model without its numbers, to be counted and not run.


# %%
def build_alexnet():
    model = keras.Sequential([keras.Input((227, 227, 3))])
    model.add(layers.Conv2D(96, 11, strides=4, activation="relu"))
    model.add(layers.MaxPooling2D(3, strides=2))
    model.add(layers.Conv2D(256, 5, padding="same", groups=2, activation="relu"))
    model.add(layers.MaxPooling2D(3, strides=2))
    for filters, groups in ((384, 1), (384, 2), (256, 2)):
        model.add(layers.Conv2D(filters, 3, padding="same", groups=groups, activation="relu"))
    model.add(layers.MaxPooling2D(3, strides=2))
    model.add(layers.Flatten())
    for units, activation in ((4096, "relu"), (4096, "relu"), (1000, "softmax")):
        model.add(layers.Dense(units, activation=activation))
    return model


alexnet = labs.blueprint(build_alexnet)
print(f"{alexnet.count_params():,} parameters")

# %% [markdown]
# **Predict:** where do they sit, in the five convolutions or in the three dense layers?

# %%
weights = {
    f"{layer.name}, to {layer.output.shape[1:]}": int(np.prod(layer.kernel.shape))
    for layer in alexnet.layers
    if hasattr(layer, "kernel")
}
plot.bars(weights, "weights, without biases")

# %% [markdown]
# The dense layers hold nearly all of them. Lecture notes copy another list from each other. One number cannot be right. Find it, and what its author forgot.

# %% tags=["nbval-check-output"]
copied = [34_848, 307_200, 884_736, 663_552, 442_368, 177_209_344, 16_777_216, 4_096_000]
print(f"the copied list: {sum(copied):,} weights")
print(f"our network:     {sum(weights.values()):,} weights")
print(f"sixth number / 4,096 units: {copied[5] / 4096:,.0f} inputs")
for layer in alexnet.layers[-5:-3]:
    print(f"{layer.name:16} {layer.input.shape[1:]} → {layer.output.shape[1:]}")

# %%
check("copied_number", "c")

# %% [markdown]
# Two ideas of AlexNet did not last. **Overlapping pooling** has windows larger than their stride:

# %% tags=["nbval-check-output"]
maps = keras.Input((55, 55, 96))
for size in (2, 3):
    print(f"{size}×{size} windows, stride 2: {layers.MaxPooling2D(size, strides=2)(maps).shape[1:]}")

# %% [markdown]
# The output is the same size; with 3×3, neighbors share a row or a column. **Local response normalization** divides each value by the loudness of its neighbor channels. Below, one channel is loud (the effect is made stronger than in the paper):

# %%
import tensorflow as tf

activity = np.ones((1, 1, 1, 16), dtype="float32")
activity[..., 7] = 6
normalized = tf.nn.local_response_normalization(activity, depth_radius=2, bias=1, alpha=0.3, beta=0.75)
plot.curves({"before": activity[0, 0, 0], "after": np.asarray(normalized)[0, 0, 0]}, "channel", "activation")

# %% [markdown]
# The loud channel stays the loudest, and silences two neighbors on each side. Batch normalization (lesson 02) took its place.
#
# ## 3 · VGG: small kernels
#
# **VGGNet** (2014) uses 3×3 kernels only. How much of the image does one value see after one, two and three of them? Each number below counts the ways from a pixel to the value in the middle. **Predict** the width of the second.

# %%
dot = np.zeros((1, 9, 9, 1))
dot[0, 4, 4, 0] = 1
convolution = layers.Conv2D(1, 3, padding="same", use_bias=False, kernel_initializer="ones")
one = convolution(dot)
two = convolution(one)
three = convolution(two)
plot.pixels([np.squeeze(seen) for seen in (one, two, three)], ["one 3×3", "two", "three"], limits=(0, 49))

# %% [markdown]
# The area that is not 0 is the **receptive field**: 3, 5, 7 pixels wide, not 3, 6, 9. After a stride of 2, neighbors are two pixels apart, so every later layer adds twice as much.
#
# ### Exercise 1 · What does one value see?

# %%
from labs.exercises.modern_cnns import receptive_field

# %% [markdown]
# Two 3×3 see what one 5×5 sees. With C channels in and out they have 2·9·C² weights, and the 5×5 has 25·C². Lecture notes say that this saves "1.5 times".

# %% tags=["nbval-check-output"]
print("two 3×3 see", receptive_field([(3, 1), (3, 1)]), "· one 5×5 sees", receptive_field([(5, 1)]))
print(f"weights of the 5×5 / weights of two 3×3: {25 / (2 * 9):.2f}")
vgg16 = ([(3, 1)] * 2 + [(2, 2)]) * 2 + ([(3, 1)] * 3 + [(2, 2)]) * 3
print("one value after VGG-16's convolutions sees", receptive_field(vgg16), "of 224 pixels")

# %%
check("two_three_by_three", "a")

# %% [markdown]
# The paper trained its deep networks from weights of a shallower one, with plain momentum. He initialization and Adam, which many notes put into VGG, came after it.
#
# ## 4 · Inception: 1×1 convolutions
#
# A **1×1 convolution** sees one pixel. What is it good for? It mixes the channels: at each pixel it is a dense layer (**network in network**).

# %% tags=["nbval-check-output"]
pixels = np.random.default_rng(0).normal(size=(1, 5, 5, 8)).astype("float32")
one_by_one = layers.Conv2D(3, 1, use_bias=False)
mixed = np.asarray(one_by_one(pixels))
matrix = one_by_one.get_weights()[0][0, 0]
print("equal to a matrix product at each pixel:", np.allclose(mixed, pixels @ matrix, atol=1e-6), mixed.shape)

# %% [markdown]
# With fewer filters than channels it is a **dimension reduction**: 8 channels became 3. A **bottleneck** reduces, convolves the few channels, and goes back.
#
# ### Exercise 2 · What a bottleneck saves

# %%
from labs.exercises.modern_cnns import bottleneck_weights

# %% [markdown]
# Does it cost accuracy? We halve the width from 16 of 32 channels down to 2, in networks that are equal otherwise, on 4,000 images of Fashion-MNIST (lesson 01), reduced to 14×14 pixels. One call trains all of them side by side; it takes some ten seconds. **Predict:** at which width does accuracy begin to fall?

# %%
(x_train, y_train), (x_test, y_test) = data.fashion_mnist()
images_train, images_test = (images[..., None] / np.float32(255) for images in (x_train, x_test))
halved = layers.AveragePooling2D(2)
small_train, small_test = np.asarray(halved(images_train[:4000])), np.asarray(halved(images_test))


def with_bottleneck(width):
    steps = [(32, 3)] if width is None else [(width, 1), (width, 3), (32, 1)]
    model = keras.Sequential([keras.Input((14, 14, 1))])
    model.add(layers.Conv2D(32, 5, strides=2, padding="same", activation="relu"))
    for filters, kernel in steps:
        model.add(layers.Conv2D(filters, kernel, padding="same", activation="relu"))
    model.add(layers.Flatten())
    model.add(layers.Dense(10, activation="softmax"))
    return model


# %%
widths = {"no bottleneck": None, "width 16": 16, "width 8": 8, "width 4": 4, "width 2": 2}
networks = {name: with_bottleneck(width) for name, width in widths.items()}
labs.train_side_by_side(networks, small_train, y_train[: len(small_train)], epochs=5)
measured = {}
for name, width in widths.items():
    count = bottleneck_weights(32, 32)[0] if width is None else bottleneck_weights(32, width)[1]
    measured[f"{name}: {count:,} weights"] = labs.accuracy(networks[name], small_test, y_test)
plot.bars(measured, "test accuracy, with standard error", limits=(0.7, 0.85))

# %%
check("does_reduction_cost", "c")

# %% [markdown]
# An **Inception block** has four branches on the same input: 1×1, 3×3, 5×5 and pooling. A 1×1 reduction stands before each large kernel. The results are joined along the channels (**concatenation**), so the next block can choose.
#
# ### Exercise 3 · The Inception block

# %%
from labs.exercises.modern_cnns import inception_block

# %% [markdown]
# Nine of your blocks make **GoogLeNet** (2014). Its six numbers for each block are in the paper's table:


# %%
def build_googlenet():
    table = [(64, 96, 128, 16, 32, 32), (128, 128, 192, 32, 96, 64), "pool"]
    table += [(192, 96, 208, 16, 48, 64), (160, 112, 224, 24, 64, 64), (128, 128, 256, 24, 64, 64)]
    table += [(112, 144, 288, 32, 64, 64), (256, 160, 320, 32, 128, 128), "pool"]
    table += [(256, 160, 320, 32, 128, 128), (384, 192, 384, 48, 128, 128)]
    inputs = keras.Input((224, 224, 3))
    x = layers.Conv2D(64, 7, strides=2, padding="same", activation="relu")(inputs)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    x = layers.Conv2D(64, 1, activation="relu")(x)
    x = layers.Conv2D(192, 3, padding="same", activation="relu")(x)
    x = layers.MaxPooling2D(3, strides=2, padding="same")(x)
    for row in table:
        pool = row == "pool"
        x = layers.MaxPooling2D(3, strides=2, padding="same")(x) if pool else inception_block(x, row)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(1000, activation="softmax")(x))


googlenet = labs.blueprint(build_googlenet)
print(f"{googlenet.count_params():,} parameters")

# %% [markdown]
# Twenty-two layers, and a ninth of AlexNet's parameters. One reason is the reductions. The other is **global average pooling**: each map becomes its mean, so no dense layer has to read 7·7 values of each map.
#
# ## 5 · ResNet: shortcuts
#
# Are deeper networks always better? We stack 3×3 convolutions, and look at the gradient of the first training step. Short gradients mean that a layer hardly learns (**vanishing gradients**, lesson 02). `plain_block` is a chain; the other adds its input to its output: a **shortcut** (also *skip*, *identity* or *residual connection*).


# %%
def plain_block(x, filters, norm=True, initializer="glorot_uniform", shortcut=False):
    y = x
    for number in range(2):
        y = layers.Conv2D(filters, 3, padding="same", use_bias=False, kernel_initializer=initializer)(y)
        y = layers.BatchNormalization()(y) if norm else y
        y = layers.ReLU()(y) if number == 0 else y
    return layers.ReLU()(layers.Add()([x, y]) if shortcut else y)


def tower(block, count, **options):
    inputs = keras.Input((28, 28, 1))
    x = layers.AveragePooling2D(4)(inputs)
    x = layers.Conv2D(16, 3, padding="same", activation="relu")(x)
    for _number in range(count):
        x = block(x, 16, **options)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, layers.Dense(10, activation="softmax")(x))


# %% [markdown]
# Two initializations (lesson 02), with and without batch normalization after each convolution. **Predict:** in which of the four panels does the plain network vanish?

# %%
norms = {}
for norm in (False, True):
    for start, initializer in {"Glorot": "glorot_uniform", "He": "he_normal"}.items():
        norms[f"{start}\n{'with' if norm else 'without'} batch norm"] = {
            name: labs.gradient_norms(
                tower(plain_block, 12, norm=norm, initializer=initializer, shortcut=name == "residual"),
                images_train[:64],
                y_train[:64],
            )
            for name in ("plain", "residual")
        }
plot.panels(norms, "convolution", "length of the gradient", logarithmic=True)

# %% [markdown]
# Read the scale: it counts powers of ten. With Glorot and without batch normalization, the plain network's gradient is hundreds of times shorter than with the shortcut, or even less: it vanishes. He keeps it far longer; with a shortcut on top, the gradient grows large. With batch normalization nothing vanishes, and the gradient grows toward the input (to the left), more so in the plain network. So a deep plain network with batch normalization has healthy gradients. Does it learn?
#
# ### Exercise 4 · The residual block
#
# The shortcut needs equal shapes. Where they differ, a 1×1 convolution makes them equal.

# %%
from labs.exercises.modern_cnns import residual_block

# %% [markdown]
# Now three networks, all with batch normalization: 2 plain blocks, 12 plain blocks, 12 of your residual blocks. The plain ones start from He; the optimizer is gradient descent with momentum, as in the paper. A deeper network could copy the shallow one and do nothing in its other layers. **Predict** the order of their errors on the *training* images. (Most of the time TensorFlow prepares the training step.)

# %%
towers = {
    "plain, 2 blocks": tower(plain_block, 2, initializer="he_normal"),
    "plain, 12 blocks": tower(plain_block, 12, initializer="he_normal"),
    "residual, 12 blocks": tower(residual_block, 12),
}
momentum = keras.optimizers.SGD(0.02, momentum=0.9)
learned = labs.train_side_by_side(towers, images_train[:2000], y_train[:2000], optimizer=momentum)
errors = {name: 1 - np.array(values) for name, values in learned.items()}
plot.curves(errors, "epoch", "training error")

# %% [markdown]
# This is the **degradation problem**: after equally many steps the deeper plain network has the higher *training* error, so it is not overfitting. It is harder to train. With shortcuts the same depth helps: the error falls below the shallow network's. A block hands its input on, and learns what to add.

# %%
check("how_skips_help", "a")

# %% [markdown]
# ### Broken lab
#
# This block runs, trains, and has the right number of parameters. To test a shortcut, set all kernels to 0 and send ones in: what comes out?


# %%
def broken_block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.Conv2D(filters, 3, padding="same", use_bias=False)(y)
    x = y = layers.BatchNormalization()(y)
    return layers.ReLU()(layers.Add()([x, y]))


inputs = keras.Input((7, 7, 16))
for name, block in {"yours": residual_block, "broken": broken_block}.items():
    model = keras.Model(inputs, block(inputs, 16))
    for layer in model.layers:
        if isinstance(layer, layers.Conv2D):
            layer.kernel.assign(np.zeros(layer.kernel.shape))
    result = model(np.ones((1, 7, 7, 16)))
    print(f"{name:7} {model.count_params():,} parameters · mean output {float(np.mean(result))}")

# %%
check("broken_residual", "b")

# %% [markdown]
# ## 6 · DenseNet: all joined
#
# **DenseNet** (2017) does not add, it joins: every layer reads all maps before it and adds a few of its own, the *growth*. A **transition block** between two dense blocks makes channels and maps fewer.
#
# ### Exercise 5 · The dense block

# %%
from labs.exercises.modern_cnns import dense_block

# %% [markdown]
# Some notes say that the channels grow exponentially. We ask Keras:

# %%
inputs = keras.Input((8, 8, 24))
counts = range(1, 9)
plot.curves(
    {
        "dense block, growth 12": (counts, [dense_block(inputs, count, 12).shape[-1] for count in counts]),
        "doubling each time": (counts, [24 * 2**count for count in counts]),
    },
    "layers in the block",
    "channels",
    limits=(0, 400),
)

# %%
check("dense_growth", "a")

# %% [markdown]
# ## 7 · MobileNet: channels apart
#
# A 3×3 convolution does two things at once: it looks at neighbors, and it mixes channels. A **depthwise-separable convolution** does one after the other: one kernel for each channel, then a 1×1.
#
# ### Exercise 6 · What separating saves

# %%
from labs.exercises.modern_cnns import separable_weights

# %% tags=["nbval-check-output"]
for filters in (32, 128, 512):
    ordinary, separable = separable_weights(3, filters, filters)
    print(f"{filters:4} channels: {ordinary:9,} and {separable:7,} weights, ratio {ordinary / separable:.1f}")

# %% [markdown]
# With many channels the ratio comes near 9, the area of the kernel. **MobileNetV2** puts it into an *inverted residual*: a bottleneck turned inside out, wide inside and narrow at the shortcut. Lesson 05's network is made of these.


# %%
def inverted_residual(x, filters, expand=3):
    y = layers.Conv2D(expand * x.shape[-1], 1, use_bias=False)(x)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.DepthwiseConv2D(3, padding="same", use_bias=False)(y)
    y = layers.ReLU()(layers.BatchNormalization()(y))
    y = layers.BatchNormalization()(layers.Conv2D(filters, 1, use_bias=False)(y))
    return layers.Add()([x, y]) if x.shape[-1] == filters else y


# %% [markdown]
# ## 8 · The real networks, counted
#
# Lecture notes say: VGG-19 has 110 million parameters; GoogLeNet has 4 million, and Inception-v3 is the same network. We count.

# %%
counted = {"AlexNet, 2012": alexnet.count_params()}
for name, year in {
    "VGG16": 2014,
    "VGG19": 2014,
    "InceptionV3": 2015,
    "ResNet50": 2015,
    "DenseNet121": 2017,
}.items():
    network = labs.blueprint(getattr(keras.applications, name), weights=None)
    counted[f"{name}, {year}"] = network.count_params()
counted["GoogLeNet, 2014"] = googlenet.count_params()
plot.bars(counted, "parameters")

# %% [markdown]
# None of the three is true. (Inception-v3 is a later and larger relative of GoogLeNet.) VGG has the most; the deepest here, DenseNet, has fewer than all but GoogLeNet.
#
# ## 9 · Five small networks, one data set
#
# Now the same ideas in small, on 12,000 images of Fashion-MNIST. All have the same first layers; only the middle differs.


# %%
def small_network(middle):
    inputs = keras.Input((28, 28, 1))
    x = inputs
    for filters in (16, 32):
        x = layers.Conv2D(filters, 3, strides=2, padding="same", activation="relu")(x)
    x = middle(x)
    x = layers.GlobalAveragePooling2D()(x) if len(x.shape) == 4 else x
    model = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
    for layer in model.layers:
        if isinstance(layer, layers.BatchNormalization):
            layer.momentum = 0.9  # lesson 02: few steps need fast averages
    return model


# %%
def vgg_like(x):
    x = layers.Conv2D(32, 3, padding="same", activation="relu")(x)
    x = layers.Dense(128, activation="relu")(layers.Flatten()(x))
    return layers.Dropout(0.5)(x)


def mobilenet_like(x):
    x = inverted_residual(inverted_residual(x, 32), 32)
    x = layers.Conv2D(96, 1, use_bias=False)(x)
    return layers.ReLU()(layers.BatchNormalization()(x))


middles = {
    "VGG-like": vgg_like,
    "Inception-like": lambda x: inception_block(
        inception_block(x, (16, 16, 32, 8, 16, 16)), (24, 24, 48, 8, 16, 16)
    ),
    "ResNet-like": lambda x: residual_block(residual_block(x, 32), 48),
    "DenseNet-like": lambda x: layers.ReLU()(layers.BatchNormalization()(dense_block(x, 4, 12))),
    "MobileNet-like": mobilenet_like,
}

# %% [markdown]
# Three epochs each, about a minute in all. **Predict:** which has the most parameters, and which is the fastest?

# %%
import time

results, small_networks = {}, {}
for name, middle in middles.items():
    model = small_networks[name] = small_network(middle)
    begin = time.perf_counter()
    labs.train_classifier(model, images_train, y_train, epochs=3)
    seconds = time.perf_counter() - begin
    results[name] = (model.count_params(), seconds, labs.accuracy(model, images_test, y_test))
plot.trade_off(results, "parameters", "test accuracy, with standard error")

# %% [markdown]
# Compare a point with another only where their whiskers are far apart: within two standard errors there is no ranking. Two things are clear. The VGG-like network has several times the parameters of the others, nearly all of them in its dense layer, and is not better for it. And the Inception-like one, which as in 2014 has no batch normalization, stays behind in so few epochs.
#
# How far does patience take a small network? A MobileNet-like one with fewer than 50,000 parameters (the reference of the challenge below) was trained on all images and their mirror images, six times over. That takes minutes, so it was done beforehand with three seeds. `python tools/measure_longer_training.py` repeats it, and the results lie in `labs/results/`.

# %%
longer = [float(row["accuracy"]) for row in stored.table("longer_training")]
error = np.sqrt(np.mean(longer) * (1 - np.mean(longer)) / len(y_test))
print("three seeds:", longer, f"· mean {np.mean(longer):.4f} ± {error:.4f}")

# %% [markdown]
# ### From older Keras
#
# Code of these blocks from before 2023 meets errors today. Three of them, and today's spelling:

# %%
a, b = keras.Input((8, 8, 4)), keras.Input((8, 8, 4))

with labs.expect_error(ModuleNotFoundError):
    from keras.layers.merge import add  # today: layers.Add()([a, b]) or layers.add([a, b])

with labs.expect_error(ValueError):
    layers.Convolution2D(8, 3, subsample=2)  # today: layers.Conv2D(8, 3, strides=2)

with labs.expect_error(ValueError):
    tf.concat([a, b], axis=-1)  # today: layers.Concatenate()([a, b])

print(layers.Add()([a, b]).shape, layers.Concatenate()([a, b]).shape)

# %% [markdown]
# ## 10 · Challenge: the best below 50,000
#
# Build the best classifier for Fashion-MNIST that you can with fewer than 50,000 parameters: 86.5 % is asked for. The check trains your model; nothing is trained until you write something.

# %%
from labs.exercises.modern_cnns import build_efficient_cnn

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · AlexNet's eight numbers
#
# Compute the list that should have been copied.

# %%
from labs.exercises.modern_cnns import alexnet_weights

# %%
print(alexnet_weights() == list(weights.values()))

# %% [markdown]
# ### Extra · The transition block

# %%
from labs.exercises.modern_cnns import transition

# %% [markdown]
# ### Extra · Global average pooling by hand

# %%
from labs.exercises.modern_cnns import global_average_pool

# %% [markdown]
# ### Your own photo
#
# What do VGG-16's layers see of a photo? Put the path of one in place of `None` and run the cell. The frames show the receptive field of one value after each pooling.

# %%
path = None
own = data.photos()["chelsea"] if path is None else labs.load_photo(path)
pools = [number for number, layer in enumerate(vgg16, start=1) if layer == (2, 2)]
fields = {f"pooling {index}": receptive_field(vgg16[:number]) for index, number in enumerate(pools, start=1)}
figure = plot.receptive_fields(own, fields)
figure.savefig(labs.work_folder() / "receptive_fields.png")
print("saved until this notebook closes:", labs.work_folder() / "receptive_fields.png")
figure

# %% [markdown]
# ## Recap
#
# - Stacked small kernels see as much as a large one, with fewer weights. Strides multiply in the receptive field.
# - 1×1 convolutions change the number of channels; a bottleneck costs accuracy only when it is too narrow.
# - Deep plain networks have a higher training error. A shortcut repairs that: the gradient has a way around.
# - DenseNet joins, ResNet adds. Global average pooling replaces the dense layers that held most of the weights.
#
# **Read on:** Krizhevsky, Sutskever, Hinton, *ImageNet classification with deep convolutional neural networks* (2012) · Lin, Chen, Yan, *Network in network* (2014) · Simonyan, Zisserman, *Very deep convolutional networks* (2015) · Szegedy and others, *Going deeper with convolutions* (2015) · He and others, *Deep residual learning* (2016) · Huang and others, *Densely connected convolutional networks* (2017) · Sandler and others, *MobileNetV2* (2018). **Next:** 05, standing on ImageNet's shoulders.

# %%
check.progress("04")
