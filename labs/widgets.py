"""Figures with controls."""

from labs.display import has_reader


def explore(draw, **choices):
    """A figure with a control for each argument of `draw`.

    Args:
        draw: function that returns a matplotlib figure.
        choices: for each argument of `draw`, its values as a list or range; the first is drawn first.
            Numbers are shown as a slider, in rising order; other values as a drop-down menu.

    Returns:
        The first figure where nobody can move a slider (a script, an automatic run); else None, after
        showing the controls and, below them, the figure, which follows them.
    """
    first = draw(**{name: next(iter(values)) for name, values in choices.items()})
    if not has_reader():
        return first
    import ipywidgets
    from IPython.display import display

    controls = {name: _control(ipywidgets, name, list(values)) for name, values in choices.items()}
    display(ipywidgets.HBox(list(controls.values())))
    shown = display(first, display_id=True)

    def follow(_change):
        shown.update(draw(**{name: control.value for name, control in controls.items()}))

    for control in controls.values():
        control.observe(follow, names="value")
    return None


def _control(ipywidgets, name, values):
    if all(isinstance(value, (int, float)) for value in values):
        return ipywidgets.SelectionSlider(
            options=sorted(values), value=values[0], description=name, continuous_update=False
        )
    return ipywidgets.Dropdown(options=values, description=name)
