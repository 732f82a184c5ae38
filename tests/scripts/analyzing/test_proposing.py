"""``analyze --propose``: from results to a study that the next command takes as it is."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from scripts.analyze import main
from scripts.run_search import main as search
from scripts.run_supplementary import main as run
from trial_sets.loading.study_folder import load_study

ROOT = Path(__file__).resolve().parents[3]
EXAMPLE = next((ROOT / "outputs" / "example").iterdir())


SEARCHED = """{
  "title": "A rule",
  "task": "regression",
  "label": {"column": "y"},
  "split": {"kind": "random"},
  "folds": 3,
  "rope": 0.01,
  "seeds": [0, 1, 2],
  "parameters": {"slope": {"type": "float", "low": 0, "high": 1}},
  "base": {"slope": 0.5}
}"""
TRAINER = """
def train(configuration, data, context):
    context.save_predictions(
        configuration["slope"] * data.features[data.val_rows, 0],
        test=data.features[data.test_rows, 0] if context.wants_test else None,
    )
"""


def propose(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments])


@pytest.fixture
def first_round(shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    monkeypatch.chdir(tmp_path)
    return sorted((shared_data / "first_round").glob("*.json"))


@pytest.fixture(scope="module")
def proposal(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of what follows the first round, of which `proposed` makes copies."""
    files = sorted((shared_data / "first_round").glob("*.json"))
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("proposal"))
        result = propose(*files, "--propose", "next")
        assert (result.exit_code, result.stderr) == (0, "")
        return Path("next").absolute()


@pytest.fixture
def proposed(proposal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a study that was proposed, in the working folder."""
    monkeypatch.chdir(tmp_path)
    return shutil.copytree(proposal, tmp_path / "next")


@pytest.mark.usefixtures("proposed")
def test_the_first_round_gives_a_study_that_runs_as_it_is() -> None:
    planned = CliRunner().invoke(run, ["--study", "next", "--set", "all", "--dry-run"])
    assert planned.exit_code == 0
    assert "Fits: 21 trial names, 21 distinct, and 1 control" in planned.stdout
    listed = CliRunner().invoke(run, ["--study", "next", "--list", "--json"])
    assert json.loads(listed.stdout)["findings"] == []
    assert not Path("outputs").exists()


def test_the_page_says_what_was_seen_what_runs_and_what_it_can_find(proposed: Path) -> None:
    page = (proposed / "proposal.md").read_text()
    heads = [line for line in page.splitlines() if line.startswith("## ")]
    assert heads == [
        "## Observed trends",
        "## Base",
        "## Phases and sets",
        "## Claims",
        "## What the round can find",
        "## Resources",
        "## Next steps",
    ]
    for said in (
        "| **0.5**   | **0.7177** |    0.7302 |     **56.7%** |",
        "nothing was tried between 0.3 and 0.5 and between 0.5 and 0.7; try 0.4 and 0.6",
        "Copies make part of the lead: 0.5 has 56.7% of the top 60 of 150 trials, and with copies "
        "merged 40.9% of the top 22 of 111 distinct configurations, where 0.3 has 36.4%.",
        "| A1      | 7e-5            | In a gap beside the value that stands out, a hunch",
        "**Fits**: 22 x 3 seeds = 66",
        "**Time a fit**: 32 s",
        "As planned, the round tells large differences alone",
        "3. Approve: enter the claims in the ledger, before anything runs: "
        "`run_supplementary --study next --fix-claims`",
    ):
        assert said in page


@pytest.mark.usefixtures("proposed")
def test_the_printed_approval_enters_the_claims() -> None:
    approved = CliRunner().invoke(run, ["--study", "next", "--fix-claims"])
    assert approved.exit_code == 0
    assert len(Path("outputs/claims.jsonl").read_text().splitlines()) == 7


@pytest.mark.usefixtures("proposed")
def test_a_list_says_no_claim_twice() -> None:
    listed = " ".join(CliRunner().invoke(run, ["--study", "next", "--list"]).stdout.split())
    assert "Expected: any of D1 or D2 beats BASE. Shows: d_model of 112 or 144" in listed
    assert "Expected: BASE beats the mean of V1, V2, V3 and V4. Shows: " in listed


@pytest.mark.usefixtures("proposed")
def test_the_space_is_one_that_a_search_takes() -> None:
    planned = CliRunner().invoke(search, ["--study", "next", "--plan", "--trials", "20"])
    assert planned.exit_code == 0
    assert "`dropout`" in planned.stdout
    assert "# Search space: " in Path("next/search-space.md").read_text()


def test_our_own_run_is_gone_on_from_with_its_data_and_new_seeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLE, tmp_path / "outputs" / "example" / EXAMPLE.name)
    result = propose("outputs", "--propose", "next")
    assert (result.exit_code, result.stderr) == (0, "")
    study = load_study(tmp_path / "next")
    assert study.seeds == (3, 4, 5)
    assert study.title.endswith(", round 2")
    assert study.base is not None
    assert study.base.epochs == 12
    page = Path("next/proposal.md").read_text()
    assert "A baseline trial beats all 6 tuned configurations" in page
    assert [one.name for one in study.sets] == ["A", "V"]
    assert "it was not fixed before them" in page
    assert not (tmp_path / "outputs" / "claims.jsonl").exists()


def test_a_round_after_a_search_has_the_studys_folds_and_test_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search fits each trial once; its folds are those of what comes after it."""
    monkeypatch.chdir(tmp_path)
    table = "\n".join(["x,y", *(f"{n},{n % 5}" for n in range(400))])
    Path("table.csv").write_text(table)
    Path("rule.py").write_text(TRAINER)
    Path("rule").mkdir()
    Path("rule/study.json").write_text(SEARCHED)
    options = "--data table.csv --trainer rule.py:train --no-baselines"
    found = CliRunner().invoke(
        search, f"--study rule --trials 4 --sampler random {options}".split()
    )
    assert found.exit_code == 0, found.output
    result = propose("outputs", "--propose", "next")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "--folds" not in result.stdout
    study = load_study(tmp_path / "next")
    assert (study.folds, study.title) == (3, "A rule, round 2")
    assert "x 3 seeds x 3 folds" in Path("next/proposal.md").read_text()
    look = f"--evaluate-test V1 --study next {options}"
    tested = CliRunner().invoke(run, look.split())  # the search chose on none of these rows
    assert tested.exit_code == 0, tested.output
    assert "Looks at these test rows so far: 1." in tested.stdout


@pytest.mark.parametrize("name", ["optuna_journal.log", "optuna_study.db", "optuna_trials.csv"])
def test_optuna_files_give_studies_with_parameters(
    shared_data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    direction = ["--direction", "minimize"] if name.endswith(".csv") else []
    result = propose(shared_data / "hpo" / name, "--propose", "next", *direction)
    assert (result.exit_code, result.stderr) == (0, "")
    planned = CliRunner().invoke(run, ["--study", "next", "--set", "all", "--dry-run"])
    assert planned.exit_code == 0
    assert "Fits: 4 trial names, 4 distinct, and 1 control" in planned.stdout


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--propose", "next", "--json", "-"], "--propose writes no report: leave out --json"),
        (["--propose", "next", "--param", "dropout"], "writes no report: leave out --param"),
        (["--propose", "next", "--to-csv", "c"], "--propose writes a study, and an export stands"),
        (["--propose", "a50"], "there is a built-in study a50; choose another name"),
        (["--propose", "there"], "there: is there already, and nothing is overwritten"),
        (
            ["--propose", "next", "."],
            "both were named; name the folders alone, which have the new results: .",
        ),
        (["--propose", "next", "--filter", "dropout == 7"], "leaves none of the 150 trials"),
    ],
)
def test_what_cannot_be_proposed_is_said_in_one_sentence(
    first_round: list[Path], options: list[str], said: str
) -> None:
    Path("there").mkdir()
    result = propose(*first_round, *options)
    assert result.exit_code == 2
    assert said in " ".join(result.stderr.split())
    assert not Path("next").exists()


def test_one_run_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("outputs").mkdir()
    result = propose("outputs", "--propose", "next")
    assert result.exit_code == 2
    assert (
        "outputs holds no run (no run.json below it); run_supplementary makes one" in result.stderr
    )
