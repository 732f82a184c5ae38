"""What the command prints of a search: the best trials, how many ended how, what to do next."""

from collections.abc import Iterable, Iterator, Sequence

from rich.console import Console

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

ORDER: tuple[LineState, ...] = (
    "complete",
    "pruned",
    "failed",
    "repeated",
    "infeasible",
    "foreign",
    "running",
)
_MOST_REASONS = 5


def print_search(summary: SearchSummary, console: Console) -> None:
    """Print how a search stands: its best trials, then what is to be said of all."""
    if summary.best:
        _print_best(summary, console)
    for sentence in describe_search(summary):
        console.print(mark(sentence), soft_wrap=True)
    console.print(f"Records: {mark(summary.folder)}", soft_wrap=True)


def _print_best(summary: SearchSummary, console: Console) -> None:
    lines = [summary.find_line(number) for number in summary.best]
    names = list_varied(lines)
    title = mark(summary.metric.title)
    table = new_table(f"The best of {count_noun(summary.ended, 'trial')}")
    for column in ("trial", *map(mark, names), f"val {title}", "epochs", "time"):
        is_whole = column == "trial" or column.startswith("val ")
        table.add_column(column, justify="left" if column == "trial" else "right", no_wrap=is_whole)
    decimals = choose_decimals(summary.rope, [one.score for one in lines if one.score is not None])
    for line in lines:
        table.add_row(
            mark(f"{line.name}{' (base)' if line.is_default else ''}"),
            *(mark(_shorten(line.values.get(name))) for name in names),
            score(line.score, decimals),
            str(line.epochs or ""),
            format_duration(line.seconds),
        )
    console.print(table)


def _shorten(value: OptionValue | None) -> str:
    """Return a value for a cell, a number with four digits: the record has the others."""
    return show_value(float(f"{value:.4g}") if isinstance(value, float) else value)


def list_varied(lines: Iterable[SearchLine]) -> list[str]:
    """Return the dimensions that are active in any of some trials, in order."""
    return list(dict.fromkeys(name for line in lines for name in line.values))


def describe_search(summary: SearchSummary) -> Iterator[str]:
    """Yield what is to be said of a search beside its table, as sentences."""
    counts = [f"{n:,} {state}" for state in ORDER if (n := summary.counts.get(state))]
    is_beyond = summary.asked is None or summary.ended > summary.asked
    asked = "" if is_beyond else f" of {summary.asked:,}"
    yield (
        f"{summary.ended:,}{asked} {'trial' if summary.ended == 1 else 'trials'} ended: "
        f"{join_words(counts) or 'none'}."
    )
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


def print_next(commands: Sequence[tuple[str, str]], console: Console) -> None:
    """Print what to do next: what for, and the command."""
    if commands:
        console.print("Next:")
    for purpose, command in commands:
        console.print(f"  {mark(purpose)}: {mark(command)}", soft_wrap=True)
