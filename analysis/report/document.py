"""A report as an ordered list of sections, each of which can be pasted alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.report.formats.markdown import escape_text, join_blocks
from analysis.verdicts.checklist import Checklist
from trial_sets.errors import InputError

# Every name that --section knows, in the order of a report.
SECTION_TITLES: dict[str, str] = {
    "headline": "Headline",
    "checklist": "Checklist",
    "candidate": "Candidate against control and baselines",
    "regret": "Regret",
    "importance": "Importance",
    "interactions": "Interactions",
    "trends": "Trends",
    "findings": "Findings",
    "diagnoses": "Diagnoses",
    "unfinished": "Pruned, failed and repeated trials",
    "stops": "Stops",
    "health": "Training health",
    "cost": "Cost",
    "next": "Next steps",
    "caveats": "Caveats",
    "methods": "Methods",
    "provenance": "Provenance",
}


@dataclass(frozen=True, slots=True)
class Illustration:
    """A figure's file and what it shows.

    Attributes
    ----------
    section
        The name of the section that it belongs to.
    path
        Relative to the report, with forward slashes.
    caption
        Plain text, not yet escaped.
    param
        The hyperparameter that it is about, if it is about one.
    """

    section: str
    path: str
    caption: str
    param: str | None = None

    def render(self) -> str:
        """Return the image as Markdown."""
        target = self.path.replace("%", "%25").replace(" ", "%20").replace("(", "%28")
        return f"![{escape_text(self.caption)}]({target.replace(')', '%29')})"


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a report: its name, and its Markdown without the heading."""

    name: str
    text: str

    @property
    def title(self) -> str:
        """The heading."""
        return SECTION_TITLES[self.name]

    def render(self) -> str:
        """Return the section with its heading; the headline has none."""
        return self.text if self.name == "headline" else f"## {self.title}\n\n{self.text}"


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report, and the same content as JSON values.

    Attributes
    ----------
    checklist
        What is printed beside the headline; None where no study was held against the results.
    """

    title: str
    sections: tuple[Section, ...]
    data: Mapping[str, Any] = field(default_factory=dict)
    checklist: Checklist | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The sections that it has."""
        return tuple(section.name for section in self.sections)

    def render(self) -> str:
        """Return the report as Markdown."""
        blocks = (section.render() for section in self.sections)
        return join_blocks(f"# {escape_text(self.title, longest=200)}", *blocks) + "\n"

    def render_section(self, name: str) -> str:
        """Return one section alone.

        Raises
        ------
        InputError
            If this report has no such section.
        """
        for section in self.sections:
            if section.name == name:
                return section.render() + "\n"
        known = ", ".join(self.names)
        raise InputError(f"this report has no section {name!r}; it has {known}")


def gather_sections(texts: Mapping[str, str]) -> tuple[Section, ...]:
    """Return the sections that have a text, in the order of a report."""
    return tuple(Section(name, texts[name]) for name in SECTION_TITLES if texts.get(name))


def show_images(
    illustrations: Iterable[Illustration], section: str, param: str | None = None
) -> str:
    """Return the images of one section, or of one hyperparameter in it."""
    chosen = (one for one in illustrations if one.section == section and one.param == param)
    return join_blocks(*(one.render() for one in chosen))
