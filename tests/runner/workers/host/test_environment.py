"""A person's function runs in their own environment, in which our packages are not to be found."""

import ast
import json
import sys
from pathlib import Path

import numpy as np
import pytest

from models.epoch_logits import MOST_BYTES
from models.training.history import LogitHistory
from runner.batch.run import run_plan, start_workers
from runner.errors import BatchStopped
from runner.planning.plan import make_plan
from runner.planning.request import Request
from runner.workers.host.epoch_history import ScoreHistory
from runner.workers.host.trainer_host import RECORDS, WORKERS
from runner.workers.launch import ROOT
from runner.workers.sent_logits import SentLogits, SentValues
from trial_sets.records.record import Record

HOST = Path(WORKERS) / "host"
SHARED = [
    *(
        Path(WORKERS, f"{name}.py")
        for name in ("pipes", "descendants", "service", "fault_words", "judgements")
    ),
    Path(RECORDS, "limits.py"),
]
FAR = [
    Path(WORKERS, "host_memory.py"),
    *(ROOT / "runner" / "launching" / f"{name}.py" for name in ("guard", "likeness", "sighting")),
]
OUTSIDE_PYTHON = {"numpy"}


def write_python(folder: Path, then: str = "") -> Path:
    """Write a Python that finds its own library and numpy alone, as in another environment."""
    numpy = Path(np.__file__).parents[1]
    path = folder / "python"
    path.write_text(
        f"#!/bin/sh\n{then}\n"
        "export PYTHONSAFEPATH=\n"
        f'exec env PYTHONPATH="{folder / "library"}" {sys.executable} -S "$@"\n'
    )
    path.chmod(0o755)
    (folder / "library").mkdir()
    for name in ("numpy", "numpy.libs"):
        if (numpy / name).exists():
            (folder / "library" / name).symlink_to(numpy / name)
    return path


def run(study: Path, trainer: str, **asked: object) -> Record:
    request = Request(
        study=str(study), trials=("A1",), trainer=trainer, device="cpu", jobs=1,
        output=study.parent / "outputs", **asked,  # type: ignore[arg-type]
    )  # fmt: skip
    plan = make_plan(request)
    with start_workers(request) as pool:
        run_plan(plan, pool, lambda event: None)
    record = plan.folder.read_record("A1", 3)
    assert record is not None
    return record


@pytest.mark.parametrize("file", [*HOST.glob("*.py"), *SHARED, *FAR], ids=lambda file: file.stem)
def test_what_hosts_and_guards_read_needs_python_3_8_and_numpy_alone(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    tree = ast.parse(text, feature_version=(3, 8))
    named: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            named |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            named.add((node.module or "").split(".")[0])
    assert named <= set(sys.stdlib_module_names) | OUTSIDE_PYTHON
    assert not named & {"tomllib", "zoneinfo", "graphlib"}  # younger than 3.8
    if file.name != "__init__.py":
        assert "from __future__ import annotations" in text


def write_project(folder: Path) -> Path:
    """Write a trainer that imports what is named like our packages; return its file."""
    for name in ("models", "scripts", "analysis", "runner", "trial_sets"):
        (folder / name).mkdir()
        (folder / name / "own.py").write_text(f"NAME = {name!r}\n")  # no __init__.py
    (folder / "models" / "lstm.py").write_text("from scripts.own import NAME\nclass Net: ...\n")
    trainer = folder / "train.py"
    trainer.write_text(
        "import sys, os\nimport numpy as np\n"
        "from models.lstm import Net\n"
        "import analysis.own, runner.own, scripts.own, trial_sets.own\n"
        "def double(number):\n"
        "    return 2 * number\n"
        "def train(configuration, data, context):\n"
        "    import train, multiprocessing\n"
        "    with multiprocessing.get_context('spawn').Pool(1) as pool:\n"
        "        assert pool.apply(double, (21,)) == 42\n"
        "    assert train.Net is Net and __name__ == 'train'\n"
        "    ours = [m for m in sys.modules.values() if getattr(m, '__file__', None)\n"
        f"            and m.__file__.startswith({str(ROOT)!r})\n"
        f"            and not m.__file__.startswith({WORKERS!r})\n"
        "            and not m.__name__.startswith('_') and 'site-packages' not in m.__file__]\n"
        "    assert not ours, ours\n"
        "    assert sys.path[0] == os.path.dirname(os.path.abspath(__file__))\n"
        "    assert not {'torch', 'pydantic'} & set(sys.modules)\n"
        "    context.save_predictions(np.arange(len(data.val_rows)))\n"
    )
    return trainer


def test_folders_of_their_own_that_are_named_like_our_packages_are_imported(
    tiny_study: Path, tmp_path: Path
) -> None:
    record = run(tiny_study, f"{write_project(tmp_path)}:train")
    assert record.failure is None


def test_the_same_in_an_environment_that_lacks_all_that_we_need(
    tiny_study: Path, tmp_path: Path
) -> None:
    record = run(tiny_study, f"{write_project(tmp_path)}:train", python=str(write_python(tmp_path)))
    assert record.failure is None
    versions = record.provenance.versions
    assert versions["python"].startswith("3.")
    assert "torch" not in versions


def test_none_of_ours_is_to_be_found_where_they_have_none(tiny_study: Path, tmp_path: Path) -> None:
    trainer = tmp_path / "train.py"
    trainer.write_text("def train(configuration, data, context):\n    import models.errors\n")
    failure = run(tiny_study, f"{trainer}:train").failure
    assert failure is not None
    assert failure.message == "ModuleNotFoundError: No module named 'models'"


def test_a_failure_shows_the_frames_of_their_code_alone(tiny_study: Path, tmp_path: Path) -> None:
    trainer = tmp_path / "train.py"
    trainer.write_text(
        "def inner(context):\n"
        "    context.report_epoch(val_loss=float('nan'))\n"
        "def train(configuration, data, context):\n"
        "    try:\n"
        "        inner(context)\n"
        "    except ValueError as error:\n"
        "        raise RuntimeError('training stopped') from error\n"
    )
    failure = run(tiny_study, f"{trainer}:train").failure
    assert failure is not None
    assert failure.message == "RuntimeError: training stopped"
    frames = [
        line.split(", ", 1)[1] for line in failure.traceback.splitlines() if '  File "' in line
    ]
    assert frames == ["line 5, in train", "line 2, in inner", "line 7, in train"]
    assert "runner/workers" not in failure.traceback


@pytest.mark.parametrize(
    ("code", "message", "words"),
    [
        (
            "import nothing_like_it\n",
            "ModuleNotFoundError: No module named 'nothing_like_it'",
            "line 1",
        ),
        ("raise OSError('no licence')\n", "OSError: no licence", "line 1, in <module>"),
        ("from inner import x\n", "SyntaxError: invalid syntax (inner.py, line 1)", "def ="),
    ],
)
def test_what_cannot_be_imported_is_told_by_its_own_words(
    tiny_study: Path, tmp_path: Path, code: str, message: str, words: str
) -> None:
    (tmp_path / "inner.py").write_text("def =\n")
    trainer = tmp_path / "train.py"
    trainer.write_text(f"{code}def train(configuration, data, context): ...\n")
    failure = run(tiny_study, f"{trainer}:train").failure
    assert failure is not None
    assert failure.message == message
    assert words in failure.traceback
    assert "importlib" not in failure.traceback


def test_a_host_that_cannot_start_is_told_before_the_first_fit(
    tiny_study: Path, tmp_path: Path
) -> None:
    python = write_python(tmp_path, then='case "$1" in *trainer_host.py) exit 9;; esac')
    trainer = tmp_path / "train.py"
    trainer.write_text("def train(configuration, data, context): ...\n")
    with pytest.raises(BatchStopped, match=r"no worker can start: .* ended with status 9"):
        run(tiny_study, f"{trainer}:train", python=str(python))


@pytest.mark.parametrize("n_epochs", [5, 30, 90])
def test_log_odds_by_epoch_are_kept_in_the_bits_of_the_built_in_trainer(
    rng: np.random.Generator, n_epochs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    n_rows = 500
    for module in ("models.epoch_logits", "runner.workers.host.epoch_history"):
        monkeypatch.setattr(f"{module}.MOST_BYTES", 40 * 2 * n_rows)  # 40 epochs
    ours, theirs = LogitHistory(60, n_rows), ScoreHistory(60, n_rows, in_halves=True)
    for epoch in range(1, n_epochs + 1):
        scores = np.round(rng.normal(size=n_rows), rng.integers(1, 9)) * 10.0 ** rng.integers(-9, 9)
        for history in (ours, theirs):
            history.add(epoch, scores, is_selected=epoch in {1, 4, 23})
    kept = ours.gather()
    assert kept is not None
    assert SentLogits(**theirs.gather()["epoch_logits"]) == SentLogits.of(kept)
    assert MOST_BYTES == 50_000_000


def test_other_scores_by_epoch_are_kept_in_single_precision(rng: np.random.Generator) -> None:
    scores = rng.normal(size=(3, 7, 4))
    history = ScoreHistory(None, 28, in_halves=False)
    for epoch in range(3):
        history.add(epoch + 1, scores[epoch], is_selected=epoch == 0)
    sent = SentValues(**json.loads(json.dumps(history.gather()["epoch_values"])))
    found = sent.receive(7, 4, n_epochs=3, selected_epoch=1)
    assert found.epochs.tolist() == [1, 2, 3]
    assert np.array_equal(found.values, scores.astype(np.float32))
    with pytest.raises(ValueError, match="84 numbers of 3 epochs, expected 63"):
        sent.receive(7, 3, n_epochs=3, selected_epoch=1)
