"""Notebooks and scripts executed offline, with the checkout read-only, and what their checks reported."""

import json
import os
import subprocess
import sys

from lesson_source import ROOT
from offline import offline_command

from labs.checking import catalog

CELL_SECONDS = "300"


def run(command, tmp_path):
    """Run a command offline; the finished process and what the checks reported, by name."""
    report = tmp_path / "report.jsonl"
    arguments, environment = offline_command(command)
    environment |= {
        "LABS_REPORT": str(report),
        "LABS_STATE": str(tmp_path / "state"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "MPLBACKEND": "",
        # Tests run two at a time on two cores.
        "TF_NUM_INTRAOP_THREADS": "1",
        "TF_NUM_INTEROP_THREADS": "1",
    }
    paths = [str(ROOT / "tests"), environment.get("PYTHONPATH", ""), os.environ.get("PYTHONPATH", "")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    inherited = {name: value for name, value in os.environ.items() if name != "MPLBACKEND"}
    done = subprocess.run(
        arguments, env={**inherited, **environment}, cwd=ROOT, capture_output=True, text=True, check=False
    )
    lines = report.read_text(encoding="utf-8").splitlines() if report.exists() else []
    return done, {line["name"]: line["status"] for line in map(json.loads, lines)}


def nbval(path, tmp_path):
    """Run a notebook with nbval, offline; what the checks reported, by name."""
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "-p", "nbval_guard", "-p", "no:cacheprovider"]
    command += ["--nbval-cell-timeout", CELL_SECONDS, "-q", str(path)]
    done, outcomes = run(command, tmp_path)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    return outcomes


def exercises(path):
    """Names of the exercises of the lesson that a file belongs to."""
    return {
        one.name for one in catalog.entries().values() if one.lesson.startswith(f"Lesson {path.name[:2]} ")
    }
