"""What a run lacks for an expectation to be judged, in words."""

from collections.abc import Mapping

from analysis.numbers import format_value
from analysis.runs.run import Run
from analysis.runs.run_fit import RunFit
from trial_sets.configuration import AnyConfiguration
from trial_sets.wording import join_words

_LONGEST_FAILURE = 100
_NONE = "none"  # where a configuration has no such field

Found = tuple[AnyConfiguration, Mapping[int, RunFit]]  # what was asked for, and its fits by seed


def list_gaps(run: Run, trials: Mapping[str, Found], seeds: tuple[int, ...]) -> tuple[str, ...]:
    """Return one text for each thing that is missing.

    Parameters
    ----------
    trials
        By name: the configuration that the study declares, and the fits of just that one.
    seeds
        That any trial of the claim was run with; each trial needs all of them.
    """
    unrun, reasons = [], []
    is_of_rows = run.info.study.task != "none"
    for name, (configuration, fits) in trials.items():
        other = run.find_named(name)
        if fits:
            reasons += _list_missing_seeds(name, fits, seeds, is_of_rows=is_of_rows)
        elif other is None or other.configuration is None:
            unrun.append(name)
        else:
            changes = list_differences(other.configuration, configuration)
            reasons.append(f"{name} was run as another configuration ({changes})")
    verb = "was" if len(unrun) == 1 else "were"
    first = [f"{join_words(unrun)} {verb} not run"] if unrun else []
    return (*first, *reasons)


def list_differences(found: AnyConfiguration, expected: AnyConfiguration) -> str:
    """Name the fields in which a configuration is not the expected one."""
    have, want = found.settings, expected.settings
    changed = [n for n in {**want, **have} if have.get(n, _NONE) != want.get(n, _NONE)]
    return join_words(
        [
            f"{n} {write_field(have.get(n, _NONE))} instead of {write_field(want.get(n, _NONE))}"
            for n in changed
        ]
    )


def write_field(value: object) -> str:
    """Write one field's value as people do."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    return format_value(value, is_whole=isinstance(value, int))


def _list_missing_seeds(
    name: str, fits: Mapping[int, RunFit], seeds: tuple[int, ...], *, is_of_rows: bool
) -> list[str]:
    reasons = []
    for seed in seeds:
        fit = fits.get(seed)
        if fit is None:
            reasons.append(f"{name} lacks seed {seed}")
        elif fit.record.failure is not None:
            message = " ".join(fit.record.failure.message.split())[:_LONGEST_FAILURE]
            reasons.append(f"{name} seed {seed} failed ({fit.record.failure.kind}: {message})")
        elif fit.record.status == "pruned":
            reasons.append(f"{name} seed {seed} was pruned")
        elif fit.lacking:
            folds = join_words([str(fold) for fold in fit.lacking])
            noun = "fold" if len(fit.lacking) == 1 else "folds"
            reasons.append(f"{name} seed {seed} lacks {noun} {folds}")
        elif fit.predictions is None and fit.record.predictions_sha256 is not None and is_of_rows:
            reasons.append(f"{name} seed {seed} has predictions that cannot be used")
    return reasons
