"""A trainer whose code changes after the plan is noticed, and one that is only touched is not."""

import os
from pathlib import Path

import pytest

from runner.errors import RunError
from runner.planning.command_template import CommandTemplate
from runner.planning.trainer_file import TrainerFile
from runner.planning.trainer_watch import OwnTrainer, TrainerWatch

COMMAND, FUNCTION = "python train.py {seed} {out}", "train.py:fit"


@pytest.fixture(params=[COMMAND, FUNCTION])
def trainer(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> OwnTrainer:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text("import net\n\ndef fit(): ...\n")
    (tmp_path / "net.py").write_text("WIDTH = 8\n")
    is_command = request.param == COMMAND
    return CommandTemplate.parse(COMMAND) if is_command else TrainerFile.parse(FUNCTION)


def test_what_stays_as_it_is_has_not_changed(trainer: OwnTrainer, tmp_path: Path) -> None:
    watch = TrainerWatch(trainer)
    assert watch.digest == trainer.digest()
    os.utime(tmp_path / "net.py", (1, 1))
    assert not watch.has_changed()
    watch.refuse_change()


@pytest.mark.parametrize("name", ["train.py", "net.py"])
def test_another_script_or_module_is_a_change(
    trainer: OwnTrainer, tmp_path: Path, name: str
) -> None:
    watch = TrainerWatch(trainer)
    with (tmp_path / name).open("a") as file:
        file.write("# more\n")
    assert watch.has_changed()
    with pytest.raises(RunError, match="its code has changed since the run was planned"):
        watch.refuse_change()


def test_a_script_that_is_gone_is_a_change(trainer: OwnTrainer, tmp_path: Path) -> None:
    watch = TrainerWatch(trainer)
    (tmp_path / "net.py").unlink()
    assert watch.has_changed()
