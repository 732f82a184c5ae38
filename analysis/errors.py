"""What the analysis says when an input cannot be used."""


class InputError(ValueError):
    """An input that a person must change; the message says what, got, expected, where."""
