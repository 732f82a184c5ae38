"""A page needs nothing else: figures inside, no script, no markup from a file."""

import base64
from pathlib import Path

from analysis.report.formats.html import render_html


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


def test_only_figures_are_embedded(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    assert 'src="secret.txt"' in render_html("A", "![x](secret.txt)", tmp_path)
