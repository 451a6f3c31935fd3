"""One function a picture, one style for the whole course. Each returns the matplotlib figure.

Every figure carries its alt text as its label.
"""

from labs.plot.chart import bars, curves, descent, points, regions
from labs.plot.image import feature_maps, images, kernels, pixels, sliding, zoom
from labs.plot.model_graph import graph
from labs.plot.networks import panels, receptive_fields, trade_off
from labs.plot.repeated import bands, spread
from labs.plot.style import use_style
from labs.plot.training import training_run
from labs.plot.transfer import confusion, heat_maps, predictions

__all__ = [
    "bands",
    "bars",
    "confusion",
    "curves",
    "descent",
    "feature_maps",
    "graph",
    "heat_maps",
    "images",
    "kernels",
    "panels",
    "pixels",
    "points",
    "predictions",
    "receptive_fields",
    "regions",
    "sliding",
    "spread",
    "trade_off",
    "training_run",
    "use_style",
    "zoom",
]
