"""How records get to their place whole, and what a crash leaves is put in order."""

import contextlib
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.errors import BatchStopped, RunError
from runner.storage.durable import dump, flush_all, flush_placed, write_whole, writing
from trial_sets.errors import InputError
from trial_sets.records.layout import (
    RunLayout,
    predictions_of,
    read_record,
    record_of,
    refuse_other_predictions,
)
from trial_sets.records.record import Record, parse_record
from trial_sets.records.run_info import MOST_RUN_BYTES, RunInfo
from trial_sets.strict_json import MAX_BYTES, read_text

PART, READY = ".part", ".ready"  # how a folder's name ends until it is in its place
COMMAND = "command"  # in a fit's folder: what a command has written
_PROCESS = secrets.token_hex(4)  # whoever inherits a fit writes to another place than this process


@dataclass(frozen=True, slots=True)
class RunFolder(RunLayout):
    """A run's folder that is written to; see `RunLayout` for what lies where."""

    def refuse_place(self) -> None:
        """Find out whether records could lie in this folder, if it may be written to.

        Raises
        ------
        RunError
            If a part of the path is no folder, or the run's or study's folder is a symbolic link.
        """
        for part in (self.path, self.path.parent):
            if part.is_symlink():
                raise RunError(f"{part}: a symbolic link, which is not followed")
        place = self._find_existing()
        if not place.is_dir():
            raise RunError(f"{self.path}: cannot hold the records, since {place} is no folder")

    def refuse_unwritable(self) -> None:
        """Find out before the first fit whether its record could be written.

        Raises
        ------
        RunError
            If the folder, or the one that it would be made in, may not be written to.
        """
        place = self._find_existing()
        if not os.access(place, os.W_OK | os.X_OK):
            raise RunError(f"{self.path}: cannot hold the records: {place} may not be written to")

    def _find_existing(self) -> Path:
        """Return the run's folder or, as long as there is none, what there is of its path."""
        place = self.path
        while not place.exists() and place != place.parent:
            place = place.parent
        return place

    def records(self) -> Iterator[Record]:
        """Yield every record that can be trusted, the baselines' included."""
        for fit in self.list_fits():
            with contextlib.suppress(InputError):
                record = _read_whole(self, fit)
                if record is not None:
                    yield record

    def read_record(self, name: str, seed: int, fold: int | None = None) -> Record | None:
        """Return what a fit left, or None when it left nothing.

        Raises
        ------
        InputError
            If there is a record that cannot be trusted, or its predictions are not those that it
            was written with.
        """
        return _read_whole(self, self.fit(name, seed, fold))

    def command_work(self, name: str, seed: int, fold: int | None = None) -> Path:
        """Return where a command of this process writes to, until `write_record` takes it over.

        What a dead runner has left there `tidy` removes.
        """
        folder = self.fit(name, seed, fold)
        return folder.with_name(f".{folder.name}.{COMMAND}-{_PROCESS}{PART}")

    def write_record(self, record: Record, predictions: bytes | None) -> Path:
        """File a record and its predictions.npz under the fit's folder, both or neither.

        What the fit's command has written, if there is anything, goes there too.

        They are written beside the folder and renamed into place, so that a crash at any moment
        leaves either the old state or the new one. `flush_record` keeps them through a power cut
        as well; without it they may be torn by one, which their checksums would show. What
        stood there and is not simply replaced is kept as ``seed-<n>.superseded-<k>``: a finished or
        pruned record of another configuration, or whose rerun is not complete.

        Raises
        ------
        BatchStopped
            If the disk is full or cannot be written to, or the record is larger than a reader
            takes even without its curve; nothing is left behind. What the disk refuses only when
            it is flushed stays in its place, and the checksums tell of it.
        """
        folder = self.fit(*record.id)
        staging = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}{PART}")
        with writing(folder):
            try:
                staging.mkdir(parents=True)
                if predictions is not None:
                    predictions_of(staging).write_bytes(predictions)
                    digest = hashlib.sha256(predictions).hexdigest()
                    record = record.model_copy(update={"predictions_sha256": digest})
                record_of(staging).write_bytes(_dump_within_limit(record))
                work = self.command_work(*record.id)
                if work.is_dir() and not work.is_symlink():
                    work.rename(staging / COMMAND)
                self._put_in_place(staging, folder)
            except BaseException:
                shutil.rmtree(staging, ignore_errors=True)
                raise
        return folder

    def flush_record(self, name: str, seed: int, fold: int | None = None) -> None:
        """Wait until a record that was written is on the disk, and so is its place.

        Raises
        ------
        BatchStopped
            If it cannot get there.
        """
        folder = self.fit(name, seed, fold)
        with writing(folder):
            flush_placed(folder)

    def tidy(
        self, name: str, seed: int, fold: int | None = None, *, inherited: bool = True
    ) -> Record | None:
        """Put in order what a killed runner left of a fit; only the fit's owner may do so.

        A record that was whole but not yet in its place gets there, those that were being written
        are removed, and one that cannot be trusted is set aside as ``seed-<n>.damaged-<k>``.

        Parameters
        ----------
        name, seed, fold
            The fit's.
        inherited
            Whether a runner may have died over it. Else nothing lies beside its folder.

        Returns
        -------
        Record or None
            The record that the fit has now.
        """
        folder = self.fit(name, seed, fold)
        self.refuse_links(folder)
        with writing(folder):
            for path in folder.parent.glob(f".{folder.name}.*") if inherited else ():
                if path.suffix == READY and path.is_dir() and not path.is_symlink():
                    self._settle(folder, path)
                elif path.suffix == PART:
                    _remove(path)
            try:
                return self.read_record(name, seed, fold) if folder.exists() else None
            except InputError:
                folder.rename(_find_free(folder, "damaged"))
                return None

    def _settle(self, folder: Path, ready: Path) -> None:
        """Put what a dead runner left ready where ``folder`` is, if it can be trusted."""
        try:
            record = parse_record(read_text(record_of(ready), MAX_BYTES), str(ready))
            refuse_other_predictions(record, ready)
            is_whole = self.fit(*record.id) == folder
        except InputError:
            is_whole = False
        if is_whole:
            self._replace(folder, ready)
        else:
            ready.rename(_find_free(folder, "damaged"))

    def _put_in_place(self, staging: Path, folder: Path) -> None:
        """Make a fit's new folder the one that counts; `tidy` ends what a crash cuts short."""
        try:
            staging.rename(folder)
        except OSError:
            if not folder.exists():
                raise
            flush_all(staging)  # what is there must not give way to what a power cut can tear
            self._replace(folder, staging.rename(staging.with_suffix(READY)))

    def _replace(self, folder: Path, ready: Path) -> None:
        """Put what is ready where ``folder`` is; keep a finished fit of another configuration."""
        if not folder.exists():  # since a runner died between the two renames below
            ready.rename(folder)
            return
        new = parse_record(read_text(record_of(ready), MAX_BYTES), str(ready))
        aside = _find_free(folder, "superseded")
        old = None
        with contextlib.suppress(InputError):
            old = self.read_record(*new.id)
        folder.rename(aside)
        ready.rename(folder)
        replaced = old is not None and old.key == new.key and new.status == "complete"
        if replaced or (old is not None and old.status == "failed"):
            shutil.rmtree(aside)

    def write_run_info(self, info: RunInfo) -> None:
        """Write run.json, whole or not at all.

        Raises
        ------
        BatchStopped
            If it cannot be written, or would be larger than a reader takes.
        """
        if (n_bytes := len(dump(info))) > MOST_RUN_BYTES:
            raise BatchStopped(
                f"{self.run_json}: would have {n_bytes:,} bytes, and {MOST_RUN_BYTES:,} are read: "
                f"split the study, which has {len(list(info.study.trials())):,} trials"
            )
        with writing(self.run_json):
            write_whole(self.run_json, info)


def _read_whole(run: RunLayout, fit: Path) -> Record | None:
    """Return a fit's record, if it left one, with the predictions that it speaks of."""
    record = read_record(run, fit, run.path.name)
    if record is not None:
        refuse_other_predictions(record, fit)
    return record


def _dump_within_limit(record: Record) -> bytes:
    """Return a record's file as a reader takes it: without the curve where that is too much."""
    content = dump(record.sealed())
    if len(content) <= MAX_BYTES:
        return content
    if record.curve:
        notice = f"the curve was left out: a record has at most {MAX_BYTES:,} bytes"
        bare = {"curve": (), "notices": (*record.notices, notice)}
        return _dump_within_limit(record.model_copy(update=bare))
    raise BatchStopped(
        f"{record.id}: its record would be larger than {MAX_BYTES:,} bytes; "
        "its options are too large"
    )


def _remove(path: Path) -> None:
    """Remove a folder with all that it holds, or whatever else lies there, as far as possible."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)  # which would wait for a pipe's writer
        return
    with contextlib.suppress(OSError):
        path.unlink()


def _find_free(folder: Path, word: str) -> Path:
    """Return the first of ``<folder>.<word>-1``, ``-2``, ... that does not exist."""
    number = 1
    while os.path.lexists(free := folder.with_name(f"{folder.name}.{word}-{number}")):
        number += 1
    return free
