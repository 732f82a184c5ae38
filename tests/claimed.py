"""Batches as the runner leaves them, without training: claims entered, then records written."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.runs.run import Run, read_run
from analysis.verdicts.dating import DatedClaims, Dating, date_claims
from analysis.verdicts.judged_looks import describe_look, enter_looks
from runner.batch.claim_entry import enter_claims
from runner.planning.plan import Plan, make_plan
from runner.planning.request import Request
from tests.conftest import TINY_SET
from tests.runner.conftest import record
from trial_sets.claims.binding import bind_claims
from trial_sets.records.layout import Outputs
from trial_sets.records.request import StudyOverrides

DECLARED = {"better": ["A2"], "than": ["A1"]}
REVERSED = {"better": ["A1"], "than": ["A2"]}


@dataclass
class Bench:
    """A study folder, an outputs folder, and what people do with them."""

    study: Path
    outputs: Path

    @property
    def ledger(self) -> Path:
        return Outputs(self.outputs).claims

    def ask(self, *, epochs: int | None = None, **asked: Any) -> Request:
        asked.setdefault("sets", ("all",))
        overrides = StudyOverrides(epochs=epochs)
        return Request(study=str(self.study), output=self.outputs, overrides=overrides, **asked)

    def batch(self, *, auc: float = 0.7, kill_after: int | None = None, **asked: Any) -> Plan:
        """Enter the claims and leave a record of every fit that is to run."""
        plan = make_plan(self.ask(**asked))
        head = enter_claims(plan).head
        plan.folder.write_run_info(plan.info)
        plan.data.write_note(plan.folder)
        for number, planned in enumerate(plan.to_run[:kill_after]):
            one = record(planned.fit, auc + number / 1000 + planned.fit.seed / 100)
            named = {"run": plan.info.run, "claims_head": head}
            plan.folder.write_record(one.model_copy(update=named), None)
        return plan

    def run_of(self, plan: Plan) -> Run:
        return read_run(plan.folder.path)

    def date(self, plan: Plan, rope: float | None = None) -> DatedClaims:
        run = self.run_of(plan)
        study = run.info.study
        return date_claims(run, bind_claims(study), study.rope if rope is None else rope)

    def look(self, plan: Plan, seeds: Sequence[int]) -> int:
        """Judge the first claim on some seeds; return which look at it this was."""
        run = self.run_of(plan)
        claims = bind_claims(run.info.study)
        dated = self.date(plan)
        looks = [describe_look(run, claim, seeds) for claim in claims]
        assert enter_looks(run, claims, dated, looks, run.info.study.rope) is None
        return dated.claims[0].number_look(looks[0])

    def only(self, plan: Plan, rope: float | None = None) -> Dating:
        """Return the dating of the first claim."""
        return self.date(plan, rope).claims[0]

    def declare(self, *claims: dict[str, Any]) -> None:
        """Change what the study's set A claims."""
        content = {**TINY_SET, "expectations": list(claims)}
        content["trials"] = json.loads((self.study / "A.json").read_text())["trials"]
        (self.study / "A.json").write_text(json.dumps(content))

    def change_study(self, **fields: Any) -> None:
        path = self.study / "study.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **fields}))

    def read_lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.ledger.read_text().splitlines()]

    def renamed(self, name: str) -> "Bench":
        """Return the same study under another name."""
        folder = self.study.with_name(name)
        folder.mkdir()
        for path in self.study.glob("*.json"):
            (folder / path.name).write_text(path.read_text())
        return replace(self, study=folder)
