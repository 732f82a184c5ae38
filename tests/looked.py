"""Batches by a plan of looks, without training: each fit's scores follow from its options."""

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from click.testing import CliRunner, Result
from numpy.typing import NDArray
from rich.console import Console

from analysis.runs.run import read_run
from analysis.verdicts.checklist import Checklist, ChecklistRow
from analysis.verdicts.run_cases import judge_run
from runner.batch.claim_entry import enter_claims
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from scripts.run_supplementary import main
from tests.analysis.synthetic import measure_auc, tabulate
from tests.conftest import TINY_STUDY
from tests.runner.conftest import record
from trial_sets.records.claim_ledger import read_claims
from trial_sets.records.record import Failure

N_ROWS = 488
LABELS = (np.random.default_rng(5).random(N_ROWS) < 0.18).astype(np.int8)
COMMON = np.random.default_rng(0).normal(size=N_ROWS)
TRIALS: dict[str, dict[str, Any]] = {
    "better": {"place": 1, "gain": 2.0},
    "worse": {"place": 2, "gain": 0.5},
    "alike": {"place": 64, "gain": 1.02},
    "close": {"place": 41, "gain": 1.07},
}
Batch = Callable[..., Plan]


def score(options: dict[str, Any], seed: int) -> NDArray[np.float64]:
    """Return a fit's scores: its options say how much it knows, and how much its seeds differ."""
    own = np.random.default_rng([1, int(options["place"]), seed]).normal(size=N_ROWS)
    return options["gain"] * LABELS + COMMON + options.get("spread", 0.3) * own


@dataclass
class LookBench:
    """A study whose claims are that each of its trials beats the control, and its outputs."""

    folder: Path
    trials: dict[str, dict[str, Any]] = field(default_factory=lambda: dict(TRIALS))
    claims: list[dict[str, Any]] | None = None  # instead of one for each trial
    seeds: int = 10
    failing: set[tuple[str, int]] = field(default_factory=set)
    batches: list[list[str]] = field(default_factory=list)  # the fits that each has run
    interrupt_after: int | None = None  # fits, all batches together

    @property
    def outputs(self) -> Path:
        return self.folder / "outputs"

    def write(self, **study: Any) -> None:
        """Write the study's files."""
        place = self.folder / "tiny"
        place.mkdir(exist_ok=True)
        control = {"dropout": 0.0, "options": {"place": 0, "gain": 1.0}}
        head = {**TINY_STUDY, "seeds": list(range(self.seeds)), "controls": {"K": control}, **study}
        claims = [{"better": [name], "than": ["K"]} for name in self.trials]
        one = {
            "title": "Looks",
            "control": "K",
            "trials": {name: {"options": said} for name, said in self.trials.items()},
            "expectations": claims if self.claims is None else self.claims,
        }
        (place / "study.json").write_text(json.dumps(head))
        (place / "A.json").write_text(json.dumps(one))

    def run_batch(self, request: Request, screen: Console, *, again: bool = False) -> Plan:
        """Leave a record of every fit that is to run, in place of `scripts.running.batch`."""
        del screen, again
        plan = make_plan(request)
        head = enter_claims(plan).head
        plan.folder.write_run_info(plan.info)
        plan.data.write_note(plan.folder)
        self.batches.append([])
        for planned in plan.to_run:
            if sum(map(len, self.batches)) == self.interrupt_after:
                self.interrupt_after = None
                raise KeyboardInterrupt
            self._file(plan, planned.fit, head)
            self.batches[-1].append(f"{planned.fit.name} {planned.fit.seed}")
        return plan

    def _file(self, plan: Plan, fit: Any, head: str | None) -> None:
        named: dict[str, Any] = {"run": plan.info.run, "claims_head": head}
        if (fit.name, fit.seed) in self.failing:
            failure = Failure(kind="error", message="no luck", traceback="")
            plan.folder.write_record(record(fit, failure=failure).model_copy(update=named), None)
            return
        scores = score(fit.configuration.options, fit.seed)
        buffer = io.BytesIO()
        np.savez(buffer, allow_pickle=False, **tabulate(LABELS, scores, ""))
        content = buffer.getvalue()
        named["predictions_sha256"] = hashlib.sha256(content).hexdigest()
        auc = measure_auc(LABELS, scores)
        named["metrics"] = {"val_auc": auc, "val_brier": 1 - auc}
        one = record(fit).model_copy(update=named)
        plan.folder.write_record(one, content)

    def call(self, *words: object, until: bool = True) -> Result:
        """Call the command."""
        asked = ["--study", self.folder / "tiny", "--set", "A", "--output", self.outputs]
        mode = ["--until-decided"] if until else []
        return CliRunner().invoke(
            main, [*map(str, [*asked, "--no-baselines", *mode, *words])], terminal_width=200
        )

    def decide(self, *words: object) -> dict[str, Any]:
        """Call the command for a program; return what it printed."""
        told = self.call(*words, "--json")
        assert told.exit_code == 0, told.output
        return dict(json.loads(told.stdout))

    def judge(self) -> Checklist:
        """Judge the run as `analyze` does, and enter its looks."""
        (folder,) = (path for path in (self.outputs / "tiny").iterdir())
        return judge_run(read_run(folder), enter=True)

    def row(self, name: str) -> ChecklistRow:
        """Return what `analyze` says of the claim that a trial beats the control."""
        rows = self.judge().rows
        return next(row for row in rows if row.case.sentence == f"{name} beats K")

    def list_lines(self, kind: str) -> list[dict[str, Any]]:
        lines = read_claims(self.outputs / "claims.jsonl").lines
        return [line.model_dump() for line in lines if line.kind == kind]
