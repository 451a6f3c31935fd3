"""One function a picture, one style for the whole course. Each returns the matplotlib figure.

Every figure carries its alt text as its label.
"""

from labs.plot.chart import bars, curves, descent, points, regions
from labs.plot.image import feature_maps, images, kernels, pixels, sliding, zoom
from labs.plot.network import graph
from labs.plot.run import training_run
from labs.plot.style import use_style

__all__ = [
    "bars",
    "curves",
    "descent",
    "feature_maps",
    "graph",
    "images",
    "kernels",
    "pixels",
    "points",
    "regions",
    "sliding",
    "training_run",
    "use_style",
    "zoom",
]
