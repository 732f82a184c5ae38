"""Columns that say where a row belongs."""

import numpy as np
import pandas as pd
import pytest

from models.data.splitting.cells import read_groups, read_sides
from models.data.tables import Table
from models.errors import DataError


def table(*cells: object) -> Table:
    return Table("a.csv", pd.DataFrame({"of": pd.Series(cells, dtype=object)}))


def test_groups_are_the_cells_as_they_stand() -> None:
    assert read_groups(table("b ", 3, "a"), "of").tolist() == ["b", "3", "a"]


def test_sides_have_several_names_in_any_case() -> None:
    cells = ["train", "Val", "validation", "VALID", " test", "holdout"]
    expected = ["train", "val", "val", "val", "test", "test"]
    assert read_sides(table(*cells), "of").tolist() == expected


def test_folds_are_numbers_from_one_beside_which_rows_may_train_or_test() -> None:
    assert read_sides(table(1, 2.0, "3", "10"), "of").tolist() == ["1", "2", "3", "10"]
    assert read_sides(table("1", "test", "train"), "of").tolist() == ["1", "test", "train"]


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (["train", "tset"], r"row 2, column of: found 'tset'; .* fold from 1 \(nearest: 'test'\)"),
        (["train", None], "row 2, column of: found nothing; expected train, val or test"),
        ([0, 1, 2], "row 1, column of: found '0'; .* the number of a fold from 1"),
        ([1, 1.5], "row 2, column of: found '1.5'"),
        ([-1, 1], "row 1, column of: found '-1'"),
        (["train", "val", "1"], "row 3, column of: found '1'; expected train, val or test, as oth"),
    ],
)
def test_another_side_is_refused_with_its_row(cells: list[object], sentence: str) -> None:
    with pytest.raises(DataError, match=sentence):
        read_sides(table(*cells), "of")


def test_a_row_without_a_group_or_with_a_story_for_one_is_refused() -> None:
    with pytest.raises(DataError, match="row 2, column of: found nothing; expected the name of a"):
        read_groups(table("a", np.nan), "of")
    with pytest.raises(
        DataError, match=r"row 1, .* expected the name of a group, of at most 100 c"
    ):
        read_groups(table("a" * 101, "b"), "of")
