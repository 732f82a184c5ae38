"""What a proposed round says of where it comes from, as its study keeps it."""

from collections.abc import Iterator, Sequence

from analysis.proposal.round_plan import RoundPlan
from analysis.proposal.round_set import COMBINED, CONTROL, VALIDATED, RoundSet
from analysis.proposal.rules.move import Move
from analysis.readers.sources import parse_source
from analysis.runs.run import Run
from trial_sets.opening import hash_file
from trial_sets.origins.origin import Origin, OriginChampion, OriginMove, OriginSource
from trial_sets.wording import tame_text

_LONGEST_LINE, _LONGEST_TEXT = 200, 2_000
_CLOSING = {COMBINED: "combine", VALIDATED: "validate"}
_LEAD = "lead"  # the rule of a set that tries a value which stands out, beside the base


def cite_run(run: Run, search: str | None = None) -> OriginSource:
    """Return a run, or a search in it, as a source.

    The run lies in a folder of its study's name, whatever else that may be a copy of.
    """
    return OriginSource(
        study=_shorten(run.info.study.name), run=_shorten(run.info.run), search=search
    )


def cite_file(text: str) -> OriginSource:
    """Return a file as a source: its name without the folder, what study of it, and its digest."""
    source = parse_source(text)
    inner = None if source.study is None else _shorten(source.study)
    return OriginSource(file=_shorten(source.path.name), study=inner, sha256=hash_file(source.path))


def describe_origin(plan: RoundPlan, sources: Sequence[OriginSource]) -> Origin:
    """Return what a round was made of: the champion that it departs from, and its moves."""
    evidence, base = plan.evidence, plan.base
    best = evidence.best_configuration
    fits = evidence.frame.finished
    own = fits[fits["configuration"] == best["configuration"]]
    return Origin(
        sources=tuple(sources),
        metric=_shorten(evidence.frame.metric),
        direction=evidence.frame.direction,
        trials=len(fits),
        champion=OriginChampion(
            name=_shorten(base.name),
            values={_shorten(n): v for n, v in base.terms.write(base.values).items()},
            score=float(own["metric"].mean()),
            fits=len(own),
            configurations=evidence.n_configurations,
            control=CONTROL,
        ),
        moves=(*(_describe_move(plan, move) for move in plan.moves), *_describe_closing(plan)),
    )


def _describe_move(plan: RoundPlan, move: Move) -> OriginMove:
    """Return a move with the set that tests it, which has its evidence among its own.

    What is left alone may have one too: for a value that leads, where the base has another.
    """
    tested = next((one for one in plan.sets if move.evidence in one.evidence), None)
    restore, names = plan.base.terms.restore, plan.base.terms.names
    values = move.values
    if tested is not None and not values:
        values = tuple(dict.fromkeys(one.values[move.param] for one in tested.trials.values()))
    return OriginMove(
        rule=_LEAD if tested is not None and not move.values else move.action,
        hyperparameter=_shorten(names[move.param]),
        values=tuple(restore(move.param, value) for value in values),
        is_established=move.is_established,
        evidence=_cut(move.evidence, _LONGEST_TEXT),
        set=None if tested is None else tested.name,
    )


def _describe_closing(plan: RoundPlan) -> Iterator[OriginMove]:
    """Yield the sets that are about no single hyperparameter, as moves of their own."""
    said = {move.evidence for move in plan.moves}
    for one in plan.sets:
        if said.isdisjoint(one.evidence):
            yield OriginMove(
                rule=_CLOSING.get(one.name, "give"),
                hyperparameter=None,
                is_established=False,
                evidence=_cut(_explain(one), _LONGEST_TEXT),
                set=one.name,
            )


def _explain(one: RoundSet) -> str:
    return " ".join(one.evidence) or one.title


def _shorten(text: str) -> str:
    return _cut(" ".join(tame_text(text).split()), _LONGEST_LINE) or "-"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
