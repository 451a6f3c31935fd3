# %% [markdown]
# # 07 · What and where
#
# ![Four scenes that the detector of this lesson never saw, each with frames around birds, flowers, mammals and vehicles, a name and a score on each frame.](pictures/07_object_detection.png)
#
# Today you build a detector: it says what is in a picture, and where. You write every step between a network's numbers and the frames on a photo.
#
# **After this lesson you can**
# 1. explain IoU, non-maximum suppression and average precision, and compute them;
# 2. decode YOLO's output, train a one-stage detector, and measure it on objects it never saw;
# 3. tell one-stage from two-stage detectors by what they compute, and decode a published face detector by hand.
#
# {{measured}} **You need** lessons 01 and 05, or: convolution, pre-trained backbones. **Time:** about 100 minutes.
#
# Answer at `# your code here`. When you are stuck, go on: the notebook uses the reference.

# %%
import time

import labs

labs.start(seed=7)

import keras
import numpy as np
from keras import layers

from labs import check, data, detection, models, plot

# %% [markdown]
# ## 1 · What and where
#
# A classifier gives one name for a whole picture. **Object detection** gives a name and a place for each thing. Its two parts are **localization**, four numbers that say where, and **class classification**, which says what. The four numbers are a regression: they are **bounding boxes**.
#
# Our pictures are composites: photos of things laid on photos of places, so each box is known to the pixel.

# %%
train, test = (data.scenes(count, 128, split=part) for count, part in ((1000, "train"), (200, "test")))
print(train.images.shape, train.classes)
print(train.boxes[0].tolist(), train.labels[0].tolist())
plot.boxes(train.images[:4], train.boxes[:4], train.labels[:4], classes=train.classes)

# %% [markdown]
# A box can be written in two ways: corners (left, top, right, bottom), or center, width and height. y points down. The right and the bottom edge are exclusive, as in a slice.

# %%
check("corners_of_a_box", "a")

# %% [markdown]
# Networks like centers, images like corners. Together, for one box:

# %%
x, y, width, height = 64, 48, 40, 20
print("left", x - width / 2, "top", y - height / 2, "right", x + width / 2, "bottom", y + height / 2)

# %% [markdown]
# ### Exercise 1 · Corners

# %%
from labs.exercises.object_detection import xywh_to_xyxy

# %% [markdown]
# ## 2 · IoU
#
# When is a box right? **IoU**, intersection over union, compares two boxes: the area they share, divided by the area they cover together. **Predict:** a box is moved aside by a quarter of its width. What is its IoU with the old one?

# %%
plot.overlap([0, 0, 40, 30], [10, 0, 50, 30])

# %% [markdown]
# Less than most people guess: what sticks out on both sides counts. An IoU of 0.5 is the usual line between right and wrong.
#
# ### Exercise 2 · Every pair

# %%
from labs.exercises.object_detection import box_iou

# %% [markdown]
# Now follow: the first scene's boxes, each pushed to the right by more and more.

# %%
box = train.boxes[0][:1]
shifts = np.arange(0, 1.01, 0.05)
moved = box + np.outer(shifts * (box[0, 2] - box[0, 0]), [1, 0, 1, 0])
plot.curves({"IoU": (shifts, np.asarray(box_iou(box, moved))[0])}, "shift, as a share of the width", "IoU")

# %% [markdown]
# The curve does not depend on the box's size. That makes IoU a fair measure for large and small things.
#
# ## 3 · NMS
#
# A detector answers at many places, and finds one bird five times. Each answer has a **confidence score**. **NMS**, non-maximum suppression, keeps the best and drops what overlaps it too much.
#
# ### Exercise 3 · One box for each object

# %%
from labs.exercises.object_detection import non_max_suppression

# %%
random = np.random.default_rng(0)
boxes = np.repeat(train.boxes[0], 5, axis=0) + random.normal(0, 5, (5 * len(train.boxes[0]), 4))
scores = random.uniform(0.3, 1, len(boxes))
kept = non_max_suppression(boxes, scores)
plot.boxes(
    [train.images[0]] * 2,
    [boxes, boxes[kept]],
    scores=[scores, scores[kept]],
    titles=["before", "after"],
    columns=2,
)

# %% [markdown]
# One box remains on each thing: the one with the best score, which need not be the one that fits best.

# %%
check("what_suppression_removes", "a")

# %% [markdown]
# ## 4 · mAP
#
# How good is a detector? Sort its answers by score and go down the list. **Precision**: how many of the answers so far are right. **Recall**: how many of the things have been found so far.

# %%
check("accuracy_for_detection", "a")

# %% [markdown]
# Together: six answers, four things to find. One of the four is never found.

# %%
right = np.array([True, True, False, True, False, False])
recall = np.cumsum(right) / 4
precision = np.cumsum(right) / np.arange(1, 7)
for row in zip(range(1, 7), right, precision, recall, strict=True):
    print("answer {}: right {!s:5}  precision {:.2f}  recall {:.2f}".format(*row))
plot.precision_recall({"six answers": (recall, precision)})

# %% [markdown]
# Precision goes up and down. **Average precision** (AP) first replaces each precision by the best one to its right, the thick line, and takes the area below.
#
# ### Exercise 4 · The area

# %%
from labs.exercises.object_detection import average_precision

# %% [markdown]
# **mAP** is the mean over the classes. A second answer for a thing that was already found counts as wrong: that is why NMS matters.
#
# ### Exercise 5 · The mean over classes

# %%
from labs.exercises.object_detection import mean_average_precision

# %% [markdown]
# The same name stands for three measures. VOC read the curve at 11 recalls until 2009, and uses all points since 2010. COCO reads it at 101 recalls, gives a second answer the next free thing, and averages over ten IoU thresholds from 0.50 to 0.95. **Predict:** which is the smallest?

# %%
print("VOC, 11 points: ", round(detection.voc_11_point(recall, precision), 3))
print("VOC, all points:", round(average_precision(recall, precision), 3))
truths = list(zip(test.boxes, test.labels, strict=True))
rough = []
for boxes, labels in truths:
    rough.append((boxes + random.normal(0, 4, boxes.shape), random.uniform(0, 1, len(boxes)), labels))
print("boxes off by a few pixels, mAP at 0.50:", round(mean_average_precision(truths, rough), 3))
print("the same, COCO at 0.50:               ", round(detection.coco_mean_average_precision(truths, rough, [0.5]), 3))
print("the same, COCO at 0.50 to 0.95:       ", round(detection.coco_mean_average_precision(truths, rough), 3))

# %% [markdown]
# Boxes that are off by a few pixels are nearly all right at 0.50, and COCO's mean falls far below: it asks for tight boxes. So never compare two mAPs before you know which they are.
#
# ## 5 · Pascal VOC and COCO
#
# | | **Pascal VOC** 2012 | **COCO** 2017 |
# |---|---|---|
# | Classes | 20 | 80 |
# | Images for training and validation | 11,530 | about 123,000 |
# | Objects in them | 27,450 | about 897,000 |
# | Typical picture | few, large objects near the middle | everyday scenes, many small objects |
# | Measure | AP at IoU 0.5 | mean of AP at 0.50 to 0.95 |
#
# The figures are those of the data sets' own pages. An iconic photo shows one thing, large, from its best side. COCO looked for **non-iconic** photos: things partly hidden, at the edge, among others, as a robot meets them.

# %%
check("what_coco_fixed", "a")

# %% [markdown]
# ## 6 · Two stages
#
# **Two-stage** detectors first propose regions, then look into each. **R-CNN** (2014) takes about 2,000 proposals from **selective search**, which joins neighboring parts that look alike. Ours joins cells by color alone:

# %%
scene = test.images[0]
proposals = detection.propose(scene)
overlap = np.asarray(box_iou(test.boxes[0], proposals))
best = overlap.argmax(axis=1)
print(len(proposals), "proposals; best IoU for each thing:", overlap.max(axis=1).round(2))
plot.boxes([scene, scene], [proposals[::9], proposals[best]], titles=["every ninth", "the best ones"], columns=2)

# %% [markdown]
# Some fit well, and most are of no use. R-CNN cuts out every proposal, resizes it, and sends each through the **backbone**, the network that turns pixels into features.
#
# **SPPNet** (2014) sends the whole image through once. A region of any size then becomes a vector of fixed length: the maxima of 1×1, 2×2 and 4×4 bins. **Fast R-CNN** (2015) keeps one grid of bins, calls it **RoI pooling**, and trains everything together.

# %%
for height, width in ((5, 9), (12, 7), (30, 30)):
    maps = random.normal(size=(height, width, 8))
    print(maps.shape, "→", detection.spatial_pyramid(maps).shape, "=", f"(1 + 4 + 16) × 8 = {21 * 8}")

# %% [markdown]
# In **Faster R-CNN** (2015) a **region proposal network** (RPN) makes the proposals from the same maps. At each place it has a few **anchor boxes** of given shapes, and two answers for each: *object or not*, and how to move the box. The second stage then names the class.
#
# What does each step save? We count the images that pass through a small backbone, and measure the time, for one scene. The weights after the backbone are random: they cost as much as trained ones. R-CNN gets 200 proposals here; its time for 2,000 is computed from that.
#
# **Predict:** how many passes does each need?

# %%
whole = models.efficientnet_lite0_backbone(96)
backbone = detection.Counted(keras.Model(whole.input, whole.get_layer("block5c_add").output))
regions = proposals[-200:]


def maps_of(images):
    images = keras.ops.stack([keras.ops.image.resize(image.astype("float32"), (96, 96)) for image in images])
    return backbone((images - 127) / 128)


def rcnn():
    return maps_of([scene[top:bottom, left:right] for left, top, right, bottom in regions]).max(axis=(1, 2))


def fast_rcnn():
    return detection.region_vectors(maps_of([scene])[0], regions * (6 / 128))


# %%
rpn = layers.Conv2D(64, 3, padding="same", activation="relu")
objectness, moves = layers.Conv2D(9, 1), layers.Conv2D(9 * 4, 1)
yolo = layers.Conv2D(2 * 5 + 20, 1)


def faster_rcnn():
    maps = maps_of([scene])
    hidden = rpn(maps)
    best = np.argsort(-np.asarray(objectness(hidden)).ravel())[:200]
    corners = np.asarray(moves(hidden)).reshape(-1, 4)[best]  # untrained: any boxes will do
    low = np.clip(np.abs(corners[:, :2]), 0, 4)
    return detection.region_vectors(maps[0], np.concatenate([low, low + 2], axis=1))


def one_stage():
    return yolo(maps_of([scene]))


# %%
ways = {"R-CNN": rcnn, "Fast R-CNN": fast_rcnn, "Faster R-CNN": faster_rcnn, "YOLO": one_stage}
for way in (fast_rcnn, faster_rcnn, one_stage):
    way()  # the first call of a network is slow
begin = time.perf_counter()
detection.propose(scene)
proposing = time.perf_counter() - begin
passes, seconds = {}, {}
for name, way in ways.items():
    backbone.passes, begin = 0, time.perf_counter()
    way()
    passes[name], seconds[name] = backbone.passes, time.perf_counter() - begin
print("passes:", passes, f"· proposals took {proposing:.2f} s, for R-CNN and Fast R-CNN")
bars = {f"{name}, {passes[name]} passes": round(seconds[name], 2) for name in ways}
plot.bars(bars | {"R-CNN, 2000 passes, computed": round(10 * seconds["R-CNN"], 1)}, "seconds without proposals from outside")

# %% [markdown]
# One pass a region against one pass a picture: that is the whole difference between the first two bars. Once the backbone was shared, proposals became the slowest part; the RPN took that away.
#
# Their authors measured, each on a GPU of the time with VGG-16: R-CNN 47 s an image, Fast R-CNN 0.32 s, both without proposals (Girshick, 2015), Faster R-CNN 0.2 s with them (Ren and others, 2015). YOLO's authors gave 45 images a second (2016). Different cards and networks: the order is safe, the ratios are not.

# %%
check("one_stage_two_stages", "b")

# %% [markdown]
# ## 7 · One stage: YOLO
#
# A **one-stage** detector answers everywhere at once. **YOLO** (you only look once) lays a grid over the picture. The **grid cell** that holds an object's center answers for it.

# %%
plot.grid(scene, 7, test.boxes[0], [test.classes[label] for label in test.labels[0]])

# %% [markdown]
# Version 1 has 7×7 cells, B = 2 boxes a cell with five numbers each, and C = 20 classes of VOC that the boxes of a cell share. Versions 2 and 3 have anchors, and each box has classes of its own:

# %%
grid, boxes_per_cell, classes = 7, 2, 20
print("v1:", (grid, grid, boxes_per_cell * 5 + classes), "=", grid * grid * (boxes_per_cell * 5 + classes), "numbers")
print("v2 on VOC, 13×13 cells, 5 anchors: ", (13, 13, 5 * (5 + 20)))
print("v3 on COCO, first of three scales, 3 anchors:", (13, 13, 3 * (5 + 80)))

# %%
check("anchors_of_yolo", "c")

# %% [markdown]
# The five numbers are x and y within the cell, width and height of the whole image, and the confidence. It is trained toward P(object) × IoU: whether something is there, times how well the box fits. Confidence × class probability is the score of a class.

# %%
check("confidence_or_class", "c")

# %% [markdown]
# ### Exercise 6 · From numbers to boxes

# %%
from labs.exercises.object_detection import decode_yolo

# %% [markdown]
# Follow: write one bird into an empty output, in the cell of row 2, column 4, and read it back. **Predict** its center.

# %%
output = np.zeros((7, 7, 30))
output[2, 4, :5] = [0.5, 0.25, 0.3, 0.2, 0.9]
output[2, 4, 10 + 2] = 1.0  # class 2 of VOC is the bird
centers, scores, labels = decode_yolo(output, classes=20)
print("center", centers[0, :2].round(3), "size", centers[0, 2:], "score", scores, "class", labels)
print("column (4 + 0.5) / 7 =", round(4.5 / 7, 3), "· row (2 + 0.25) / 7 =", round(2.25 / 7, 3))

# %% [markdown]
# | Version | Year | Authors | What was new |
# |---|---|---|---|
# | v1 | 2015 | Redmon, Divvala, Girshick, Farhadi | one pass, grid, no anchors |
# | v2 | 2016 | Redmon, Farhadi | anchors, batch normalization, 9,000 classes |
# | v3 | 2018 | Redmon, Farhadi | three scales, residual backbone |
# | v4 | 2020 | Bochkovskiy, Wang, Liao | many training recipes combined |
# | v5, v8 | 2020, 2023 | Ultralytics | PyTorch packages, without a paper |
# | v7 | 2022 | Wang, Bochkovskiy, Liao | training changes at no cost in use |

# %%
check("who_made_which_yolo", "b")
