"""When a search ends before all its trials have run, and the sentence of what was seen."""

from collections.abc import Sequence
from datetime import UTC, datetime

from runner.search.trials import SearchTrial, find_best
from trial_sets.records.search_info import SearchStop, StopRule

GAIN_TRIALS = 50  # over which the gain is taken
DEFAULT_LIMITS = {"gain": 0.001, "same-best": 20.0, "no-better": 30.0}


def find_end(
    rules: Sequence[StopRule], trials: Sequence[SearchTrial], sign: int
) -> SearchStop | None:
    """Return the stop that the first rule which holds asks for; None where none does.

    - ``gain``: the best score has improved, over the last 50 trials that ended, by less than this
      share of its size a trial;
    - ``same-best``: the best score is what it was before the last so many complete trials;
    - ``no-better``: none of the last so many trials that ended, pruned and failed ones included,
      was better than the best before them.

    Trials that were copied count for what is best, and are not among those that end.

    Parameters
    ----------
    rules
        In the order in which they are looked at.
    trials
        All of the search, by number.
    sign
        1 where a larger score is better, -1 where a smaller one is.
    """
    ended = [trial for trial in trials if trial.counts and trial.has_ended]
    for rule in rules:
        sentence = _apply(rule, trials, ended, sign)
        if sentence is not None:
            return make_stop(f"{rule.kind}={rule.limit:g}", len(ended), sentence)
    return None


def make_stop(rule: str, n_ended: int, sentence: str) -> SearchStop:
    """Return a stop as search.json keeps it."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return SearchStop(rule=rule, n_ended=n_ended, at=now, sentence=sentence)


def _apply(
    rule: StopRule, trials: Sequence[SearchTrial], ended: Sequence[SearchTrial], sign: int
) -> str | None:
    best = find_best([trial for trial in trials if trial.has_ended], sign)
    if best is None or best.score is None:
        return None
    if rule.kind == "gain":
        return _see_gain(rule.limit, trials, ended, best, sign)
    is_same_best = rule.kind == "same-best"
    looked_at = [t for t in ended if t.state == "complete"] if is_same_best else list(ended)
    before = _find_before(trials, looked_at, int(rule.limit), sign)
    if before is None or before.number != best.number:
        return None
    n = int(rule.limit)
    if is_same_best:
        return f"the best, {best.score:.6g} of {best.name}, has stood for {n} complete trials"
    return f"none of the last {n} trials was better than {best.score:.6g} of {best.name}"


def _see_gain(
    limit: float,
    trials: Sequence[SearchTrial],
    ended: Sequence[SearchTrial],
    best: SearchTrial,
    sign: int,
) -> str | None:
    before = _find_before(trials, ended, GAIN_TRIALS, sign)
    if before is None or before.score is None or best.score is None:
        return None
    gain = sign * (best.score - before.score) / GAIN_TRIALS
    if gain >= limit * abs(best.score):
        return None
    return (
        f"over the last {GAIN_TRIALS} trials the best went from {before.score:.6g} to "
        f"{best.score:.6g}, {gain:.3g} a trial, less than {100 * limit:g} % of it"
    )


def _find_before(
    trials: Sequence[SearchTrial], looked_at: Sequence[SearchTrial], n: int, sign: int
) -> SearchTrial | None:
    """Return the best before the last ``n`` of some trials; None where there are not so many."""
    if len(looked_at) < n:
        return None
    last = {trial.number for trial in looked_at[-n:]}
    first = min(last)
    known = [t for t in trials if t.has_ended and t.number not in last and t.number < first]
    return find_best(known, sign)
