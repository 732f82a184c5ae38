"""The command ``run_search``: search a space of hyperparameters and record every fit."""

import sys
from typing import Any

import click

from runner.search.request import SearchRequest
from scripts.checkout import refuse_foreign_packages
from scripts.endings import EXIT_FAILED, end_in_order
from scripts.searching.options import add_search_options, make_search_request
from scripts.searching.rendering import render_command
from scripts.submitting.slurm_options import SlurmOrder, add_slurm_options, read_slurm_order
from scripts.version import add_version


@click.command(
    "run_search",
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@add_search_options
@add_slurm_options
@click.option("--dry-run", is_flag=True, help="With --slurm: show the script, submit nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what is printed as JSON.")
@add_version
def main(**options: Any) -> None:  # noqa: ANN401 - click passes the options by name
    """Search a space of hyperparameters and record every fit.

    Trials that have ended are kept: an interrupted search goes on where it was, and more trials
    add to it. What a search finds is exploratory; sets of trials with claims confirm it. Exit
    codes: 0 the search has ended, 1 trials failed or a check found something wrong, 2 bad input,
    130 interrupted, 143 terminated.
    """
    refuse_foreign_packages()
    asked, order = make_search_request(options), read_slurm_order(options)
    if options["dry_run"] and order is None:
        raise click.UsageError("--dry-run goes with --slurm; --plan shows what a search would run")
    context = click.get_current_context()
    with end_in_order():
        if order is None:
            is_well = _answer(context, asked, options)
        else:
            is_well = _submit(asked, order, context)
        if not is_well:
            sys.exit(EXIT_FAILED)


def _submit(asked: SearchRequest, order: SlurmOrder, context: click.Context) -> bool:
    """Have Slurm do what was asked for; neither its data nor PyTorch need be here."""
    from scripts.submitting.prerequisites import name_searched_study  # noqa: PLC0415 - waits for numpy
    from scripts.submitting.submission import submit_or_show  # noqa: PLC0415

    return submit_or_show(context, order, asked.request, name_searched_study(asked))


def _answer(context: click.Context, asked: SearchRequest, options: dict[str, Any]) -> bool:
    """Do what was asked for, and say whether all of it succeeded."""
    from scripts.running.extra import require_extra  # noqa: PLC0415 - waits for rich
    from scripts.searching import overview  # noqa: PLC0415

    as_json = options["as_json"]
    if options["to_distributions"] is not None:
        overview.export_space(asked, options["to_distributions"])
        return True
    require_extra("run_search")
    if options["plan"]:
        overview.show_page(asked, as_json=as_json)
    elif options["status"]:
        overview.show_standing(asked, as_json=as_json)
    elif options["find_rate"]:
        from scripts.searching.rate_test import find_rates  # noqa: PLC0415 - draws a figure

        find_rates(asked, as_json=as_json)
    elif options["check"]:
        from scripts.searching.checking import check_search  # noqa: PLC0415

        return check_search(asked, as_json=as_json)
    else:
        from scripts.searching.batch import run_and_report  # noqa: PLC0415 - a look should not wait for it

        def go_on(n_trials: int | None, with_stops: bool) -> str:
            stops = options["stops"] if with_stops else ()
            return render_command(context, options, n_trials=n_trials, stops=stops)

        return run_and_report(asked, go_on, as_json=as_json)
    return True


if __name__ == "__main__":
    main()
