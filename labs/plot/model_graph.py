"""Figures of models: which layer takes what."""

import matplotlib.pyplot as plt

from labs.plot.style import BLACK, BLUE, WIDTH, bare, finished
from labs.text import _

ROW = 0.42  # inches from one layer to the next
BOX = 0.62  # height of a box, in rows
LIGHT = "#DCEBF5"  # of the boxes


def graph(models):
    """Models side by side as graphs, from the input at the top down to the outputs.

    Args:
        models: dict name → functional or sequential Keras model without models in it.
    """
    drawn = {name: _edges(model) for name, model in models.items()}
    rows = {name: _rows(before) for name, before in drawn.items()}
    deepest = max(max(row.values()) for row in rows.values())
    figure, axes = plt.subplots(
        1, len(models), figsize=(WIDTH, ROW * (deepest + 1) + 0.6), squeeze=False, layout="constrained"
    )
    for axis, name in zip(axes.flat, models, strict=True):
        _draw(axis, drawn[name], rows[name])
        axis.set(title=name, xlim=(-0.5, 0.5), ylim=(deepest + 0.5, -0.5))
        bare(axis)
    counts = ", ".join(f"{name}: {len(before)}" for name, before in drawn.items())
    return finished(
        figure, _("Graphs of models, and their numbers of layers ({counts})").format(counts=counts)
    )


def _edges(model):
    """Each layer of a model with the list of the layers whose output it takes."""
    maker = {id(layer.output): layer for layer in model.layers}
    return {layer: [maker[id(one)] for one in _inputs(layer) if id(one) in maker] for layer in model.layers}


def _inputs(layer):
    """The tensors a layer takes, as a list; an InputLayer takes none."""
    tensors = layer.input if isinstance(layer.input, (list, tuple)) else [layer.input]
    return [tensor for tensor in tensors if tensor is not layer.output]


def _rows(before):
    """The row of each layer: one below the lowest of the layers it takes."""
    row = {}
    for layer, taken in before.items():  # models list a layer after those it takes
        row[layer] = max((row[one] + 1 for one in taken), default=0)
    return row


def _draw(axis, before, row):
    columns = {}
    for layer, number in row.items():
        columns.setdefault(number, []).append(layer)
    place = {}
    for number, side_by_side in columns.items():
        for column, layer in enumerate(side_by_side):
            place[layer] = (-0.5 + (column + 0.5) / len(side_by_side), number)
    for layer, taken in before.items():
        x, y = place[layer]
        for one in taken:
            start = (place[one][0], place[one][1] + BOX / 2)
            axis.annotate("", (x, y - BOX / 2), start, arrowprops=dict(arrowstyle="-|>", color=BLACK))
        abreast = len(columns[row[layer]])
        width, size = 0.94 / abreast, 12 if abreast == 1 else 9.5
        corner = (x - width / 2, y - BOX / 2)
        axis.add_patch(plt.Rectangle(corner, width, BOX, facecolor=LIGHT, edgecolor=BLUE))
        axis.text(x, y, _label(layer), ha="center", va="center", fontsize=size)


def _label(layer):
    return f"{type(layer).__name__} {'×'.join(str(size) for size in layer.output.shape[1:])}"
