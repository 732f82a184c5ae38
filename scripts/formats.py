"""The table of `analyze --formats`: which files of other tools are read, and what of them."""

from collections.abc import Iterator

from analysis.readers.forms import FORMS as RESULTS
from runner.planning.data_forms import FORMS as DATA
from scripts.text import mark, say
from trial_sets.forms import Form
from trial_sets.loading.forms import FORMS as TRIALS
from trial_sets.loading.forms import SPACE_FORMS as SPACES

HEAD = ("Tool", "Form", "Read", "Not read")
# What is read by which command: title, and the rows. Every reader keeps its own.
GROUPS: tuple[tuple[str, tuple[Form, ...]], ...] = (
    ("Results of other tools, for `analyze`", RESULTS),
    ("Files of trials, for `run_supplementary --trials`", TRIALS),
    ("Spaces of a search, for `run_search --space`", SPACES),
    ("Prices and tables, for `run_supplementary --data`", DATA),
)


def print_formats() -> None:
    """Print a table for each kind of file, wrapped to the screen."""
    # Imported only now: nothing else of this module needs it.
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console()
    for title, forms in GROUPS:
        table = Table(title=mark(title.replace("`", "")), box=SIMPLE_HEAD, title_justify="left")
        for name in HEAD:
            table.add_column(name, ratio=2 if name in ("Read", "Not read") else 1)
        for form in forms:
            table.add_row(*(mark(cell.replace("`", "")) for cell in list_cells(form)))
        console.print(table)


def list_cells(form: Form) -> tuple[str, str, str, str]:
    """Return a row of the table."""
    return form.tool, form.form, form.read, form.not_read


def render_tables() -> Iterator[str]:
    """Yield the same as Markdown, as docs/formats.md holds it: `python -m scripts.formats`."""
    for title, forms in GROUPS:
        yield f"## {title}\n"
        yield f"| {' | '.join(HEAD)} |"
        yield f"|{' --- |' * len(HEAD)}"
        for form in forms:
            yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in list_cells(form))} |"
        yield ""


if __name__ == "__main__":
    say("\n".join(render_tables()).rstrip())
