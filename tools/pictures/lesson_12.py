"""Lesson 12: a photo on its way to a painting, and the painting that lends its style."""

COLORS = 64
STEPS = (10, 100)
SIZE = 192


def draw():
    """The photo, two steps on the way, and the style, as in the lesson."""
    from labs import data, models, plot, style_transfer
    from labs.exercises.applications import gram_matrix, style_loss

    content = style_transfer.square(data.photos()["chelsea"], SIZE)
    style = style_transfer.square(style_transfer.painting(), SIZE)
    look = style_transfer.extractor(models.efficientnet_lite0_backbone(SIZE))
    transfer = style_transfer.StyleTransfer(look, content, style, gram_matrix, style_loss)
    pictures, _losses = transfer.run(max(STEPS), keep=STEPS)
    return plot.images([content, *pictures.values(), style], columns=4)
