"""A space of the patch transformer that tests bend one dimension at a time."""

from typing import Any

from tests.trial_sets.conftest import FULL, STUDY
from trial_sets.files import StudyFile
from trial_sets.linting.remark import Remark
from trial_sets.linting.role import SearchFacts
from trial_sets.linting.space import lint_space
from trial_sets.loading.assembly import assemble_study
from trial_sets.space import SearchSpace
from trial_sets.strict_json import check
from trial_sets.study import Study

RATE = {"type": "float", "low": 1e-5, "high": 1e-2, "log": True}
WARM = {"type": "float", "low": 0.0, "high": 0.2}
USUAL: dict[str, Any] = {"learning_rate": RATE, "warmup_fraction": WARM}


def make_bare_study(**base: object) -> Study:
    content = {**STUDY, "base": {**FULL, **base}, "controls": {}}
    return assemble_study("own", "study.json", check(StudyFile, content, "study.json"), [])


def lint(
    dimensions: dict[str, Any],
    facts: SearchFacts | None = None,
    *,
    study: Study | None = None,
    default: Any = ...,
    **fixed: object,
) -> tuple[Remark, ...]:
    space = SearchSpace.model_validate({"dimensions": dimensions}, strict=False)
    held = {"optimizer": "adamw", "warmup_fraction": 0.0, **fixed}
    given: Any = {name: value for name, value in held.items() if name not in dimensions}
    said = {} if default is ... else default
    return lint_space(study or make_bare_study(), space, given, said, facts)


def only(remarks: tuple[Remark, ...]) -> str:
    assert len(remarks) == 1, "\n".join(map(str, remarks))
    return str(remarks[0])
