"""Lesson 12: three seeds of enlarging and coloring, one style transfer with its seconds, and the challenge."""

import time

import keras
import numpy as np

from labs import colorization, data, models, style_transfer, super_resolution
from labs.exercises.applications import gram_matrix, rgb_to_lab, style_loss
from results.challenge import challenge

SEEDS = range(3)


def measure():
    """Decibels over bicubic and color errors for each seed; the color error of gray; style loss left, seconds."""
    results = {"gained_decibels": [], "upscaler_seconds": [], "color_errors": []}
    for seed in SEEDS:
        begin = time.perf_counter()
        results["gained_decibels"].append(_enlarged(seed))
        results["upscaler_seconds"].append(round(time.perf_counter() - begin, 1))
    (train, _twitter), (test, _twitter_test) = data.emoji()
    train_pairs, test_pairs = (colorization.pairs(images, rgb_to_lab) for images in (train, test))
    gray = colorization.color_errors(np.zeros_like(test_pairs[1]), test_pairs[1]).mean()
    results["gray_color_error"] = round(float(gray), 2)
    for seed in SEEDS:
        results["color_errors"].append(_colored(train_pairs, test_pairs, seed))
    return results | _painted() | challenge("build_upscaler")


def _enlarged(seed):
    """Mean gain over bicubic interpolation on the four photos."""
    small, large = super_resolution.patches(list(data.backgrounds().values()), 3000)
    keras.utils.set_random_seed(seed)
    model = super_resolution.upscaler()
    super_resolution.train(model, small, large, steps=600, seed=seed)
    gains = []
    for photo in data.photos().values():
        image, original = super_resolution.shrink(photo)
        enlarged = (super_resolution.enlarge(model, image), super_resolution.bicubic(image[None])[0])
        network, bicubic = (super_resolution.psnr(one, original) for one in enlarged)
        gains.append(network - bicubic)
    return round(float(np.mean(gains)), 2)


def _colored(train_pairs, test_pairs, seed):
    keras.utils.set_random_seed(seed)
    model = colorization.colorizer()
    colorization.train(model, *train_pairs, epochs=4)
    predicted = model.predict(test_pairs[0], verbose=0)
    return round(float(colorization.color_errors(predicted, test_pairs[1]).mean()), 2)


def _painted():
    """Share of the first style loss that is left after 60 steps, and their seconds."""
    content = style_transfer.square(data.photos()["chelsea"], 160)
    style = style_transfer.square(style_transfer.painting(), 160)
    begin = time.perf_counter()
    look = style_transfer.extractor(models.efficientnet_lite0_backbone(160))
    transfer = style_transfer.StyleTransfer(look, content, style, gram_matrix, style_loss)
    _pictures, losses = transfer.run(60)
    seconds = time.perf_counter() - begin
    return {
        "style_loss_left": round(losses["style"][-1] / losses["style"][0], 3),
        "style_transfer_seconds": round(seconds, 1),
    }
