"""Lesson 00: two rings and the border that a small network finds between them."""


def draw():
    """Two rings and the border that a small network finds between them."""
    import keras
    import matplotlib.pyplot as plt
    import numpy as np
    from keras import layers

    from labs.plot import style

    random = np.random.default_rng(0)
    angle, ring = random.uniform(0, 2 * np.pi, 300), np.arange(300) % 2
    radius = 1 + ring + random.normal(0, 0.15, 300)
    places = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    dense = [layers.Dense(16, activation="relu"), layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *dense, layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    model.fit(places, ring, epochs=40, verbose=0)
    grid = np.linspace(-2.7, 2.7, 150)
    plane = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    share = model.predict(plane, batch_size=5000, verbose=0)[:, 1].reshape(150, 150)
    figure, axes = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
    for axis in axes:
        for group, color, marker in ((0, style.BLUE, "o"), (1, style.RED, "s")):
            axis.scatter(*places[ring == group].T, color=color, marker=marker, s=16)
        axis.set(xlim=(-2.7, 2.7), ylim=(-2.7, 2.7), xticks=[], yticks=[], aspect="equal")
    axes[1].contourf(
        grid, grid, share, levels=[0, 0.5, 1], colors=[style.SKY, style.ORANGE], alpha=0.4, zorder=0
    )
    axes[1].contour(grid, grid, share, levels=[0.5], colors=style.BLACK, zorder=1)
    plt.close(figure)
    return figure
