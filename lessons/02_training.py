# %% [markdown]
# # 02 · Training that works, and how to tell
#
# ![Left: three curves of the loss over the steps of training; one stays high, one falls, one jumps to a flat line. Right: the gradient of each of twenty layers; for ReLU it is level, for sigmoid it falls steeply toward the first layer.](pictures/02_training.png)
#
# A network that does not learn gives no error message. Today you learn to read its numbers. You will meet four faults that give no error at all, and repair two of them yourself.
#
# **After this lesson you can**
# 1. explain what the learning rate, the initialization, dropout and batch normalization do;
# 2. read learning curves, and set up callbacks that stop, save and slow down a training;
# 3. find why a network that runs does not work: from a curve, a count, or a graph.
#
# {{measured}} **You need** lessons 00 and 01, or: layer, loss, `fit`, convolution. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=2)

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from labs import check, data, plot

# %% [markdown]
# ## 1 · One step
#
# Fashion-MNIST: ten kinds of clothes, 28×28 pixels. We keep the last 2,000 training images for validation. The test images wait until section 8.

# %%
(x_train, y_train), (x_test, y_test) = data.fashion_mnist()
pixels, labels_all = x_train / np.float32(255), y_train.astype(int)
images, labels = pixels[:10_000], labels_all[:10_000]
val_images, val_labels = pixels[10_000:], labels_all[10_000:]
print("train", images.shape, "· validation", val_images.shape, "· test", x_test.shape)
plot.images(x_train[:8], [data.FASHION_MNIST_CLASSES[label] for label in y_train[:8]])

# %% [markdown]
# A loss says how wrong the network is. For classes it is the **cross-entropy**: minus the logarithm of the probability that the right class got.
#
# ### Exercise 1 · The loss

# %%
from labs.exercises.training import sparse_cross_entropy

# %% [markdown]
# A dense network to experiment with. (`initializer` and `momentum` come later.) Before training, ten classes get about the same probability. **Predict** the loss.


# %%
def dense_network(depth=2, activation="relu", initializer="glorot_uniform", momentum=None):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
    for _layer in range(depth):
        model.add(layers.Dense(64, kernel_initializer=initializer))
        if momentum is not None:
            model.add(layers.BatchNormalization(momentum=momentum))
        model.add(layers.Activation(activation))
    model.add(layers.Dense(10, activation="softmax"))
    return model


model = dense_network()
first_weights = model.get_weights()
print("your loss: ", sparse_cross_entropy(np.asarray(model(images[:64])), labels[:64]))
print("Keras' loss:", float(keras.losses.SparseCategoricalCrossentropy()(labels[:64], model(images[:64]))))
print("-log(1/10): ", -np.log(1 / 10))

# %% [markdown]
# Remember this number: a loss near 2.3 means that the network guesses among ten.
#
# Now one step of training by hand. `GradientTape` writes down what is computed inside its block, and gives the gradient of the loss for each weight afterwards.

# %%
loss_function = keras.losses.SparseCategoricalCrossentropy()
with tf.GradientTape() as tape:
    loss = loss_function(labels[:64], model(images[:64], training=True))
gradients = tape.gradient(loss, model.trainable_variables)
for weight, gradient in zip(model.trainable_variables, gradients, strict=True):
    weight.assign(weight - 0.1 * gradient)
by_hand = model.get_weights()

# %% [markdown]
# Does `fit` do the same? It starts from the same weights, with the same 64 images.

# %%
model.set_weights(first_weights)
model.compile(keras.optimizers.SGD(0.1), loss="sparse_categorical_crossentropy")
model.fit(images[:64], labels[:64], batch_size=64, epochs=1, shuffle=False, verbose=0)
pairs = list(zip(by_hand, model.get_weights(), first_weights, strict=True))
print("moved by up to                ", max(np.abs(one - before).max() for one, _two, before in pairs))
print("difference of the two ways to ", max(np.abs(one - two).max() for one, two, _before in pairs))

# %% [markdown]
# The weights are equal but for rounding. `fit` is this step, repeated. So is `labs.train_steps`, which we use below: one pass over the training images in batches of 64. It returns the loss, averaged over ten steps each.
#
# ## 2 · Learning rate and optimizer
#
# Three learning rates, from the same first weights. **Predict** where each curve ends.

# %%
curves = {}
for rate in (0.001, 0.1, 1.0):
    model.set_weights(first_weights)
    curves[f"rate {rate}"] = labs.train_steps(model, keras.optimizers.SGD(rate), images, labels)
plot.curves(curves, "step", "training loss", limits=(0, 3))

# %% [markdown]
# 0.001 is too small: right direction, tiny steps. 0.1 is right. 1.0 is too large: the first steps throw the weights far away, the loss jumps, and afterwards it lies near 2.3: most ReLU units give 0 for every image now (they are *dead*), so every image gets the same ten probabilities.

# %%
check("loss_of_guessing", "b")

# %% [markdown]
# The step itself can be cleverer than `weight - rate * gradient` (**SGD**, stochastic gradient descent):
# - **Momentum** keeps a velocity: 0.9 times the old one, minus rate times gradient. Steps in the same direction add up.
# - **Adam**, too, keeps a velocity, and divides it by the typical size of each weight's own gradient. Every weight moves by about the learning rate.

# %%
optimizers = {
    "SGD, rate 0.01": keras.optimizers.SGD(0.01),
    "SGD with momentum, rate 0.01": keras.optimizers.SGD(0.01, momentum=0.9),
    "Adam, rate 0.001": keras.optimizers.Adam(0.001),
}
for name, optimizer in optimizers.items():
    model.set_weights(first_weights)
    optimizers[name] = labs.train_steps(model, optimizer, images, labels)
plot.curves(optimizers, "step", "training loss", limits=(0, 3))

# %% [markdown]
# Momentum and Adam are far ahead of SGD. But with momentum equal steps add up: 1 + 0.9 + 0.81 + … = 10, as if the rate were 0.1. And SGD at 0.1, in the plot above, came close. So compare optimizers only when each has a rate that suits it. We begin with Adam: its usual rate, 0.001, works for many networks.
#
# ### Probabilities sent as logits
#
# **Logits** are the numbers before softmax. Some losses want them, and apply the softmax themselves. What if they get probabilities? **Predict:** an error, a worse loss, or no difference?


# %%
def softmax_twice(labels, probabilities):
    losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=probabilities)
    return tf.reduce_mean(losses)


curves = {}
for name, function in {"cross-entropy": loss_function, "softmax twice": softmax_twice}.items():
    model.set_weights(first_weights)
    curves[name] = labs.train_steps(model, keras.optimizers.Adam(0.003), images, labels, function)
    accuracy, error = labs.accuracy(model, val_images, val_labels)
    print(f"{name:14} validation accuracy {accuracy:.3f} ± {error:.3f}")
plot.curves(curves, "step", "training loss", limits=(0, 3))

# %%
e = np.exp(1)
print("the lowest loss that softmax twice can reach:", -np.log(e / (e + 9)))

# %% [markdown]
# No error, and a worse network. The largest probability is 1, the others are 0: a second softmax makes e / (e + 9) of that, never more. Keras warns when a model that ends with softmax is compiled with `from_logits=True`; a loss of your own, as here, gets no warning. However long you train, the loss cannot fall below 1.46, though most answers are right: that is the trace.
#
# ## 3 · Depth
#
# Deeper networks build features of features. But the gradient has to travel back through every layer. Twenty layers, before any training: how large is the gradient of the loss in each? **Predict** the curve for sigmoid.


# %%
def gradient_norms(model):
    with tf.GradientTape() as tape:
        loss = loss_function(labels[:256], model(images[:256], training=True))
    kernels = [layer.kernel for layer in model.layers if isinstance(layer, layers.Dense)]
    return [float(tf.norm(gradient)) for gradient in tape.gradient(loss, kernels)]


deep_networks = {
    "sigmoid": dense_network(20, "sigmoid"),
    "tanh": dense_network(20, "tanh"),
    "ReLU": dense_network(20, "relu"),
    "ReLU, He": dense_network(20, "relu", "he_normal"),
}
norms = {name: gradient_norms(model) for name, model in deep_networks.items()}
plot.curves(norms, "layer, counted from the input", "size of its gradient", logarithmic=True)

# %% [markdown]
# Mind the axis: it counts in powers of ten. Layer 21 is the output. With sigmoid the first layers get almost nothing: the **vanishing gradient**. The slope of sigmoid is 1/4 at most, and every layer multiplies by it. tanh and ReLU stay level. Without *He*, ReLU's gradient is small in all layers, because the signal shrinks:

# %%
check("vanishing", "a")

# %% [markdown]
# What does *He* mean? First weights are random. **Glorot initialization** (the default) keeps the size of the signal for activations like tanh. ReLU sets half of it to 0, so **He initialization** draws weights with twice the variance. Look at the signal on its way forward, through 20 ReLU layers:


# %%
def spreads(model):
    outputs = [layer.output for layer in model.layers if isinstance(layer, layers.Activation)]
    return [float(np.std(output)) for output in keras.Model(model.inputs[0], outputs)(images[:256])]


small_normal = keras.initializers.RandomNormal(stddev=0.05)
signal = {
    "He": spreads(deep_networks["ReLU, He"]),
    "Glorot": spreads(deep_networks["ReLU"]),
    "normal, 0.05": spreads(dense_network(20, "relu", small_normal)),
}
plot.curves(signal, "layer, counted from the input", "spread of its outputs", logarithmic=True)

# %% [markdown]
# With He the signal keeps about its size. With Glorot it shrinks layer by layer, with small random numbers it is gone.
#
# ## 4 · Batch normalization
#
# Another way: normalize inside the network. **Batch normalization** shifts and scales each feature to mean 0 and variance 1 over the batch. Then it multiplies by a learned gamma and adds a learned beta.
#
# Its authors named a motive: while the first layers learn, the inputs of later layers change all the time (**internal covariate shift**). Whether that is why it works is disputed: Santurkar et al. (2018) added such shifts on purpose, and it still helped; they say that it makes the loss smoother.
#
# ### Exercise 2 · Normalize

# %%
from labs.exercises.training import batch_norm

# %% [markdown]
# Compare with Keras, and see what its layer holds:

# %%
x = np.random.default_rng(0).normal(5, 3, size=(32, 2)).astype("float32")
layer = layers.BatchNormalization()
from_keras = layer(x, training=True)
print("largest difference:", np.abs(batch_norm(x, np.ones(2), np.zeros(2)) - from_keras).max())
for weight in layer.weights:
    kind = "learned" if weight.trainable else "averaged"
    print(f"{weight.name:16} {kind}  {np.asarray(weight)}")

# %% [markdown]
# gamma and beta are learned by gradients. The **moving** mean and variance are only averaged: after each step, 0.99 times the old value plus 0.01 times the batch's. (0.99 is the layer's *momentum*; it has nothing to do with the optimizer's.) They are for **inference**, the use of a trained network, where an image may come alone.
#
# Ten layers, three ways. **Predict** which networks learn.

# %%
tried = {}
for name, arguments in {
    "sigmoid": dict(activation="sigmoid"),
    "ReLU, He": dict(initializer="he_normal"),
    "sigmoid with batch norm": dict(activation="sigmoid", momentum=0.99),
}.items():
    keras.utils.set_random_seed(2)
    deep = dense_network(10, **arguments)
    tried[name] = labs.train_steps(deep, keras.optimizers.SGD(0.1), images, labels)
plot.curves(tried, "step", "training loss", limits=(0, 3))

# %% [markdown]
# Ten sigmoid layers learn nothing: 2.3. With batch normalization the same ten layers learn well.
#
# ### The trap
#
# `deep` is now that last network. Let it classify 2,000 of its own training images, first as at inference, then as in training. **Predict** the two accuracies.


# %%
def in_both_modes(model):
    for training, name in ((False, "at inference"), (True, "as in training")):
        right = np.mean(np.argmax(model(images[:2000], training=training), axis=1) == labels[:2000])
        print(f"accuracy {name:15} {right:.3f} ± {(right * (1 - right) / 2000) ** 0.5:.3f}")


in_both_modes(deep)
for momentum in (0.99, 0.9):
    print(
        f"momentum {momentum}: after 150 steps {momentum**150:.3f} of the moving values is still their start"
    )

# %%
check("batch_norm_trap", "b")

# %% [markdown]
# Same weights, same images. But the moving values still hold more than a fifth of their start, 0 and 1, in each of ten layers. With momentum 0.9 and the same seed:

# %%
keras.utils.set_random_seed(2)
repaired = dense_network(10, "sigmoid", momentum=0.9)
labs.train_steps(repaired, keras.optimizers.SGD(0.1), images, labels)
in_both_modes(repaired)
weights = zip(deep.trainable_weights, repaired.trainable_weights, strict=True)
print("largest difference of the trained weights:", max(np.abs(one - two).max() for one, two in weights))

# %% [markdown]
# The training was the same. Only the moving averages differ. With few steps, set `momentum=0.9`.
#
# ## 5 · Dropout
#
# In a large network units come to rely on each other's exact values (**co-adaptation**), and that fits the training images only. **Dropout** silences each unit with a probability, the *rate*, anew at every step. It stands mostly after **hidden layers**, those between input and output.
#
# ### Exercise 3 · Dropout

# %%
from labs.exercises.training import inverted_dropout

# %%
ones = np.ones((1, 8), dtype="float32")
layer = layers.Dropout(0.5, seed=0)
print("in training: ", np.asarray(layer(ones, training=True)))
print("at inference:", np.asarray(layer(ones, training=False)))
masks = (np.random.default_rng(0).random((10_000, 8)) > 0.5).astype(int)
print(
    "your mean over 10,000 masks:", np.mean([inverted_dropout(ones[0], mask, 0.5) for mask in masks]).round(2)
)

# %% [markdown]
# `fit` passes `training=True`, `predict` and `evaluate` pass `False`. In a step of your own you must say it.

# %%
check("where_dropout", "b")

# %% [markdown]
# ## 6 · Learning curves
#
# Two networks on 1,000 images only: one plain, one with dropout 0.5 after each hidden layer. **Predict** for each: which is lower at the end, training or validation loss?


# %%
def wide_network(rate):
    model = keras.Sequential([keras.Input((28, 28)), layers.Flatten()])
    for _layer in range(2):
        model.add(layers.Dense(256, activation="relu"))
        model.add(layers.Dropout(rate))
    model.add(layers.Dense(10, activation="softmax"))
    model.compile(keras.optimizers.Adam(0.002), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


part = dict(x=images[:1000], y=labels[:1000], validation_data=(val_images, val_labels), batch_size=64)
part |= dict(validation_batch_size=1000, verbose=0)
plain, dropped = wide_network(0.0), wide_network(0.5)
plain_weights = plain.get_weights()
runs = {
    name: net.fit(epochs=16, **part).history for name, net in {"plain": plain, "dropout": dropped}.items()
}
lines = {"training": "loss", "validation": "val_loss"}
plot.curves(
    {f"{name}, {line}": runs[name][key] for name in runs for line, key in lines.items()}, "epoch", "loss"
)

# %% [markdown]
# Plain: the training loss goes far below the validation loss, which stops falling after a few epochs. That is **overfitting**. With dropout the gap is much smaller: half of the units are silent while the training loss is measured. The validation loss ends lower.

# %%
check("reading_curves", "c")

# %% [markdown]
# **Early stopping** ends a training when the validation loss no longer improves. *Patience* is the number of epochs it waits.
#
# ### Exercise 4 · When to stop?

# %%
from labs.exercises.training import best_epoch

# %%
for name, run in runs.items():
    print(f"{name:8} (stop, best) with patience 3: {best_epoch(run['val_loss'], patience=3)}")

# %% [markdown]
# Keras does this in **callbacks**, objects that `fit` calls after each epoch. **ModelCheckpoint** saves the model, **ReduceLROnPlateau** lowers the learning rate when the loss gets stuck.
#
# ### Exercise 5 · Repair the callbacks
#
# This one is not blank. It runs, and it does not do what its docstring says. Until you change it, it counts as not attempted.

# %%
from labs.exercises.training import training_callbacks

# %%
file = str(labs.work_folder() / "best.keras")
plain.set_weights(plain_weights)
plain.optimizer.learning_rate = 0.002
run = plain.fit(epochs=40, callbacks=[*training_callbacks(file), labs.ProgressBar()], **part).history
stop, best = best_epoch(run["val_loss"], patience=5)
print("epochs run:", len(run["loss"]), "· best_epoch says: stop", stop, "· best", best, "(counted from 0)")
saved = keras.models.load_model(file).evaluate(val_images, val_labels, batch_size=1000, verbose=0)[1]
print(f"best validation accuracy {max(run['val_accuracy']):.4f} · of the saved file {saved:.4f}")
plot.training_run(run, best)

# %% [markdown]
# Below: each drop halves the learning rate. Above: training ends before epoch 40, and the model has the weights of the dotted line again. The file holds the epoch with the best accuracy, which may be another.
#
# ## 7 · Broken lab
#
# A convnet of two blocks in the functional API: each layer is called on a tensor. It trains without any error, and one word in it is wrong. Find it from the numbers, not from the code.


# %%
def block(x, filters):
    for _repeat in range(2):
        x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
        x = layers.BatchNormalization(momentum=0.9)(x)
    return layers.Dropout(0.1)(layers.MaxPooling2D(2)(x))


def classifier(x):
    x = layers.Dense(64, activation="relu")(layers.Flatten()(x))
    return layers.Dense(10, activation="softmax")(layers.BatchNormalization(momentum=0.9)(x))


inputs = keras.Input((28, 28, 1))
first = block(inputs, 8)
second = block(inputs, 16)
broken = keras.Model(inputs, classifier(second))
for layer in broken.layers:
    print(f"{type(layer).__name__:19} {layer.output.shape!s:22} {layer.count_params():8,}")
print(f"{broken.count_params():,} parameters")

# %%
check("dead_block", "c")

# %% [markdown]
# A model holds what leads from its inputs to its outputs, and nothing else. To see the lost block we make its end a second output: it hangs beside the other one, and nothing uses it. On the right, as it should be.

# %%
two_blocks = keras.Model(inputs, classifier(block(first, 16)))
print(f"broken {broken.count_params():,} parameters · right {two_blocks.count_params():,}")
plot.graph({"broken": keras.Model(inputs, [first, broken.output]), "right": two_blocks})

# %% [markdown]
# ### Exercise 6 · Repair a larger one

# %%
from labs.exercises.training import build_two_block_cnn

# %%
large = build_two_block_cnn()
large.build((None, 28, 28, 1))
print(f"{large.count_params():,} parameters")

# %% [markdown]
# It has a dense layer of 512 units, too much for a few seconds on two cores. We train its small sister.
#
# ## 8 · Train, save, load
#
# `two_blocks` for three epochs, about a quarter of a minute, with `labs.train_classifier`. Its learning rate rises first, because large steps from random weights throw them far away (section 2); it falls at the end, because small steps settle. Then, once, the test images. **Target:** 88 %.

# %%
labs.train_classifier(two_blocks, images[..., None], labels, epochs=3)
test_images = x_test[..., None] / np.float32(255)
print("test accuracy {:.4f} ± {:.4f}".format(*labs.accuracy(two_blocks, test_images, y_test)))

# %% [markdown]
# The target is reached. **`model.save`** writes architecture, weights and the state of the optimizer into one `.keras` file. Weights alone go into `.weights.h5`, and need a model of the same shape to go into.

# %%
folder = labs.work_folder()
few = test_images[:100]
expected = two_blocks(few, training=False)
two_blocks.save(folder / "two_blocks.keras")
loaded = keras.models.load_model(folder / "two_blocks.keras")
print("loaded model:   largest difference", np.abs(loaded(few, training=False) - expected).max())
two_blocks.save_weights(folder / "two_blocks.weights.h5")
twin = keras.models.clone_model(two_blocks)
print("new weights:    largest difference", np.abs(twin(few, training=False) - expected).max())
twin.load_weights(folder / "two_blocks.weights.h5")
print("loaded weights: largest difference", np.abs(twin(few, training=False) - expected).max())

# %% [markdown]
# ### Seeds
#
# First weights, the order of the images, dropout: all are random, and start from a **seed**. The same seed twice, then others:

# %%
scores = []
for seed in (7, 7, 8, 9, 10):
    keras.utils.set_random_seed(seed)
    model = dense_network()
    labs.train_steps(model, keras.optimizers.Adam(0.003), images, labels)
    scores.append(np.mean(np.argmax(model(val_images), axis=1) == val_labels))
    print(f"seed {seed:2}: validation accuracy {scores[-1]:.4f}")
error = (scores[0] * (1 - scores[0]) / len(val_labels)) ** 0.5
print(f"spread over four seeds {np.std(scores[1:], ddof=1):.4f} · standard error of one accuracy {error:.4f}")

# %% [markdown]
# The same seed gave the same number. Other seeds differ, with nothing else changed: one run is one draw. All were measured on the same images, so this spread is the seed's alone; other images would add the standard error. Do not rank two ideas by one run each. (Exact repetition holds on one machine. On a GPU call `tf.config.experimental.enable_op_determinism()`, too; it costs time.)
#
# ### From older Keras
#
# Three that fail, and a fourth that is worse: it runs and does nothing.

# %%
with labs.expect_error(AttributeError):
    model.fit_generator(None)  # today: model.fit(generator)

with labs.expect_error(ValueError):
    model.save_weights(folder / "model.h5")  # today: "model.weights.h5"

with labs.expect_error(ValueError):
    keras.callbacks.ModelCheckpoint("folder")  # today: "model.keras"

optimizer = keras.optimizers.SGD(learning_rate=0.1)
optimizer.lr = 0.5  # today: optimizer.learning_rate = 0.5
print("learning rate:", round(float(optimizer.learning_rate), 3))

# %% [markdown]
# `model.save("model.h5")` still works; Keras calls the format legacy and warns.
#
# ## 9 · Challenge: 300 steps
#
# Reach 86 % on the test images in 300 steps of 64 images, with fewer than 60,000 parameters. Nothing is trained until you write something.

# %%
from labs.exercises.training import build_fast_learner

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · The moving average

# %%
from labs.exercises.training import update_moving_average

# %% [markdown]
# A feature whose mean is 5 in every batch. The moving mean starts at 0. **Predict:** after how many steps is it nearly 5?

# %%
paths = {0.99: [0.0], 0.9: [0.0]}
for momentum, path in paths.items():
    for _step in range(150):
        path.append(float(update_moving_average(path[-1], 5.0, momentum)))
steps = np.arange(151)
plot.curves(
    {f"momentum {momentum}": (steps, path) for momentum, path in paths.items()}, "step", "moving mean"
)

# %% [markdown]
# ### Your own photo
#
# Photograph one piece of clothing on a light, even ground, and crop the photo to a square. Put its path in place of `None`.

# %%
path = None
if path is None:
    shown = x_test[0]
else:
    photo = keras.ops.image.resize(labs.load_photo(path), (28, 28), antialias=True)
    shown = 255 - np.asarray(photo).mean(axis=2)  # clothes are bright in Fashion-MNIST, the ground is dark
probabilities = two_blocks.predict(shown[None, ..., None] / np.float32(255), verbose=0)[0]
named = dict(zip(data.FASHION_MNIST_CLASSES, probabilities.tolist(), strict=True))
figure = plot.bars(named, "probability", limits=(0, 1))
figure.savefig(folder / "my_clothes.png")
print(
    "most likely:",
    max(named, key=named.get),
    "· saved until this notebook closes:",
    folder / "my_clothes.png",
)
figure

# %% [markdown]
# ## Recap
#
# - A loss near log(classes) means guessing. Try learning rates a factor of ten apart, and look at the curve.
# - Sigmoid layers make the gradient vanish. ReLU with He initialization, or batch normalization, keep it alive.
# - Batch normalization and dropout behave differently in training and at inference. With few steps set `momentum=0.9`.
# - Two curves tell whether a network overfits; callbacks act on them. A parameter count and a graph find wrong wiring.
#
# **Read on:** Glorot, Bengio, *Understanding the difficulty of training deep feedforward neural networks* (2010) · He et al., *Delving deep into rectifiers* (2015) · Kingma, Ba, *Adam* (2015) · Srivastava et al., *Dropout* (2014) · Ioffe, Szegedy, *Batch normalization* (2015) · Santurkar et al., *How does batch normalization help optimization?* (2018). **Next:** 03, more data from the data you have.

# %%
check.progress("02")
