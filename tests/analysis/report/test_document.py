"""A report is its sections in order, each of which can be pasted alone."""

import pytest

from analysis.report.document import (
    SECTION_TITLES,
    Illustration,
    Report,
    Section,
    gather_sections,
    show_images,
)
from trial_sets.errors import InputError


def test_sections_with_a_text_stand_in_the_declared_order() -> None:
    found = gather_sections({"cost": "C", "headline": "H", "health": "", "trends": "T"})
    assert [section.name for section in found] == ["headline", "trends", "cost"]


def test_a_text_of_no_known_section_is_left_out() -> None:
    assert gather_sections({"anything": "text"}) == ()


def test_a_report_is_its_title_headline_and_headed_sections() -> None:
    report = Report("A <b>", (Section("headline", "> - said"), Section("cost", "1 s.")))
    assert report.render() == "# A &lt;b&gt;\n\n> - said\n\n## Cost\n\n1 s.\n"


def test_one_section_can_be_rendered_alone() -> None:
    report = Report("A", (Section("headline", "> - said"), Section("next", "Try it.")))
    assert report.render_section("next") == "## Next steps\n\nTry it.\n"
    assert report.render_section("headline") == "> - said\n"
    with pytest.raises(InputError, match="no section 'cost'; it has headline, next"):
        report.render_section("cost")


def test_every_title_is_one_section_s() -> None:
    assert len(set(SECTION_TITLES.values())) == len(SECTION_TITLES)


def test_a_path_cannot_end_its_link() -> None:
    image = Illustration("trends", "figures/a (b)%20.png", "lr [log]")
    assert image.render() == r"![lr \[log\]](figures/a%20%28b%29%2520.png)"


def test_images_stand_with_their_section_and_hyperparameter() -> None:
    images = [
        Illustration("trends", "lr.png", "lr", "lr"),
        Illustration("trends", "all.png", "all"),
        Illustration("cost", "cost.png", "cost"),
    ]
    assert show_images(images, "trends") == "![all](all.png)"
    assert show_images(images, "trends", "lr") == "![lr](lr.png)"
    assert show_images(images, "health") == ""
