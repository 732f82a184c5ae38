"""What the commands that run fits need beside what ``analyze`` needs: the extra ``run``."""

from importlib.util import find_spec

from runner.errors import RunError
from trial_sets.wording import join_words

# What is imported, and the package that holds it: those of the extra in setup.cfg.
PACKAGES = {
    "arch": "arch",
    "joblib": "joblib",
    "pyarrow": "pyarrow",
    "sklearn": "scikit-learn",
    "talib": "TA-Lib",
    "threadpoolctl": "threadpoolctl",
    "torch": "torch",
}


def require_extra(command: str = "run_supplementary") -> None:
    """Refuse to plan or run where a package of the extra is not installed; none is imported.

    Parameters
    ----------
    command
        That needs it.

    Raises
    ------
    RunError
        With one sentence that names what is missing and how to get it.
    """
    missing = [package for module, package in PACKAGES.items() if find_spec(module) is None]
    if not missing:
        return
    verb = "are" if len(missing) > 1 else "is"
    raise RunError(
        f"{command} needs {join_words(missing)}, which {verb} not installed: "
        "pip install '.[run]' in the checkout, or make install there"
    )
