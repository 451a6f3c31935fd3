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
# {{measured}} **You need** lesson 00, or: arrays, a neuron, `fit`. **Time:** 60 to 90 minutes.
#
# Run a cell with Shift + Enter. Where a cell says `# your code here`, write your answer and run it: the check tells what it thinks. When you are stuck, go on; the notebook then uses the reference answer.

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
# Now a hard case, in ten numbers: snow of brightness 90 beside an animal of brightness 80, and a shadow on the snow of 40. **Predict:** where would you draw the animal's edge, seeing only the numbers?

# %%
snow_and_animal = np.array([[90, 91, 89, 40, 41, 90, 80, 81, 79, 80]])
steps = np.abs(np.diff(snow_and_animal))
print("largest step:", steps.max(), "· step at the animal:", steps[0, 5])
plot.pixels([snow_and_animal], ["snow · shadow · snow · animal"])

# %% [markdown]
# The largest steps belong to the shadow. The animal's edge is a step of 10. Brightness alone does not tell objects apart; a network has to learn which patterns matter.
#
# Our images are the 70,000 digits of MNIST.

# %%
(x_train, y_train), (x_test, y_test) = data.mnist()
print("train", x_train.shape, "· test", x_test.shape, "·", x_train.dtype, x_train.min(), "to", x_train.max())
plot.images(x_train[:8], y_train[:8])

# %% [markdown]
# A dense layer needs a vector, so the image is **flattened**: 28 rows of 28 become 784 numbers in a row. Neighbors above and below end up 28 places apart. A **convolution** keeps them together.
#
# ## 2 · Convolution
#
# A small array of weights, the **kernel** or **filter**, slides over the image. At each position, kernel and image elements are multiplied one by one (element-wise) and the products are summed. It is not a matrix product, and the kernel is not flipped.

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
# How long is it? Along an axis the kernel fits at fewer places than there are pixels. `padding` adds zeros at both ends; `stride` makes the kernel stop only at every second, third, ... place.
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
# With stride s and N pixels: `valid` gives ceil((N - k + 1) / s), `same` gives ceil(N / s). Let us ask Keras about 8 pixels, kernel 3, stride 2, where the division leaves a rest.

# %% tags=["nbval-check-output"]
eight = np.zeros((1, 8, 8, 1))
for padding in ("valid", "same"):
    shape = layers.Conv2D(1, 3, strides=2, padding=padding)(eight).shape
    print(f"{padding:5}  8 → {shape[1]}")

# %% [markdown]
# Both train without trouble. `valid` drops the rest of the image that the kernel does not reach; `same` adds zeros. How many, and where?
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
# Your function on the cat, with filters that people drew by hand long before networks learned theirs. Choose a filter; the figure follows.

# %%
filters = {
    "vertical edges": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]),
    "horizontal edges": np.array([[-1, -2, -1], [0, 0, 0], [1, 2, 1]]),
    "blur": np.ones((5, 5)) / 25,
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]]),
}


def draw(filter):
    return plot.images([photo, convolve2d(photo, filters[filter])], ["photo", filter], columns=2)


labs.explore(draw, filter=list(filters))

# %% [markdown]
# Gray means 0 here, white a change from dark to bright, black the reverse. Whiskers and outlines stand out; even parts vanish. All four filters:

# %%
small = photo[:120:2, :180:2]
plot.images([convolve2d(small, filters[name]) for name in filters], list(filters), columns=4)

# %%
check("why_stride", "b")

# %% [markdown]
# ## 3 · Channels and filters
#
# A color image has three channels. A filter is as deep as its input: it has a kernel for each channel, multiplies each with its own, and sums everything into **one** map. A layer has many filters, so n filters give n maps.
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
by_hand = convolution_layer(color, weights, biases, stride=2)
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

# %% [markdown]
# The image size does not matter: the same kernels visit every place.

# %%
check("padding_parameters", "c")

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
# ReLU sets negative numbers to 0. **Predict:** does it matter whether ReLU comes before or after the pooling?

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
# Two convolutions with pooling extract features; dense layers classify them. This is LeNet-5 as it is taught today: 28×28 pixels, ReLU, 128 units. The network of 1998 had 32×32 pixels, a squashing function, and 120 units.
#
# ### Exercise 7 · Build LeNet

# %%
from labs.exercises.cnn_basics import build_lenet

# %%
lenet = build_lenet()
for layer in lenet.layers:
    print(f"{layer.name:22} {layer.output.shape!s:22} {layer.count_params():7,}")
print(f"{lenet.count_params():,} parameters")

# %% [markdown]
# Look at the last column: the first dense layer after `Flatten` holds most of them. `Sequential` is a chain. The **functional API** writes the same chain as calls, which later lessons need for branches:

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
print(f"{functional_lenet.count_params():,} parameters")

# %% [markdown]
# Labels are digits from 0 to 9. The loss can take them as integers (*sparse* categorical cross-entropy) or as one-hot vectors made by `to_categorical`. Both give the same number:

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
# The learning rate rises and falls (lesson 02 tells why). Training takes about ten seconds.

# %%
images_train = x_train[..., None] / np.float32(255)
images_test = x_test[..., None] / np.float32(255)


def train(model, images, labels, epochs=3, batch_size=192):
    """Compile and fit a classifier with a learning rate that rises and falls."""
    steps = epochs * -(-len(images) // batch_size)
    rate = keras.optimizers.schedules.CosineDecay(
        5e-4, decay_steps=int(0.7 * steps), warmup_target=0.012, warmup_steps=int(0.3 * steps)
    )
    model.compile(
        keras.optimizers.Adam(rate),
        loss="sparse_categorical_crossentropy",
        metrics=["accuracy"],
        steps_per_execution=8,  # eight batches a call: less waiting between them
    )
    bar = labs.ProgressBar()
    return model.fit(images, labels, batch_size=batch_size, epochs=epochs, verbose=0, callbacks=[bar])


def test_accuracy(model, images=images_test, labels=y_test):
    """Accuracy and its standard error."""
    accuracy = model.evaluate(images, labels, batch_size=1000, verbose=0)[1]
    return accuracy, (accuracy * (1 - accuracy) / len(labels)) ** 0.5


train(lenet, images_train, y_train)
print("test accuracy {:.4f} ± {:.4f}".format(*test_accuracy(lenet)))

# %% [markdown]
# That was on 10,000 images it has never seen. The number behind ± is the **standard error**: so far might the accuracy on other images lie from this one.
#
# Now a dense network with five times as many parameters. Lecture notes often say that it stops at 96 %, and LeNet at 98 %. **Predict**, then look.

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
train(dense, images_train, y_train)
measured = {
    f"{name}, {model.count_params():,} parameters": test_accuracy(model)
    for name, model in {"dense": dense, "LeNet": lenet}.items()
}
plot.bars(measured, "test accuracy, with standard error", limits=(0.97, 1.0))

# %% [markdown]
# Trained well, the dense net does better than 96 %. LeNet still wins, with a fifth of the parameters, by far more than the error bars. What does it get wrong?

# %%
predicted = lenet.predict(images_test, batch_size=1000, verbose=0).argmax(axis=1)
wrong = np.flatnonzero(predicted != y_test)[:8]
plot.images(x_test[wrong], [f"{y_test[i]}, read\nas {predicted[i]}" for i in wrong])

# %% [markdown]
# Some of these you would have to guess, too.
#
# ## 6 · What a convnet knows about images
#
# We shuffle the 784 pixels, in the same way for every image. Nothing is lost, but neighbors are torn apart. **Predict:** which network suffers?

# %%
order = np.random.default_rng(0).permutation(784)


def shuffled(images):
    return images.reshape(-1, 784)[:, order].reshape(-1, 28, 28, 1)


plot.images([x_train[0], shuffled(x_train[:1])[0]], ["a 5", "the same 5, shuffled"], columns=4)

# %%
part = slice(0, 12_000)
accuracies = {}
for name, blueprint in {"dense": dense, "LeNet": functional_lenet}.items():
    for pixels, change in {"as they are": lambda images: images, "shuffled": shuffled}.items():
        model = keras.models.clone_model(blueprint)
        train(model, change(images_train[part]), y_train[part], epochs=3)
        accuracies[f"{name}, {pixels}"] = test_accuracy(model, change(images_test))
plot.bars(accuracies, "test accuracy after three epochs on 12,000 images", limits=(0.85, 1.0))

# %% [markdown]
# The dense net hardly changes: it never knew which pixels are neighbors. LeNet loses its lead, because what it knows, that neighbors belong together, is no longer true.

# %%
check("what_flatten_loses", "b")

# %% [markdown]
# ## 7 · Filters and feature maps
#
# What did the first layer learn? Six kernels of 5×5.

# %%
plot.kernels(lenet.layers[0].get_weights()[0])

# %% [markdown]
# Some rise from one side to the other, as the edge filters above do. Nobody drew these; they come from the data. Their maps for one image:

# %%
outputs = keras.Model(lenet.inputs[0], [layer.output for layer in lenet.layers[:4]])
maps = [np.asarray(output)[0] for output in outputs(images_test[:1])]
plot.feature_maps(x_test[0], {"first convolution": maps[0], "second convolution": maps[2]})

# %% [markdown]
# The first maps still look like a 7, drawn by its edges. The second are small and coarse: each answers to a combination of edges, from simple to complex.
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
# Fashion-MNIST has the same size and ten kinds of clothes. Beat LeNet with fewer parameters. The check trains your model for about 15 seconds; nothing is trained until you write something.

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
counts = [visit_counts(5, 3, padding) for padding in paddings]
print("at (0, 0), (1, 1), (2, 2):", [[int(count[i, i]) for i in range(3)] for count in counts])
plot.pixels(counts, [f"padding {padding}" for padding in paddings], limits=(0, 9))

# %% [markdown]
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell.

# %%
path = None
own = data.photos()["astronaut"] if path is None else keras.utils.img_to_array(keras.utils.load_img(path))
gray = own[:: max(1, len(own) // 160), :: max(1, len(own) // 160)].mean(axis=2)
edges = np.hypot(convolve2d(gray, filters["vertical edges"]), convolve2d(gray, filters["horizontal edges"]))
figure = plot.images(
    [gray, 255 - np.minimum(edges, 255)], ["photo", "drawn by its edges"], columns=2, limits=(0, 255)
)
figure.savefig(labs.work_folder() / "edges.png")
print("saved as", labs.work_folder() / "edges.png")
figure

# %% [markdown]
# ## Recap
#
# - A convolution multiplies and sums, place by place, with the same small kernel. Output length: (N + 2p - k) // s + 1.
# - Stride and padding change the maps, not the layer's parameters. Pooling has none.
# - n filters give n maps; a filter is as deep as its input.
# - A convnet assumes that neighbors belong together. On images that is worth more than five times the parameters.
#
# **Read on:** LeCun, Bottou, Bengio, Haffner, *Gradient-based learning applied to document recognition* (1998) · Dumoulin, Visin, *A guide to convolution arithmetic for deep learning* (2016). **Next:** 02, training that works.

# %%
check.progress()
