"""The commands that a batch or a search ends with: report, the winner's one look, next round."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from runner.planning.plan import Plan
from runner.planning.request import Request
from runner.summaries.results import ResultSummary
from trial_sets.errors import InputError
from trial_sets.records.layout import Outputs
from trial_sets.records.record import Record
from trial_sets.records.request import RunRequest
from trial_sets.redaction import quote_word
from trial_sets.tuning.final import has_test_rows, is_cut_short, lengthen_training

_LONGEST_NAME = 32  # of a study


def join_command(words: Sequence[str]) -> str:
    """Return words as a shell takes them."""
    return " ".join(map(quote_word, words))


def write_run_options(request: Request, *, epochs: int | None = None) -> list[str]:
    """Return the options that say how a run is made, the study among them.

    Parameters
    ----------
    epochs
        Of every trial, where they are not those that were asked for.
    """
    overrides = request.overrides
    if epochs is not None:
        overrides = overrides.model_copy(update={"epochs": epochs})
    asked = RunRequest(
        study=request.study,
        sets_file=request.sets_file,
        data=request.data,
        overrides=overrides,
        trainer=request.trainer,
        command=request.command,
        python=request.python,
        folds=request.folds,
        precision=request.precision,
    )
    is_usual = Outputs(request.output) == Outputs()
    return [*asked.render(), *([] if is_usual else ["--output", str(request.output)])]


def write_proposal(folder: str, study: str) -> tuple[str, str]:
    """Return what proposes the next round of a study from the results in a folder, and why."""
    name = join_command(["analyze", folder, "--propose", name_next_study(study)])
    return "the next round, as a study with claims", name


def name_next_study(name: str) -> str:
    """Return `digits-2` after `digits`, and `digits-3` after that."""
    stem, _, number = name.rpartition("-")
    if not stem or not number.isdecimal():
        stem, number = name, "1"
    tail = f"-{int(number) + 1}"
    return f"{stem[: _LONGEST_NAME - len(tail)]}{tail}"


def list_final_commands(
    plan: Plan, request: Request, results: ResultSummary
) -> Iterator[tuple[str, str]]:
    """Yield what comes after a batch: each one's purpose and its command."""
    yield "report", join_command(["analyze", results.folder])
    best = _find_best(results)
    if plan.with_test or best is None:
        return
    if has_test_rows(plan.info):
        yield from _list_last_steps(plan, request, best)
    yield write_proposal(results.folder, plan.info.study.name)


def _list_last_steps(plan: Plan, request: Request, best: str) -> Iterator[tuple[str, str]]:
    """Yield what trains the best longer, where that may help, and what evaluates it once."""
    trial = plan.info.study.find_trial(best)
    records = _read_records(plan, best)
    epochs = lengthen_training(trial.configuration) if is_cut_short(records) else None
    options = write_run_options(request, epochs=epochs)
    study = plan.info.study
    if epochs is not None:
        words = [*study.select_with_control(best), "--seeds", str(len(study.seeds)), *options]
        yield (
            f"1. {best}, which was still improving, and its control with {epochs} epochs and all "
            "seeds",
            join_command(["run_supplementary", *words]),
        )
    yield (
        f"{'2. ' if epochs else ''}once the report names {best} a candidate, one look at the test "
        "rows, beside control and baselines",
        join_command(["run_supplementary", "--evaluate-test", best, *options]),
    )


def list_search_commands(
    request: Request,
    best_file: str,
    *,
    n_seeds: int,
    epochs: int | None,
    has_test: bool,
) -> Iterator[tuple[str, str]]:
    """Yield what comes after a search: its best validated, and the winner's one look.

    Parameters
    ----------
    best_file
        The file of the best trials.
    n_seeds
        That each of them is trained with.
    epochs
        That they are trained with, where these are not the study's.
    has_test
        Whether there are test rows to look at.
    """
    options = write_run_options(replace(request, sets_file=best_file), epochs=epochs)
    more = "with several seeds" if n_seeds > 1 else "(the study has one seed: give it more)"
    longer = "" if epochs is None else f" and {epochs} epochs"
    yield (
        f"1. validate the best {more}{longer}",
        join_command(["run_supplementary", "--seeds", str(n_seeds), *options]),
    )
    if has_test:
        yield (
            "2. the one that wins there, BEST1 as it stands, once on the test rows, beside control "
            "and baselines",
            join_command(["run_supplementary", "--evaluate-test", "BEST1", *options]),
        )


def _find_best(results: ResultSummary) -> str | None:
    """Return the trial with the best mean on the validation rows; controls are none."""
    means = {
        line.names[0]: results.metric.sign * line.mean_val
        for line in results.lines
        if line.kind == "trial" and line.mean_val is not None
    }
    return max(means, key=lambda name: means[name], default=None)


def _read_records(plan: Plan, name: str) -> list[Record]:
    """Return the records of one trial's fits that can be used."""
    found = []
    for planned in plan.fits:
        if planned.fit.name != name:
            continue
        try:
            record = plan.folder.read_record(*planned.fit.id)
        except InputError:
            continue
        found += [] if record is None else [record]
    return found
