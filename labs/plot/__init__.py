"""One function a picture, one style for the whole course. Each returns the matplotlib figure.

Every figure carries its alt text as its label.
"""

from labs.plot.chart import bars, curves, descent, points, regions
from labs.plot.image import feature_maps, images, kernels, pixels, sliding, zoom
from labs.plot.style import use_style
from labs.plot.transfer import confusion, heat_maps, predictions, spread

__all__ = [
    "bars",
    "confusion",
    "curves",
    "descent",
    "feature_maps",
    "heat_maps",
    "images",
    "kernels",
    "pixels",
    "points",
    "predictions",
    "regions",
    "sliding",
    "spread",
    "use_style",
    "zoom",
]
