"""Which results each claim was judged on."""

from analysis.report.formats.markdown import escape_text, join_blocks, pipe_table
from analysis.rounds.ordering import name_source
from analysis.rounds.review import RoundsReview
from analysis.rounds.round import Round
from trial_sets.redaction import hide_home
from trial_sets.wording import join_words

_DIGITS = 16  # of a digest


def render_sources(review: RoundsReview) -> str:
    """Return a row a round and a row a claim: the run, the seeds, and the digest of its results."""
    rounds = pipe_table(
        ["Round", "Results lie in", "Records"],
        [
            [
                str(one.number),
                escape_text(_locate(one), longest=300),
                "-" if one.run is None else f"{len(one.run.records):,}",
            ]
            for one in review.rounds
        ],
        n_left=2,
    )
    rows: list[list[str]] = []
    for one in review.predictions:
        look = one.row.look
        place = [str(one.round_number), escape_text(one.row.case.set_name)]
        if look is None:
            rows.append([*place, "nothing yet", "-", "-"])
            continue
        study = review.rounds[one.round_number - 1].study
        name = look.run if study is None else f"{study.name}/{look.run}"
        seeds = join_words(list(map(str, look.seeds)))
        rows.append([*place, escape_text(name), seeds, f"{look.evidence[:_DIGITS]}…"])
    head = ["Round", "Set", "Judged on the fits of", "Seeds", "SHA-256 of their results"]
    return join_blocks(rounds, pipe_table(head, rows, n_left=5) if rows else "")


def _locate(one: Round) -> str:
    """Return where a run lies, or which files these are."""
    if one.run is not None and one.search is None:
        return hide_home(str(one.run.folder))
    return join_words([name_source(source) for source in one.sources])
