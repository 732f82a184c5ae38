"""Parquet files, none of which comes to more than is read."""

import io
from typing import Any

import pandas as pd

from models.data.opening import MAX_BYTES, MIB, refuse_large
from models.errors import DataError


def parse_parquet(file: str, content: bytes) -> pd.DataFrame:
    """Read the columns of a Parquet file.

    Raises
    ------
    DataError
        If it is none, is damaged, or comes to too much.
    """
    import pyarrow  # noqa: PLC0415 - a heavy import that only Parquet needs
    import pyarrow.parquet  # noqa: PLC0415

    try:
        parts = pyarrow.parquet.ParquetFile(io.BytesIO(content))
        texts = _refuse_inflated_parquet(file, parts.metadata)
        parts = pyarrow.parquet.ParquetFile(io.BytesIO(content), read_dictionary=texts)
        table = _expand_texts(file, parts.read())
        table.validate(full=True)  # text that is not UTF-8 would be noticed only when it is used
        frame: pd.DataFrame = table.to_pandas(ignore_metadata=True, date_as_object=False)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        detail = str(error).splitlines()[0]
        raise DataError(f"{file}: this is not a Parquet file that can be read: {detail}") from None
    return frame


def _refuse_inflated_parquet(file: str, metadata: Any) -> list[str]:  # noqa: ANN401 - pyarrow's
    """Refuse what a file says that it comes to; return the columns of texts, as paths."""
    refuse_large(metadata.num_rows, metadata.num_columns, file)
    groups = [metadata.row_group(index) for index in range(metadata.num_row_groups)]
    n_bytes = n_cells = 0
    for column in range(metadata.num_columns):
        width = max(8, metadata.schema.column(column).length or 0)
        for group in groups:
            chunk = group.column(column)
            n_cells += chunk.num_values  # more than a row's, where they are lists
            n_bytes += max(chunk.total_uncompressed_size, width * chunk.num_values)
    refuse_large(n_cells, 1, file)
    _refuse_bytes(file, n_bytes)
    columns = (metadata.schema.column(index) for index in range(metadata.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]


def _expand_texts(file: str, table: Any) -> Any:  # noqa: ANN401 - pyarrow's
    """Write out texts that a file keeps once each and were read so, unless they are too many."""
    import pyarrow  # noqa: PLC0415 - a heavy import that only Parquet needs
    import pyarrow.compute as pc  # noqa: PLC0415

    n_bytes = 0
    for index, field in enumerate(table.schema):
        if not _is_text(field.type):
            continue
        for chunk in table.column(index).chunks:
            lengths = pc.binary_length(chunk.dictionary).take(chunk.indices)
            n_bytes += pc.sum(pc.cast(lengths, pyarrow.int64())).as_py() or 0
        _refuse_bytes(file, n_bytes)
        plain = table.column(index).cast(field.type.value_type)
        table = table.set_column(index, field.name, plain)
    return table


def _is_text(kind: Any) -> bool:  # noqa: ANN401 - pyarrow's
    """Say whether a column's type is of texts or bytes that are kept once each."""
    import pyarrow.types as kinds  # noqa: PLC0415 - a heavy import that only Parquet needs

    if not kinds.is_dictionary(kind):
        return False
    value = kind.value_type
    return any(
        is_one(value)
        for is_one in (
            kinds.is_string,
            kinds.is_large_string,
            kinds.is_binary,
            kinds.is_large_binary,
        )
    )


def _refuse_bytes(file: str, n_bytes: int) -> None:
    if n_bytes > MAX_BYTES:
        raise DataError(f"{file}: comes to more than the {MAX_BYTES // MIB:,} MiB that are read")
