"""One function a picture, one style for the whole course. Each returns the matplotlib figure.

Every figure carries its alt text as its label.
"""

from labs.plot.chart import bars, curves, descent, points, regions
from labs.plot.image import feature_maps, images, kernels, pixels, sliding, zoom
from labs.plot.model_graph import graph
from labs.plot.networks import panels, receptive_fields, trade_off
from labs.plot.spread import spread
from labs.plot.style import use_style
from labs.plot.training import training_run

__all__ = [
    "bars",
    "curves",
    "descent",
    "feature_maps",
    "graph",
    "images",
    "kernels",
    "panels",
    "pixels",
    "points",
    "receptive_fields",
    "regions",
    "sliding",
    "spread",
    "trade_off",
    "training_run",
    "use_style",
    "zoom",
]
