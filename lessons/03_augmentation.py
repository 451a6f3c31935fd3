# %% [markdown]
# # 03 · More data from the data you have
#
# ![A photo of a penguin in a frame; beside it five versions: mirrored, turned, zoomed, with a black square over its belly, and mixed with a flamingo.](pictures/03_augmentation.png)
#
# Fifty images a class are few. Today you make endless versions of them, find out which versions help, and which of two libraries makes them faster.
#
# **After this lesson you can**
# 1. say which changes of an image keep its label, and write a flip and a shift by hand;
# 2. augment with `ImageDataGenerator`, with Keras layers and in `tf.data`, and validate without the usual trap;
# 3. measure whether an augmentation helps, over several seeds, and say why a stronger one may not.
#
# {{measured}} **You need** lesson 02, or: convnets, batch normalization, validation. **Time:** about 90 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import labs

labs.start(seed=3)

import keras
import numpy as np
import tensorflow as tf
from keras import layers

from labs import check, data, plot, small_data

# %% [markdown]
# ## 1 · Small data
#
# Who labels photos by hand has hundreds, not millions: **small data**. We take 50 images of each class of Fashion-MNIST, with values from 0 to 255, and all 2,000 test images.

# %%
(x_train, y_train), (x_test, y_test) = data.fashion_mnist()
few = small_data.balanced_subset(y_train, per_class=50, seed=0)
images, labels = x_train[few, ..., None].astype("float32"), y_train[few]
test_images = x_test[..., None].astype("float32")
names = [data.FASHION_MNIST_CLASSES[label] for label in labels]
plot.images(images[:8], names[:8])

# %% [markdown]
# `small_data.small_cnn` is three convolutions with batch normalization and global average pooling, which replaces each map by its mean. `small_data.train` takes 1,200 steps of 32 images, however many images there are. It takes some ten seconds. **Predict** the accuracy on the training images, and on the test images.

# %%
plain = small_data.small_cnn(keras.Sequential([layers.Rescaling(1 / 255)]))
small_data.train(plain, images, labels)
print(f"training images {labs.accuracy(plain, images, labels)[0]:.3f}")
print("test images     {:.3f} ± {:.3f}".format(*labs.accuracy(plain, test_images, y_test)))

# %% [markdown]
# The network knows its images by heart and is wrong on many new ones: it overfits (± is the standard error). What we want is **generalization**, to be right on images never seen.
#
# **Data augmentation** shows each image in a new version every time: shifted, mirrored, turned. The label stays. So the version must still deserve it.
#
# ## 2 · What keeps its label
#
# ### Exercise 1 · A mirror

# %%
from labs.exercises.augmentation import flip_horizontal

# %% [markdown]
# **Predict:** which of the changed pictures still deserve the label of the original?

# %%
(digits, digit_labels), _test = data.mnist()
six = digits[digit_labels == 6][:1, ..., None]
sneaker = x_train[y_train == 7][:1, ..., None]
mirrored = np.asarray(flip_horizontal(six))
pictures = [six[0], mirrored[0], mirrored[0, ::-1], sneaker[0], flip_horizontal(sneaker)[0]]
plot.images(pictures, ["a 6", "mirrored", "turned by 180°", "a sneaker", "mirrored"], columns=5)

# %% [markdown]
# The mirrored 6 is no digit; turned by 180° it is a 9 with a wrong label. The mirrored sneaker is a sneaker. But look at the mean of all sneakers and all boots:

# %%
means = [x_train[y_train == label].mean(axis=0) for label in (7, 9)]
plot.images(means, ["the mean sneaker", "the mean boot"], columns=4)

# %% [markdown]
# Each mean has one toe, on the left: nearly all shoes point to the left. A mirrored shoe keeps its label, yet the test has hardly any. A good augmentation gives what new images will look like. Which ones these are you know, not the computer.

# %%
check("which_change_keeps_the_label", "c")

# %% [markdown]
# ### Exercise 2 · A shift

# %%
from labs.exercises.augmentation import shift_image

# %%
shifts = [(0, 0), (4, 0), (-4, 0), (0, 4), (4, -4)]
plot.images(
    [shift_image(sneaker[0], dx, dy) for dx, dy in shifts], [f"dx {dx}, dy {dy}" for dx, dy in shifts]
)

# %% [markdown]
# ## 3 · ImageDataGenerator
#
# **`ImageDataGenerator`** has done this since the first years of Keras, and lecture notes use it. It draws a new version of every image whenever a batch is asked for; it stores no copies. Today it is *deprecated*: kept for old code, in `tf.keras`, and no longer developed. Its options are ranges: a range of 40 draws an angle between -40 and 40 degrees. *Shear* pushes the upper and the lower half to opposite sides. Choose an option; the first picture is the original.

# %%
ImageDataGenerator = tf.keras.preprocessing.image.ImageDataGenerator
cat = data.photos()["chelsea"][5:165, 55:215].astype("float32")
options = {
    "rotation_range": 40,  # degrees
    "width_shift_range": 0.3,  # parts of the width
    "height_shift_range": 0.3,
    "shear_range": 40,  # degrees
    "zoom_range": 0.4,  # from 0.6 to 1.4
    "horizontal_flip": True,
    "vertical_flip": True,
    "brightness_range": (0.3, 1.7),
    "channel_shift_range": 120,  # added to the colors
}


def versions(count, **arguments):
    batches = ImageDataGenerator(**arguments).flow(cat[None], batch_size=1, seed=1250)
    return [next(batches)[0].astype("uint8") for _version in range(count)]


def show(option):
    return plot.images(
        [cat.astype("uint8"), *versions(4, **{option: options[option]})], [option] + [""] * 4, 5
    )


labs.explore(show, option=list(options))

# %% [markdown]
# All of them, and three other ways to fill what lies outside (the default repeats the nearest pixel). **Look** at `width_shift_range`: in which direction did the cat move?

# %%
shown = {f"{name}\n{value}": versions(1, **{name: value}) for name, value in options.items()}
for mode in ("constant", "reflect", "wrap"):
    shown[f"fill_mode\n{mode}"] = versions(1, rotation_range=40, height_shift_range=0.3, fill_mode=mode)
titles = [title.replace("_range\n", "\n_range ") for title in shown]
plot.images([version[0] for version in shown.values()], titles, columns=6)

# %% [markdown]
# `width_shift_range` moves the cat up and down: in today's Keras the two shifts are exchanged (Keras issue 17398, of 2023). With equal ranges and square images this does no harm. Without a look at the pictures nobody would notice.
#
# Two more options: `rescale` multiplies every pixel, `validation_split` sets a share aside. `.flow` then gives batches of arrays.
#
# ### Exercise 3 · The generator of this lesson

# %%
from labs.exercises.augmentation import build_datagen

# %%
datagen = build_datagen()
batches = datagen.flow(images, labels, batch_size=8, subset="training", seed=1)
batch, batch_labels = next(batches)
print(batch.shape, f"from {batch.min():.2f} to {batch.max():.2f} ·", len(batches), "batches an epoch")
plot.images(batch, [data.FASHION_MNIST_CLASSES[label] for label in batch_labels])

# %% [markdown]
# Four fifths of 500 images make 50 batches of 8. `flow` never ends: each pass gives new versions.
#
# `featurewise_center` and `featurewise_std_normalization` subtract the mean of the data and divide by its standard deviation. Both must be measured first: `fit` here trains no network. Measure them on training images only.

# %%
standardizer = ImageDataGenerator(featurewise_center=True, featurewise_std_normalization=True)
standardizer.fit(images)
standardized = next(standardizer.flow(images, batch_size=len(images)))
print(f"measured: mean {standardizer.mean.item():.1f}, standard deviation {standardizer.std.item():.1f}")
print(f"after it: mean {abs(standardized.mean()):.3f}, standard deviation {standardized.std():.3f}")

# %% [markdown]
# Real projects have folders of image files, a folder for each class. We write some: photos cut out of their background.

# %%
animals = data.stamps().of("bird", "mammal", "vehicle")
folder = labs.work_folder() / "photos"
animals.save(folder)
batches = datagen.flow_from_directory(folder, target_size=(96, 96), batch_size=8, subset="training", seed=0)
batch, one_hot = next(batches)
classes = list(batches.class_indices)
print(batches.n, "training files ·", batches.class_indices, "·", batch.shape, one_hot.shape)
plot.images(batch, [classes[number] for number in one_hot.argmax(axis=1)])

# %% [markdown]
# The folder's name is the label, one-hot. What does it say to an empty folder, and to a file that is no image?

# %%
empty, broken = labs.work_folder() / "empty", labs.work_folder() / "broken"
empty.mkdir(exist_ok=True)
(broken / "bird").mkdir(parents=True, exist_ok=True)
(broken / "bird" / "crow.png").write_bytes(b"not an image")
print("images in the empty folder:", datagen.flow_from_directory(empty).n)
with labs.expect_error(OSError):
    next(datagen.flow_from_directory(broken))

# %% [markdown]
# Nothing, and an error that does not name the file. Print `.n` before you train.
#
# ## 4 · The validation trap
#
# One generator, `validation_split=0.2`, two subsets: so it stands in most notes. Below, its validation images, and the same ones from a second generator that only rescales. **Predict** what the first row shows.

# %%
pool = small_data.balanced_subset(y_train, per_class=200, seed=0)
x_pool, y_pool = x_train[pool, ..., None].astype("float32"), y_train[pool]
training = datagen.flow(x_pool, y_pool, batch_size=32, subset="training", seed=1)
rescaler = ImageDataGenerator(rescale=1 / 255, validation_split=0.2)
parts = {
    name: generator.flow(x_pool, y_pool, batch_size=100, subset="validation", shuffle=False, seed=1)
    for name, generator in {"one generator": datagen, "second generator": rescaler}.items()
}
pictures = [image for part in parts.values() for image in part[0][0][:6]]
plot.images(pictures, [title for name in parts for title in [name] + [""] * 5], columns=6)

# %% [markdown]
# The validation images are augmented, too. And which ones are they?

# %%
fifth = len(x_pool) // 5
print("they are the first fifth of the array:", np.array_equal(parts["one generator"].x, x_pool[:fifth]))
files = datagen.flow_from_directory(folder, subset="validation").filenames
print("of the files, by name:", *files[:6], "...")
by_class = np.argsort(y_pool)
with labs.expect_error(ValueError):
    datagen.flow(x_pool[by_class], y_pool[by_class], subset="validation")

# %% [markdown]
# The first fifth, unshuffled. If files are sorted by day or by author, the validation part is one day or one author. Only for arrays that are sorted by class Keras refuses. So shuffle before (`balanced_subset` does). Now both parts while a network learns:

# %%
network = small_data.small_cnn()
curves = small_data.validation_curves(network, training, parts, epochs=4)
plot.curves(curves, "epoch", "validation accuracy")

# %%
for name, part in parts.items():
    looks = [network.evaluate(part, verbose=0)[1] for _look in range(3)]
    print(f"{name:16} three looks at one network:", np.round(looks, 3))

# %% [markdown]
# The same weights, the same photos: the augmented part gives another number at every look. And it answers another question: how good the network is on images that nobody will bring. Early stopping and checkpoints would choose by luck. The cure: two generators with the same split and seed, the second with `rescale` only.

# %%
check("validation_augmented", "a")

# %% [markdown]
# ## 5 · The same with layers
#
# Today augmentation is made of Keras layers. They work on whole batches, as part of the model or of the input pipeline. `RandomRotation` counts in whole turns, `RandomTranslation` and `RandomZoom` in parts of height and width; these three take a `fill_mode`. `RandomFlip` and `Rescaling` you need, too.
#
# ### Exercise 4 · The augmenter

# %%
from labs.exercises.augmentation import build_augmenter

# %%
augmenter = build_augmenter()
plot.images(np.asarray(augmenter(np.stack([cat] * 8), training=True)), alt="Eight versions of a cat")

# %% [markdown]
# Do the two libraries do the same? For random changes that cannot be seen, so we fix them: 7 pixels to the right and down (a quarter of 28), and the mirror.

# %%
generator = ImageDataGenerator(fill_mode="constant")
ten = images[:10]
by_generator = [generator.apply_transform(image, {"tx": -7, "ty": -7}) for image in ten]  # minus: right, down
by_layer = layers.RandomTranslation((0.25, 0.25), (0.25, 0.25), fill_mode="constant")(ten, training=True)
by_hand = [shift_image(image, dx=7, dy=7) for image in ten]
for name, other in {"layer": by_layer, "shift_image": by_hand}.items():
    print(
        f"shift: largest difference of generator and {name}:", np.abs(np.subtract(by_generator, other)).max()
    )
mirrors = np.stack([generator.apply_transform(image, {"flip_horizontal": True}) for image in ten])
drawn = np.asarray(layers.RandomFlip("horizontal", seed=1)(ten, training=True))
moved = (drawn != ten).any(axis=(1, 2, 3))
print("flip: of", moved.sum(), "mirrored by the layer:", np.abs(drawn - mirrors)[moved].max())

# %% [markdown]
# For these two, pixel for pixel. (Turns and zooms blend neighbors, and may differ.) In a model, the layers know when to rest:

# %%
gentle = keras.Sequential(
    [
        layers.RandomFlip("horizontal"),
        layers.RandomTranslation(0.05, 0.05, fill_mode="nearest"),
        layers.Rescaling(1 / 255),
    ]
)
augmented = small_data.small_cnn(gentle)
first, second = (augmented.predict(images[:100], verbose=0) for _time in range(2))
print("predict twice, largest difference:", np.abs(first - second).max())
first, second = (np.asarray(augmented(images[:100], training=True)) for _time in range(2))
print("training mode twice:              ", np.abs(first - second).max().round(3))

# %%
check("where_augmentation_stops", "b")

# %% [markdown]
# The second place is `tf.data`, TensorFlow's input pipeline: a chain of steps, each made from the one before. `map` applies a function to every batch; `prefetch` makes the next batch while the network learns from this one. Six numbers, two epochs. **Predict** what the second line shows.

# %%
numbers = tf.data.Dataset.from_tensor_slices(np.arange(6)).shuffle(6).batch(4)
numbers = numbers.map(lambda batch: 10 * batch).prefetch(1)
for _epoch in range(2):
    print([batch.numpy().tolist() for batch in numbers])

# %% [markdown]
# Another order, and a smaller last batch: each epoch runs through the whole chain again. Whatever stands in `map` is drawn anew.
#
# ### Exercise 5 · A pipeline

# %%
from labs.exercises.augmentation import training_dataset

# %% [markdown]
# How fast are they? Both turn, shift, zoom and flip the same 500 images.

# %%
dataset = training_dataset(images, labels, augmenter, 100)
speed = {
    "ImageDataGenerator": small_data.images_per_second(datagen.flow(images, labels, batch_size=100)),
    "layers in tf.data": small_data.images_per_second(dataset.repeat()),
}
plot.bars(speed, "images of 28×28 pixels per second")

# %% [markdown]
# The generator takes image after image through SciPy; the layers take a batch at once. With `prefetch` this happens while the network learns.
#
# ## 6 · Does it help?
#
# The same network, the same 500 images, the same number of steps, behind the gentle augmenter: flips, and shifts by a pixel or so. (Whether the flip helps shoes was not measured alone.) **Predict** both accuracies once more.

# %%
small_data.train(augmented, images, labels)
print(f"training images {labs.accuracy(augmented, images, labels)[0]:.3f}")
results = {
    name: labs.accuracy(model, test_images, y_test)
    for name, model in {"without": plain, "gentle augmentation": augmented}.items()
}
plot.bars(results, "test accuracy, with standard error", limits=(0.6, 0.9))

# %% [markdown]
# The training accuracy is lower now: versions are harder to learn by heart. The test accuracy is what counts, and it is higher.
#
# But one network each may be luck: other 500 images, other first weights. So this was repeated beforehand with five seeds, at four sizes; *strong* is the augmenter of exercise 4. Training 80 networks takes too long here. `python tools/measure_augmentation.py` repeats it, and the results lie in `labs/results/`.

# %%
stored = small_data.stored_accuracies()
sizes, without = stored["none"]
for name in list(stored)[1:]:
    for size, gains in zip(sizes, 100 * (stored[name][1] - without), strict=True):
        error = gains.std(ddof=1) / len(gains) ** 0.5
        print(f"{name:17} {size:3} images a class: gain {gains.mean():5.1f} ± {error:.1f} points")
plot.spread(stored, "training images a class", "test accuracy")

# %% [markdown]
# Each dot is a network, each whisker a standard error. The gentle augmentation gains at every size, by more than two standard errors, and most where images are few. The strong one loses at every size. Why? Every turn, shift and zoom blends neighboring pixels: its clothes are soft, and the test images are sharp. *strong, unblurred* has the same ranges with `interpolation="nearest"`, and most of the loss is gone; with 25 and 50 images a class it even gains. With 200 it still loses, so blur is not the whole reason.
#
# More is not better, and another network may gain more or less: look at the pictures, and measure yours.

# %%
check("when_augmentation_helps", "b")

# %% [markdown]
# ## 7 · Two images in one
#
# **Cutout** covers a part of the image, so that the network cannot rely on one detail. **MixUp** lays two images over each other and mixes their labels in the same shares. (Its paper draws the shares at random.)
#
# ### Exercise 6 · MixUp

# %%
from labs.exercises.augmentation import mixup

# %%
shares = keras.utils.to_categorical(labels, 10)


def mix(weight):
    x, y = mixup(images[:4], shares[:4], images[4:8], shares[4:8], weight)
    titles = [
        "\n".join(f"{row[i]:.1f} {data.FASHION_MNIST_CLASSES[i]}" for i in np.flatnonzero(row))
        for row in np.asarray(y)
    ]
    return plot.images(np.asarray(x), titles, columns=4)


labs.explore(mix, weight=[0.7, 0.5, 0.6, 0.8, 0.9])

# %%
check("labels_of_mixup", "c")

# %% [markdown]
# ## 8 · Broken lab
#
# This pipeline runs, and a network trains on it. Its author wonders why augmentation does not help. `cache` stores what has come through the chain so far. Find the reason in the count.

# %%
pipeline = tf.data.Dataset.from_tensor_slices((images, labels)).batch(100)
pipeline = pipeline.map(lambda x, y: (gentle(x, training=True), y)).cache().prefetch(2)
epochs = [np.concatenate([x for x, _y in pipeline]) for _epoch in range(4)]
different = [len(np.unique([epoch[number] for epoch in epochs], axis=0)) for number in range(5)]
print("versions of the first five images in four epochs:", different)

# %%
check("broken_pipeline", "b")

# %% [markdown]
# ### From older Keras
#
# Three lines from before 2023 that fail today:

# %%
with labs.expect_error(ImportError):
    from keras.preprocessing.image import ImageDataGenerator as Old  # today: tf.keras.preprocessing.image

with labs.expect_error(AttributeError):
    batches.next()  # today: next(batches)

with labs.expect_error(AttributeError):
    plain.fit_generator(batches)  # today: fit(batches)

# %% [markdown]
# ## 9 · Challenge: 50 images a class
#
# Fashion-MNIST again. Reach the accuracy of the docstring with a network and an augmentation of your own; here the images already lie from 0 to 1. Nothing is trained until you write something.

# %%
from labs.exercises.augmentation import build_small_data_cnn

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · Cutout

# %%
from labs.exercises.augmentation import cutout

# %%
tops = (-20, 20, 60, 110)
plot.images([cutout(cat, top, 50, 60).astype("uint8") for top in tops], [f"top {top}" for top in tops], 6)

# %% [markdown]
# ### Extra · CutMix and RandAugment
#
# **CutMix** pastes a square of one photo into another and mixes the labels by area. **RandAugment** draws some changes from a list of many. Keras has both as layers.

# %%
four = animals[[23, 90, 100, 110]]
photos, shares = four.on((235, 235, 235)).astype("float32"), keras.utils.to_categorical(four.labels, 3)
pasted = layers.CutMix(factor=1.0, seed=7)({"images": photos, "labels": shares}, training=True)
changed = layers.RandAugment(num_ops=2, factor=0.25, seed=6)(photos, training=True)
titles = [
    "\n".join(f"{row[i]:.2f} {classes[i]}" for i in np.flatnonzero(row))
    for row in np.asarray(pasted["labels"])
]
both = np.concatenate([pasted["images"], changed]).clip(0, 255).astype("uint8")
plot.images(both, titles + ["\nRandAugment"] * 4, columns=4)

# %% [markdown]
# ### Your own photo
#
# Put the path of a photo in place of `None` and run the cell. The first picture is the original.

# %%
path = None
own = animals.on((235, 235, 235))[90] if path is None else labs.load_photo(path)
copies = np.asarray(augmenter(np.stack([own] * 11).astype("float32"), training=True))
figure = plot.images([own / 255, *copies], columns=6, alt="A photo and eleven versions of it")
figure.savefig(labs.work_folder() / "versions.png")
print("saved until this notebook closes:", labs.work_folder() / "versions.png")
figure

# %% [markdown]
# ## Recap
#
# - Augmentation shows each image in new versions that keep its label. You decide which those are: look at the pictures.
# - `ImageDataGenerator` augments its validation subset, too, and takes the unshuffled first fifth. Keras layers rest outside training.
# - With few images a gentle augmentation gained several points here, with more images less, and a strong one lost, partly because it blurs. Measure over several seeds, with standard errors.
#
# **Read on:** Simard, Steinkraus, Platt, *Best practices for convolutional neural networks applied to visual document analysis* (2003) · DeVries, Taylor, *Improved regularization of convolutional neural networks with cutout* (2017) · Zhang, Cisse, Dauphin, Lopez-Paz, *mixup: Beyond empirical risk minimization* (2018) · Yun and others, *CutMix* (2019) · Cubuk, Zoph, Shlens, Le, *RandAugment* (2020). **Next:** 04, AlexNet to DenseNet.

# %%
check.progress("03")
