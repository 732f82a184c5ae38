"""A round: what was seen, what it leads to, and the sets that are to run."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import count, islice

from analysis.findings.evidence import Evidence
from analysis.frames.frame import TrialFrame
from analysis.frames.scale import round_digits
from analysis.proposal.closing_sets import combine_winners, validate_best
from analysis.proposal.moves import DEFAULT_FACTOR, propose_moves
from analysis.proposal.reference_set import find_reference, give_what_it_has
from analysis.proposal.round_set import RoundSet, list_letters, make_sets, number_phases
from analysis.proposal.round_trial import RoundBase
from analysis.proposal.rules.move import Move
from analysis.proposal.signal import Signal, look_for_signal
from analysis.proposal.terms import find_terms
from trial_sets.configuration import OptionValue
from trial_sets.errors import InputError
from trial_sets.study import Study

N_SEEDS = 3  # new ones, of every trial
_LAST_SEED = 2**32 - 1
_ROPE_SHARE = 0.2  # of the spread between configurations, where nobody said what matters


@dataclass(frozen=True, slots=True, eq=False)
class RoundPlan:
    """What a round is to be.

    Attributes
    ----------
    reference
        A sentence on a baseline that beats every trial by more than its error; None without one.
    seeds
        That no fit had so far.
    rope
        In units of the metric.
    is_rope_said
        Whether somebody said it, or the metric is an AUC; otherwise it is a guess.
    """

    evidence: Evidence
    signal: Signal
    moves: tuple[Move, ...]
    reference: str | None
    base: RoundBase
    sets: tuple[RoundSet, ...]
    seeds: tuple[int, ...]
    rope: float
    is_rope_said: bool

    @property
    def n_trials(self) -> int:
        """How many run, the control among them."""
        return 1 + sum(len(one.trials) for one in self.sets)


def plan_round(
    evidence: Evidence,
    study: Study | None = None,
    *,
    fixed: Mapping[str, OptionValue | None] | None = None,
    factor: float = DEFAULT_FACTOR,
) -> RoundPlan:
    """Plan the next round of some trials.

    What a baseline has and the network lacks comes first; then a set a hyperparameter, what is
    most promising together, and the best again. Where all may be noise, the best again alone.

    Parameters
    ----------
    study
        That the trials are from, where they are our own.
    fixed
        Settings of these that no column of the frame holds.

    Raises
    ------
    InputError
        If no trial with hyperparameters finished, or there is but one configuration.
    """
    frame = evidence.frame
    if frame.configured.empty:
        raise InputError("no trial with hyperparameters finished, so that there is none to go from")
    signal = look_for_signal(evidence)
    moves = propose_moves(evidence, signal, factor=factor)
    base = RoundBase.of(evidence, find_terms(frame, study, fixed))
    if (fault := base.terms.find_fault(base.values)) is not None:
        raise InputError(f"the best of the trials, {base.name}, is no full configuration: {fault}")
    rope, is_said = choose_rope(evidence)
    reference = find_reference(base)
    first = give_what_it_has(base, "A") if reference else None
    sets = [first] if first else []
    middle = make_sets(base, moves, list_letters(len(sets)))
    closing = [combine_winners(base, middle, moves, rope), validate_best(base, N_SEEDS)]
    if not any((sets, middle, *closing)):
        raise InputError(
            f"{base.name} is the only configuration that finished, and there is nothing to hold it "
            "against: run others first, or search"
        )
    proposed = (*sets, *middle, *(one for one in closing if one is not None))
    return RoundPlan(
        evidence=evidence,
        signal=signal,
        moves=moves,
        reference=reference,
        base=base,
        sets=number_phases(proposed),
        seeds=choose_new_seeds(frame),
        rope=rope,
        is_rope_said=is_said,
    )


def choose_rope(evidence: Evidence) -> tuple[float, bool]:
    """Return which difference is practically nothing, and whether anybody said so.

    Where nobody did, it is a fifth of the standard deviation between configurations.
    """
    if evidence.rope is not None:
        return evidence.rope, True
    spread = float(evidence.merged["metric"].std())
    guess = round_digits(_ROPE_SHARE * spread, 1) if spread > 0 else 0.0
    return guess, False


def choose_new_seeds(frame: TrialFrame) -> tuple[int, ...]:
    """Return three seeds that no recorded fit had: the next ones, or the least."""
    used = {int(seed) for seed in frame.rows["seed"].dropna()}
    first = max(used, default=-1) + 1
    start = first if 0 <= first <= _LAST_SEED - N_SEEDS else 0
    return tuple(islice((seed for seed in count(start) if seed not in used), N_SEEDS))


def replace_claims(plan: RoundPlan, name: str, kept: int) -> RoundPlan:
    """Return the plan with another of a set's claims in the place of the first."""
    sets = tuple(
        replace(one, claims=one.claims[kept:]) if one.name == name else one for one in plan.sets
    )
    return replace(plan, sets=sets)
