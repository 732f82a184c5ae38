"""What to do next, as Markdown: commands, values to try, and trials to paste into a set's file."""

import json
from collections.abc import Mapping, Sequence

from analysis.frames.frame import rename_reserved
from analysis.proposal.next_trials import NextTrial
from analysis.proposal.rules.move import Move
from analysis.proposal.signal import Signal
from analysis.report.formats.markdown import code_span, escape_text, join_blocks, list_items
from trial_sets.configuration import Configuration, batch_size_for
from trial_sets.parameter import Parameter

_GO_ON = (
    "`analyze` with `--propose FOLDER` writes the next round as a study that runs: its sets with a "
    "control, claims, and what they can find."
)


def render_next(
    signal: Signal,
    steps: Sequence[Move],
    trials: Sequence[NextTrial],
    commands: Sequence[str],
    parameters: Mapping[str, Parameter] | None = None,
) -> str:
    """Return what to do next: open claims, values to try, and a set to paste.

    Parameters
    ----------
    parameters
        As the study declares them, where it declares its own; a trial then names all of them.
    """
    pending = ""
    if commands:
        listed = list_items(code_span(command) for command in dict.fromkeys(commands))
        pending = join_blocks("To complete or decide the checklist:", listed)
    said = [step.evidence for step in steps] or [signal.sentence]
    proposals = list_items(escape_text(one, longest=None) for one in said)
    return join_blocks(pending, proposals, _render_trials(trials, parameters), _GO_ON)


def _render_trials(trials: Sequence[NextTrial], parameters: Mapping[str, Parameter] | None) -> str:
    """Return the trials as the `trials` of a set's file."""
    if len(trials) < 2:
        return ""
    content = {
        f"N{number}": {**_write_trial(trial.configuration, parameters), "note": trial.note}
        for number, trial in enumerate(trials, 1)
    }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(t)}" for name, t in content.items())
    return join_blocks(
        "The proposed values around the best configuration, which is run again beside them:",
        f"```json\n{{\n{lines}\n}}\n```",
    )


def _write_trial(
    configuration: dict[str, float | str], parameters: Mapping[str, Parameter] | None
) -> dict[str, object]:
    """Return a trial as a set's file holds it."""
    if not parameters:
        return _shorten(configuration)
    columns = rename_reserved(parameters)
    return {
        name: _restore(configuration[column], parameters[name])
        for name, column in columns.items()
        if column in configuration
    }


def _restore(value: float | str, parameter: Parameter) -> object:
    """Give a value the type that its parameter has."""
    return value == "True" if parameter.kind == "bool" else value


def _shorten(configuration: dict[str, float | str]) -> dict[str, object]:
    """Leave out what a study's trials have by default, and give flags their type back."""
    fields = Configuration.model_fields
    flags = {"True": True, "False": False}
    shown: dict[str, object] = {}
    for name, value in configuration.items():
        default = fields[name].default if name in fields else None
        typed = flags.get(value, value) if isinstance(value, str) else value
        is_usual = name == "batch_size" and typed == _find_batch_size(configuration)
        if not is_usual and (default is None or typed != default):
            shown[name] = typed
    return shown


def _find_batch_size(configuration: dict[str, float | str]) -> int | None:
    """Return the batch size that follows from the width, where there is one."""
    width = configuration.get("d_model")
    return batch_size_for(width) if isinstance(width, int) else None
