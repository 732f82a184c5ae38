"""A run's name is a digest of what makes fits comparable, and of nothing else."""

from dataclasses import replace
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.planning.plan import make_plan
from runner.planning.request import Request
from trial_sets import redaction
from trial_sets.errors import InputError
from trial_sets.records.request import DataRequest, StudyOverrides


@pytest.fixture
def asked(tiny_study: Path, tmp_path: Path) -> Request:
    trainer = tmp_path / "own.py"
    trainer.write_text("def train(c, d, x): ...\n\n\ndef other(c, d, x): ...\n")
    return Request(study=str(tiny_study), sets=("A",), device="cpu", output=tmp_path / "o")


def run_of(request: Request) -> str:
    return make_plan(request).info.run


def test_the_data_names_the_run(asked: Request) -> None:
    name, _, digest = run_of(asked).rpartition("-")
    assert name == "sp500"
    assert len(digest) == 8
    assert run_of(asked) == f"{name}-{digest}"


@pytest.mark.parametrize(
    "change",
    [
        {"overrides": StudyOverrides(epochs=1)},
        {"overrides": StudyOverrides(context=24)},
        {"precision": "bf16"},
        {"data": DataRequest(tier="a100")},
        {"data": DataRequest(threshold=0.02)},
        {"data": DataRequest(direction="down")},
        {"data": DataRequest(val_start="2014-01-01")},
        {"data": DataRequest(test_end="2018-06-01")},
    ],
    ids=str,
)
def test_what_makes_fits_incomparable_makes_another_run(
    asked: Request, change: dict[str, object]
) -> None:
    assert run_of(replace(asked, **change)) != run_of(asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "change",
    [
        {"jobs": 7},
        {"seeds": 2},
        {"sets": ("all",)},
        {"sets": (), "trials": ("A1",)},
        {"force": True},
        {"retries": 5, "timeout_s": 9.0, "on_failure": "fail_fast"},
        {"data": DataRequest(tier="a50", direction="up", val_start="2015-01-01")},
    ],
    ids=str,
)
def test_what_does_not_change_a_fit_stays_in_the_run(
    asked: Request, change: dict[str, object]
) -> None:
    assert run_of(replace(asked, **change)) == run_of(asked)  # type: ignore[arg-type]


def test_another_trainer_is_another_run_wherever_its_file_lies(
    asked: Request, tmp_path: Path
) -> None:
    own = run_of(replace(asked, trainer=f"{tmp_path}/own.py:train"))
    other = run_of(replace(asked, trainer=f"{tmp_path}/own.py:other"))
    (tmp_path / "moved").mkdir()
    moved = (tmp_path / "own.py").rename(tmp_path / "moved" / "own.py")
    assert len({own, other, run_of(asked)}) == 3
    assert run_of(replace(asked, trainer=f"{moved}:train")) == own
    moved.write_text(moved.read_text() + "# changed\n")
    assert run_of(replace(asked, trainer=f"{moved}:train")) != own


def test_a_trainer_of_ones_own_is_asked_for_no_precision(asked: Request, tmp_path: Path) -> None:
    with pytest.raises(RunError, match="--precision bf16: not with --trainer, which has its own"):
        run_of(replace(asked, trainer=f"{tmp_path}/own.py:train", precision="bf16"))


def test_a_label_rule_that_is_none_is_refused(asked: Request) -> None:
    with pytest.raises(InputError, match=r"the label rule: direction=\"sideways\""):
        run_of(replace(asked, data=DataRequest(direction="sideways")))


def test_a_run_names_no_home_folder_and_is_found_again_all_the_same(
    asked: Request, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = make_plan(asked).info
    monkeypatch.setenv("HOME", str(tmp_path))
    redaction._find_home.cache_clear()
    try:
        info = make_plan(asked).info
        assert info.request is not None
        assert info.request.study == "~/tiny"
        assert str(tmp_path) not in info.model_dump_json()
        assert info.run == plain.run
    finally:
        monkeypatch.undo()
        redaction._find_home.cache_clear()
