"""Our packages have generic names: make sure that ours are the ones that Python finds."""

from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("trial_sets", "models", "runner", "analysis")


def refuse_foreign_packages() -> None:
    """End with a sentence when another installed package shadows one of ours.

    Raises
    ------
    SystemExit
        With exit code 2.
    """
    for package in PACKAGES:
        spec = find_spec(package)
        found = Path(spec.origin).parent if spec and spec.origin else None
        if found != ROOT / package:
            raise SystemExit(_explain(package, found))


def _explain(package: str, found: Path | None) -> str:
    place = f"Python finds {found}" if found else "Python finds none"
    return (
        f"the package {package!r} should be {ROOT / package}, but {place}: "
        "install this checkout into an environment of its own (make install)"
    )
