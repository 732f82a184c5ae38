"""A search says in a sentence what it lacks."""

from importlib.util import find_spec

import pytest

from runner.errors import RunError
from runner.search import extra
from runner.search.extra import require_search_extra


def test_a_missing_package_is_named_with_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    require_search_extra()
    monkeypatch.setattr(
        extra, "find_spec", lambda name: None if name == "cmaes" else find_spec(name)
    )
    with pytest.raises(
        RunError,
        match=r"^a search needs cmaes, which is not installed: pip install "
        r"'.\[search\]' in the checkout, or make install there$",
    ):
        require_search_extra()
    monkeypatch.setattr(extra, "find_spec", lambda _: None)
    with pytest.raises(RunError, match="needs cmaes and optuna, which are not installed"):
        require_search_extra()
