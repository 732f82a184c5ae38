"""Power as it is predicted beside power as simulations find it: python -m benchmarks.power.

Batches of seven trials on folds of 211 rows, through the functions that judge a run: one trial is
better than another by about .02 of AUC, two are equal. The prediction knows the variances from
earlier batches, as a plan knows them from earlier records. Some seven minutes on one core; --quick
takes a tenth of the batches, in half a minute.
"""

import time

import click

from tests.analysis.simulation.power import (
    BETTER,
    BETTER_AT_TIMES,
    format_cells,
    measure_power,
)

N_BATCHES = 2000
N_QUICK = 150
N_EARLIER = 200


@click.command()
@click.option("--batches", default=N_BATCHES, show_default=True, help="Simulated batches.")
@click.option("--quick", is_flag=True, help=f"{N_QUICK} batches: the outline in half a minute.")
@click.option("--at-times", is_flag=True, help="A trial that is better where the market moves.")
def main(batches: int, *, quick: bool, at_times: bool) -> None:
    """Print the table of predicted and found power."""
    began = time.perf_counter()
    n_batches = N_QUICK if quick else batches
    process = BETTER_AT_TIMES if at_times else BETTER
    difference, cells = measure_power(
        process, n_batches=n_batches, n_earlier=min(N_EARLIER, n_batches)
    )
    for line in format_cells(difference, cells):
        click.echo(line)
    largest = max(cell.largest_error for cell in cells)
    monte_carlo = 0.5 / n_batches**0.5
    click.echo(
        f"largest distance {largest:.3f}, Monte Carlo error up to {monte_carlo:.3f}; "
        f"{n_batches} batches in {time.perf_counter() - began:.0f} s"
    )


if __name__ == "__main__":
    main()
