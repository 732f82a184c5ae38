import pytest

from analysis.top import choose_merged_top, choose_top, describe_top


@pytest.mark.parametrize(
    ("n_rows", "asked", "n_top"),
    [(150, None, 60), (61, None, 60), (60, None, 12), (27, None, 5), (2, None, 1), (150, 20, 20),
     (10, 20, 2)],
)  # fmt: skip
def test_the_top_holds_sixty_or_a_fifth(n_rows: int, asked: int | None, n_top: int) -> None:
    assert choose_top(n_rows, asked) == n_top


@pytest.mark.parametrize(("n", "n_top"), [(111, 22), (400, 80), (3, 1), (0, 1)])
def test_the_merged_top_is_a_fifth_whatever_their_number(n: int, n_top: int) -> None:
    assert choose_merged_top(n) == n_top


def test_the_words_are_those_of_the_default() -> None:
    assert describe_top() == "60 trials, or 20 % where there are fewer"
