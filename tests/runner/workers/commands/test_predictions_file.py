"""A command's predictions are read from three kinds of file, each cell checked."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from runner.workers.commands.columns import read_columns
from runner.workers.commands.predictions_file import Predicted, ScoredTask, tabulate_predictions
from runner.workers.sent_table import (
    OtherLabels,
    PredictionTable,
    SentRows,
    SentTable,
    refuse_other_labels,
)
from trial_sets.errors import InputError

BINARY = "row,label,score,date,group\n7,1,0.5,2024-01-31,b\n3,0,-1.5,2024-01-30,a\n"
CLASSES = "row,label,cat,dog,10,9\n1,dog,0.1,0.2,0.3,0.4\n0,9,0.25,0.25,0.25,0.25\n"


def read(
    folder: Path, text: str | bytes, task: ScoredTask = "binary", **asked: object
) -> Predicted:
    content = text.encode() if isinstance(text, str) else text
    (folder / "predictions.csv").write_bytes(content)
    found = read_columns(folder)
    assert found is not None
    return tabulate_predictions(found, task, **asked)  # type: ignore[arg-type]


def test_there_need_be_none(tmp_path: Path) -> None:
    assert read_columns(tmp_path) is None


def test_rows_come_in_any_order(tmp_path: Path) -> None:
    table = read(tmp_path, BINARY).val
    assert table.rows.tolist() == [3, 7]
    assert (table.labels.tolist(), table.labels.dtype) == ([0, 1], np.int8)
    assert table.scores.tolist() == [-1.5, 0.5]
    assert table.dates.astype("datetime64[D]").astype(str).tolist() == ["2024-01-30", "2024-01-31"]
    assert table.groups.tolist() == [0, 1]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_quotes_are_read(tmp_path: Path, delimiter: str) -> None:
    text = BINARY.replace("b\n", '"b"\r\n').replace(",", delimiter)
    assert read(tmp_path, "\ufeff" + text).val.scores.tolist() == [-1.5, 0.5]


def test_parquet_and_npz_say_the_same(tmp_path: Path) -> None:
    expected = read(tmp_path, BINARY).val
    (tmp_path / "predictions.csv").unlink()
    dates = np.array(["2024-01-31", "2024-01-30"], dtype="datetime64[ns]")
    columns = {
        "row": np.array([7, 3]), "label": np.array([1, 0]), "score": np.array([0.5, -1.5]),
        "date": dates, "group": np.array(["b", "a"]),
    }  # fmt: skip
    parquet.write_table(pa.table(columns), tmp_path / "predictions.parquet")
    found = [read_columns(tmp_path)]
    (tmp_path / "predictions.parquet").unlink()
    np.savez_compressed(tmp_path / "predictions.npz", **columns)
    found.append(read_columns(tmp_path))
    for one in found:
        assert one is not None
        refuse_other_labels(expected, table := tabulate_predictions(one, "binary").val)
        assert table.scores.tolist() == expected.scores.tolist()


def test_classes_are_columns_in_the_order_of_names_and_numbers(tmp_path: Path) -> None:
    table = read(tmp_path, CLASSES, "multiclass").val
    assert table.classes == ("9", "10", "cat", "dog")
    assert (table.labels.tolist(), table.labels.dtype) == ([0, 3], np.int32)
    assert np.allclose(np.exp(table.scores), [[0.25] * 4, [0.4, 0.3, 0.1, 0.2]])  # probabilities
    logits = read(tmp_path, CLASSES.replace("0.4\n", "4\n"), "multiclass").val
    assert logits.scores[1].tolist() == [4.0, 0.3, 0.1, 0.2]


def test_an_npz_may_hold_the_scores_of_all_classes_at_once(tmp_path: Path) -> None:
    scores = np.array([[1.0, 2, 3], [6, 5, 4]])
    np.savez(
        tmp_path / "predictions.npz", row=[0, 1], label=["b", "a"], score=scores,
        classes=["b", "a", "c"],
    )  # fmt: skip
    found = read_columns(tmp_path)
    assert found is not None
    table = tabulate_predictions(found, "multiclass").val
    assert (table.classes, table.labels.tolist()) == (("a", "b", "c"), [1, 0])
    assert table.scores.tolist() == [[2.0, 1, 3], [5, 6, 4]]


def test_values_are_in_the_labels_own_units(tmp_path: Path) -> None:
    table = read(tmp_path, "row,label,score\n0,1.5,-2e3\n1,-7,0\n", "regression").val
    assert (table.labels.tolist(), table.scores.tolist()) == ([1.5, -7.0], [-2000.0, 0.0])


def test_probabilities_become_log_odds(tmp_path: Path) -> None:
    table = read(tmp_path, "row,label,probability\n0,1,0.75\n1,no,0\n2,TRUE,0.5\n").val
    assert table.scores == pytest.approx([np.log(3), np.log(1e-12), 0.0])
    assert table.labels.tolist() == [1, 0, 1]


def test_scores_that_look_like_probabilities_get_a_notice(tmp_path: Path) -> None:
    (notice,) = read(tmp_path, "row,label,score\n0,1,0.75\n1,0,0.5\n").notices
    assert "scores are log-odds: probabilities stand in a column named probability" in notice
    assert read(tmp_path, BINARY).notices == ()


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("row,label\n0,1\n", "the column 'score' is missing; found "),
        ("label,score\n1,0\n", "the column 'row' is missing"),
        ("", "holds no rows"),
        ("row,label,score\n", "holds no rows"),
        ("row,label,score\n0,1\n", "line 2 has 2 cells, the header 3"),
        ("row,row,label,score\n0,0,1,1\n", 'the column "row" stands twice'),
        ("row,label,score,dat\n0,1,1,1\n", "is none that is known; did you mean date?"),
        ("row,label,score,probability\n0,1,1,1\n", "has both score and probability"),
        ("row,label,score\n0,1,1\n0,0,1\n", "row 0 stands 2 times, expected each row once"),
        ("row,label,score\n-1,1,1\n", 'row of entry 1 is "-1", expected a whole number from 0'),
        ("row,label,score\n0.5,1,1\n", "expected a whole number from 0"),
        ("row,label,score\nfirst,1,1\n", 'row of entry 1 is "first", expected a whole number'),
        ("row,label,score\n0,2,1\n", 'label of entry 1 is "2", expected 0 or 1'),
        ("row,label,score\n0,,1\n", "label of entry 1 is "),
        ("row,label,score\n0,1,nan\n", 'score of entry 1 is "nan", expected a finite number'),
        ("row,label,score\n0,1,high\n1,1,\n", "expected a finite number (2 such cells)"),
        ("row,label,score\n0,1,1e300\n", "expected log-odds that single precision holds"),
        ("row,label,probability\n0,1,1.5\n", "expected a number from 0 to 1"),
        ("row,label,score,date\n0,1,1,soon\n", "date is no column of dates"),
        ("row,label,score,date\n0,1,1,2024-01-01\n1,1,1,\n", "some rows have no date"),
        (
            "row,label,score,split\n0,1,1,later\n",
            'split of entry 1 is "later", expected val or',
        ),
        ("row,label,score,split\n0,1,1,test\n", "has no validation rows"),
        ("row,label,score,group\n0,1,1,\n", "expected a group's name or number"),
        (b"row,label,score\n0,1,\xff\n", "not UTF-8 text"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    assert str(caught.value).startswith("predictions.csv: ")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "asked", "sentence"),
    [
        (CLASSES, {"classes": ("cat", "dog", "bird", "9")}, "the column \"10\" is no class"),
        (CLASSES.replace("cat", "cap"), {"classes": ("cat", "dog", "10", "9")}, "you mean cat?"),
        (CLASSES, {"classes": ("cat", "dog", "bird", "10", "9")}, "the column 'bird' is missing"),
        (CLASSES.replace("1,dog", "1,bird"), {}, 'label of entry 1 is "bird", expected one of'),
        ("row,label,a,b\n0,a,1,2\n", {}, "has 2 columns of classes, expected a column a class"),
    ],
)  # fmt: skip
def test_classes_that_do_not_fit_are_refused(
    tmp_path: Path, text: str, asked: dict[str, object], sentence: str
) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, "multiclass", **asked)
    assert sentence in str(caught.value)


def test_the_test_rows_are_read_where_they_are_asked_for(tmp_path: Path) -> None:
    text = "row,label,score,split\n0,1,1,valid\n5,0,2,holdout\n4,1,3,Test\n"
    assert read(tmp_path, text).test is None
    test = read(tmp_path, text, with_test=True).test
    assert test is not None
    assert (test.rows.tolist(), test.scores.tolist()) == ([4, 5], [3.0, 2.0])
    with pytest.raises(InputError, match="has no test rows"):
        read(tmp_path, BINARY, with_test=True)


def test_what_is_no_such_file_or_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "predictions.npz").write_bytes(b"PK nonsense")
    with pytest.raises(InputError, match=r"predictions\.npz: is no \.npz of plain arrays"):
        read_columns(tmp_path)
    np.savez(tmp_path / "predictions.npz", row=np.array([{}], dtype=object))
    with pytest.raises(InputError, match=r"is no \.npz of plain arrays"):
        read_columns(tmp_path)
    np.savez(tmp_path / "predictions.npz", row=[0, 1], label=[0])
    with pytest.raises(InputError, match="have different lengths: row 2, label 1"):
        read_columns(tmp_path)
    (tmp_path / "predictions.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match="there are both, expected one"):
        read_columns(tmp_path)
    (tmp_path / "predictions.npz").unlink()
    with pytest.raises(InputError, match=r"predictions\.parquet: is no Parquet file"):
        read_columns(tmp_path)
    monkeypatch.setattr("runner.workers.commands.columns.MOST_BYTES", 3)
    with pytest.raises(InputError, match="at most 0 are read"):
        read_columns(tmp_path)


def test_a_table_is_sent_as_it_is_and_nonsense_is_refused(tmp_path: Path) -> None:
    predicted = read(tmp_path, CLASSES, "multiclass")
    sent = SentTable.of_tables("multiclass", predicted.val)
    found = SentTable.model_validate_json(sent.model_dump_json()).receive_val()
    refuse_other_labels(predicted.val, found)
    assert np.array_equal(found.scores, predicted.val.scores)
    rows = sent.val.model_dump()
    broken = SentTable(task="multiclass", classes=("a", "b"), val=SentRows(**rows))
    with pytest.raises(ValueError, match="a table of 2 rows with"):
        broken.receive_val()


def make(text: str, folder: Path, task: ScoredTask = "binary") -> PredictionTable:
    return read(folder, text, task).val


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (BINARY.replace("7,1", "7,0"), "row 7 has the label 0, in the run's first fit 1; 1 of"),
        (BINARY.replace("7,1", "8,1"), "first fit of 2: row 8 is new; fits are"),
        (BINARY[: BINARY.index("3,0")], "first fit of 2: row 3 is missing"),
        (BINARY.replace("01-31", "01-29"), "row 7 has the date 2024-01-29"),
        (BINARY.replace(",b", ",A"), "row 3 has the group 1, in the run's first fit 0"),
        ("row,label,score,date\n7,1,1,2024-01-31\n3,0,1,2024-01-30\n", "lacks groups, which"),
    ],
)  # fmt: skip
def test_fits_of_one_run_have_the_same_rows_and_labels(
    tmp_path: Path, other: str, sentence: str
) -> None:
    first = make(BINARY, tmp_path)
    refuse_other_labels(first, make(BINARY.replace("0.5", "9"), tmp_path))
    with pytest.raises(OtherLabels) as caught:
        refuse_other_labels(first, make(other, tmp_path))
    assert sentence in str(caught.value)


def test_classes_differ_by_name(tmp_path: Path) -> None:
    first = make(CLASSES, tmp_path, "multiclass")
    with pytest.raises(OtherLabels, match="row 1 has the label cat, in the run's first fit dog"):
        refuse_other_labels(first, make(CLASSES.replace("1,dog", "1,cat"), tmp_path, "multiclass"))
    with pytest.raises(OtherLabels, match="have the classes 9, 10, bat, dog"):
        refuse_other_labels(first, make(CLASSES.replace("cat", "bat"), tmp_path, "multiclass"))


def test_shares_that_do_not_add_up_to_one_are_told_of(tmp_path: Path) -> None:
    text = "row,label,a,b,c\n0,a,0.9,0.4,0.2\n1,c,0.1,0.5,0.3\n"
    found = read(tmp_path, text, "multiclass")
    assert found.val.scores.tolist() == [[0.9, 0.4, 0.2], [0.1, 0.5, 0.3]]
    assert found.notices == (
        "predictions.csv: every score lies between 0 and 1, and those of a row do not add up to 1; "
        "they are taken as logits",
    )
    assert read(tmp_path, text.replace("0.9", "2.9"), "multiclass").notices == ()


def test_a_study_of_groups_needs_their_column(tmp_path: Path) -> None:
    assert read(tmp_path, BINARY, has_groups=True).val.groups.tolist() == [0, 1]
    with pytest.raises(InputError, match="column 'group' is missing, and the study splits whole"):
        read(tmp_path, "row,label,score\n0,1,0.5\n1,0,0.5\n", has_groups=True)
