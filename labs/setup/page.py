"""Turn an executed notebook into one HTML file that needs no network."""

import copy
import logging

from latex2mathml import exceptions
from latex2mathml.converter import convert
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

WIDGET = "application/vnd.jupyter.widget-view+json"

# JupyterLab's page without the scripts that it loads from the internet.
TEMPLATE = """
{%- extends 'lab/index.html.j2' -%}
{%- block html_head_js -%}{%- endblock -%}
{%- block jupyter_widgets -%}{%- endblock -%}
{%- block html_head_js_mathjax -%}{%- endblock -%}
{%- block html_head_js_mermaidjs -%}{%- endblock -%}
"""

# The library's errors have no base class in common.
FORMULA_ERRORS = tuple(
    error for error in vars(exceptions).values() if isinstance(error, type) and issubclass(error, Exception)
)


def mathml(formula, display):
    """A TeX formula as MathML, which browsers show without a script; as written where it is not valid TeX."""
    try:
        return convert(formula, display=display)
    except FORMULA_ERRORS:
        return None


class Renderer(IPythonRenderer):
    """Markdown as Jupyter shows it, with the formulas as MathML."""

    def inline_math(self, body):
        return mathml(body, "inline") or super().inline_math(body)

    def block_math(self, body):
        return mathml(body, "block") or super().block_math(body)


def render_markdown(source):
    """A Markdown cell as HTML."""
    return MarkdownWithMath(renderer=Renderer(escape=False)).render(source)


def without_widgets(notebook):
    """A copy without the widgets, which need a kernel; the pictures beside them stay."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if WIDGET not in output.get("data", {})]
    return notebook


def page_of(notebook, title):
    """The notebook as the text of one HTML file."""
    exporter = HTMLExporter(raw_template=TEMPLATE, filters={"markdown2html": render_markdown})
    # It would tell students which pictures have no alternative text.
    exporter.log.setLevel(logging.ERROR)
    page, _resources = exporter.from_notebook_node(
        without_widgets(notebook), resources={"metadata": {"name": title}}
    )
    return page
