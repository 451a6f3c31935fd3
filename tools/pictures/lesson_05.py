"""Lesson 05: three cut-out photos, and all 188 as points in the plane of their features."""

SHOWN = ("crow", "mug", "bison")


def draw():
    """Three photos, and the two directions in which the features of all photos differ most."""
    import matplotlib.pyplot as plt
    import numpy as np

    from labs import data, models
    from labs.exercises.transfer_learning import extract_features, preprocess
    from labs.plot import style

    stamps = data.stamps().of("bird", "flower", "food", "household", "mammal", "vehicle")
    backbone = models.efficientnet_lite0_backbone(128)
    features = extract_features(backbone, preprocess(stamps.on()))
    features = features / np.linalg.norm(features, axis=1, keepdims=True)
    centered = features - features.mean(axis=0)
    _left, _sizes, directions = np.linalg.svd(centered, full_matrices=False)
    plane = centered @ directions[:2].T
    figure = plt.figure(figsize=(10, 3.1), layout="constrained")
    photos, points = figure.subfigures(1, 2, width_ratios=[1, 6])
    for axis, name in zip(photos.subplots(3, 1).flat, SHOWN, strict=True):
        axis.imshow(stamps[stamps.names == name].on()[0])
        axis.axis("off")
    axis = points.subplots()
    colors = (style.BLUE, style.RED, style.ORANGE, style.BLACK, style.PURPLE, style.GREEN)
    for label, (color, marker) in enumerate(zip(colors, "osD^vX", strict=True)):
        mine = plane[stamps.labels == label]
        axis.scatter(mine[:, 0], mine[:, 1], color=color, marker=marker, s=26, label=stamps.classes[label])
    axis.set(xticks=[], yticks=[])
    axis.legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    plt.close(figure)
    return figure
