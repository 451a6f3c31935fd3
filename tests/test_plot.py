"""Figures: each returns one with alt text, and shows once."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from labs import data, plot, widgets

IMAGE = np.arange(36.0).reshape(6, 6)
COLORED = np.random.default_rng(0).integers(0, 256, (8, 8, 3), dtype=np.uint8)


def _branched():
    """A model whose input goes two ways that meet again."""
    import keras
    from keras import layers

    inputs = keras.Input((4,))
    first, second = layers.Dense(3)(inputs), layers.Dense(3)(inputs)
    return keras.Model(inputs, layers.Dense(2)(layers.Add()([first, second])))


FIGURES = {
    "predictions": lambda: plot.predictions([COLORED, COLORED], [[("cat", 0.8), ("dog", 0.1)]] * 2),
    "confusion": lambda: plot.confusion([0, 1, 1, 2], [0, 1, 2, 2], ["x", "y", "z"]),
    "heat maps": lambda: plot.heat_maps([COLORED, COLORED], [IMAGE, np.zeros((2, 2))], ["cat", "dog"]),
    "one heat map": lambda: plot.heat_maps([COLORED], [IMAGE], ["cat 0.8\ndog 0.1"]),
    "images": lambda: plot.images([IMAGE, IMAGE], ["one", "two"]),
    "colored images": lambda: plot.images(list(data.photos().values()), columns=4),
    "pixels": lambda: plot.pixels([IMAGE[:3, :3], IMAGE[:2]], ["a", "b"], limits=(0, 36)),
    "zoom": lambda: plot.zoom(data.photos()["chelsea"].mean(axis=2), slice(3, 9), slice(4, 12), "a cat"),
    "sliding": lambda: plot.sliding(IMAGE, np.ones((3, 3)), np.ones((4, 4))),
    "kernels": lambda: plot.kernels(np.ones((3, 3, 1, 5))),
    "feature_maps": lambda: plot.feature_maps(
        IMAGE, {"first": np.ones((4, 4, 3)), "second": np.zeros((2, 2, 9))}
    ),
    "curves": lambda: plot.curves({"a": [1, 2, 3], "b": [2, 2, 1]}, "epoch", "loss"),
    "curves over x": lambda: plot.curves({"a": ([0.1, 0.2], [1, 2])}, "x", "y"),
    "spread": lambda: plot.spread(
        {"a": ([10, 100], [[1, 2, 3], [2, 3, 4]]), "b": ([10, 100], [[2, 2, 3], [4, 3, 4]])}, "x", "y"
    ),
    "bands": lambda: plot.bands({"a": [[1, 2, 3], [2, 3, 5]], "b": [[1, 1, 2]]}, "epoch", "accuracy"),
    "curves on a logarithmic axis": lambda: plot.curves(
        {"a": [1, 10, 100]}, "layer", "size", logarithmic=True
    ),
    "graph": lambda: plot.graph({"one": _branched(), "two": _branched()}),
    "training_run": lambda: plot.training_run(
        {"loss": [3, 2, 1], "val_loss": [3, 2, 2.5], "learning_rate": [0.1, 0.1, 0.05]}, kept=1
    ),
    "descent": lambda: plot.descent(lambda w: w**2, [3.0, 2.0, 1.5]),
    "bars": lambda: plot.bars({"a": 3, "b": 5}, "count"),
    "bars with errors": lambda: plot.bars(
        {"a": (0.9, 0.01), "b": (0.8, 0.02)}, "accuracy", limits=(0.5, 1.0)
    ),
    "panels": lambda: plot.panels(
        {"one": {"a": [1, 10], "b": [2, 3]}, "two": {"a": [1, 2], "b": [5, 1]}}, "x", "y", logarithmic=True
    ),
    "trade_off": lambda: plot.trade_off(
        {"a": (1000, 3.0, (0.9, 0.01)), "b": (90_000, 12.0, (0.8, 0.02))}, "parameters", "accuracy"
    ),
    "receptive_fields": lambda: plot.receptive_fields(IMAGE / 36, {"one": 3, "two": 5}),
    "points": lambda: plot.points(
        {"a": IMAGE[:, :2], "b": IMAGE[:, 2:4]}, "x", "y", (np.array([1.0, 1.0]), 0.5)
    ),
}


@pytest.mark.parametrize("draw", FIGURES.values(), ids=FIGURES)
def test_figure_has_alt_text_and_draws(draw):
    import matplotlib.pyplot as plt

    plot.use_style()
    figure = draw()
    assert isinstance(figure, Figure)
    assert len(figure.get_label()) > 10
    assert plt.get_fignums() == []  # closed, so that a notebook shows it once
    figure.canvas.draw()
    axes = [axis for axis in figure.axes if axis.axison]
    assert all(axis.has_data() for axis in axes)


def test_graph_draws_every_layer_and_every_connection():
    (axis,) = plot.graph({"model": _branched()}).axes
    texts = [text.get_text() for text in axis.texts]
    assert sorted(text for text in texts if text) == [
        "Add 3",
        "Dense 2",
        "Dense 3",
        "Dense 3",
        "InputLayer 4",
    ]
    assert texts.count("") == 5  # arrows: two from the input, two into the sum, one out of it
    assert len(axis.patches) == 5


def test_graph_of_a_chain():
    import keras
    from keras import layers

    chain = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.ReLU()])
    (axis,) = plot.graph({"chain": chain}).axes
    assert [text.get_text() for text in axis.texts if text.get_text()] == ["Dense 3", "ReLU 3"]


def test_logarithmic_axis_shows_all_values():
    (axis,) = plot.curves({"a": [1e-12, 1.0]}, "layer", "size", logarithmic=True).axes
    assert axis.get_yscale() == "log"
    low, high = axis.get_ylim()
    assert 0 < low <= 1e-12 and 1 <= high < 1e3


def test_figure_in_a_notebook_is_shown_once_with_alt_text(tmp_path):
    import nbformat
    from nbclient import NotebookClient

    source = "import labs; labs.start()\nfrom labs import plot\nplot.curves({'a': [1, 2]}, 'epoch', 'loss')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, kernel_name="python3").execute(cwd=str(tmp_path))
    (output,) = notebook.cells[0].outputs
    assert output.metadata["image/png"]["alt"] == "loss over epoch: a"


def test_explore_without_a_reader_draws_the_first_choice():
    drawn = []

    def draw(name, size):
        drawn.append((name, size))
        return plot.curves({name: [size, size]}, "x", "y")

    figure = widgets.explore(draw, name=["a", "b"], size=[1, 2])
    assert isinstance(figure, Figure)
    assert drawn == [("a", 1)]


def test_explore_in_a_notebook_follows_its_controls(tmp_path, monkeypatch):
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.delenv("LABS_HEADLESS", raising=False)
    source = (
        "import labs; labs.start()\nfrom labs import plot\nimport ipywidgets\ncontrols = []\n"
        "choose = ipywidgets.Dropdown.__init__\n"
        "def remember(self, *a, **k):\n    choose(self, *a, **k); controls.append(self)\n"
        "ipywidgets.Dropdown.__init__ = remember\n"
        "drawn = []\n"
        "def draw(name):\n    drawn.append(name); return plot.curves({name: [1, 2]}, 'x', 'y')\n"
        "labs.explore(draw, name=['a', 'b'])\n"
        "controls[0].value = 'b'\nprint(drawn)"
    )
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    NotebookClient(notebook, kernel_name="python3").execute(cwd=str(tmp_path))
    texts = [output.text for output in notebook.cells[0].outputs if output.output_type == "stream"]
    pictures = [output for output in notebook.cells[0].outputs if "image/png" in output.get("data", {})]
    assert texts == ["['a', 'b']\n"]
    assert len(pictures) == 1 and pictures[0].metadata["image/png"]["alt"] == "y over x: b"


def test_confusion_counts():
    figure = plot.confusion(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]), ["cat", "dog"])
    (axis,) = figure.axes
    assert [text.get_text() for text in axis.texts] == ["1", "1", "1", "2"]
    assert "3 of 5" in figure.get_label()
