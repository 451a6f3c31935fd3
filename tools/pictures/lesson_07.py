"""Lesson 07: four unseen scenes with what the lesson's detector finds in them."""

SHOWN = 4
COLORS = 96
THRESHOLD = 0.4


def draw():
    """The detector, trained as in the lesson, on the test scenes where it is most certain."""
    import matplotlib.pyplot as plt
    import numpy as np
    from results.lesson_07 import found_in, scene_maps, train_detector

    from labs import plot

    train, test, train_maps, test_maps = scene_maps()
    detector = train_detector(train, train_maps, seed=7)
    found = [found_in(one, len(test.classes), THRESHOLD) for one in detector.predict(test_maps, verbose=0)]
    right = [
        sorted(labels.tolist()) == sorted(wanted.tolist()) and len(set(wanted.tolist())) > 1
        for (_boxes, _scores, labels), wanted in zip(found, test.labels, strict=True)
    ]
    chosen = np.flatnonzero(right)[:SHOWN]
    boxes, scores, labels = zip(*(found[place] for place in chosen), strict=True)
    figure = plot.boxes(test.images[chosen], boxes, labels, scores, test.classes)
    plt.close(figure)
    return figure
