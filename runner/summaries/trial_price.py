"""What a trial of a search costs before it has begun, from points drawn at random in its space."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from statistics import mean

from runner.planning.estimate import Speed, ask, epoch_flops
from runner.translation import architecture_of
from trial_sets.configuration import AnyConfiguration, FreeConfiguration
from trial_sets.errors import InputError
from trial_sets.loading.search_study import SearchStudy
from trial_sets.records.run_info import RunInfo

_N_POINTS = 64


@dataclass(frozen=True, slots=True)
class TrialPrice:
    """What trials of a space cost.

    Attributes
    ----------
    seconds : float or None
        Of one worker for the mean trial with all its epochs; None where nothing is known of a
        trainer of one's own.
    source : str
        How that is known.
    fewest, most : int or None
        Parameters of the smallest and of the largest network of the space: of its corners, and of
        what was drawn where their values do not go together.
    of_default : int or None
        Parameters of the base's network, where it lies in the space.
    """

    seconds: float | None
    source: str
    fewest: int | None = None
    most: int | None = None
    of_default: int | None = None


def price_trials(searched: SearchStudy, info: RunInfo, speed: Speed, *, custom: bool) -> TrialPrice:
    """Return what the trials of a search cost.

    Parameters
    ----------
    searched
        The study and its space.
    info
        Of the run, for its rows.
    speed
        What a worker does.
    custom
        Whether a trainer of one's own trains, whose work cannot be counted.
    """
    source = speed.describe(custom=custom)
    if custom:
        return TrialPrice(speed.fit_s if speed.measured_on else None, source)
    drawn = list(_list_configurations(searched))
    if not drawn:
        return TrialPrice(None, source)
    seconds = mean(epoch_flops(one, info.data) * (one.epochs or 1) for one in drawn) / speed.flops
    corners = (searched.find_corner(largest=largest) for largest in (False, True))
    sizes = [
        architecture_of(one, ask(info.data)).count_parameters()
        for one in (*drawn, *corners)
        if one is not None and not isinstance(one, FreeConfiguration)
    ]
    default = sizes[0] if searched.default is not None and sizes else None
    return TrialPrice(seconds, source, min(sizes, default=None), max(sizes, default=None), default)


def _list_configurations(searched: SearchStudy) -> Iterator[AnyConfiguration]:
    """Yield the base and points drawn at random, but for those that are no valid configuration."""
    random = Random(0)
    points = [searched.space.draw_point(random) for _ in range(_N_POINTS)]
    for values in ([searched.default] if searched.default else []) + points:
        try:
            yield searched.complete(values)
        except InputError:
            continue
