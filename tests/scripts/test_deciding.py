"""The study `deciding` is what its page says."""

import json
import re
from pathlib import Path

from click.testing import CliRunner

from scripts.run_supplementary import main
from trial_sets.claims.binding import bind_claims
from trial_sets.loading.study_folder import find_study, load_study

PAGE = (Path(__file__).parents[2] / "docs" / "deciding.md").read_text(encoding="utf-8")


def test_its_claims_stand_on_the_page_in_their_order() -> None:
    study = load_study(find_study("deciding"))
    told = re.findall(r"^\| (\w+ beats \w+) +\|", PAGE, re.MULTILINE)
    assert told == [one.sentence for one in bind_claims(study)]
    assert (study.folds, study.looks) == (6, (2, 4, 7, 10))
    assert len(study.seeds) == study.looks[-1]


def test_its_plan_has_the_fits_that_the_page_names(tmp_path: Path) -> None:
    arguments = ["--study", "deciding", "--set", "all", "--seeds", "10", "--dry-run", "--json"]
    done = CliRunner().invoke(main, [*arguments, "--output", str(tmp_path)])
    assert done.exit_code == 0, done.output
    plan = json.loads(done.stdout)
    assert f"All of it would be {plan['fits_to_run']} fits" in PAGE
    assert {fold["validation"]["rows"] for fold in plan["folds"]} == {424}
    years = (
        plan["folds"][0]["validation"]["first"][:4],
        plan["folds"][-1]["validation"]["last"][:4],
    )
    assert f"six folds of 424 rows, {years[0]} to {years[1]}" in PAGE
