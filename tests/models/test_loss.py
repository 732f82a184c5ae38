import pytest
import torch
from torch.nn import functional

from models.loss import StackedLoss
from models.settings import ReplicaSettings

CPU = torch.device("cpu")
SETTINGS = [
    ReplicaSettings(0, 0.0, 1e-3, 0.0),
    ReplicaSettings(1, 0.0, 1e-3, 0.0, label_smoothing=0.1),
    ReplicaSettings(2, 0.0, 1e-3, 0.0, positive_class_weight=3.0),
    ReplicaSettings(3, 0.0, 1e-3, 0.0, label_smoothing=0.2, positive_class_weight=0.5),
]


@pytest.fixture
def logits() -> torch.Tensor:
    return (torch.randn(4, 7, generator=torch.Generator().manual_seed(0)) * 3).requires_grad_()


LABELS = torch.tensor([[0.0, 1, 0, 0, 1, 0, 1]]).repeat(4, 1)
EVEN = torch.full((7,), 1 / 7)


def test_a_hand_computed_loss() -> None:
    loss = StackedLoss([ReplicaSettings(0, 0.0, 1e-3, 0.0, label_smoothing=0.5)], CPU)
    # The target is 0.75 and p = 1/2 whatever the target, so the loss is log 2.
    found = loss.compute(torch.zeros(1, 1), torch.ones(1, 1), torch.ones(1))
    assert found.item() == pytest.approx(0.6931472)


def test_each_replica_has_its_own_smoothing_and_class_weight(logits: torch.Tensor) -> None:
    found = StackedLoss(SETTINGS, CPU).compute(logits, LABELS, EVEN)
    for k, settings in enumerate(SETTINGS):
        smoothing = settings.label_smoothing
        p = torch.sigmoid(logits[k].double())
        target = LABELS[k].double() * (1 - smoothing) + smoothing / 2
        positive = settings.positive_class_weight * target * p.log()
        expected = -(positive + (1 - target) * (1 - p).log()).mean()
        torch.testing.assert_close(found[k].double(), expected, rtol=1e-5, atol=1e-6)


def test_rows_without_weight_change_neither_loss_nor_gradient(logits: torch.Tensor) -> None:
    loss = StackedLoss(SETTINGS[:1], CPU)
    weights = torch.tensor([0.25] * 4 + [0.0] * 3)
    found = loss.compute(logits[:1], LABELS[:1], weights)
    expected = functional.binary_cross_entropy_with_logits(logits[0, :4], LABELS[0, :4])
    torch.testing.assert_close(found[0], expected)
    (gradient,) = torch.autograd.grad(found.sum(), logits)
    assert torch.equal(gradient[0, 4:], torch.zeros(3))


def test_replicas_that_stay_keep_their_settings(logits: torch.Tensor) -> None:
    loss = StackedLoss(SETTINGS, CPU)
    before = loss.compute(logits, LABELS, EVEN)
    loss.keep([3, 1])
    after = loss.compute(logits[[3, 1]], LABELS[:2], EVEN)
    assert torch.equal(after, before[[3, 1]])
