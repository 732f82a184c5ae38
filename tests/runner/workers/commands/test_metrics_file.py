"""What a command writes as its metrics is a mapping or a curve, of finite numbers."""

from pathlib import Path

import pytest

from runner.workers.commands.metrics_file import read_metrics
from trial_sets.errors import InputError
from trial_sets.task import AUC, Metric

ROWS = ('{"rmse": 3}', '{"rmse": 1, "val_loss": 2, "n": 9}', '{"rmse": 1}', '{"rmse": 2}')
RMSE = Metric(name="rmse", direction="minimize")


def write(folder: Path, text: str | bytes, name: str = "metrics.json") -> Path:
    content = text.encode() if isinstance(text, str) else text
    (folder / name).write_bytes(content)
    return folder


def test_there_need_be_none(tmp_path: Path) -> None:
    assert read_metrics(tmp_path, AUC) is None


def test_a_mapping_is_taken_as_it_is_but_for_the_studys_metric(tmp_path: Path) -> None:
    write(tmp_path, '{"auc": 0.5, "n": 3, "gap": null}')
    found = read_metrics(tmp_path, AUC)
    assert found is not None
    assert (found.metrics, found.curve) == ({"n": 3.0, "val_auc": 0.5}, ())
    found = read_metrics(write(tmp_path, '{"auc": 0.5, "val_auc": 0.6}'), AUC)
    assert found is not None
    assert found.metrics == {"auc": 0.5, "val_auc": 0.6}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metrics.json", f"[{', '.join(ROWS)}]"),
        ("metrics.jsonl", "\n\n".join(ROWS)),
        ("metrics.json", "\n".join(ROWS)),
    ],
)  # fmt: skip
def test_of_a_curve_the_first_of_the_best_rows_counts(tmp_path: Path, name: str, text: str) -> None:
    found = read_metrics(write(tmp_path, text, name), RMSE)
    assert found is not None
    assert found.metrics == {"val_rmse": 1.0, "val_loss": 2.0, "n": 9.0, "val_rmse_last": 2.0}
    assert [point.val_metric for point in found.curve] == [3.0, 1.0, 1.0, 2.0]
    assert (found.selected_epoch, found.curve[1].val_loss) == (2, 2.0)


def test_without_the_studys_metric_the_last_row_counts(tmp_path: Path) -> None:
    write(tmp_path, '[{"epoch": 0, "loss": 2}, {"epoch": 1, "loss": 1}]')
    found = read_metrics(tmp_path, AUC)
    assert found is not None
    assert (found.metrics, found.selected_epoch) == ({"loss": 1.0}, None)
    assert [point.train_loss for point in found.curve] == [2.0, 1.0]


def test_one_mapping_over_several_lines_is_one_mapping(tmp_path: Path) -> None:
    found = read_metrics(write(tmp_path, '{\n "auc": 0.5\n}\n'), AUC)
    assert found is not None
    assert found.metrics == {"val_auc": 0.5}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("3", "is int, expected a mapping of names to numbers"),
        ('"auc"', "is str, expected a mapping"),
        ("null", "is null, expected a mapping"),
        ("[]", "is empty, expected a mapping"),
        ('[{"auc": 0.5}, 3]', "row 2: is int, expected a mapping"),
        ('{"auc": NaN}', '"auc" is NaN, expected a finite number'),
        ('{"auc": -Infinity}', '"auc" is -Infinity, expected a finite number'),
        ('{"auc": 1e999}', '"auc" is Infinity, expected a finite number'),
        ('{"auc": "0.5"}', '"auc" is "0.5", expected a finite number'),
        ('{"auc": true}', '"auc" is true, expected a finite number'),
        ('{"auc": {"mean": 0.5}}', '"auc" is a mapping, expected a finite number'),
        ('{"auc": [0.5]}', '"auc" is a list, expected a finite number'),
        ('{"auc": 0.5, "auc": 0.6}', "the key 'auc' stands twice in one object"),
        ('{"auc": 0.5', "not valid JSON at line 1"),
        ("", "not valid JSON at line 1"),
        (b'{"\xff": 1}', "not UTF-8 text (byte 2)"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_anything_else_is_refused(tmp_path: Path, text: str | bytes, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        read_metrics(write(tmp_path, text), AUC)
    assert str(caught.value).startswith("metrics.json: ")
    assert sentence in str(caught.value)


def test_a_huge_file_a_folder_or_two_files_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("runner.workers.commands.metrics_file.MOST_BYTES", 1024**2)
    with pytest.raises(InputError, match="the file is larger than 1 MiB"):
        read_metrics(write(tmp_path, b" " * 2**21), AUC)
    write(tmp_path, "{}", "metrics.jsonl")
    with pytest.raises(InputError, match="there are both, expected one"):
        read_metrics(tmp_path, AUC)
    (tmp_path / "metrics.json").unlink()
    (tmp_path / "metrics.jsonl").unlink()
    (tmp_path / "metrics.json").mkdir()
    with pytest.raises(InputError, match=r"metrics\.json: cannot be read: Is a directory"):
        read_metrics(tmp_path, AUC)
