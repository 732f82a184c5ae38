"""What the command prints of a search: the best trials, how many ended how, what to do next."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console, JustifyMethod
from rich.measure import Measurement
from rich.table import Table

from analysis.numbers import (
    choose_decimals,
    count_noun,
    format_difference,
    format_duration,
    format_metric,
)
from runner.faults.breaker import generalise
from runner.summaries.search_summary import LineState, SearchLine, SearchSummary
from scripts.running.plan_tables import new_table
from scripts.text import mark, score, show_value
from trial_sets.configuration import OptionValue
from trial_sets.wording import join_words

ENDED: tuple[LineState, ...] = ("complete", "pruned", "failed", "repeated")
BESIDE: tuple[LineState, ...] = ("infeasible", "foreign", "running")  # are no ended trials
_MOST_REASONS = 5
_FEWEST_SHOWN = 2  # trials of a table that is turned
_WIDEST = 100_000  # cells of a line, which no table fills


def print_search(summary: SearchSummary, console: Console) -> None:
    """Print how a search stands: its best trials, then what is to be said of all."""
    if summary.best:
        _print_best(summary, console)
    for sentence in describe_search(summary):
        console.print(mark(sentence), soft_wrap=True)
    console.print(f"Records: {mark(summary.folder)}", soft_wrap=True)


def _print_best(summary: SearchSummary, console: Console) -> None:
    """Print the best trials, a row each; a column each, as many as fit, where rows are too wide."""
    columns = list(_list_columns(summary, [summary.find_line(number) for number in summary.best]))
    title = f"The best of {count_noun(summary.ended, 'trial')}"
    table = _make_table(title, list(zip(*columns, strict=True)))
    width = _measure(table, console)
    if not console.is_terminal:
        console.width = max(width, console.width)  # a file is as wide as what is in it
    elif width > console.width:
        columns[0] = [name.removeprefix("trial-") for name in columns[0]]
        counts = range(len(columns[0]), _FEWEST_SHOWN, -1)
        tables = (_make_table(title, [column[:n] for column in columns]) for n in counts)
        table = next((t for t in tables if _measure(t, console) <= console.width), table)
    console.print(table)


def _list_columns(summary: SearchSummary, lines: Sequence[SearchLine]) -> Iterator[list[str]]:
    """Yield the table's columns, each under its heading; those that tell nothing are left out."""
    yield ["trial", *(f"{line.name}{' (base)' * line.is_default}" for line in lines)]
    for name in list_varied(lines):
        yield [name, *(_shorten(line.values.get(name)) for line in lines)]
    decimals = choose_decimals(summary.rope, [one.score for one in lines if one.score is not None])
    yield [f"val {summary.metric.title}", *(score(line.score, decimals) for line in lines)]
    if len({line.epochs for line in lines}) > 1:
        yield ["epochs", *(str(line.epochs or "") for line in lines)]
    times = [format_duration(line.seconds) for line in lines]
    if len(set(times)) > 1 or any(line.seconds >= 1 for line in lines):
        yield ["time", *times]


def _make_table(title: str, rows: Sequence[Sequence[str]]) -> Table:
    """Return a table of rows, the first of which holds the headings; what is too long is folded."""
    table = new_table(title)
    for number, heading in enumerate(rows[0]):
        justify: JustifyMethod = "right" if number else "left"
        table.add_column(mark(heading), justify=justify, no_wrap=not number, overflow="fold")
    for row in rows[1:]:
        table.add_row(*map(mark, row))
    return table


def _measure(table: Table, console: Console) -> int:
    """Return how wide a table is if nothing in it is folded."""
    return Measurement.get(console, console.options.update(max_width=_WIDEST), table).maximum


def _shorten(value: OptionValue | None) -> str:
    """Return a value for a cell, a number with four digits: the record has the others."""
    return show_value(float(f"{value:.4g}") if isinstance(value, float) else value)


def list_varied(lines: Iterable[SearchLine]) -> list[str]:
    """Return the dimensions that are active in any of some trials, in order."""
    return list(dict.fromkeys(name for line in lines for name in line.values))


def describe_search(summary: SearchSummary) -> Iterator[str]:
    """Yield what is to be said of a search beside its table, as sentences."""
    counts, beside = (
        join_words([f"{n:,} {state}" for state in states if (n := summary.counts.get(state))])
        for states in (ENDED, BESIDE)
    )
    is_beyond = summary.asked is None or summary.ended > summary.asked
    asked = "" if is_beyond else f" of {summary.asked:,}"
    noun = "trial" if (summary.ended if is_beyond else summary.asked) == 1 else "trials"
    more = f"; beside them {beside}" if beside else ""
    yield f"{summary.ended:,}{asked} {noun} ended: {counts or 'none'}{more}."
    yield from _list_reasons(summary, "failed", "Failed")
    yield from _list_reasons(summary, "infeasible", "Infeasible")
    if summary.stop is not None:
        yield f"The search has ended early: {summary.stop}."
    if summary.best:
        yield from _compare(summary)
        yield (
            f"This is exploratory: the best of {count_noun(summary.ended, 'trial')} looks better "
            "than it is, since it was chosen for it; nothing is confirmed by it."
        )


def _list_reasons(summary: SearchSummary, state: str, word: str) -> Iterator[str]:
    """Yield why trials came to nothing, those that differ in numbers alone once."""
    kinds: dict[str, list[SearchLine]] = {}
    for line in summary.trials:
        if line.state == state:
            kinds.setdefault(generalise(line.why), []).append(line)
    for lines in list(kinds.values())[:_MOST_REASONS]:
        names = join_words([line.name for line in lines], most=3)
        yield f"{word}: {names}: {lines[0].why}"


def _compare(summary: SearchSummary) -> Iterator[str]:
    """Yield how the best trial compares with the base and with the baselines."""
    best = summary.find_line(summary.best[0])
    assert best.score is not None
    base = None if summary.default is None else summary.find_line(summary.default)
    if base is None:
        yield "The base is no trial of this search: nothing tells what searching has gained."
    elif base is best:
        yield "The base itself is the best: no trial of the search beats it."
    elif base.score is None:
        yield f"The base ({base.name}) has no score to compare with."
    else:
        yield f"{best.name} is {_differ(best.score, base.score, summary)} the base ({base.name})."
    if summary.baselines:
        decimals = choose_decimals(summary.rope)
        told = ", ".join(
            f"{name} {format_metric(value, decimals=decimals)}"
            for name, value in summary.baselines.items()
        )
        name, value = _find_best_baseline(summary)
        yield (
            f"Baselines on the same rows: {told}; {best.name} is "
            f"{_differ(best.score, value, summary)} the best of them, {name}."
        )
    for name, why in summary.failed_baselines.items():
        yield f"The baseline {name} failed: {why}"


def _find_best_baseline(summary: SearchSummary) -> tuple[str, float]:
    sign = summary.metric.sign
    return max(summary.baselines.items(), key=lambda pair: sign * pair[1])


def _differ(one: float, other: float, summary: SearchSummary) -> str:
    """Say by how much a score is better than another."""
    gain, decimals = summary.metric.sign * (one - other), choose_decimals(summary.rope)
    if gain == 0:
        return "as good as"
    amount = format_difference(abs(gain), decimals=decimals)
    small = ", less than the ROPE," if abs(gain) < summary.rope else ""
    return f"{amount} {summary.metric.title} {'better' if gain > 0 else 'worse'}{small} than"
