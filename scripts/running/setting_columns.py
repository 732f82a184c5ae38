"""Which hyperparameters the command's tables show, a column each."""

from collections.abc import Sequence

from scripts.text import mark, show_value
from trial_sets.configuration import AnyConfiguration, Configuration

SEARCHED = {
    "d_model": "width",
    "n_layers": "layers",
    "n_heads": "heads",
    "d_ff_ratio": "ff",
    "dropout": "dropout",
    "learning_rate": "lr",
    "weight_decay": "wd",
    "batch_size": "batch",
}


def choose_settings(configurations: Sequence[AnyConfiguration]) -> dict[str, str]:
    """Return the hyperparameters to show, each with its heading.

    Of the transformer those that the first round searched; of a study with parameters of its own
    those that vary, or all where none does.
    """
    if any(isinstance(one, Configuration) for one in configurations):
        return SEARCHED
    names = list(dict.fromkeys(name for one in configurations for name in one.settings))
    varied = [n for n in names if len({repr(one.settings.get(n)) for one in configurations}) > 1]
    return {name: name for name in varied or names}


def show_settings(configuration: AnyConfiguration, columns: dict[str, str]) -> list[str]:
    """Return a configuration's values as people write them, one a column."""
    return [mark(show_value(configuration.settings.get(name))) for name in columns]
