import json
import pickle
from pathlib import Path

import pytest

from analysis.findings.evidence import gather_evidence
from analysis.findings.rules import find
from analysis.proposal.moves import propose_moves
from analysis.proposal.next_trials import list_trials
from analysis.proposal.signal import look_for_signal
from analysis.readers.options import ReadOptions
from analysis.readers.sources import Source, parse_source, read_trials
from analysis.report.sections.findings import render_findings
from analysis.report.sections.trend_tables import render_evidence_table, render_proposal_table
from analysis.trends.importance import measure_importances
from tests.analysis.readers.optuna.test_sqlite import TWO_STUDIES, V3, store
from tests.special import SPECIAL
from trial_sets.errors import InputError

TRIALS = [{"value": 0.1 * n, "params": {"lr": n}} for n in range(5)]


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def dump(**changes: object) -> str:
    return json.dumps([{**trial, **changes} for trial in TRIALS])


def test_sources_are_paths_urls_and_studies(tmp_path: Path) -> None:
    hashed = write(tmp_path / "a#b.json", "[]")
    assert parse_source("x.db") == Source(Path("x.db"))
    assert parse_source("sqlite:///x.db") == Source(Path("x.db"))
    assert parse_source("sqlite:////tmp/x.db#s") == Source(Path("/tmp/x.db"), "s")
    assert parse_source(str(hashed)) == Source(hashed)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", dump()),
        ("a.json", "lr,val_auc\n1,0.5\n2,0.6\n"),
        ("a.txt", '{"lr": 1, "val_auc": 0.5}\n{"lr": 2, "val_auc": 0.6}\n'),
    ],
)
def test_the_content_decides_not_the_suffix(tmp_path: Path, name: str, content: str) -> None:
    assert read_trials([write(tmp_path / name, content)]).params == ("lr",)


def test_files_of_one_name_are_told_apart_by_their_path(tmp_path: Path) -> None:
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write(tmp_path / folder / "a.json", dump())
    frame = read_trials([tmp_path / "one" / "a.json", tmp_path / "two" / "a.json"])
    assert frame.rows["file"].nunique() == 2


def test_the_studies_that_were_read_are_known(tmp_path: Path) -> None:
    path = store(tmp_path / "two.db", TWO_STUDIES)
    options = ReadOptions(preferred_study="s")
    assert read_trials([path], options).studies == ("s",)
    single = store(tmp_path / "single.db", V3.replace("'s'", "'only'"))
    assert read_trials([path, single], options).studies == ("s", "only")
    assert read_trials([write(tmp_path / "a.json", dump())], options).studies == ()


def test_files_that_disagree_are_refused(tmp_path: Path) -> None:
    first = write(tmp_path / "a.csv", "lr,val_auc\n1,0.5\n")
    second = write(tmp_path / "b.csv", "lr,val_loss\n1,0.5\n")
    with pytest.raises(InputError, match="disagree on the direction"):
        read_trials([first, second])


BAD: dict[str, tuple[str | bytes, str]] = {
    "truncated.json": ('[{"value": 0.7, "par', "not valid JSON"),
    "empty.json": ("", "is empty"),
    "blank.csv": (" \n\n", "only white space"),
    "empty_list.json": ("[]", "empty list"),
    "numbers.json": ("[1, 2]", "item 1: expected an object"),
    "number.json": ("3", "neither JSON nor a table"),
    "null.json": ("null", "neither JSON nor a table"),
    "no_keys.json": ("[{}, {}]", "no trials"),
    "no_metric.json": ('[{"a": "x"}]', "no column that looks like a metric"),
    "two_metrics.csv": ("val_auc,val_loss\n1,2\n", "several columns that could be the metric"),
    "twice.json": ('[{"value": 1, "value": 2}]', "key 'value' stands twice"),
    "deep.json": ("[" * 100_000, "nested too deeply"),
    "lengths.json": ('{"a": [1, 2], "val_auc": [1]}', "different lengths"),
    "pickle.pkl": (pickle.dumps(TRIALS), "never loaded"),
    "pickle_0.pkl": (pickle.dumps(TRIALS, protocol=0), "neither JSON nor a table"),
    "junk.bin": (bytes(range(256)) * 10, "is not UTF-8|is binary"),
    "fake.db": (b"SQLite format 3\x00" + b"x" * 500, "cannot be read as an Optuna SQLite"),
    "columns_twice.csv": ("a,a,val_auc\n1,2,3\n", "has the column 'a' 2 times"),
    "head_only.csv": ("lr,val_auc\n", "no rows"),
    "ragged.csv": ("lr,val_auc\n1,2,3\n1,2\n1,2,3,4\n", "fields"),
    "open_quote.csv": ('lr,val_auc\n"1,2\n', "cannot be read as CSV"),
    "prose.txt": ("Dear reader\nhello\n", "neither JSON nor a table"),
    "page.html": ("<html><script>1</script></html>", "neither JSON nor a table"),
    "half.jsonl": ('{"val_auc": 1}\n{"val\n{"val_auc": 1}\n', "line 2"),
    "mixed.jsonl": ('{"val_auc": 1}\n[]\n', "line 2: expected an object"),
    "journal.log": ('{"op_code": 0, "study_name": "s", "directions": [2]}\n', "no trials"),
    "no_study.log": ('{"op_code": 9}\n{"op_code": 9}\n', "no Optuna study"),
    "wide.csv": (
        ",".join(f"c{n}" for n in range(300)) + ",val_auc\n"
        + "\n".join(",".join([str(row)] * 301) for row in range(2)),
        "more than the 200",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_input_is_refused_in_one_sentence(tmp_path: Path, name: str) -> None:
    content, match = BAD[name]
    path = write(tmp_path / name, content)
    with pytest.raises(InputError, match=match) as caught:
        read_trials([path])
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


ODD: dict[str, str] = {
    "one": json.dumps(TRIALS[:1]),
    "equal": dump(value=0.7),
    "failed": dump(value=None, state="FAIL"),
    "nan": dump(value=float("nan")),
    "unknown_state": dump(state="ZOMBIE"),
    "huge": dump(value=1e308),
    "huge_whole": dump().replace('"lr": 3', '"lr": 1' + "0" * 400),
    "minus_infinity": dump(value=float("-inf")),
    "text_metric": dump(value="high"),
    "mixed_types": json.dumps(
        [
            {"value": n, "params": {"a": a}}
            for n, a in enumerate([1, "x", None, [1], {"b": 2}, True])
        ]
    ),
    "same_names": dump(config_name="A1"),
    "hostile": json.dumps(
        [
            {
                "config_name": "a|b`c\n<img src=x>",
                "value": n,
                "params": {"p|`\n<b>": f"v|`\n<i>{n % 3}"},
            }
            for n in range(40)
        ]
    ),
    "reserved": dump(params={"trial": 1, "metric": 2, "configuration": 3, "file": 4}),
    "no_params": dump(params={}),
    "bom": "\ufeff" + dump(),
    "formula": "name,lr,val_auc\n=cmd|' /C calc'!A0,1,0.5\n@x,2,0.6\n",
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_input_gives_a_correct_escaped_report(tmp_path: Path, name: str) -> None:
    frame = read_trials([write(tmp_path / f"{name}.json", ODD[name])])
    evidence = gather_evidence(frame)
    text = render_findings(find(evidence))
    for table in evidence.tables:
        text += render_proposal_table(table) + render_evidence_table(table)
    assert "<" not in text
    assert "nan" not in text
    assert measure_importances(frame, evidence.tables).n <= len(frame.rows)
    assert list_trials(evidence, propose_moves(evidence, look_for_signal(evidence))) or not len(
        evidence.merged
    )


def test_a_source_must_be_named_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.json", dump())
    with pytest.raises(InputError, match="named twice"):
        read_trials([path, path])
    with pytest.raises(InputError, match="no results file"):
        read_trials([])


def test_the_real_studies_are_read(shared_data: Path) -> None:
    folder = shared_data / "hpo"
    database = read_trials([f"sqlite:///{folder}/optuna_study.db#lstm-btc-1"])
    assert (database.direction, database.count_states()) == (
        "minimize",
        {"pruned": 94, "complete": 6},
    )
    assert database.finished["metric"].min() == pytest.approx(0.031390782445669174)
    assert database.rows["duration_s"].notna().all()
    journal = read_trials([folder / "optuna_journal.log"])
    assert (journal.direction, journal.count_states()) == (
        "maximize",
        {"pruned": 16, "complete": 14},
    )
    export = read_trials([folder / "optuna_trials.csv"])
    assert export.params == ("depth", "learning_rate", "score_function")
    assert not export.is_direction_known
    assert len(export.finished) == 30


def test_the_real_ablation_needs_its_metric_named(shared_data: Path) -> None:
    path = shared_data / "ablation" / "multi_seed_results.csv"
    with pytest.raises(InputError, match="Log-RMSE, AUPRC and WAPE"):
        read_trials([path])
    frame = read_trials([path], ReadOptions(metric_column="AUPRC"))
    assert (frame.params, frame.rows["seed"].nunique(), len(frame.finished)) == (("Model",), 10, 50)
    assert (frame.rows["role"] == "baseline").sum() == 10


@pytest.mark.parametrize("kind", SPECIAL)
def test_what_is_no_regular_file_is_refused_at_once(tmp_path: Path, kind: str) -> None:
    SPECIAL[kind](tmp_path / "results.json")
    with pytest.raises(InputError, match=r"results\.json"):
        read_trials([tmp_path / "results.json"])


@pytest.mark.parametrize(
    "content",
    [
        "a,b,c,d,e\n" + "1\n" * 40,
        json.dumps([{f"key {n}": n} for n in range(20)]),
        json.dumps([{"value": n, "params": {f"key {n}": n}} for n in range(20)]),
        json.dumps([[]] * 101),
        "\n".join(json.dumps({f"key {n}": n}) for n in range(20)),
    ],
)
def test_a_small_file_that_comes_to_a_huge_table_is_refused(
    tmp_path: Path, content: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.readers.content.MAX_VALUES", 100)
    path = write(tmp_path / "results", content)
    with pytest.raises(InputError, match="values, more than the 100 that are read"):
        read_trials([path])
