"""Importances and interactions as Markdown, of searches and of other tools' trials."""

from analysis.numbers import count_noun, format_p, format_share
from analysis.report.formats.markdown import bold, escape_text, join_blocks, pipe_table
from analysis.searches.importance import SMALLEST_SEARCH, SearchImportances
from analysis.searches.interactions import KnownPair
from analysis.searches.search_frame import N_PARAMETERS
from trial_sets.wording import join_words

_FEWEST_BEST = 5


def render_importance(found: SearchImportances | None, images: str = "") -> str:
    """Return the table of importances, and which of them are more than chance."""
    if found is None:
        return (
            f"Importances need {SMALLEST_SEARCH} complete trials with one seed and a "
            "hyperparameter that varies."
        )
    return join_blocks(_introduce(found), _tabulate(found), _conclude(found), images)


def render_interactions(pairs: tuple[KnownPair, ...]) -> str:
    """Return the tests of the interactions that are known from other searches."""
    if not pairs:
        return (
            "Of the interactions that are known, learning rate by batch size or warm-up and "
            "capacity by regularisation, none has both sides here with enough trials to test it."
        )
    head = ["Interaction", "Hyperparameters", "Trials", "Share of variance", "Sign", "p", "p, Holm"]
    rows = [
        [
            pair.kind,
            f"{_name(pair.first)} by {_name(pair.second)}",
            str(pair.found.n),
            format_share(pair.found.share),
            "+" if pair.found.slope > 0 else "-",
            _write_p(pair.found.p_value),
            _write_p(pair.adjusted),
        ]
        for pair in pairs
    ]
    return join_blocks(
        "Known interactions, by the F test of the product beside both hyperparameters, their "
        "squares and the levels of all others; of results and of their ranks the larger p. A plus: "
        "the more of one, the better more of the other.",
        pipe_table(head, rows, n_left=2),
        _conclude_pairs(pairs),
    )


def _introduce(found: SearchImportances) -> str:
    few = (
        f" With {count_noun(found.n_top, 'trial')} at the top it rests on few."
        if found.n_top < _FEWEST_BEST
        else ""
    )
    return (
        f"PED-ANOVA: how far the best {found.n_top} of {count_noun(found.n, 'complete trial')} lie "
        "elsewhere in a hyperparameter than all of them do, as a share of the sum (what Optuna "
        "prints) and as it is, beside what dealing the results out anew reaches in one of "
        f"twenty.{few}"
    )


def _tabulate(found: SearchImportances) -> str:
    rows = [
        [
            bold(escape_text(row.param)) if row.is_told else escape_text(row.param),
            format_share(row.share),
            f"{row.divergence:.2g}",
            f"{row.chance:.2g}",
            _write_p(row.p_value),
            _write_p(row.adjusted),
        ]
        for row in found.rows
    ]
    head = ["Hyperparameter", "Importance", "Divergence", "By chance", "p", "p, Holm"]
    return pipe_table(head, rows)


def _conclude(found: SearchImportances) -> str:
    told = [escape_text(row.param) for row in found.rows if row.is_told]
    rest = [escape_text(row.param) for row in found.rows if not row.is_told]
    if not told:
        return "No importance is more than chance, whatever its share: none is to be read."
    said = f"More than chance: {join_words(told)}."
    return f"{said} Within chance, and so none: {join_words(rest)}." if rest else said


def _conclude_pairs(pairs: tuple[KnownPair, ...]) -> str:
    told = [f"{_name(p.first)} by {_name(p.second)}" for p in pairs if p.is_told]
    if not told:
        return (
            "None is more than chance, which is not to say that there is none: so many trials show "
            "strong ones alone."
        )
    return f"More than chance: {join_words(told)}. Search them together."


def _name(param: str) -> str:
    return "parameters of the model" if param == N_PARAMETERS else escape_text(param)


def _write_p(p_value: float) -> str:
    return format_p(p_value).removeprefix("p = ").removeprefix("p ")
