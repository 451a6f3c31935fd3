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


CLASSES = ("bird", "vehicle")
MASK = np.zeros((8, 8), np.uint8)
MASK[:4, :4] = 1
MASK[5:, 5:] = 2
BOXES = np.array([[0, 0, 4, 4], [5, 5, 8, 8]])

FIGURES = {
    "recurrence": lambda: plot.recurrence("a truth"),
    "gates": lambda: plot.gates("a b", {"forget": np.eye(3), "input": np.ones((3, 5))}),
    "masks": lambda: plot.masks([COLORED] * 3, [MASK, MASK * 0, MASK], CLASSES, ["a", "b", "c"], columns=2),
    "mask_pairs": lambda: plot.mask_pairs([COLORED] * 2, [MASK] * 2, [MASK, MASK.T], CLASSES),
    "instances": lambda: plot.instances(COLORED, MASK),
    "instances in two panels": lambda: plot.instances(IMAGE, [MASK[:6, :6]] * 2, ["a", "b"], numbers=False),
    "unrolled": lambda: plot.unrolled(np.ones((3, 3)), IMAGE[:2, :2], 2),
    "unrolled without overlaps": lambda: plot.unrolled(np.ones((2, 2)), IMAGE[:2, :3], 2, np.ones((4, 6))),
    "boxes": lambda: plot.boxes([COLORED], [BOXES]),
    "boxes beside the truth": lambda: plot.boxes(
        [COLORED] * 2,
        [BOXES, BOXES[:0]],
        [[0, 1], []],
        [[0.9, 0.8], []],
        CLASSES,
        ["a", "b"],
        truths=[BOXES, BOXES],
    ),
    "overlap": lambda: plot.overlap(*BOXES),
    "precision_recall": lambda: plot.precision_recall({"a": ([0.5, 0.5], [1, 0.5]), "b": ([0.1], [1])}),
    "anchors": lambda: plot.anchors(COLORED, {"fine": np.ones((4, 2)) / 2, "coarse": np.ones((1, 2)) / 2}),
    "grid": lambda: plot.grid(COLORED, 4, BOXES, CLASSES),
    "class_shares": lambda: plot.class_shares({"real": np.full(10, 0.1), "made": np.eye(10)[3]}),
    "mosaic with names": lambda: plot.mosaic(np.zeros((2, 3, 8, 8)), "column", "row", ["a", "b"], range(3)),
    "mosaic with a gap": lambda: plot.mosaic(
        np.zeros((2, 3, 8, 8)), rows=["a", "b"], gap=2, alt="two rows of black"
    ),
    "image_rows": lambda: plot.image_rows({"a": [COLORED] * 3, "b": [COLORED / 255] * 3}),
    "details": lambda: plot.details([COLORED] * 2, ["a", "b"], slice(0, 4), slice(2, 5)),
    "landmarks": lambda: plot.landmarks(COLORED, BOXES, np.ones((2, 6, 2)), [0.9, 0.5]),
    "landmarks of nothing": lambda: plot.landmarks(COLORED, BOXES[:0], np.ones((0, 6, 2)), []),
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
    "curves with levels": lambda: plot.curves({"a": [1, 2, 3]}, "step", "loss", levels=[1.39, 0.69]),
    "curves over x": lambda: plot.curves({"a": ([0.1, 0.2], [1, 2])}, "x", "y"),
    "curves with a legend beside": lambda: plot.curves({"a": [1, 2], "b": [1, 1]}, "x", "y", beside=True),
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


def test_names_of_a_mosaic_stand_in_the_middle_of_their_images():
    (axis,) = plot.mosaic(np.zeros((2, 3, 8, 8)), rows=["a", "b"], columns=[1, 2, 3], gap=2).axes
    assert axis.images[0].get_array().shape == (18, 26)
    assert list(axis.get_yticks()) == [3.5, 13.5] and list(axis.get_xticks()) == [3.5, 13.5, 21.5]
    assert axis.images[0].get_array()[:8, :8].max() == 0 and axis.images[0].get_array()[8:10].min() == 1


def test_a_given_alt_text_replaces_the_usual_one():
    given = "what is seen in the figure"
    figures = (
        plot.mosaic(np.zeros((2, 3, 8, 8)), alt=given),
        plot.image_rows({"a": [COLORED]}, alt=given),
        plot.curves({"a": [1, 2]}, "x", "y", alt=given),
    )
    assert [figure.get_label() for figure in figures] == [given] * len(figures)


def test_images_have_neither_frame_nor_ticks():
    for axis in plot.images([np.zeros((4, 4))] * 3, columns=2).axes:
        assert not axis.axison and not len(axis.get_xticks()) and not len(axis.get_yticks())


def test_image_rows_name_each_row_once():
    figure = plot.image_rows({"one": [COLORED] * 3, "two": [COLORED] * 3})
    assert [axis.get_ylabel() for axis in figure.axes] == ["one", "", "", "two", "", ""]


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


def test_constant_curves_have_no_markers():
    (axis,) = plot.curves({"a": [1, 2], "b": [1, 1]}, "x", "y").axes
    assert [line.get_marker() for line in axis.lines] == ["o", "None"]


def test_bars_write_as_many_digits_as_asked_for():
    figure = plot.bars({"a": (0.123, 0.045), "b": (1, 0.5)}, "error", digits=2, alt="a is less")
    assert figure.get_label() == "a is less; error: b 1.00 ± 0.50, a 0.12 ± 0.04"


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


def test_alt_text_that_is_given_takes_the_place_of_the_usual_one():
    assert plot.curves({"a": [1, 2]}, "x", "y", alt="a rises").get_label() == "a rises"
    assert plot.mosaic(np.zeros((1, 2, 8, 8)), alt="black squares").get_label() == "black squares"


def test_levels_are_lines_with_their_heights():
    (axis,) = plot.curves({"a": [1, 2, 3]}, "step", "loss", levels=[1.391, 0.69]).axes
    assert [text.get_text() for text in axis.texts] == ["1.39", "0.69"]
    assert [line.get_ydata()[0] for line in axis.lines[1:]] == [1.391, 0.69]


def test_confusion_counts():
    figure = plot.confusion(np.array([0, 0, 1, 1, 1]), np.array([0, 1, 1, 1, 0]), ["cat", "dog"])
    (axis,) = figure.axes
    assert [text.get_text() for text in axis.texts] == ["1", "1", "1", "2"]
    assert "3 of 5" in figure.get_label()


def test_mask_pairs_say_the_mean_iou_of_each_image():
    moved = np.zeros_like(MASK)
    moved[:4, 2:6] = 1
    figure = plot.mask_pairs([COLORED] * 2, [MASK, MASK == 1], [MASK, moved], CLASSES)
    # Of 4 × 4 pixels half are right: 8 of 24; of the background 40 of 56.
    expected = (8 / 24 + 40 / 56) / 2
    texts = [axis.get_xlabel() for axis in figure.axes[-2:]]
    assert texts == ["IoU 1.00", f"IoU {expected:.2f}"]


def test_unrolled_adds_up_where_copies_overlap():
    figure = plot.unrolled(np.ones((3, 3)), np.array([[1, 2], [3, 4]]), 2)
    last = figure.axes[-1]
    values = {text.get_position(): text.get_text() for text in last.texts}
    # Positions are x, y: the middle gets all four copies, the middle of an edge two, a corner one.
    assert [values[place] for place in ((2, 2), (2, 0), (0, 2), (4, 4))] == ["10", "3", "4", "4"]


def test_overlap_computes_the_iou():
    (axis,) = plot.overlap([0, 0, 6, 5], [3, 2, 9, 7]).axes
    assert axis.get_title() == "IoU = 9 / 51 = 0.18"
    (axis,) = plot.overlap([0, 0, 2, 2], [3, 3, 4, 4]).axes
    assert axis.get_title() == "IoU = 0 / 5 = 0.00"


def test_precision_recall_computes_the_area_under_the_envelope():
    figure = plot.precision_recall({"a": ([0.25, 0.5, 0.5, 0.75], [1, 0.5, 0.4, 0.6])})
    labels = [text.get_text() for text in figure.axes[0].get_legend().get_texts()]
    assert labels == ["a, area 0.550", "as measured"]  # 0.25 · 1 + 0.25 · 0.6 + 0 + 0.25 · 0.6


def test_grid_names_the_cell_of_a_center():
    figure = plot.grid(COLORED, 4, [[0, 0, 4, 2], [6, 6, 8, 8]], ["a", "b"])
    assert [text.get_text() for text in figure.axes[0].texts] == ["a [0, 1]", "b [3, 3]"]


def test_boxes_carry_name_and_score():
    figure = plot.boxes([COLORED], [BOXES], [[1, 0]], [[0.871, 0.5]], CLASSES)
    assert [text.get_text() for text in figure.axes[0].texts] == ["vehicle 0.87", "bird 0.50"]
