"""Other tools' predictions are read as they are, or refused with the cell that is wrong."""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.report.options import ReportOptions
from analysis.report.scores import note_unused, report_scores
from analysis.runs.predictions import Predictions
from analysis.runs.run import read_run
from analysis.runs.score_file import holds_scores, read_score_file
from analysis.verdicts.run_cases import judge_run, judge_scores
from analysis.verdicts.verdict import Verdict
from tests.analysis.synthetic import claim, make_labels, make_study, write_run
from trial_sets.errors import InputError
from trial_sets.study import Study

GAINS = {"A1": 3.0, "A2": 0.2, "K": 0.3}


@pytest.fixture
def study(tmp_path: Path) -> Study:
    return make_study(tmp_path / "tiny", [claim("A1 beats A2", ["A1"], ["A2"])])


def make_table(rng: np.random.Generator, n: int = 600, **more: Any) -> pd.DataFrame:
    labels = make_labels(rng, n)
    parts = [
        pd.DataFrame(
            {
                "trial": name,
                "seed": seed,
                "row": np.arange(n),
                "label": labels,
                "score": (gain * labels + rng.normal(size=n)).astype("float32"),
            }
        )
        for name, gain in GAINS.items()
        for seed in (0, 1)
    ]
    return pd.concat(parts, ignore_index=True).assign(**more)


def write_csv(path: Path, table: pd.DataFrame, **options: Any) -> Path:
    table.to_csv(path, index=False, **options)
    return path


def test_they_are_judged_as_a_run_of_ours_would_be(
    tmp_path: Path, rng: np.random.Generator, study: Study
) -> None:
    table = make_table(rng)
    scores = {
        (str(name), int(str(seed))): rows["score"].to_numpy("float64")
        for (name, seed), rows in table.groupby(["trial", "seed"])
    }
    labels = table["label"].to_numpy("int8")[:600]
    ours = judge_run(read_run(write_run(tmp_path / "outputs", study, labels, scores)))
    path = write_csv(tmp_path / "scores.csv", table.sample(frac=1, random_state=1))
    theirs = judge_scores(read_score_file(path).as_run(study))
    found, same = (one.rows[0].judgement.inference for one in (theirs, ours))
    assert found is not None
    assert same is not None
    assert (found.estimate, found.low, found.high, found.p_value) == pytest.approx(
        (same.estimate, same.low, same.high, same.p_value), rel=1e-9
    )
    assert ours.rows[0].judgement.verdict is Verdict.CONFIRMED
    assert theirs.rows[0].judgement.verdict is Verdict.UNDATED


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_and_any_case_will_do(
    tmp_path: Path, rng: np.random.Generator, study: Study, delimiter: str
) -> None:
    table = make_table(rng, 40).rename(columns=str.title)
    path = write_csv(tmp_path / "scores.txt", table, sep=delimiter)
    assert holds_scores(path)
    assert len(read_score_file(path).as_run(study).fits) == 6


def test_parquet_says_the_same_as_csv(
    tmp_path: Path, rng: np.random.Generator, study: Study
) -> None:
    pytest.importorskip("pyarrow")
    table = make_table(rng, 60)
    table.to_parquet(tmp_path / "scores.parquet")
    assert holds_scores(tmp_path / "scores.parquet")
    ours = read_score_file(tmp_path / "scores.parquet").as_run(study)
    theirs = read_score_file(write_csv(tmp_path / "scores.csv", table)).as_run(study)
    for one, other in zip(ours.fits, theirs.fits, strict=True):
        assert one.record.metrics["val_auc"] == pytest.approx(other.record.metrics["val_auc"])


def test_dates_order_the_rows_and_rows_of_one_date_count_together(
    tmp_path: Path, rng: np.random.Generator, study: Study
) -> None:
    table = make_table(rng, 100)
    days = pd.Timestamp("2020-01-01") + pd.to_timedelta(table["row"] // 2, "D")
    path = write_csv(tmp_path / "panel.csv", table.assign(date=days)[::-1])
    first = read_score_file(path).as_run(study).fits[-1].predictions
    assert first is not None
    assert first.dates[0] == np.datetime64("2020-01-01")
    assert (np.diff(first.dates) >= np.timedelta64(0)).all()
    assert first.estimate.influences.shape == (50,)
    flat = (
        read_score_file(write_csv(tmp_path / "flat.csv", table)).as_run(study).fits[0].predictions
    )
    assert flat is not None
    assert first.estimate.values == pytest.approx(flat.estimate.values)


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("label", 2, r"row 4: label='2', expected 0 or 1"),
        ("label", 0.5, r"row 4: label='0.5', expected a whole number"),
        ("score", np.nan, r"row 4: score='nan', expected a finite number"),
        ("score", "high", r"row 4: score='high', expected a finite number"),
        ("seed", "one", r"row 4: seed='one', expected a whole number"),
        ("row", -0.5, r"row 4: row='-0.5', expected a whole number"),
        ("row", 2, r"row 2 of trial A1, seed 0, stands twice"),
        ("trial", "", r"row 4: trial='.*', expected a name"),
        ("date", "soon", r"row 4: date='soon', expected a date"),
    ],
)
def test_a_cell_that_is_wrong_is_named(
    tmp_path: Path, rng: np.random.Generator, column: str, value: object, message: str
) -> None:
    table = make_table(rng, 40, date="2020-01-01").astype("object")
    table.loc[3, column] = value
    with pytest.raises(InputError, match=message):
        read_score_file(write_csv(tmp_path / "scores.csv", table)).as_run()


def test_results_without_scores_are_none(tmp_path: Path, rng: np.random.Generator) -> None:
    table = make_table(rng, 40).drop(columns="score")
    assert not holds_scores(write_csv(tmp_path / "trials.csv", table))
    assert not holds_scores(tmp_path / "missing.csv")
    with pytest.raises(InputError, match="has no column score; predictions need trial, seed"):
        read_score_file(tmp_path / "trials.csv")


def test_the_report_judges_and_ranks(
    tmp_path: Path, rng: np.random.Generator, study: Study
) -> None:
    path = write_csv(tmp_path / "scores.csv", pd.concat([make_table(rng)]))
    text = report_scores(path, ReportOptions(study=str(tmp_path / study.name))).render()
    assert "undated (otherwise inconclusive)" in text  # the last epochs are not known
    assert "the results are another tool's" in text
    assert "| A1 " in text
    other = make_table(rng).replace({"trial": {"A1": "base", "A2": "wide"}})
    alone = report_scores(write_csv(tmp_path / "other.csv", other), ReportOptions()).render()
    assert "The study declares no expected outcomes." in alone
    assert "In the 95 % confidence set" in alone


def test_options_that_do_nothing_are_named(tmp_path: Path, rng: np.random.Generator) -> None:
    path = write_csv(tmp_path / "scores.csv", make_table(rng))
    said = report_scores(path, ReportOptions(metric="val_rmse", n_top=5)).render()
    assert "> - --metric and --top change nothing here: predictions are judged by " in said
    assert note_unused(ReportOptions(rope=0.01, study="example")) == ""


def test_strangers_are_named(tmp_path: Path, rng: np.random.Generator, study: Study) -> None:
    table = make_table(rng, 40).replace({"trial": {"K": "Zeta"}})
    run = read_score_file(write_csv(tmp_path / "scores.csv", table)).as_run(study)
    assert run.notes == ("No trial of the study tiny, and in no claim: Zeta.",)


def ask(tmp_path: Path, **told: Any) -> Study:
    return make_study(tmp_path / "other", [claim("A1 beats A2", ["A1"], ["A2"])], **told)


def test_numbers_are_judged_where_the_study_predicts_them(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    table = make_table(rng)
    noise = table["trial"].map({"A1": 0.1, "A2": 1.0, "K": 1.0})
    table = table.assign(label=table["row"] / 60.0)
    table["score"] = table["label"] + noise * rng.normal(size=len(table))
    study = ask(tmp_path, task="regression", metric={"name": "rmse"}, rope=0.01)
    run = read_score_file(write_csv(tmp_path / "scores.csv", table)).as_run(study)
    (row,) = judge_scores(run).rows
    assert row.judgement.inference is not None
    assert row.judgement.inference.estimate == pytest.approx(0.9, abs=0.05)
    assert run.info.data.splits["validation"].mean == pytest.approx(table["label"].mean())


def make_classes(rng: np.random.Generator, *, is_chance: bool) -> pd.DataFrame:
    """Return a table of three classes, each with a column."""
    table = make_table(rng).drop(columns="score")
    names = np.array(["Red", "Green", "Blue"])
    table["label"] = names[table["row"] % 3]
    gain = table["trial"].map({"A1": 3.0, "A2": 0.2, "K": 0.2}).to_numpy()
    logits = gain[:, None] * (table["label"].to_numpy()[:, None] == names)
    logits = logits + rng.normal(size=logits.shape)
    chances = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return table.assign(**dict(zip(names, (chances if is_chance else logits).T, strict=True)))


@pytest.mark.parametrize("is_chance", [True, False])
def test_classes_have_a_column_each(
    tmp_path: Path, rng: np.random.Generator, is_chance: bool
) -> None:
    study = ask(tmp_path, task="multiclass", metric={"name": "log_loss"}, rope=0.01)
    path = write_csv(tmp_path / "scores.csv", make_classes(rng, is_chance=is_chance))
    assert holds_scores(path)
    run = read_score_file(path).as_run(study)
    assert run.fits[0].predictions is not None
    assert 0.1 < run.fits[0].score < 0.4
    assert run.info.data.splits["validation"].classes == {"Red": 200, "Green": 200, "Blue": 200}
    (row,) = judge_scores(run).rows
    assert row.judgement.otherwise is Verdict.INCONCLUSIVE  # the last epochs are not known
    assert row.judgement.inference is not None
    assert row.judgement.inference.estimate > 0.3


def test_probabilities_and_log_odds_say_the_same(tmp_path: Path, rng: np.random.Generator) -> None:
    study = ask(tmp_path, metric={"name": "log_loss"}, rope=0.01)
    table = make_table(rng)
    chances = table.assign(score=1 / (1 + np.exp(-table["score"].astype("float64"))))
    one, other = (
        read_score_file(write_csv(tmp_path / name, some)).as_run(study).fits[0].score
        for name, some in (("a.csv", table), ("b.csv", chances))
    )
    assert one == pytest.approx(other)


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"task": "multiclass", "rope": 0.1}, "has 0 columns beside trial, seed, row and label; "),
        (
            {"task": "none", "metric": {"name": "cost", "direction": "minimize"}, "rope": 1},
            "the study's cost is not computed from predictions",
        ),
    ],
)
def test_what_a_study_s_task_cannot_use_is_refused(
    tmp_path: Path, rng: np.random.Generator, told: dict[str, Any], message: str
) -> None:
    scores = read_score_file(write_csv(tmp_path / "scores.csv", make_table(rng, 40)))
    with pytest.raises(InputError, match=message):
        scores.as_run(ask(tmp_path, **told))


def test_a_label_without_a_column_is_named(tmp_path: Path, rng: np.random.Generator) -> None:
    table = make_classes(rng, is_chance=True)
    table.loc[4, "label"] = "Mauve"
    scores = read_score_file(write_csv(tmp_path / "scores.csv", table))
    with pytest.raises(InputError, match=r"row 5: label='Mauve', expected the name of a column, "):
        scores.as_run(ask(tmp_path, task="multiclass", rope=0.01))
    with pytest.raises(InputError, match="has no column score; predictions need it where task is"):
        scores.as_run()


def test_a_study_of_groups_needs_their_column_of_names_or_numbers(
    tmp_path: Path, rng: np.random.Generator
) -> None:
    study = ask(tmp_path, split={"kind": "groups", "column": "patient"})
    table = make_table(rng, 60)
    with pytest.raises(InputError, match="has no column group; the study splits whole groups"):
        read_score_file(write_csv(tmp_path / "flat.csv", table)).as_run(study)
    patients = table["row"] // 3
    found = []
    for name, groups in (("a.csv", patients), ("b.csv", patients.map("patient {:02d}".format))):
        path = write_csv(tmp_path / name, table.assign(group=groups))
        one = read_score_file(path).as_run(study).fits[0].predictions
        assert isinstance(one, Predictions)
        found.append(one.estimate.influences)
    assert found[0].shape == (20,)
    np.testing.assert_array_equal(np.sort(found[0]), np.sort(found[1]))
