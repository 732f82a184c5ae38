from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from analysis.findings.evidence import Evidence, gather_evidence
from analysis.findings.finding import Finding
from analysis.findings.trial_rules import (
    report_collapse,
    report_false_stops,
    report_few,
    report_narrow_range,
    report_noise,
    report_overfit,
    report_references,
    report_seed_noise,
    report_short_trials,
    report_spikes,
    report_states,
)
from analysis.frames.frame import TrialFrame
from tests.analysis.conftest import MakeTrials

Rule = Callable[[Evidence], Iterator[Finding]]


def sentences(rule: Rule, frame: TrialFrame) -> list[str]:
    return [finding.sentence for finding in rule(gather_evidence(frame))]


def test_unfinished_trials_are_counted(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.7, 0.6, np.nan],
        params={"a": [1, 2, 3]},
        state=["complete", "pruned", "complete"],
    )
    assert sentences(report_states, frame) == [
        "1 of 3 trials finished (1 pruned and 1 not finite); only these enter the tables."
    ]


def test_few_trials_are_said(make_trials: MakeTrials) -> None:
    few = make_trials(metric=[0.7], params={"a": [1]})
    assert sentences(report_few, few)[0].startswith("Only 1 distinct configuration finished")
    for n, n_said in ((12, 1), (13, 0)):  # a fifth of 13 is a top of three
        frame = make_trials(metric=range(n), params={"a": range(n)})
        assert len(sentences(report_few, frame)) == n_said
    copies = make_trials(metric=range(60), params={"a": [1, 2, 3] * 20})
    assert sentences(report_few, copies)[0].startswith("Only 3 distinct configurations")


@pytest.mark.parametrize(("spread", "is_noise"), [(0.01, True), (0.2, False)])
def test_a_lead_no_larger_than_chance_is_noise(
    make_trials: MakeTrials, spread: float, is_noise: bool
) -> None:
    metric = 0.72 + spread * np.linspace(-0.5, 0.5, 29)
    frame = make_trials(metric=metric, params={"a": range(29)}, positives=76, negatives=346)
    found = sentences(report_noise, frame)
    assert bool(found) is is_noise
    if is_noise:
        assert "stands 0.0050 AUC above their median" in found[0]
        assert "would stand 0.0160 above it by chance (76 positives, 346 negatives" in found[0]


def test_without_counts_or_auc_nothing_is_called_noise(make_trials: MakeTrials) -> None:
    params = {"a": range(29)}
    assert sentences(report_noise, make_trials(metric=[0.7] * 29, params=params)) == []
    loss = make_trials(metric=[0.7] * 29, params=params, name="loss", positives=76, negatives=346)
    assert sentences(report_noise, loss) == []


def test_configurations_within_the_noise_of_seeds(
    make_trials: MakeTrials, rng: np.random.Generator
) -> None:
    params, seeds = {"a": np.repeat(range(5), 6)}, list(range(6)) * 5
    noise = make_trials(metric=rng.standard_normal(30), params=params, seed=seeds)
    assert sentences(report_seed_noise, noise)[0].startswith("All within the noise of seeds: the 5")
    apart = make_trials(
        metric=params["a"] + 0.1 * rng.standard_normal(30), params=params, seed=seeds
    )
    assert sentences(report_seed_noise, apart) == []


def test_trials_that_all_came_out_alike(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.700, 0.701, 0.702], params={"a": [1, 2, 3]})
    assert sentences(report_narrow_range, frame)[0].startswith("All 3 trials lie within 0.0020 AUC")
    assert (
        sentences(report_narrow_range, make_trials(metric=[0.6, 0.7, 0.8], params={"a": [1, 2, 3]}))
        == []
    )


def test_collapsed_predictions_are_named(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.7] * 7,
        params={"a": range(7)},
        prediction_low=[0.1] * 7,
        prediction_high=[0.25] * 6 + [0.9],
    )
    assert sentences(report_collapse, frame) == [
        "The predictions of 6 trials span less than 0.2 (narrowest 0.15): trial T0, trial T1, "
        "trial T2, trial T3, trial T4 and 1 more."
    ]


def test_a_trial_that_ended_at_once_is_named(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7] * 3, params={"a": range(3)}, epochs_run=[1, 50, 40])
    assert sentences(report_short_trials, frame)[0].startswith(
        "1 trial ended within 2 epochs where the median is 40: trial T0"
    )
    short_study = make_trials(metric=[0.7] * 3, params={"a": range(3)}, epochs_run=[1, 2, 2])
    assert sentences(report_short_trials, short_study) == []


def test_a_spiking_loss_is_named(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7, 0.6], params={"a": [1, 2]}, loss_rise=[0.1, 2.0])
    assert (
        "of 1 trial rose by more than 50.0% above its lowest value (at most by 200.0%): trial T1"
        in (sentences(report_spikes, frame)[0])
    )


def test_early_stops_at_the_last_epoch_contradict_themselves(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.7, 0.6], params={"a": [1, 2]}, epochs_run=[50, 50], stopped_early=[True, True]
    )
    assert sentences(report_false_stops, frame) == [
        "2 trials are marked as stopped early, yet all of them ran 50 epochs, the most of any."
    ]
    honest = make_trials(
        metric=[0.7, 0.6], params={"a": [1, 2]}, epochs_run=[50, 30], stopped_early=[True, True]
    )
    assert sentences(report_false_stops, honest) == []


def test_a_gap_between_training_and_validation(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[0.7, 0.7], params={"a": [1, 2]}, train_metric=[0.95, 0.9])
    assert sentences(report_overfit, frame) == [
        "The median trial is 0.2250 AUC better on its training rows than on validation."
    ]


@pytest.mark.parametrize(
    ("best", "verb", "ending"),
    [
        (0.8, "beats", ""),
        (0.7, "equals", ""),
        (
            0.71,
            "stands above",
            "; this difference of 0.0100 is within its error of 0.0314 (95 %, estimates correlated "
            "at 0.9)",
        ),
    ],
)
def test_a_baseline_that_comes_first_is_named_and_beats_beyond_the_error_alone(
    make_trials: MakeTrials, best: float, verb: str, ending: str
) -> None:
    """The error: 1.96 sqrt(2 x 0.1) 0.0358 with 76 positives of 422."""
    roles = ["baseline", None, None]
    frame = make_trials(metric=[best, 0.7, 0.7], params={"a": [None, 1, 2]}, role=roles,
                        positives=76, negatives=346)  # fmt: skip
    assert sentences(report_references, frame) == [
        f"A baseline trial {verb} all 2 tuned configurations: trial T0 has {best:.4f}, the "
        f"best tuned one 0.7000{ending}."
    ]


def test_without_its_error_nothing_beats(make_trials: MakeTrials) -> None:
    roles = ["forced", None, None]
    frame = make_trials(metric=[0.9, 0.7, 0.6], params={"a": [1, 2, 3]}, role=roles)
    (sentence,) = sentences(report_references, frame)
    assert sentence.startswith("A forced trial stands above all 2 tuned configurations")
    assert sentence.endswith(
        "whether this difference of 0.2000 is more than its error is not known."
    )


def test_references_are_compared_by_their_mean_over_seeds(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.9, 0.1, 0.6, 0.6],
        params={"a": [1, 1, 2, 2]},
        role=["control", "control", None, None],
        seed=[0, 1, 0, 1],
    )
    assert sentences(report_references, frame) == []


def test_a_lower_loss_wins(make_trials: MakeTrials) -> None:
    frame = make_trials(
        metric=[0.1, 0.2],
        params={"a": [1, 2]},
        role=["default", None],
        direction="minimize",
        name="loss",
    )
    assert (
        "trial T0 has 0.1000, the best tuned one 0.2000" in sentences(report_references, frame)[0]
    )


def describe(rule: Rule, frame: TrialFrame, rope: float | None) -> list[str]:
    """Return what a rule says of results in units of an RMSE with a ROPE."""
    named = replace(frame, title="RMSE", decimals=2)
    return [finding.sentence for finding in rule(gather_evidence(named, rope=rope))]


def test_a_large_gap_of_an_error_is_twenty_ropes_in_its_own_direction(
    make_trials: MakeTrials,
) -> None:
    """No share of one means anything to an RMSE of 50."""
    frame = make_trials(metric=[53.0, 55.0], params={"a": [1, 2]}, train_metric=[41.0, 43.5],
                        name="val_rmse", direction="minimize")  # fmt: skip
    assert describe(report_overfit, frame, 0.5) == [
        "The median trial is 11.75 RMSE better on its training rows than on validation."
    ]
    assert describe(report_overfit, frame, 1.0) == []
    assert describe(report_overfit, frame, None) == []


def test_errors_within_a_rope_of_each_other_are_alike(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[53.0, 53.4, 53.2], params={"a": [1, 2, 3]},
                        name="val_rmse", direction="minimize")  # fmt: skip
    assert describe(report_narrow_range, frame, 0.5) == [
        "All 3 trials lie within 0.40 RMSE of each other: the search space is too narrow, or its "
        "values do not reach the model."
    ]
    assert describe(report_narrow_range, frame, 0.1) == []


def test_a_lower_error_stands_ahead(make_trials: MakeTrials) -> None:
    frame = make_trials(metric=[50.0, 53.0, 55.0], params={"a": [None, 1, 2]},
                        role=["baseline", None, None], name="val_rmse",
                        direction="minimize")  # fmt: skip
    assert describe(report_references, frame, 0.5) == [
        "A baseline trial stands ahead of all 2 tuned configurations: trial T0 has 50.00, the best "
        "tuned one 53.00; whether this difference of 3.00 is more than its error is not known."
    ]
