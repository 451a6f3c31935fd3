"""Lesson 06: unseen scenes with the pre-trained encoder and from scratch, nuclei, and the challenge."""

import keras
import numpy as np

from labs import data, models, segmentation
from results.challenge import challenge

SEEDS = range(3)


def measure():
    """For each seed: IoU of all things together, and mean IoU over the classes; for nuclei their IoU."""
    results = {
        "pretrained_things": [],
        "pretrained_mean": [],
        "scratch_things": [],
        "scratch_mean": [],
        "nuclei": [],
    }
    train, test = data.scenes(500, size=192), data.scenes(200, size=192, split="test")
    encoder = segmentation.encoder(models.efficientnet_lite0_backbone(None))
    maps, test_maps = (segmentation.encode(encoder, scenes.images) for scenes in (train, test))
    small_train, small_test = data.scenes(500), data.scenes(200, split="test")
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        decoder = segmentation.decoder([one.shape[1:] for one in maps])
        segmentation.train_segmenter(decoder, maps, train.masks[:, 1::3, 1::3])
        predicted = segmentation.predict_masks(decoder, test_maps)
        _append(results, "pretrained", test.masks[:, 1::3, 1::3], predicted)
        unet = segmentation.unet(base=8)
        images = small_train.images / np.float32(255)
        segmentation.train_segmenter(unet, images, small_train.masks, epochs=3)
        predicted = segmentation.predict_masks(unet, small_test.images / np.float32(255))
        _append(results, "scratch", small_test.masks, predicted)
        results["nuclei"].append(_nuclei(seed))
    return results | challenge("build_segmenter")


def _append(results, name, truths, predicted):
    things = segmentation.class_ious(truths > 0, predicted > 0, 2)[1]
    mean = np.nanmean(segmentation.class_ious(truths, predicted, 5))
    results[f"{name}_things"].append(round(float(things), 3))
    results[f"{name}_mean"].append(round(float(mean), 3))


def _nuclei(seed):
    """IoU on the right half of a U-Net that learned from the left half."""
    (image, cells), (test_image, test_cells) = data.nuclei()
    patches, masks = segmentation.random_patches(image, cells > 0, count=400, size=64, seed=seed)
    unet = segmentation.unet(size=None, channels=1, classes=2, base=8, depth=2)
    segmentation.train_segmenter(unet, patches / np.float32(255), masks, epochs=3)
    found = segmentation.predict_masks(unet, test_image[None, :, :, None] / np.float32(255))[0]
    return round(float(segmentation.class_ious(test_cells > 0, found, 2)[1]), 3)
