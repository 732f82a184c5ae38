"""Whatever a file may hold in place of what is expected, for the tests that try anything."""

from typing import Any

from hypothesis import strategies as st

SHORT = st.text(max_size=4)


def any_scalar(*odd: object) -> st.SearchStrategy[Any]:
    """Return any value that holds no other; see `any_json`."""
    usual = [st.none(), st.booleans(), st.integers(), st.floats(), SHORT]
    return st.one_of(*usual, *([st.sampled_from(odd)] if odd else []))


def any_json(
    *odd: object,
    keys: st.SearchStrategy[str] = SHORT,
    most_keys: int = 3,
    max_leaves: int = 6,
) -> st.SearchStrategy[Any]:
    """Return any JSON value, NaN and the infinities included.

    Parameters
    ----------
    odd
        Values that are to be tried beside those that nobody thought of.
    keys, most_keys
        Of an object, and how many.
    max_leaves
        Scalars in a value.
    """
    return st.recursive(
        any_scalar(*odd),
        lambda inner: st.one_of(
            st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=most_keys)
        ),
        max_leaves=max_leaves,
    )
