"""Steps between trials that are too small to be told apart."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from trial_sets.configuration import AnyConfiguration
from trial_sets.line import Line
from trial_sets.linting.remark import MOST_WORDS, Remark
from trial_sets.parameter import Parameter
from trial_sets.study import Study
from trial_sets.wording import join_words

# In the first round the steepest mean slopes were 0.0134 of AUC for 0.2 of dropout and 0.0087 for a
# factor 2 of the learning rate. Such slopes make of the smallest steps below 0.001 of AUC: a tenth
# of the smallest difference that a batch of this kind can detect, and a fifth of the default ROPE.
SMALLEST_DIFFERENCE = 0.02  # of shares: dropout, label smoothing, warm-up
SMALLEST_FACTOR = 1.05  # of everything else: widths and counts, rates and strengths
SMALLEST_SHARE = 0.01  # of its range, of a parameter that a study declares
SHARES = frozenset({"dropout", "label_smoothing", "warmup_fraction"})
ROUNDING = 1e-9  # 0.12 - 0.1 is a little below 0.02


def lint_spacing(study: Study) -> Iterator[Remark]:
    """Yield the trials that differ in one hyperparameter alone, and hardly in that."""
    names: dict[AnyConfiguration, str] = {}
    for trial in study.trials():
        names.setdefault(trial.configuration, trial.name)
    for field in _find_varied(list(names)):
        for places in _sort_lines(field, list(names)):
            step = _choose_step(field, study.parameters.get(field))
            for crowd in _find_crowds(list(places), step):
                crowded = [names[places[place]] for place in crowd]
                shown = join_words([f"{place:g}" for place in crowd], most=MOST_WORDS)
                yield Remark(
                    f"trials {join_words(crowded, most=MOST_WORDS)}",
                    f"{field} {shown} are too close to be told apart",
                    f"leave steps of at least {step}",
                )


def _find_varied(configurations: Sequence[AnyConfiguration]) -> list[str]:
    """Return the hyperparameters of which there is more than one value."""
    values: dict[str, set[Any]] = {}
    for configuration in configurations:
        for field, value in configuration.settings.items():
            values.setdefault(field, set()).add(value)
    return [field for field, found in values.items() if len(found) > 1]


def _sort_lines(
    field: str, configurations: Sequence[AnyConfiguration]
) -> Iterator[dict[float, AnyConfiguration]]:
    """Yield, for each line along a hyperparameter, its places in ascending order."""
    lines: dict[Line, dict[float, AnyConfiguration]] = {}
    for configuration in configurations:
        line = Line.at(configuration, field)
        place = line.place(configuration)
        if place is not None:
            lines.setdefault(line, {}).setdefault(place, configuration)
    for places in lines.values():
        yield dict(sorted(places.items(), key=lambda item: item[0]))


@dataclass(frozen=True, slots=True)
class _Step:
    """The smallest step between values that are not practically one."""

    difference: float | None = None  # None for a factor

    def __str__(self) -> str:
        if self.difference is None:
            return f"a factor {SMALLEST_FACTOR:g}"
        return f"{self.difference:g}"

    def is_above(self, low: float, high: float) -> bool:
        """Tell whether two values are closer."""
        if self.difference is None:
            return 0 < high < low * (SMALLEST_FACTOR - ROUNDING)
        return high - low < self.difference * (1 - ROUNDING / SMALLEST_DIFFERENCE)


def _choose_step(field: str, parameter: Parameter | None) -> _Step:
    """Return the smallest step of a hyperparameter: of a network's, or as it is declared."""
    if parameter is None:
        return _Step(SMALLEST_DIFFERENCE if field in SHARES else None)
    if parameter.kind == "int":
        return _Step(0.0)
    if not parameter.log and parameter.low is not None and parameter.high is not None:
        return _Step(SMALLEST_SHARE * (parameter.high - parameter.low))
    return _Step()


def _find_crowds(places: Sequence[float], step: _Step) -> Iterator[list[float]]:
    """Yield the longest runs of places with too small steps between neighbours."""
    crowd = list(places[:1])
    for low, high in pairwise(places):
        if step.is_above(low, high):
            crowd.append(high)
            continue
        if len(crowd) > 1:
            yield crowd
        crowd = [high]
    if len(crowd) > 1:
        yield crowd
