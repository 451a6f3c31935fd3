"""Measure the course on this machine: `python tools/benchmark.py [lessons] [results] [checks] [NN ...]`.

Without words all three are measured, without numbers all lessons.
`lessons` runs every student notebook and writes seconds and peak memory to lessons/measured.toml.
`results` trains what the lessons promise, over several seeds. `checks` times a check of each kind.
"""

import importlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
MEASURED = ROOT / "lessons" / "measured.toml"
REPEATS = 3  # runs of a notebook, of which the median counts
CHECKS = 25


def main():
    """Measure what was asked for."""
    numbers = [word for word in sys.argv[1:] if word.isdigit()]
    wanted = [word for word in sys.argv[1:] if not word.isdigit()] or ["lessons", "results", "checks"]
    measured = tomllib.loads(MEASURED.read_text(encoding="utf-8")) if MEASURED.exists() else {}
    for name in wanted:
        for key, values in {"lessons": lessons, "results": results, "checks": checks}[name](numbers):
            print(key, values, flush=True)
            measured.setdefault(key, {}).update(values)
            write(measured)
    return 0


def write(measured):
    """The tables as TOML."""
    lines = ["# Run times, memory and results on two processor cores; `make benchmark` measures them again."]
    for key, values in sorted(measured.items()):
        lines += ["", f"[{key}]", *(f"{name} = {value}" for name, value in values.items())]
    MEASURED.write_text("\n".join(lines) + "\n", encoding="utf-8")


def lessons(numbers):
    """Seconds and megabytes of each student notebook, in a fresh kernel."""
    for path in sorted((ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")):
        if numbers and path.name[:2] not in numbers:
            continue
        runs = [run_notebook(path) for _unused in range(REPEATS)]
        yield (
            f"lesson_{path.name[:2]}",
            {
                "seconds": round(statistics.median(seconds for seconds, _megabytes in runs)),
                "megabytes": 10 * round(statistics.median(megabytes for _seconds, megabytes in runs) / 10),
            },
        )


def run_notebook(path):
    """Seconds of a run in a process of its own, and its kernel's peak memory in MB."""
    script = (
        "import sys, nbformat; from nbclient import NotebookClient\n"
        "notebook = nbformat.read(sys.argv[1], as_version=4)\n"
        "code = 'import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)'\n"
        "notebook.cells.append(nbformat.v4.new_code_cell(code))\n"
        "NotebookClient(notebook, timeout=600, kernel_name='python3').execute()\n"
        "print(notebook.cells[-1].outputs[0].text)\n"
    )
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, LABS_STATE=folder, LABS_HEADLESS="1")
        begin = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", script, str(path)],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            check=True,
        )
        return time.perf_counter() - begin, int(done.stdout.split()[-1]) / 1000


def results(numbers):
    """What the lessons promise, over several seeds."""
    import labs

    labs.start()
    for path in sorted((ROOT / "tools" / "results").glob("lesson_*.py")):
        if not numbers or path.stem[-2:] in numbers:
            yield path.stem, importlib.import_module(f"results.{path.stem}").measure()


def checks(_numbers):
    """Milliseconds of `import labs`, of a check of a function and of a check of a model."""
    runs = []
    for _unused in range(CHECKS):
        command = "import time; t = time.perf_counter(); import labs; print(time.perf_counter() - t)"
        done = subprocess.run(
            [sys.executable, "-c", command], capture_output=True, text=True, check=True, cwd=ROOT
        )
        runs.append(float(done.stdout))
    import labs

    labs.start()
    from labs.check import grade
    from labs.checking import catalog

    values = {"import_milliseconds": round(1000 * statistics.median(runs), 1)}
    for kind, name in (("function", "convolve2d"), ("model", "build_lenet")):
        answer = catalog.find(name).reference
        times = []
        for _unused in range(CHECKS):
            begin = time.perf_counter()
            grade(name, answer)
            times.append(time.perf_counter() - begin)
        values[f"{kind}_check_milliseconds"] = round(1000 * statistics.median(times), 1)
    values["peak_megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)
    yield "checks", values


if __name__ == "__main__":
    sys.exit(main())
