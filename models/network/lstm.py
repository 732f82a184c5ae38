"""An LSTM with a linear head on its last state, K replicas wide.

Axes: `K` replicas, `B` batch, `L` steps of a window, `I` values that a layer reads at a step,
`H` width of a state, `O` outputs, `P` parameters. Of windows, the first steps of all come first.

The equations are those of `torch.nn.LSTM` (Hochreiter and Schmidhuber 1997; the forget gate of Gers
et al. 2000), with gates in its order, input, forget, cell, output. The gradients are written out by
hand, as those of the transformer are. Dropout follows every layer but the last.
"""

from dataclasses import replace

import torch
from torch import Tensor

from models.architecture import LstmArchitecture
from models.network.layers import Material, Projection, differentiate
from models.network.parameters import unpack_parameters
from models.network.precision import FullProducts, open_products
from models.network.randomness import MaskSource
from models.network.workspace import Workspace
from models.settings import Precision


class LstmNetwork:
    """The forward and the backward pass.

    On an accelerator all replicas take each step together. On a CPU, where that gains nothing, one
    follows the other, so that each computes what it would alone, to the bit.

    Parameters
    ----------
    architecture : LstmArchitecture
    parameters : Tensor, shape (K, P)
        Of every replica. They may change in place between the passes.
    training : bool
        Whether `backward` will be called: otherwise layers share their memory.
    precision : str
        Of the matrix products.
    """

    def __init__(
        self,
        architecture: LstmArchitecture,
        parameters: Tensor,
        *,
        training: bool,
        precision: Precision = "fp32",
    ) -> None:
        self.n_replicas, self._training = len(parameters), training
        self._architecture = architecture
        self._gradient = torch.zeros_like(parameters) if training else parameters  # then unused
        self._masks_space = Workspace(parameters)
        self._parameters = parameters
        size = 1 if parameters.device.type == "cpu" else self.n_replicas
        self._parts = [
            self._build_part(architecture, slice(k, k + size), precision)
            for k in range(0, self.n_replicas, size)
        ]

    def forward(self, steps: Tensor, masks: MaskSource | None = None) -> Tensor:
        """Return log-odds or values (K, B), or with several outputs logits (K, B, O).

        Parameters
        ----------
        steps : Tensor, shape (K, L * B, I)
            From `Windows.gather`; to stay as they are until `backward`.
        masks : MaskSource, optional
            Dropout; None in evaluation.
        """
        factors = self._draw(masks, steps.shape[1])
        size = self.n_replicas // len(self._parts)
        parts = zip(
            self._parts, torch.split(steps, size), range(0, self.n_replicas, size), strict=True
        )
        outputs = torch.cat(
            [part.forward(x, [f[k : k + size] for f in factors]) for part, x, k in parts]
        )
        return outputs if self._architecture.outputs > 1 else outputs.squeeze(2)

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of the parameters (K, P), overwritten by the next call.

        Parameters
        ----------
        grad : Tensor, shape (K, B) or (K, B, O)
            The gradient of what `forward` returned last.
        """
        assert self._training, "a network for evaluation has no gradient"
        if self._architecture.outputs == 1:
            grad = grad.unsqueeze(2)
        size = self.n_replicas // len(self._parts)
        for part, each in zip(self._parts, torch.split(grad, size), strict=True):
            part.backward(each.clone())
        return self._gradient

    def _build_part(
        self, architecture: LstmArchitecture, replicas: slice, precision: Precision
    ) -> "_Part":
        values, gradient = self._parameters[replicas], self._gradient[replicas]
        return _Part(architecture, values, gradient, training=self._training, precision=precision)

    def _draw(self, masks: MaskSource | None, n_rows: int) -> list[Tensor]:
        """Return the factors (K, L * B, H) on the states between the layers."""
        if masks is None:
            return []
        shape = (self.n_replicas, n_rows, self._architecture.hidden_size)
        gaps = range(self._architecture.n_layers - 1)
        return [masks.draw(self._masks_space.take(f"factors {i}", *shape)) for i in gaps]


class _Part:
    """Some replicas that take each step together."""

    def __init__(
        self,
        architecture: LstmArchitecture,
        parameters: Tensor,
        gradient: Tensor,
        *,
        training: bool,
        precision: Precision,
    ) -> None:
        weights, gradients = (
            unpack_parameters(architecture, each) for each in (parameters, gradient)
        )
        shared = Workspace(parameters)
        products = open_products(precision, parameters.device)
        material = Material(weights, gradients, products, shared)
        self._n_steps = architecture.context
        self._layers = [
            LstmLayer(material, i, Workspace(parameters) if training else shared)
            for i in range(architecture.n_layers)
        ]
        self._head = Projection(replace(material, products=FullProducts()), "head")
        self._space = Workspace(parameters)

    def forward(self, steps: Tensor, factors: list[Tensor]) -> Tensor:
        """Return outputs (K, B, O) of steps (K, L * B, I)."""
        self._factors = factors
        # Products round by where their factors lie, so that these lie where one's own would.
        x = self._space.take("steps", *steps.shape).copy_(steps)
        for i, layer in enumerate(self._layers):
            states = layer.forward(x, self._n_steps)  # (L, K, B, H)
            if i < len(self._layers) - 1:
                x = self._put_replicas_first(states, f"read {i}")
                if factors:
                    x.mul_(factors[i])
        self._last = states[-1]
        shape = (*self._last.shape[:2], self._head.n_outputs)
        return self._head.forward(self._last, self._space.take("outputs", *shape)).clone()

    def backward(self, grad: Tensor) -> None:
        """Write the gradients of the parameters, given that of the outputs (K, B, O)."""
        n_replicas, n_windows, width = self._last.shape
        by_step = self._space.take("gradient", self._n_steps, n_replicas, n_windows, width).zero_()
        self._head.backward(grad, by_step[-1])
        for i in reversed(range(len(self._layers))):
            below = self._layers[i].backward(by_step, needs_input=i > 0)
            if below is not None:
                if self._factors:
                    below.mul_(self._factors[i - 1])
                by_step.copy_(torch.unflatten(below, 1, (self._n_steps, -1)).transpose(0, 1))

    def _put_replicas_first(self, states: Tensor, name: str) -> Tensor:
        """Copy (L, K, B, H) as (K, L * B, H)."""
        n_steps, n_replicas, n_windows, width = states.shape
        out = self._space.take(name, n_replicas, n_steps * n_windows, width)
        torch.unflatten(out, 1, (n_steps, -1)).copy_(states.transpose(0, 1))
        return out


class LstmLayer:
    """One layer: at each step c = f c' + i g and h = o tanh(c), with c' and h' of the step before.

    The gates i, f, o are sigmoids and g is the tanh of x W + h' U + b + b'.

    Parameters
    ----------
    material : Material
    number : int
        Of this layer; the first is 0. `number.input.weight` has shape (K, I, 4 H),
        `number.state.weight` (K, H, 4 H), their biases (K, 4 H).
    kept : Workspace
        Memory for what `backward` needs again; the shared one if there is no backward pass.
    """

    def __init__(self, material: Material, number: int, kept: Workspace) -> None:
        self._products, self._shared, self._kept = material.products, material.shared, kept
        self._keeps = kept is not material.shared
        self._input = Projection(material, f"{number}.input")
        self._weight, self._weight_gradient = material.take(f"{number}.state.weight")
        bias, self._bias_gradient = material.take(f"{number}.state.bias")
        self._bias, self._width = bias.unsqueeze(1), self._weight.shape[1]

    def forward(self, x: Tensor, n_steps: int) -> Tensor:
        """Return the states (L, K, B, H) for x (K, L * B, I), which must stay until `backward`."""
        n_replicas, n_rows, _ = x.shape
        shape = (n_replicas, n_rows // n_steps, self._width)  # (K, B, H)
        gates_shape = (*shape[:2], 4 * self._width)
        read = self._input.forward(x, self._shared.take("read", *x.shape[:2], gates_shape[2]))
        read = torch.unflatten(read.add_(self._bias), 1, (n_steps, -1))  # (K, L, B, 4 H)
        n_kept = n_steps if self._keeps else 1
        gates = self._kept.take("gates", n_kept, *gates_shape)
        cells = self._kept.take("cells", n_steps + 1 if self._keeps else 1, *shape)
        bent = self._kept.take("bent", n_kept, *shape)
        states = self._kept.take("states", n_steps + 1, *shape)
        cells[0].zero_()  # before the first step
        states[0].zero_()
        weight = self._prepared = self._products.prepare(self._weight)
        for t in range(n_steps):
            now = gates[t % n_kept]
            self._products.multiply(self._products.prepare(states[t]), weight, now)
            i, f, g, o = _activate(now.add_(read[:, t])).chunk(4, 2)
            cell = cells[(t + 1) % len(cells)]
            torch.mul(f, cells[t % len(cells)], out=cell).addcmul_(i, g)
            torch.mul(o, torch.tanh(cell, out=bent[t % n_kept]), out=states[t + 1])
        self._of = gates, cells, bent, states
        return states[1:]

    def backward(self, by_step: Tensor, *, needs_input: bool) -> Tensor | None:
        """Return the gradient of x (K, L * B, I), given that of the states (L, K, B, H).

        That of the states is used up, and that of x left out unless it is needed.
        """
        gates, cells, bent, states = self._of
        n_steps, n_replicas, n_windows, _ = by_step.shape
        slopes = self._shared.take("slopes", n_replicas, n_steps, n_windows, 4 * self._width)
        state, cell = (
            self._shared.take(name, *by_step.shape[1:]).zero_() for name in ("state", "cell")
        )
        weight = self._prepared.transpose(1, 2)
        step = self._shared.take("step", *gates.shape[1:])
        for t in reversed(range(n_steps)):
            state.add_(by_step[t])  # dL/dh, of the outputs and of the step after
            _differentiate_gates(state, cell, gates[t], cells[t], bent[t], step)
            slopes[:, t].copy_(step)
            self._products.multiply(self._products.prepare(step), weight, state)
        flat = slopes.flatten(1, 2)  # (K, L * B, 4 H)
        before = self._shared.take("before", n_replicas, n_steps, n_windows, self._width)
        before = before.copy_(states[:-1].transpose(0, 1)).flatten(1, 2)
        prepare = self._products.prepare
        differentiate(
            self._products, prepare(before), prepare(flat), self._weight_gradient, self._shared
        )
        torch.sum(flat, 1, out=self._bias_gradient)
        if not needs_input:
            self._input.differentiate(flat)
            return None
        width = self._input.n_inputs
        return self._input.backward(flat, self._shared.take("below", *flat.shape[:2], width))


def _activate(pre: Tensor) -> Tensor:
    """Turn (K, B, 4 H) into gates, in place: the third quarter by tanh, the others by sigmoid."""
    i_f, g, o = torch.split(pre, [pre.shape[2] // 2, pre.shape[2] // 4, pre.shape[2] // 4], 2)
    i_f.sigmoid_()
    g.tanh_()
    o.sigmoid_()
    return pre


def _differentiate_gates(
    state: Tensor, cell: Tensor, gates: Tensor, before: Tensor, bent: Tensor, out: Tensor
) -> None:
    """Write the gradient of a step's gates before their activation (K, B, 4 H).

    `cell` is that of the cell after the step, and becomes that of the cell before it.
    """
    i, f, g, o = gates.chunk(4, 2)
    d_i, d_f, d_g, d_o = out.chunk(4, 2)
    torch.mul(state, bent, out=d_o).mul_(o * (1 - o))
    cell.add_(state * o * (1 - bent.square()))
    torch.mul(cell, g, out=d_i).mul_(i * (1 - i))
    torch.mul(cell, before, out=d_f).mul_(f * (1 - f))
    torch.mul(cell, i, out=d_g).mul_(1 - g.square())
    cell.mul_(f)
