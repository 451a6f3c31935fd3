"""Lesson 06: four unseen scenes, and the classes that the lesson's network gives their pixels."""

SHOWN = (3, 9, 11, 17)
COLORS = 96


def draw():
    """Scenes above, and below each the mask that the trained network predicts."""
    import keras
    import numpy as np

    from labs import data, models, plot, segmentation

    train = data.scenes(500, size=192)
    test = data.scenes(30, size=192, split="test")
    encoder = segmentation.encoder(models.efficientnet_lite0_backbone(None))
    maps, test_maps = (segmentation.encode(encoder, scenes.images) for scenes in (train, test))
    keras.utils.set_random_seed(6)
    decoder = segmentation.decoder([one.shape[1:] for one in maps])
    segmentation.train_segmenter(decoder, maps, train.masks[:, 1::3, 1::3])
    masks = segmentation.predict_masks(decoder, test_maps).repeat(3, axis=1).repeat(3, axis=2)
    shown = list(SHOWN)
    nothing = np.zeros_like(masks[shown])
    return plot.masks([*test.images[shown]] * 2, [*nothing, *masks[shown]], train.classes, columns=len(shown))
