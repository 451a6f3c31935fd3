"""Draw the pictures that lessons and README show before anything is run: `python tools/build_pictures.py`.

The check cards need Chromium (`chromium` on the PATH); the other pictures need the course's packages only.
"""

import io
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
PICTURES = ROOT / "lessons" / "pictures"
COLORS = 24  # of a lesson's picture: it is embedded in the notebook as text, so it must be small


def main():
    """Draw all pictures."""
    import labs

    labs.start(seed=1)
    PICTURES.mkdir(exist_ok=True)
    save(start(), "00_start.png", width=640)
    save(cnn_basics(), "01_cnn_basics.png", width=760)
    screenshot(cards(), "cards.png")
    return 0


def save(figure, name, width):
    """Write a figure as a small PNG of few colors."""
    from PIL import Image

    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=200, bbox_inches="tight", pad_inches=0.05)
    image = Image.open(content).convert("RGB")
    image = image.resize((width, round(image.height * width / image.width)), Image.LANCZOS)
    image.quantize(COLORS, dither=Image.Dither.NONE).save(PICTURES / name, optimize=True)
    print(f"{name}: {(PICTURES / name).stat().st_size:,} bytes")


def start():
    """Two rings and the border that a small network finds between them."""
    import keras
    import matplotlib.pyplot as plt
    import numpy as np
    from keras import layers

    from labs import plot

    random = np.random.default_rng(0)
    angle, ring = random.uniform(0, 2 * np.pi, 300), np.arange(300) % 2
    radius = 1 + ring + random.normal(0, 0.15, 300)
    places = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    dense = [layers.Dense(16, activation="relu"), layers.Dense(16, activation="relu")]
    model = keras.Sequential([keras.Input((2,)), *dense, layers.Dense(2, activation="softmax")])
    model.compile(keras.optimizers.Adam(0.02), "sparse_categorical_crossentropy")
    model.fit(places, ring, epochs=40, verbose=0)
    grid = np.linspace(-2.7, 2.7, 150)
    plane = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    share = model.predict(plane, batch_size=5000, verbose=0)[:, 1].reshape(150, 150)
    figure, axes = plt.subplots(1, 2, figsize=(8, 4), layout="constrained")
    for axis in axes:
        for group, color, marker in ((0, plot.BLUE, "o"), (1, plot.RED, "s")):
            axis.scatter(*places[ring == group].T, color=color, marker=marker, s=16)
        axis.set(xlim=(-2.7, 2.7), ylim=(-2.7, 2.7), xticks=[], yticks=[], aspect="equal")
    axes[1].contourf(
        grid, grid, share, levels=[0, 0.5, 1], colors=[plot.SKY, plot.ORANGE], alpha=0.4, zorder=0
    )
    axes[1].contour(grid, grid, share, levels=[0.5], colors=plot.BLACK, zorder=1)
    plt.close(figure)
    return figure


def cnn_basics():
    """A digit, six feature maps and ten probabilities."""
    import keras
    import matplotlib.pyplot as plt
    import numpy as np

    from labs import data, plot
    from labs.exercises.cnn_basics import build_lenet

    (x_train, y_train), (x_test, _labels) = data.mnist()
    model = build_lenet()
    model.compile("adam", "sparse_categorical_crossentropy")
    model.fit(x_train[..., None] / np.float32(255), y_train, batch_size=128, verbose=0)
    image = x_test[:1, ..., None] / np.float32(255)
    maps = np.asarray(keras.Model(model.inputs[0], model.layers[0].output)(image))[0]
    figure, axes = plt.subplot_mosaic(
        [["digit", "0", "1", "2", "bars"], ["digit", "3", "4", "5", "bars"]],
        figsize=(10, 3),
        width_ratios=[2, 1, 1, 1, 2.2],
        layout="constrained",
    )
    axes["digit"].imshow(x_test[0])
    for number in range(6):
        axes[str(number)].imshow(maps[..., number], vmin=0, vmax=maps.max())
    axes["bars"].barh(range(10), np.asarray(model(image))[0], color=plot.BLUE)
    axes["bars"].set(yticks=range(10), xticks=[], xlim=(0, 1.05))
    axes["bars"].tick_params(labelsize=13)
    axes["bars"].invert_yaxis()
    for name, axis in axes.items():
        if name != "bars":
            axis.set(xticks=[], yticks=[])
        axis.grid(False)
    plt.close(figure)
    return figure


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
