"""Lesson 10: emoji redrawn in the style of another vendor, and clothes that mix two styles."""

SHOWN = (1, 5, 15, 17, 19, 98, 120, 188)  # of the test emoji


def draw():
    """Above Google's emoji, below what the stored network makes of them; to the right mixed clothes."""
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

    _train, (google, _twitter) = data.emoji()
    google = google[list(SHOWN)] / np.float32(255)
    gan = translation.CycleGan(cycle_loss, lsgan_loss)
    translation.load(gan)
    redrawn = translation.translated(gan.to_twitter, 2 * google - 1)
    generator = styles.StyleGenerator(build_mapping_network(), adain)
    styles.load(generator)
    parents = generator.styles(np.random.default_rng(10).normal(size=(16, 64)))
    parents = np.repeat(parents[:, None], styles.LAYERS, axis=1)
    mixed = [mix_styles(row, column, 4) for row in parents[:4] for column in parents[8:12]]
    clothes = generator.images(np.stack(mixed), seed=2)

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3), width_ratios=[2, 1], layout="constrained")
    half = len(SHOWN) // 2
    rows = [images[part] for part in (slice(half), slice(half, None)) for images in (google, redrawn)]
    left.imshow(_joined(np.concatenate(rows), half))
    right.imshow(_joined(clothes, 4), cmap="gray", vmin=0, vmax=1)
    for axis in (left, right):
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
