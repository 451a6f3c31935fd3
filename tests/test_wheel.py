"""The installed package: it holds the data, finds it, and names every license text."""

import os
import subprocess
import sys
import zipfile
from email.parser import BytesParser
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

LOAD_EVERYTHING = """
import labs
from labs import data
print(labs.__file__)
for name in data.CREDITS:
    getattr(data, name)()
    print(name)
"""

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built from the working tree."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_installed_package_loads_every_set(wheel, tmp_path):
    site, empty = tmp_path / "site", tmp_path / "empty"
    empty.mkdir()
    install = ["install", "--no-deps", "--no-index", "--disable-pip-version-check", "--target", str(site)]
    subprocess.run([sys.executable, "-m", "pip", *install, str(wheel)], check=True)
    # PYTHONPATH stands before an editable install of the working tree.
    done = subprocess.run(
        [sys.executable, "-c", LOAD_EVERYTHING],
        cwd=empty,
        env=os.environ | {"PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    imported, *loaded = done.stdout.splitlines()
    assert Path(imported).is_relative_to(site)
    assert {"mnist", "fashion_mnist", "photos"} <= set(loaded)


def test_wheel_names_every_license_text(wheel):
    with zipfile.ZipFile(wheel) as archive:
        (metadata,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        named = BytesParser().parsebytes(archive.read(metadata)).get_all("License-File")
        texts = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "LICENSES").iterdir())
        assert sorted(named) == ["LICENSE", *texts]
        folder = metadata.removesuffix("METADATA") + "licenses/"
        assert all(folder + name in archive.namelist() for name in named)


def test_wheel_holds_the_data(wheel):
    paths = [path.relative_to(ROOT).as_posix() for path in (ROOT / "data").rglob("*") if path.is_file()]
    with zipfile.ZipFile(wheel) as archive:
        packed = [name for name in archive.namelist() if name.startswith("labs/_data/")]
    assert sorted(packed) == sorted(f"labs/_{path}" for path in paths)
