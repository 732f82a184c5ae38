from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

import models.epoch_logits
import models.training.trainer
from models.architecture import Architecture
from models.metrics import log_loss, rank_auc
from models.settings import GroupSettings, ReplicaSettings
from models.training.results import EpochReport, ReplicaResult
from models.training.trainer import train_group
from models.training.windows import TrainingData

pytestmark = pytest.mark.usefixtures("one_thread")

CPU = torch.device("cpu")
T = 150
TINY = Architecture(n_features=3, context=12, patch=4, stride=4, d_model=8, n_layers=1, n_heads=2)
ODD = Architecture(
    n_features=5, context=17, patch=7, stride=5, d_model=20, n_layers=2, n_heads=5, d_ff_ratio=1
)
BASE = ReplicaSettings(seed=0, dropout=0.3, learning_rate=3e-3, weight_decay=1e-4)
MIXED = [
    BASE,
    replace(BASE, seed=1, dropout=0.5, learning_rate=1e-3, gradient_clip=0.1),
    replace(BASE, seed=2, dropout=0.0, optimizer="adamw", label_smoothing=0.1),
    replace(BASE, seed=0, dropout=0.1, positive_class_weight=3.0),
    replace(BASE, seed=3, learning_rate=1e-4),
    replace(BASE, seed=4, weight_decay=0.1, gradient_clip=1.0),
]


def make_data(architecture: Architecture = TINY, **changes: Any) -> TrainingData:
    rng = np.random.default_rng(1)
    first = architecture.context - 1
    parts: dict[str, Any] = {
        "features": rng.normal(size=(T, architecture.n_features)).astype(np.float32).cumsum(0),
        "labels": (rng.random(T) < 0.4).astype(np.int64),
        "train_rows": np.arange(first, 93),
        "val_rows": np.arange(110, T),
    }
    return TrainingData(**{**parts, **changes})


def ignore(report: EpochReport) -> None:
    """Take no notice of an epoch."""


def train(
    replicas: Sequence[ReplicaSettings], data: TrainingData | None = None, **settings: Any
) -> dict[int, ReplicaResult]:
    """Train on a CPU and return the results by replica."""
    group = GroupSettings(**{"architecture": TINY, "batch_size": 16, "epochs": 3, **settings})
    data = data or make_data(group.architecture)
    results = list(train_group(group, replicas, data, CPU, ignore))
    assert sorted(result.replica for result in results) == list(range(len(replicas)))
    return {result.replica: result for result in results}


def script_metric(monkeypatch: pytest.MonkeyPatch, values: Sequence[float]) -> None:
    """Let the epochs have these values of the metric, one after another."""
    script = iter(values)
    monkeypatch.setattr(
        models.training.trainer, "find_epoch_metric", lambda *_: lambda labels, scores: next(script)
    )


def bits(result: ReplicaResult) -> list[Any]:
    """Return all that training computed, without times and places."""
    found: list[Any] = [(s.epoch, s.train_loss, s.val_loss, s.val_metric) for s in result.curve]
    found += [result.stop_reason, result.failure]
    if result.selection is not None and result.last_val_logits is not None:
        found += [result.selection.epoch, result.last_val_logits.tobytes()]
        found += [result.selection.val_logits.tobytes(), result.selection.train_logits.tobytes()]
    if result.epoch_logits is not None:
        found += [result.epoch_logits.centers.tobytes(), result.epoch_logits.halves.tobytes()]
    return found


@pytest.fixture(scope="module")
def alone() -> Iterator[dict[Architecture, list[list[Any]]]]:
    """Return the bits of each of the mixed replicas, trained alone."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield {a: [bits(train([r], **STOPPING, architecture=a)[0]) for r in MIXED] for a in (TINY, ODD)}
    torch.set_num_threads(n_threads)


# Replicas stop at different epochs, so that groups are compacted on the way.
STOPPING: dict[str, Any] = {"epochs": 7, "patience": 2, "min_delta": 0.0, "schedule": "cosine"}


@pytest.mark.parametrize("architecture", [TINY, ODD])
@pytest.mark.parametrize("members", [(0, 1), (4, 2), (3, 5, 1), (0, 1, 2, 3, 4, 5)])
def test_a_replica_has_the_same_bits_alone_and_in_any_group(
    members: tuple[int, ...], architecture: Architecture, alone: dict[Architecture, list[Any]]
) -> None:
    lengths = {len(alone[architecture][i]) for i in members}
    group = train([MIXED[i] for i in members], **STOPPING, architecture=architecture)
    for place, i in enumerate(members):
        assert bits(group[place]) == alone[architecture][i]
    assert len(members) < 6 or len(lengths) > 1, "the replicas should stop at different epochs"


def test_the_base_architecture_has_the_same_bits_in_a_group() -> None:
    base = Architecture(n_features=55)
    data = make_data(base)
    settings: dict[str, Any] = {"architecture": base, "batch_size": 5, "epochs": 1}
    replicas = [replace(BASE, seed=seed, learning_rate=5e-5) for seed in range(2)]
    group = train(replicas, data, **settings)
    assert bits(group[1]) == bits(train(replicas[1:], data, **settings)[0])


def test_replicas_of_one_group_learn_different_things() -> None:
    group = train(MIXED)
    assert len({str(bits(result)) for result in group.values()}) == len(MIXED)


def test_32_rows_are_learned_by_heart() -> None:
    rows = np.arange(20, 52)
    data = make_data(train_rows=rows, val_rows=rows)
    replica = replace(BASE, dropout=0.0, learning_rate=1e-2, weight_decay=0.0)
    result = train([replica], data, epochs=80, patience=80, batch_size=32)[0]
    assert result.curve[-1].train_loss < 0.02
    assert result.selection is not None
    assert rank_auc(data.labels[rows], result.selection.train_logits) == 1.0


def test_a_pattern_is_found_in_unseen_rows() -> None:
    data = make_data()
    trend = data.features[11:, 0] - data.features[:-11, 0]
    labels = np.concatenate([np.zeros(11, int), (trend > 0).astype(int)])
    replica = replace(BASE, dropout=0.1, learning_rate=1e-2)
    result = train([replica], replace(data, labels=labels), epochs=25, patience=25)[0]
    assert max(scores.val_metric for scores in result.curve) > 0.9


def test_the_result_belongs_to_the_selected_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    script_metric(monkeypatch, [0.6, 0.8, 0.7])
    data = make_data(extra_rows={"test": np.arange(110, T), "two": np.array([50, 20])})
    result = train([BASE], data)[0]
    labels, selection = data.labels[data.val_rows], result.selection
    assert selection is not None
    assert result.last_val_logits is not None
    assert selection.epoch == 2
    assert log_loss(labels, selection.val_logits) == result.curve[1].val_loss
    assert log_loss(labels, result.last_val_logits) == result.curve[2].val_loss
    assert np.array_equal(selection.extra_logits["test"], selection.val_logits)
    assert not np.isclose(selection.val_logits, result.last_val_logits).any()
    assert selection.extra_logits["two"][0] == pytest.approx(selection.train_logits[50 - 11])


def test_the_curve_holds_the_scores_of_its_epochs() -> None:
    data = make_data()
    result = train([BASE], data)[0]
    assert result.last_val_logits is not None
    assert [scores.epoch for scores in result.curve] == [1, 2, 3]
    assert (
        rank_auc(data.labels[data.val_rows], result.last_val_logits) == result.curve[2].val_metric
    )
    assert result.n_parameters == TINY.count_parameters()
    assert 0 < sum(scores.seconds for scores in result.curve) < result.seconds


def test_the_log_odds_of_every_epoch_tell_its_auc() -> None:
    data = make_data()
    labels = data.labels[data.val_rows]
    for result in train(MIXED, data, **STOPPING).values():
        kept, selection = result.epoch_logits, result.selection
        assert kept is not None
        assert selection is not None
        assert kept.epochs.tolist() == [scores.epoch for scores in result.curve]
        assert [rank_auc(labels, halves) for halves in kept.halves] == [
            scores.val_metric for scores in result.curve
        ]
        chosen = kept.epochs.tolist().index(selection.epoch)
        exact = selection.val_logits - kept.centers[chosen]
        assert np.allclose(kept.halves[chosen], exact, rtol=2e-3, atol=1e-6)


def test_a_model_that_has_collapsed_keeps_its_order() -> None:
    """Its validation log-odds lie within 3e-5 of each other."""
    data = make_data()
    still = replace(BASE, dropout=0.0, weight_decay=30.0)
    result = train([still], data, epochs=60, patience=60)[0]
    assert result.epoch_logits is not None
    assert result.last_val_logits is not None
    assert 0 < np.ptp(result.last_val_logits) < 3e-5
    for halves, scores in zip(result.epoch_logits.halves, result.curve, strict=True):
        assert rank_auc(data.labels[data.val_rows], halves) == scores.val_metric


def test_where_there_is_no_room_some_epochs_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models.epoch_logits, "MOST_BYTES", 4 * 2 * 40)  # four epochs
    script_metric(monkeypatch, [0.6, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3])
    result = train([BASE], epochs=7, patience=7)[0]
    assert result.epoch_logits is not None
    assert result.epoch_logits.epochs.tolist() == [2, 3, 6, 7]


def test_the_training_loss_is_the_mean_over_all_rows() -> None:
    data = make_data()  # 82 rows: five batches and two rows
    still = replace(BASE, dropout=0.0, learning_rate=1e-12, weight_decay=0.0)
    result = train([still], data, epochs=1)[0]
    assert result.selection is not None
    expected = log_loss(data.labels[data.train_rows], result.selection.train_logits)
    assert result.curve[0].train_loss == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize(
    ("aucs", "selected", "n_epochs", "reason"),
    [
        ([0.6, 0.7, 0.7005, 0.69, 0.9], 3, 4, "patience"),
        ([0.6, 0.7, 0.65, 0.8, 0.7], 4, 5, "epochs"),
        ([0.5, 0.5, 0.5, 0.5, 0.5], 1, 3, "patience"),
    ],
)
def test_scripted_aucs_select_and_stop(
    aucs: list[float],
    selected: int,
    n_epochs: int,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    script_metric(monkeypatch, aucs)
    result = train([BASE], epochs=5, patience=2, min_delta=0.001)[0]
    assert result.selection is not None
    assert (result.selection.epoch, len(result.curve)) == (selected, n_epochs)
    assert result.stop_reason == reason


def test_results_come_as_soon_as_a_replica_stops(monkeypatch: pytest.MonkeyPatch) -> None:
    script_metric(
        monkeypatch, [0.6, 0.6, 0.5, 0.7, 0.8]
    )  # the first stalls in epoch 2, the second never
    group = GroupSettings(TINY, batch_size=16, epochs=3, patience=1)
    events: list[tuple[str, int, int]] = []

    def note(report: EpochReport) -> None:
        events.append(("epoch", report.replica, report.scores.epoch))

    results = train_group(group, MIXED[:2], make_data(), CPU, note)
    events.extend(("result", result.replica, len(result.curve)) for result in results)
    assert events == [
        *[("epoch", 0, 1), ("epoch", 1, 1), ("epoch", 0, 2), ("epoch", 1, 2)],
        *[("result", 0, 2), ("epoch", 1, 3), ("result", 1, 3)],
    ]


def test_a_diverged_replica_is_recorded_and_harms_no_other() -> None:
    wild = replace(BASE, seed=9, learning_rate=1e6)
    group = train([BASE, wild, MIXED[1]])
    assert group[1].stop_reason == "diverged"
    assert group[1].failure is not None
    assert group[1].failure.endswith("in epoch 1")
    assert (group[1].curve, group[1].selection, group[1].last_val_logits) == ((), None, None)
    assert group[1].epoch_logits is None
    assert bits(group[0]) == bits(train([BASE])[0])
    assert bits(group[2]) == bits(train([MIXED[1]])[0])


def test_a_missing_training_value_makes_the_fit_diverge() -> None:
    data = make_data()
    data.features[60] = np.nan
    result = train([BASE], data)[0]
    assert (result.stop_reason, result.failure) == (
        "diverged",
        "the training loss was nan in epoch 1",
    )


def test_a_missing_validation_value_makes_the_fit_diverge() -> None:
    data = make_data()
    data.features[T - 1] = np.nan
    result = train([BASE], data)[0]
    assert result.failure == "1 of 40 validation logits were not finite after epoch 1"


def test_data_are_left_as_they_were() -> None:
    data = make_data()
    before = data.features.copy()
    data.features.setflags(write=False)
    train([BASE], data, epochs=1)
    assert np.array_equal(data.features, before)


def test_a_group_needs_replicas_and_fitting_data() -> None:
    group = GroupSettings(TINY, batch_size=16)
    with pytest.raises(ValueError, match="a group needs at least one replica, got none"):
        train_group(group, [], make_data(), CPU, ignore)
    with pytest.raises(ValueError, match=r"features have shape \(150, 5\), expected \(days, 3\)"):
        train_group(group, [BASE], make_data(ODD), CPU, ignore)


@pytest.mark.parametrize("n_parts", [2, 5, 16, 99])
def test_micro_batches_take_the_same_steps_as_the_whole_batch(n_parts: int) -> None:
    replicas = [replace(settings, dropout=0.0) for settings in MIXED]
    whole, parts = train(replicas), train(replicas, micro_batches=n_parts)
    for replica, expected in whole.items():
        found = parts[replica]
        assert found.selection is not None
        assert expected.selection is not None
        losses = [[scores.train_loss for scores in r.curve] for r in (found, expected)]
        assert losses[0] == pytest.approx(losses[1], abs=1e-5)
        np.testing.assert_allclose(
            found.selection.val_logits, expected.selection.val_logits, atol=1e-4
        )


def test_half_precision_trains_nearly_the_same_and_repeats() -> None:
    still = [replace(settings, dropout=0.0) for settings in MIXED[:2]]
    full, half, again = train(still), *(train(still, precision="bf16") for _ in range(2))
    for replica, expected in full.items():
        found = half[replica]
        assert bits(found) == bits(again[replica])
        assert bits(found) != bits(expected)
        losses = [[scores.train_loss for scores in r.curve] for r in (found, expected)]
        assert losses[0] == pytest.approx(losses[1], abs=5e-3)
