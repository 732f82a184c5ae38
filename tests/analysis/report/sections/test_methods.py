"""What limits the results, and how they were computed."""

from dataclasses import replace

from analysis.report.sections.methods import (
    render_caveats,
    render_run_methods,
    render_trials_methods,
)
from analysis.runs.run import Run
from analysis.runs.run_frame import frame_run
from analysis.verdicts.run_cases import judge_run
from tests.analysis.conftest import MakeTrials


def test_what_has_one_value_was_held_fixed(make_trials: MakeTrials) -> None:
    params = {
        "lr": [5e-5, 5e-5],
        "d_model": [64, 64],
        "kind": ["a|b", "a|b"],
        "dropout": [0.1, 0.2],
    }
    first = render_caveats(make_trials(metric=[0.5, 0.6], params=params)).splitlines()[0]
    assert first == (
        "- Held fixed in all trials: lr 5e-5, d_model 64 and kind a\\|b. Nothing here says what "
        "other values would do."
    )


def test_what_some_trials_alone_set_is_held_fixed_there(make_trials: MakeTrials) -> None:
    params = {"layers": [1, 2, 2], "units_l2": [None, 8, 8]}
    text = render_caveats(make_trials(metric=[1, 2, 3], params=params))
    assert "units_l2 8 (where it is set, 2 of 3)" in text


def test_notes_of_the_reader_are_caveats(make_trials: MakeTrials) -> None:
    frame = replace(make_trials(metric=[0.5, 0.6], params={"a": [1, 2]}), notes=("a <note>",))
    assert render_caveats(frame).splitlines() == [
        "- The results come from another tool, whose data, splits and seeds are not known here.",
        "- a &lt;note&gt;",
    ]


def test_a_run_names_its_period_and_the_want_of_a_test(run: Run) -> None:
    text = render_caveats(frame_run(run), run)
    assert "All validation rows come from one period, 2015-01-02 to 2016-12-30." in text
    assert "no test period" not in text
    splits = {name: run.info.data.splits[name] for name in ("train", "validation")}
    data = run.info.data.model_copy(update={"splits": splits})
    bare = replace(run, info=run.info.model_copy(update={"data": data}))
    assert "- The run has no test period." in render_caveats(frame_run(bare), bare)


def test_the_methods_of_a_run_state_its_numbers(run: Run) -> None:
    text = render_run_methods(run, judge_run(run, 0.01))
    for part in (
        "Every trial was trained with 1 to 2 seeds and scored on the same 600 rows.",
        "by the 12 slowest cosines, never below that of independent rows",
        "adjusted after Holm over all 2 declared claims, and for looking again",
        "Confirmed: the adjusted p lies below 0.05 (or the planned look's threshold), the "
        "estimate is at least the ROPE, 0.01 AUC",
        "Of 2 claims here 0 were.",
    ):
        assert part in text


def test_the_methods_of_other_tools_state_the_size_of_the_top(
    run: Run, make_trials: MakeTrials
) -> None:
    frame = make_trials(metric=[0.5, 0.6], params={"a": [1, 2]}, direction="minimize", name="loss")
    text = render_trials_methods(frame, None)
    assert (
        "over finished trials of loss (minimized). The top holds 60 trials, or 20 % where" in text
    )
    assert "\n" not in text
    assert "and the top is 20.0% of these" in text
    assert "exact interval of Fisher's noncentral hypergeometric law" in text
    assert "five ranges of about equal counts where there are more than 12" in text
    assert "no claim is more than inconclusive" in render_trials_methods(frame, judge_run(run))


def test_a_run_that_two_libraries_computed_says_so(run: Run) -> None:
    assert "multiplied with" not in render_caveats(frame_run(run), run)
    first, *others = run.fits
    provenance = first.record.provenance.model_copy(update={"matmul": "onednn"})
    other = replace(first, record=first.record.model_copy(update={"provenance": provenance}))
    mixed = replace(run, fits=(other, *others))
    assert "Fits of this run multiplied with default and onednn" in render_caveats(
        frame_run(mixed), mixed
    )
