"""Lesson 04: the four ways to connect convolutions."""


def draw():
    """A chain, an Inception block, a residual block and a dense block, as boxes and arrows."""
    import matplotlib.pyplot as plt

    from labs.plot import style

    figure, axes = plt.subplots(1, 4, figsize=(11, 3.0), layout="constrained")
    titles = ("VGG: a chain", "Inception: side by side", "ResNet: a shortcut", "DenseNet: all joined")
    for axis, title in zip(axes, titles, strict=True):
        axis.set(xlim=(0, 4), ylim=(0, 5), title=title)
        axis.axis("off")

    def box(axis, x, y, text, color=style.SKY, width=1.1):
        axis.text(
            x,
            y,
            text,
            ha="center",
            va="center",
            fontsize=14,
            bbox=dict(
                boxstyle=f"round,pad=0.25,rounding_size={0.1 * width}", facecolor=color, edgecolor="black"
            ),
        )

    def arrow(axis, start, end, bend=0.0, color=style.BLACK, width=1.8):
        line = dict(
            arrowstyle="-|>",
            linewidth=width,
            color=color,
            shrinkA=11,
            shrinkB=11,
            connectionstyle=f"arc3,rad={bend}",
        )
        axis.annotate("", xy=end, xytext=start, arrowprops=line)

    chain, inception, residual, dense = axes
    for axis in axes:
        box(axis, 2, 0.4, "x", "white")
    for height in (1.7, 3.0):
        box(chain, 2, height, "3×3")
        arrow(chain, (2, height - 1.3), (2, height))
    arrow(chain, (2, 3.0), (2, 4.6))
    columns = ((0.4, ["1×1"]), (1.5, ["1×1", "3×3"]), (2.6, ["1×1", "5×5"]), (3.7, ["max", "1×1"]))
    for x, names in columns:
        places = [(x, 1.6 + 1.2 * number) for number in range(len(names))]
        for place, name in zip(places, names, strict=True):
            box(inception, *place, name, style.ORANGE if name == "max" else style.SKY)
        for start, end in zip([(2, 0.4), *places], [*places, (2, 4.3)], strict=True):
            arrow(inception, start, end)
    box(inception, 2, 4.3, "joined", "white")
    for height in (1.7, 3.0):
        box(residual, 2, height, "3×3")
        arrow(residual, (2, height - 1.3), (2, height))
    arrow(residual, (2, 3.0), (2, 4.3))
    box(residual, 2, 4.3, "+", "white")
    arrow(residual, (2, 0.4), (2, 4.3), bend=0.75, color=style.RED, width=3)
    heights = (0.4, 1.7, 3.0, 4.3)
    for number, height in enumerate(heights[1:3]):
        box(dense, 2, height, "3×3")
        arrow(dense, (2, heights[number]), (2, height))
    box(dense, 2, 4.3, "joined", "white")
    arrow(dense, (2, 3.0), (2, 4.3))
    for start, end, bend in ((0.4, 3.0, 0.75), (0.4, 4.3, 0.8), (1.7, 4.3, -0.8)):
        arrow(dense, (2, start), (2, end), bend=bend, color=style.RED, width=2.4)
    plt.close(figure)
    return figure
