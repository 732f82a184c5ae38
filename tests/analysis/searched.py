"""Searches written by hand: a journal by Optuna itself, and records through their schema."""

import hashlib
import io
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import optuna
from numpy.typing import NDArray
from optuna.distributions import BaseDistribution
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from tests.analysis.synthetic import BASE, PROVENANCE, measure_metric, tabulate
from trial_sets.configuration import AnyConfiguration, Configuration, FreeConfiguration
from trial_sets.records.layout import RunLayout, predictions_of, record_of
from trial_sets.records.record import EpochPoint, Failure, Record
from trial_sets.records.run_info import read_run_info
from trial_sets.records.search_info import SearchInfo, name_trial
from trial_sets.space import Dimension, SearchSpace
from trial_sets.study import Study

SPACE = SearchSpace(
    dimensions={
        "learning_rate": Dimension(type="float", low=1e-5, high=1e-1, log=True),
        "batch_size": Dimension(choices=(32, 64, 128)),
        "dropout": Dimension(type="float", low=0.0, high=0.6),
    }
)


@dataclass
class Told:
    """A trial as a test wants it: what was proposed, and what came of it."""

    values: dict[str, Any]
    score: float | None = None
    scores: NDArray[np.float64] | None = None  # predictions, which the score then follows
    curve: Sequence[tuple[float, float]] = ((0.7, 0.7), (0.6, 0.65), (0.55, 0.6))
    status: str = "complete"  # pruned, failed, infeasible, repeated, foreign, running
    said: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, float] = field(default_factory=dict)
    stop_reason: str = "patience"
    failure: Failure | None = None
    seconds: float = 4.0


def write_search(
    run: Path,
    trials: Sequence[Told],
    *,
    name: str = "tuned",
    space: SearchSpace = SPACE,
    labels: NDArray[Any] | None = None,
    **info: Any,
) -> Path:
    """Write a search into a run's folder and return its own."""
    layout = RunLayout(run).of_search(name)
    run_info = read_run_info(layout.run_json)
    folder = run / layout.section
    folder.mkdir()
    said = SearchInfo(
        **{"sampler": "tpe", "seed": 0, "fit_seed": 0, "run": run_info.run, "space": space,
           "name": name, **info}
    )  # fmt: skip
    layout.search_json.write_text(said.model_dump_json())
    with open_journal(layout.journal, name, run_info.study.metric.direction) as study:
        for number, told in enumerate(trials):
            study.add_trial(_tell(told, space, number))
            if told.status in {"complete", "pruned", "failed"}:
                write_record(layout, run_info.study, number, told, labels)
    return folder


@contextmanager
def open_journal(path: Path, name: str, direction: str) -> Iterator[optuna.Study]:
    """Yield a study in a journal, quietly."""
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        storage = optuna.storages.JournalStorage(JournalFileBackend(str(path)))
        yield optuna.create_study(storage=storage, study_name=name, direction=direction)


def _tell(told: Told, space: SearchSpace, number: int) -> optuna.trial.FrozenTrial:
    states = {"pruned": TrialState.PRUNED, "failed": TrialState.FAIL,
              "infeasible": TrialState.FAIL, "running": TrialState.RUNNING}  # fmt: skip
    state = states.get(told.status, TrialState.COMPLETE)
    own = {} if told.status == "foreign" else {"fit": name_trial(number)}
    return optuna.trial.create_trial(
        params=told.values,
        distributions={name: to_distribution(space.dimensions[name]) for name in told.values},
        value=told.score if state == TrialState.COMPLETE else None,
        state=state,
        user_attrs=own | told.said,
    )


def to_distribution(dimension: Dimension) -> BaseDistribution:
    """Return a dimension as Optuna has it."""
    if dimension.choices is not None:
        return optuna.distributions.CategoricalDistribution(dimension.choices)
    low, high = dimension.low or 0.0, dimension.high or 0.0
    if dimension.kind == "int":
        return optuna.distributions.IntDistribution(int(low), int(high), log=dimension.log)
    return optuna.distributions.FloatDistribution(low, high, log=dimension.log)


def write_record(
    layout: RunLayout, study: Study, number: int, told: Told, labels: NDArray[Any] | None
) -> None:
    """Write what a trial's fit left."""
    place = layout.fit(name_trial(number), 0)
    place.mkdir(parents=True)
    digest, metric, score = None, study.metric, told.score
    metrics = {} if score is None else {metric.key(): score}
    if told.scores is not None and labels is not None:
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **tabulate(labels, told.scores, "", study=study))
        predictions_of(place).write_bytes(buffer.getvalue())
        digest = hashlib.sha256(buffer.getvalue()).hexdigest()
        metrics = {metric.key(): measure_metric(metric.name, labels, told.scores)}
    configuration = complete(study, told.values)
    record = Record(
        run=read_run_info(layout.run_json).run,
        status=told.status,  # type: ignore[arg-type]
        kind="trial",
        names=(name_trial(number),),
        configuration=configuration,
        key=configuration.key,
        seed=0,
        metric=metric.key(),
        metrics=metrics | told.metrics,
        curve=tuple(
            EpochPoint(epoch=i, train_loss=train, val_loss=val, val_metric=0.6, seconds=1.0)
            for i, (train, val) in enumerate(told.curve, 1)
        ),
        selected_epoch=None if told.failure else 1,
        stop_reason="pruned" if told.status == "pruned" else told.stop_reason,
        seconds=told.seconds,
        predictions_sha256=digest,
        failure=told.failure,
        provenance=PROVENANCE,
    ).sealed()
    record_of(place).write_text(record.model_dump_json(by_alias=True))


def complete(study: Study, values: Mapping[str, Any]) -> AnyConfiguration:
    """Return the configuration of a point: of a free study the values, else the base with them."""
    if study.parameters:
        return FreeConfiguration(parameters=dict(values))
    return Configuration.model_validate({"batch_size": 64, **BASE, **values})


def draw_trials(rng: np.random.Generator, n: int, labels: NDArray[Any]) -> list[Told]:
    """Return trials at random whose score depends on the learning rate alone, best at 1e-3."""
    common, trials = rng.normal(size=len(labels)), []
    for _ in range(n):
        rate = float(10 ** rng.uniform(-5, -1))
        skill = 1.6 - 0.6 * (np.log10(rate) + 3) ** 2
        scores = skill * labels + common + 0.4 * rng.normal(size=len(labels))
        values = {
            "learning_rate": rate,
            "batch_size": int(rng.choice([32, 64, 128])),
            "dropout": round(float(rng.uniform(0, 0.6)), 3),
        }
        score = measure_metric("auc", labels, scores)
        metrics = {"val_min_probability": 0.1, "val_max_probability": 0.8}
        trials.append(Told(values, score, scores, metrics=metrics))
    return trials
