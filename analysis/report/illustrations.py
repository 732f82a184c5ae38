"""Which figures a report has: drawn, saved beside it, and handed on as links with captions."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from analysis.figures.cost import plot_cost
from analysis.figures.curves import plot_curves
from analysis.figures.forest import make_forest_row, plot_forest
from analysis.figures.heat_map import plot_pair
from analysis.figures.parallel import plot_parallel
from analysis.figures.saving import name_file, save_figure
from analysis.figures.slice_plot import Reference, plot_slice
from analysis.findings.evidence import Evidence
from analysis.frames.frame import TrialFrame
from analysis.report.document import Illustration
from analysis.report.yardstick import Yardstick
from analysis.runs.run import Run
from analysis.trends.pair_table import tabulate_pair
from analysis.trends.slices import slice_trials
from analysis.verdicts.checklist import Checklist
from trial_sets.errors import InputError
from trial_sets.records.layout import BASELINE_PREFIX, FIGURES

_MOST_SLICES = 20
_CONSTANT = "prevalence"  # whose AUC is 0.5, whatever the data
_AUC = Yardstick()


@dataclass(frozen=True, slots=True)
class Sketch:
    """A figure that a report wants: where it belongs, and how it is drawn."""

    section: str
    stem: str
    caption: str
    draw: Callable[[], Figure]
    param: str | None = None


def plan_figures(
    evidence: Evidence,
    params: tuple[str, ...] = (),
    checklist: Checklist | None = None,
    run: Run | None = None,
    yardstick: Yardstick = _AUC,
) -> tuple[Sketch, ...]:
    """Return the figures of a report, none drawn yet.

    Parameters
    ----------
    params
        Only these hyperparameters; with two of them also their heat map.
    yardstick
        What the claims are about.
    """
    sketches = [*_plan_forest(checklist, yardstick), *_plan_trends(evidence, params)]
    if run is not None:
        sketches += _plan_curves(run)
    if evidence.frame.finished["duration_s"].gt(0).any():
        caption = "Training time against the result"
        sketches.append(Sketch("cost", "cost", caption, lambda: plot_cost(evidence.frame)))
    return tuple(sketches)


def illustrate(
    folder: Path | None,
    evidence: Evidence,
    params: tuple[str, ...] = (),
    *,
    checklist: Checklist | None = None,
    run: Run | None = None,
    yardstick: Yardstick = _AUC,
    advance: Callable[[], None] = lambda: None,
) -> tuple[Illustration, ...]:
    """Draw and save the figures of a report; see `plan_figures`.

    Parameters
    ----------
    folder
        Where the report will lie; None for no figures.
    advance
        Called after every figure.
    """
    if folder is None:
        return ()
    return draw_figures(plan_figures(evidence, params, checklist, run, yardstick), folder, advance)


def draw_figures(
    sketches: tuple[Sketch, ...], folder: Path, advance: Callable[[], None] = lambda: None
) -> tuple[Illustration, ...]:
    """Draw and save figures; one for which there is nothing to draw is left out.

    Parameters
    ----------
    folder
        The report's; the figures go into its `figures`.
    """
    drawn = []
    for sketch in sketches:
        advance()
        try:
            figure = sketch.draw()
        except InputError:
            continue
        png, _ = save_figure(figure, folder / FIGURES, sketch.stem)
        path = f"{FIGURES}/{png.name}"
        drawn.append(Illustration(sketch.section, path, sketch.caption, sketch.param))
    return tuple(drawn)


def tabulate_curves(run: Run, names: dict[str, str]) -> pd.DataFrame:
    """Return the curves of the last fold: those of other periods have other levels.

    Parameters
    ----------
    names
        What to call the trials of which configurations, by key.
    """
    last = run.info.data.fold_numbers[-1]
    curves = pd.DataFrame(
        [
            {
                "trial": names[record.key],
                "seed": record.seed,
                "selected_epoch": record.selected_epoch,
                **point.model_dump(include={"epoch", "val_metric", "train_loss"}),
            }
            for record in run.records
            if record.kind != "baseline" and record.key in names and record.fold == last
            if record.status != "pruned"
            for point in record.curve
        ]
    )
    numbers = curves.columns.intersection(["val_metric", "train_loss"])
    return curves.astype(dict.fromkeys(numbers, "float64"))  # where none is known too


def _plan_forest(checklist: Checklist | None, yardstick: Yardstick) -> Iterator[Sketch]:
    if checklist is None or not checklist.rows:
        return
    rows = [
        make_forest_row(row.case.sentence, row.judgement)
        for row in checklist.rows
        if row.judgement.inference is not None and row.case.claim.is_of_study_metric
    ]
    if rows:
        caption = "The judged claims with their intervals; the band is the ROPE"
        draw = partial(
            plot_forest,
            rows,
            rope=checklist.rope,
            metric_label=yardstick.metric.title,
            decimals=yardstick.decimals,
            is_less_better=yardstick.metric.sign < 0,
        )
        yield Sketch("checklist", "checklist", caption, draw)


def _plan_trends(evidence: Evidence, params: tuple[str, ...]) -> Iterator[Sketch]:
    frame = evidence.frame
    references = _list_references(frame)
    chosen = [t.param for t in evidence.tables if not params or t.param in params]
    for name in chosen[:_MOST_SLICES]:
        yield Sketch(
            "trends",
            name_file("slice", name),
            f"{frame.metric_label} by {name}, with means and 95 % intervals",
            partial(_draw_slice, frame, name, references),
            name,
        )
    if len(params) == 2:
        yield Sketch(
            "pair",
            name_file("pair", *params),
            f"Mean {frame.metric_label} by {params[0]} and {params[1]}",
            lambda: plot_pair(
                tabulate_pair(frame, params[0], params[1]), direction=frame.direction
            ),
        )
    if len(chosen) > 1 and not params:
        caption = "The top 20 % of the trials among the rest"
        yield Sketch("trends", "parallel", caption, lambda: plot_parallel(frame))


def _draw_slice(frame: TrialFrame, name: str, references: tuple[Reference, ...]) -> Figure:
    return plot_slice(slice_trials(frame, name), references=references)


def _list_references(frame: TrialFrame) -> tuple[Reference, ...]:
    """Return the mean of each control and baseline."""
    rows = frame.finished[frame.finished["role"].isin(["baseline", "control", "default"])]
    means = rows.groupby("trial", sort=False)["metric"].mean()
    named = {str(name).removeprefix(BASELINE_PREFIX): float(mean) for name, mean in means.items()}
    left_out = {_CONSTANT} if frame.metric_label == "AUC" else set()
    return tuple(Reference(name, mean) for name, mean in named.items() if name not in left_out)


def _plan_curves(run: Run) -> Iterator[Sketch]:
    label = run.info.study.metric.title
    for trial_set in run.info.study.sets:
        names = {trial.configuration.key: trial.name for trial in trial_set.trials}
        if trial_set.control is not None:
            control = run.info.study.find_trial(trial_set.control)
            names.setdefault(control.configuration.key, control.name)
        curves, last = tabulate_curves(run, names), run.info.data.fold_numbers[-1]
        where = "" if last is None else f" on fold {last}, the last"
        is_run = set(curves["trial"]) - {trial_set.control} if len(curves) else set()
        if is_run:
            title = f"Set {trial_set.name}"
            yield Sketch(
                "health",
                name_file("curves", trial_set.name.lower()),
                f"Learning curves of set {trial_set.name}{where}; a ring marks the selected epoch",
                partial(plot_curves, curves, title=title, metric_label=label),
            )
