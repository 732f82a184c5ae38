"""Whatever the form, trials, best, mean and best a value are those computed apart with pandas."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.frames.frame import TrialFrame
from analysis.readers.sources import read_trials
from analysis.trends.table import tabulate_trend
from tests.analysis.readers.writers import OPTIMIZERS, Made, leave
from tests.analysis.readers.written_forms import MINIMISED, READERS, WRITERS

WITHOUT_PARAMS = {"wandb_chart"}
WITHOUT_FAILURES = {"wandb_chart", "ray_results"}  # they leave nothing


def make(values: list[tuple[float, int, str, float | None]]) -> list[Made]:
    return [Made(f"t{n:02d}", *row) for n, row in enumerate(values)]


def choose(value: int) -> float:
    return value / 1000


SOME = make(
    [(0.1, 16, "adam", 0.5), (0.01, 16, "sgd", 0.75), (0.03, 32, "adam", 0.25),
     (0.3, 32, "sgd", None), (0.02, 32, "adam", 0.625), (0.2, 16, "adam", 0.125)]
)  # fmt: skip
some_trials = st.lists(
    st.tuples(
        st.integers(1, 999).map(choose),
        st.sampled_from([8, 16, 32]),
        st.sampled_from(OPTIMIZERS),
        st.one_of(st.none(), st.integers(-900, 900).map(choose)),
    ),
    min_size=2,
    max_size=8,
    unique_by=lambda row: row[0],
).filter(lambda rows: sum(row[3] is not None for row in rows) > 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


def check(form: str, trials: list[Made], folder: Path) -> TrialFrame:
    """Read a form, and compare it with a plain table of the same trials."""
    written = WRITERS[form](trials)
    frame = read_trials(leave(folder / form, written.files), written.options)
    sign = -1 if form in MINIMISED else 1
    table = pd.DataFrame([vars(trial) for trial in trials]).assign(value=[t.value for t in trials])
    table["value"] *= sign
    done = table.dropna(subset=["value"])
    assert frame.direction == ("minimize" if sign < 0 else "maximize")
    assert frame.is_direction_known
    assert len(frame.finished) == len(done)
    assert len(frame.rows) == (len(done) if form in WITHOUT_FAILURES else len(table))
    assert frame.finished["metric"].to_numpy() == pytest.approx(done["value"].to_numpy(), abs=1e-9)
    if written.keeps_names:
        assert list(frame.finished["trial"]) == list(done["name"])
    if form not in WITHOUT_PARAMS:
        check_params(frame, done)
    return frame


def check_params(frame: TrialFrame, done: pd.DataFrame) -> None:
    names = {name.split(".")[-1]: name for name in frame.params}
    assert set(names) == {"lr", "units", "opt"}
    assert len(frame.merge_copies()) == len(done)
    for short, name in names.items():
        found = frame.finished.groupby(name)["metric"].agg(["mean", "max", "size"])
        expected = done.groupby(short)["value"].agg(["mean", "max", "size"])
        assert found.to_numpy() == pytest.approx(expected.to_numpy(), abs=1e-9)


@pytest.mark.parametrize("form", WRITERS)
def test_a_form_agrees_with_pandas(form: str, tmp_path: Path) -> None:
    frame = check(form, SOME, tmp_path)
    if form in WITHOUT_PARAMS:
        return
    name = next(name for name in frame.params if name.endswith("units"))
    rows = {row.label: row for row in tabulate_trend(frame, name).rows}
    values = {16: [0.5, 0.75, 0.125], 32: [0.25, 0.625]}
    for units, gains in values.items():
        row, shown = rows[str(units)], [frame.sign * gain for gain in gains]
        assert row.n == len(shown)
        assert row.mean == pytest.approx(sum(shown) / len(shown))
        assert row.best == pytest.approx(max(shown, key=lambda value: frame.sign * value))


@pytest.mark.slow
@pytest.mark.parametrize("reader", READERS)
@given(data=st.data(), rows=some_trials)
def test_any_trials_agree_with_pandas(
    reader: str,
    folder: Path,
    data: st.DataObject,
    rows: list[tuple[float, int, str, float | None]],
) -> None:
    check(data.draw(st.sampled_from(READERS[reader])), make(rows), folder)


def test_every_form_goes_through_a_reader() -> None:
    assert sorted(form for forms in READERS.values() for form in forms) == sorted(WRITERS)
