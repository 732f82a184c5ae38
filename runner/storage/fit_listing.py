"""What lies where a run's fits do, each folder listed once however many fits are asked about."""

import os
from dataclasses import dataclass, field, replace

from trial_sets.records.fit_id import FitId
from trial_sets.records.layout import RunLayout

_CLAIM = ".claim-"


@dataclass(frozen=True, slots=True)
class _Entries:
    """What lies beside each other in the folder of a trial, or of a fold of it."""

    names: frozenset[str] = frozenset()
    links: frozenset[str] = frozenset()
    claimed: frozenset[str] = frozenset()  # the names of fits that somebody has claimed


_NOTHING = _Entries()


@dataclass(slots=True)
class FitListing:
    """The folders that hold a run's fits, as they were when they were first asked about.

    What a listing does not show is not there, and needs no further look; where a folder cannot be
    listed, there may be anything.
    """

    folder: RunLayout
    _root: str = field(init=False)
    _trials: _Entries | None = field(init=False)
    _entries: dict[tuple[str, int | None], _Entries | None] = field(
        init=False, default_factory=dict
    )

    def __post_init__(self) -> None:
        self._root = os.path.join(self.folder.path, self.folder.section)  # noqa: PTH118
        found = _scan(self._root)
        # Some file systems do not keep the case of names: what may be there is looked for.
        self._trials = found and replace(found, names=frozenset(map(str.casefold, found.names)))

    def may_hold(self, fit: FitId) -> bool:
        """Return whether something may lie where a fit's folder belongs.

        Raises
        ------
        InputError
            If a part of its path is a symbolic link.
        """
        entries, name = self._list(fit), f"seed-{fit.seed}"
        if entries is None or name in entries.links:
            self.folder.refuse_links(self.folder.fit(*fit))
        return entries is None or name in entries.names

    def may_be_claimed(self, fit: FitId) -> bool:
        """Return whether a claim to a fit may lie beside its folder.

        Raises
        ------
        InputError
            If its trial's folder is behind a symbolic link.
        """
        entries = self._list(fit)
        return entries is None or f"seed-{fit.seed}" in entries.claimed

    def _list(self, fit: FitId) -> _Entries | None:
        """Return what lies beside a fit; None where that cannot be seen."""
        place = fit.name, fit.fold
        if place not in self._entries:
            self._entries[place] = self._look(fit)
        return self._entries[place]

    def _look(self, fit: FitId) -> _Entries | None:
        if self._trials is not None and fit.name.casefold() not in self._trials.names:
            return _NOTHING
        place = self.folder.fit(*fit).parent
        self.folder.refuse_links(place)
        return _scan(str(place))


def _scan(folder: str) -> _Entries | None:
    """Return what lies in a folder; None where that cannot be seen."""
    try:
        with os.scandir(folder) as entries:
            is_link = {entry.name: entry.is_symlink() for entry in entries}
    except (FileNotFoundError, NotADirectoryError):
        return _NOTHING
    except OSError:
        return None
    return _Entries(
        frozenset(is_link),
        frozenset(name for name, link in is_link.items() if link),
        frozenset(name[1:].partition(_CLAIM)[0] for name in is_link if _CLAIM in name),
    )
