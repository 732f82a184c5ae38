"""The command ``run_supplementary``: run hand-designed trial sets and record every fit."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from runner.planning.request import Request
from scripts.checkout import refuse_foreign_packages
from scripts.endings import EXIT_FAILED, end_in_order
from scripts.running.look_options import Stopping, read_stopping
from scripts.running.options import add_options, make_request
from scripts.submitting.slurm_options import SlurmOrder, add_slurm_options, read_slurm_order
from scripts.version import add_version


@click.command(
    "run_supplementary",
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@add_options
@add_slurm_options
@click.option(
    "--list", "list_", is_flag=True, help="Show the study's sets and trials, run nothing."
)
@click.option(
    "--new-study",
    type=click.Path(path_type=Path),
    metavar="FOLDER",
    help="Write a small study to start from, run nothing.",
)
@click.option(
    "--fix-claims",
    is_flag=True,
    help="Enter the study's claims in the ledger, as its first batch would, run nothing.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan, run nothing.")
@click.option("--status", is_flag=True, help="Show how every planned fit stands now, run nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what is printed as JSON.")
@add_version
def main(**options: Any) -> None:  # noqa: ANN401 - click passes the options by name
    """Run hand-designed sets of hyperparameter trials and record every fit.

    Finished fits are not run again: an interrupted batch goes on where it was, and more seeds
    add only what is missing. Exit codes: 0 all fits complete, 1 some failed, 2 bad input,
    130 interrupted, 143 terminated.
    """
    refuse_foreign_packages()
    request, stopping = make_request(options), read_stopping(options)
    order = read_slurm_order(options)
    if options["again"] and not request.evaluate_test:
        raise click.UsageError("--again goes with --evaluate-test")
    with end_in_order():
        if order is None:
            is_well = _answer(request, stopping, options)
        else:
            is_well = _submit(request, order, click.get_current_context())
        if not is_well:
            sys.exit(EXIT_FAILED)


def _answer(request: Request, stopping: Stopping | None, options: Mapping[str, Any]) -> bool:
    """Do what was asked for, and say whether all of it succeeded."""
    from scripts.running import overview  # noqa: PLC0415 - waits for rich
    from scripts.running.extra import require_extra  # noqa: PLC0415

    as_json = options["as_json"]
    if options["new_study"]:
        overview.start_study(options["new_study"])
    elif options["list_"]:
        overview.show_study(request, as_json=as_json)
    else:
        require_extra()
        if stopping is not None:
            return _decide(request, stopping, options)
        if options["fix_claims"]:
            return overview.fix_claims(request, as_json=as_json)
        if options["dry_run"]:
            overview.show_plan(request, as_json=as_json)
        elif options["status"]:
            overview.show_status(request, as_json=as_json)
        else:
            return _run(request, again=options["again"], as_json=as_json)
    return True


def _submit(request: Request, order: SlurmOrder, context: click.Context) -> bool:
    """Have Slurm do what was asked for; neither its data nor PyTorch need be here."""
    from scripts.submitting.prerequisites import name_requested_study  # noqa: PLC0415 - waits for numpy
    from scripts.submitting.submission import submit_or_show  # noqa: PLC0415

    return submit_or_show(context, order, request, name_requested_study(request))


def _decide(request: Request, stopping: Stopping, options: Mapping[str, Any]) -> bool:
    """Do what was asked for with a plan of looks."""
    from scripts.running import look_overview  # noqa: PLC0415 - waits for the analysis

    as_json = options["as_json"]
    if options["dry_run"]:
        look_overview.show_look_plan(request, stopping, as_json=as_json)
    elif options["status"]:
        look_overview.show_look_status(request, stopping, as_json=as_json)
    elif options["fix_claims"]:
        return look_overview.fix_looks(request, stopping, as_json=as_json)
    else:
        from scripts.running.until_decided import run_until_decided  # noqa: PLC0415

        return run_until_decided(request, stopping, as_json=as_json)
    return True


def _run(request: Request, *, again: bool, as_json: bool) -> bool:
    from scripts.running.batch import run  # noqa: PLC0415 - a look should not wait for what only runs need

    return run(request, again=again, as_json=as_json)


if __name__ == "__main__":
    main()
