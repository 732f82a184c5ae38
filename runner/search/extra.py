"""What a search needs beside what a run needs: the extra ``search``."""

from importlib.util import find_spec

from runner.errors import RunError
from trial_sets.wording import join_words

# What is imported, and the package that holds it: those of the extra in setup.cfg.
SEARCH_PACKAGES = {"cmaes": "cmaes", "optuna": "optuna"}


def require_search_extra() -> None:
    """Refuse to search where a package of the extra is not installed; none is imported.

    Raises
    ------
    RunError
        With one sentence that names what is missing and how to get it.
    """
    missing = [package for module, package in SEARCH_PACKAGES.items() if find_spec(module) is None]
    if missing:
        verb = "are" if len(missing) > 1 else "is"
        raise RunError(
            f"a search needs {join_words(missing)}, which {verb} not installed: "
            "pip install '.[search]' in the checkout, or make install there"
        )
