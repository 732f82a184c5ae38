"""Where a study comes from is kept with it, and one without it is as it was."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.analysis.rounds.written import make_origin
from tests.trial_sets.conftest import STUDY, changed
from trial_sets.errors import InputError
from trial_sets.loading.study_folder import load_study
from trial_sets.origins.origin import OriginSource
from trial_sets.study import Study


def test_a_study_keeps_its_origin_and_gives_it_back(write_study: Callable[..., Path]) -> None:
    study = load_study(write_study({**STUDY, "origin": make_origin()}))
    assert study.origin is not None
    assert [move.rule for move in study.origin.list_moves("B")] == ["fill"]
    text = study.model_dump_json(by_alias=True)
    assert Study.model_validate_json(text).origin == study.origin


def test_a_study_without_one_is_written_as_before(write_study: Callable[..., Path]) -> None:
    study = load_study(write_study())
    assert study.origin is None
    assert "origin" not in json.loads(study.model_dump_json(by_alias=True))


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("version",), 2, "version"),
        (("sources",), [], "sources"),
        (("sources", 0, "run"), ..., "a source is a study with a run, or a file"),
        (("sources", 0, "file"), "a.csv", "a source is a study with a run, or a file"),
        (("champion", "score"), "high", "score"),
        (("champion", "fits"), 0, "fits"),
        (("moves", 0, "ruel"), "extend", "ruel"),
        (("moves", 0, "set"), "not a name", "set"),
    ],
)
def test_an_origin_that_is_none_is_refused_in_one_sentence(
    write_study: Callable[..., Path], path: tuple[str | int, ...], value: object, said: str
) -> None:
    origin = changed(make_origin(), path, value)
    with pytest.raises(InputError, match="origin") as caught:
        load_study(write_study({**STUDY, "origin": origin}))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_files_are_told_by_their_digest_and_runs_by_their_name() -> None:
    one = OriginSource(file="a.csv", sha256="0" * 64)
    assert one.is_of(OriginSource(file="copy.csv", sha256="0" * 64))
    assert not one.is_of(OriginSource(file="a.csv", sha256="1" * 64))
    assert not one.is_of(OriginSource(file="a.csv", study="inner", sha256="0" * 64))
    run = OriginSource(study="first", run="data-00000000")
    assert run.is_of(OriginSource(study="first", run="data-00000000"))
    assert not run.is_of(OriginSource(study="first", run="data-00000000", search="s"))
