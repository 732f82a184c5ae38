"""One optimizer update for a whole stack, each replica with its own optimizer and settings.

Axes: `K` replicas, `k` those of them with one optimizer, `P` parameters. Rates, decays, momenta and
limits are columns (k, 1), so that a step is as many operations for 64 replicas as for one, and none
of them waits for the device.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

from models.settings import Optimizer, ReplicaSettings

BETA_1, BETA_2, ALPHA, EPSILON = 0.9, 0.999, 0.99, 1e-8  # PyTorch's defaults
_CLIP_EPSILON = 1e-6  # of `clip_grad_norm_`


class StackedOptimizer:
    """The formulas of `torch.optim` over parameters (K, P), with its defaults.

    Adam (Kingma and Ba 2015), AdamW (Loshchilov and Hutter 2019), gradient descent with momentum
    (Sutskever et al. 2013, without Nesterov's form or dampening), and RMSprop (Hinton 2012, with
    alpha 0.99 and the mean not taken off).

    Replicas of one optimizer are updated where they lie; where optimizers are mixed, each takes its
    rows out and puts them back.
    """

    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        self._parameters, self._replicas = parameters.detach(), list(replicas)
        kinds = list(dict.fromkeys(replica.optimizer for replica in replicas))
        self._places = {kind: _find_places(replicas, kind) for kind in kinds}
        self._rules = {
            kind: _RULES[kind](parameters[places], [replicas[i] for i in places])
            for kind, places in self._places.items()
        }
        self._lay_out()

    def step(self, gradient: Tensor, rate_factor: float) -> None:
        """Update every replica in place.

        Parameters
        ----------
        gradient : Tensor, shape (K, P)
            Used up.
        rate_factor : float
            Factor on every learning rate.
        """
        if self._limits is not None:
            _clip(gradient, self._limits)
        if len(self._rules) == 1:
            (rule,) = self._rules.values()
            rule.update(self._parameters, gradient, rate_factor)
            return
        for kind, rule in self._rules.items():
            rows = self._rows[kind]
            moved = self._parameters.index_select(0, rows)
            rule.update(moved, gradient.index_select(0, rows), rate_factor)
            self._parameters.index_copy_(0, rows, moved)

    def keep(self, replicas: Sequence[int], parameters: Tensor) -> None:
        """Go on with these replicas alone, whose rows now lie in `parameters`."""
        self._parameters = parameters.detach()
        self._replicas = [self._replicas[i] for i in replicas]
        for kind, before in list(self._places.items()):
            kept = [before.index(i) for i in replicas if i in before]
            if kept:
                self._rules[kind].keep(kept)
            else:
                del self._rules[kind]
        self._places = {kind: _find_places(self._replicas, kind) for kind in self._rules}
        self._lay_out()

    def _lay_out(self) -> None:
        """Put on the device what depends on which replica lies where."""
        device = self._parameters.device
        self._rows = {kind: torch.tensor(rows).to(device) for kind, rows in self._places.items()}
        limits = [replica.gradient_clip for replica in self._replicas]
        is_limited = any(limit is not None for limit in limits)
        unlimited = [torch.inf if limit is None else limit for limit in limits]
        self._limits = _column(unlimited, self._parameters) if is_limited else None


class _Rule(ABC):
    """How one optimizer moves its replicas' parameters (k, P), and what it remembers."""

    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        self._n_steps = 0
        self._rates = _column([replica.learning_rate for replica in replicas], parameters)
        self._decays = _column_or_none([replica.weight_decay for replica in replicas], parameters)
        self._momenta = _column_or_none([replica.momentum for replica in replicas], parameters)

    def update(self, parameters: Tensor, gradient: Tensor, rate_factor: float) -> None:
        """Take one step; the gradient (k, P) is used up."""
        self._n_steps += 1
        self._move(parameters, gradient, self._rates * rate_factor)

    @abstractmethod
    def _move(self, parameters: Tensor, gradient: Tensor, rates: Tensor) -> None:
        """Move the parameters, given rates (k, 1)."""

    def keep(self, replicas: Sequence[int]) -> None:
        """Go on with these replicas alone."""
        for name, value in vars(self).items():
            if isinstance(value, Tensor):
                setattr(self, name, value[list(replicas)])

    def _decay_by_gradient(self, parameters: Tensor, gradient: Tensor) -> None:
        if self._decays is not None:
            gradient.addcmul_(parameters, self._decays)


class _Adam(_Rule):
    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        super().__init__(parameters, replicas)
        self._mean, self._square = torch.zeros_like(parameters), torch.zeros_like(parameters)

    def _move(self, parameters: Tensor, gradient: Tensor, rates: Tensor) -> None:
        """Move by r (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + e).

        Both sides of the fraction are multiplied by sqrt(1 - b2^t), which saves a pass over memory.
        """
        self._decay(parameters, gradient, rates)
        self._mean.lerp_(gradient, 1 - BETA_1)
        self._square.mul_(BETA_2).addcmul_(gradient, gradient, value=1 - BETA_2)
        height = (1 - BETA_2**self._n_steps) ** 0.5
        root = torch.sqrt(self._square, out=gradient).add_(EPSILON * height)
        ways = torch.div(self._mean, root, out=root)
        parameters.addcmul_(ways, rates, value=-height / (1 - BETA_1**self._n_steps))

    def _decay(self, parameters: Tensor, gradient: Tensor, rates: Tensor) -> None:
        self._decay_by_gradient(parameters, gradient)


class _AdamW(_Adam):
    def _decay(self, parameters: Tensor, gradient: Tensor, rates: Tensor) -> None:
        """Shrink the parameters apart from the gradient."""
        if self._decays is not None:
            parameters.mul_(1 - rates * self._decays)


class _Descent(_Rule):
    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        super().__init__(parameters, replicas)
        self._heap = None if self._momenta is None else torch.zeros_like(parameters)

    def _move(self, parameters: Tensor, gradient: Tensor, rates: Tensor) -> None:
        """Move by r b, where b = u b + g."""
        self._decay_by_gradient(parameters, gradient)
        parameters.addcmul_(self._gather(gradient), rates, value=-1)

    def _gather(self, ways: Tensor) -> Tensor:
        """Return these ways with those of earlier steps, as far as there is momentum."""
        if self._heap is None or self._momenta is None:
            return ways
        return self._heap.mul_(self._momenta).add_(ways)


class _RmsProp(_Descent):
    def __init__(self, parameters: Tensor, replicas: Sequence[ReplicaSettings]) -> None:
        super().__init__(parameters, replicas)
        self._square = torch.zeros_like(parameters)

    def _move(self, parameters: Tensor, gradient: Tensor, rates: Tensor) -> None:
        """Move by r b, where b = u b + g / (sqrt(v) + e)."""
        self._decay_by_gradient(parameters, gradient)
        self._square.mul_(ALPHA).addcmul_(gradient, gradient, value=1 - ALPHA)
        ways = gradient.div_(self._square.sqrt().add_(EPSILON))
        parameters.addcmul_(self._gather(ways), rates, value=-1)


_RULES: dict[Optimizer, Callable[[Tensor, Sequence[ReplicaSettings]], _Rule]] = {
    "adam": _Adam,
    "adamw": _AdamW,
    "sgd": _Descent,
    "rmsprop": _RmsProp,
}


def _find_places(replicas: Sequence[ReplicaSettings], kind: Optimizer) -> list[int]:
    return [i for i, replica in enumerate(replicas) if replica.optimizer == kind]


def _column(values: Sequence[float], like: Tensor) -> Tensor:
    """Return values as (k, 1), of the parameters' type and device."""
    return torch.tensor(values, dtype=like.dtype).to(like.device).unsqueeze(1)


def _column_or_none(values: Sequence[float], like: Tensor) -> Tensor | None:
    """Return values as (k, 1), or None if all are 0."""
    return _column(values, like) if any(values) else None


def _clip(gradient: Tensor, largest_norms: Tensor) -> None:
    """Scale each replica's gradient to at most its norm, of (K, 1); infinity is no limit."""
    norms = torch.linalg.vector_norm(gradient, dim=1, keepdim=True)
    factors = largest_norms / (norms + _CLIP_EPSILON)
    # `fmin` passes over the NaN of infinity by infinity: what has no limit stays as it is.
    gradient.mul_(torch.fmin(factors, torch.ones_like(factors)))
