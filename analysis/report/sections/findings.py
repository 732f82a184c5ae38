"""The findings as Markdown."""

from analysis.findings.finding import Finding
from analysis.report.formats.markdown import escape_text


def render_findings(findings: tuple[Finding, ...]) -> str:
    """Return the findings as a Markdown list."""
    return "\n".join(f"- {escape_text(finding.sentence, longest=None)}" for finding in findings)
