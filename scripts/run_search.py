"""The command ``run_search``: search a space of hyperparameters and record every fit."""

import sys
from typing import Any

import click

from runner.search.request import SearchRequest
from scripts.checkout import refuse_foreign_packages
from scripts.endings import EXIT_FAILED, end_in_order
from scripts.searching.options import add_search_options, make_search_request
from scripts.version import add_version


@click.command(
    "run_search",
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@add_search_options
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
    asked = make_search_request(options)
    with end_in_order():
        if not _answer(click.get_current_context(), asked, options):
            sys.exit(EXIT_FAILED)


def _answer(context: click.Context, asked: SearchRequest, options: dict[str, Any]) -> bool:
    """Do what was asked for, and say whether all of it succeeded."""
    del context
    raise click.UsageError(f"{asked}{options}")


if __name__ == "__main__":
    main()
