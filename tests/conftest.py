"""What all tests share."""

import os
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tools"))
os.environ.setdefault("MPLBACKEND", "agg")


@pytest.fixture(autouse=True)
def own_state(tmp_path, monkeypatch):
    """Each test has a progress file of its own."""
    monkeypatch.setenv("LABS_STATE", str(tmp_path / "state"))
    monkeypatch.delenv("LABS_REPORT", raising=False)


@pytest.fixture(scope="session", autouse=True)
def quiet_tensorflow():
    """Keep TensorFlow's log lines out of the test report."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
