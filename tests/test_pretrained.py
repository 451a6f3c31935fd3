"""The pretrained networks: what they compute, against code that shares nothing with theirs."""

from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from labs import data, models

REFERENCE = Path(__file__).parent / "reference" / "efficientnet_lite0.npz"
BLAZEFACE_REFERENCE = Path(__file__).parent / "reference" / "blazeface.npz"


@pytest.fixture(scope="module")
def reference():
    """An image of a cat, and the logits that PyTorch gives for it with the original float32 weights."""
    with np.load(REFERENCE) as arrays:
        return (arrays["image"][None].astype(np.float32) - 127) / 128, arrays["logits"]


def logits_of(size):
    """EfficientNet-Lite0 up to the values before softmax."""
    model = models.efficientnet_lite0(size)
    return keras.Model(model.input, model.get_layer("logits").output)


def plain_logits(image):
    """EfficientNet-Lite0 written out in plain operations and 64 bits, from the stored arrays alone."""
    arrays = {name: array.astype(np.float64) for name, array in data.efficientnet_lite0().items()}

    def norm(x, name):
        gamma, beta, mean, variance = (
            arrays[f"{name}_bn/{part}"] for part in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        return (x - mean) / np.sqrt(variance + 1e-3) * gamma + beta

    def same(x, kernel, stride):
        pads = [(0, 0)]
        for side in x.shape[1:3]:
            total = max((-(-side // stride) - 1) * stride + kernel - side, 0)
            pads.append((total // 2, total - total // 2))
        return np.pad(x, [*pads, (0, 0)])

    def dense_convolution(x, name, stride=1):
        kernel = arrays[f"{name}_conv/kernel"]
        padded = same(x, len(kernel), stride)
        return norm(tf.nn.conv2d(padded, kernel, stride, "VALID").numpy(), name)

    def depthwise(x, name, stride):
        kernel = arrays[f"{name}_conv/kernel"]
        padded = same(x, len(kernel), stride)
        out = tf.nn.depthwise_conv2d(padded, kernel, (1, stride, stride, 1), "VALID")
        return norm(out.numpy(), name)

    def relu6(x):
        return np.clip(x, 0, 6)

    x = relu6(dense_convolution(image.astype(np.float64), "stem", 2))
    strides = {"2a": 2, "3a": 2, "4a": 2, "6a": 2}
    for block in [
        "1a",
        "2a",
        "2b",
        "3a",
        "3b",
        "4a",
        "4b",
        "4c",
        "5a",
        "5b",
        "5c",
        "6a",
        "6b",
        "6c",
        "6d",
        "7a",
    ]:
        before = x
        if f"block{block}_expand_conv/kernel" in arrays:
            x = relu6(dense_convolution(x, f"block{block}_expand"))
        x = relu6(depthwise(x, f"block{block}_depthwise", strides.get(block, 1)))
        x = dense_convolution(x, f"block{block}_project")
        if block[1] != "a":
            x = x + before
    x = relu6(dense_convolution(x, "top")).mean(axis=(1, 2))
    return x @ arrays["logits/kernel"] + arrays["logits/bias"]


@pytest.mark.parametrize("size", [96, 129, 224])
def test_efficientnet_equals_plain_operations(reference, size):
    image = reference[0][:, :size, :size]
    found = logits_of(size)(image, training=False).numpy()
    assert np.abs(found - plain_logits(image)).max() < 1e-4


def test_stored_weights_give_the_original_logits(reference):
    image, logits = reference
    found = logits_of(224)(image, training=False).numpy()[0]
    assert np.abs(found - logits).max() < 1e-4
    assert found.argsort()[::-1][:5].tolist() == logits.argsort()[::-1][:5].tolist()


def test_efficientnet_names_the_cat(reference):
    probabilities = models.efficientnet_lite0()(reference[0], training=False).numpy()[0]
    assert probabilities.sum() == pytest.approx(1, abs=1e-5)
    names = data.imagenet_classes()
    assert "cat" in names[probabilities.argmax()]


def test_efficientnet_counts():
    model = models.efficientnet_lite0(96)
    assert model.count_params() == 4_694_024
    backbone = models.efficientnet_lite0_backbone(96)
    assert backbone.output_shape == (None, 3, 3, 1280)
    assert backbone.count_params() == 4_694_024 - 1_281_000
    assert all(layer.trainable for layer in backbone.layers)


def test_backbone_and_classifier_compute_the_same_features(reference):
    image = reference[0][:, :96, :96]
    backbone = models.efficientnet_lite0_backbone(96)
    pooled = backbone(image, training=False).numpy().mean(axis=(1, 2))
    classifier = models.efficientnet_lite0(96)
    cut = keras.Model(classifier.input, classifier.get_layer("average_pool").output)
    assert np.allclose(pooled, cut(image, training=False), atol=1e-5)


def test_weights_are_fresh_in_every_model():
    first, second = models.efficientnet_lite0_backbone(96), models.efficientnet_lite0_backbone(96)
    first.get_layer("stem_conv").set_weights([np.zeros((3, 3, 3, 32))])
    assert np.any(second.get_layer("stem_conv").get_weights()[0])


# BlazeFace.


def blazeface_input(name):
    """A bundled photo at half its size, in the middle of a square of 128 gray pixels, in [-1, 1]."""
    photo = data.photos()[name].astype(np.float32)
    rows, columns = photo.shape[0] // 2, photo.shape[1] // 2
    small = photo.reshape(rows, 2, columns, 2, 3).mean(axis=(1, 3)) / 127.5 - 1
    above = (128 - rows) // 2
    return np.pad(small, ((above, 128 - rows - above), (0, 0), (0, 0)))[None]


@pytest.mark.parametrize("photo", ["astronaut", "chelsea"])
def test_blazeface_gives_the_original_outputs(photo):
    """The reference is what TensorFlow Lite gives for the original file and the same input."""
    offsets, logits = models.blazeface()(blazeface_input(photo), training=False)
    with np.load(BLAZEFACE_REFERENCE) as arrays:
        assert np.abs(offsets[0] - arrays[f"{photo}_offsets"]).max() < 1e-3
        assert np.abs(logits[0] - arrays[f"{photo}_logits"]).max() < 1e-3


@pytest.mark.parametrize("compiled", ["graph", "XLA"])
def test_blazeface_runs_compiled(compiled):
    """TensorFlow's fused operations once crashed here, which `model.predict` would have shown."""
    model = models.blazeface()
    image = blazeface_input("astronaut")
    model.compile(jit_compile=compiled == "XLA")
    for found, expected in zip(model.predict(image, verbose=0), model(image, training=False), strict=True):
        assert np.abs(found - expected).max() < 1e-3


def test_blazeface_counts():
    model = models.blazeface()
    assert model.count_params() == 101_390
    assert model.input_shape == (None, 128, 128, 3)
    assert model.output_shape == [(None, 896, 16), (None, 896, 1)]
    assert {array.dtype for array in data.blazeface().values()} == {np.dtype(np.float32)}


def test_blazeface_anchors():
    anchors = models.blazeface_anchors()
    assert anchors.shape == (896, 2) and anchors.dtype == np.float32
    assert anchors[[0, 1, 2, 32]].tolist() == [
        [1 / 32, 1 / 32],
        [1 / 32, 1 / 32],
        [3 / 32, 1 / 32],
        [1 / 32, 3 / 32],
    ]
    assert anchors[[512, 517, 518, 895]].tolist() == [
        [1 / 16, 1 / 16],
        [1 / 16, 1 / 16],
        [3 / 16, 1 / 16],
        [15 / 16, 15 / 16],
    ]


def best_face(name):
    """The score of the likeliest face of a photo, its box as x, y, width, height, and its six landmarks."""
    offsets, logits = models.blazeface()(blazeface_input(name), training=False)
    best = int(np.argmax(logits))
    center = models.blazeface_anchors()[best]
    values = np.asarray(offsets)[0, best] / 128
    score = 1 / (1 + np.exp(-float(logits[0, best, 0])))
    return score, np.concatenate([values[:2] + center, values[2:4]]), values[4:].reshape(6, 2) + center


def test_blazeface_finds_the_astronaut():
    score, box, landmarks = best_face("astronaut")
    assert score == pytest.approx(0.92, abs=0.01)
    assert np.allclose(box, [0.44, 0.25, 0.185, 0.185], atol=0.01)
    right_eye, left_eye, nose, mouth, right_ear, left_ear = landmarks
    # The right ear of a person who looks at us is on the left.
    assert right_ear[0] < right_eye[0] < nose[0] < left_eye[0] < left_ear[0]
    assert max(right_eye[1], left_eye[1]) < nose[1] < mouth[1]


def test_blazeface_takes_a_cat_for_a_face():
    score, box, _landmarks = best_face("chelsea")
    assert score == pytest.approx(0.58, abs=0.02)
    assert np.allclose(box, [0.32, 0.50, 0.595, 0.595], atol=0.02)


def tflite_model(tensors):
    """The bytes of a TensorFlow Lite model that holds nothing but tensors: name → array, None for no values."""
    import flatbuffers

    builder = flatbuffers.Builder()

    def table(**fields):
        """A table; a field's name gives its kind and its number."""
        builder.StartObject(5)
        for name, value in fields.items():
            kind, slot = name.split("_")
            if kind == "offset":
                builder.PrependUOffsetTRelativeSlot(int(slot), value, 0)
            elif kind == "byte":
                builder.PrependInt8Slot(int(slot), value, 0)
            else:
                builder.PrependUint32Slot(int(slot), value, 0)
        return builder.EndObject()

    def tables(places):
        builder.StartVector(4, len(places), 4)
        for place in reversed(places):
            builder.PrependUOffsetTRelative(place)
        return builder.EndVector()

    buffers, described = [table()], []
    for name, array in tensors.items():
        number = 0
        if array is not None:
            number = len(buffers)
            buffers.append(table(offset_0=builder.CreateByteVector(array.tobytes())))
        shape = builder.CreateNumpyVector(np.array([] if array is None else array.shape, np.int32))
        kind = 0 if array is None else {"float32": 0, "float16": 1, "int32": 2}[array.dtype.name]
        written = builder.CreateString(name)
        described.append(table(offset_0=shape, byte_1=kind, number_2=number, offset_3=written))
    subgraph = table(offset_0=tables(described))
    builder.Finish(table(number_0=3, offset_2=tables([subgraph]), offset_4=tables(buffers)), b"TFL3")
    return bytes(builder.Output())


def test_tflite_reader():
    import tflite_weights

    given = {
        "kernel": np.arange(24, dtype=np.float16).reshape(2, 3, 4),
        "image": None,
        "bias": np.array([0.5, -1.5], np.float32),
        "paddings": np.array([[0, 1]], np.int32),
    }
    found = tflite_weights.weights(tflite_model(given))
    assert list(found) == ["kernel", "bias", "paddings"]
    for name, array in found.items():
        assert array.dtype == given[name].dtype and np.array_equal(array, given[name])


def test_tflite_reader_refuses_another_file():
    import tflite_weights

    with pytest.raises(ValueError, match="not a TensorFlow Lite model"):
        tflite_weights.weights(b"PK\x03\x04 an archive")


def test_checkpoint_reader_refuses_code(monkeypatch):
    import pickle

    monkeypatch.syspath_prepend(str(Path(__file__).parents[1] / "tools"))
    import torch_checkpoint

    class Harmful:
        def __reduce__(self):
            return (print, ("run",))

    magic = pickle.dumps(torch_checkpoint.MAGIC, protocol=2)
    with pytest.raises(ValueError, match=r"names __builtin__\.print"):
        torch_checkpoint.tensors(magic + pickle.dumps(Harmful(), protocol=2))
    with pytest.raises(ValueError, match="not a PyTorch checkpoint"):
        torch_checkpoint.tensors(pickle.dumps([1, 2]))
