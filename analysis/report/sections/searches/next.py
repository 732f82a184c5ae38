"""What to do after a search, as Markdown."""

import json

from analysis.numbers import count_noun
from analysis.report.formats.markdown import code_span, escape_text, join_blocks, list_items
from analysis.report.yardstick import Yardstick
from analysis.searches.flags import list_edges
from analysis.searches.search import Search, SearchedTrial

_N_TOP = 5
_N_SEEDS = 3


def render_search_next(search: Search, yardstick: Yardstick) -> str:
    """Return the top trials as a set to validate, the edges to extend, and how to go on."""
    top = _list_top(search)
    if not top:
        return "No trial is complete: mend what failed, and call the same command again."
    return join_blocks(
        f"Validate the top {count_noun(len(top), 'configuration')}, each with {_N_SEEDS} seeds, "
        "beside the default: write them as a set of a study, with the claims that you want "
        f"decided, and run it with {code_span(f'run_supplementary --set T --seeds {_N_SEEDS}')}.",
        _write_set(search, top, yardstick),
        list_items([*_list_extensions(search), _describe_more(search)]),
    )


def _list_top(search: Search) -> list[SearchedTrial]:
    """Return the best trials of distinct configurations, the best first."""
    ranked = sorted(search.scored, key=lambda trial: -search.sign * (trial.score or 0.0))
    by_key = {t.fit.record.key: t for t in reversed(ranked) if t.fit is not None}
    return [trial for trial in ranked if trial in by_key.values()][:_N_TOP]


def _write_set(search: Search, top: list[SearchedTrial], yardstick: Yardstick) -> str:
    """Return the trials as the `trials` of a set's file."""
    lines = ",\n".join(
        f"  {json.dumps(f'T{place}')}: "
        + json.dumps(
            {
                **search.info.fixed,
                **trial.values,
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


def _describe_more(search: Search) -> str:
    n = len(search.trials)
    return (
        f"To go on with this search, call the same command with more trials, "
        f"{code_span(f'--trials {2 * n}')}: the {count_noun(n, 'trial')} count."
    )
