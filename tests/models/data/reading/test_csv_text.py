import pytest

from models.data.reading.csv_text import decode_text, parse_csv
from models.errors import DataError


@pytest.mark.parametrize(
    ("text", "mark", "notice"),
    [
        ("Date;x;n\n2020-01-01;1198,98;614983\n", ",", "numbers are read with a decimal comma"),
        ('Date,x,n\n2020-01-01,"1,198.98",5\n', ".", None),
        ('Date,x\n2020-01-01,"1,198"\n', None, None),
        ("Date,x\n2020-01-01,1198.98\n", ".", None),
    ],
)
def test_the_decimal_mark_is_found(text: str, mark: str | None, notice: str | None) -> None:
    read = parse_csv("a.csv", text)
    assert read.mark == mark
    assert read.notices == (() if notice is None else (f"a.csv: {notice}",))


def test_a_point_parts_thousands_where_the_file_has_decimal_commas() -> None:
    read = parse_csv("a.csv", "day;x;n;m\n2020-01-01;1,5;614.980;7\n2020-01-02;2,5;99.123;8\n")
    assert read.frame["n"].tolist() == ["614.980", "99.123"]
    assert read.frame["m"].tolist() == [7, 8]


def test_plain_numbers_are_read_by_pandas_to_the_last_bit() -> None:
    read = parse_csv("a.csv", 'day,x,n\n2020-01-01,0.30000000000000004,"1,000.5"\n')
    assert read.frame["x"].tolist() == [0.1 + 0.2]


def test_utf_16_is_read_where_its_mark_says_so() -> None:
    assert decode_text("a.csv", "a,b\r\n1,2".encode("utf-16")) == "a,b\n1,2"
    with pytest.raises(DataError, match="it holds zero"):
        decode_text("a.csv", b"\xff\xfe\x00\x00")
