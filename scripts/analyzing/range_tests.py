"""What range tests of the learning rate have shown in a run that holds nothing else."""

from collections.abc import Iterator

from trial_sets.errors import InputError
from trial_sets.records.layout import RunLayout
from trial_sets.records.range_test import read_range_test


def describe_range_tests(run: RunLayout) -> Iterator[str]:
    """Yield a sentence for each range test of a run without fits and searches; else nothing."""
    if run.has_fits() or run.list_searches():
        return
    for path in run.list_range_tests():
        try:
            said = read_range_test(path).describe()
        except InputError as error:
            said = f"it cannot be read: {error}"
        yield f"{run.path} holds no fit yet, but a range test: {said}."
