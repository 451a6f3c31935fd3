"""Lesson 07: the detector over three seeds, and the challenge."""

import statistics
import time

import keras
import numpy as np

from labs import data, detection, models
from labs.exercises.object_detection import (
    decode_yolo,
    mean_average_precision,
    non_max_suppression,
    xywh_to_xyxy,
)
from results.challenge import challenge

SEEDS = range(3)
SIZE, TRAIN, TEST = 224, 400, 160
CUTS = ("block6d_add", "top_relu6")
EPOCHS, BATCH = 9, 32


def measure():
    """mAP at 0.50 on unseen things and training seconds for each seed, trained as in the lesson, and the challenge's."""
    train, test, train_maps, test_maps = scene_maps()
    truths = list(zip(test.boxes, test.labels, strict=True))
    values, seconds = [], []
    for seed in SEEDS:
        begin = time.perf_counter()
        detector = train_detector(train, train_maps, seed)
        seconds.append(time.perf_counter() - begin)
        found = [found_in(one, len(test.classes)) for one in detector.predict(test_maps, verbose=0)]
        values.append(round(mean_average_precision(truths, found), 4))
    own = {"detector_maps": values, "detector_seconds": round(statistics.median(seconds), 1)}
    return own | challenge("build_localizer")


def scene_maps():
    """Training and test scenes, and the frozen backbone's maps of each."""
    parts = [data.scenes(count, SIZE, split=name) for count, name in ((TRAIN, "train"), (TEST, "test"))]
    whole = models.efficientnet_lite0_backbone(SIZE)
    encoder = keras.Model(whole.input, [whole.get_layer(name).output for name in CUTS])
    return (*parts, *(detection.feature_maps(encoder, part.images) for part in parts))


def train_detector(train, maps, seed):
    """The neck and the head of the lesson, trained on the training scenes."""
    keras.utils.set_random_seed(seed)
    inputs = [keras.Input(one.shape[1:]) for one in maps]
    outputs = detection.head(detection.neck(inputs), inputs[-1], len(train.classes))
    detector = keras.Model(inputs, outputs)
    steps = EPOCHS * TRAIN // BATCH
    rate = keras.optimizers.schedules.CosineDecay(
        2e-4, int(0.8 * steps), warmup_target=2e-3, warmup_steps=int(0.2 * steps)
    )
    detector.compile(
        keras.optimizers.AdamW(rate, weight_decay=0.02), loss=detection.detection_loss, steps_per_execution=8
    )
    targets = detection.targets(train, maps[0].shape[1])
    detector.fit(maps, targets, batch_size=BATCH, epochs=EPOCHS, verbose=0)
    return detector


def found_in(prediction, classes, threshold=0.05):
    """Boxes in pixels, scores and labels of one prediction, suppressed within each class."""
    centers, scores, labels = decode_yolo(prediction, classes, threshold)
    boxes = np.clip(xywh_to_xyxy(centers) * SIZE, 0, SIZE)
    kept = []
    for label in range(classes):
        places = np.flatnonzero(labels == label)
        kept.extend(places[non_max_suppression(boxes[places], scores[places])])
    return boxes[kept], scores[kept], labels[kept]
