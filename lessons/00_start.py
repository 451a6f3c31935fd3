# %% [markdown]
# # 00 · Your first network
#
# ![Two rings of points, one inside the other; beside them the border that a small network drew between them, a closed curve.](pictures/00_start.png)
#
# Thirty minutes from an array of numbers to a network that reads handwritten digits. No deep learning needed; some Python and NumPy.
#
# **After this lesson you can**
# 1. explain neuron, layer, activation, loss, gradient step, epoch and mini-batch;
# 2. split data into three parts, and train a small network with Keras;
# 3. say why the training data is the wrong place to look for the best network.
#
# {{measured}} **You need** Python and a little NumPy. **Time:** 30 to 45 minutes.
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
# Some cells hold a blank, `...  # your code here`. Write your answer and run the cell: the check compares it with a reference on several cases. A wrong answer never stops you. The card says what differs, and the notebook goes on with the reference.
#
# ## 1 · Arrays
#
# Everything in deep learning is an array of numbers. Its **shape** says how many there are along each **axis**. A **batch** is several examples stacked along axis 0.

# %%
(x_train, y_train), (x_test, y_test) = data.mnist()
print("all training images:", x_train.shape)
print("a batch of 8:       ", x_train[:8].shape)
print("one image:          ", x_train[0].shape)
print("its pixel in row 10, column 14:", x_train[0, 10, 14])
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
# A **feature** is a number that describes an example. We describe each digit by two: how much ink it has, and how much of it stands in the middle.

# %%
zeros_and_ones = x_train[y_train < 2][:400] / 255
labels = y_train[y_train < 2][:400]
ink = zeros_and_ones.mean(axis=(1, 2))
middle = zeros_and_ones[:, 10:18, 12:16].mean(axis=(1, 2))
features = np.stack([ink, middle], axis=1)
print("shape", features.shape)
plot.points({"zeros": features[labels == 0], "ones": features[labels == 1]}, "ink", "ink in the middle")

# %% [markdown]
# Zeros have an empty middle. A **neuron** (or **node**) weighs the features, sums them and adds a bias: x·w + b. By hand, for one digit:

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
# When you are stuck, ask for hints, one after the other, and for the answer at last:

# %%
check.hint("neuron")

# %%
check.solution("neuron")

# %% [markdown]
# Now let your neuron look at 400 digits. Above 0 it says *one*, below 0 *zero*.

# %%
values = neuron(features, weights, bias)
print("right:", np.mean((values > 0) == (labels == 1)))
plot.points(
    {"zeros": features[labels == 0], "ones": features[labels == 1]},
    "ink",
    "ink in the middle",
    (weights, bias),
)

# %% [markdown]
# The neuron made a **new feature** out of two old ones: how much this looks like a one. Not every new feature is useful. With weights 5 and 1, the zeros' ink and the ones' middle cancel, and the sum tells nothing:

# %%
for other in ([-4.0, 1.0], [0.0, 1.0], [5.0, 1.0]):
    values = neuron(features, np.array(other), 0.0)
    values = values - np.median(values)
    print("weights", other, "· right:", np.mean((values > 0) == (labels == 1)))

# %% [markdown]
# ## 3 · Layers and activations
#
# Several neurons that read the same inputs are a **layer**. The number of nodes says how many features it may make, the number of layers how high their level: strokes, loops of strokes, digits. That is the engineer's intention; what each node becomes, training decides.

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
# Does the bend matter? Two networks on two rings: the same layers, one with ReLU, one without. **Predict** both accuracies.

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

# %% [markdown]
# Without the bend the network draws one straight line, however many layers it has.

# %%
check("why_activation", "a")

# %% [markdown]
# The last layer gives one number a class, the **logits**. **Softmax** makes probabilities of them.
#
# ### Exercise 3 · Softmax

# %%
from labs.exercises.start import softmax

# %% tags=["nbval-check-output"]
print(softmax(np.array([1.0, 2.0, 3.0])).round(3), softmax(np.array([1001.0, 1002.0, 1003.0])).round(3))

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
# At 0.1 the steps grow shorter toward the bottom, where the slope is small. The same with too large a rate:

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
train, validation, test = train_validation_test(60_000, seed=0)
print(len(train), len(validation), len(test), "· common indices:", len(np.intersect1d(train, validation)))

# %%
check("which_data", "b")

# %% [markdown]
# ## 6 · Keras does the rest
#
# The same in Keras: layers with ReLU, softmax at the end, and an optimizer that takes the steps. `clear_session` frees what earlier models left behind.

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
# `fit` takes the training images in **mini-batches**, one gradient step each. One pass over all of them is an **epoch**. MNIST has its own test part, so the split needs only training and validation here. This takes a few seconds.

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
# Training accuracy rises on; validation accuracy lags behind. The gap is overfitting at its beginning. Now, once, the test images:

# %%
accuracy = model.evaluate(x_test / np.float32(255), y_test, batch_size=1000, verbose=0)[1]
print(f"test accuracy {accuracy:.3f} ± {(accuracy * (1 - accuracy) / len(y_test)) ** 0.5:.3f}")

# %%
probabilities = model.predict(x_test[:8] / np.float32(255), verbose=0)
read = [f"{p.argmax()}, {p.max():.0%} sure" for p in probabilities]
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
shuffled_labels = np.random.default_rng(0).permutation(y_train[:10_000])
broken.fit(images[:10_000], shuffled_labels, batch_size=128, epochs=3, verbose=0)
print("accuracy", broken.evaluate(images[:10_000], shuffled_labels, batch_size=1000, verbose=0)[1])
print("labels of the first images:", shuffled_labels[:8], "· true ones:", y_train[:8])

# %% [markdown]
# The labels were shuffled without their images, so there is nothing to learn but chance. Look at a few examples with their labels before every training.

# %%
check("broken_labels", "c")

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
# Write a digit on paper, photograph it, and put the path in place of `None`.

# %%
path = None
if path is None:
    digit = x_test[61]
else:
    photo = keras.utils.img_to_array(keras.utils.load_img(path, color_mode="grayscale", target_size=(28, 28)))
    digit = np.clip(1.5 * (photo.max() - photo[..., 0]), 0, 255)  # ink is bright in MNIST
probabilities = model.predict(digit[None] / np.float32(255), verbose=0)[0]
plot.images(
    [digit], [f"read as {probabilities.argmax()}, {probabilities.max():.0%} sure"], columns=4, limits=(0, 255)
)

# %%
figure = plot.bars(
    {str(number): float(value) for number, value in enumerate(probabilities)}, "probability", limits=(0, 1)
)
figure.savefig(labs.work_folder() / "my_digit.png")
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
check.progress()
