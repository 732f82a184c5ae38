"""Each baseline of a run is fitted once, whoever else runs it, and a failed one is said."""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.baselines import BaselineFit, list_baselines
from models.data.dataset import Dataset
from runner.batch.baseline_fits import (
    baselines_to_replace,
    complete_baselines,
    list_baseline_fits,
)
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from runner.summaries.results import summarize_results
from trial_sets.files import LabelRule

Fitted = Counter[str]
BASELINES = list_baselines("binary")


@pytest.fixture
def plan(tiny_study: Path, tmp_path: Path) -> Plan:
    return make_plan(
        Request(study=str(tiny_study), sets=("A",), device="cpu", output=tmp_path / "outputs")
    )


@pytest.fixture
def fitted(monkeypatch: pytest.MonkeyPatch) -> Fitted:
    """Count the fits of each baseline, which take a moment and predict nothing."""
    counts: Fitted = Counter()

    def fit(name: str, dataset: Dataset, *, with_test: bool) -> BaselineFit:
        assert not with_test  # no test rows but in a look
        time.sleep(0.01)
        counts[name] += 1
        return BaselineFit(np.zeros(len(dataset.train_rows)), np.zeros(len(dataset.val_rows)))

    monkeypatch.setattr("runner.batch.baseline_fits.fit_baseline", fit)
    return counts


def refuse(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Let boosting fail until what is returned is called."""
    from runner.batch import baseline_fits  # noqa: PLC0415

    working = baseline_fits.fit_baseline

    def fit(name: str, dataset: Dataset, **options: bool) -> BaselineFit:
        if name == "boosting":
            raise ValueError("no luck")
        return working(name, dataset, **options)

    monkeypatch.setattr("runner.batch.baseline_fits.fit_baseline", fit)
    return lambda: monkeypatch.setattr("runner.batch.baseline_fits.fit_baseline", working)


def test_they_are_fitted_once(plan: Plan, fitted: Fitted) -> None:
    complete_baselines(plan)
    complete_baselines(plan)
    assert fitted == dict.fromkeys(BASELINES, 1)
    assert summarize_results(plan).baselines == dict.fromkeys(BASELINES, 0.5)


def test_data_are_prepared_only_where_a_baseline_is_missing(plan: Plan, fitted: Fitted) -> None:
    complete_baselines(plan)
    later = replace(plan, data=replace(plan.data))
    complete_baselines(later)
    assert "dataset" not in vars(later.data)
    assert fitted == dict.fromkeys(BASELINES, 1)


def test_an_error_of_the_data_is_not_taken_for_one_of_writing(
    plan: Plan, fitted: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> Dataset:
        raise OSError("the data is away")

    monkeypatch.setattr("runner.planning.preparation.load_folds_for", refuse)
    with pytest.raises(OSError, match=r"^the data is away$"):
        complete_baselines(replace(plan, data=replace(plan.data)))
    assert not fitted


def test_several_runners_fit_each_once_between_them(
    plan: Plan, fitted: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.storage.claims.POLL_S", 0.01)
    assert plan.data.find_dataset(None).name == "sp500"  # prepared before the threads ask for it
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(complete_baselines, [plan] * 4))
    assert fitted == dict.fromkeys(BASELINES, 1)
    assert list(plan.folder.path.glob("*/.*")) == []


def test_force_fits_them_again_but_not_what_another_runner_has_just_fitted(
    plan: Plan, fitted: Fitted
) -> None:
    complete_baselines(plan)
    replacing = baselines_to_replace(plan, force=True)
    complete_baselines(plan, replacing)
    complete_baselines(plan, replacing)
    assert fitted == dict.fromkeys(BASELINES, 2)


def test_a_baseline_that_failed_is_said_and_tried_again(
    plan: Plan, fitted: Fitted, monkeypatch: pytest.MonkeyPatch
) -> None:
    mend = refuse(monkeypatch)
    complete_baselines(plan)
    results = summarize_results(plan)
    assert list(results.baselines) == ["prevalence", "logistic"]
    assert results.failed_baselines == {"boosting": "error: no luck"}
    assert not summarize_results(replace(plan, baselines=False)).failed_baselines

    replacing = baselines_to_replace(plan, force=False)
    assert [record.key for record in replacing] == ["boosting"]
    mend()
    complete_baselines(plan, replacing)
    assert fitted == dict.fromkeys(BASELINES, 1)
    assert not summarize_results(plan).failed_baselines


def test_a_damaged_record_is_set_aside_and_the_baseline_fitted_again(
    plan: Plan, fitted: Fitted
) -> None:
    complete_baselines(plan)
    path = plan.folder.fit("baseline-logistic", 0)
    (path / "record.json").write_text("{")
    complete_baselines(plan)
    assert fitted == {**dict.fromkeys(BASELINES, 1), "logistic": 2}
    assert path.with_name("seed-0.damaged-1").is_dir()


def test_a_target_of_prices_is_told_from_its_past_too_unless_an_option_names_a_column(
    plan: Plan,
) -> None:
    rule = LabelRule(target="log_range", horizon=2)
    study = plan.info.study.model_copy(update={"task": "regression", "label": rule})
    info = plan.info.model_copy(update={"study": study})
    of_target = [fit.name for fit in list_baseline_fits(info)]
    assert "baseline-last_value" in of_target
    assert "baseline-moving_average" in of_target
    request = info.request
    assert request is not None
    data = request.data.model_copy(update={"label_column": "y"})
    named = info.model_copy(update={"request": request.model_copy(update={"data": data})})
    assert [fit.name for fit in list_baseline_fits(named)] == [
        *("baseline-mean", "baseline-ridge", "baseline-boosting")
    ]
    assert len(list_baseline_fits(plan.info)) == len(BASELINES)
