"""The command ``analyze``: say what runs and other tools' results have shown."""

import sys
from typing import Any

import click

from scripts.analyzing.options import add_options
from scripts.checkout import refuse_foreign_packages
from scripts.version import add_version

EXIT_FAILED, EXIT_BAD_INPUT, EXIT_INTERRUPTED = 1, 2, 130
INPUT = click.Path(readable=False)  # a shell completes it; what it is, is told by its readers


@click.command(context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]})
@click.argument("inputs", nargs=-1, metavar="[FOLDER|FILE]...", type=INPUT)
@add_options
@add_version
def main(inputs: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401 - click passes by name
    """Write a report on every run below a folder, or on other tools' results.

    A folder (by default outputs) is searched for runs; each gets report.md and figures/ in its own
    folder. Files (JSON, CSV, Optuna databases and journals) are read together into one report
    under outputs/reports/. Exports (--to-...) take the place of a report, and enter no look at a
    claim. Exit codes: 0 every report is written, 1 some runs could not be read,
    2 bad input, 130 interrupted.
    """
    refuse_foreign_packages()
    try:
        # Imported only now, so that --help answers at once.
        from scripts.analyzing.exporting import Exporting, write_exports  # noqa: PLC0415
        from scripts.analyzing.proposing import propose_study  # noqa: PLC0415
        from scripts.analyzing.reporting import Reporting, write_reports  # noqa: PLC0415
        from scripts.analyzing.rounds import write_rounds  # noqa: PLC0415
        from scripts.text import say_error  # noqa: PLC0415
        from trial_sets.errors import InputError  # noqa: PLC0415
        from trial_sets.records.layout import OUTPUTS  # noqa: PLC0415

        try:
            sources = inputs or (str(OUTPUTS),)
            exporting = Exporting.of_options(sources, options)
            if exporting is not None:
                is_whole = write_exports(exporting)
            elif options["rounds"] is not None:
                write_rounds(sources, options)
                is_whole = True
            elif options["propose"] is not None:
                propose_study(Reporting.of_options(sources, options), options["propose"])
                is_whole = True
            else:
                is_whole = write_reports(Reporting.of_options(sources, options))
        except InputError as error:
            say_error(error)
            sys.exit(EXIT_BAD_INPUT)
    except KeyboardInterrupt:
        click.echo("Interrupted.", err=True)
        sys.exit(EXIT_INTERRUPTED)
    if not is_whole:
        sys.exit(EXIT_FAILED)


if __name__ == "__main__":
    main()
