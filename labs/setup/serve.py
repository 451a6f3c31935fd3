"""Open JupyterLab on the notebooks: `make lab`. The terminal stays attached, and Ctrl-C ends it."""

import os
import secrets
import signal
import sys
from pathlib import Path

from jupyterlab.labapp import LabApp

from labs.errors import CourseError
from labs.text import _

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"

# No news, no look for updates, no list of extensions: it must be quiet without a network.
OFFLINE = [
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    "--LabApp.extension_manager=readonly",
]

QUIET = [
    "--ServerApp.log_level=ERROR",
    "--LabApp.log_level=ERROR",
    # Each kernel warns when its channel is not encrypted.
    "--MappingKernelManager.transport_encryption=auto",
]


def has_browser(environment, platform):
    """Whether a browser can be opened on the screen in front of the student."""
    if "CODESPACES" in environment or "SSH_CONNECTION" in environment:
        return False
    if platform.startswith("linux"):
        return "DISPLAY" in environment or "WAYLAND_DISPLAY" in environment
    return True


def arguments(options, with_browser):
    """JupyterLab's command line: ours first, so that the student's options win."""
    browser = [] if with_browser else ["--no-browser"]
    return [f"--ServerApp.root_dir={NOTEBOOKS}", *QUIET, *OFFLINE, *browser, *options]


def address(url, token):
    """The page to open, with the token that lets one in."""
    return f"{url}lab?token={token}" if token else f"{url}lab"


def serve(options):
    """Run JupyterLab until Ctrl-C."""
    # The kernel named python3 is this environment's, whatever the student's home folder holds.
    os.environ["JUPYTER_PREFER_ENV_PATH"] = "1"
    # With a token of its own Jupyter prints four lines of addresses; we print one.
    os.environ.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))
    server = LabApp.initialize_server(arguments(options, has_browser(os.environ, sys.platform)))
    if hasattr(os, "geteuid") and os.geteuid() == 0 and not server.allow_root:
        raise CourseError(
            _(
                "JupyterLab refuses to run as root: run `make lab` as an ordinary user, or, "
                "inside a container, `make lab OPTIONS=--allow-root`."
            )
        )
    # Jupyter asks "Shut down? (y/[n])" on Ctrl-C; one Ctrl-C is enough here.
    signal.signal(signal.SIGINT, lambda number, frame: server.stop(from_signal=True))
    page = address(server.connection_url, server.identity_provider.token)
    print(_("Keras Labs is open at {page} (Ctrl-C ends it)").format(page=page), flush=True)
    server.start()


def main():
    """Open JupyterLab with the options of the command line."""
    try:
        serve(sys.argv[1:])
    except CourseError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        message = _("Jupyter may not write {file}: name a home folder that it can use, `HOME=/tmp make lab`.")
        print(message.format(file=error.filename), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
