"""A claim as a sentence: made of what is judged, never of the words that a person put beside it."""

from trial_sets.claim import Claim, ClaimForm
from trial_sets.task import Metric
from trial_sets.wording import join_words


def write_sentence(claim: Claim, study_metric: Metric) -> str:
    """Return what a claim says, such as ``A2 beats each of A1 and A3``."""
    text = _write(claim, study_metric)
    if claim.is_of_study_metric:
        return text
    less = " (less is better)" if claim.is_less_better else ""
    return f"in {claim.metric}{less}, {text}"


def _write(claim: Claim, study_metric: Metric) -> str:
    match claim.form:
        case ClaimForm.BEATS:
            better, than = claim.better or (), claim.than or ()
            if claim.sides == "mean" and len(better) + len(than) > 2:
                sides = f"{_write_mean(better)} beats {_write_mean(than)}"
            else:
                sides = f"{_write_each(better)} beats {_write_each(than)}"
            return f"{sides}{_write_margin(claim, claim.by)}"
        case ClaimForm.ANY:
            some = join_words(claim.any_of or (), last="or")
            (reference,) = claim.than or ("",)
            return f"any of {some} beats {reference}{_write_margin(claim, claim.by)}"
        case ClaimForm.EQUAL:
            return f"{join_words(claim.equal or ())} are equal within {_write_bound(claim)}"
        case ClaimForm.RISES | ClaimForm.FALLS:
            does_rise = claim.form is ClaimForm.RISES
            if claim.is_of_study_metric and study_metric.sign > 0:
                said = f"{study_metric.title} {'rises' if does_rise else 'falls'}"
            elif claim.is_of_study_metric:
                said = f"{study_metric.title} gets {'better' if does_rise else 'worse'}"
            else:
                said = f"the trials get {'better' if does_rise else 'worse'}"
            end = "" if claim.up_to is None else f" up to {claim.up_to:g}"
            among = "" if claim.among is None else f", among {join_words(claim.among)}"
            margin = _write_margin(claim, claim.by)
            return f"{said} with {claim.hyperparameter}{end}{among}{margin}"


def _write_each(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"each of {join_words(names)}"


def _write_mean(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"the mean of {join_words(names)}"


def _write_margin(claim: Claim, margin: float | None) -> str:
    if not margin:
        return ""
    return f" by at least {margin * 100:g} %" if claim.ratio else f" by at least {margin:g}"


def _write_bound(claim: Claim) -> str:
    bound = claim.within or 0.0
    return f"{bound * 100:g} %" if claim.ratio else f"{bound:g}"
