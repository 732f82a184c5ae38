"""The order of a search's results as Markdown, and its stops beside what chance would do."""

import numpy as np

from analysis.numbers import count_noun, count_up, format_p, format_share
from analysis.report.formats.markdown import escape_text, join_blocks, list_items, pipe_table
from analysis.report.yardstick import Yardstick
from analysis.searches.order import SearchOrder
from analysis.searches.stops import StopBesideChance
from analysis.statistics.comparisons.multiplicity import ALPHA

_MOST_ROWS = 8
_ONE_SIDED = ALPHA / 2


def render_regret(order: SearchOrder | None, yardstick: Yardstick, images: str = "") -> str:
    """Return the best so far beside its law in a random order, and what that can say."""
    if order is None:
        return "Fewer than five trials of the sampler's own choice are complete: no order to tell."
    return join_blocks(
        _introduce(order),
        _tabulate(order, yardstick),
        list_items([_describe_band(order), _describe_trend(order)]),
        images,
    )


def render_stops(stops: tuple[StopBesideChance, ...], yardstick: Yardstick) -> str:
    """Return why the search ended, and how often chance alone would have ended it so."""
    return list_items(_describe_stop(stop, yardstick) for stop in stops)


def _introduce(order: SearchOrder) -> str:
    n = count_noun(order.curve.n, "complete trial" if not order.n_pruned else "trial")
    pruned = f"; {order.n_pruned} pruned, counted as the worst" if order.n_pruned else ""
    return (
        f"The best so far over the {n} that the sampler chose (no default, no copies{pruned}), and "
        "its regret: the search's own best less the best so far, since what would be best in the "
        "whole space nobody knows. Beside it the best so far of the same values in a random order: "
        "the median, and a band that holds 95 % of the orders at each place by itself."
    )


def _tabulate(order: SearchOrder, yardstick: Yardstick) -> str:
    """Return the curve at places that double, and where a better one came last."""
    curve, n = order.curve, order.curve.n
    places = {1, curve.place, n, *(2**k for k in range(1, n.bit_length()) if 2**k <= n)}
    rows = []
    for place in sorted(places)[-_MOST_ROWS:]:
        i = place - 1
        low, high = curve.low[i], curve.high[i]
        ends = (low, high) if order.sign > 0 else (high, low)
        rows.append(
            [
                str(place),
                str(order.numbers[i]),
                yardstick.write_oriented(curve.best[i]),
                yardstick.write_gain(float(curve.regret[i]), is_signed=False),
                yardstick.write_oriented(curve.median[i]),
                " to ".join(yardstick.write_oriented(end) for end in ends),
            ]
        )
    head = [
        "Trials" if order.n_pruned else "Complete trials",
        "Number",
        "Best so far",
        "Regret",
        "Median by chance",
    ]
    return pipe_table([*head, "95 % by chance"], rows)


def _describe_band(order: SearchOrder) -> str:
    """Say on which side of the band the curve lies; never that a sampler is good."""
    curve = order.curve
    said = []
    if curve.p_below < _ONE_SIDED:
        said.append(
            f"{_count_outside(curve.below, curve.n, 'below', curve.p_below)}: good trials came "
            "later than chance would have them, as where a sampler learns."
        )
    if curve.p_above < _ONE_SIDED:
        said.append(
            f"{_count_outside(curve.above, curve.n, 'above', curve.p_above)}: good trials came "
            "early, and those after them were no better, as after luck or a good start."
        )
    return " ".join(said) or ("The curve is one that a random order gives, too.")


def _count_outside(places: int, n: int, side: str, p_value: float) -> str:
    return (
        f"The curve lies {side} the band at {places} of {n} places (of random orders "
        f"{format_share(p_value)} do so at as many)"
    )


def _describe_trend(order: SearchOrder) -> str:
    trend = order.trend
    if order.n_pruned:
        return (
            "No trend over the trials is tested: a pruner ends what lags behind earlier trials, so "
            "that later ones that complete are better under any sampler."
        )
    if not np.isfinite(trend.p_value):
        return "All values are equal, or too few: no trend over the trials."
    shown = f"rank correlation of result and order {trend.rho:+.2f}, {format_p(trend.p_value)}"
    if trend.p_value >= ALPHA:
        return f"Nothing shows that later trials are better or worse than earlier ones ({shown})."
    side = "better" if trend.rho > 0 else "worse"
    because = (
        "the sampler has moved to where results are better; a random one cannot, so that this is "
        "what learning shows in"
        if trend.rho > 0
        else "the sampler explores, or began where it was good"
    )
    return f"Later trials are {side} than earlier ones ({shown}): {because}."


def _describe_stop(found: StopBesideChance, yardstick: Yardstick) -> str:
    stop = found.stop
    said = (
        f"{escape_text(stop.rule)} after {count_noun(stop.n_ended, 'ended trial')}: "
        f"{escape_text(stop.sentence, longest=300).removesuffix('.')}."
    )
    if found.chance is not None and found.place is not None:
        early = found.place / found.n
        told = "which chance hardly does" if early < ALPHA else "which chance does too"
        return (
            f"{said} In a random order of the same results the rule is met by then in "
            f"{format_share(found.chance)} of searches, and the best comes by the "
            f"{count_up(found.place)} of {found.n} in {format_share(early)}, {told}."
        )
    if found.expected_gain is not None:
        gain = yardstick.write_gain(found.expected_gain, is_signed=False)
        return f"{said} The same results in a random order gain {gain} a trial there, on average."
    return said
