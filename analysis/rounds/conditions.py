"""Whether two rounds were scored on the same rows, and what else differs between them."""

from collections.abc import Iterator
from dataclasses import dataclass

from analysis.rounds.round import Round
from trial_sets.records.run_info import DataSummary, RunInfo
from trial_sets.wording import join_words

_OWN_DATA = (
    "the trainer keeps its data to itself: that it and its rows are the same is taken on trust"
)


@dataclass(frozen=True, slots=True)
class SharedGround:
    """What two rounds have in common, as far as it can be known.

    Attributes
    ----------
    obstacles
        Why scores of the one are not compared with scores of the other; none where they are.
    changes
        What else is not the same: their scores are compared, and this may be the reason of a
        difference.
    assumed
        What nothing tells, and is taken to be the same.
    """

    obstacles: tuple[str, ...]
    changes: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()

    @property
    def is_comparable(self) -> bool:
        """Whether both were scored by one metric on the same rows."""
        return not self.obstacles


def compare_grounds(one: Round, other: Round) -> SharedGround:
    """Compare the conditions of two rounds: metric, rows and label have to be the same."""
    frames = (one.frame, other.frame)
    metrics = [f"{frame.metric_label} ({frame.direction}d)" for frame in frames]
    is_one = metrics[0] == metrics[1]
    obstacles = [] if is_one else [f"the metric is {metrics[0]} against {metrics[1]}"]
    if one.run is None or other.run is None:
        return SharedGround((*obstacles, "other tools' results do not tell their rows"))
    first, second = one.run.info, other.run.info
    changes = tuple(_list_changes(first, second))
    if "none" in {first.study.task, second.study.task}:
        return SharedGround((*obstacles, *_list_trainers(first, second)), changes, (_OWN_DATA,))
    obstacles += _list_rows(first.data, second.data)
    if (first.data.label, first.study.label) != (second.data.label, second.study.label):
        obstacles.append(f"the label is {first.data.label} against {second.data.label}")
    return SharedGround(tuple(obstacles), changes)


def _list_trainers(first: RunInfo, second: RunInfo) -> Iterator[str]:
    """Yield why rounds whose trainer has the data cannot be of the same rows."""
    if first.trainer != second.trainer:
        yield f"the trainer is {first.trainer} against {second.trainer}, with data of its own"
    if first.study.folds != second.study.folds:
        yield f"{_count_folds(first.data)} against {_count_folds(second.data)}"


def _list_rows(first: DataSummary, second: DataSummary) -> Iterator[str]:
    """Yield how the validation rows of two runs differ."""
    if first.fingerprint != second.fingerprint:
        yield f"the data are others ({first.name} against {second.name})"
        return
    folds = [[fold.validation for fold in data.folds] for data in (first, second)]
    if len(folds[0]) != len(folds[1]):
        yield f"{_count_folds(first)} against {_count_folds(second)}"
    elif folds[0] != folds[1] or first.splits.get("validation") != second.splits.get("validation"):
        yield f"the validation rows are {_describe_rows(first)} against {_describe_rows(second)}"


def _count_folds(data: DataSummary) -> str:
    return f"{len(data.folds)} folds" if data.folds else "one validation period"


def _describe_rows(data: DataSummary) -> str:
    split = data.splits.get("validation")
    return "unknown" if split is None else f"{split.rows:,}{split.describe_period()}"


def _list_changes(first: RunInfo, second: RunInfo) -> Iterator[str]:
    """Yield what else makes fits of two runs differ."""
    pairs = {
        "training rows": tuple(data.splits.get("train") for data in (first.data, second.data)),
        "indicators": (first.data.tier, second.data.tier),
        "trainer": (first.trainer, second.trainer),
        "version of the training": (first.training_version, second.training_version),
        "precision": (first.precision, second.precision),
    }
    for name, (before, after) in pairs.items():
        if before != after:
            yield name if name == "training rows" else f"{name} {before}, then {after}"
    names = sorted(first.overrides.keys() | second.overrides.keys())
    moved = [name for name in names if first.overrides.get(name) != second.overrides.get(name)]
    if moved:
        unsaid = "as the study says"
        changed = (
            (n, first.overrides.get(n, unsaid), second.overrides.get(n, unsaid)) for n in moved
        )
        yield join_words([f"{name} {one}, then {other}" for name, one, other in changed])
