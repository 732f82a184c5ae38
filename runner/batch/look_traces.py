"""What the runs themselves tell of looks that the ledger does not: it may have been deleted."""

import contextlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal

from trial_sets.errors import InputError
from trial_sets.records.layout import Outputs, RunLayout, is_run, list_runs, read_record
from trial_sets.records.looks import HoldoutLook, LookLedger
from trial_sets.records.record import Record
from trial_sets.records.run_info import RunInfo, read_run_info

NOTE = "told by records alone"
_UNKNOWN = "unknown"
_Role = Literal["test", "validation"]
_ROLES: tuple[_Role, _Role] = ("validation", "test")


def find_uncounted(outputs: Outputs, ledger: LookLedger) -> list[HoldoutLook]:
    """Return the looks and validations of which there are records and no entry in the ledger.

    An entry that names other days than the run does is not the run's.
    """
    runs = {_place(look) for look in ledger.looks}
    counted = {(*_place(look), look.key) for look in ledger.looks}
    found: list[HoldoutLook] = []
    for run, info in list_run_infos(outputs):
        validation, test = (_place(_describe(info, role, "")) for role in _ROLES)
        if validation not in runs and (fit := _find_fit(run)) is not None:
            place, path = fit
            found.append(describe_use(info, _first_start(read_trusted(place, [path], info.run))))
        records = list(read_trusted(run.of_test(), run.of_test().list_fits(), info.run))
        looked = [record for record in records if record.kind == "trial"]
        if not looked and test not in runs:  # a control alone was tested
            looked = [record for record in records if record.kind == "control"] or records
        found += [
            _rebuild(info, [record for record in looked if record.key == key])
            for key in dict.fromkeys(record.key for record in looked)
            if (*test, key) not in counted
        ]
    return found


def _find_fit(run: RunLayout) -> tuple[RunLayout, Path] | None:
    """Return a fit that was scored on a run's validation rows, and the section that it lies in."""
    for place in (run, *run.list_searches()):
        if fits := place.list_fits():
            return place, fits[0]
    return None


def describe_use(info: RunInfo, started: str) -> HoldoutLook:
    """Return the entry that says on which days a run chooses."""
    return _describe(info, "validation", started).model_copy(update={"finished": started})


def _place(look: HoldoutLook) -> tuple[str, ...]:
    """Return whose look it was, at what."""
    return look.run, look.role, look.data, look.first, look.last


def _describe(info: RunInfo, role: _Role, started: str) -> HoldoutLook:
    split = info.data.splits.get(role)
    return HoldoutLook(
        role=role,
        run=info.run,
        trial=f"validation of {info.run}",
        key="",
        data=info.data.fingerprint,
        name=info.data.name,
        first="" if split is None else split.first,
        last="" if split is None else split.last,
        seeds=(),
        started=started,
    )


def _rebuild(info: RunInfo, records: list[Record]) -> HoldoutLook:
    """Return the look that records of one configuration tell of."""
    told = {
        "trial": records[0].name,
        "key": records[0].key,
        "seeds": tuple(sorted(record.seed for record in records)),
        "finished": max(record.provenance.finished for record in records),
        "note": NOTE,
    }
    return _describe(info, "test", _first_start(records)).model_copy(update=told)


def _first_start(records: Iterable[Record]) -> str:
    return min((record.provenance.started for record in records), default=_UNKNOWN)


def list_run_infos(outputs: Outputs) -> Iterator[tuple[RunLayout, RunInfo]]:
    """Yield the runs below an outputs folder that say what their data are."""
    with contextlib.suppress(OSError):
        for study in sorted(path for path in outputs.path.iterdir() if _is_study(path)):
            for run in list_runs(study):
                with contextlib.suppress(InputError):
                    info = read_run_info(run.run_json) if is_run(run.path) else None
                    if info is not None and {"validation", "test"} <= info.data.splits.keys():
                        yield run, info


def _is_study(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink() and not path.name.startswith(".")


def read_trusted(run: RunLayout, fits: Iterable[Path], name: str) -> Iterator[Record]:
    """Yield the records that can be read."""
    for fit in fits:
        with contextlib.suppress(InputError):
            record = read_record(run, fit, name)
            if record is not None:
                yield record
