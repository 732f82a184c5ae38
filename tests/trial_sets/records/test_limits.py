"""A record holds what its reader takes, however much there is to say."""

from hypothesis import given
from hypothesis import strategies as st

from trial_sets.records.limits import (
    MOST_EPOCHS,
    MOST_METRICS,
    cap_metrics,
    cap_text,
    keep_end,
    thin_curve,
)


@given(text=st.text(st.characters(), max_size=400), most=st.integers(100, 300))
def test_a_text_is_never_longer_than_it_may_be(text: str, most: int) -> None:
    for cap in (cap_text, keep_end):
        capped = cap(text, most)
        assert len(capped) <= most
        capped.encode()


def test_a_text_says_how_much_was_left_out() -> None:
    assert cap_text("x" * 100, 100) == "x" * 100
    assert cap_text("x" * 101, 100) == "x" * 40 + "... (61 more characters were left out)"
    assert keep_end("x" * 100 + "y", 100) == "(61 characters were left out) ..." + "x" * 39 + "y"


def test_a_long_curve_keeps_its_selected_and_last_epoch() -> None:
    epochs = range(1, 2 * MOST_EPOCHS)
    kept, (notice,) = thin_curve(epochs, 50_002)
    assert len(kept) <= MOST_EPOCHS
    assert (kept[0], kept[-1]) == (1, epochs[-1])
    assert 50_002 in kept
    assert notice.startswith("the curve had 59,999 epochs: one of 3 is kept")
    assert thin_curve(range(MOST_EPOCHS), None) == (tuple(range(MOST_EPOCHS)), ())


def test_metrics_beyond_the_limit_are_left_out_and_the_objective_never_is() -> None:
    metrics = {**{f"m{n}": 1.0 for n in range(2_000)}, "val_auc": 0.5}
    kept, notices = cap_metrics(metrics, "val_auc")
    assert len(kept) == MOST_METRICS
    assert kept["val_auc"] == 0.5
    assert notices == ("1,001 metrics were left out: a record holds 1,000",)


def test_metrics_whose_names_cannot_be_printed_are_left_out() -> None:
    kept, (notice,) = cap_metrics({"": 1.0, "a\x1b[0m": 1.0, "x" * 201: 1.0, "f1": 0.5}, "val_auc")
    assert kept == {"f1": 0.5}
    assert notice.startswith("3 metrics were left out: a name has 1 to 200 characters")
