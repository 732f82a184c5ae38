from analysis.findings.finding import Finding
from analysis.report.sections.findings import render_findings


def test_each_finding_is_an_item_and_its_names_are_escaped() -> None:
    found = (Finding("leader", "a|b leads.", "a|b"), Finding("few trials", "Only 2 trials."))
    assert render_findings(found) == "- a\\|b leads.\n- Only 2 trials."
    assert render_findings(()) == ""
