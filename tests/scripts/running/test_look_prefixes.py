"""A look leaves out no seed that is there, unless the plan and the order of seeds say so."""

import pytest

from tests.looked import LookBench

REFUSED = (
    "Error: looks at {}: the claim that close beats K was fixed without this plan, close has 10 "
    "seeds already, and a plan of looks cannot leave them out; `analyze` judges it on all of "
    "them\n"
)


@pytest.fixture
def one_claim(looked: LookBench) -> LookBench:
    looked.trials = {"close": looked.trials["close"]}
    looked.write()
    return looked


@pytest.mark.parametrize("words", [(), ("--dry-run",), ("--status",)])
@pytest.mark.parametrize("plan", ["3", "2,4,7"])
def test_a_plan_made_after_the_results_leaves_out_none_of_them(
    one_claim: LookBench, plan: str, words: tuple[str, ...]
) -> None:
    one_claim.call("--seeds", 10, until=False)
    told = one_claim.call("--looks", plan, *words)
    assert (told.exit_code, told.stderr) == (2, REFUSED.format(plan))
    assert not one_claim.list_lines("look")


def test_an_unplanned_claim_is_looked_at_from_where_its_seeds_end(one_claim: LookBench) -> None:
    one_claim.call("--seeds", 5, until=False)
    assert "no look leaves out seeds that they have" in one_claim.call().stderr
    assert [len(look["seeds"]) for look in one_claim.list_lines("look")] == [7, 10]
    assert " after Holm and as look 2, confirmed below 0.05" in one_claim.call().stdout
    (claim,) = one_claim.decide()["claims"]
    assert (claim["stop"], claim["seeds"]) == ("confirmed", 10)


def test_a_plan_made_before_the_results_is_followed_whatever_there_is(
    one_claim: LookBench,
) -> None:
    one_claim.write(looks=[2, 4, 7])
    one_claim.call("--seeds", 10, until=False)
    one_claim.decide()
    assert [look["seeds"] for look in one_claim.list_lines("look")] == [
        tuple(range(n)) for n in (2, 4, 7)
    ]


@pytest.mark.parametrize("looks", [[2, 4], None])
def test_seeds_in_another_order_are_refused(one_claim: LookBench, looks: list[int] | None) -> None:
    one_claim.write(looks=looks)
    one_claim.call("--seeds", 4, until=False)
    order = [3, 1, 0, 2, *range(4, 10)]
    one_claim.write(looks=looks, seeds=order)
    told = one_claim.call("--looks", "2,4")
    assert (told.exit_code, told.stderr) == (
        2,
        "Error: seeds: study tiny begins with 3, 1, 0 and 2 by now, and the claim that close beats "
        "K was fixed with 0, 1, 2 and 3, in this order, which holds, since its trials have been "
        "scored\n",
    )


def test_further_seeds_behind_those_that_were_fixed_are_welcome(one_claim: LookBench) -> None:
    one_claim.write(looks=[2, 4], seeds=[0, 1, 2, 3])
    one_claim.call("--seeds", 1, until=False)
    one_claim.write(looks=[2, 4], seeds=[0, 1, 2, 3, 9])
    assert one_claim.decide()["looks"] == [2, 4]
