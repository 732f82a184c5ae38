"""The embedded S&P 500: where its file lies, found without reading it or importing anything."""

import importlib.util
from pathlib import Path

from models.errors import DataError

EMBEDDED_NAME = "sp500"


def find_embedded_file() -> Path:
    """Return the path of the daily S&P 500, 1999 to 2018, that the arch package carries.

    The package is located, not imported: importing it takes over a second.

    Raises
    ------
    DataError
        If arch is not installed or no longer carries the file.
    """
    spec = importlib.util.find_spec("arch")
    folders = spec.submodule_search_locations if spec is not None else None
    if not folders:
        raise DataError("the embedded S&P 500 comes with the package arch, which is not installed")
    path = Path(folders[0]) / "data" / "sp500" / "sp500.csv.gz"
    if not path.is_file():
        raise DataError(
            f"{path}: the installed arch does not carry this file; give prices of your own"
        )
    return path
