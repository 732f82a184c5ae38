"""What the analysis says when an input cannot be used."""

from trial_sets.errors import TrialSetError


class InputError(ValueError):
    """An input that a person must change; the message says what, got, expected, where."""


INPUT_ERRORS = (InputError, TrialSetError)
