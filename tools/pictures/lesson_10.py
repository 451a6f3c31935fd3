"""Lesson 10: emoji redrawn in the style of another vendor, and clothes that mix two styles."""

SHOWN = (1, 2, 15, 16, 17, 18, 98, 120)  # of the test emoji
COLORS = 96


def draw():
    """Twitter's emoji, below them what the stored network makes of them; then two rows of clothes in eight shades."""
    import matplotlib.pyplot as plt
    import numpy as np

    from labs import data, styles, translation
    from labs.exercises.image_translation import (
        adain,
        build_mapping_network,
        cycle_loss,
        lsgan_loss,
        mix_styles,
    )

    train, (_google, twitter) = data.emoji()
    twitter = twitter[list(SHOWN)] / np.float32(255)
    gan = translation.CycleGan(cycle_loss, lsgan_loss, *map(translation.scaled, train))
    translation.load(gan)
    redrawn = translation.translated(gan.to_google, 2 * twitter - 1)
    generator = styles.StyleGenerator(build_mapping_network(), adain)
    styles.load(generator)
    parents = generator.styles(np.random.default_rng(10).normal(size=(16, 64)))
    parents = np.repeat(parents[:, None], styles.LAYERS, axis=1)
    mixed = [mix_styles(row, column, 4) for row in parents[:2] for column in parents[8:]]
    clothes = generator.images(np.stack(mixed), seed=2)

    figure, (above, below) = plt.subplots(2, 1, figsize=(10, 5), layout="constrained")
    above.imshow(_joined(np.concatenate([twitter, redrawn]), len(SHOWN)))
    below.imshow(_joined(clothes, len(SHOWN)), cmap="gray", vmin=0, vmax=1)
    for axis in (above, below):
        axis.axis("off")
    return figure


def _joined(images, columns):
    """Images (N, H, W, ...) as one image, row by row."""
    import numpy as np

    rows = [
        np.concatenate(list(images[start : start + columns]), axis=1)
        for start in range(0, len(images), columns)
    ]
    return np.concatenate(rows)
