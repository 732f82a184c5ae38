import numpy as np
import pytest

from analysis.report.sections.trend_tables import (
    render_correlations,
    render_evidence_table,
    render_proposal_table,
)
from analysis.trends.table import tabulate_trend, tabulate_trends
from tests.analysis.conftest import MakeTrials


def test_the_plain_table_is_the_proposals(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7, 0.72, 0.715, 0.69], params={"lr": [5e-5, 5e-5, 1e-4, 0.0]})
    assert render_proposal_table(tabulate_trend(frame, "lr", 2)).splitlines() == [
        "| lr       |   Mean AUC |   Max AUC |   % of Top 2 |",
        "|:---------|-----------:|----------:|-------------:|",
        "| 0.0      |     0.6900 |    0.6900 |         0.0% |",
        "| 5e-5     |     0.7100 |    0.7200 |        50.0% |",
        "| **1e-4** | **0.7150** |    0.7150 |    **50.0%** |",
    ]


def test_a_leader_without_the_best_mean_has_no_bold_mean(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.9, 0.1, 0.6, 0.6], params={"a": [1, 1, 2, 2]})
    lines = render_proposal_table(tabulate_trend(frame, "a", 1)).splitlines()
    assert lines[2] == "| **1** |     0.5000 |    0.9000 |   **100.0%** |"


def test_a_loss_has_a_minimum(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2], params={"a": [1, 2]}, direction="minimize", name="val_loss")
    assert "Min val_loss" in render_proposal_table(tabulate_trend(frame, "a"))


def test_what_cannot_be_told_apart_is_said_so(make_trials: MakeTrials) -> None:
    params = {"a": [1, 1, 2, 2], "twin": ["p", "p", "q", "q"], "c": [1, 2, 1, 2]}
    frame = make_trials(metric=[0.70, 0.72, 0.60, 0.62], params=params)
    assert "not separable" in render_evidence_table(tabulate_trend(frame, "a", 2))


def test_the_evidence_table_shows_counts_share_and_lift(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[*np.linspace(0.7, 0.72, 10), *np.linspace(0.6, 0.62, 10)],
        params={"a": [1] * 10 + [2] * 10, "c": [1, 2] * 10, "d": list("abcdefghij") * 2},
    )
    table = render_evidence_table(tabulate_trend(frame, "a", 2))
    assert "% of top 4 of 20 configurations" in table
    assert "| 1   |       10 |               10 |" in table
    assert "**100.0%** | 2.00 [0.89, 2.00]" in table


def test_no_share_is_bold_where_no_value_leads(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7] * 20, params={"a": [1, 2] * 10, "c": range(20)})
    assert "**" not in render_evidence_table(tabulate_trend(frame, "a"))


def test_intervals_are_printed_with_signs(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.70, 0.72, 0.60, 0.62], params={"a": [1, 1, 2, 2], "c": [1, 2, 1, 2]}
    )
    table = render_evidence_table(tabulate_trend(frame, "a", 2))
    assert "+0.0500 [+0.0500, +0.0500]" in table


def test_hostile_names_are_escaped_everywhere(make_trials: MakeTrials) -> None:
    params = {"a|b`\n<i>": ["x|1`\n<b>", "y"], "n|": [1, 2]}
    frame = make_trials(metric=[1, 2], params=params, name="m|<auc>")
    for table in tabulate_trends(frame):
        for text in (render_proposal_table(table), render_evidence_table(table)):
            lines = text.splitlines()
            assert len(lines) == 4
            assert len({line.replace(r"\|", "").count("|") for line in lines}) == 1
            assert "<" not in text


def test_correlations_leave_text_out(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[1, 2, 3], params={"a": [1, 2, 3], "opt": ["p", "q", "r"]})
    assert render_correlations(tabulate_trends(frame)).splitlines()[2:] == [
        "| a                |    +1.000 |     +1.000 |"
    ]


def test_a_tied_top_keeps_the_n_that_was_asked(make_trials: MakeTrials) -> None:
    table = tabulate_trend(make_trials(metric=[1.0] * 9, params={"a": range(9)}), "a", 3)
    assert "% of Top 3" in render_proposal_table(table)
    assert table.n_top == pytest.approx(9)
