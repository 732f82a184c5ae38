"""Whatever numbers a table holds, they reach a report and not the terminal as warnings."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from scripts.analyze import main

TABLES = {
    "a metric whose variance vanishes": "lr,layers,val_auc\n0.1,1,7e-301\n0.2,2,8e-302\n0.3,3,0\n",
    "a hyperparameter over more decades than a float has": (
        "decay,opt,acc\n1e16,a,0.1\n1e-300,b,0.2\n0.5,a,0.3\n1e-20,b,0.4\n3,b,0.5\n"
    ),
    "scores beyond all bounds": (
        "lr,train_auc,val_auc\n0.1,1e308,0.1\n0.2,1e308,0.2\n0.3,1e308,0.4\n0.4,-1e308,0.3\n"
    ),
    "durations beyond all bounds": (
        "lr,duration,val_auc\n0.1,1e308,0.1\n0.2,1e308,0.2\n0.3,inf,0.3\n0.4,1e-300,0.3\n"
    ),
    "a metric that is the same large number": "lr,val_auc\n0.1,1e20\n0.2,1e20\n0.3,1e20\n",
    "tiers without a hyperparameter": (
        "tier,lr,acc\na50,,0.1\na100,,0.2\n,0.1,0.3\n,0.2,0.4\n,0.3,0.5\n"
    ),
    "NaN and infinity everywhere": (
        "lr,layers,val_auc\nnan,1,0.5\ninf,2,nan\n0.1,nan,inf\n-inf,3,0.6\n0.2,4,-inf\n0.3,4,0.7\n"
    ),
}


@pytest.mark.parametrize("content", TABLES.values(), ids=TABLES)
def test_a_report_with_figures_is_made_without_a_warning(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("odd.csv").write_text(content)
    result = CliRunner().invoke(main, ["odd.csv", "--output", "r.md"], catch_exceptions=False)
    assert (result.exit_code, result.stderr) == (0, "")
