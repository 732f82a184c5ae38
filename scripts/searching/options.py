"""The options of ``run_search``, and the request they make."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import click

from runner.search.request import SearchRequest
from scripts.ranges import FiniteRange
from scripts.running.options import BASELINES, DATA, EXECUTION, STUDY, TRAINING, make_request
from scripts.searching.stop_option import read_stops
from trial_sets.records.search_info import PRUNERS, SAMPLERS

Command = TypeVar("Command", bound=Callable[..., Any])
FILE = click.Path(path_type=Path)
MOST_TRIALS, MOST_HOURS = 100_000, 10_000.0


SEARCH = (
    click.option("--space", "space_file", metavar="FILE",
                 help="What varies, JSON or YAML, also as Optuna's distributions; by default the "
                      "study's space.json, or what it declares of its parameters."),
    click.option("--name", default="search", show_default=True, metavar="NAME",
                 help="Of the search, beside others in the run's folder; the same name goes on."),
    click.option("--sampler", type=click.Choice(SAMPLERS), default="tpe", show_default=True,
                 help="What proposes trials; docs/search.md says which when."),
    click.option("--trials", "n_trials", type=click.IntRange(1, MOST_TRIALS), metavar="N",
                 help="Trials of the whole search, with those that have run: a larger number goes "
                      "on where it was."),
    click.option("--hours", type=FiniteRange(min=0, min_open=True, max=MOST_HOURS),
                 metavar="HOURS", help="Begin no trial later than so long after the start."),
    click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, show_default=True,
                 metavar="N", help="Of what is proposed; fits have the study's first seed."),
    click.option("--pruner", type=click.Choice(PRUNERS), default="none", show_default=True,
                 help="What ends fits early that lag behind."),
    click.option("--stop", "stops", multiple=True, callback=read_stops, metavar="RULE",
                 help="End when trials gain less than a share each (gain=0.001), the best has not "
                      "changed in 20 (same-best=20), or none of 30 was better (no-better=30); "
                      "repeatable."),
    click.option("--study-from", metavar="FILE[#NAME]",
                 help="Go on from the trials of an Optuna storage, which is not changed."),
    click.option("--no-default", "with_default", flag_value=False, default=True,
                 help="Do not begin with the study's base."),
)  # fmt: skip
ACTIONS = (
    click.option("--plan", is_flag=True,
                 help="Show the space, what is wrong with it, which strategy fits and what it "
                      "takes; run nothing."),
    click.option("--check", is_flag=True,
                 help="Run five random trials, two epochs each, as a search of their own, and say "
                      "whether they differ, fail or collapse."),
    click.option("--find-learning-rate", "find_rate", is_flag=True,
                 help="Run the range test of the study's base, and suggest a range of learning "
                      "rates."),
    click.option("--status", is_flag=True, help="Show how the search stands, run nothing."),
    click.option("--to-distributions", type=FILE, metavar="FILE",
                 help="Write the space as Optuna's distributions, run nothing."),
)  # fmt: skip
_ACTIONS = {
    "plan": "--plan",
    "check": "--check",
    "find_rate": "--find-learning-rate",
    "status": "--status",
    "to_distributions": "--to-distributions",
}


def add_search_options(command: Command) -> Command:
    """Give a command all options that make a search's request, and what else it can do."""
    groups = (*SEARCH, *ACTIONS, *STUDY, *BASELINES, *DATA, *TRAINING, *EXECUTION)
    for option in reversed(groups):
        command = option(command)
    return command


def make_search_request(options: dict[str, Any]) -> SearchRequest:
    """Turn the options into a request.

    Raises
    ------
    UsageError
        If they do not go together; what does not go with the space is found by its plan.
    """
    request = make_request(options)
    action = _find_action(options)
    if options["sampler"] == "manual":
        _check_manual(options)
    if action == "find_rate" and (options["trainer"] or options["command"]):
        raise click.UsageError(
            "--find-learning-rate tests the built-in networks: leave out --trainer and --command"
        )
    if options["study_from"] is not None and options["sampler"] in {"grid", "manual"}:
        raise click.UsageError(
            f"--study-from: the sampler {options['sampler']} learns nothing from other trials; "
            "take another --sampler"
        )
    return SearchRequest(
        request=request,
        name=options["name"],
        sampler=options["sampler"],
        seed=options["seed"],
        pruner=options["pruner"],
        trials=options["n_trials"],
        hours=options["hours"],
        stops=options["stops"],
        space_file=options["space_file"],
        study_from=options["study_from"],
        with_default=options["with_default"],
    )


def _find_action(options: Mapping[str, Any]) -> str | None:
    """Return what is to be done instead of a search."""
    asked = [name for name in _ACTIONS if options[name]]
    if len(asked) > 1:
        raise click.UsageError(f"{_ACTIONS[asked[0]]} and {_ACTIONS[asked[1]]} exclude each other")
    return asked[0] if asked else None


def _check_manual(options: Mapping[str, Any]) -> None:
    """Refuse what does not go with a protocol that looks at every fit before the next."""
    from runner.search.sampling.manual import MOST_FITS  # noqa: PLC0415 - --help needs no numpy

    if options["n_trials"] is not None and options["n_trials"] > MOST_FITS:
        raise click.UsageError(
            f"--trials {options['n_trials']}: the sampler manual ends after {MOST_FITS} fits"
        )
    if options["stops"]:
        raise click.UsageError("--stop: the sampler manual ends by rules of its own; leave it out")
    if (options["jobs"] or 1) > 1:
        raise click.UsageError(
            f"--jobs {options['jobs']}: the sampler manual looks at each fit before the next"
        )
