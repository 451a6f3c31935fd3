"""One function a picture, one style for the whole course. Each returns the matplotlib figure.

Every figure carries its alt text as its label.
"""

from labs.plot.chart import bars, curves, descent, points, regions
from labs.plot.detection import anchors, boxes, grid, landmarks, overlap, precision_recall
from labs.plot.image import details, feature_maps, image_rows, images, kernels, pixels, sliding, zoom
from labs.plot.latent import mosaic, plane, separation
from labs.plot.model_graph import graph
from labs.plot.networks import panels, receptive_fields, trade_off
from labs.plot.repeated import bands, spread
from labs.plot.samples import class_shares
from labs.plot.segmentation import instances, mask_pairs, masks, unrolled
from labs.plot.sequences import gates, recurrence
from labs.plot.style import use_style
from labs.plot.training import training_run
from labs.plot.transfer import confusion, heat_maps, predictions

__all__ = [
    "anchors",
    "bands",
    "bars",
    "boxes",
    "class_shares",
    "confusion",
    "curves",
    "descent",
    "details",
    "feature_maps",
    "gates",
    "graph",
    "grid",
    "heat_maps",
    "image_rows",
    "images",
    "instances",
    "kernels",
    "landmarks",
    "mask_pairs",
    "masks",
    "mosaic",
    "overlap",
    "panels",
    "pixels",
    "plane",
    "points",
    "precision_recall",
    "predictions",
    "receptive_fields",
    "recurrence",
    "regions",
    "separation",
    "sliding",
    "spread",
    "trade_off",
    "training_run",
    "unrolled",
    "use_style",
    "zoom",
]
