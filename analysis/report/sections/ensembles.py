"""The ensembles of seeds as Markdown."""

from collections.abc import Sequence

from analysis.report.formats.markdown import escape_text, join_blocks, pipe_table
from analysis.report.yardstick import Yardstick
from analysis.runs.seed_ensembles import SeedEnsemble


def render_ensembles(ensembles: Sequence[SeedEnsemble], yardstick: Yardstick) -> str:
    """Return each trial's mean and deviation over its seeds, and what their mean prediction has.

    Empty where no trial has predictions of two seeds.
    """
    if not ensembles:
        return ""
    rows = [
        [
            escape_text(one.trial),
            yardstick.write(one.mean),
            yardstick.write_gain(one.deviation, is_signed=False),
            yardstick.write(one.together),
            str(one.n_seeds),
        ]
        for one in ensembles
    ]
    head = ["Trial", f"Mean validation {yardstick.title}", "Deviation between seeds",
            "Ensemble of the seeds", "Seeds"]  # fmt: skip
    return join_blocks(
        "The ensemble is the mean of what a trial's seeds predict, scored as one; its fits have "
        "the epochs that they selected on these rows, so that it is as flattered as they are.",
        pipe_table(head, rows),
    )
