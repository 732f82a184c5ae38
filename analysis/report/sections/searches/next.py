"""What to do after a search, as Markdown."""

import json

from analysis.numbers import count_noun
from analysis.report.formats.markdown import code_span, escape_text, join_blocks, list_items
from analysis.report.yardstick import Yardstick
from analysis.runs.commands import write_file_command
from analysis.searches.flags import list_edges
from analysis.searches.search import Search, SearchedTrial
from trial_sets.records.layout import RunLayout
from trial_sets.space import nest_options
from trial_sets.tuning.advice import interpret_values
from trial_sets.tuning.final import WHY_TWO_STEPS, has_test_rows, lengthen_training

_N_TOP = 5
_N_SEEDS = 3
_FIRST = "BEST1"  # as the file of the best trials calls the best


def render_search_next(search: Search, yardstick: Yardstick) -> str:
    """Return the top trials as a set to validate, the edges to extend, and how to go on."""
    top = _list_top(search)
    if not top:
        return "No trial is complete: mend what failed, and call the same command again."
    n_known = len(search.run.info.study.seeds)
    more = f" (the study has {count_noun(n_known, 'seed')}: give it more)"
    return join_blocks(
        f"Validate the top {count_noun(len(top), 'configuration')}, each with {_N_SEEDS} seeds"
        f"{more if n_known < _N_SEEDS else ''}, beside the default. With the claims that you want "
        "decided they make a set:",
        _write_set(top, yardstick),
        list_items(
            item
            for item in (
                *_describe_commands(search),
                *_list_extensions(search),
                *_interpret_best(search, top[0]),
                _describe_more(search),
            )
            if item
        ),
    )


def _describe_commands(search: Search) -> list[str]:
    """Return the commands that retrain the top trials and evaluate the winner, as one item."""
    run, info = search.run, search.run.info
    file = RunLayout(run.folder).of_search(search.info.name).best_file
    n_seeds = min(_N_SEEDS, len(info.study.seeds))
    epochs = lengthen_training(info.study.base, search.info.space.dimensions)
    seeds = ("--seeds", str(n_seeds))
    asked = None if search.info.request is None else search.info.request.folds
    known = file.is_file()
    retrain = write_file_command(run, file, seeds, epochs, folds=asked) if known else None
    if retrain is None:
        return []
    more = "" if epochs is None else f" and {count_noun(epochs, 'epoch')}"
    said = (
        f"The best trials stand in {code_span(file.name)} too; without claims: (1) with "
        f"{count_noun(n_seeds, 'seed')}{more}, beside the control: {code_span(retrain)}"
    )
    test = write_file_command(run, file, ("--evaluate-test", _FIRST), epochs, folds=asked)
    if test is None or not has_test_rows(info):
        return [f"{said}."]
    return [
        f"{said}; (2) the one that wins there, which is {_FIRST} as it stands, with all seeds once "
        f"on the test rows, beside the control and the baselines: {code_span(test)}. "
        f"{WHY_TWO_STEPS}"
    ]


def _list_top(search: Search) -> list[SearchedTrial]:
    """Return the best trials of distinct configurations, the best first."""
    ranked = sorted(search.scored, key=lambda trial: -search.sign * (trial.score or 0.0))
    by_key: dict[str, SearchedTrial] = {}
    for trial in ranked:
        if trial.fit is not None:
            by_key.setdefault(trial.fit.record.key, trial)
    return list(by_key.values())[:_N_TOP]


def _write_set(top: list[SearchedTrial], yardstick: Yardstick) -> str:
    """Return the trials as the `trials` of a set's file; all else is the study's base."""
    lines = ",\n".join(
        f"  {json.dumps(f'T{place}')}: "
        + json.dumps(
            {
                **nest_options(trial.values),
                "note": f"{trial.name}, {yardstick.write(trial.score or 0.0)} in the search",
            }
        )
        for place, trial in enumerate(top, 1)
    )
    return f"```json\n{{\n{lines}\n}}\n```"


def _list_extensions(search: Search) -> list[str]:
    said = []
    for name, end in list_edges(search):
        dimension = search.info.space.dimensions[name]
        by = "by a decade" if dimension.log else "by half of its width"
        if dimension.choices is not None:
            by = "by another choice"
        said.append(
            f"{escape_text(name)}: the best trial lies at the {end} end; extend the space there "
            f"{by}, and search again under another name."
        )
    return said


def _interpret_best(search: Search, best: SearchedTrial) -> list[str]:
    """Return what the values of the best trial hint at; its curves say whether that is so."""
    said = interpret_values(search.info.space, best.values)
    return [f"By rule of thumb, of {best.name}: {escape_text(one, longest=None)}." for one in said]


def _describe_more(search: Search) -> str:
    """Return how the search goes on; empty of one that ends by itself."""
    if search.info.sampler in {"grid", "manual"}:
        return ""
    n = sum(trial.counts for trial in search.trials)
    return (
        f"To go on with this search, call the same command with more trials, "
        f"{code_span(f'--trials {2 * n}')}: the {count_noun(n, 'trial')} count."
    )
