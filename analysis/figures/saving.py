"""Figures as files: PNG at 300 dpi and SVG, the same bytes for the same data.

SVG identifiers are salted with a fixed text and neither format carries a date or the library's
version, so that a report that is written again differs only where its results do.
"""

import hashlib
import io
import re
from pathlib import Path
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure

from analysis.figures.style import DPI
from trial_sets.errors import InputError
from trial_sets.placement import make_folder, replace_file

_LONGEST_STEM = 80
_RC: dict[Any, Any] = {"svg.hashsalt": "supplementary-trials", "svg.fonttype": "path"}


def name_file(*parts: str) -> str:
    """Return a file name without its ending, such as `slice-weight_decay`.

    Letters, digits and underscores stay; a name that had to be changed, or could be mistaken for
    another one on some file system, carries eight digits of its hash.
    """
    wanted = "-".join(parts)
    safe = re.sub(r"[^a-z0-9_-]+", "-", wanted.lower())[:_LONGEST_STEM].strip("-")
    if safe == wanted:
        return safe
    return f"{safe}-{hashlib.sha256(wanted.encode()).hexdigest()[:8]}".strip("-")


def save_figure(figure: Figure, folder: Path, stem: str) -> tuple[Path, Path]:
    """Write a figure as PNG and SVG and return their paths, PNG first.

    Parameters
    ----------
    folder
        Made when it does not exist.
    stem
        The files' name without an ending, from `name_file`.

    Raises
    ------
    InputError
        If they cannot be written; a folder that is a symbolic link is not followed.
    """
    png, svg = folder / f"{stem}.png", folder / f"{stem}.svg"
    try:
        make_folder(folder)
        with rc_context(_RC):
            replace_file(png, _draw(figure, "png", dpi=DPI, metadata={"Software": None}))
            replace_file(svg, _draw(figure, "svg", metadata={"Date": None, "Creator": None}))
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}") from None
    return png, svg


def _draw(figure: Figure, form: str, **settings: Any) -> bytes:  # noqa: ANN401 - as savefig's
    """Return a figure's file."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format=form, **settings)
    return buffer.getvalue()
