"""A report as one HTML file that needs nothing else: figures inside, no script, no network."""

import base64
import html
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from trial_sets.wording import tame_text

_STYLE = """
body { font: 16px/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; color: #1a1a1a;
       max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.7rem; line-height: 1.25; }
h2 { margin-top: 2.5rem; padding-bottom: .2rem; border-bottom: 1px solid #d0d0d0; }
h3 { margin-top: 2rem; }
blockquote { margin: 1.5rem 0; padding: .6rem 1rem .6rem .2rem; background: #f2f5f9;
             border-left: 4px solid #1f4e79; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; margin: 1rem 0; font-size: .88rem;
        font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .6rem; border-bottom: 1px solid #ddd; vertical-align: top; }
td[style*="right"] { white-space: nowrap; }
th { border-bottom: 2px solid #888; }
img { max-width: 46rem; width: 100%; height: auto; }
code { font-size: .88em; background: #f3f3f3; padding: .1em .3em; overflow-wrap: anywhere; }
pre { background: #f3f3f3; padding: .8rem; overflow-x: auto; }
pre code { padding: 0; overflow-wrap: normal; }
@media print { body { max-width: none; } h2, h3 { break-after: avoid; } }
"""


# What the page may load: its own style and the figures inside it, and nothing of anybody's.
_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'"
)


def render_html(title: str, markdown: str, folder: Path) -> str:
    """Return a whole report as a page.

    Parameters
    ----------
    markdown
        The report, with its title as the first heading.
    folder
        Against which the figures' paths are resolved; one that is missing is left as a link.
    """
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(markdown)
    for token in tokens:
        for child in token.children or ():
            _embed(child, folder)
    body = parser.renderer.render(tokens, parser.options, {})
    body = body.replace("<table>", '<div class="wide"><table>')
    body = body.replace("</table>", "</table></div>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{html.escape(tame_text(title))}</title>\n<style>{_STYLE}</style>\n"
        f"</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _embed(token: Token, folder: Path) -> None:
    """Put an image's bytes where its path stood."""
    if token.type != "image":
        return
    path = folder / unquote(str(token.attrs["src"]))
    if path.suffix == ".png" and path.is_file():
        content = base64.b64encode(path.read_bytes()).decode("ascii")
        token.attrs["src"] = f"data:image/png;base64,{content}"
