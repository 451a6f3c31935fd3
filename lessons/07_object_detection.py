# %% [markdown]
# # 07 · What and where
#
# ![Four scenes that the detector of this lesson never saw, each with a frame, a name and a score on each thing.](pictures/07_object_detection.png)
#
# Today you build a detector, and write every step between a network's numbers and the frames on a photo.
#
# **After this lesson you can**
# 1. explain IoU, non-maximum suppression and average precision, and compute them;
# 2. decode YOLO's output, train a detector and measure it on unseen objects;
# 3. tell one-stage from two-stage detectors, and decode a published one by hand.
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
# **Object detection** gives a name and a place for each thing. **Localization** says where: a regression to four numbers, the **bounding box**. **Class classification** says what.
#
# Our pictures are composites of photos, so each box is known to the pixel.

# %%
train, test = (data.scenes(count, 224, split=part) for count, part in ((400, "train"), (160, "test")))
print(train.images.shape, train.classes)
print(train.boxes[0].tolist(), train.labels[0].tolist())
plot.boxes(train.images[:4], train.boxes[:4], train.labels[:4], classes=train.classes, columns=5)

# %% [markdown]
# A box is written as corners (left, top, right, bottom) or as center, width and height. y points down; the ends are exclusive, as in a slice.

# %%
check("corners_of_a_box", "a")

# %% [markdown]
# Networks like centers, images like corners.
#
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
# What sticks out on both sides counts. An IoU of 0.5 is the usual line between right and wrong.
#
# ### Exercise 2 · Every pair

# %%
from labs.exercises.object_detection import box_iou

# %% [markdown]
# Now follow: one box, pushed to the right by more and more.

# %%
box = train.boxes[0][:1]
shifts = np.arange(0, 1.01, 0.05)
moved = box + np.outer(shifts * (box[0, 2] - box[0, 0]), [1, 0, 1, 0])
plot.curves({"IoU": (shifts, np.asarray(box_iou(box, moved))[0])}, "shift, as a share of the width", "IoU")

# %% [markdown]
# The curve is the same for large and small boxes.
#
# ## 3 · NMS
#
# A detector finds one bird five times. Each answer has a **confidence score**. **NMS**, non-maximum suppression, keeps the best and drops what overlaps it too much.
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
    columns=3,
)

# %% [markdown]
# One box remains on each thing: the one with the best score, not always the best fit.

# %%
check("what_suppression_removes", "a")

# %% [markdown]
# ## 4 · mAP
#
# Sort a detector's answers by score and go down the list. **Precision**: how many of the answers so far are right. **Recall**: how many of the things have been found so far.

# %%
check("accuracy_for_detection", "a")

# %% [markdown]
# Together: six answers, four things to find.

# %%
right = np.array([True, True, False, True, False, False])
recall = np.cumsum(right) / 4
precision = np.cumsum(right) / np.arange(1, 7)
for row in zip(range(1, 7), right, precision, recall, strict=True):
    print("answer {}: right {!s:5}  precision {:.2f}  recall {:.2f}".format(*row))
plot.precision_recall({"six answers": (recall, precision)})

# %% [markdown]
# **Average precision** (AP) first replaces each precision by the best one to its right, the thick line, and takes the area below.
#
# ### Exercise 4 · The area

# %%
from labs.exercises.object_detection import average_precision

# %% [markdown]
# **mAP** is the mean over the classes. A second answer for one thing counts as wrong: that is why NMS matters.
#
# ### Exercise 5 · The mean over classes

# %%
from labs.exercises.object_detection import mean_average_precision

# %% [markdown]
# VOC read the curve at 11 recalls until 2009, and uses all points since 2010. COCO reads it at 101 recalls, moves a second answer to a free thing, and averages over ten IoU thresholds from 0.50 to 0.95. **Predict:** which mAP is smallest?

# %%
print("VOC, 11 points: ", round(detection.voc_11_point(recall, precision), 3))
print("VOC, all points:", round(average_precision(recall, precision), 3))
truths = list(zip(test.boxes, test.labels, strict=True))
rough = []
for boxes, labels in truths:
    rough.append((boxes + random.normal(0, 8, boxes.shape), random.uniform(0, 1, len(boxes)), labels))
print("boxes off by a few pixels, mAP at 0.50:", round(mean_average_precision(truths, rough), 3))
print(
    "the same, COCO at 0.50:               ",
    round(detection.coco_mean_average_precision(truths, rough, [0.5]), 3),
)
print(
    "the same, COCO at 0.50 to 0.95:       ", round(detection.coco_mean_average_precision(truths, rough), 3)
)

# %% [markdown]
# Boxes off by a few pixels are nearly all right at 0.50, and COCO's mean falls far below. Never compare two mAPs before you know which they are.
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
# Figures: the data sets' own pages. An iconic photo shows one large thing from its best side; COCO chose **non-iconic** ones, as a robot meets things: partly hidden, among others.

# %%
check("what_coco_fixed", "a")

# %% [markdown]
# ## 6 · Two stages
#
# **Two-stage** detectors first propose regions, then look into each. **R-CNN** (2014) takes about 2,000 proposals (its authors' number) from **selective search**, which joins neighboring parts that look alike. Ours joins cells by color alone:

# %%
scene = test.images[0]
proposals = detection.propose(scene)
overlap = np.asarray(box_iou(test.boxes[0], proposals))
best = overlap.argmax(axis=1)
print(len(proposals), "proposals; best IoU for each thing:", overlap.max(axis=1).round(2))
plot.boxes(
    [scene, scene], [proposals[::9], proposals[best]], titles=["every ninth", "the best ones"], columns=3
)

# %% [markdown]
# Some fit well. R-CNN resizes every proposal and sends each through the **backbone**, the network that turns pixels into features.
#
# **SPPNet** (2014) sends the whole image through once. A region of any size then becomes a vector of fixed length: the maxima of 1×1, 2×2 and 4×4 bins. **Fast R-CNN** (2015) keeps one grid of bins, **RoI pooling**, and trains all together.

# %%
for height, width in ((5, 9), (12, 7), (30, 30)):
    maps = random.normal(size=(height, width, 8))
    print(maps.shape, "→", detection.spatial_pyramid(maps).shape, "=", f"(1 + 4 + 16) × 8 = {21 * 8}")

# %% [markdown]
# In **Faster R-CNN** (2015) a **region proposal network** (RPN) makes the proposals from the same maps. At each place it has a few **anchor boxes** of given shapes, and two answers for each: *object or not*, and how to move the box. The second stage then names the class.
#
# What does each step save? We count the images that pass through a small backbone, and measure the time, for one scene. Weights after the backbone are random here. R-CNN gets 100 proposals here; its time for 2,000 is computed from that.
#
# **Predict:** how many passes does each need?

# %%
whole = models.efficientnet_lite0_backbone(96)
backbone = detection.Counted(keras.Model(whole.input, whole.get_layer("block5c_add").output))
regions = proposals[-100:]


def maps_of(images):
    images = keras.ops.stack([keras.ops.image.resize(image.astype("float32"), (96, 96)) for image in images])
    return backbone((images - 127) / 128)


def rcnn():
    return maps_of([scene[top:bottom, left:right] for left, top, right, bottom in regions]).max(axis=(1, 2))


def fast_rcnn():
    return detection.region_vectors(maps_of([scene])[0], regions * (6 / 224))


def faster_rcnn():
    maps = maps_of([scene])
    hidden = rpn(maps)
    best = np.argsort(-np.asarray(objectness(hidden)).ravel())[:100]
    corners = np.asarray(moves(hidden)).reshape(-1, 4)[best]  # untrained: any boxes will do
    low = np.clip(np.abs(corners[:, :2]), 0, 4)
    return detection.region_vectors(maps[0], np.concatenate([low, low + 2], axis=1))


def one_stage():
    return yolo(maps_of([scene]))


# %%
rpn = layers.Conv2D(64, 3, padding="same", activation="relu")
objectness, moves = layers.Conv2D(9, 1), layers.Conv2D(9 * 4, 1)
yolo = layers.Conv2D(2 * 5 + 20, 1)
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
bars = {f"{name}, passes: {passes[name]}": round(seconds[name], 2) for name in ways}
plot.bars(
    bars | {"R-CNN, passes: 2000, computed": round(20 * seconds["R-CNN"], 1)},
    "seconds without proposals from outside",
)

# %% [markdown]
# One pass a region against one pass a picture. Once the backbone was shared, the authors' proposals became the slowest part; the RPN took that away.
#
# Their authors measured, each on a GPU of the time with VGG-16: R-CNN 47 s an image, Fast R-CNN 0.32 s, both without proposals (Girshick, 2015), Faster R-CNN 0.2 s with them (Ren and others, 2015). YOLO's authors gave 45 images a second (2016). Cards and networks differ.

# %% [markdown]
# ## 7 · One stage: YOLO
#
# A **one-stage** detector answers everywhere at once. **YOLO** (you only look once) lays a grid over the picture. The **grid cell** that holds an object's center answers for it.

# %%
plot.grid(scene, 7, test.boxes[0], [test.classes[label] for label in test.labels[0]])

# %%
check("one_stage_two_stages", "b")

# %% [markdown]
# Version 1: 7×7 cells, B = 2 boxes of five numbers each, C = 20 classes for the cell. In versions 2 and 3 each box has an anchor and classes of its own:

# %%
grid, boxes_per_cell, classes = 7, 2, 20
print(
    "v1:",
    (grid, grid, boxes_per_cell * 5 + classes),
    "=",
    grid * grid * (boxes_per_cell * 5 + classes),
    "numbers",
)
print("v2 on VOC, 13×13 cells, 5 anchors: ", (13, 13, 5 * (5 + 20)))
print("v3 on COCO, first of three scales, 3 anchors:", (13, 13, 3 * (5 + 80)))

# %%
check("anchors_of_yolo", "c")

# %% [markdown]
# The five numbers: x and y within the cell, width and height as parts of the image, confidence. Its goal: IoU with the thing, 0 if none. Confidence × class probability is the score of a class.

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
# | v2 | 2016 | Redmon, Farhadi | anchors |
# | v3 | 2018 | Redmon, Farhadi | three scales, residual backbone |
# | v4 | 2020 | Bochkovskiy, Wang, Liao | many training recipes combined |
# | v5, v8 | 2020, 2023 | Ultralytics | packages, no paper |

# %%
check("who_made_which_yolo", "b")

# %% [markdown]
# ## 8 · Backbone, neck, head
#
# Now train one. **Backbone**: lesson 05's pre-trained network, frozen; its maps are computed once, at two places. **Neck**: joins earlier maps, which know better where, with later ones, which know better what. **Head**: answers in each cell; boxes from the joined maps, classes from the last maps by one linear layer, as in lesson 05.
#
# What should each cell answer? `detection.targets` writes YOLO's numbers with B = 1. Unlike in YOLO v1, cells beside the center's answer, too: more learn.

# %%
whole = models.efficientnet_lite0_backbone(224)
encoder = keras.Model(whole.input, [whole.get_layer(name).output for name in ("block6d_add", "top_relu6")])
train_maps, test_maps = (detection.feature_maps(encoder, part.images) for part in (train, test))
print([maps.shape for maps in train_maps])
grid, classes = train_maps[0].shape[1], len(train.classes)
targets = detection.targets(train, grid)
inputs = [keras.Input(maps.shape[1:]) for maps in train_maps]
joined = detection.neck(inputs)
detector = keras.Model(inputs, detection.head(joined, inputs[-1], classes))
print(
    "neck",
    joined.shape,
    "· head",
    detector.output_shape,
    "=",
    f"1 × 5 + {classes}",
    "· targets",
    targets.shape,
)
print(f"{detector.count_params():,} parameters to train")

# %% [markdown]
# The loss adds the confidence toward that goal, the box's overlap, and the class's cross-entropy; the last two only where a thing is. This takes a quarter of a minute.

# %%
rate = keras.optimizers.schedules.CosineDecay(2e-4, 89, warmup_target=2e-3, warmup_steps=22)
detector.compile(
    keras.optimizers.AdamW(rate, weight_decay=0.02), loss=detection.detection_loss, steps_per_execution=8
)
history = detector.fit(
    train_maps, targets, batch_size=32, epochs=9, verbose=0, callbacks=[labs.ProgressBar()]
)
plot.curves({"training loss": history.history["loss"]}, "epoch", "loss")

# %% [markdown]
# Now put your functions together: decode, corners, suppression within each class. **Predict:** will it find animals it never saw?


# %%
def detect(prediction, threshold=0.05, size=224):
    centers, scores, labels = decode_yolo(prediction, classes, threshold)
    boxes = np.clip(np.asarray(xywh_to_xyxy(centers)) * size, 0, size)
    kept = []
    for label in range(classes):
        places = np.flatnonzero(labels == label)
        kept.extend(places[non_max_suppression(boxes[places], scores[places])])
    return boxes[kept], scores[kept], labels[kept]


predictions = detector.predict(test_maps, verbose=0)
shown = [detect(one, threshold=0.3) for one in predictions[:5]]
boxes, scores, labels = zip(*shown, strict=True)
plot.boxes(test.images[:5], boxes, labels, scores, test.classes, truths=test.boxes[:5], columns=5)

# %% [markdown]
# Look for four kinds of mistake: a wrong name, a loose box, a thing not found, a frame around nothing.

# %%
detections = [detect(one) for one in predictions]
mean = mean_average_precision(truths, detections)
parts = [slice(begin, begin + 16) for begin in range(0, len(test), 16)]
spread = np.std([mean_average_precision(truths[part], detections[part]) for part in parts], ddof=1)
print(f"mAP at 0.50, unseen things: {mean:.3f} (standard error about {spread / len(parts) ** 0.5:.3f})")
print(f"COCO, 0.50 to 0.95:         {detection.coco_mean_average_precision(truths, detections):.3f}")
seen = [detect(one) for one in detector.predict([maps[:100] for maps in train_maps], verbose=0)]
known = list(zip(train.boxes[:100], train.labels[:100], strict=True))
print(f"mAP at 0.50, training scenes: {mean_average_precision(known, seen):.3f}")
plot.precision_recall(
    {name: detection.precision_recall(truths, detections, label) for label, name in enumerate(test.classes)}
)

# %% [markdown]
# On things from training it does better. Among the unseen, flowers are found best: they look alike. The standard error comes from ten parts of the test; it does not count that the things are few.
#
# ## 9 · Broken lab
#
# This cell decodes the same answers. It runs, every array has its right shape, and most of the mAP is gone. Which two numbers were mixed up? Look at the frames first.


# %%
def broken_detect(prediction):
    boxes, scores, labels = detect(prediction.transpose(1, 0, 2))
    return boxes, scores, labels


broken = [broken_detect(one) for one in predictions]
print("mAP at 0.50:", round(mean_average_precision(truths, broken), 3))
print("boxes before and after:", sum(len(one[0]) for one in detections), sum(len(one[0]) for one in broken))
plot.boxes(
    test.images[:4], [boxes[scores > 0.3] for boxes, scores, _labels in broken[:4]], truths=test.boxes[:4]
)

# %% [markdown]
# Frames lie mirrored at the diagonal of the picture: rows were taken for columns. An array's first axis is y, a box's first number is x. A thing on the diagonal hides it.
#
# ## 10 · A real one: faces
#
# BlazeFace (Google, 2019) runs in phone cameras. It answers at 896 **anchor** places: two for each cell of a 16×16 grid, six for each of 8×8.

# %%
face_network, anchors = models.blazeface(), models.blazeface_anchors()
print(f"{face_network.count_params():,} parameters, {16 * 16 * 2} + {8 * 8 * 6} = {len(anchors)} anchors")
photos = data.photos()
plot.anchors(test.images[3], {"fine": anchors[:512], "coarse": anchors[512:]})

# %% [markdown]
# Each answer has 16 offsets, four of them the box, and one logit. Follow: a sigmoid makes the score, the anchor moves the center, then your corners and your suppression.


# %%
def find_faces(photo, threshold=0.5):
    height, width = photo.shape[:2]
    side = max(height, width)
    square = np.zeros((side, side, 3), "float32")  # 0 is the gray of the rim
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = photo / 127.5 - 1
    offsets, logits = face_network(keras.ops.image.resize(square[None], (128, 128)), training=False)
    scores = np.asarray(keras.ops.sigmoid(logits))[0, :, 0]
    boxes = np.asarray(offsets)[0, :, :4] / 128
    boxes[:, :2] += anchors
    sure = scores >= threshold
    corners = np.asarray(xywh_to_xyxy(boxes[sure])) * side - [left, top, left, top]
    return corners, scores[sure]


corners, scores = find_faces(photos["astronaut"])
kept = non_max_suppression(corners, scores, 0.3)
titles = [f"{len(corners)} anchors are sure", "after suppression"]
plot.boxes(
    [photos["astronaut"]] * 2,
    [corners, corners[kept]],
    scores=[scores, scores[kept]],
    titles=titles,
    columns=3,
)

# %% [markdown]
# **Predict:** what does it find on the other three photos?

# %%
others = [photos[name] for name in ("chelsea", "coffee", "rocket")]
found = []
for photo in others:
    corners, scores = find_faces(photo)
    kept = non_max_suppression(corners, scores, 0.3)
    found.append((corners[kept], scores[kept]))
boxes, scores = zip(*found, strict=True)
plot.boxes(others, boxes, scores=scores, columns=4)

# %% [markdown]
# It takes the cat for a person, with a lower score. The network knows only *face* and *no face*. A higher threshold would drop the cat, and with it some people.
#
# ### Exercise 7 · Cut them out

# %%
from labs.exercises.object_detection import crop_objects

# %% [markdown]
# Every thing that was found becomes a picture of its own:

# %%
cut, names = [], []
for image, prediction in zip(test.images[:5], predictions[:5], strict=True):
    boxes, scores, labels = detect(prediction, threshold=0.4)
    for crop, score, label in zip(
        crop_objects(image, boxes.round().astype(int)), scores, labels, strict=True
    ):
        cut.append(crop)
        names.append(f"{test.classes[label]} {score:.2f}")
plot.images(cut, names, columns=6)

# %% [markdown]
# ### From older Keras
#
# Detectors of 2018 to 2020, such as keras-yolo3 and Mask R-CNN, stop at their imports in Keras 3:

# %%
with labs.expect_error(ImportError):
    import keras.engine as engine  # today: keras.layers.Layer

with labs.expect_error(ImportError):
    from keras.layers.advanced_activations import LeakyReLU  # today: keras.layers.LeakyReLU

with labs.expect_error(AttributeError):
    keras.backend.gather  # today: keras.ops.take
print(keras.ops.take(np.array([10, 20, 30]), [2, 0]).numpy())

# %% [markdown]
# ## 11 · Challenge: where is it?
#
# One thing a scene: build and compile a network that says where.

# %%
from labs.exercises.object_detection import build_localizer

# %% [markdown]
# {{extra}}

# %% [markdown]
# ### Extra · The way into YOLO's output

# %%
from labs.exercises.object_detection import encode_yolo

# %% [markdown]
# ### Extra · Anchors

# %%
from labs.exercises.object_detection import make_anchors

# %% [markdown]
# ### Extra · RoI pooling

# %%
from labs.exercises.object_detection import roi_max_pool

# %% [markdown]
# ### Your own photo
#
# Put the path of a photo with people in place of `None` and run the cell.

# %%
path = None
own = photos["astronaut"] if path is None else labs.load_photo(path)
corners, scores = find_faces(own)
kept = non_max_suppression(corners, scores, 0.3)
figure = plot.boxes([own], [corners[kept]], scores=[scores[kept]], titles=[f"faces: {len(kept)}"], columns=3)
figure.savefig(labs.work_folder() / "faces.png", bbox_inches="tight")
print("saved until this notebook closes:", labs.work_folder() / "faces.png")
figure

# %% [markdown]
# ## Recap
#
# - A detection is a box, a class and a score. IoU compares boxes, NMS keeps one for each thing.
# - AP is the area under precision over recall, mAP its mean over classes. VOC and COCO measure differently: say which.
# - Two stages look into proposals, one stage answers in every cell.
#
# **Read on:** Girshick and others, *R-CNN* (2014) · Girshick, *Fast R-CNN* (2015) · Ren and others, *Faster R-CNN* (2015) · Redmon and others, *You Only Look Once* (2016) · Lin and others, *Microsoft COCO* (2014) · Bazarevsky and others, *BlazeFace* (2019). **Next:** 08, autoencoders.

# %%
check.progress("07")
