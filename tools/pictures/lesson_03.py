"""Lesson 03: a photo of a penguin and five versions of it."""

BACKGROUND = (255, 255, 255)


def draw():
    """A photo of a penguin and five versions of it."""
    import matplotlib.pyplot as plt
    import numpy as np
    import tensorflow as tf

    from labs import data
    from labs.exercises.augmentation import cutout, flip_horizontal, mixup
    from labs.plot import style

    birds = data.stamps().of("bird")
    photos = dict(zip(birds.names, birds.on(BACKGROUND), strict=True))
    penguin, other = photos["penguin"], photos["pink_flamingo"]
    generator = tf.keras.preprocessing.image.ImageDataGenerator()
    label = np.ones((1, 1))
    versions = [
        penguin,
        flip_horizontal(penguin[None])[0],
        generator.apply_transform(penguin.astype("float32"), {"theta": 20}),
        generator.apply_transform(penguin.astype("float32"), {"zx": 0.7, "zy": 0.7}),
        cutout(penguin, 40, 50, 40),
        mixup(penguin[None], label, other[None], label, 0.6)[0][0],
    ]
    figure, axes = plt.subplots(1, 6, figsize=(9, 1.6), layout="constrained")
    for axis, version in zip(axes, versions, strict=True):
        axis.imshow(np.clip(version, 0, 255).astype("uint8"))
        axis.set(xticks=[], yticks=[])
        axis.spines[:].set_visible(True)
    axes[0].spines[:].set(color=style.ORANGE, linewidth=4)
    plt.close(figure)
    return figure
