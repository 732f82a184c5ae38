"""What had been scored before a claim is said with the run, and whether it was of its length."""

from tests.trial_sets.conftest import FULL
from trial_sets.configuration import Configuration
from trial_sets.records.claim_ledger import ClaimLedger
from trial_sets.records.claim_lines import ScoredLine, TrialKey
from trial_sets.records.claim_standing import list_known, say_known
from trial_sets.records.looks import HoldoutPeriod
from trial_sets.study import Trial

ROWS = HoldoutPeriod(data="0" * 64, name="sp500", first="2016-01-01", last="2016-12-30")


def make_trial(name: str, *, epochs: int, dropout: float = 0.3) -> Trial:
    made = Configuration.model_validate({**FULL, "epochs": epochs, "dropout": dropout})
    return Trial(name=name, note="", budget="20M", configuration=made, set_name="A")


def score(hour: int, *trials: Trial) -> ScoredLine:
    return ScoredLine(
        time=f"2026-01-28T{hour}:00:00+00:00",
        study="s",
        run=f"r{hour}",
        rows=ROWS,
        trials=tuple(TrialKey.of(trial.configuration) for trial in trials),
    )


SHORT, LONG = make_trial("A1", epochs=2), make_trial("A1L", epochs=20)
OTHER, UNKNOWN = make_trial("A2", epochs=2, dropout=0.4), make_trial("A3", epochs=2, dropout=0.5)


def say(*lines: ScoredLine) -> str:
    trials = (SHORT, LONG, OTHER, UNKNOWN)
    keys = [TrialKey.of(trial.configuration) for trial in trials]
    known = list(list_known(ClaimLedger(lines, ("",) * len(lines)), keys, [ROWS]))
    return say_known(known, trials)


def test_a_trial_of_another_length_is_said_to_be_one() -> None:
    assert say(score(12, LONG)) == (
        "A1L and A1, at another length, had been scored (run r12, 2026-01-28 12:00 UTC)"
    )
    assert say(score(12, SHORT), score(13, LONG), score(14, OTHER)) == (
        "A1, A1L and A2 had been scored (run r12, 2026-01-28 12:00 UTC)"
    )


def test_where_another_length_alone_was_scored_nothing_else_is_said() -> None:
    longer = make_trial("A3L", epochs=20, dropout=0.5)
    assert say(score(12, longer)).startswith("A3, at another length, had been scored (run r12, ")
