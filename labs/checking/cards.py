"""How a check looks: a card in Jupyter and Colab, plain text elsewhere."""

import html

from labs.text import _

# Symbol, word and color of each outcome; the colors are those of Okabe and Ito, told apart by everyone.
LOOKS = {
    "passed": ("✓", "Passed", "#009E73"),
    "wrong": ("✗", "Not right yet", "#D55E00"),
    "error": ("!", "Error", "#CC79A7"),
    "unattempted": ("○", "Not attempted", "#0072B2"),
    "hint": ("→", "Hint", "#E69F00"),
    "solution": ("=", "Solution", "#56B4E9"),
    "board": ("#", "Progress", "#0072B2"),
}


class Card:
    """A heading, paragraphs and preformatted parts, as HTML and as plain text."""

    def __init__(self, look, title, paragraphs, preformatted=(), footer=""):
        self.symbol, word, self.color = LOOKS[look]
        self.word = _(word)
        self.title = title
        self.paragraphs = [part for part in paragraphs if part]
        self.preformatted = [part for part in preformatted if part]
        self.footer = footer

    def __repr__(self):
        lines = [f"{self.symbol} {self.word} · {self.title}", *self.paragraphs, *self.preformatted]
        return "\n".join([*lines, self.footer] if self.footer else lines)

    def _repr_html_(self):
        # Own background and text colors: readable in light and dark themes.
        parts = [
            f'<div role="group" aria-label="{html.escape(self.word)}: {html.escape(self.title)}" style="'
            f"border:1px solid {self.color};border-left:8px solid {self.color};border-radius:4px;"
            f"background:#ffffff;color:#1a1a1a;padding:8px 14px;margin:4px 0;max-width:52em;font-size:15px;"
            f'line-height:1.45;overflow-wrap:anywhere">',
            f'<div style="font-weight:bold;margin-bottom:2px"><span style="display:inline-block;'
            f'min-width:1.4em;color:{self.color};font-size:1.15em" aria-hidden="true">{self.symbol}</span>'
            f"{html.escape(self.word)} · {html.escape(self.title)}</div>",
        ]
        for text in self.paragraphs:
            parts += [f'<div style="margin:2px 0">{html.escape(line)}</div>' for line in text.split("\n")]
        for text in self.preformatted:
            parts.append(
                '<pre style="background:#f3f3f3;color:#1a1a1a;padding:6px 10px;margin:6px 0;'
                f'font-size:13px;line-height:1.35;overflow:auto">{html.escape(text)}</pre>'
            )
        if self.footer:
            parts.append(f'<div style="margin-top:4px;color:#444444">{html.escape(self.footer)}</div>')
        return "".join(parts) + "</div>"


def result_card(result, footer):
    """The card of a check's result."""
    printed = _("It printed:") + "\n" + result.printed if result.printed else ""
    return Card(result.status, result.name, [result.message], [result.detail, printed], footer)
