"""Scenes: their truth is exact, they repeat, and nothing of the test scenes was in the training scenes."""

import numpy as np
import pytest

from labs import data
from labs.errors import CourseError
from labs.scenes import parts


@pytest.fixture(scope="module")
def scenes():
    return data.scenes(200, seed=3)


def test_shapes_and_types(scenes):
    assert scenes.images.shape == (200, 64, 64, 3) and scenes.images.dtype == np.uint8
    assert scenes.masks.shape == scenes.instances.shape == (200, 64, 64)
    assert scenes.masks.dtype == scenes.instances.dtype == np.uint8
    assert len(scenes) == len(scenes.boxes) == len(scenes.labels) == 200
    assert scenes.classes == ("bird", "flower", "mammal", "vehicle")


def test_boxes_and_masks_belong_to_the_instances(scenes):
    for number in range(len(scenes)):
        instances = scenes.instances[number]
        labels, boxes = scenes.labels[number], scenes.boxes[number]
        assert boxes.shape == (len(labels), 4) and 1 <= len(labels) <= 3
        assert set(np.unique(instances)) - {0} == set(range(1, len(labels) + 1))
        for place, (label, (left, top, right, bottom)) in enumerate(zip(labels, boxes, strict=True), 1):
            inside = instances == place
            assert np.all(scenes.masks[number][inside] == label + 1)
            assert inside[top:bottom, left:right].sum() == inside.sum()
            assert inside[top].any() and inside[bottom - 1].any()
            assert inside[:, left].any() and inside[:, right - 1].any()
    assert np.array_equal(scenes.masks == 0, scenes.instances == 0)


def test_every_class_appears(scenes):
    counts = np.bincount(np.concatenate(scenes.labels), minlength=4)
    assert np.all(counts > 60)


def test_the_same_arguments_give_the_same_scenes(scenes):
    data._scenes.cache_clear()
    again = data.scenes(200, seed=3)
    assert np.array_equal(again.images, scenes.images) and np.array_equal(again.masks, scenes.masks)
    assert np.array_equal(data.scenes(20, seed=3).images, scenes.images[:20])
    assert not np.array_equal(data.scenes(20, seed=4).images, scenes.images[:20])
    assert not np.array_equal(data.scenes(20, seed=3, split="test").images, scenes.images[:20])


def test_they_come_from_memory_and_cannot_be_changed(scenes):
    assert data.scenes(20) is data.scenes(20)
    with pytest.raises(ValueError, match="read-only"):
        data.scenes(20).images[0] = 0


def test_no_object_and_no_background_is_in_both_splits():
    stamps, backgrounds = data.stamps().of("bird", "flower", "mammal", "vehicle"), data.backgrounds()
    (train, places), (test, others) = (parts(stamps, backgrounds, split) for split in ("train", "test"))
    assert not set(train.objects) & set(test.objects)
    assert set(train.labels) == set(test.labels) == {0, 1, 2, 3}
    assert len(train) + len(test) == len(stamps)
    assert len(places) + len(others) == len(backgrounds) and len(others) == 7
    assert not {place.tobytes() for place in places} & {place.tobytes() for place in others}


@pytest.mark.parametrize("size", [16, 64, 130])
def test_sizes_and_numbers_of_objects(size):
    scenes = data.scenes(12, size=size, objects=(0, 5), seed=1)
    assert scenes.images.shape == (12, size, size, 3)
    assert {len(labels) for labels in scenes.labels} <= set(range(6))
    empty = data.scenes(3, size=size, objects=(0, 0))
    assert not empty.masks.any() and all(boxes.shape == (0, 4) for boxes in empty.boxes)


def test_one_class_and_other_classes():
    scenes = data.scenes(10, classes=["food"], objects=(1, 1))
    assert scenes.classes == ("food",) and set(np.unique(scenes.masks)) == {0, 1}
    assert all(list(labels) == [0] for labels in scenes.labels)


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (dict(classes=["dragon"]), "'dragon'"),
        (dict(count=0), "count of scenes is 0"),
        (dict(size=8), "size of the scenes is 8"),
        (dict(objects=(3, 1)), r"\(3, 1\)"),
        (dict(scale=(0.5, 1.5)), r"\(0.5, 1.5\)"),
        (dict(split="validation"), "'validation'"),
    ],
)
def test_arguments_that_cannot_be(arguments, named):
    with pytest.raises(CourseError, match=named):
        data.scenes(**{"count": 2, **arguments})


def test_objects_too_thin_to_be_seen_are_left_out():
    tiny = data.scenes(60, size=16, scale=(0.05, 0.1))
    for instances, boxes, labels in zip(tiny.instances, tiny.boxes, tiny.labels, strict=True):
        assert len(boxes) == len(labels) == instances.max()
        assert np.all(boxes[:, 2:] > boxes[:, :2])
