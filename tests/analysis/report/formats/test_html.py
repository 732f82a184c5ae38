"""A page needs nothing else: figures inside, no script, no markup from a file."""

import base64
import html
import re
from pathlib import Path

from analysis.report.formats.html import render_html
from analysis.report.formats.markdown import escape_text

LINKS = (
    "www.evil.com",
    "see https://evil.com/x",
    "HTTP://evil.com",
    "ftp://evil.com",
    "a@evil.com",
)

# What GitHub Flavored Markdown makes a link of in a text, as its specification says.
AUTOLINK = re.compile(r"(?i)www\.|[a-z][a-z0-9+.-]+://|(mailto|xmpp):|[\w.+-]+@[\w-]+\.")


def test_a_page_has_its_title_and_the_markdown_as_elements(tmp_path: Path) -> None:
    page = render_html("A & <b>", "# A\n\n- one\n- two\n\n`code`\n", tmp_path)
    assert page.startswith("<!doctype html>\n")
    assert "<title>A &amp; &lt;b&gt;</title>" in page
    assert "<h1>A</h1>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n<p><code>code</code></p>" in page


def test_a_wide_table_can_be_scrolled(tmp_path: Path) -> None:
    page = render_html("A", "| a |  b |\n|:--|---:|\n| x | 1 |\n", tmp_path)
    assert page.count('<div class="wide"><table>') == page.count("</table></div>") == 1
    assert '<td style="text-align:right">1</td>' in page


def test_markup_in_the_markdown_is_shown_not_obeyed(tmp_path: Path) -> None:
    page = render_html("A", "<script>alert(1)</script>\n\n<img src=x>", tmp_path)
    assert "<script" not in page
    assert "&lt;img src=x&gt;" in page


def test_a_figure_is_embedded_and_a_missing_one_stays_a_link(tmp_path: Path) -> None:
    content = b"\x89PNG bytes"
    (tmp_path / "a (b).png").write_bytes(content)
    page = render_html("A", "![x](a%20%28b%29.png) ![y](missing.png)", tmp_path)
    assert f'src="data:image/png;base64,{base64.b64encode(content).decode()}"' in page
    assert 'src="missing.png"' in page


def test_a_page_may_load_nothing_of_anybodys(tmp_path: Path) -> None:
    page = render_html("A", "# A\n", tmp_path)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)
    assert policy is not None
    assert policy[1].startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'")
    assert page.index("Content-Security-Policy") < page.index("<style>")


def test_a_title_holds_no_control_character(tmp_path: Path) -> None:
    assert "<title>a?[2J b?</title>" in render_html("a\x1b[2J\nb\u202e", "# A\n", tmp_path)


def test_a_bare_address_in_a_name_is_no_link(tmp_path: Path) -> None:
    for name in LINKS:
        assert AUTOLINK.search(name), name
        shown = html.unescape(render_html("A", escape_text(name), tmp_path).split("<body>")[1])
        assert not AUTOLINK.search(shown), name
        assert "<a " not in shown


def test_only_figures_are_embedded(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    assert 'src="secret.txt"' in render_html("A", "![x](secret.txt)", tmp_path)
