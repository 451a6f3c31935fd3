# %% [markdown]
# # 00 · Your first network
#
# ![Two rings of points, one inside the other; beside them the border that a small network drew between them, a closed curve.](pictures/00_start.png)
#
# From an array of numbers to a network that reads handwritten digits. No deep learning needed.
#
# **After this lesson you can**
# 1. explain neuron, layer, activation, loss, gradient step, epoch and mini-batch;
# 2. split data into three parts, and train a small network with Keras;
# 3. say why you must not choose a network by its training accuracy.
#
# {{measured}} **You need** Python and a little NumPy. **Time:** about 45 minutes.
#
# ## How this notebook works
#
# Run a cell with Shift + Enter. The first one prepares everything.

# %%
import labs

labs.start(seed=0)

import keras
import numpy as np
from keras import layers

from labs import check, data, plot

# %% [markdown]
# Some cells hold a blank, `...  # your code here`. Write your answer and run the cell: the check compares it with a reference on several cases. A wrong answer never stops you: a colored box, the *card*, says what differs, and the notebook goes on with the reference.
#
# ## 1 · Arrays
#
# Everything in deep learning is an array of numbers. Its **shape** says how many there are along each **axis**. A **batch** is several examples stacked along axis 0.

# %%
(x_train, y_train), (x_test, y_test) = data.mnist()
print("all training images:", x_train.shape)
print("a batch of 8:       ", x_train[:8].shape)
print("one image:          ", x_train[0].shape)
print("its pixel in row 8, column 12:", x_train[0, 8, 12])
plot.images(x_train[:8], y_train[:8])

# %% [markdown]
# Axis 0 counts images, axis 1 rows, axis 2 columns. **Predict** the shapes of the two averages before you run the cell.

# %%
print("over axis 0:      ", x_train.mean(axis=0).shape)
print("over axes 1 and 2:", x_train.mean(axis=(1, 2)).shape)
plot.images([x_train.mean(axis=0)], ["the mean of all images"], columns=4)

# %% [markdown]
# The average over axis 0 is one image: the mean of all digits.
#
# ## 2 · One neuron
#
# A **feature** is a number that describes an example. We describe each digit by two: how bright it is on average (*ink*), and how bright its middle is.

# %%
zeros_and_ones = x_train[y_train < 2][:400] / 255
labels = y_train[y_train < 2][:400]
ink = zeros_and_ones.mean(axis=(1, 2))
middle = zeros_and_ones[:, 10:18, 12:16].mean(axis=(1, 2))
features = np.stack([ink, middle], axis=1)
print("shape", features.shape)
plot.points({"zeros": features[labels == 0], "ones": features[labels == 1]}, "ink", "ink in the middle")

# %% [markdown]
# Most zeros have little ink in the middle, ones have much. A **neuron** (or **node**) multiplies each feature by a **weight**, sums, and adds a **bias**: x·w + b. We chose these weights by hand; later, training chooses them.

# %% tags=["nbval-check-output"]
weights, bias = np.array([-4.0, 1.0]), 0.2
example = features[0]
print("features", example.round(3), "→", (example[0] * weights[0] + example[1] * weights[1] + bias).round(3))

# %% [markdown]
# ### Exercise 1 · A neuron for a whole batch
#
# Look at the docstring: it says what comes in, with which shape, and what goes out. Run the cell once as it is, to see the card of an exercise that is not attempted. Then write your answer.

# %%
from labs.exercises.start import neuron

# %% [markdown]
# What does a wrong answer look like? Here is one that forgets the bias. `grade` gives the card's text without changing your progress.

# %% tags=["nbval-check-output"]
from labs.check import grade

print(grade("neuron", lambda x, weights, bias: x @ weights).message)

# %% [markdown]
# When you are stuck, ask for hints, one after the other. The answer comes at last: remove the `#`.

# %%
check.hint("neuron")
# check.solution("neuron")

# %% [markdown]
# Now let your neuron look at 400 digits. Above 0 it says *one*, below 0 *zero*; the black border is where its value is 0.

# %%
values = np.asarray(neuron(features, weights, bias))
print("right:", np.mean((values > 0) == (labels == 1)))
plot.points(
    {"zeros": features[labels == 0], "ones": features[labels == 1]},
    "ink",
    "ink in the middle",
    (weights, bias),
)

# %% [markdown]
# The neuron made a **new feature** out of two old ones: how much this looks like a one. Not every new feature is useful. Three neurons, each with its best bias:

# %%
for other in ([-4.0, 1.0], [0.0, 1.0], [5.0, 1.0]):
    values = np.asarray(neuron(features, np.array(other), 0.0))
    best = max(np.mean((values > limit) == (labels == 1)) for limit in values)
    print("weights", other, "· right:", best)

# %% [markdown]
# ## 3 · Layers and activations
#
# With weights 5 and 1, zeros and ones get almost the same sum: zeros have more ink, ones have more of it in the middle.
#
# Several neurons that read the same inputs are a **layer**. More nodes make more features. More layers make features of features: strokes, loops, digits. That is what the engineer intends; training decides what each node becomes.
#
# A question has lettered options. Put your letter in place of `...`, as in `check("what_is_a_layer", "a")`.

# %%
check("what_is_a_layer", "b")

# %% [markdown]
# A neuron draws a straight border. Two rings need a bent one. The bend comes from an **activation**, most often ReLU: negative numbers become 0.
#
# ### Exercise 2 · ReLU

# %%
from labs.exercises.start import relu

# %%
x = np.linspace(-2, 2, 41)
plot.curves({"x": (x, x), "relu(x)": (x, relu(x))}, "x", "value")

# %% [markdown]
# Does the bend matter? Two networks on two rings: the same layers, one with ReLU, one without. **Predict** both accuracies. (Section 6 explains this code.)

# %%
random = np.random.default_rng(0)
angle, ring = random.uniform(0, 2 * np.pi, 600), np.arange(600) % 2
radius = 1 + ring + random.normal(0, 0.15, 600)
rings = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def ring_network(activation):
    model = keras.Sequential(
        [
            keras.Input((2,)),
            layers.Dense(16, activation=activation),
            layers.Dense(16, activation=activation),
            layers.Dense(2, activation="softmax"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(rings, ring, epochs=15, verbose=0)
    return model


with_relu, without = ring_network("relu"), ring_network(None)

# %%
for name, model in {"with ReLU": with_relu, "without": without}.items():
    print(f"{name:10} accuracy {model.evaluate(rings, ring, verbose=0)[1]:.2f}")
plot.regions(
    {"with ReLU": with_relu, "without": without}, {"inner": rings[ring == 0], "outer": rings[ring == 1]}
)

# %%
check("why_activation", "a")

# %% [markdown]
# Without the bend the network draws one straight line, however many layers it has.
#
# The last layer gives one number per class, the **logits**. **Softmax** makes probabilities of them.
#
# ### Exercise 3 · Softmax

# %%
from labs.exercises.start import softmax

# %% tags=["nbval-check-output"]
for logits in ([1.0, 2.0, 3.0], [1001.0, 1002.0, 1003.0]):
    print(logits, "→", np.round(softmax(np.array(logits)), 3))

# %% [markdown]
# ## 4 · Learning
#
# The **loss** says how wrong a network is, in one number. Learning means: change the weights so that the loss falls. The **gradient** is the slope of the loss, and points uphill.
#
# ### Exercise 4 · One step downhill

# %%
from labs.exercises.start import gradient_step

# %% [markdown]
# A loss with one weight: (w - 3)². Its slope is 2(w - 3). Ten steps from -1; **predict** what a learning rate of 1.05 does.


# %%
def descend(learning_rate):
    weights = [-1.0]
    for _step in range(10):
        weights.append(gradient_step(weights[-1], 2 * (weights[-1] - 3), learning_rate))
    return plot.descent(lambda weight: (weight - 3) ** 2, weights)


labs.explore(descend, learning_rate=[0.1, 0.01, 0.5, 0.9, 1.05])

# %% [markdown]
# At 0.1 the steps grow shorter toward the bottom, because the slope gets smaller. Now a rate that is too large:

# %%
descend(1.05)

# %% [markdown]
# Each step jumps over the bottom, and lands higher than it started.
#
# ## 5 · Three parts of the data
#
# A network may know its training data by heart (**overfitting**) and fail on new data. What counts is that it **generalizes**. So we keep two parts away from training: the **validation** part to compare networks, the **test** part for one honest number at the end.
#
# ### Exercise 5 · Split

# %%
from labs.exercises.start import train_validation_test

# %% tags=["nbval-check-output"]
train, validation, test = map(np.asarray, train_validation_test(60_000, seed=0))
print(len(train), len(validation), len(test), "· common indices:", len(np.intersect1d(train, validation)))

# %%
check("which_data", "b")

# %% [markdown]
# ## 6 · Keras does the rest
#
# `Sequential` is a chain of layers. `Flatten` puts the 28×28 pixels in one row; `Dense(128)` is a layer of 128 neurons. `compile` names the **optimizer** that takes the steps (Adam adapts their size), the loss (**cross-entropy** is large when the right class gets a small probability; *sparse* means integer labels) and what to report. `clear_session` frees what earlier models left behind. **Parameters** are all weights and biases.

# %%
keras.backend.clear_session()
model = keras.Sequential(
    [
        keras.Input((28, 28)),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dense(10, activation="softmax"),
    ]
)
model.compile(keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
print(f"{model.count_params():,} parameters")

# %% [markdown]
# `fit` takes the training images in **mini-batches**, one gradient step each. One pass over all of them is an **epoch**. Pixels are divided by 255, so that they lie from 0 to 1. MNIST has a test part of its own: of our split we train on the first part, validate on the second, and leave the third unused.

# %%
images = x_train / np.float32(255)
history = model.fit(
    images[train],
    y_train[train],
    validation_data=(images[validation], y_train[validation]),
    batch_size=128,
    epochs=5,
    verbose=0,
    callbacks=[labs.ProgressBar()],
)

# %%
plot.curves(
    {"training": history.history["accuracy"], "validation": history.history["val_accuracy"]},
    "epoch",
    "accuracy",
)

# %% [markdown]
# In epoch 1 training is lower: it is the mean over the epoch, while the network still learns. From then on it rises faster than validation. The growing gap is the beginning of overfitting. Now, once, the test images (± is the standard error: about how much the number would change with other images):

# %%
accuracy = model.evaluate(x_test / np.float32(255), y_test, batch_size=1000, verbose=0)[1]
print(f"test accuracy {accuracy:.3f} ± {(accuracy * (1 - accuracy) / len(y_test)) ** 0.5:.3f}")

# %%
probabilities = model.predict(x_test[:8] / np.float32(255), verbose=0)
read = [f"read as {p.argmax()}\nprob. {p.max():.2f}" for p in probabilities]
plot.images(x_test[:8], read, columns=8)

# %%
check("steps_in_an_epoch", "b")

# %% [markdown]
# ## 7 · Broken lab
#
# This network trains without any error, and stays bad. Find the reason in the numbers it prints.

# %%
broken = keras.models.clone_model(model)
broken.compile(keras.optimizers.Adam(2e-3), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
labels_used = np.random.default_rng(0).permutation(y_train[:10_000])
broken.fit(images[:10_000], labels_used, batch_size=128, epochs=3, verbose=0)
print("accuracy", broken.evaluate(images[:10_000], labels_used, batch_size=1000, verbose=0)[1])
print("labels of the first images:", labels_used[:8], "· true ones:", y_train[:8])

# %%
check("broken_labels", "c")

# %% [markdown]
# The labels were shuffled without their images. The accuracy is above chance, 0.1, only because the network begins to learn single images by heart.

# %% [markdown]
# ### From older Keras
#
# Code from before 2023 often gives the learning rate as `lr`. Today it is `learning_rate`:

# %%
with labs.expect_error(ValueError):
    keras.optimizers.Adam(lr=2e-3)  # today: keras.optimizers.Adam(learning_rate=2e-3)

# %% [markdown]
# ## 8 · Challenge: on your own
#
# Build, compile and return a network of your own. Nothing is trained until you write something.

# %%
from labs.exercises.start import build_first_network

# %% [markdown]
# ### Your own digit
#
# Write a digit with a thick pen, photograph it, and crop the photo to a square that the digit nearly fills. Put its path in place of `None`.

# %%
path = None
if path is None:
    digit = x_test[61]
else:
    photo = np.asarray(keras.ops.image.resize(labs.load_photo(path), (28, 28), antialias=True)).mean(axis=2)
    ink = np.clip(np.median(photo) - photo - 30, 0, None)  # what is darker than the paper
    digit = 255 * ink / max(ink.max(), 1)  # ink is bright in MNIST
probabilities = model.predict(digit[None] / np.float32(255), verbose=0)[0]
title = f"read as {probabilities.argmax()}, probability {probabilities.max():.2f}"
plot.images([digit], [title], columns=3, limits=(0, 255))

# %%
figure = plot.bars(
    {str(number): float(value) for number, value in enumerate(probabilities)}, "probability", limits=(0, 1)
)
figure.savefig(labs.work_folder() / "my_digit.png")
print("saved until this notebook closes:", labs.work_folder() / "my_digit.png")
figure

# %% [markdown]
# ## Recap
#
# - A neuron makes a new feature of old ones: x·w + b. Layers of them need a bend between them.
# - The loss says how wrong; the gradient says which way is up; the learning rate says how far to step down.
# - Train on one part, compare on the second, report the third.
#
# **Read on:** Rumelhart, Hinton, Williams, *Learning representations by back-propagating errors* (1986) · LeCun, Bengio, Hinton, *Deep learning* (2015). **Next:** 01, from pixels to LeNet.

# %%
check.progress("00")
