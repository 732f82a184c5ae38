"""Whether a trainer of one's own is still the one that a run was planned for."""

import os
from pathlib import Path

from runner.errors import RunError
from runner.planning.command_template import CommandTemplate
from runner.planning.trainer_file import TrainerFile

OwnTrainer = TrainerFile | CommandTemplate
_Looks = dict[Path, tuple[int, int, int] | None]  # what tells a changed file without reading it


class TrainerWatch:
    """The code of a trainer as it was when a run was planned.

    A command reads its script anew for every fit: whoever changes that meanwhile would have fits of
    both filed as one run.

    Parameters
    ----------
    trainer
        Its files are looked at now.
    """

    def __init__(self, trainer: OwnTrainer) -> None:
        self._trainer = trainer
        self._files = trainer.list_files()  # another is imported only once one of them has changed
        self._looks = self._look()
        self.digest = trainer.digest()

    @property
    def name(self) -> str:
        """What errors call it."""
        trainer = self._trainer
        return f"--trainer {trainer.path}" if isinstance(trainer, TrainerFile) else "--command"

    def has_changed(self) -> bool:
        """Return whether its code is another by now; it is read again only if it seems to be."""
        looks = self._look()
        if looks == self._looks:
            return False
        try:
            is_other = self._trainer.digest() != self.digest
        except RunError:  # a file cannot be read
            return True
        if not is_other:
            self._looks = looks
        return is_other

    def refuse_change(self) -> None:
        """Check that it has not changed.

        Raises
        ------
        RunError
            If it has.
        """
        if self.has_changed():
            raise RunError(f"{self.name}: its code has changed since the run was planned")

    def _look(self) -> _Looks:
        return {path: _look_at(path) for path in self._files}


def _look_at(path: Path) -> tuple[int, int, int] | None:
    try:
        found = os.stat(path)  # noqa: PTH116 - in as little time as can be
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
