import pandas as pd
import pytest

from analysis.readers.states import read_states


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("TrialState.COMPLETE", "complete"),
        ("PRUNED", "pruned"),
        ("FAIL", "failed"),
        ("1", "complete"),
        ("TERMINATED", "complete"),
        ("queued", "waiting"),
    ],
)
def test_states_of_every_tool_are_understood(word: str, state: str) -> None:
    states, notes = read_states(pd.Series([word]))
    assert list(states) == [state]
    assert notes == []


def test_unknown_states_count_as_failed_and_are_said() -> None:
    states, notes = read_states(pd.Series(["ZOMBIE", None, "COMPLETE"], dtype="object"))
    assert states[0] == "failed"
    assert pd.isna(states[1])
    assert notes == ["state 'ZOMBIE' is not known and counts as failed"]
