"""The data of a run is prepared once, and a note of it is believed only while nothing changed."""

import gzip
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.data.embedded import find_embedded_file
from models.errors import DataError
from runner.errors import RunError
from runner.planning.run_data import CODE, RunData
from runner.storage.outputs import RunFolder
from trial_sets.loading.study_folder import find_study, load_study
from trial_sets.records.request import DataRequest

ROOT = Path(__file__).parents[3]


@pytest.fixture
def prices(tmp_path: Path, rng: np.random.Generator) -> Path:
    days = np.arange(np.datetime64("2001-01-01"), np.datetime64("2003-06-01"))
    close = 100 * np.exp(np.cumsum(rng.normal(0, 0.01, len(days))))
    lines = [
        f"{day},{c},{c * 1.01},{c * 0.99},{c},1000" for day, c in zip(days, close, strict=True)
    ]
    path = tmp_path / "prices.csv"
    path.write_text("\n".join(["date,open,high,low,close,volume", *lines]))
    return path


@pytest.fixture
def data(tiny_study: Path, tmp_path: Path, prices: Path) -> RunData:
    return RunData(load_study(tiny_study), DataRequest(path=prices), tmp_path / "outputs" / "tiny")


@pytest.fixture
def embedded(tmp_path: Path) -> RunData:
    return RunData(load_study(find_study("a50")), DataRequest(), tmp_path / "outputs" / "a50")


def folder_of(data: RunData) -> RunFolder:
    return RunFolder(data.runs / "prices-00000000")


def is_prepared_again(data: RunData) -> bool:
    """Return whether a new look at this data does not do with the note."""
    look = replace(data)
    assert look.summary
    return "prepared" in vars(look)


def test_a_note_saves_the_preparation(data: RunData) -> None:
    assert is_prepared_again(data)
    data.write_note(folder_of(data))
    assert not is_prepared_again(data)
    assert replace(data).summary == data.summary


def test_another_file_is_prepared(data: RunData, prices: Path) -> None:
    data.write_note(folder_of(data))
    prices.write_text(prices.read_text().replace("1000", "1001", 1))
    assert is_prepared_again(data)


@pytest.mark.parametrize("option", [{"horizon": 2}, {"tier": "a100"}, {"val_fraction": 0.3}])
def test_other_options_are_prepared(data: RunData, option: dict[str, object]) -> None:
    data.write_note(folder_of(data))
    other = replace(data, request=data.request.model_copy(update=option))
    assert is_prepared_again(other)


def test_other_code_prepares_again(data: RunData, monkeypatch: pytest.MonkeyPatch) -> None:
    data.write_note(folder_of(data))
    monkeypatch.setattr("runner.planning.run_data.CODE", (Path(__file__),))
    assert is_prepared_again(data)


def test_all_code_that_prepares_data_counts() -> None:
    code = (
        "import models.data.preparation, sys\n"
        "print(*(m.__file__ for n, m in sys.modules.items() if n.startswith('models.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True
    )
    preparing = {Path(file) for file in done.stdout.split() if not file.endswith("__init__.py")}
    assert set(CODE) == preparing | {
        ROOT / "runner" / "planning" / name for name in ("preparation.py", "data_choice.py")
    }


def test_embedded_data_that_changed_is_noticed(
    embedded: RunData, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = gzip.decompress(find_embedded_file().read_bytes()).splitlines(keepends=True)
    embedded.write_note(folder_of(embedded))
    assert not is_prepared_again(embedded)
    changed = tmp_path / "sp500.csv.gz"
    changed.write_bytes(gzip.compress(b"".join(rows[:-10])))
    for module in ("runner.planning.run_data", "models.data.sources"):
        monkeypatch.setattr(f"{module}.find_embedded_file", lambda: changed)
    assert is_prepared_again(embedded)
    assert replace(embedded).summary.splits["test"].rows == 412


def test_embedded_data_that_is_missing_is_named(
    embedded: RunData, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(DataError, match="the package arch, which is not installed"):
        embedded.summary  # noqa: B018 - it is looked at


def test_a_torn_note_is_ignored(data: RunData) -> None:
    data.write_note(folder_of(data))
    path = folder_of(data).data_note
    path.write_text(path.read_text()[:60])
    assert is_prepared_again(data)


@pytest.mark.parametrize(
    ("old", "new"),
    [('"rows": ', '"rows": 1'), ('"2003-', '"2004-'), ('"sha256": "', '"sha256": "0')],
)
def test_an_edited_note_is_not_believed(data: RunData, old: str, new: str) -> None:
    data.write_note(folder_of(data))
    path = folder_of(data).data_note
    text = path.read_text()
    path.write_text(text.replace(old, new, 1))
    assert path.read_text() != text
    assert is_prepared_again(data)


def test_data_that_changed_since_the_plan_is_refused(data: RunData, prices: Path) -> None:
    data.write_note(folder_of(data))
    late = replace(data)
    assert late.summary == data.summary
    prices.write_text("\n".join(prices.read_text().splitlines()[:-1]))
    with pytest.raises(RunError, match=r"prices\.csv: has changed since the run was planned"):
        late.refuse_change()


def test_a_file_that_is_not_there_is_named(data: RunData, prices: Path) -> None:
    prices.unlink()
    with pytest.raises(DataError, match=r"prices\.csv: there is no such file"):
        data.summary  # noqa: B018 - it is looked at


def test_a_look_at_known_data_imports_neither_numpy_nor_pandas(data: RunData) -> None:
    data.write_note(folder_of(data))
    study, output = data.runs.parent.parent / "tiny", data.runs.parent
    code = (
        "import sys; from scripts.run_supplementary import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "assert not {'numpy', 'pandas', 'joblib', 'torch'} & set(sys.modules)"
    )
    options = ["--study", study, "--set", "A", "--data", data.request.path, "--output", output]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, options), "--status"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr.decode()) == (0, "")
    assert "3 fits: 3 missing." in done.stdout.decode()
