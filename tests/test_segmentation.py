"""The networks of lesson 06, and how their masks are measured."""

import keras
import numpy as np
import pytest

from labs import segmentation


@pytest.mark.parametrize("skips", [True, False])
def test_unet_keeps_the_size_and_gives_probabilities(skips):
    model = segmentation.unet(size=None, channels=1, classes=3, base=2, depth=2, skips=skips)
    output = np.asarray(model(np.zeros((1, 16, 24, 1), np.float32)))
    assert output.shape == (1, 16, 24, 3) and np.allclose(output.sum(axis=-1), 1, atol=1e-5)
    joined = [layer for layer in model.layers if isinstance(layer, keras.layers.Concatenate)]
    assert len(joined) == (2 if skips else 0)


def test_decoder_goes_from_the_coarsest_maps_to_the_masks():
    model = segmentation.decoder([(8, 8, 3), (4, 4, 5), (2, 2, 7)], size=16, classes=4, width=6)
    maps = [np.zeros((2, side, side, channels), np.float32) for side, channels in ((8, 3), (4, 5), (2, 7))]
    output = np.asarray(model(maps))
    assert output.shape == (2, 16, 16, 4) and np.allclose(output.sum(axis=-1), 1, atol=1e-5)


def test_training_lowers_the_loss():
    keras.utils.set_random_seed(0)
    random = np.random.default_rng(0)
    masks = np.zeros((32, 16, 16), np.uint8)
    masks[:, 4:12, 4:12] = 1
    images = (masks[..., None] + random.normal(scale=0.2, size=(32, 16, 16, 1))).astype(np.float32)
    model = segmentation.unet(16, channels=1, classes=2, base=2, depth=1)
    losses = segmentation.train_segmenter(model, images, masks, epochs=4, batch_size=8, rate=0.02)
    assert len(losses) == 4 and losses[-1] < 0.5 * losses[0]


def test_class_ious():
    truth = np.array([[0, 0, 1, 1], [2, 2, 2, 2]])
    guess = np.array([[0, 1, 1, 1], [2, 2, 0, 0]])
    ious = segmentation.class_ious(truth, guess, 4)
    assert np.allclose(ious[:3], [1 / 4, 2 / 3, 2 / 4]) and np.isnan(ious[3])
    assert np.array_equal(segmentation.class_ious(truth > 5, guess > 5, 2)[:1], [1.0])


def test_random_patches_belong_together():
    image = np.arange(40 * 30, dtype=np.uint16).reshape(40, 30)
    mask = image % 7 == 0
    patches, masks = segmentation.random_patches(image, mask, count=20, size=8, seed=1)
    assert patches.shape == (20, 8, 8, 1) and patches.dtype == np.uint16
    assert np.array_equal(masks, patches[..., 0] % 7 == 0)
    again, _masks = segmentation.random_patches(image, mask, count=20, size=8, seed=1)
    assert np.array_equal(again, patches)
    # Neighbors of the image stay neighbors, and some patches are turned or mirrored.
    steps = patches[:, 0, 1, 0].astype(int) - patches[:, 0, 0, 0]
    assert set(np.abs(steps)) <= {1, 30} and len(set(steps)) > 2


def test_encode_in_parts_equals_the_model():
    image = keras.Input((4, 4, 3))
    model = keras.Model(image, [2 * image, keras.layers.GlobalAveragePooling2D(keepdims=True)(image)])
    images = np.random.default_rng(0).integers(0, 256, (7, 4, 4, 3)).astype(np.uint8)
    first, second = segmentation.encode(model, images, batch_size=3)
    preprocessed = (images.astype(np.float32) - 127) / 128
    assert first.dtype == second.dtype == np.float16
    assert np.allclose(first, 2 * preprocessed, atol=2e-3)
    assert np.allclose(second, preprocessed.mean(axis=(1, 2), keepdims=True), atol=2e-3)


def test_borders_lie_on_both_sides():
    mask = np.zeros((1, 9, 9), bool)
    mask[0, 3:6, 3:6] = True
    border = segmentation.borders(mask, width=1)
    assert border.sum() == 25 - 1 and not border[0, 4, 4] and border[0, 2, 2] and not border[0, 1, 1]
    assert segmentation.borders(mask, width=2).sum() == 49
    assert not segmentation.borders(np.ones((2, 5, 5), bool)).any()
