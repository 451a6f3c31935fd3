"""Lesson 02: three learning rates, and the gradients of twenty layers."""


def draw():
    """The loss at three learning rates, and the gradient of each of twenty layers for two activations."""
    import keras
    import matplotlib.pyplot as plt
    import numpy as np
    import tensorflow as tf
    from keras import layers

    import labs
    from labs import data
    from labs.plot import style

    (x_train, y_train), _test = data.fashion_mnist()
    images, labels = x_train[:10_000] / np.float32(255), y_train[:10_000].astype(int)

    def network(depth, activation, initializer):
        hidden = [layers.Dense(64, activation, kernel_initializer=initializer) for _layer in range(depth)]
        output = layers.Dense(10, activation="softmax")
        return keras.Sequential([keras.Input((28, 28)), layers.Flatten(), *hidden, output])

    figure, (left, right) = plt.subplots(1, 2, figsize=(9, 3), layout="constrained")
    keras.utils.set_random_seed(2)
    model = network(2, "relu", "glorot_uniform")
    weights = model.get_weights()
    for rate, color, lift in ((0.001, style.BLUE, -0.2), (0.1, style.BLACK, -0.08), (1.0, style.RED, 0.02)):
        model.set_weights(weights)
        steps, losses = labs.train_steps(model, keras.optimizers.SGD(rate), images, labels)
        left.plot(steps, losses, color=color, linewidth=3)
        left.text(155, losses[-1] + lift, f"rate {rate:g}")
    left.set(xlabel="step", ylabel="loss", ylim=(0, 3), xlim=(0, 210), xticks=[0, 50, 100, 150])
    left.set_yticks([0, 1, 2, 3])
    for name, activation, initializer, color in (
        ("ReLU", "relu", "he_normal", style.BLACK),
        ("sigmoid", "sigmoid", "glorot_uniform", style.RED),
    ):
        deep = network(20, activation, initializer)
        with tf.GradientTape() as tape:
            loss = keras.losses.SparseCategoricalCrossentropy()(labels[:256], deep(images[:256]))
        kernels = [layer.kernel for layer in deep.layers if isinstance(layer, layers.Dense)]
        norms = [float(tf.norm(gradient)) for gradient in tape.gradient(loss, kernels)]
        right.plot(range(1, 22), norms, color=color, linewidth=3)
        right.text(9, norms[8] / 1e3, name)
    right.set(xlabel="layer", ylabel="gradient", yscale="log", yticks=[1e-12, 1e-8, 1e-4, 1])
    for axis in (left, right):
        axis.grid(False)
    plt.close(figure)
    return figure
