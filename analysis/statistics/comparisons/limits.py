"""What keeps a comparison from being more than inconclusive."""

FEWEST_ROWS = 60
FEWEST_COSINES = 4
FEWEST_OF_A_CLASS = 10


def list_row_limits(n_rows: int, nu: int | None, smallest_class: int | None) -> tuple[str, ...]:
    """Return in short texts what the rows forbid.

    Parameters
    ----------
    n_rows : int
        Zero for a metric without rows, which then sets no limit.
    nu : int or None
        Cosines behind the variance of the rows; None for rows without order.
    smallest_class : int or None
        Rows of the rarer class, where the metric knows classes.
    """
    limits = []
    if smallest_class is not None and smallest_class < FEWEST_OF_A_CLASS:
        limits.append(f"{smallest_class} rows of the rarer class: fewer than {FEWEST_OF_A_CLASS}")
    if 0 < n_rows < FEWEST_ROWS:
        counted = "rows" if nu is not None else "rows or groups"
        limits.append(f"{n_rows} {counted}: fewer than {FEWEST_ROWS}")
    if nu is not None and nu < FEWEST_COSINES:
        stretches = "stretch" if nu == 1 else "stretches"
        limits.append(
            f"{n_rows} rows hold {nu} independent {stretches}: fewer than {FEWEST_COSINES}, too "
            "few to correct for autocorrelation"
        )
    return tuple(limits)


def list_seed_limits(n_seeds: int, seed_df: int, *, has_rows: bool = True) -> tuple[str, ...]:
    """Return in short texts what the seeds forbid.

    Parameters
    ----------
    n_seeds : int
        That the compared trials share.
    seed_df : int
        Degrees of freedom of the spread between seeds, those pooled over other trials included.
    has_rows : bool
        Whether the rows give an error even with one seed.
    """
    if n_seeds == 1:
        covered = "the interval covers rows only" if has_rows else "no error can be estimated"
        return (f"one seed: {covered}",)
    if n_seeds == 2 and seed_df <= 1:
        return ("two seeds and no third trial: too few to know how much seeds differ",)
    return ()
