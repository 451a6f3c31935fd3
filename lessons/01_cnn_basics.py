# %% [markdown]
# # 01 · From pixels to LeNet
#
# ![A handwritten 7 on the left; beside it six small maps in which different strokes of the 7 light up; on the right ten bars, the one for 7 far longer than the others.](pictures/01_cnn_basics.png)
#
# Today you write a convolution with two loops, check it against Keras, and build LeNet-5, which reads handwritten digits.
#
# **After this lesson you can**
# 1. explain convolution, stride, padding and pooling, and compute their output sizes by hand;
# 2. build a convnet in Keras, predict its parameter count, and train it;
# 3. say what a convnet knows about images that a dense network does not, and show it by an experiment.
#
# {{measured}} **You need** lesson 00, or: arrays, a neuron, `fit`. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=1)

import keras
import numpy as np
from keras import layers

from labs import check, data, plot

# %% [markdown]
# ## 1 · What a computer sees
#
# An image is an array of numbers: here a photo, and the numbers of the part in the frame.

# %%
photo = data.photos()["chelsea"].mean(axis=2)
print("shape", photo.shape, "· darkest", photo.min().round(), "· brightest", photo.max().round())
plot.zoom(photo, slice(74, 81), slice(106, 117), "a cat")

# %% [markdown]
# A hard case: 90 91 89 40 41 90 80 81 79 80. One part is an animal on snow, another a shadow. **Predict:** where does the animal begin?

# %%
snow_and_animal = np.array([[90, 91, 89, 40, 41, 90, 80, 81, 79, 80]])
steps = np.abs(np.diff(snow_and_animal))
print("largest step:", steps.max(), "· step at the animal:", steps[0, 5])
plot.pixels([snow_and_animal], ["snow, shadow, snow; from the seventh pixel on the animal"], limits=(0, 100))

# %% [markdown]
# The largest steps belong to the shadow, not to the animal's edge. A network has to learn which patterns matter.
#
# Our images are the 70,000 digits of MNIST.

# %%
(x_train, y_train), (x_test, y_test) = data.mnist()
print("train", x_train.shape, "· test", x_test.shape, "·", x_train.dtype, x_train.min(), "to", x_train.max())
plot.images(x_train[:8], y_train[:8])

# %% [markdown]
# A dense layer needs a vector, so the image is **flattened**: 28 rows of 28 become 784 numbers in a row. The **position information** is lost to it: each number gets a weight of its own, wherever it stood. A **convolution** uses neighbors together.
#
# ## 2 · Convolution
#
# A small array of weights, the **kernel**, slides over the image. At each position the **element-wise products** of kernel and image are summed. It is not a matrix product. (Mathematicians flip the kernel first; deep learning does not.)

# %% tags=["nbval-check-output"]
image = np.array([[0, 0, 0, 9, 9], [0, 0, 0, 9, 9], [0, 0, 0, 9, 9], [0, 0, 0, 0, 0]])
kernel = np.array([[-1, 0, 1], [-1, 0, 1], [-1, 0, 1]])
patch = image[0:3, 1:4]
print("products:\n", patch * kernel, "\nsum:", np.sum(patch * kernel))

# %% [markdown]
# This kernel subtracts left from right. **Predict:** where on the image will the sum be 0, and where large?

# %%
output = np.array([[np.sum(image[r : r + 3, c : c + 3] * kernel) for c in range(3)] for r in range(2)])
plot.sliding(image, kernel, output)

# %% [markdown]
# The output is large where the image changes from dark to bright, and 0 on even ground: the kernel found the vertical edge. Its output is called a **feature map**.
#
# How long is it? Along an axis the kernel fits at fewer places than there are pixels. **Zero padding** adds zeros at both ends; the **stride** makes the kernel stop only at every second, third, ... place.
#
# ### Exercise 1 · How long is the output?

# %%
from labs.exercises.cnn_basics import conv_output_size

# %% [markdown]
# Three names for paddings, seen with your function for 28 pixels and a kernel of 5:

# %% tags=["nbval-check-output"]
for name, padding in {"valid": 0, "same": 2, "full": 4}.items():
    print(f"{name:5}  padding {padding}  output {conv_output_size(28, 5, padding=padding)}")

# %% [markdown]
# **`valid`** pads nothing, **`same`** keeps the length at stride 1, **full** lets the kernel touch the image with a single pixel. Keras has the first two.
#
# With N pixels, kernel k and stride s, `valid` gives ceil((N - k + 1) / s), which is your formula rewritten, and `same` gives ceil(N / s). Now 8 pixels, kernel 3, stride 2, where the division leaves a remainder:

# %% tags=["nbval-check-output"]
eight = np.zeros((1, 8, 8, 1))
for padding in ("valid", "same"):
    shape = layers.Conv2D(1, 3, strides=2, padding=padding)(eight).shape
    print(f"{padding:5}  8 → {shape[1]}")

# %% [markdown]
# `valid` ignores the last pixel here; `same` adds zeros. How many, and where?
#
# ### Exercise 2 · The zeros of `same`

# %%
from labs.exercises.cnn_basics import same_padding

# %% [markdown]
# Now the convolution itself.
#
# ### Exercise 3 · Two loops

# %%
from labs.exercises.cnn_basics import convolve2d

# %% [markdown]
# Your function on the cat, with filters drawn by hand. Choose one; the figure follows.

# %%
filters = {
    "vertical edges": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "horizontal edges": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "blur": np.ones((5, 5)) / 25,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
}


def draw(filter):
    limits = (-200, 200) if "edges" in filter else (0, 255)
    filtered = convolve2d(photo, filters[filter])
    return plot.images([photo, filtered], ["photo", filter], columns=2, limits=[(0, 255), limits])


labs.explore(draw, filter=list(filters))

# %% [markdown]
# For the edge filters gray means 0, white a change from dark to bright, black the reverse. Outlines stand out; even parts vanish. All four:

# %%
small = photo[:120:2, :180:2]
filtered = [convolve2d(small, filters[name]) for name in filters]
plot.images(filtered, list(filters), columns=4, limits=[(-200, 200)] * 2 + [(0, 255)] * 2)

# %%
check("why_stride", "b")

# %% [markdown]
# ## 3 · Channels and filters
#
# A color image has three **channels**: red, green, blue. A **filter** is a stack of kernels, one for each channel; it sums their results into **one** map. So n filters give n maps.
#
# ### Exercise 4 · A whole layer

# %%
from labs.exercises.cnn_basics import convolution_layer

# %% [markdown]
# Does it do what Keras does? We copy the weights of a Keras layer and compare.

# %%
layer = layers.Conv2D(4, 3, strides=2)
color = data.photos()["coffee"][:60, :60] / 255
from_keras = np.asarray(layer(color[None]))[0]
weights, biases = layer.get_weights()
by_hand = np.asarray(convolution_layer(color, weights, biases, stride=2))
print("shapes", from_keras.shape, by_hand.shape, "· largest difference", np.abs(from_keras - by_hand).max())

# %% [markdown]
# The difference is rounding. So how many numbers does such a layer learn?
#
# ### Exercise 5 · Counting parameters

# %%
from labs.exercises.cnn_basics import conv_parameters

# %% tags=["nbval-check-output"]
print("3×3, 128 → 64 channels, weights:", f"{conv_parameters(3, 128, 64, bias=False):,}")
for size in (28, 224):
    model = keras.Sequential([keras.Input((size, size, 128)), layers.Conv2D(64, 3, use_bias=False)])
    print(f"Keras on {size}×{size} images: {model.count_params():,}")

# %%
check("padding_parameters", "c")

# %% [markdown]
# The image size does not matter either: the same kernels visit every place.

# %%
check("why_channels", "a")

# %% [markdown]
# ## 4 · Pooling
#
# **Pooling** shrinks a map (*subsampling*): each window of 2×2 becomes one number, the largest (**max pooling**) or the mean (**average pooling**). It has no parameters.

# %%
values = np.array([[1, 3, 2, 0], [5, 4, 1, 1], [0, 2, 8, 6], [1, 1, 7, 9]])
windows = values.reshape(2, 2, 2, 2).swapaxes(1, 2)
plot.pixels(
    [values, windows.max(axis=(2, 3)), windows.mean(axis=(2, 3))],
    ["a map", "maximum", "average"],
    limits=(0, 9),
)

# %% [markdown]
# ### Exercise 6 · Max pooling

# %%
from labs.exercises.cnn_basics import max_pool2d

# %% [markdown]
# ReLU sets negative numbers to 0. Does it matter whether it comes before or after the pooling?

# %% tags=["nbval-check-output"]
signed = np.random.default_rng(0).normal(size=(6, 6))
averaged = signed.reshape(3, 2, 3, 2).mean(axis=(1, 3))
average_after_relu = np.maximum(signed, 0).reshape(3, 2, 3, 2).mean(axis=(1, 3))
print("max:", np.allclose(max_pool2d(np.maximum(signed, 0)), np.maximum(max_pool2d(signed), 0)))
print("average:", np.allclose(average_after_relu, np.maximum(averaged, 0)))

# %%
check("relu_and_pooling", "b")

# %% [markdown]
# ## 5 · LeNet
#
# Two convolutions with pooling extract features (**feature extraction**); dense layers, each a **fully connected layer**, classify them (**image classification**). This is a modern LeNet-5: 28×28 pixels, ReLU, 128 units. The network of 1998 had 32×32 pixels, a scaled tanh, 120 units and trained pooling.
#
# ### Exercise 7 · Build LeNet

# %%
from labs.exercises.cnn_basics import build_lenet

# %%
lenet = build_lenet()
lenet.build((None, 28, 28, 1))
print(f"{lenet.count_params():,} parameters")

# %% [markdown]
# The **Sequential API** makes a chain. The **functional API** writes the same chain as calls, which later lessons need for branches:

# %%
inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(6, 5, activation="relu")(inputs)
x = layers.AveragePooling2D(2)(x)
x = layers.Conv2D(16, 5, activation="relu")(x)
x = layers.AveragePooling2D(2)(x)
x = layers.Flatten()(x)
for units in (128, 84):
    x = layers.Dense(units, activation="relu")(x)
functional_lenet = keras.Model(inputs, layers.Dense(10, activation="softmax")(x))
for layer in functional_lenet.layers:
    print(f"{layer.name:22} {layer.output.shape!s:22} {layer.count_params():7,}")
print(f"{functional_lenet.count_params():,} parameters")

# %% [markdown]
# Look at the last column: the first dense layer after `Flatten` holds most of them.
#
# Labels start at 0. The loss takes them as integers (**sparse categorical cross-entropy**) or as **one-hot** vectors, which `to_categorical` makes. Both give the same number:

# %%
digits = x_test[:100, ..., None] / np.float32(255)
probabilities = lenet(digits)
one_hot = keras.utils.to_categorical(y_test[:100], num_classes=10)
print("label", y_test[0], "as one-hot:", one_hot[0])
print("sparse ", float(np.mean(keras.losses.sparse_categorical_crossentropy(y_test[:100], probabilities))))
print("one-hot", float(np.mean(keras.losses.categorical_crossentropy(one_hot, probabilities))))

# %% [markdown]
# ### Train
#
# `labs.train_classifier` compiles with Adam and cross-entropy, and fits four epochs with a learning rate that rises and falls (lesson 02 tells why). It takes some fifteen seconds.

# %%
images_train = x_train[..., None] / np.float32(255)
images_test = x_test[..., None] / np.float32(255)
labs.train_classifier(lenet, images_train, y_train)
print("test accuracy {:.4f} ± {:.4f}".format(*labs.accuracy(lenet, images_test, y_test)))

# %% [markdown]
# The number behind ± is the **standard error**: with other test images the accuracy would differ, in two of three cases by less than this.
#
# Now a dense network with five times as many parameters. Lecture notes say that dense nets stop at 96 %. **Predict**, then look. (We compare on test images here, because we choose nothing by the result.)

# %%
dense = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Flatten(),
        layers.Dense(256, activation="relu"),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
labs.train_classifier(dense, images_train, y_train)
measured = {
    f"{name}, {model.count_params():,} parameters": labs.accuracy(model, images_test, y_test)
    for name, model in {"dense": dense, "LeNet": lenet}.items()
}
plot.bars(measured, "test accuracy, with standard error", limits=(0.97, 1.0))

# %% [markdown]
# Trained well, the dense net does better than 96 %. LeNet wins with a fifth of the parameters, by several standard errors. What does it get wrong?

# %%
predicted = lenet.predict(images_test, batch_size=1000, verbose=0).argmax(axis=1)
wrong = np.flatnonzero(predicted != y_test)[:8]
plot.images(x_test[wrong], [f"{y_test[i]}, read\nas {predicted[i]}" for i in wrong])

# %% [markdown]
# ## 6 · What a convnet knows about images
#
# We shuffle the 784 pixels, in the same way for every image. Every number is still there, but neighbors are torn apart. **Predict:** which network suffers?

# %%
order = np.random.default_rng(0).permutation(784)


def shuffled(images):
    return images.reshape(-1, 784)[:, order].reshape(-1, 28, 28, 1)


plot.images([x_train[0], shuffled(x_train[:1])[0]], ["a 5", "the same 5, shuffled"], columns=4)

# %%
part = slice(0, 6_000)
accuracies = {}
for name, blueprint in {"dense": dense, "LeNet": functional_lenet}.items():
    for pixels, change in {"as they are": lambda images: images, "shuffled": shuffled}.items():
        model = keras.models.clone_model(blueprint)
        labs.train_classifier(model, change(images_train[part]), y_train[part])
        accuracies[f"{name}, {pixels}"] = labs.accuracy(model, change(images_test), y_test)
plot.bars(accuracies, "test accuracy after four epochs on 6,000 images", limits=(0.8, 1.0))

# %%
check("which_net_is_blind", "b")

# %% [markdown]
# The dense net hardly changes: it never used which pixels are neighbors. LeNet falls far behind: what it assumes, that neighbors belong together, is no longer true.
#
# ## 7 · Filters and feature maps
#
# What did the first layer learn? The functional twin takes over the trained weights. Six kernels of 5×5:

# %%
functional_lenet.set_weights(lenet.get_weights())
plot.kernels(functional_lenet.layers[1].get_weights()[0])

# %% [markdown]
# Some rise from one side to the other, as the edge filters above do. Nobody drew these; they come from the data. Their maps for one image:

# %%
convolutions = [functional_lenet.layers[number].output for number in (1, 3)]
first, second = keras.Model(functional_lenet.inputs[0], convolutions)(images_test[:1])
plot.feature_maps(
    x_test[0], {"first convolution": np.asarray(first)[0], "second convolution": np.asarray(second)[0]}
)

# %% [markdown]
# The first maps still look like a 7, drawn by its edges. The second are smaller and coarser; each combines all six first maps: from simple to complex.
#
# ## 8 · Broken lab
#
# This LeNet runs and would train. One line is wrong. Find it from the numbers, not from the code.

# %%
broken = keras.Sequential(
    [
        keras.Input((28, 28, 1)),
        layers.Conv2D(6, 5, activation="relu"),
        layers.AveragePooling2D(2),
        layers.Conv2D(16, 5, activation="relu"),
        layers.AveragePooling2D(2, strides=1),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(84, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
for layer in broken.layers:
    print(f"{layer.name:22} {layer.output.shape!s:22} {layer.count_params():7,}")

# %%
check("broken_lenet", "c")

# %% [markdown]
# ### From older Keras
#
# Code from before 2023 meets errors today. Two of them, and today's spelling:

# %%
with labs.expect_error(ModuleNotFoundError):
    from keras.layers.convolutional import Conv2D  # today: from keras.layers import Conv2D

with labs.expect_error(AttributeError):
    lenet.predict_classes(images_test[:3])  # today: predict(...).argmax(axis=1)

print(lenet.predict(images_test[:3], verbose=0).argmax(axis=1))

# %% [markdown]
# ## 9 · Challenge: smaller and better
#
# Fashion-MNIST has ten kinds of clothes in 28×28 pixels. Reach 86 % with fewer parameters than LeNet. The check trains your model; nothing is trained until you write something.

# %%
from labs.exercises.cnn_basics import build_compact_cnn

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · How often is each pixel visited?
#
# Without padding the corner is covered by one position, the center by many: the border counts less. Count it.

# %%
from labs.exercises.cnn_basics import visit_counts

# %%
paddings = (0, 1, 2)
counts = [np.asarray(visit_counts(5, 3, padding)) for padding in paddings]
print("at (0, 0), (1, 1), (2, 2):", [[int(count[i, i]) for i in range(3)] for count in counts])
plot.pixels(counts, [f"padding {padding}" for padding in paddings], limits=(0, 9))

# %% [markdown]
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell.

# %%
path = None
own = data.photos()["astronaut"] if path is None else labs.load_photo(path)
gray = own.mean(axis=2)
edges = np.hypot(convolve2d(gray, filters["vertical edges"]), convolve2d(gray, filters["horizontal edges"]))
figure = plot.images(
    [gray, 255 - np.minimum(edges, 255)], ["photo", "drawn by its edges"], columns=2, limits=(0, 255)
)
figure.savefig(labs.work_folder() / "edges.png")
print("saved until this notebook closes:", labs.work_folder() / "edges.png")
figure

# %% [markdown]
# ## Recap
#
# - A convolution multiplies and sums, place by place, with the same small kernel. Output length: (N + 2p - k) // s + 1.
# - Stride and padding change the maps, not the layer's parameters. Pooling has none.
# - A convnet assumes that neighbors belong together. On MNIST, LeNet beat a dense network with five times its parameters.
#
# **Read on:** LeCun, Bottou, Bengio, Haffner, *Gradient-based learning applied to document recognition* (1998) · Dumoulin, Visin, *A guide to convolution arithmetic for deep learning* (2016). **Next:** 02, training that works.

# %%
check.progress("01")
