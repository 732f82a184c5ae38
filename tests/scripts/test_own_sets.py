"""Sets and data of one's own, in the forms in which people have them."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner, Result

from models.data.embedded import find_embedded_file
from scripts.run_supplementary import main
from tests.trial_sets.test_a50 import PROPOSED, SEARCHED


@pytest.fixture(autouse=True)
def _go_to_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.stderr
    return result


def write_owners_file(path: Path, sizes: tuple[int, int]) -> None:
    """Write two dicts of full configurations as a script that would betray its execution."""
    lines = [
        "#!/usr/bin/env python3",
        '"""Trials."""',
        "import sys",
        "",
        "sys.exit('executed')",
        "",
    ]
    names = list(PROPOSED)
    for number, size in enumerate(sizes):
        lines.append(f"ROUND_{number} = {{")
        for place, name in enumerate(names[:size]):
            fields = dict(zip(SEARCHED, PROPOSED[name], strict=True))
            fields["dropout"] = round(0.3 + 0.02 * place + 0.01 * number, 2)
            lines.append(f'    "{"XY"[number]}{name}": {fields},')
        lines.append("}")
    path.write_text("\n".join([*lines, "", "if __name__ == '__main__':", "    main()", ""]))


def test_two_dicts_of_27_and_24_full_configurations_run_as_they_are() -> None:
    write_owners_file(Path("owner.py"), (27, 24))
    plan = json.loads(run("--trials", "owner.py", "--dry-run", "--json").stdout)
    assert plan["trial_names"] == 51
    assert plan["study"] == "owner"
    one = json.loads(run("--trials", "owner.py:ROUND_1", "--dry-run", "--json").stdout)
    assert one["trial_names"] == 24


def test_list_and_plan_say_how_a_file_of_trials_was_understood() -> None:
    Path("own.py").write_text("T = {'A1': {'model': {'hidden_size': 64}, 'lr': 1e-4}}")
    notices = [
        "own.py: groups were flattened: model",
        "own.py: names were read as the patch transformer's: hidden_size as d_model and lr as "
        "learning_rate",
    ]
    listed = run("--trials", "own.py", "--list").stdout
    assert [line for line in listed.splitlines() if line.startswith("Notice: ")] == [
        f"Notice: {notice}" for notice in notices
    ]
    assert json.loads(run("--trials", "own.py", "--list", "--json").stdout)["notices"] == notices
    plan = run("--trials", "own.py", "--dry-run").stdout
    assert all(f"Notice: {notice}" in plan for notice in notices)


def test_a_new_study_lints_clean_and_can_be_planned() -> None:
    written = run("--new-study", "mine").stdout
    assert "Next: run_supplementary --study mine --set all --dry-run" in written
    plan = json.loads(run("--study", "mine", "--set", "all", "--dry-run", "--json").stdout)
    assert plan["findings"] == []
    again = CliRunner().invoke(main, ["--new-study", "mine"])
    assert again.exit_code == 2
    assert Path("mine/study.json").is_file()


def test_the_plan_says_what_the_built_in_study_leaves_open() -> None:
    findings = json.loads(run("--set", "A", "--dry-run", "--json").stdout)["findings"]
    places = [finding.split(":")[0] for finding in findings]
    assert places == [
        'set A, "A3-A4 beat A1-A2"',
        'set B, "B2-B3 beat B1"',
        'set C, "C2-C3 beat C1"',
        "set D",
        'set E, "E1 beats E2"',
        "trials C2 = F2",
    ]


def test_sensor_readings_with_a_label_column_train(
    tiny_study: Path, rng: np.random.Generator
) -> None:
    rows = 900
    heat = rng.normal(size=rows).cumsum()
    hours = pd.Timestamp("2024-03-01") + pd.to_timedelta(rng.exponential(3600, rows).cumsum(), "s")
    failure = (rng.random(rows) < 1 / (1 + np.exp(-(heat - heat.mean()) / heat.std()))).astype(int)
    columns = {"time": hours, "Heat": heat, "vibration": rng.normal(size=rows), "failure": failure}
    pd.DataFrame(columns).to_csv("sensors.csv", index=False)
    result = json.loads(
        run(
            *("--study", str(tiny_study), "--trial", "A1", "--json", "--jobs", "1"),
            *("--data", "sensors.csv", "--label", "FAILURE"),
        ).stdout
    )
    assert (result["complete"], result["failed"]) == (1, 0)
    assert 0.0 < result["lines"][0]["mean_val_auc"] < 1.0
    assert set(result["baselines"]) == {"prevalence", "logistic", "boosting"}


def test_a_parquet_table_of_ready_features_beside_prices_is_taken_as_named(
    tiny_study: Path, rng: np.random.Generator
) -> None:
    table = pd.read_csv(find_embedded_file()).head(600).drop(columns="Adj Close")
    ready = {f"feature_{n}": rng.normal(size=len(table)) for n in range(55)}
    table.assign(**ready).to_parquet("features.parquet")
    arguments = ("--study", str(tiny_study), "--set", "A", "--data", "features.parquet")
    as_prices = json.loads(run(*arguments, "--dry-run", "--json").stdout)
    assert as_prices["features"] == 55
    assert any("'feature_0'" in notice for notice in as_prices["notices"])
    as_table = json.loads(run(*arguments, "--feature-table", "--dry-run", "--json").stdout)
    assert (as_table["tier"], as_table["features"]) == ("own", 55)
