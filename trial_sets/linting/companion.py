"""Hyperparameters that are to be searched together, or not with each other."""

from collections.abc import Iterator

from trial_sets.linting.remark import MOST_WORDS, Remark
from trial_sets.linting.role import (
    ARCHITECTURE,
    BATCH,
    DECAY,
    OPTIMIZER,
    RATE,
    WARMUP,
    LintedSearch,
    list_numbers,
    tell_role,
)
from trial_sets.strict_json import bare
from trial_sets.wording import join_words

HIGHEST_RATE = 5e-4  # of a transformer that begins without warm-up
_ADAPTIVE = ("adam", "adamw", "rmsprop")
_VARY_RATE = 'let the learning rate vary too, such as from 1e-5 to 1e-1 with "log": true'


def lint_companions(search: LintedSearch) -> Iterator[Remark]:
    """Yield what is searched without what it depends on."""
    if search.find(RATE) is None:
        yield from _lint_without_rate(search)
    yield from _lint_decay(search)
    yield from _lint_warmup(search)
    yield from _lint_optimizers(search)


def _lint_without_rate(search: LintedSearch) -> Iterator[Remark]:
    """Yield what moves the best learning rate, which stays where it is."""
    rate = search.find_fixed(RATE)
    held = "while the learning rate does not vary"
    held += f", at {rate:g}" if isinstance(rate, int | float) else ""
    if batch := search.find(BATCH):
        yield Remark(
            f"dimension {bare(batch[0])}",
            f"the batch size varies {held}: the best rate grows about as its root",
            _VARY_RATE,
        )
    shapes = [bare(n) for n in search.space.dimensions if tell_role(n) in ARCHITECTURE]
    if shapes:
        yield Remark(
            f"dimension{'s' * (len(shapes) > 1)} {join_words(shapes, most=MOST_WORDS)}",
            f"the architecture varies {held}, which decides more and suits one size alone",
            "search the learning rate first, or with it",
        )
    if warmup := search.find(WARMUP):
        yield Remark(
            f"dimension {bare(warmup[0])}",
            f"the warm-up varies {held}: a higher rate needs more of it",
            _VARY_RATE,
        )


def _lint_decay(search: LintedSearch) -> Iterator[Remark]:
    """Yield a weight decay that is scaled away by Adam."""
    decay, optimizer = search.find(DECAY), search.find(OPTIMIZER)
    if decay is None or "adam" not in search.list_words(OPTIMIZER):
        return
    said = decay[1].when.get(optimizer[0]) if optimizer is not None else None
    if said is not None and not any(str(word).casefold() == "adam" for word in said):
        return
    yield Remark(
        f"dimension {bare(decay[0])}",
        "with adam the decay is added to the gradient (L2) and then scaled as the gradient is, so "
        "that it hardly acts on weights with large gradients",
        "take adamw in place of adam, which shrinks the weights apart from the gradient",
    )


def _lint_warmup(search: LintedSearch) -> Iterator[Remark]:
    """Yield rates that a transformer cannot begin with."""
    if search.study.parameters or search.study.trainer != "patch_transformer":
        return
    rate = search.find(RATE)
    highest = list_numbers(rate[1])[-1] if rate else search.find_fixed(RATE)
    if search.find(WARMUP) is not None or search.find_fixed(WARMUP):
        return
    one_cycle = search.list_words("schedule") == ("onecycle",)  # brings a warm-up of its own
    if isinstance(highest, int | float) and highest > HIGHEST_RATE and not one_cycle:
        yield Remark(
            f"dimension {bare(rate[0])}" if rate else "space",
            f"a transformer is trained at rates of up to {highest:g} without a warm-up, and is "
            "unstable in its first steps",
            f"give warmup_fraction 0.05 to 0.1, or end the rates at {HIGHEST_RATE:g}",
        )


def _lint_optimizers(search: LintedSearch) -> Iterator[Remark]:
    """Yield one range of rates for optimizers whose good rates are decades apart."""
    optimizer, rate = search.find(OPTIMIZER), search.find(RATE)
    words = search.list_words(OPTIMIZER)
    adaptive = [word for word in _ADAPTIVE if word in words]
    if optimizer is None or rate is None or "sgd" not in words or not adaptive:
        return
    if optimizer[0] in rate[1].when:
        return
    yield Remark(
        f"dimensions {bare(optimizer[0])} and {bare(rate[0])}",
        f"{join_words(['sgd', *adaptive])} share one range of learning rates, and theirs lie "
        "decades apart: 0.01 to 0.1 for sgd, 1e-4 to 1e-3 for the others",
        "search each in a space of its own, with its own range",
    )
