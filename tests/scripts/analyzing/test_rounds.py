"""``analyze --rounds``: one page on several rounds, in the order in which they were made."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.analyze import main
from scripts.analyzing.rounds import group_rounds
from tests.analysis.rounds.written import make_origin, write_rounds

ONE, OTHER = "outputs/first", "outputs/second"
TABLE = "trial,dropout,val_auc\n0,0.1,0.70\n1,0.2,0.71\n2,0.3,0.69\n"


def analyze(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def rounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write both rounds below the current folder, and return the ledger of their claims."""
    monkeypatch.chdir(tmp_path)
    write_rounds(Path("outputs"), origin=make_origin())
    Path("trials.csv").write_text(TABLE)
    Path("more.csv").write_text(TABLE.replace("0.3", "0.4"))
    return Path("outputs/claims.jsonl")


def test_the_page_says_what_was_predicted_and_what_came(rounds: Path) -> None:
    result = analyze(ONE, OTHER, "--rounds", "page/rounds.md", "--html", "page/rounds.html")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Round 2, of 2 predictions: 1 survived, 1 refuted, 0 open." in result.stdout
    page = Path("page/rounds.md").read_text()
    heads = [line for line in page.splitlines() if line.startswith("#")]
    assert heads == [
        "# 2 rounds side by side: first and second",
        "## The rounds",
        "## What was predicted, and what came",
        "## Which predictions survived",
        "## The champion's history",
        "## What is next",
        "## Provenance",
    ]
    for said in (
        "Rounds 1 and 2: one metric, the same rows and the same label, so that scores are",
        "| 2       | A     | A1 beats BASE | established: extend learning_rate (2e-3) ",
        "| hunch: fill weight_decay (0.01)          | refuted (equivalent) | **refuted**",
        "- **Round 2, set B, then**: 0.0 leads a little.",
        "in at most 5 % of such rounds, in 2 rounds in at most 10 % (Holm over its family: 1 in "
        "round 1 and 2 in round 2)",
        "- Round 2 was scored on the rows on which round 1 suggested it. Its fits and seeds",
        "![The best of each round, first and run again, with 95 % intervals by seeds](figures/",
        "1. Propose the next round from all that ran: `analyze outputs/first outputs/second "
        "--propose second-2`",
        "| second/data-00000000    | 3, 4 and 5 |",
        "| 2       | outputs/second/data-00000000 |         9 |",
    ):
        assert said in page
    assert Path("page/figures/champions.png").is_file()
    assert "<h2" in Path("page/rounds.html").read_text()


def test_the_values_are_written_as_json_and_the_looks_are_entered(rounds: Path) -> None:
    before = rounds.read_text().count('"look"')
    result = analyze(ONE, OTHER, "--rounds", "rounds.md", "--json", "-", "--no-figures")
    assert result.exit_code == 0
    (made,) = json.loads(result.stdout)["reports"]
    assert (made["kind"], [one["round"] for one in made["rounds"]]) == ("rounds", [1, 2])
    found = {(p["round"], p["set"]): (p["standing"], p["outcome"]) for p in made["predictions"]}
    assert found[2, "A"] == ("established", "survived")
    assert found[2, "B"] == ("hunch", "refuted")
    assert rounds.read_text().count('"look"') == before + 3
    analyze(ONE, OTHER, "--rounds", "rounds.md", "--no-figures")
    assert rounds.read_text().count('"look"') == before + 3  # the same results: no further look


def test_files_named_one_after_another_are_one_round(rounds: Path) -> None:
    assert group_rounds(["trials.csv", "more.csv", ONE]) == [("trials.csv", "more.csv"), (ONE,)]
    assert group_rounds(["trials.csv", "more.csv"]) == [("trials.csv",), ("more.csv",)]
    result = analyze("trials.csv", OTHER, "--rounds", "rounds.md", "--no-figures")
    assert result.exit_code == 0
    page = Path("rounds.md").read_text()
    assert "are not compared with scores of the other: other tools' results do not tell" in page
    assert "`analyze outputs/second --propose second-2`" in page
    result = analyze("trials.csv", ONE, OTHER, "--rounds", "rounds.md", "--no-figures")
    assert result.exit_code == 0
    page = Path("rounds.md").read_text()
    assert "round: `analyze outputs/first outputs/second --propose second-2`" in page
    words = ("trials.csv", "more.csv", OTHER, "--rounds", "rounds.md", "--no-figures")
    assert "2 rounds side by side: trials.csv and more.csv; second" in analyze(*words).stdout
    result = analyze("trials.csv", "more.csv", "--rounds", "files.md", "--no-figures")
    assert result.exit_code == 0
    assert "nothing was predicted that could be judged" in Path("files.md").read_text()


def test_the_next_round_is_proposed_from_all_of_them(rounds: Path) -> None:
    result = analyze(ONE, OTHER, "--propose", "third")
    assert (result.exit_code, result.stderr) == (0, "")
    study = json.loads(Path("third/study.json").read_text())
    assert study["seeds"] == [6, 7, 8]
    assert [one["study"] for one in study["origin"]["sources"]] == ["first", "second"]
    assert "analyze outputs/first outputs/second outputs/third --rounds third-rounds.md" in (
        result.stdout
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((OTHER, ONE), "Second: data-00000000 was proposed from Tiny: data-00000000"),
        ((ONE,), "--rounds needs 2 rounds at least, the first first; 1 round named: outputs/first"),
        ((ONE, ONE), "was named twice"),
        (("outputs", ONE), "outputs: --rounds goes on from one run; found outputs/first/data"),
        ((ONE, OTHER, "--top", "3"), "--top goes with a report, not with --rounds"),
        (
            (ONE, OTHER, "--metric", "x"),
            "--metric goes with other tools' files, and none was named",
        ),
        (
            (ONE, OTHER, "--propose", "x"),
            "--propose writes a study, and --rounds a page: leave one out",
        ),
        ((ONE, OTHER, "--to-csv", "x"), "--rounds writes a page, and an export stands alone"),
        ((ONE, "missing.csv"), "missing.csv"),
        ((ONE, "next"), "next is a study and holds no run; its runs are below outputs/next"),
    ],
)
def test_what_cannot_be_set_side_by_side_is_said_in_one_sentence(
    rounds: Path, arguments: tuple[str, ...], said: str
) -> None:
    before = rounds.read_bytes()
    Path("next").mkdir()
    Path("next/study.json").write_text("{}")
    result = analyze(*arguments, "--rounds", "rounds.md")
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not Path("rounds.md").exists()
    assert rounds.read_bytes() == before
