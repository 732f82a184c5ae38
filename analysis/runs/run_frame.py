"""A run's records as the tidy frame that every trend table and finding reads."""

from collections.abc import Iterable

import pandas as pd

from analysis.frames.frame import TrialFrame, make_frame, rename_reserved
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from analysis.statistics.effects.loss_spikes import measure_loss_rise
from trial_sets.configuration import AnyConfiguration
from trial_sets.errors import InputError, suggest
from trial_sets.metric_names import Direction, guess_direction
from trial_sets.records.record import Record


def frame_run(
    run: Run,
    metric: str | None = None,
    direction: Direction | None = None,
    *,
    by_fold: bool = False,
) -> TrialFrame:
    """Return one row a trial and seed: failed ones too, baselines without hyperparameters.

    With folds a row has the means over all of them.

    Parameters
    ----------
    by_fold
        Return one row a fit instead: of folds there are several of a trial and seed.
    metric
        Of the records; by default the study's, of the validation rows at the selected epoch.
    direction
        By default that of the study's metric, or what the name says; otherwise maximized.

    Raises
    ------
    InputError
        If no record has the metric.
    """
    own = run.metric.key()
    chosen = metric or own
    told = run.metric.direction if chosen == own else guess_direction(chosen)
    known = {name for record in run.records for name in record.metrics}
    if chosen not in known and (metric is not None or known):
        ending = suggest(chosen, known)
        raise InputError(f"--metric {chosen}: no record of run {run.info.run} has it{ending}")
    budgets = {trial.name: trial.budget for trial in run.info.study.trials()}
    fits = [part for fit in run.fits for part in (fit.parts if by_fold else (fit,))]
    rows = pd.DataFrame([_describe_fit(fit, run, budgets, chosen) for fit in fits])
    configurations = [fit.record.configuration for fit in fits]
    params = pd.DataFrame([_list_params(one) for one in configurations], index=rows.index)
    params = params.dropna(axis="columns", how="all")
    params = params.drop(columns=_list_unsaid(configurations), errors="ignore")
    params = params.rename(columns=rename_reserved(map(str, params.columns)))
    return make_frame(
        pd.concat([rows, params], axis="columns"),
        [str(name) for name in params.columns],
        metric=chosen,
        direction=direction or told or "maximize",
        notes=run.notes,
    )


def _describe_fit(fit: RunFit, run: Run, budgets: dict[str, str], metric: str) -> dict[str, object]:
    record = fit.record
    metrics = record.metrics
    rises = [rise for part in fit.parts if (rise := _measure_rise(part.record)) is not None]
    epochs = [len(part.record.curve) for part in fit.parts]
    n_parts = len(fit.parts)
    configuration = record.configuration
    n, positives = metrics.get("val_n"), metrics.get("val_n_positive")
    return {
        "trial": record.name,
        "file": run.info.run,
        "tier": run.info.data.tier,
        "budget": budgets.get(record.name),
        "role": record.kind,
        "state": fit.state,
        "metric": metrics.get(metric) if fit.is_complete else None,
        "seed": record.seed,
        "duration_s": record.seconds,
        "epochs_run": sum(epochs) / n_parts or None,
        "stopped_early": None if configuration is None else record.stop_reason == "patience",
        "train_metric": metrics.get(run.metric.key("train"))
        if metric == run.metric.key()
        else None,
        "prediction_low": metrics.get("val_min_probability"),
        "prediction_high": metrics.get("val_max_probability"),
        "positives": positives,
        "negatives": None if n is None or positives is None else n - positives,
        "loss_rise": sum(rises) / n_parts if len(rises) == n_parts else None,
    }


def _measure_rise(record: Record) -> float | None:
    """Return how far the training loss of one fit has risen; None without a curve."""
    losses = [point.train_loss for point in record.curve if point.train_loss is not None]
    return measure_loss_rise(losses) if losses else None


def _list_unsaid(configurations: Iterable[AnyConfiguration | None]) -> list[str]:
    """Return the fields that no configuration counts to what it is: new ones, at their default."""
    known = [one for one in configurations if one is not None]
    names = {name for one in known for name in type(one).model_fields}
    return sorted(names - {name for one in known for name in one.identity})


def _list_params(configuration: AnyConfiguration | None) -> dict[str, object]:
    """Return every hyperparameter; an option of one's own under ``options.<name>``."""
    return {} if configuration is None else configuration.settings
