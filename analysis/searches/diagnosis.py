"""What ails a trial, from its curve and predictions, each with the figure that it rests on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analysis.findings.trial_rules import COLLAPSED_RANGE, SPIKE_RISE
from analysis.numbers import count_noun, format_share
from analysis.runs.predictions import Predictions
from analysis.searches.constant_loss import measure_constant_losses
from analysis.searches.search import Search, SearchedTrial
from analysis.statistics.effects.learning_curve import measure_late_fall, measure_overfit
from analysis.statistics.effects.loss_spikes import measure_loss_rise
from trial_sets.records.run_info import RunInfo

Ailment = Literal["diverged", "collapse", "unstable", "overfitting", "underfitting", "too slow"]

OVERFIT_RISE = 0.1  # of the validation loss above its lowest
UNDERFIT_EXCESS = 0.1  # of the training loss above the search's lowest validation loss
LATE_FALL = 0.1  # of the whole fall of the validation loss, in the last quarter of the epochs
COLLAPSED_SPREAD = 0.1  # of the labels' standard deviation

# What is usually done about each; that of underfitting is no matter of tuning.
REMEDIES: dict[Ailment, str] = {
    "diverged": "lower the upper end of the learning rate, or clip gradients",
    "collapse": "a lower learning rate, or less dropout and weight decay",
    "unstable": "a learning rate of a tenth, a larger batch, or clipped gradients",
    "overfitting": "more weight decay or dropout, or a learning rate that falls",
    "underfitting": "a larger network or less regularisation: no matter of tuning rates",
    "too slow": "a higher learning rate, or more epochs",
}


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One thing that ails a trial, and the figure it rests on, as a clause."""

    ailment: Ailment
    figure: str


def diagnose_search(search: Search) -> dict[int, tuple[Diagnosis, ...]]:
    """Return what ails each complete trial with a curve, and each that diverged, by number.

    An empty tuple is a trial of which nothing is told.

    - diverged: numbers that are not finite ended the fit.
    - collapse: the predictions tell no rows apart: probabilities that span less than 0.2, several
      classes of which one is said of every row, or numbers whose standard deviation is below a
      tenth of the labels'.
    - unstable: the training loss rose by more than half above its lowest so far.
    - overfitting: the validation loss ends a tenth or more above its lowest, and the training loss
      below that of the same epoch.
    - underfitting: the training loss never falls within a tenth of the lowest validation loss that
      any trial of the same loss function reached, and the validation loss is no tenth above it
      either, so that the network does not fit what it is shown. Both losses count as parts of what
      a constant prediction has on those rows, since periods differ in how much there is to lose;
      where that is not known nothing is said. See `measure_constant_losses`.
    - too slow: the epochs ran out while the last quarter of them still brought a tenth or more of
      the whole fall of the validation loss.

    Training losses are means over an epoch's batches, with dropout, and so lie somewhat high.
    """
    info = search.run.info
    complete = [trial for trial in search.trials if trial.state == "complete"]
    lowest = _find_lowest(complete, info)
    return {
        trial.number: tuple(_diagnose(trial, lowest, info))
        for trial in search.trials
        if (trial.state == "complete" and trial.curve) or _has_diverged(trial)
    }


def _diagnose(trial: SearchedTrial, lowest: Mapping[str, float], info: RunInfo) -> list[Diagnosis]:
    if _has_diverged(trial):
        n_epochs = len(trial.curve)
        after = f"after {count_noun(n_epochs, 'epoch')}" if n_epochs else "in its first epoch"
        return [Diagnosis("diverged", after)]
    found = [
        *_find_collapse(trial),
        *_find_rise(trial),
        *_find_overfit(trial),
        *_find_slow(trial),
    ]
    return found or _find_underfit(trial, lowest, info)


def _has_diverged(trial: SearchedTrial) -> bool:
    failure = None if trial.fit is None else trial.fit.record.failure
    return failure is not None and failure.kind == "diverged"


def _find_collapse(trial: SearchedTrial) -> list[Diagnosis]:
    fit = trial.fit
    if fit is None:
        return []
    low, high = (fit.record.metrics.get(f"val_{end}_probability") for end in ("min", "max"))
    if low is not None and high is not None:
        is_flat = high - low < COLLAPSED_RANGE
        return [Diagnosis("collapse", f"probabilities span {high - low:.2f}")] if is_flat else []
    if not isinstance(fit.predictions, Predictions):
        return []
    scores, labels = fit.predictions.scores, fit.predictions.labels
    if scores.ndim > 1:
        said = np.unique(scores.argmax(axis=1))
        one = f"class {said[0]} is said of every row"
        return [Diagnosis("collapse", one)] if len(said) == 1 and np.ptp(labels) > 0 else []
    if fit.predictions.metric.name not in {"rmse", "mae", "mse", "r2"} or np.std(labels) == 0:
        return []
    spread = float(np.std(scores) / np.std(labels))
    figure = f"predictions spread {format_share(spread)} as far as the labels"
    return [Diagnosis("collapse", figure)] if spread < COLLAPSED_SPREAD else []


def _find_rise(trial: SearchedTrial) -> list[Diagnosis]:
    losses = [p.train_loss for p in trial.curve if p.train_loss is not None]
    if len(losses) < 2 or min(losses) <= 0:
        return []
    rise = measure_loss_rise(losses)
    figure = f"training loss rose {format_share(rise)} above its lowest"
    return [Diagnosis("unstable", figure)] if rise > SPIKE_RISE else []


def _find_overfit(trial: SearchedTrial) -> list[Diagnosis]:
    train, validation = _list_losses(trial)
    rise = measure_overfit(train, validation)
    if not rise >= OVERFIT_RISE:
        return []
    epoch = trial.curve[int(np.argmin(validation))].epoch
    figure = (
        f"validation loss ends {format_share(rise)} above its lowest, of epoch {epoch}, while "
        "training loss fell"
    )
    return [Diagnosis("overfitting", figure)]


def _find_slow(trial: SearchedTrial) -> list[Diagnosis]:
    _, validation = _list_losses(trial)
    if trial.fit is None or trial.fit.record.stop_reason not in {"epochs", "finished"}:
        return []
    share = measure_late_fall(validation)
    figure = f"the last quarter of the epochs brought {format_share(share)} of the whole fall"
    return [Diagnosis("too slow", figure)] if share >= LATE_FALL else []


def _find_underfit(
    trial: SearchedTrial, lowest: Mapping[str, float], info: RunInfo
) -> list[Diagnosis]:
    settings = _read_settings(trial)
    scales, reference = measure_constant_losses(info, settings), lowest.get(_read_loss(settings))
    train, validation = _list_losses(trial)
    if scales is None or reference is None or len(train) < 2 or min(train) <= 0 or reference <= 0:
        return []
    inner, outer = min(train) / scales[0], min(validation) / scales[1]
    if not inner / reference - 1 > UNDERFIT_EXCESS or outer / inner - 1 > UNDERFIT_EXCESS:
        return []
    figure = (
        f"training loss never below {inner:.3g} of a constant prediction's, the search's lowest "
        f"validation loss is {reference:.3g} of it"
    )
    return [Diagnosis("underfitting", figure)]


def _list_losses(trial: SearchedTrial) -> tuple[list[float], list[float]]:
    """Return both losses of the epochs that have both."""
    pairs = [
        (p.train_loss, p.val_loss)
        for p in trial.curve
        if p.train_loss is not None and p.val_loss is not None
    ]
    return [train for train, _ in pairs], [validation for _, validation in pairs]


def _find_lowest(trials: Sequence[SearchedTrial], info: RunInfo) -> dict[str, float]:
    """Return the lowest validation loss of each loss function, as a part of a constant's."""
    found: dict[str, float] = {}
    for trial in trials:
        settings, (_, validation) = _read_settings(trial), _list_losses(trial)
        scales = measure_constant_losses(info, settings)
        if validation and scales is not None:
            name = _read_loss(settings)
            found[name] = min(found.get(name, np.inf), min(validation) / scales[1])
    return found


def _read_settings(trial: SearchedTrial) -> Mapping[str, object]:
    configuration = None if trial.fit is None else trial.fit.record.configuration
    return {} if configuration is None else configuration.settings


def _read_loss(settings: Mapping[str, object]) -> str:
    """Return the loss function of a trial, where its configuration names one."""
    return str(settings.get("loss", ""))
