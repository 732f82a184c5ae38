"""A worker process: it trains one job after another and ends when its parent does.

Orders come on what was standard input, and messages leave on what was standard output.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from queue import SimpleQueue

from runner.workers.channel import Channel
from runner.workers.descendants import adopt_orphans, end_children, end_with_children
from runner.workers.judgements import Judgements
from runner.workers.protocol import (
    Alive,
    EpochDone,
    EpochJudgement,
    FitResult,
    Job,
    JobDone,
    JobError,
    Measure,
    Measured,
    Ordered,
    Probe,
    Probed,
    RangeTest,
    RangeTested,
    Ready,
    Send,
)
from runner.workers.service import (
    beat,
    end_unless_done,
    measure_work,
    start_threads,
    wake_when_orphaned,
)


@dataclass(frozen=True, slots=True)
class Trade:
    """What a kind of worker knows to do."""

    describe: Callable[[], Ready]
    run: Callable[[Job, Send], JobDone | JobError]
    probe: Callable[[str], Probed]
    measure: Callable[[], Measured]
    test_range: Callable[[Job], RangeTested | JobError] | None = None  # of the built-in networks


def work(learn: Callable[[], Trade], used_s: Callable[[], float] = measure_work) -> None:
    """Serve orders until there can be no more.

    Parameters
    ----------
    learn
        Imports what the worker needs. A parent that dies meanwhile is noticed all the same.
    used_s
        Tells how long the processor was used for its work so far.
    """
    wake_when_orphaned()
    adopt_orphans()
    channel = Channel()
    orders: SimpleQueue[Ordered] = SimpleQueue()
    judgements = Judgements()
    start_threads(
        partial(_listen, channel, orders, judgements),
        partial(beat, partial(channel.send, Alive()), used_s),
    )
    trade = learn()
    channel.send(trade.describe())
    while True:
        ordered = orders.get()
        say = partial(channel.send, token=ordered.token)
        match ordered.order:
            case Probe(device=device):
                say(trade.probe(device))
            case Measure():
                say(trade.measure())
            case RangeTest(job=job):
                assert trade.test_range is not None, "the parent asks the built-in trainer alone"
                say(trade.test_range(job))
            case Job() as job:
                wait = judgements.open(ordered.token) if job.judged else _go_on
                news = trade.run(job, partial(_tell, say, wait))
                channel.end_if_forked()
                end_children()  # before the next fit: they may hold its memory or its processor
                say(news)


def _tell(
    say: Callable[[EpochDone | FitResult], None],
    wait: Callable[[int], bool],
    message: EpochDone | FitResult,
) -> bool:
    """Send what a fit has shown, and return whether it goes on."""
    say(message)
    return not isinstance(message, EpochDone) or wait(message.index)


def _go_on(_: int) -> bool:
    return True


def _listen(channel: Channel, orders: "SimpleQueue[Ordered]", judgements: Judgements) -> None:
    """Queue the orders that come in; when the parent is gone, end at once, even within a step.

    What the training started ends too.
    """
    for ordered in channel.listen():
        match ordered.order:
            case EpochJudgement(index=index, go_on=go_on):
                judgements.put(ordered.token, index, go_on=go_on)
            case _:
                orders.put(ordered)
    end_with_children()


def _learn_to_train() -> Trade:
    """Import PyTorch, which takes two seconds."""
    from runner.workers.training import (  # noqa: PLC0415
        describe_machine,
        measure_processor,
        probe_device,
        run_job,
        run_range_test_job,
    )

    return Trade(describe_machine, run_job, probe_device, measure_processor, run_range_test_job)


if __name__ == "__main__":
    end_unless_done(partial(work, _learn_to_train))
