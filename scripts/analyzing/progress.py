"""Progress on the screen while a report is made."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from scripts.text import mark


@contextmanager
def show_progress(source: str, n_steps: int) -> Iterator[Callable[[], None]]:
    """Show how far a report is, on a terminal only, and clear it afterwards.

    Parameters
    ----------
    n_steps
        Records to be read; figures are counted on top. 0 where nobody knows.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    screen = Console(stderr=True)
    with Progress(*columns, console=screen, transient=True, disable=not screen.is_terminal) as bar:
        task = bar.add_task(mark(source), total=n_steps or None)

        def advance() -> None:
            bar.advance(task)

        yield advance
