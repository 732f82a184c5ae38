"""A stop in the ledger confirms nothing that the rules and the records do not bear out."""

from typing import Any

import pytest

from analysis.runs.run import read_run
from analysis.verdicts.judged_looks import describe_look
from analysis.verdicts.verdict import Verdict
from tests.looked import LookBench
from trial_sets.claims.binding import bind_claims
from trial_sets.records.claim_file import open_claims
from trial_sets.records.claim_lines import LookLine, StopLine

FORGED: dict[str, Any] = {
    "verdict": "confirmed", "p_holm": 0.0, "threshold": 1.0, "is_planned": False, "design": 0.02,
}  # fmt: skip


def forge(looked: LookBench, name: str, **said: Any) -> None:
    """Add a stop to the ledger, chained to what is there, behind the last look at a claim."""
    with open_claims(looked.outputs / "claims.jsonl") as book:
        digest = next(
            line["digest"]
            for line in looked.list_lines("claim")
            if line["sentence"] == f"{name} beats K"
        )
        look = [line for line in looked.list_lines("look") if line["digest"] == digest][-1]
        kept = {key: value for key, value in look.items() if key not in {"kind", "version"}}
        plan = (len(look["seeds"]),)
        book.add(StopLine.model_validate({**kept, "plan": plan, **FORGED, **said}))


@pytest.fixture
def unplanned(looked: LookBench) -> LookBench:
    """Return a bench whose claims have been looked at once, with three seeds and no plan."""
    looked.trials = {name: looked.trials[name] for name in ("alike", "close")}
    looked.write()
    looked.call("--seeds", 3, until=False)
    assert looked.row("close").judgement.verdict is Verdict.INCONCLUSIVE
    return looked


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "at a level of 1, where the rules give 0.05"),
        ({"threshold": 0.05}, "by p < 0.001, less than its results give, p = 0."),
        ({"is_planned": True}, "by a plan of looks that the claim was not fixed with"),
    ],
)
def test_a_forged_stop_is_ignored_and_named(
    unplanned: LookBench, said: dict[str, Any], reason: str
) -> None:
    before = unplanned.row("close").judgement
    forge(unplanned, "close", **said)
    row = unplanned.row("close")
    assert row.judgement == before
    assert row.dating.stop is None
    (note,) = row.dating.notes
    assert note.startswith(f"the ledger has it confirmed at look 1 of 1 (3 seeds) {reason}")
    assert note.endswith(": that stop does not hold")


def test_a_stop_behind_another_look_than_its_own_is_none(looked: LookBench) -> None:
    looked.write(looks=[2, 4])
    looked.decide()
    stop = next(line for line in looked.list_lines("look") if len(line["seeds"]) == 2)
    forge(looked, "close", seeds=stop["seeds"], evidence=stop["evidence"], plan=(2, 4))
    assert looked.row("close").dating.stop is not None  # the one before it
    assert len(looked.row("close").case.seeds) == 4


def test_a_stop_on_chosen_seeds_is_ignored_even_with_a_look_of_its_own(
    unplanned: LookBench,
) -> None:
    (folder,) = (unplanned.outputs / "tiny").iterdir()
    run = read_run(folder)
    bound = next(one for one in bind_claims(run.info.study) if one.trials[0].name == "close")
    chosen = describe_look(run, bound, (0, 2))
    with open_claims(unplanned.outputs / "claims.jsonl") as book:
        digest = bound.digest(run.info.study.rope)
        line = next(one for _, one in book.ledger.list_kind(LookLine) if one.digest == digest)
        said = {"seeds": chosen.seeds, "evidence": chosen.evidence}
        book.add(line.model_copy(update=said))
    forge(unplanned, "close", threshold=0.05, p_holm=0.04)
    row = unplanned.row("close")
    assert (row.dating.stop, row.case.seeds) == (None, (0, 1, 2))
    assert "on other seeds than the first that it was fixed with" in row.dating.notes[0]
