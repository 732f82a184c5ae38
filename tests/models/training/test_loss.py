from typing import Any

import pytest
import torch
from torch.nn import functional

from models.settings import ReplicaSettings
from models.training.loss import StackedCrossEntropy, StackedLoss, open_loss

CPU = torch.device("cpu")
SETTINGS = [
    ReplicaSettings(0, 0.0, 1e-3, 0.0),
    ReplicaSettings(1, 0.0, 1e-3, 0.0, label_smoothing=0.1),
    ReplicaSettings(2, 0.0, 1e-3, 0.0, positive_class_weight=3.0),
    ReplicaSettings(3, 0.0, 1e-3, 0.0, label_smoothing=0.2, positive_class_weight=0.5),
]


LOGITS = torch.randn(4, 7, generator=torch.Generator().manual_seed(0)) * 3
LABELS = torch.tensor([[0.0, 1, 0, 0, 1, 0, 1]]).repeat(4, 1)
EVEN = torch.full((7,), 1 / 7)


def test_a_hand_computed_loss() -> None:
    loss = StackedLoss([ReplicaSettings(0, 0.0, 1e-3, 0.0, label_smoothing=0.5)], CPU)
    # The target is 0.75 and p = 1/2, so the loss is log 2 and its slope p - 0.75.
    found, gradient = loss.differentiate(torch.zeros(1, 1), torch.ones(1, 1), torch.ones(1))
    assert found.item() == pytest.approx(0.6931472)
    assert gradient.item() == pytest.approx(-0.25)


def test_each_replica_has_its_own_smoothing_and_class_weight() -> None:
    found, gradient = StackedLoss(SETTINGS, CPU).differentiate(LOGITS, LABELS, EVEN)
    for k, settings in enumerate(SETTINGS):
        logits = LOGITS[k].double().requires_grad_()
        smoothing = settings.label_smoothing
        p = torch.sigmoid(logits)
        target = LABELS[k].double() * (1 - smoothing) + smoothing / 2
        positive = settings.positive_class_weight * target * p.log()
        expected = -(positive + (1 - target) * (1 - p).log()).mean()
        (slopes,) = torch.autograd.grad(expected, logits)
        torch.testing.assert_close(found[k].double(), expected, rtol=1e-5, atol=1e-6)
        torch.testing.assert_close(gradient[k].double(), slopes, rtol=1e-5, atol=1e-6)


def test_rows_without_weight_change_neither_loss_nor_gradient() -> None:
    loss = StackedLoss(SETTINGS[:1], CPU)
    weights = torch.tensor([0.25] * 4 + [0.0] * 3)
    found, gradient = loss.differentiate(LOGITS[:1], LABELS[:1], weights)
    expected = functional.binary_cross_entropy_with_logits(LOGITS[0, :4], LABELS[0, :4])
    torch.testing.assert_close(found[0], expected)
    assert torch.equal(gradient[0, 4:], torch.zeros(3))


def test_replicas_that_stay_keep_their_settings() -> None:
    loss = StackedLoss(SETTINGS, CPU)
    before = loss.differentiate(LOGITS, LABELS, EVEN)
    loss.keep([3, 1])
    after = loss.differentiate(LOGITS[[3, 1]], LABELS[:2], EVEN)
    for earlier, later in zip(before, after, strict=True):
        assert torch.equal(later, earlier[[3, 1]])


CLASSES = torch.tensor([[0, 2, 1, 1, 4, 3, 0]]).repeat(4, 1)
CLASS_LOGITS = torch.randn(4, 7, 5, generator=torch.Generator().manual_seed(1)) * 3


def test_cross_entropy_is_that_of_torch_with_each_replicas_smoothing() -> None:
    loss = StackedCrossEntropy(SETTINGS, CPU)
    found, gradient = loss.differentiate(CLASS_LOGITS.double(), CLASSES, EVEN.double())
    for k, settings in enumerate(SETTINGS):
        logits = CLASS_LOGITS[k].double().requires_grad_()
        smoothing = settings.label_smoothing
        expected = functional.cross_entropy(logits, CLASSES[k], label_smoothing=smoothing)
        (slopes,) = torch.autograd.grad(expected, logits)
        torch.testing.assert_close(found[k], expected, rtol=1e-6, atol=1e-8)
        torch.testing.assert_close(gradient[k], slopes, rtol=1e-6, atol=1e-8)


def test_cross_entropy_of_replicas_that_stay_keeps_their_smoothing() -> None:
    loss = StackedCrossEntropy(SETTINGS, CPU)
    before = loss.differentiate(CLASS_LOGITS, CLASSES, EVEN)
    loss.keep([3, 1])
    after = loss.differentiate(CLASS_LOGITS[[3, 1]], CLASSES[:2], EVEN)
    for earlier, later in zip(before, after, strict=True):
        assert torch.equal(later, earlier[[3, 1]])


@pytest.mark.parametrize(
    ("kind", "theirs"),
    [
        ("mse", functional.mse_loss),
        ("mae", functional.l1_loss),
        ("huber", functional.huber_loss),
    ],
)
def test_losses_of_errors_are_those_of_torch(kind: Any, theirs: Any) -> None:
    labels = torch.linspace(-2, 2, 7, dtype=torch.float64).repeat(4, 1)
    loss = open_loss(kind, SETTINGS, CPU)
    loss.keep([0, 1, 2, 3])
    found, gradient = loss.differentiate(LOGITS.double(), labels, EVEN.double())
    for k in range(4):
        values = LOGITS[k].double().requires_grad_()
        expected = theirs(values, labels[k])
        (slopes,) = torch.autograd.grad(expected, values)
        torch.testing.assert_close(found[k], expected, rtol=1e-6, atol=1e-8)
        torch.testing.assert_close(gradient[k], slopes, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("kind", ["mse", "mae", "huber", "cross_entropy"])
def test_rows_without_weight_count_in_no_loss(kind: Any) -> None:
    weights = torch.tensor([0.25] * 4 + [0.0] * 3)
    outputs, labels = (CLASS_LOGITS, CLASSES) if kind == "cross_entropy" else (LOGITS, LABELS)
    loss = open_loss(kind, SETTINGS, CPU)
    found, gradient = loss.differentiate(outputs, labels, weights)
    expected, slopes = loss.differentiate(outputs[:, :4], labels[:, :4], weights[:4])
    torch.testing.assert_close(found, expected)
    torch.testing.assert_close(gradient[:, :4], slopes)
    assert not gradient[:, 4:].any()
