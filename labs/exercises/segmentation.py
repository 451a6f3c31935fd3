"""Lesson 06 · Every pixel a label."""

import keras
import numpy as np
from keras import layers

from labs import data
from labs.check import challenge, exercise, quiz
from labs.checking.models import block_model, joined_either_way
from labs.checking.segmenter import SegmenterChallenge
from labs.checking.training import model_mistakes

MODEL_SECONDS = 30.0  # for a network on all cases: a loaded machine takes its time to build models


# --------------------------------------------------------------------------------------- double_conv


@exercise(
    cases=lambda: [
        dict(x=keras.Input((6, 6, 3)), filters=4),
        dict(x=keras.Input((8, 5, 2)), filters=3),
        dict(x=keras.Input((7, 7, 4)), filters=4),
        dict(x=keras.Input((4, 6, 5)), filters=1),
    ],
    observe=block_model,
    seconds=MODEL_SECONDS,
    hints=[
        "Two convolutions, one after the other: the second reads what the first gives.",
        "Every convolution has a kernel of 3, keeps the size of its maps and ends with ReLU.",
        'layers.Conv2D(filters, 3, padding="same", activation="relu")(x), and once more.',
    ],
)
def double_conv(x, filters):
    """Two 3×3 convolutions, the part that a U-Net is built of.

    Each has `filters` filters, padding "same", a bias, and ReLU after it. No batch normalization. The paper
    does without padding, so its maps become smaller; here they keep their size.

    Args:
        x: Keras tensor (None, H, W, C), from keras.Input or a layer.
        filters: int, filters of both convolutions.

    Returns:
        Keras tensor (None, H, W, filters).

    Source: Ronneberger, Fischer, Brox, "U-Net: Convolutional networks for biomedical image
    segmentation", 2015.
    """
    # BEGIN SOLUTION
    x = layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    return layers.Conv2D(filters, 3, padding="same", activation="relu")(x)
    # END SOLUTION


def _double(x, filters, count=2, kernel=3, padding="same", bias=True, relus="both", normalize=False):
    """The block with one thing different, for the mistakes below."""
    for number in range(count):
        x = layers.Conv2D(filters, kernel, padding=padding, use_bias=bias)(x)
        x = layers.BatchNormalization()(x) if normalize else x
        if relus == "both" or (relus, number) in {("first", 0), ("second", 1)}:
            x = layers.ReLU()(x)
    return x


@double_conv.mistake(
    "Only one convolution leads to the result: the second one reads what the first one gives, not x."
)
def only_one_convolution(x, filters):
    return _double(x, filters, count=1)


@double_conv.mistake(
    "There is one layer, called twice: both convolutions then share their weights. Make two layers."
)
def one_layer_twice(x, filters):
    layer = layers.Conv2D(filters, 3, padding="same", activation="relu")
    return layer(layer(x)) if x.shape[-1] == filters else layer(x)


@double_conv.mistake('The maps become smaller: padding="same" keeps their size.')
def valid_padding(x, filters):
    return _double(x, filters, padding="valid")


@double_conv.mistake("Neither convolution has a ReLU: two of them in a row are then one linear step.")
def no_relu(x, filters):
    return _double(x, filters, relus="none")


@double_conv.mistake("The second convolution has no ReLU: each of the two has one.")
def first_relu_only(x, filters):
    return _double(x, filters, relus="first")


@double_conv.mistake("The first convolution has no ReLU: each of the two has one.")
def second_relu_only(x, filters):
    return _double(x, filters, relus="second")


@double_conv.mistake("There is batch normalization in it. This block has none.")
def with_batch_norm(x, filters):
    return _double(x, filters, normalize=True)


@double_conv.mistake("The convolutions have no bias: leave out use_bias=False.")
def without_bias(x, filters):
    return _double(x, filters, bias=False)


@double_conv.mistake("The kernels are 3×3.")
def kernels_five_by_five(x, filters):
    return _double(x, filters, kernel=5)


@double_conv.mistake("Both convolutions have `filters` filters: the second one has twice as many.")
def second_twice_as_wide(x, filters):
    return _double(_double(x, filters, count=1), 2 * filters, count=1)


# ---------------------------------------------------------------------------------------- build_unet


def _joined_model(build, **arguments):
    """The network, observed without the order in which its skips are joined: any order is right."""
    return joined_either_way(build(*arguments.values()))


@exercise(
    cases=[
        dict(size=8, classes=2, base=2, depth=1),
        dict(size=8, classes=3, base=2, depth=2),
        dict(size=16, classes=4, base=4, depth=2),
        dict(size=16, classes=2, base=2, depth=3),
        dict(size=8),
    ],
    observe=_joined_model,
    seconds=MODEL_SECONDS,
    hints=[
        "On the way down keep each level in a list before you pool it: skips.append(x). On the way up take "
        "them from its end: skips.pop().",
        "Down, for each level in range(depth): x = double_conv(x, base * 2**level), keep it, then "
        "layers.MaxPooling2D(2)(x). After the loop the middle: x = double_conv(x, base * 2**depth).",
        "Up, for each level in reversed(range(depth)): layers.Conv2DTranspose(base * 2**level, 2, "
        "strides=2), "
        "then layers.Concatenate()([x, skips.pop()]), then double_conv with as many filters.",
        'The last layer is layers.Conv2D(classes, 1, activation="softmax"): a dense layer at every pixel.',
    ],
)
def build_unet(size=64, classes=5, base=16, depth=3):
    """U-Net: down to small maps, up again to a label for every pixel, with skips from each level to its like.

    Down, `depth` times: `double_conv` with base, 2·base, 4·base, ... filters, then 2×2 max pooling.
    Middle: `double_conv` with base·2^depth filters.
    Up, `depth` times: a 2×2 transposed convolution with stride 2, a bias, no activation, and half the filters
    of its input; its result and the `double_conv` of that size from the way down are joined along the
    channels; then `double_conv` with as many filters as the transposed convolution.
    End: a 1×1 convolution with `classes` filters, a bias, and softmax over the channels.

    The upsampled maps or the skip may come first in the join: the check accepts both. Everything is padded
    with "same". There is no batch normalization and no dropout.

    Args:
        size: int, height and width of the images, a multiple of 2^depth.
        classes: int, with the background.
        base: int, filters of the first level.
        depth: int, how many times the maps are halved.

    Returns:
        keras.Model, functional, not compiled: (size, size, 3) to (size, size, classes), probabilities.

    Source: Ronneberger, Fischer, Brox, "U-Net: Convolutional networks for biomedical image
    segmentation", 2015.
    """
    # BEGIN SOLUTION
    inputs = keras.Input((size, size, 3))
    x, skips = inputs, []
    for level in range(depth):
        x = double_conv(x, base * 2**level)
        skips.append(x)
        x = layers.MaxPooling2D(2)(x)
    x = double_conv(x, base * 2**depth)
    for level in reversed(range(depth)):
        x = layers.Conv2DTranspose(base * 2**level, 2, strides=2)(x)
        x = layers.Concatenate()([x, skips.pop()])
        x = double_conv(x, base * 2**level)
    return keras.Model(inputs, layers.Conv2D(classes, 1, activation="softmax")(x))
    # END SOLUTION


def _transposed(x, filters):
    return layers.Conv2DTranspose(filters, 2, strides=2)(x)


def _concatenated(x, skip):
    return layers.Concatenate()([x, skip])


def _unet(
    size,
    classes,
    base,
    depth,
    widths=lambda base, level: base * 2**level,
    block=_double,
    pooling=layers.MaxPooling2D,
    skip_pooled=False,
    skips_from=-1,
    middle=True,
    up=_transposed,
    join=_concatenated,
    up_block=None,
    kernel=1,
    activation="softmax",
):
    """The network with one thing different, for the mistakes below."""
    inputs = keras.Input((size, size, 3))
    x, skips = inputs, []
    for level in range(depth):
        x = block(x, widths(base, level))
        pooled = pooling(2)(x)
        skips.append(pooled if skip_pooled else x)
        x = pooled
    x = block(x, widths(base, depth)) if middle else x
    for level in reversed(range(depth)):
        x = join(up(x, widths(base, level)), skips.pop(skips_from))
        x = (up_block or block)(x, widths(base, level))
    last = layers.Conv2D(classes, kernel, padding="same", activation=activation)
    return keras.Model(inputs, last(x))


@build_unet.mistake(
    "Skip and upsampled maps are added. U-Net joins them along the channels with Concatenate; FCN adds."
)
def skips_added(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, join=lambda x, skip: layers.Add()([x, skip]))


@build_unet.mistake("The skips are missing: join each level's double_conv to the upsampled maps of its size.")
def no_skips(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, join=lambda x, skip: x)


@build_unet.mistake(
    "The skip is taken after the pooling, so it is half as large as the upsampled maps. Keep it before."
)
def skip_after_pooling(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, skip_pooled=True)


@build_unet.mistake("The skips come in the order of the way down. On the way up the last one comes first.")
def skips_from_the_front(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, skips_from=0)


@build_unet.mistake(
    "UpSampling2D repeats values and learns nothing. The way up is Conv2DTranspose(filters, 2, strides=2)."
)
def upsampling_alone(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, up=lambda x, filters: layers.UpSampling2D(2)(x))


@build_unet.mistake(
    "UpSampling2D and a convolution stand where Conv2DTranspose(filters, 2, strides=2) is asked for."
)
def upsampling_and_convolution(size=64, classes=5, base=16, depth=3):
    def up(x, filters):
        return layers.Conv2D(filters, 2, padding="same")(layers.UpSampling2D(2)(x))

    return _unet(size, classes, base, depth, up=up)


@build_unet.mistake("The transposed convolution has a kernel of 3: here it is 2, and its stride divides it.")
def transposed_kernel_of_three(size=64, classes=5, base=16, depth=3):
    def up(x, filters):
        return layers.Conv2DTranspose(filters, 3, strides=2, padding="same")(x)

    return _unet(size, classes, base, depth, up=up)


@build_unet.mistake("The transposed convolution has no activation: leave out its ReLU.")
def activation_in_the_transpose(size=64, classes=5, base=16, depth=3):
    def up(x, filters):
        return layers.Conv2DTranspose(filters, 2, strides=2, activation="relu")(x)

    return _unet(size, classes, base, depth, up=up)


@build_unet.mistake("The transposed convolution keeps the number of filters: it halves them.")
def filters_not_halved(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, up=lambda x, filters: _transposed(x, x.shape[-1]))


@build_unet.mistake(
    "A pixel has one class: softmax over the classes. With sigmoid its numbers do not sum to 1."
)
def sigmoid_at_the_end(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, activation="sigmoid")


@build_unet.mistake('The last convolution gives no probabilities: activation="softmax".')
def no_softmax(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, activation=None)


@build_unet.mistake("The last convolution is 1×1: it decides at each pixel on its own.")
def last_convolution_three_by_three(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, kernel=3)


@build_unet.mistake("There is batch normalization in it. This network has none.")
def unet_with_batch_norm(size=64, classes=5, base=16, depth=3):
    def block(x, filters):
        return _double(x, filters, normalize=True)

    return _unet(size, classes, base, depth, block=block)


@build_unet.mistake("The number of filters stays the same. It doubles at each level: base * 2**level.")
def filters_not_doubled(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, widths=lambda base, level: base)


@build_unet.mistake("The filters grow by base at each level. They double: base * 2**level.")
def filters_added(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, widths=lambda base, level: base * (level + 1))


@build_unet.mistake("The first level has 2·base filters: it has base. Levels count from 0.")
def levels_from_one(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, 2 * base, depth)


@build_unet.mistake("A level is missing: the maps are halved `depth` times, and the middle comes after that.")
def one_level_too_few(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth - 1)


@build_unet.mistake("The depth is always 3: use the argument.")
def depth_always_three(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, 3)


@build_unet.mistake(
    "The middle is missing: a double_conv with base * 2**depth filters after the last pooling."
)
def middle_missing(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, middle=False)


@build_unet.mistake("On the way up each join is followed by one convolution: double_conv has two.")
def one_convolution_on_the_way_up(size=64, classes=5, base=16, depth=3):
    def up_block(x, filters):
        return _double(x, filters, count=1)

    return _unet(size, classes, base, depth, up_block=up_block)


@build_unet.mistake("The maps are halved by average pooling. Here it is max pooling.")
def average_pooling(size=64, classes=5, base=16, depth=3):
    return _unet(size, classes, base, depth, pooling=layers.AveragePooling2D)


# --------------------------------------------------------------------------------------------- quiz

semantic_or_classification = quiz(
    "Is semantic segmentation the same task as classification?",
    options={
        "a": (
            "Yes: both give one class for an image.",
            "Classification does. Segmentation of a 64×64 image gives 4,096 classes, one for each pixel.",
        ),
        "b": (
            "No: it gives every pixel a class.",
            "Each pixel is classified, and the answer has the height and width of the image.",
        ),
        "c": (
            "No: it gives a box around each object.",
            "That is object detection. A box also holds pixels that do not belong to the object.",
        ),
    },
    right="b",
)

transposed_inverse = quiz(
    "A convolution makes 4×4 maps of 8×8 maps. Does a transposed convolution with the same kernel bring the "
    "8×8 values back?",
    options={
        "a": (
            "Yes: it is the inverse of the convolution.",
            "16 values cannot tell what all 64 were. The matrix is transposed, not inverted.",
        ),
        "b": (
            "No: it brings back the shape, not the values.",
            "It spreads each value over the places that the convolution read it from.",
        ),
        "c": (
            "No: it cannot even bring the shape back.",
            "With fitting padding and stride it gives 8×8 maps. The values in them are other ones.",
        ),
    },
    right="b",
)

skip_join = quiz(
    "How do FCN and U-Net join a skip with the upsampled maps?",
    options={
        "a": (
            "FCN adds them, U-Net concatenates them.",
            "FCN adds scores of classes, so the channels are equal. U-Net keeps both and lets the next "
            "convolution weigh them.",
        ),
        "b": ("FCN concatenates them, U-Net adds them.", "It is the other way around."),
        "c": (
            "Both add them.",
            "FCN does. In a U-Net the join has the channels of both.",
        ),
        "d": (
            "Both concatenate them.",
            "U-Net does. FCN adds the scores of its levels.",
        ),
    },
    right="a",
)

misleading_accuracy = quiz(
    "95 % of all pixels are background. A network calls every pixel background. What do its pixel "
    "accuracy and "
    "its mean IoU over background and object tell?",
    options={
        "a": (
            "Accuracy 0.95, mean IoU 0.95.",
            "The object has IoU 0, because none of its pixels is found. That halves the mean.",
        ),
        "b": (
            "Accuracy 0.95, mean IoU 0.475.",
            "IoU is 0.95 for the background and 0 for the object. Each class counts equally, however few its "
            "pixels are.",
        ),
        "c": (
            "Accuracy 0.05, mean IoU 0.",
            "The background is right: 95 % of the pixels, with an IoU of 0.95.",
        ),
    },
    right="b",
)

crop_or_pad = quiz(
    'The U-Net paper convolves without padding and crops its skips. We pad with "same". What changes?',
    options={
        "a": (
            "Our output is as large as the input, but near the border the network sees zeros.",
            "In the paper each output sees real pixels only, so the output is smaller than the input: "
            "388×388 "
            "of 572×572.",
        ),
        "b": (
            "Our network has more weights.",
            "Padding has no weights: the kernels are equally large.",
        ),
        "c": (
            "Our network needs no skips.",
            "The skips are still needed. They need no cropping, because the sizes are equal.",
        ),
    },
    right="a",
)

semantic_or_instance = quiz(
    "Two birds overlap in a picture. What do semantic and instance segmentation say?",
    options={
        "a": (
            "Semantic: one region of bird pixels. Instance: two masks, one for each bird.",
            "Semantic segmentation knows the class of a pixel, not which of the birds it belongs to.",
        ),
        "b": (
            "Semantic: two masks. Instance: one region.",
            "It is the other way around: an instance is a single object.",
        ),
        "c": (
            "Both: two masks, because there are two birds.",
            "Semantic segmentation gives both birds the same label, and where they touch no border is left.",
        ),
    },
    right="a",
)

skip_brings = quiz(
    "What does a U-Net's skip bring to the way up?",
    options={
        "a": (
            "The class of the object.",
            "The deep maps know that best: they see more of the image.",
        ),
        "b": (
            "The places of edges and details, which pooling lost.",
            "The maps from the way down have the full resolution of their level. The deep maps add what "
            "is there.",
        ),
        "c": (
            "The labels of the training images.",
            "Labels enter through the loss alone.",
        ),
        "d": (
            "Fewer parameters.",
            "It brings more: the convolution after the join reads twice as many channels.",
        ),
    },
    right="b",
)

checkerboard_cause = quiz(
    "A transposed convolution has a 3×3 kernel and stride 2. Why can its output show a checkerboard?",
    options={
        "a": (
            "Its weights are random.",
            "A kernel of equal weights shows the pattern, too.",
        ),
        "b": (
            "The stride does not divide the kernel size, so output pixels get different numbers of terms.",
            "Along one axis 3 / 2 does not come out even: the pixels get one and two terms in turn. With a "
            "kernel of 2 or 4 all get equally many, but for the border.",
        ),
        "c": (
            "Every second input pixel is skipped.",
            "Each input pixel is spread over 3×3 output pixels. None is skipped.",
        ),
    },
    right="b",
)


# ---------------------------------------------------------------------------------------- challenge


def _scenes_with_masks():
    """Images in 0 to 1 and their masks: 800 scenes to train with, 200 to test on."""
    train, test = data.scenes(800), data.scenes(200, split="test")
    return tuple((scenes.images / np.float32(255), scenes.masks) for scenes in (train, test))


@challenge(
    examine=SegmenterChallenge(
        load=_scenes_with_masks,
        input_shape=(64, 64, 3),
        classes=5,
        parameters=60_000,
        steps=600,
        batch_size=16,
        asked=0.34,
    ),
    hints=[
        "A U-Net with fewer filters is a start. Most parameters sit where the maps are small: there the "
        "filters "
        "need not double.",
        "The time goes into large maps: let the first convolution have strides=2, and let the last "
        "Conv2DTranspose bring 32×32 maps back to 64×64.",
        "Batch norm after each convolution helps in so few steps. It needs momentum=0.9 for its averages.",
        "The loss is that of a classifier, at every pixel: sparse_categorical_crossentropy. A learning "
        "rate that "
        "falls helps: keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=600).",
    ],
)
def build_segmenter():
    """A small network that gives every pixel of a scene a class: background, bird, flower, mammal, vehicle.

    The check trains it for 600 steps of 16 scenes with your optimizer and loss; masks are integers 0 to 4 of
    shape (64, 64). It tests on 200 scenes with other objects before other backgrounds. The score is the mean
    over the five classes of the IoU that all pixels of these scenes have together, so the background is no
    more than one class of five. You may try again, so the number is a target, not an honest test result.

    Returns:
        keras.Model: compiled, images (64, 64, 3), from 0 to 1, to probabilities (64, 64, 5). Fewer than
        60,000 parameters. The mean IoU of the test scenes must be 0.34.
    """

    # BEGIN SOLUTION
    def convolution(x, filters, kernel=3, stride=1):
        x = layers.Conv2D(filters, kernel, strides=stride, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    inputs = keras.Input((64, 64, 3))
    x = skip32 = convolution(inputs, 16, kernel=5, stride=2)
    x = skip16 = convolution(x, 24, stride=2)
    x = skip8 = convolution(x, 28, stride=2)
    x = convolution(x, 28, stride=2)
    for skip in (skip8, skip16, skip32):
        filters = skip.shape[-1]
        x = layers.Conv2DTranspose(filters, 2, strides=2)(x)
        x = convolution(layers.Concatenate()([x, skip]), filters)
    x = layers.Conv2DTranspose(5, 2, strides=2)(x)
    model = keras.Model(inputs, layers.Softmax()(x))
    rate = keras.optimizers.schedules.CosineDecay(5e-3, decay_steps=600)
    model.compile(keras.optimizers.Adam(rate), loss="sparse_categorical_crossentropy")
    return model
    # END SOLUTION


def _segmenter(
    filters=5, kernel=1, activation="softmax", loss="sparse_categorical_crossentropy", compiled=True
):
    """The segmenters of the mistakes below."""
    inputs = keras.Input((64, 64, 3))
    x = layers.Conv2D(filters, kernel, padding="same")(inputs)
    model = keras.Model(inputs, layers.Conv2D(5, 1, activation=activation)(x))
    if compiled:
        model.compile("adam", loss=loss)
    return model


model_mistakes(build_segmenter, _segmenter)


@build_segmenter.mistake(
    "The model must give every pixel five probabilities: has each halving a doubling on the way up?"
)
def other_shapes():
    inputs = keras.Input((64, 64, 3))
    return keras.Model(inputs, layers.Conv2D(5, 3, strides=2, padding="same", activation="softmax")(inputs))


@build_segmenter.mistake(
    "The model is too large. Look in model.summary() for the layer with most parameters: it often is the "
    "middle."
)
def too_large():
    return _segmenter(filters=2000, kernel=3)


@build_segmenter.mistake('The last layer gives no probabilities: activation="softmax", over the channels.')
def no_probabilities():
    return _segmenter(activation="sigmoid")


@build_segmenter.mistake(
    'The masks hold integers, not one-hot vectors: loss="sparse_categorical_crossentropy".'
)
def loss_for_other_labels():
    return _segmenter(loss="categorical_crossentropy")
