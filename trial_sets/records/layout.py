"""Where results lie: the one owner of every path below an outputs folder, and of reading a record.

    <outputs>/machine.json, test-looks.json, claims.jsonl, reports/<stem>/report.md
    <outputs>/_slurm/jobs.jsonl, <job>_<task>.log, <job>_report.log
    <outputs>/<study>/<run>/run.json, data.npz, data.json, claims-head.json, progress.log
    <outputs>/<study>/<run>/report.md, figures/
    <outputs>/<study>/<run>/_search-<name>/search.json, optuna.journal, report.md, figures/
    <outputs>/<study>/<run>/_search-<name>/best-<study>-<name>.json
    <outputs>/<study>/<run>/_range-test/<key>-<seed>[-fold-<k>]/range-test.json
    <outputs>/<study>/<run>/[_test/ or _search-<name>/]<trial or baseline>/[fold-<k>/]seed-<n>/
                                                       record.json, predictions.npz, command/

What stands beside a fit's folder under a longer name (claims, half-written, damaged or superseded
records) is no fit's.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from trial_sets.errors import InputError
from trial_sets.opening import hash_file
from trial_sets.records.fit_id import FitId
from trial_sets.records.record import Record, parse_record
from trial_sets.strict_json import MAX_BYTES, read_text, shorten

OUTPUTS = Path("outputs")  # where the commands write and look unless told otherwise
FIGURES = "figures"
BASELINE_PREFIX = "baseline-"
TEST_FOLDER = "_test"  # in a run's folder: the fits that were scored on the test period
_SEARCH_PREFIX = "_search-"  # likewise: the fits of a search, and what is known of it
_RANGE_TESTS, _RANGE_TEST = "_range-test", "range-test.json"
_REPORTS = "reports"
_SLURM, _JOBS = "_slurm", "jobs.jsonl"
_MACHINE, _LOOKS, _CLAIMS = "machine.json", "test-looks.json", "claims.jsonl"
_REPORT = "report.md"
_RUN = "run.json"
_NOTE = "data.json"
_HEAD = "claims-head.json"
_SEARCH, _JOURNAL = "search.json", "optuna.journal"
_RECORD, _PREDICTIONS = "record.json", "predictions.npz"
_FIT = re.compile(r"seed-(0|[1-9][0-9]*)")
_FOLD = re.compile(r"fold-[1-9][0-9]*")
# The names that Windows keeps for devices, beside ours.
_TAKEN = re.compile(
    rf"{BASELINE_PREFIX}.*|{FIGURES}|con|prn|aux|nul|(com|lpt)\d", re.IGNORECASE | re.DOTALL
)


def is_taken(name: str) -> bool:
    """Return whether a trial's or study's folder of this name would be another thing's."""
    return _TAKEN.fullmatch(name) is not None


def is_study_name(name: str) -> bool:
    """Return whether a study of this name can have a folder of its own."""
    form = re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,99}", name)
    ours = {_REPORTS, _MACHINE, _LOOKS, _CLAIMS}
    return form is not None and name.casefold() not in ours and not is_taken(name)


@dataclass(frozen=True, slots=True)
class Outputs:
    """An outputs folder, above all studies and runs."""

    path: Path = OUTPUTS

    @property
    def machine(self) -> Path:
        """What is known of the processor that the last batch ran on."""
        return self.path / _MACHINE

    @property
    def looks(self) -> Path:
        """The ledger of looks at test periods."""
        return self.path / _LOOKS

    @property
    def claims(self) -> Path:
        """The ledger of claims."""
        return self.path / _CLAIMS

    @property
    def slurm(self) -> Path:
        """The folder of what Slurm's jobs say; no study's name begins like its own."""
        return self.path / _SLURM

    @property
    def slurm_jobs(self) -> Path:
        """The jobs that were submitted."""
        return self.slurm / _JOBS

    def report(self, stem: str) -> Path:
        """Return the report on other tools' files."""
        return self.path / _REPORTS / stem / _REPORT

    def study(self, name: str) -> Path:
        """Return the folder of a study's runs."""
        return self.path / name


@dataclass(frozen=True, slots=True)
class RunLayout:
    """One run's folder, ``outputs/<study>/<run>``."""

    path: Path
    section: str = ""  # the folder within it that holds the fits

    @property
    def outputs(self) -> Outputs:
        """The outputs folder that it lies in, from the current folder where it lies below that."""
        place = Path(os.path.abspath(self.path)).parents[1]  # noqa: PTH100 - links are kept
        here = Path.cwd()
        return Outputs(place.relative_to(here) if place.is_relative_to(here) else place)

    @property
    def run_json(self) -> Path:
        """What the run's fits have in common."""
        return self.path / _RUN

    def data(self, fold: int | None = None) -> Path:
        """Return the prepared data, of a fold where there are some, that the workers share."""
        return self.path / ("data.npz" if fold is None else f"data-fold-{fold}.npz")

    @property
    def data_note(self) -> Path:
        """What the data came to, for whoever looks at the run later."""
        return self.path / _NOTE

    @property
    def claims_head(self) -> Path:
        """The head of the ledger of claims after the last look at the run's."""
        return self.path / _HEAD

    @property
    def log(self) -> Path:
        """The plain progress log, of the run or of a search."""
        return self._own / "progress.log"

    @property
    def report(self) -> Path:
        """The report on the run, or on a search."""
        return self._own / _REPORT

    @property
    def search_json(self) -> Path:
        """What a search's trials have in common."""
        return self._own / _SEARCH

    @property
    def journal(self) -> Path:
        """Optuna's storage of a search."""
        return self._own / _JOURNAL

    def range_test(self, key: str, seed: int, fold: int | None = None) -> Path:
        """Return where a configuration's range test of the learning rate lies."""
        name = f"{key}-{seed}" if fold is None else f"{key}-{seed}-fold-{fold}"
        return self.path / _RANGE_TESTS / name / _RANGE_TEST

    def list_range_tests(self) -> list[Path]:
        """Return the files of the run's range tests, by name."""
        found = (Path(entry.path) / _RANGE_TEST for entry in _scan(self.path / _RANGE_TESTS))
        return sorted(path for path in found if os.path.lexists(path))

    @property
    def best_file(self) -> Path:
        """The best trials of a search, as a file of trials; it names the study that they make."""
        study = self.path.absolute().parent.name
        return self._own / f"best-{study}-{self.search_name}.json"

    @property
    def _own(self) -> Path:
        """The folder of what concerns a search alone, otherwise the run's."""
        return self.path / self.section if self.section.startswith(_SEARCH_PREFIX) else self.path

    @property
    def search_name(self) -> str | None:
        """The name of the search whose fits these are; None where they are of no search."""
        is_search = self.section.startswith(_SEARCH_PREFIX)
        return self.section.removeprefix(_SEARCH_PREFIX) if is_search else None

    def of_search(self, name: str) -> Self:
        """Return where the fits of a search lie, apart from the others."""
        return type(self)(self.path, f"{_SEARCH_PREFIX}{name}")

    def list_searches(self) -> "list[Self]":
        """Return where the fits of each search lie, by name."""
        found = (entry.name for entry in _scan(self.path) if entry.name.startswith(_SEARCH_PREFIX))
        searches = [type(self)(self.path, name) for name in sorted(found)]
        return [search for search in searches if os.path.lexists(search.search_json)]

    def of_test(self) -> Self:
        """Return where the fits that were scored on the test period lie, apart from the others."""
        return type(self)(self.path, TEST_FOLDER)

    def fit(self, name: str, seed: int, fold: int | None = None) -> Path:
        """Return the folder of a trial's fit with one seed, on one fold where there are some."""
        return self.path.joinpath(self.section, FitId(name, seed, fold).place)

    def list_fits(self) -> list[Path]:
        """Return the folders of the fits that have a record, in the order of names."""
        return sorted(self._find_fits())

    def has_fits(self) -> bool:
        """Return whether any fit has a record; a look at a large run ends with the first."""
        return any(True for _ in self._find_fits())

    def _find_fits(self) -> Iterator[Path]:
        for trial in _scan(self.path / self.section):
            for entry in _scan(Path(trial.path)) if _is_trial(trial.name) else ():
                inner = _scan(Path(entry.path)) if _FOLD.fullmatch(entry.name) else (entry,)
                for fit in inner:
                    if _FIT.fullmatch(fit.name) and os.path.lexists(record_of(Path(fit.path))):
                        yield Path(fit.path)

    def refuse_links(self, path: Path) -> None:
        """Refuse to follow a symbolic link below the run's folder.

        Raises
        ------
        InputError
            If a part of the path is one.
        """
        part, whole = str(self.path), str(path)
        below = whole.removeprefix(f"{part}{os.sep}")
        names = path.relative_to(self.path).parts if below == whole else below.split(os.sep)  # noqa: PTH206
        for name in names:
            part = os.path.join(part, name)  # noqa: PTH118 - twice a fit: paths are slow
            if os.path.islink(part):  # noqa: PTH114
                raise InputError(f"{part}: a symbolic link, which is not followed")


def read_record(run: RunLayout, fit: Path, run_name: str) -> Record | None:
    """Return what a fit left in its folder, or None when it left nothing.

    Parameters
    ----------
    run_name
        What run.json calls the run; its folder may have been renamed.

    Raises
    ------
    InputError
        If there is a record that cannot be trusted: behind a link, unreadable, not what was
        written, or of another fit or run than its place says.
    """
    path = record_of(fit)
    run.refuse_links(path)
    if _is_missing(path):
        return None
    record = parse_record(read_text(path, MAX_BYTES), str(path))
    if run.fit(*record.id).parts != fit.parts:
        raise InputError(f"{path}: the record says that it is {record.id.place}")
    if record.run not in (None, run_name):
        raise InputError(f"{path}: the record belongs to the run {shorten(record.run)}")
    if record.configuration is None and record.kind != "baseline":
        raise InputError(f"{path}: a {record.kind} without a configuration")
    if record.configuration is not None and record.configuration.key != record.key:
        raise InputError(f"{path}: key {record.key} is not its configuration's")
    return record


def record_of(fit: Path) -> Path:
    """Return the record in a fit's folder."""
    return fit / _RECORD


def predictions_of(fit: Path) -> Path:
    """Return the predictions in a fit's folder."""
    return fit / _PREDICTIONS


def refuse_other_predictions(record: Record, fit: Path) -> None:
    """Check that the predictions beside a record are those that it speaks of.

    Raises
    ------
    InputError
        If they are others, or missing.
    """
    path = predictions_of(fit)
    if record.predictions_sha256 is None:
        return
    if hash_file(path) != record.predictions_sha256:
        raise InputError(f"{path}: not the predictions that record.json speaks of")


def is_run(folder: Path) -> bool:
    """Return whether a folder is a run's."""
    return os.path.isfile(folder / _RUN)  # noqa: PTH113 - whatever stands in the way


def list_runs(study: Path) -> list[RunLayout]:
    """Return the folders below a study's, which are those of its runs, in the order of names."""
    return [RunLayout(path) for path in list_folders(study) if not path.name.startswith(".")]


def list_folders(folder: Path) -> list[Path]:
    """Return the folders in a folder by name, links included; none where it cannot be read."""
    return sorted(Path(entry.path) for entry in _scan(folder))


def _is_trial(name: str) -> bool:
    """Return whether a folder in a run's is a trial's or a baseline's."""
    return name[:1].isalnum() and name != FIGURES


def _scan(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield the folders in a folder, links to some included; none where it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            found = [entry for entry in entries if _is_folder(entry)]
    except OSError:
        return
    yield from found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Return whether an entry is or leads to a folder; a circle of links leads nowhere."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_missing(path: Path) -> bool:
    """Return whether nothing is there, which is not to say that it cannot be seen."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False
