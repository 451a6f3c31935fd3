"""Lesson 01: a digit, six feature maps and ten probabilities."""


def draw():
    """A digit, six feature maps and ten probabilities."""
    import keras
    import matplotlib.pyplot as plt
    import numpy as np

    from labs import data
    from labs.exercises.cnn_basics import build_lenet
    from labs.plot import style

    (x_train, y_train), (x_test, _labels) = data.mnist()
    model = build_lenet()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x_train[..., None] / np.float32(255), y_train, batch_size=128, verbose=0)
    image = x_test[:1, ..., None] / np.float32(255)
    maps = np.asarray(keras.Model(model.inputs[0], model.layers[0].output)(image))[0]
    figure, axes = plt.subplot_mosaic(
        [["digit", "0", "1", "2", "bars"], ["digit", "3", "4", "5", "bars"]],
        figsize=(10, 3),
        width_ratios=[2, 1, 1, 1, 2.2],
        layout="constrained",
    )
    axes["digit"].imshow(x_test[0])
    for number in range(6):
        axes[str(number)].imshow(maps[..., number], vmin=0, vmax=maps.max())
    axes["bars"].barh(range(10), np.asarray(model(image))[0], color=style.BLUE)
    axes["bars"].set(yticks=range(10), xticks=[], xlim=(0, 1.05))
    axes["bars"].tick_params(labelsize=13)
    axes["bars"].invert_yaxis()
    for name, axis in axes.items():
        if name != "bars":
            axis.set(xticks=[], yticks=[])
        axis.grid(False)
    plt.close(figure)
    return figure
