import re
from pathlib import Path

import pytest
from PIL import Image

from analysis.figures.forest import ForestRow, plot_forest
from analysis.figures.saving import name_file, save_figure
from tests.analysis.figures.conftest import HOSTILE

ROWS = [
    ForestRow("A", 0.01, 0.0, 0.02, "inconclusive"),
    ForestRow("B", None, None, None, "pending", "B seed 1 failed"),
]


def test_the_same_data_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = (save_figure(plot_forest(ROWS, rope=0.005), tmp_path / n, "f") for n in "ab")
    for path, twin in zip(one, other, strict=True):
        assert path.read_bytes() == twin.read_bytes()


def test_no_file_carries_a_date_or_a_version(tmp_path: Path) -> None:
    png, svg = save_figure(plot_forest(ROWS, rope=0.005), tmp_path, "forest")
    assert not re.search(r"<dc:date>|Matplotlib v", svg.read_text())
    assert b"Software" not in png.read_bytes()


def test_a_png_has_300_dots_an_inch_and_a_page_s_width(tmp_path: Path) -> None:
    png, svg = save_figure(plot_forest(ROWS, rope=0.005), tmp_path / "new" / "figures", "forest")
    assert (png.name, svg.name) == ("forest.png", "forest.svg")
    with Image.open(png) as image:
        assert image.width == 1890
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_plain_names_stay() -> None:
    assert name_file("slice", "weight_decay") == "slice-weight_decay"


def test_any_name_gives_a_safe_one_of_its_own() -> None:
    words = (*HOSTILE, "../../etc/passwd", "a b", "a/b", "A", "a", "x" * 300, "", ".")
    names = [name_file("slice", word) for word in words]
    assert len(set(names)) == len(words)
    assert all(re.fullmatch(r"[a-z0-9_-]{1,100}", name) for name in names)


def test_a_figure_is_not_drawn_through_a_link(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.write_text("precious")
    folder = tmp_path / "figures"
    folder.mkdir()
    for suffix in ("png", "svg"):
        (folder / f"forest.{suffix}").symlink_to(precious)
    png, svg = save_figure(plot_forest(ROWS, rope=0.005), folder, "forest")
    assert precious.read_text() == "precious"
    assert not png.is_symlink()
    assert not svg.is_symlink()
