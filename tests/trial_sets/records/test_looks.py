"""Looks at a test period: whose days overlap, and which look goes on as which."""

from hashlib import sha256

import pytest

from trial_sets.records.looks import HoldoutLook, HoldoutPeriod, LookLedger, RowSketch

PERIOD = {"data": "f" * 8, "name": "spy", "first": "2017-01-03", "last": "2018-12-31"}
LOOK = HoldoutLook(
    **PERIOD, run="spy-01234567", trial="A1", key="k", seeds=(0, 1), started="2026-01-28T12:00:00"
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, True),
        ({"first": "2018-12-31", "last": "2019-12-31"}, True),
        ({"first": "2019-01-02", "last": "2019-12-31"}, False),
        ({"data": "e" * 8}, True),  # rows were added: the name still tells
        ({"name": "renamed"}, True),
        ({"data": "e" * 8, "name": "other"}, False),
    ],
)
def test_periods_overlap_when_they_share_days_of_one_series(
    changes: dict[str, str], expected: bool
) -> None:
    other = HoldoutPeriod(**{**PERIOD, **changes})
    assert HoldoutPeriod(**PERIOD).overlaps(other) is other.overlaps(LOOK) is expected


def test_an_interrupted_look_goes_on_only_for_the_same_configuration_of_the_same_run() -> None:
    assert LOOK.same_question(LOOK.model_copy(update={"trial": "other name"}))
    assert not LOOK.same_question(LOOK.model_copy(update={"key": "l"}))
    assert not LOOK.same_question(LOOK.model_copy(update={"run": "spy-11111111"}))


def test_the_ledger_lists_the_looks_at_a_period() -> None:
    elsewhere = LOOK.model_copy(update={"first": "2019-01-02", "last": "2019-12-31"})
    assert LookLedger(looks=(LOOK, elsewhere)).at(HoldoutPeriod(**PERIOD)) == (LOOK,)


def test_of_rows_without_time_a_run_s_own_validation_is_no_look_at_its_test() -> None:
    rows = {"first": "", "last": "", "role": "validation"}
    mine = LOOK.model_copy(update=rows)
    theirs = mine.model_copy(update={"run": "spy-89abcdef"})
    dated = LOOK.model_copy(update={"role": "validation"})
    ledger = LookLedger(looks=(mine, theirs, dated))
    timeless = HoldoutPeriod(**{**PERIOD, "first": "", "last": ""})
    assert ledger.at(timeless, LOOK.run) == (theirs, dated)  # they may be of any day
    assert ledger.at(timeless) == (mine, theirs, dated)
    assert ledger.at(HoldoutPeriod(**PERIOD), LOOK.run) == (theirs, dated)


@pytest.mark.parametrize(
    ("first", "n_values", "expected"),
    [
        (0, 100, True),
        (80, 100, True),  # a fifth of them
        (100, 100, False),
        (100, 20, True),  # so few values tell nothing
    ],
)
def test_of_rows_without_time_the_values_tell_if_they_are_others(
    first: int, n_values: int, expected: bool
) -> None:
    def sketch(start: int) -> RowSketch:
        digests = sorted(
            sha256(bytes([n])).hexdigest()[:12] for n in range(start, start + n_values)
        )
        return RowSketch(values=n_values, smallest="".join(digests))

    timeless = {**PERIOD, "first": "", "last": ""}
    one, other = (HoldoutPeriod(**timeless, rows=sketch(start)) for start in (0, first))
    assert one.overlaps(other) is other.overlaps(one) is expected
    dated = HoldoutPeriod(**PERIOD, rows=other.rows)
    assert one.overlaps(dated) is dated.overlaps(one) is expected


def test_later_entries_on_a_look_say_how_it_stands() -> None:
    done = LOOK.model_copy(update={"finished": "2026-01-28T13:00:00"})
    again = LOOK.model_copy(update={"started": "2026-01-29T12:00:00"})
    ledger = LookLedger().added(LOOK, again).added(done)
    assert [look.finished for look in ledger.at(LOOK)] == [done.finished, None]


def test_a_chain_tells_which_entry_was_changed() -> None:
    others = [LOOK.model_copy(update={"key": key}) for key in "abc"]
    ledger = LookLedger().added(*others)
    assert ledger.find_break() is None
    assert LookLedger.model_validate_json(ledger.model_dump_json()).find_break() is None
    looks = list(ledger.looks)
    changed = [looks[0], looks[1].model_copy(update={"trial": "other"}), looks[2]]
    found = ledger.model_copy(update={"looks": tuple(changed)}).find_break()
    assert found == "entry 2 was changed, or one after it removed"
    found = ledger.model_copy(update={"looks": tuple(looks[1:])}).find_break()
    assert found == "what stood before entry 1 is missing"
    found = ledger.model_copy(update={"looks": tuple(looks[:2])}).find_break()
    assert found == "entry 2, the last, was changed"


def test_a_first_version_is_not_chained() -> None:
    assert LookLedger(schema_version=1, looks=(LOOK, LOOK)).find_break() is None
    assert LookLedger(schema_version=2, looks=(LOOK, LOOK)).find_break() is not None


def test_whole_rows_tell_what_single_values_do_not() -> None:
    """All rows hold the same seventeen values; the rows are others nevertheless."""

    def write(numbers: range) -> RowSketch:
        return RowSketch(values=len(numbers), smallest="".join(f"{n:012x}" for n in numbers))

    shades = write(range(17))
    seen = LOOK.model_copy(
        update={"first": "", "last": "", "rows": shades, "whole": write(range(100))}
    )
    others = seen.model_copy(update={"whole": write(range(100, 200))})
    assert not seen.overlaps(others)
    assert seen.overlaps(seen.model_copy(update={"whole": write(range(90, 190))}))
    assert seen.overlaps(others.model_copy(update={"data": "e" * 8}))  # the name still tells
    assert seen.overlaps(others.model_copy(update={"whole": None}))
    few = {"whole": write(range(5))}
    assert seen.overlaps(others.model_copy(update=few))
    ledger = LookLedger().added(seen.model_copy(update={"run": "r"}))
    assert ledger.at(others.model_copy(update={"run": "s"}), "s") == ()
