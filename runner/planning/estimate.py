"""How much work a fit is, and how long it will take here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from runner.translation import Question, architecture_of
from trial_sets.configuration import AnyConfiguration, FreeConfiguration
from trial_sets.records.record import Record
from trial_sets.records.run_info import DataSummary

ASSUMED_FLOPS = 5e10  # a second and worker: one core of a recent server processor


@dataclass(frozen=True, slots=True)
class Speed:
    """What one worker does, and how that is known."""

    flops: float  # floating-point operations a second
    fit_s: float  # seconds a fit, for a trainer whose work cannot be counted
    measured_on: int  # fits; 0 when it is assumed

    def describe(self, *, custom: bool) -> str:
        """Say what a worker does; of a trainer of one's own only its time is known."""
        fits = "1 fit" if self.measured_on == 1 else f"{self.measured_on} fits"
        known = f"measured on {fits}" if self.measured_on else "not measured yet"
        unit = f"{self.fit_s:.1f} s a fit" if custom else f"{self.flops / 1e9:.0f} GFLOP/s a worker"
        return f"{unit}, {known}"


def ask(data: DataSummary) -> Question:
    """Return what a network is asked, as far as its size goes by it."""
    n_classes = len(data.splits["train"].classes)
    return Question(data.features, "multiclass" if n_classes else "binary", n_classes=n_classes)


def epoch_flops(
    configuration: AnyConfiguration, data: DataSummary, fold: int | None = None
) -> float:
    """Return the floating-point operations of one epoch: training, then validation.

    What a trainer of one's own computes is not known: all its fits are alike.
    """
    if isinstance(configuration, FreeConfiguration) or not data.splits:
        return 1.0
    architecture = architecture_of(configuration, ask(data))
    train, validation = data.count_rows(fold)
    return float(
        train * architecture.count_flops(training=True)
        + validation * architecture.count_flops(training=False)
    )


def find_speed(finished: Sequence[tuple[float, float]]) -> Speed:
    """Return the median speed of finished fits, or an assumption when there are none.

    Parameters
    ----------
    finished
        Of each its floating-point operations and its seconds, which are not zero.
    """
    if not finished:
        return Speed(ASSUMED_FLOPS, 0.0, 0)
    speed = median(flops / seconds for flops, seconds in finished)
    return Speed(speed, median(seconds for _, seconds in finished), len(finished))


def measure_speed(records: Iterable[Record], data: DataSummary) -> Speed:
    """Return the median speed of finished fits, or an assumption when there are none."""
    seen = [
        (record, record.configuration)
        for record in records
        if record.configuration is not None and record.status == "complete" and record.seconds > 0
    ]
    return find_speed(
        [
            (
                epoch_flops(configuration, data, record.fold) * max(len(record.curve), 1),
                record.seconds,
            )
            for record, configuration in seen
        ]
    )
