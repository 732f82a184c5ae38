"""``--until-decided`` as a person calls it: with workers, killed after a look, and called again."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.run_supplementary import main
from tests.looked import LookBench
from tests.scripts.test_run_supplementary import command, lines_until, run

TRAINER = """
import time
from pathlib import Path

import numpy as np


def train(configuration, data, context):
    said, rows = configuration["options"], data.val_rows
    while context.seed > 1 and (Path(__file__).parent / "hold").exists():
        time.sleep(0.01)
    common = np.random.default_rng(0).normal(size=len(rows))
    own = np.random.default_rng([1, said["place"], context.seed]).normal(size=len(rows))
    context.save_predictions(said["gain"] * data.labels[rows] + common + 0.3 * own)
"""


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc")
def test_a_batch_that_was_killed_goes_on_at_its_look(tmp_path: Path) -> None:
    bench = LookBench(tmp_path, trials={
        "better": {"place": 1, "gain": 2.0}, "alike": {"place": 64, "gain": 1.02},
    })  # fmt: skip
    bench.write()
    (tmp_path / "own.py").write_text(TRAINER)
    (tmp_path / "hold").touch()
    asked = ["--study", tmp_path / "tiny", "--set", "A", "--trainer", tmp_path / "own.py:train",
             "--output", bench.outputs, "--until-decided", "--looks", "2,3", "--no-futility",
             "--jobs", 1, "--no-baselines"]  # fmt: skip
    process = command(*asked)
    lines = list(lines_until(process, "alike seed 2: started"))
    assert any("better beats K: confirmed: +" in line for line in lines)
    process.kill()
    process.communicate(timeout=20)
    (tmp_path / "hold").unlink()
    code, out, err = run(*asked, "--json")
    assert code == 0, err
    assert "Look 1 of 2" not in err
    assert "2 fits to run, 4 finished" in err
    told = json.loads(out)
    assert [(claim["stop"], claim["seeds"]) for claim in told["claims"]] == [
        ("confirmed", 2),
        ("undecided", 3),
    ]
    assert [len(look["seeds"]) for look in bench.list_lines("look")] == [2, 2, 3]
    log = next((bench.outputs / "tiny").glob("*/progress.log")).read_text()
    assert log.count("look 1 of 2 (2 seeds), set A") == 2
    assert run(*asked)[2] == "Looks at 2,3 seeds, to find a difference of 0.02 AUC\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--looks", "2,4"], "--looks goes with --until-decided"),
        (["--design", "0.01"], "--design goes with --until-decided"),
        (["--no-futility"], "--no-futility goes with --until-decided"),
        (["--until-decided", "--seeds", "3"], "--until-decided: leave out --seeds; the plan of"),
        (["--until-decided", "--trial", "A1"], "--until-decided: leave out --trial; the claims"),
        (["--until-decided", "--force"], "--until-decided: leave out --force; a look at"),
        (["--until-decided", "--evaluate-test", "A1"], "leave out --evaluate-test; the test"),
        (["--until-decided", "--looks", "4,2"], "found '4,2', expected at most 20 numbers"),
        (["--until-decided", "--looks", "1,2"], "found '1,2', expected at most 20 numbers"),
        (["--until-decided", "--looks", "few"], "found 'few', expected at most 20 numbers"),
        (["--until-decided", "--design", "0"], "Invalid value for '--design'"),
        (["--until-decided", "--looks", "2,4"], "say what to run: --set with one of A"),
        (["--until-decided", "--set", "Z"], "there is no set 'Z'"),
    ],
)
def test_what_does_not_go_together_is_one_sentence(words: list[str], message: str) -> None:
    told = CliRunner().invoke(main, [*words, "--dry-run"])
    assert told.exit_code == 2
    assert message in " ".join(told.stderr.split())
