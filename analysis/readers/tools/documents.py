"""JSON documents of a form that one tool alone writes."""

from pathlib import Path

from analysis.readers.flat import FlatTable
from analysis.readers.tools.hyperopt import is_hyperopt, read_hyperopt
from analysis.readers.tools.katib import is_katib, read_katib
from analysis.readers.tools.keras_tuner import is_keras_tuner, is_oracle, read_keras_tuner
from analysis.readers.tools.nni import is_nni, read_nni
from analysis.readers.tools.smac import is_smac, read_smac
from trial_sets.errors import InputError

# Documents without results of their own: what is in them, and where the results are.
_WITHOUT_RESULTS = (
    (is_oracle, "an oracle of Keras Tuner, which holds no scores; name the trials' files beside "
                "it, trial_*/trial.json"),
    (lambda d: isinstance(d, dict) and {"trial_data", "runner_data"} <= d.keys(),
     "a state of Ray Tune's runner; name the trials' files beside it, */result.json"),
    (lambda d: isinstance(d, dict) and str(d.get("__type", d.get("_type", ""))) in
     {"AxClient", "Experiment", "MultiTypeExperiment", "Scheduler"},
     "a snapshot of Ax; write its get_trials_data_frame() as CSV and name that"),
    (lambda d: isinstance(d, dict) and {"method", "parameters"} <= d.keys()
     and isinstance(d["parameters"], dict),
     "the configuration of a W&B sweep, not its results; export its table of runs as CSV"),
)  # fmt: skip


def read_tool(document: object, path: Path) -> FlatTable | None:
    """Read a document that one tool alone writes, or return None.

    Raises
    ------
    InputError
        When the tool keeps its results elsewhere, or the document is damaged.
    """
    for is_of, what in _WITHOUT_RESULTS:
        if is_of(document):
            raise InputError(f"{path} is {what}")
    if is_keras_tuner(document):
        return read_keras_tuner(document, path)
    if is_hyperopt(document):
        return read_hyperopt(document, path)
    if is_smac(document):
        return read_smac(document, path)
    if is_katib(document):
        return read_katib(document, path)
    return read_nni(document, path) if is_nni(document) else None
