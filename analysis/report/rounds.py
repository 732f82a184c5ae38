"""The page on several rounds: what was predicted, what came, and the champion's history."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.figures.champions import ChampionPoint, plot_champions
from analysis.figures.saving import name_file, save_figure
from analysis.numbers import count_noun
from analysis.report.document import Illustration
from analysis.report.formats.json_values import to_values
from analysis.report.formats.markdown import (
    bold,
    code_span,
    escape_text,
    join_blocks,
    list_items,
)
from analysis.report.reading import list_checklist
from analysis.report.sections.rounds.champions import describe_history, render_champions
from analysis.report.sections.rounds.measure import measure_round
from analysis.report.sections.rounds.overview import render_rounds
from analysis.report.sections.rounds.predictions import render_predictions, render_survivors
from analysis.report.sections.rounds.sources import render_sources
from analysis.rounds.champion import Champion
from analysis.rounds.prediction import Prediction
from analysis.rounds.review import RoundsReview
from analysis.rounds.round import Round
from analysis.rounds.tally import count_outcomes, tally_rules, tally_standings
from trial_sets.records.layout import FIGURES
from trial_sets.wording import join_words

_FIGURE = "champions"
_MOST_NAMED = 5
_CAPTION = "The best of each round, first and run again, with 95 % intervals by seeds"


@dataclass(frozen=True, slots=True)
class RoundsPage:
    """The page as Markdown, and the same content as JSON values."""

    title: str
    text: str
    headline: tuple[str, ...]
    data: dict[str, Any]


def report_rounds(
    review: RoundsReview,
    commands: Sequence[tuple[str, str]],
    folder: Path | None = None,
    advance: Callable[[], None] = lambda: None,
) -> RoundsPage:
    """Write the page on several rounds.

    Parameters
    ----------
    commands
        What to do next, in words, and its command.
    folder
        Where the page will lie, for its figure; None for none.
    advance
        Called after the figure.
    """
    names = [one.title if one.study is None else one.study.name for one in review.rounds]
    title = f"{count_noun(len(names), 'round')} side by side: {_join_names(names)}"
    headline = (*_count_survivors(review), *describe_history(review))
    steps = [f"{n}. {what}: {code_span(one)}" for n, (what, one) in enumerate(commands, 1)]
    sections = {
        "The rounds": render_rounds(review),
        "What was predicted, and what came": render_predictions(review),
        "Which predictions survived": render_survivors(review),
        "The champion's history": render_champions(review, _illustrate(review, folder, advance)),
        "What is next": "\n".join(steps),
        "Provenance": render_sources(review),
    }
    blocks = (f"## {name}\n\n{text}" for name, text in sections.items() if text)
    text = join_blocks(f"# {escape_text(title, longest=200)}", list_items(headline), *blocks) + "\n"
    return RoundsPage(title, text, headline, _list_values(review))


def _count_survivors(review: RoundsReview) -> list[str]:
    """Say of each round how many of its predictions survived."""
    said = []
    for number in review.checklists:
        found = count_outcomes("", [p for p in review.predictions if p.round_number == number])
        if found.n:
            counts = f"{found.n_survived} survived, {found.n_refuted} refuted, {found.n_open} open"
            counts += f", {found.n_missing} not run" if found.n_missing else ""
            said.append(bold(f"Round {number}, of {count_noun(found.n, 'prediction')}: {counts}."))
    return said


def _illustrate(review: RoundsReview, folder: Path | None, advance: Callable[[], None]) -> str:
    """Draw the history, where all rounds are about one metric, and return the image."""
    metrics = {(measure_round(one).title, one.frame.direction) for one in review.rounds}
    if folder is None or len(review.champions) < 2 or len(metrics) > 1:
        return ""
    yardstick = measure_round(review.last)
    figure = plot_champions(
        _list_points(review),
        metric_label=yardstick.metric.title,
        is_less_better=yardstick.metric.sign < 0,
    )
    png, _ = save_figure(figure, folder / FIGURES, name_file(_FIGURE))
    advance()
    return Illustration("", f"{FIGURES}/{png.name}", _CAPTION).render()


def _list_points(review: RoundsReview) -> list[ChampionPoint]:
    firsts = [
        ChampionPoint(c.round_number, c.round_number, c.entrant.mean, c.reach, c.adjusted)
        for c in review.champions
    ]
    later = [
        ChampionPoint(one.first_round, one.second_round, one.second, one.reach)
        for one in review.reruns
        if one.second is not None
    ]
    return [*firsts, *later]


def _list_values(review: RoundsReview) -> dict[str, Any]:
    """Return what the page holds as JSON values."""
    predictions = review.predictions
    return {
        "kind": "rounds",
        "rounds": [_describe_round(one) for one in review.rounds],
        "notes": list(review.notes),
        "grounds": to_values(review.grounds),
        "checklists": {str(n): list_checklist(c) for n, c in review.checklists.items()},
        "predictions": [_describe_prediction(one) for one in predictions],
        "survivors": {
            "by_standing": to_values(tally_standings(predictions)),
            "by_rule": to_values(tally_rules(predictions)),
        },
        "champions": [_describe_champion(one) for one in review.champions],
        "reruns": to_values(review.reruns),
        "gains": to_values(review.gains),
    }


def _describe_round(one: Round) -> dict[str, Any]:
    return {
        "round": one.number,
        "title": one.title,
        "sources": to_values(one.sources),
        "origin": to_values(one.origin),
        "metric": one.frame.metric,
        "direction": one.frame.direction,
        "n_configurations": len(one.entrants),
        "n_fits": int((one.frame.rows["role"] != "baseline").sum()),
        "began": one.began,
        "ended": one.ended,
    }


def _describe_prediction(one: Prediction) -> dict[str, Any]:
    case, judgement = one.row.case, one.row.judgement
    return {
        "round": one.round_number,
        "set": case.set_name,
        "sentence": case.sentence,
        "standing": one.standing,
        "rules": one.rules,
        "moves": to_values(one.moves),
        "verdict": judgement.verdict.value,
        "otherwise": judgement.otherwise.value,
        "outcome": one.outcome,
        "look": to_values(one.row.look),
    }


def _describe_champion(one: Champion) -> dict[str, Any]:
    entrant = one.entrant
    return {
        **{
            name: to_values(getattr(one, name))
            for name in type(one).__dataclass_fields__
            if name != "entrant"
        },
        "name": entrant.name,
        "key": entrant.key,
        "values": to_values(dict(entrant.values)),
        "mean": to_values(entrant.mean),
        "scores": {str(seed): to_values(score) for seed, score in entrant.scores.items()},
    }


def _join_names(names: Sequence[str]) -> str:
    """Join the names of rounds; semicolons part those that are lists of files themselves."""
    is_list = any(" and " in name for name in names)
    return "; ".join(names) if is_list else join_words(names, most=_MOST_NAMED)
