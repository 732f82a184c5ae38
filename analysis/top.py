"""The top of a table: how many trials it holds unless asked otherwise, and how that is said."""

DEFAULT_TOP = 60
DEFAULT_TOP_SHARE = 0.2
SMALLEST_TOP = 3  # that says anything on values


def choose_top(n_rows: int, n_top: int | None = None) -> int:
    """Return how many rows the top holds.

    Parameters
    ----------
    n_top
        As asked, where there are more rows. By default `DEFAULT_TOP`, or a share of
        `DEFAULT_TOP_SHARE` where there are no more rows than that.
    """
    if n_top is not None and n_top < n_rows:
        return n_top
    if n_top is None and n_rows > DEFAULT_TOP:
        return DEFAULT_TOP
    return max(1, round(DEFAULT_TOP_SHARE * n_rows))


def choose_merged_top(n_configurations: int) -> int:
    """Return how many distinct configurations the top holds: always the same share of them."""
    return max(1, round(DEFAULT_TOP_SHARE * n_configurations))


def describe_top() -> str:
    """Say the default of `choose_top`."""
    return f"{DEFAULT_TOP} trials, or {100 * DEFAULT_TOP_SHARE:.0f} % where there are fewer"
