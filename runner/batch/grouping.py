"""Which fits train as one program."""

from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from math import ceil

from models.architecture import LstmArchitecture
from models.settings import ROWS_A_PASS, GroupSettings
from runner.batch.bookkeeper import Bookkeeper
from runner.batch.queue import Group
from runner.batch.spread import SpreadOut
from runner.planning.command_template import CommandTemplate
from runner.planning.fit import Fit
from runner.planning.plan import Plan
from runner.planning.trainer_file import TrainerFile
from runner.translation import Question, group_settings
from runner.workers.commands.ordering import order_command
from runner.workers.protocol import CommandJob, Job, Ready, quote_path

# What a replica keeps on the device, in values of four bytes: of each parameter its value, the
# selected one, the gradient and two moments; and the activations, which `count_activations` counts.
VALUES_A_PARAMETER = 5
SHARE_OF_MEMORY = 0.5
MOST_REPLICAS = 64  # beyond this a step of the base architecture gains nothing more


def group_fits(plan: Plan, devices: Sequence[str], machine: Ready) -> list[Group]:
    """Return the jobs of a batch, the longest first so that the workers end together.

    On a CPU and on MPS every fit is a group of its own, since stacking gains nothing there. On
    CUDA, fits of one architecture, batch size, budget and fold share a group, as many as the memory
    of a device is sure to hold, but so that every device gets some; a group that fails all the same
    runs again fit by fit.
    """
    if plan.trainer is not None:
        return _sort_groups(plan, [make_group(plan, [n]) for n in range(len(plan.to_run))])
    question, precision = _ask(plan), plan.info.precision
    alike: dict[tuple[GroupSettings, int | None], list[int]] = defaultdict(list)
    for number, planned in enumerate(plan.to_run):
        settings = group_settings(planned.fit.configuration, question, precision=precision)
        alike[settings, planned.fit.fold].append(number)
    groups = [
        make_group(plan, numbers[start : start + size])
        for (settings, _), numbers in alike.items()
        for size in [group_size(settings, devices, machine, len(numbers))]
        for start in range(0, len(numbers), size)
    ]
    return _sort_groups(plan, groups)


def _ask(plan: Plan) -> Question:
    """Return what the networks of a plan are to learn."""
    study, data = plan.info.study, plan.info.data
    assert study.task != "none", "a plan refuses networks without rows"
    n_classes = len(data.splits["train"].classes)
    return Question(data.features, study.task, study.metric.name, n_classes)


def _sort_groups(plan: Plan, groups: Sequence[Group]) -> list[Group]:
    """Return groups, the longest first."""
    return sorted(groups, key=lambda group: -_measure(plan, group))


def _measure(plan: Plan, group: Group) -> float:
    """Return how long a group is: as its longest fit."""
    return max(plan.to_run[number].flops for number in group.numbers)


def spread_groups(plan: Plan, groups: Sequence[Group], bookkeeper: Bookkeeper) -> SpreadOut[Group]:
    """Return groups in the order in which this runner takes them, other runners in mind."""
    seed = bookkeeper.claims.runner.token
    return SpreadOut(groups, partial(_measure, plan), lambda: bookkeeper.n_missed, seed)


def group_size(settings: GroupSettings, devices: Sequence[str], machine: Ready, n_fits: int) -> int:
    """Return how many of so many fits with these settings one device takes at once."""
    if not devices[0].startswith("cuda"):
        return 1
    memory = min(machine.cuda[int(device.split(":")[1])].memory_bytes for device in devices)
    parameters = VALUES_A_PARAMETER * settings.architecture.count_parameters()
    replica = 4 * (parameters + count_activations(settings))
    share = SHARE_OF_MEMORY * memory * len(set(devices)) / len(devices)
    return max(1, min(MOST_REPLICAS, int(share / replica), ceil(n_fits / len(devices))))


def count_activations(settings: GroupSettings) -> int:
    """Return how many values one replica's step and evaluation keep at a time.

    A layer keeps for each token four normalised vectors, query, key and value, what was attended
    to, and three of the residual path; twice its hidden values; and two weights a key and head.
    With bfloat16, the factors of the large products stand beside them in half the size.
    Beside them, all layers share about as much as one keeps, and so does a pass of evaluation.
    """
    a = settings.architecture
    if isinstance(a, LstmArchitecture):
        return _count_of_lstm(a, settings)
    layer = (11 + 2 * a.d_ff_ratio) * a.d_model + 2 * a.n_heads * a.n_patches
    if settings.precision == "bf16":
        layer += (3 + a.d_ff_ratio) * a.d_model // 2
    step = settings.batch_size * (a.n_layers + 1) * layer
    data = max(settings.batch_size, ROWS_A_PASS) * 2 * a.d_patch
    return a.n_patches * (step + ROWS_A_PASS * layer + data)


def _count_of_lstm(architecture: LstmArchitecture, settings: GroupSettings) -> int:
    """Return the same of an LSTM.

    A layer keeps for each row of a window four gates, cell, its tanh, state, and what the next
    layer reads with its mask; all layers share twelve more, and evaluation about six and a state a
    layer.
    """
    a, width = architecture, architecture.hidden_size
    step = settings.batch_size * (9 * a.n_layers + 12) * width
    if settings.precision == "bf16":
        step += settings.batch_size * (a.n_layers + 6) * width // 2
    evaluation = ROWS_A_PASS * (a.n_layers + 6) * width
    data = (settings.batch_size + ROWS_A_PASS) * 2 * a.n_features
    return a.context * (step + evaluation + data)


def make_group(plan: Plan, numbers: Sequence[int]) -> Group:
    """Return some fits of a plan, by their numbers, as one job; they are of one fold."""
    return Group(tuple(numbers), make_job(plan, [plan.to_run[number].fit for number in numbers]))


def make_job(plan: Plan, fits: Sequence[Fit], *, judged: bool = False) -> Job:
    """Return fits of one fold as one job of a plan, whether or not the plan knows them.

    Parameters
    ----------
    plan
        The plan.
    fits
        The fits.
    judged
        Whether each of their epochs is judged.
    """
    study, trainer = plan.info.study, plan.trainer
    has_data = plan.data.owner is None
    return Job(
        configurations=tuple(fit.configuration for fit in fits),
        seeds=tuple(fit.seed for fit in fits),
        data=quote_path(str(plan.folder.data(fits[0].fold).resolve())) if has_data else "",
        trainer=quote_path(str(trainer)) if isinstance(trainer, TrainerFile) else None,
        command=_order(plan, fits[0], trainer) if isinstance(trainer, CommandTemplate) else None,
        metric=study.metric.name,
        direction=study.metric.direction,
        with_test=plan.with_test,
        precision=plan.info.precision,
        judged=judged,
        device="",  # the slot that takes the group fills it in
    )


def _order(plan: Plan, fit: Fit, command: CommandTemplate) -> CommandJob:
    """Return a command as one fit runs it."""
    values = {
        **fit.configuration.settings,
        **{"seed": fit.seed, "trial": fit.name, "fold": fit.fold},
    }
    out = plan.folder.command_work(*fit.id).resolve()
    study = plan.info.study
    has_groups = study.split is not None and study.split.kind == "groups"
    return order_command(command, values, out, task=study.task, has_groups=has_groups)
