"""Text files of rows and cells, whatever parts them and however their numbers are written."""

import io
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.data.opening import refuse_large
from models.data.reading.bare import refuse_other_order
from models.data.reading.header import Header, describe_ragged, read_header
from models.data.reading.numbers import Mark, find_mark
from models.errors import DataError


@dataclass(frozen=True, slots=True, eq=False)
class CsvText:
    """The cells of a text file."""

    frame: pd.DataFrame  # (T, columns) numbers where a whole column is plain, else texts
    mark: Mark | None  # of decimals; None where it is needed and no column shows it
    notices: tuple[str, ...]


def decode_text(file: str, content: bytes) -> str:
    """Return a file's text with plain line ends.

    Raises
    ------
    DataError
        If it is neither UTF-8 nor, with the mark that says so, UTF-16.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            text = content.decode("utf-16")
        except UnicodeDecodeError:
            raise DataError(f"{file}: the text is broken UTF-16; save it as UTF-8") from None
        if "\x00" in text:
            raise DataError(f"{file}: this is not a text file (it holds zeros); expected CSV")
        return _unify_line_ends(text)
    if b"\x00" in content:
        raise DataError(f"{file}: this is not a text file (it holds zero bytes); expected CSV")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        byte = content[error.start]
        raise DataError(
            f"{file}, line {line}: byte 0x{byte:02x} is not UTF-8; save it as UTF-8"
        ) from None
    return _unify_line_ends(text)


def parse_csv(file: str, text: str) -> CsvText:
    """Read the cells of a text.

    Parameters
    ----------
    file : str
        The file, for messages.
    text : str
        As `decode_text` returns it.

    Raises
    ------
    DataError
        If it has no header, or rows of another length.
    """
    header = read_header(file, text)
    refuse_large(text.count("\n") + 1, len(header.names), file)
    frame = _parse(file, text, header, as_texts=False)
    mark = find_mark(_list_texts(frame))
    if mark != ".":
        texts = _parse(file, text, header, as_texts=True)
        mark = find_mark(texts[name] for name in texts)
        if mark == ",":  # a plain "614.983" is a thousand times as much, then
            is_float = {name: frame[name].dtype == np.float64 for name in frame}
            frame = pd.DataFrame({n: (texts if is_float[n] else frame)[n] for n in frame})
    frame = frame.set_axis(header.names, axis=1)
    notices = header.notices
    if mark == ",":
        notices += (f"{file}: numbers are read with a decimal comma",)
    if header.is_bare:
        refuse_other_order(file, frame)
    return CsvText(frame, mark, notices)


def _unify_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n")


def _parse(file: str, text: str, header: Header, *, as_texts: bool) -> pd.DataFrame:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            return pd.read_csv(
                io.StringIO(text),
                sep=header.delimiter,
                header=None,
                names=range(len(header.names)),
                skiprows=header.n_lines,
                index_col=False,
                low_memory=False,
                dtype=str if as_texts else None,
            )
    except pd.errors.ParserWarning:
        raise DataError(
            f"{file}: the rows have more cells than the header's {len(header.names)}"
        ) from None
    except pd.errors.ParserError as error:
        raise DataError(f"{file}: {describe_ragged(str(error))}") from None


def _list_texts(frame: pd.DataFrame) -> list[pd.Series]:
    return [frame[name] for name in frame if frame[name].dtype.kind not in "iufbmM"]
