"""Draw the pictures that lessons and README show before anything is run: `python tools/build_pictures.py [NN ...]`.

A lesson's title picture is drawn by tools/pictures/lesson_NN.py. All of them, and the cards, without numbers.
The check cards need Chromium (`chromium` on the PATH); the other pictures need the course's packages only.
"""

import importlib
import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PICTURES = ROOT / "lessons" / "pictures"
LESSONS = sorted((ROOT / "lessons").glob("[0-9][0-9]_*.py"))
WIDTH = 760  # pixels
COLORS = (
    24  # of a lesson's picture: it is embedded in the notebook as text, so it must be small; photos name more
)


def main():
    """Draw all pictures."""
    import labs

    labs.start(seed=1)
    PICTURES.mkdir(exist_ok=True)
    wanted = sys.argv[1:]
    for lesson in LESSONS:
        if not wanted or lesson.name[:2] in wanted:
            drawing = importlib.import_module(f"pictures.lesson_{lesson.name[:2]}")
            save(drawing.draw(), f"{lesson.stem}.png", getattr(drawing, "COLORS", COLORS))
    if not wanted:
        screenshot(cards(), "cards.png")
    return 0


def save(figure, name, colors):
    """Write a figure as a small PNG of few colors."""
    from PIL import Image

    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=200, bbox_inches="tight", pad_inches=0.05)
    image = Image.open(content).convert("RGB")
    image = image.resize((WIDTH, round(image.height * WIDTH / image.width)), Image.LANCZOS)
    image.quantize(colors, dither=Image.Dither.NONE).save(PICTURES / name, optimize=True)
    print(f"{name}: {(PICTURES / name).stat().st_size:,} bytes")


def cards():
    """How an exercise looks when it is wrong and when it is right, as HTML."""
    from labs.check import grade
    from labs.checking.cards import result_card

    def padding_counted_once(size, kernel, stride=1, padding=0):
        return (size + padding - kernel) // stride + 1

    def right(size, kernel, stride=1, padding=0):
        return (size + 2 * padding - kernel) // stride + 1

    footer = 'Until this passes, the notebook goes on with the reference answer. A hint: check.hint("conv_output_size")'
    wrong = result_card(grade("conv_output_size", padding_counted_once), footer)
    passed = result_card(grade("conv_output_size", right), "")
    return wrong._repr_html_() + passed._repr_html_()


def screenshot(html, name):
    """Render HTML with Chromium and cut the picture to what is on it."""
    from PIL import Image, ImageChops

    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print(f"{name}: left as it is, since Chromium is not installed")
        return
    with tempfile.TemporaryDirectory() as folder:
        page, picture = Path(folder) / "page.html", Path(folder) / "page.png"
        page.write_text(f'<body style="font-family:sans-serif;width:860px">{html}</body>', encoding="utf-8")
        command = [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars"]
        command += [
            "--disable-background-networking",
            "--window-size=900,500",
            f"--user-data-dir={folder}/profile",
        ]
        command += [f"--screenshot={picture}", page.as_uri()]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        image = Image.open(picture).convert("RGB")
        box = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
        image.crop((0, 0, image.width, box[3] + 8)).save(PICTURES / name, optimize=True)
    print(f"{name}: {(PICTURES / name).stat().st_size:,} bytes")


if __name__ == "__main__":
    sys.exit(main())
