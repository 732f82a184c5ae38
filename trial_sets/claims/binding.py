"""A claim bound to the configurations that its names stand for."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from trial_sets.claim import Claim, ClaimForm
from trial_sets.claims.sentence import write_sentence
from trial_sets.claims.words import contradicts
from trial_sets.configuration import AnyConfiguration
from trial_sets.errors import InputError, suggest
from trial_sets.line import Line
from trial_sets.study import Study, Trial, TrialSet
from trial_sets.task import Metric
from trial_sets.wording import join_words

FEWEST_VALUES = 3  # of a hyperparameter that a trend is claimed for
_OF_A_RUN = ("epochs", "context")  # what a run may say in place of every trial


@dataclass(frozen=True, slots=True)
class BoundClaim:
    """A claim, and the trials that it speaks of.

    Attributes
    ----------
    claim : Claim
    set_name : str
        Of the set that declares it.
    claiming : tuple of Trial
        On its claiming side: what is to win, to be equal, or to rise, the latter in the order of
        the hyperparameter.
    references : tuple of Trial
        What is to be beaten; empty for claims of equality and of trends.
    study_metric : Metric
        What the study is about.
    """

    claim: Claim
    set_name: str
    claiming: tuple[Trial, ...]
    references: tuple[Trial, ...]
    study_metric: Metric

    @property
    def sentence(self) -> str:
        """What is claimed."""
        return write_sentence(self.claim, self.study_metric)

    @property
    def is_less_better(self) -> bool:
        """Whether less of what it is about is better."""
        if self.claim.is_of_study_metric:
            return self.study_metric.sign < 0
        return self.claim.is_less_better

    @property
    def trials(self) -> tuple[Trial, ...]:
        """Every trial that the claim needs."""
        return self.claiming + self.references

    @property
    def own_trials(self) -> tuple[Trial, ...]:
        """The trials whose seeds are the claim's: all but controls, unless it has nothing else."""
        return tuple(trial for trial in self.trials if not trial.is_control) or self.trials

    def digest(self, rope: float) -> str:
        """Return the SHA-256 of what is claimed: of configurations and margins, not of words.

        Parameters
        ----------
        rope
            Of the study; a claim about another metric does not depend on it.
        """
        claim = self.claim
        margin = max(claim.by or 0.0, rope) if claim.is_of_study_metric else claim.by
        said = {
            "form": claim.form,
            "sides": claim.sides if len(self.trials) > 2 else None,
            "claiming": self._list_keys(self.claiming),
            "references": self._list_keys(self.references),
            "margin": claim.within if claim.form is ClaimForm.EQUAL else margin,
            "rope": rope if claim.is_of_study_metric else None,
            "metric": claim.metric or self.study_metric.name,
            "less_is_better": self.is_less_better,
            "ratio": claim.ratio,
        }
        if claim.by and claim.is_of_study_metric:  # p is for it, even where it is below the ROPE
            said["by"] = claim.by
        return _digest(said)

    def question(self) -> str:
        """Return the SHA-256 of what the claim asks, whatever its margins and the run's length.

        Looks at claims that ask the same are looks at one claim.
        """
        sides = (self.claiming, self.references)
        metric = self.claim.metric or self.study_metric.name
        return _digest([metric, *(sorted(kin_of(t.configuration) for t in side) for side in sides)])

    def _list_keys(self, trials: Sequence[Trial]) -> list[str]:
        keys = [trial.configuration.key for trial in trials]
        return keys if self.claim.form in {ClaimForm.RISES, ClaimForm.FALLS} else sorted(keys)


def kin_of(configuration: AnyConfiguration) -> str:
    """Return twelve hex digits that configurations share which differ in a run's length alone."""
    said = {name: v for name, v in configuration.identity.items() if name not in _OF_A_RUN}
    return _digest(said)[:12]


def bind_claims(study: Study) -> tuple[BoundClaim, ...]:
    """Bind every claim of a study, in its order.

    Raises
    ------
    InputError
        If one is broken; see `bind_claim`.
    """
    return tuple(bind_claim(study, part, claim) for part, claim in study.expectations())


def bind_each(study: Study) -> Iterator[tuple[TrialSet, Claim, BoundClaim | InputError]]:
    """Yield every claim of a study with its set, bound, or with why it is broken.

    A claim may be broken in a run alone, whose overrides have made one of trials that differed.
    """
    for part, claim in study.expectations():
        try:
            yield part, claim, bind_claim(study, part, claim)
        except InputError as error:
            yield part, claim, error


def bind_claim(study: Study, trial_set: TrialSet, claim: Claim) -> BoundClaim:
    """Find the trials that a claim speaks of.

    Raises
    ------
    InputError
        If a name is no trial's, a configuration stands there twice, the trials of a trend are not
        on one line, or the words beside the claim say its opposite.
    """
    if contradicts(claim):
        raise InputError(
            f'if="{claim.words}" says the opposite of the other keys; turn one of them round'
        )
    if claim.hyperparameter is not None:
        trials = _find_line(study, trial_set, claim)
        return BoundClaim(claim, trial_set.name, trials, (), study.metric)
    claiming = _find(study, claim.better or claim.any_of or claim.equal or ())
    references = _find(study, claim.than or ())
    _refuse_repeated(study, claiming, references)
    return BoundClaim(claim, trial_set.name, claiming, references, study.metric)


def _find(study: Study, names: Sequence[str]) -> tuple[Trial, ...]:
    """Find trials by name; the error leaves it to others to say which study it is about."""
    try:
        return tuple(study.find_trial(name) for name in names)
    except InputError as error:
        raise InputError(str(error).removeprefix(f"study {study.name}: ")) from None


def _refuse_repeated(study: Study, claiming: Sequence[Trial], references: Sequence[Trial]) -> None:
    seen: dict[AnyConfiguration, str] = {}
    for side, trials in (("claiming", claiming), ("reference", references)):
        for trial in trials:
            earlier = seen.setdefault(trial.configuration, side)
            if (
                earlier is not side
                or [t.configuration for t in trials].count(trial.configuration) > 1
            ):
                name = " = ".join(study.names_of(trial.configuration))
                where = "on both sides" if earlier is not side else "twice on one side"
                raise InputError(f"{name} stands {where}; name every configuration once")


def _find_line(study: Study, trial_set: TrialSet, claim: Claim) -> tuple[Trial, ...]:
    """Return the trials of a trend, each configuration once, in the hyperparameter's order."""
    field = claim.hyperparameter or ""
    candidates = list(_list_candidates(study, trial_set, claim))
    known = {name for trial in candidates for name in trial.configuration.settings}
    if field not in known:
        raise InputError(f"there is no hyperparameter {field!r}{suggest(field, sorted(known))}")
    lines: dict[Line, dict[float, Trial]] = {}
    for trial in candidates:
        line = Line.at(trial.configuration, field)
        place = line.place(trial.configuration)
        if place is None:
            raise InputError(f"{field} of {trial.name} is no number, so nothing rises with it")
        if claim.up_to is None or place <= claim.up_to:
            lines.setdefault(line, {}).setdefault(place, trial)
    long = [places for places in lines.values() if len(places) >= FEWEST_VALUES]
    if claim.among is not None and len(lines) > 1:
        raise InputError(
            f"the trials {join_words(claim.among)} differ in more than {field}; name those that "
            "differ in nothing else"
        )
    if not long:
        most = max((len(places) for places in lines.values()), default=0)
        raise InputError(
            f"{field} has {most} {'value' if most == 1 else 'values'} where all else is equal, "
            f"and a trend needs {FEWEST_VALUES}; of two say better and than"
        )
    if len(long) > 1:
        shown = "; ".join(join_words([t.name for t in places.values()]) for places in long)
        raise InputError(
            f"{field} varies on several lines ({shown}); name the trials of one in `among`"
        )
    return tuple(trial for _, trial in sorted(long[0].items()))


def _list_candidates(study: Study, trial_set: TrialSet, claim: Claim) -> Iterator[Trial]:
    if claim.among is not None:
        yield from _find(study, claim.among)
        return
    yield from trial_set.trials
    if trial_set.control is not None:
        yield from _find(study, [trial_set.control])


def _digest(said: Any) -> str:  # noqa: ANN401 - JSON
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
