"""Two rounds that tests of several modules read."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from analysis.rounds.round import Round
from tests.analysis.rounds.written import Gains, read_round, write_rounds
from tests.analysis.synthetic import Scores

MakeRounds = Callable[..., tuple[Round, Round]]


@pytest.fixture
def make_rounds(tmp_path: Path) -> MakeRounds:
    """Return a function that writes both rounds and reads them back."""

    def make(
        first: Gains | Scores | None = None,
        second: Scores | None = None,
        *,
        origin: Mapping[str, Any] | None = None,
        outputs: str = "outputs",
    ) -> tuple[Round, Round]:
        folders = write_rounds(tmp_path / outputs, first, second, origin=origin)
        one, other = (read_round(folder, number) for number, folder in enumerate(folders, 1))
        return one, other

    return make
