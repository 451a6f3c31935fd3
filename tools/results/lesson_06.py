"""Lesson 06: unseen scenes with the pre-trained encoder and from scratch, nuclei, and the challenge."""

import keras
import numpy as np

from labs import data, models, segmentation
from results.challenge import challenge

SEEDS = range(3)


def measure():
    """For each seed: the IoU of all things together, with the pre-trained encoder also the mean over the classes; for nuclei their IoU."""
    results = {
        "pretrained_things": [],
        "pretrained_mean": [],
        "scratch_things": [],
        "scratch_things_without_skips": [],
        "nuclei": [],
    }
    train, test = data.scenes(500, size=192), data.scenes(200, size=192, split="test")
    encoder = segmentation.encoder(models.efficientnet_lite0_backbone(None))
    maps, test_maps = (segmentation.encode(encoder, scenes.images) for scenes in (train, test))
    small = data.scenes(400, size=48), data.scenes(200, size=48, split="test")
    for seed in SEEDS:
        keras.utils.set_random_seed(seed)
        decoder = segmentation.decoder([one.shape[1:] for one in maps])
        segmentation.train_segmenter(decoder, maps, train.masks[:, 1::3, 1::3])
        predicted = segmentation.predict_masks(decoder, test_maps)
        truths = test.masks[:, 1::3, 1::3]
        results["pretrained_things"].append(_things(truths, predicted))
        mean = np.nanmean(segmentation.class_ious(truths, predicted, 5))
        results["pretrained_mean"].append(round(float(mean), 3))
        results["scratch_things"].append(_scratch(*small, seed, skips=True))
        results["scratch_things_without_skips"].append(_scratch(*small, seed, skips=False))
        results["nuclei"].append(_nuclei(seed))
    return results | challenge("build_segmenter")


def _things(truths, predicted):
    """IoU of all things together."""
    return round(float(segmentation.class_ious(truths > 0, predicted > 0, 2)[1]), 3)


def _scratch(train, test, seed, skips):
    """IoU of all things together, of a U-Net from scratch that tells things from background."""
    keras.utils.set_random_seed(seed)
    unet = segmentation.unet(size=48, classes=2, base=8, skips=skips)
    images = train.images / np.float32(255)
    segmentation.train_segmenter(unet, images, train.masks > 0, epochs=3, batch_size=16, rate=3e-3)
    return _things(test.masks, segmentation.predict_masks(unet, test.images / np.float32(255)))


def _nuclei(seed):
    """IoU on the right half of a U-Net that learned from the left half."""
    (image, cells), (test_image, test_cells) = data.nuclei()
    patches, masks = segmentation.random_patches(image, cells > 0, count=300, size=64, seed=seed)
    keras.utils.set_random_seed(seed)
    unet = segmentation.unet(size=None, channels=1, classes=2, base=8, depth=2)
    segmentation.train_segmenter(unet, patches / np.float32(255), masks, epochs=3, rate=4e-3)
    found = segmentation.predict_masks(unet, test_image[None, :, :, None] / np.float32(255))[0]
    return _things(test_cells, found)
