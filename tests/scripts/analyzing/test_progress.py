"""Progress is for a screen alone."""

import pytest

from scripts.analyzing.progress import show_progress


@pytest.mark.parametrize("n_steps", [0, 2])
def test_nothing_is_said_where_there_is_no_screen(
    n_steps: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with show_progress("outputs/[red]run", n_steps) as advance:
        advance()
        advance()
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")
