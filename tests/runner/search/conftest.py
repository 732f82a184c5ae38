"""A study without rows, searched by a function that takes no time."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from runner.batch.events import Event
from runner.batch.run import start_workers
from runner.planning.request import Request
from runner.search.outcome import SearchOutcome
from runner.search.planning import SearchPlan, plan_search
from runner.search.request import SearchRequest
from trial_sets.space import SearchSpace

PARABOLA = """def train(configuration, data, context):
    x = configuration["x"]
    return {"loss": x * x - x + 1}
"""
X = {"x": {"type": "float", "low": -5, "high": 5}}


def space(**dimensions: dict[str, Any]) -> SearchSpace:
    """Return a space of these dimensions."""
    return SearchSpace.model_validate_json(json.dumps({"dimensions": dimensions}))


def write_study(
    folder: Path,
    parameters: dict[str, Any] | None = None,
    base: dict[str, Any] | None = None,
    code: str = PARABOLA,
) -> Path:
    """Write a study of a loss, and what trains it, in a folder; return the study's."""
    study = folder / "parabola"
    study.mkdir(parents=True)
    (study / "study.json").write_text(
        json.dumps(
            {
                "title": "Parabola",
                "task": "none",
                "metric": {"name": "loss", "direction": "minimize"},
                "rope": 0.001,
                "seeds": [1, 2],
                "parameters": X if parameters is None else parameters,
                "base": base or {},
            }
        )
    )
    (folder / "trainer.py").write_text(code)
    return study


def ask_for(study: Path, **asked: Any) -> SearchRequest:
    """Return a search of a study that `write_study` has written."""
    jobs = asked.pop("jobs", 1)
    request = Request(
        study=str(study),
        trainer=f"{study.parent / 'trainer.py'}:train",
        output=study.parent / "outputs",
        device="cpu",
        jobs=jobs,
        on_failure=asked.pop("on_failure", "same_error"),
        baselines=False,
    )
    return SearchRequest(request, **{"sampler": "random", "trials": 5, **asked})


def run(
    asked: SearchRequest | SearchPlan,
    observe: Callable[[Event], None] = lambda _: None,
    **more: Any,
) -> SearchOutcome:
    """Run a search with workers of its own."""
    from runner.search.running import run_search  # noqa: PLC0415

    plan = plan_search(asked) if isinstance(asked, SearchRequest) else asked
    with start_workers(plan.asked.request) as pool:
        return run_search(plan, pool, observe, **more)


def tell(outcome: SearchOutcome) -> list[tuple[int, dict[str, Any], str, float | None]]:
    """Return what was proposed and what came of it."""
    return [(t.number, dict(t.values), t.state, t.score) for t in outcome.trials]


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return write_study(tmp_path)
