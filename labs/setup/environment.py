"""Make the course's environment: the folder `.venv` with every package of `requirements.txt`.

    python3 labs/setup/environment.py

It runs before anything is installed, so it uses the standard library only, and no syntax newer than
Python 3.6: an old Python must be able to say that it is too old. Done once, it takes no time the next time.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OLDEST, NEWEST = (3, 11), (3, 13)
# Measured on Linux x86_64 (420 MB, 2.0 GB); Windows downloads the most, 490 MB.
DOWNLOAD_MB = 450
INSTALLED_MB = 2000
# While pip works, what it downloads lies in a temporary folder and in its cache as well.
NEEDED_MB = INSTALLED_MB + 2 * DOWNLOAD_MB

AGAIN = "then run the same command again"

# What pip's log says when it fails, and what the reader can do about it; the first that matches is shown.
PIP_FAILURES = [
    (
        r"No space left on device|Disk quota exceeded|not enough space on the disk",
        f"The disk is full: about {NEEDED_MB / 1000:.1f} GB must be free. Free some, {AGAIN}.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package ({package}) is not the one that requirements.txt names: the download was "
        f"altered or cut short. Run `python3 -m pip cache purge`, {AGAIN}; if it stays, use another network.",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SSLError",
        "The secure connection to the package index was refused (a certificate is not trusted): use another "
        f"network, or give pip your organization's certificate with PIP_CERT=FILE, {AGAIN}.",
    ),
    (
        r"NewConnectionError|ConnectTimeoutError|NameResolutionError|Max retries exceeded|Failed to connect"
        r"|Connection broken|Connection aborted|ReadTimeoutError|Read timed out|ProxyError|IncompleteRead"
        r"|Temporary failure in name resolution|Network is unreachable|ConnectionResetError",
        f"No connection to the package index: the first set-up downloads about {DOWNLOAD_MB} MB. "
        f"Connect to the internet, {AGAIN}.",
    ),
    (
        r"No matching distribution found for (?P<package>\S+)",
        "There is no {package} for this computer ({computer}): open the notebooks on Colab instead "
        "(see README.md).",
    ),
    (
        r"Permission denied|Read-only file system",
        f"pip may not write where it must: see the log, or copy this folder to one of your own, {AGAIN}.",
    ),
]


class SetupError(Exception):
    """The environment cannot be made; the message is one line that names the thing and the remedy."""


def name_of(version):
    """The version as people write it: `(3, 11)` is "3.11"."""
    return "{}.{}".format(*version)


def is_suitable(version):
    """Whether the locked packages exist for this Python version."""
    return OLDEST <= tuple(version) <= NEWEST


def ask_python(executable):
    """The version of a Python program, or None where it does not run (a shim for a Python not there)."""
    question = "import sys; print(sys.version_info[0], sys.version_info[1])"
    try:
        answer = subprocess.check_output([str(executable), "-c", question], stderr=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError):
        return None
    return tuple(int(part) for part in answer.split())


def pythons_on_path():
    """The Pythons of the suitable versions that PATH holds, newest first, as `(version, executable)`."""
    found = []
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        executable = shutil.which(f"python3.{minor}")
        if executable and ask_python(executable) == (3, minor):
            found.append(((3, minor), executable))
    return found


def choose_python(running, others):
    """The `(version, executable)` to use: the running one when it is suitable, else the first other."""
    version = running[0]
    if is_suitable(version):
        return running
    if others:
        return others[0]
    fault = "old" if version < OLDEST else "new"
    raise SetupError(
        f"Python {name_of(version)} is too {fault} for this course: install Python {name_of(OLDEST)} to "
        f"{name_of(NEWEST)} (python.org), {AGAIN}."
    )


def running_python():
    """Version and executable of the Python that runs this, seen past a virtual environment."""
    version = sys.version_info[:2]
    if sys.prefix == sys.base_prefix:
        return version, sys.executable
    # An activated .venv must not be made anew by the Python inside it.
    base = Path(sys.base_prefix)
    outside = base / "python.exe" if os.name == "nt" else base / "bin" / f"python{name_of(version)}"
    return version, str(outside) if outside.exists() else sys.executable


def require_venv_module(version, executable):
    """Complain when this Python cannot make virtual environments, as Debian's cannot without a package."""
    answer = subprocess.call([executable, "-c", "import venv, ensurepip"], stderr=subprocess.DEVNULL)
    if answer != 0:
        raise SetupError(
            f"Python {name_of(version)} ({executable}) cannot make virtual environments: install its venv "
            f"module (Debian, Ubuntu: `sudo apt install python{name_of(version)}-venv`), {AGAIN}."
        )


def require_space(folder, free_bytes):
    """Complain when the packages would not fit."""
    if free_bytes < NEEDED_MB * 1e6:
        raise SetupError(
            f"Too little disk space in {folder}: {free_bytes / 1e9:.1f} GB is free and about "
            f"{NEEDED_MB / 1000:.1f} GB is needed. Free some, {AGAIN}."
        )


def digest_of(files):
    """One sha256 over the contents of the files."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def wanted_stamp(root, version):
    """What the stamp of an up-to-date environment holds."""
    return {
        "python": name_of(version),
        "folder": str(root),
        "packages": digest_of([root / "requirements.txt", root / "pyproject.toml"]),
    }


def read_stamp(venv):
    """What the stamp of this environment holds; empty where none was finished."""
    try:
        return json.loads((venv / "ready").read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}


def reason_to_rebuild(stamp, wanted, has_python):
    """Why an environment that is there must be made anew, or None when it can stay."""
    if not stamp:
        return "was not finished"
    if stamp["folder"] != wanted["folder"]:
        return "was made in another folder ({})".format(stamp["folder"])
    if stamp["python"] != wanted["python"]:
        return "was made with Python {}, and this is Python {}".format(stamp["python"], wanted["python"])
    if not has_python:
        return "has lost its Python"
    return None


def python_in(venv):
    """The Python program of an environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def explain(log):
    """One line for what went wrong, from pip's log."""
    package = re.search(
        r"^\s+(\S+)(?: from \S+)?(?: \(from .*\))?:\s*\n\s+Expected sha256", log, re.MULTILINE
    )
    for pattern, message in PIP_FAILURES:
        match = re.search(pattern, log)
        if match:
            named = match.groupdict().get("package") or (package.group(1) if package else "see the log")
            return message.format(
                package=named, computer=f"{sys.platform}, Python {name_of(sys.version_info[:2])}"
            )
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    # A failed build ends in advice; the exception above it names the cause.
    causes = [line for line in lines if re.match(r"\w+(Error|Exception): ", line)]
    errors = [line for line in lines if re.match(r"error: ", line, re.IGNORECASE)]
    return (causes or errors or lines or ["no output"])[-1]


def last_download(log_file):
    """The file that pip is downloading, from the end of its log; empty where it does something else."""
    with log_file.open("rb") as log:
        log.seek(max(0, log_file.stat().st_size - 2000))
        end = log.read().decode("utf-8", "replace").splitlines()
    downloads = [line.strip() for line in end if line.strip().startswith(("Downloading", "Installing"))]
    return downloads[-1][:60] if downloads else ""


def run_step(title, command, log_file):
    """Run one command with its output in the log, and show how long it takes."""
    terminal = sys.stdout.isatty()
    environment = dict(os.environ, PIP_USER="0", PIP_NO_INPUT="1", PIP_DISABLE_PIP_VERSION_CHECK="1")
    # A small /tmp of its own is common on shared computers, so what pip unpacks goes beside the log.
    scratch = log_file.parent / "tmp"
    scratch.mkdir(exist_ok=True)
    environment.update(TMPDIR=str(scratch), TEMP=str(scratch), TMP=str(scratch))
    if not terminal:
        print(f"{title} ...", flush=True)
    started = time.monotonic()
    with log_file.open("ab") as log:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=environment,
            cwd=str(ROOT),
        )
        try:
            while process.poll() is None:
                if terminal:
                    line = f"{title} ... {time.monotonic() - started:.0f} s  {last_download(log_file)}"
                    width = shutil.get_terminal_size().columns - 1
                    print("\r" + line[:width].ljust(width), end="", flush=True)
                time.sleep(0.2)
        finally:
            # Ctrl-C: nothing may go on writing after this program has ended.
            if process.poll() is None:
                process.terminate()
                process.wait()
            shutil.rmtree(str(scratch), ignore_errors=True)
            if terminal:
                print("\r" + " " * (shutil.get_terminal_size().columns - 1), end="\r")
    if process.returncode != 0:
        reason = explain(log_file.read_text(encoding="utf-8", errors="replace"))
        raise SetupError(f"{reason} (Log: {log_file})")
    print(f"{title}: {time.monotonic() - started:.0f} s", flush=True)


def make_venv(venv, executable):
    """Make an empty virtual environment, in place of what is there."""
    try:
        # --clear and not a removal: .venv may be a link to a larger disk.
        subprocess.check_output([executable, "-m", "venv", "--clear", str(venv)], stderr=subprocess.STDOUT)
    except subprocess.CalledProcessError as failure:
        lines = failure.output.decode("utf-8", "replace").strip().splitlines() or ["no output"]
        raise SetupError(f"{executable} could not make {venv}: {lines[-1]}") from None


def install(root, venv):
    """Install the locked packages, then the course itself, into an environment."""
    pip = [str(python_in(venv)), "-Iu", "-m", "pip", "install", "--progress-bar", "off"]
    log_file = venv / "install.log"
    log_file.write_bytes(b"")
    locked = ["--only-binary", ":all:", "--require-hashes", "-r", str(root / "requirements.txt")]
    run_step("Installing the packages", [*pip, *locked], log_file)
    run_step("Installing labs", [*pip, "--no-deps", "--no-build-isolation", "-e", str(root)], log_file)


def make_environment(root):
    """Bring `.venv` up to date; prints nothing and does nothing when it is."""
    venv = root / ".venv"
    stamp = read_stamp(venv)
    running = running_python()
    if not is_suitable(running[0]) and stamp and is_suitable(map(int, stamp["python"].split("."))):
        # A newer python3 on PATH is no reason to replace an environment that works.
        version, executable = tuple(map(int, stamp["python"].split("."))), str(python_in(venv))
    else:
        version, executable = choose_python(running, [] if is_suitable(running[0]) else pythons_on_path())

    wanted = wanted_stamp(root, version)
    reason = reason_to_rebuild(stamp, wanted, python_in(venv).exists())
    if reason is None and stamp == wanted:
        return

    if not os.access(str(root), os.W_OK):
        raise SetupError(f"{root} is read-only: copy the folder to one of your own and run `make` there.")
    if version != running[0]:
        print(f"Python {name_of(running[0])} does not fit this course; using {executable}.")
    if reason is None:
        print("requirements.txt or pyproject.toml has changed: bringing .venv up to date.")
        (venv / "ready").unlink()
    else:
        require_venv_module(version, executable)
        if venv.exists():
            print(f".venv {reason}: making it anew.")
        print(
            f"Setting up the course in .venv with Python {name_of(version)}, once: about {DOWNLOAD_MB} MB is "
            f"downloaded, {INSTALLED_MB / 1000:.1f} GB on disk.",
            flush=True,
        )
        make_venv(venv, executable)
        require_space(venv, shutil.disk_usage(str(venv)).free)
    install(root, venv)
    (venv / "ready").write_text(json.dumps(wanted), encoding="utf-8")


def main():
    """Make the environment; 0 when it is ready, 1 with one line when it is not."""
    try:
        make_environment(ROOT)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped: .venv is not finished. The same command starts it again.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Cannot set up .venv: {error}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
