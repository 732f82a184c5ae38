"""From a trial's configuration to the trainer: no field is lost, and none means another thing."""

from dataclasses import fields
from typing import Any, get_args

import pytest

import models.data.dataset
import models.data.indicators.tiers
import models.data.labelling.rules
import models.objective
import models.schedule
import models.settings
import models.task
import trial_sets.records.request
import trial_sets.task
from analysis.runs.commands import EMBEDDED
from models.architecture import Architecture
from models.data.embedded import EMBEDDED_NAME
from models.errors import DataError
from models.settings import GroupSettings, ReplicaSettings
from models.training.results import EpochScores
from runner.translation import Question, group_settings, replica_settings
from runner.workers.training import _point
from tests.runner.conftest import configuration
from trial_sets import files
from trial_sets.configuration import Configuration
from trial_sets.errors import InputError, suggest
from trial_sets.records.record import EpochPoint
from trial_sets.records.run_info import SplitSummary
from trial_sets.strict_json import check

# A value of each field that no other field has, so that a swap would show.
OTHER: dict[str, Any] = {
    "d_model": 12, "n_layers": 3, "n_heads": 4, "d_ff_ratio": 2, "dropout": 0.25,
    "learning_rate": 0.02, "weight_decay": 0.03, "batch_size": 77, "epochs": 9, "patience": 8,
    "min_delta": 0.04, "optimizer": "adamw", "schedule": "cosine", "warmup_fraction": 0.05,
    "gradient_clip": 6.0, "label_smoothing": 0.07, "positive_class_weight": 1.5,
    "context": 27, "patch": 7, "stride": 5, "revin": False,
}  # fmt: skip
OF_THE_RUN = {
    *("architecture", "micro_batches", "precision", "seed", "n_features"),
    *("task", "metric", "outputs"),
}
# What goes with other values of optimizer and schedule, or another task.
APART: list[dict[str, Any]] = [
    {"optimizer": "sgd", "momentum": 0.9},
    {"schedule": "step", "step_size": 3, "gamma": 0.6},
    {"schedule": "linear", "final_factor": 0.1},
]


def translate(found: Configuration) -> dict[str, Any]:
    """Return every field of what the trainer takes, by its name."""
    group, replica = group_settings(found, Question(55)), replica_settings(found, 3)
    parts = (group, group.architecture, replica)
    return {f.name: getattr(part, f.name) for part in parts for f in fields(part)}


def test_the_table_of_other_values_names_every_field_but_a_trainers_own() -> None:
    apart = {name for values in APART for name in values}
    assert set(OTHER) | apart | {"loss"} == set(Configuration.model_fields) - {"options"}
    usual = configuration()
    assert not [name for name, value in OTHER.items() if getattr(usual, name) == value]


def test_every_field_of_a_configuration_reaches_the_trainer_under_its_name() -> None:
    translated = translate(configuration(**OTHER))
    assert {name: translated[name] for name in OTHER} == OTHER
    for values in APART:
        translated = translate(configuration(**values))
        assert {name: translated[name] for name in values} == values
    numbers = Question(55, "regression", "rmse")
    assert group_settings(configuration(loss="huber"), numbers).loss == "huber"


def test_nothing_that_the_trainer_takes_is_left_to_its_default() -> None:
    taken = {
        f.name for part in (Architecture, GroupSettings, ReplicaSettings) for f in fields(part)
    }
    assert taken - OF_THE_RUN <= set(Configuration.model_fields)


def test_an_epoch_is_reported_whole() -> None:
    names = [f.name for f in fields(EpochScores)]
    assert names == list(EpochPoint.model_fields)
    scores = EpochScores(4, 0.5, 0.6, 0.7, 0.8)
    assert list(_point(scores).model_dump().values()) == [getattr(scores, name) for name in names]


def test_a_split_is_summed_up_alike_by_data_and_records() -> None:
    names = [f.name for f in fields(models.data.dataset.SplitSummary)]
    assert names == list(SplitSummary.model_fields)


def test_the_label_rule_is_the_same_in_files_and_data() -> None:
    rule = models.data.labelling.rules.LabelRule()
    assert files.LabelRule().model_dump() == {f.name: getattr(rule, f.name) for f in fields(rule)}


@pytest.mark.parametrize(
    "changes",
    [{"threshold": -0.01}, {"threshold": 1.0}, {"horizon": 0}, {"direction": "sideways"}],
    ids=str,
)
def test_the_label_rule_is_refused_in_files_and_data_alike(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        check(files.LabelRule, changes, "here")
    with pytest.raises(DataError):
        models.data.labelling.rules.LabelRule(**changes)


@pytest.mark.parametrize("changes", [{"threshold": 1e-9}, {"threshold": 0.999}, {"horizon": 250}])
def test_a_label_rule_that_a_file_may_hold_is_one_that_data_know(changes: dict[str, Any]) -> None:
    models.data.labelling.rules.LabelRule(**check(files.LabelRule, changes, "here").model_dump())


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (files.Tier, models.data.indicators.tiers.Tier),
        (trial_sets.records.request.Precision, models.settings.Precision),
        (
            files.LabelRule.model_fields["direction"].annotation,
            models.data.labelling.rules.PriceDirection,
        ),
    ],
    ids=["tier", "precision", "direction"],
)
def test_choices_are_the_same_in_files_and_models(ours: object, theirs: object) -> None:
    assert get_args(ours) == get_args(theirs) != ()


@pytest.mark.parametrize(
    ("field", "theirs"),
    [("optimizer", models.settings.Optimizer), ("schedule", models.schedule.Schedule)],
)
def test_choices_of_a_configuration_are_known_to_the_trainer(field: str, theirs: object) -> None:
    assert set(get_args(Configuration.model_fields[field].annotation)) <= set(get_args(theirs))


@pytest.mark.parametrize("word", ["closee", "opne", "volum", "x"])
def test_the_same_name_is_suggested_by_files_and_data(word: str) -> None:
    choices = ["open", "close", "volume"]
    said, hinted = suggest(word, choices), models.errors.nearest(word, choices)
    found = [choice for choice in choices if f"did you mean {choice}?" in said]
    assert hinted == (f" (nearest: {found[0]!r})" if found else "")


def test_the_embedded_data_have_one_name_in_runs_and_in_what_is_said_of_them() -> None:
    assert EMBEDDED == EMBEDDED_NAME


@pytest.mark.parametrize("task", models.objective.METRICS)
def test_metrics_are_the_same_in_files_and_models(task: models.task.Task) -> None:
    known = trial_sets.task.METRICS[task]
    assert tuple(known) == models.objective.METRICS[task]
    for name, direction in known.items():
        metric = trial_sets.task.Metric(name=name, direction=direction)
        assert models.objective.metric_sign(name) == metric.sign
        assert models.objective.is_bounded(name) == (name in trial_sets.task.SHARES)
