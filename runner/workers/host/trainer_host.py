"""The host of a trainer of one's own: a process in a person's environment that serves the runner.

It is started as a file, by any Python from 3.8 on that has numpy. Their folder comes first on its
path and our packages are not to be found, whatever is installed. It speaks the protocol of
`runner.workers.protocol`: orders come on what was standard input, messages leave on what was
standard output.

The function is called once a fit as ``function(configuration, data, context)`` and returns metrics,
or None when it saved predictions:

- ``configuration``: a dict; of free hyperparameters just those, else every field of the trial.
- ``data``: a `TrainerData` of `data_view`. `torch.tensor` copies its arrays without a warning.
- ``context``: a `TrainerContext` of `context`.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.util
import json
import os
import platform
import sys
import time
import traceback
from collections.abc import Callable
from functools import partial
from importlib.machinery import PathFinder
from queue import SimpleQueue
from types import ModuleType
from typing import Any
from urllib.parse import unquote_to_bytes

HERE = os.path.dirname(os.path.abspath(__file__))  # noqa: PTH100, PTH120 - a link stays one
WORKERS = os.path.dirname(HERE)  # noqa: PTH120
RECORDS = os.path.join(WORKERS, "..", "..", "trial_sets", "records")  # noqa: PTH118
SIGN_OF_OURS = os.path.join("runner", "workers", "supervisor.py")  # noqa: PTH118
OUR_PACKAGES = ("analysis", "models", "runner", "scripts", "trial_sets")
OLDEST = (3, 8)
NOTABLE = ("numpy", "torch", "jax", "tensorflow", "scikit-learn")  # whose versions are told


class OurPackagesHidden(importlib.abc.MetaPathFinder):
    """Finds a person's own ``models`` and the like, and never ours, installed or not."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:  # noqa: ANN401
        """Return where a module of one of our names lies; no opinion on any other."""
        if path is not None or name not in OUR_PACKAGES:
            return None
        places = [place for place in sys.path if not _holds_ours(place)]
        found = PathFinder.find_spec(name, places, target)
        if found is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return found


def load_part(file: str) -> ModuleType:
    """Return one of our own files as a module, under a name that nobody else uses."""
    name = f"_supplementary_trials_{os.path.basename(file)[:-3]}"  # noqa: PTH119
    return load_file(file, name)


def load_file(file: str, name: str) -> ModuleType:
    """Execute a file as a module of this name."""
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(name, None)
        raise
    return module


class Host:
    """Serves the orders of one parent; see `serve`."""

    def __init__(self) -> None:
        self._descendants, self._faults, self._service = (
            load_part(os.path.join(WORKERS, f"{name}.py"))  # noqa: PTH118
            for name in ("descendants", "fault_words", "service")
        )
        self._service.wake_when_orphaned()
        self._descendants.adopt_orphans()
        pipes = load_part(os.path.join(WORKERS, "pipes.py"))  # noqa: PTH118
        self._pipes = pipes.Pipes(self._descendants.end_with_children)
        judgements = load_part(os.path.join(WORKERS, "judgements.py"))  # noqa: PTH118
        self._judgements = judgements.Judgements()
        self._orders: SimpleQueue[Any] = SimpleQueue()
        alive = partial(self._say, "", {"event": "alive"})
        self._service.start_threads(self._listen, partial(self._service.beat, alive))
        self._data_path, self._data = "", None
        self._trainer, self._function = "", None

    def serve(self) -> None:
        """Train one fit after another until the parent is gone."""
        self._context, self._views, self._history = (
            load_part(os.path.join(HERE, f"{name}.py"))  # noqa: PTH118
            for name in ("context", "data_view", "epoch_history")
        )
        self._limits = load_part(os.path.join(RECORDS, "limits.py"))  # noqa: PTH118
        self._say("", describe_environment())
        while True:
            ordered = self._orders.get()
            say = partial(self._say, ordered["token"])
            order = ordered["order"]
            wait = self._judgements.open(ordered["token"])
            news = self._load(order) if order["order"] == "load" else self._run(order, say, wait)
            self._pipes.end_if_forked()
            self._descendants.end_children()  # before the next fit: they may hold its memory
            say(news)

    def _listen(self) -> None:
        """Queue the orders that come in; when the parent is gone, end at once, within a step too.

        What the trainer started ends too.
        """
        for line in self._pipes.read_lines():
            ordered = json.loads(line)
            order = ordered["order"]
            if order["order"] == "judge":
                self._judgements.put(ordered["token"], order["index"], go_on=order["go_on"])
            else:
                self._orders.put(ordered)
        self._descendants.end_with_children()

    def _say(self, token: str, message: dict[str, Any]) -> None:
        said = {"token": token, "pid": self._pipes.pid, "message": message}
        self._pipes.write_line(json.dumps(said).encode())

    def _load(self, order: dict[str, Any]) -> dict[str, Any]:
        """Import a trainer; what that raises is told by its fits, each of which tries again."""
        with contextlib.suppress(BaseException):
            self._find_function(unquote(order["trainer"]))
        return {"event": "loaded"}

    def _run(
        self,
        job: dict[str, Any],
        say: Callable[[dict[str, Any]], None],
        wait: Callable[[int], bool],
    ) -> dict[str, Any]:
        """Run the one fit of a job and return how it has ended; whatever is raised is told."""
        try:
            self._train(job, say, wait)
        except BaseException as error:  # noqa: BLE001 - a trainer may raise what it likes
            text = self._faults.describe_error(error)
            return {
                "event": "error",
                "kind": self._faults.classify_error(error, text),
                "message": self._limits.cap_text(text, self._limits.MOST_MESSAGE),
                "traceback": self._limits.keep_end(
                    describe_trace(error), self._limits.MOST_TRACEBACK
                ),
            }
        return {"event": "done"}

    def _train(
        self,
        job: dict[str, Any],
        say: Callable[[dict[str, Any]], None],
        wait: Callable[[int], bool],
    ) -> None:
        """Run the person's function and send what it reports; of a judged job, wait for answers."""

        def report(point: dict[str, Any]) -> bool:
            say({"event": "epoch", "index": 0, "point": point})
            return not job.get("judged") or wait(0)

        function = self._find_function(unquote(job["trainer"]))
        path = unquote(job["data"])
        data = self._find_data(path).copied(with_test=job["with_test"]) if path else None
        configuration = dict(job["configurations"][0])
        terms = self._context.Terms(data or self._views.NoData(), job["metric"], job["direction"])
        history = self._history.ScoreHistory(
            configuration.get("epochs"),
            terms.rows["val"] * terms.outputs,
            in_halves=terms.in_halves,
        )
        context = self._context.TrainerContext(
            seed=job["seeds"][0],
            device=job["device"],
            wants_test=job["with_test"],
            terms=terms,
            history=history,
            report=report,
        )
        if set(configuration) == {"parameters"}:
            configuration = dict(configuration["parameters"])
        returned, notices = None, []
        started = time.perf_counter()
        try:
            returned = function(configuration, data, context)
        except BaseException as error:
            if not context.is_told_to_stop:
                raise
            notices = self._note_error(error)
        finally:
            context.end()
        seconds = time.perf_counter() - started
        say({"event": "result", **context.describe(returned, seconds), "notices": notices})

    def _note_error(self, error: BaseException) -> list[str]:
        """Return what a trainer raised that was told to stop, unless it was just that."""
        if isinstance(error, self._context.StopTraining):
            return []
        text = f"told to stop, the trainer raised {self._faults.describe_error(error)}"
        return [self._limits.cap_text(text, self._limits.MOST_MESSAGE)]

    def _find_data(self, path: str) -> Any:  # noqa: ANN401
        """Return the prepared data, read once a process and not once a fit."""
        if path != self._data_path:
            self._data, self._data_path = self._views.read_data(path), path
        return self._data

    def _find_function(self, trainer: str) -> Any:  # noqa: ANN401
        """Return a person's function; its file is executed once."""
        if trainer != self._trainer:
            file, _, name = trainer.rpartition(":")
            self._function, self._trainer = getattr(load_trainer(file), name), trainer
        return self._function


def load_trainer(file: str) -> ModuleType:
    """Execute a person's file as the module that others in its folder would import."""
    folder = os.path.dirname(file)  # noqa: PTH120
    if folder not in sys.path[:1]:
        sys.path.insert(0, folder)
    stem = os.path.basename(file)[:-3]  # noqa: PTH119
    is_free = stem.isidentifier() and stem not in sys.modules
    return load_file(file, stem if is_free else f"trainer_of_ones_own_{stem}")


def describe_environment() -> dict[str, Any]:
    """Return the first words: versions alone, since no library that knows devices is imported."""
    import importlib.metadata as installed  # noqa: PLC0415 - not before our threads run

    versions = {"python": platform.python_version()}
    for name in NOTABLE:
        try:
            versions[name] = str(installed.version(name))
        except Exception:  # noqa: BLE001, S112 - missing or half installed: not to be told
            continue
    nothing = {"processor": "", "cuda": [], "mps": False, "matmul": "default"}
    system = f"{platform.system()} {platform.machine()}"
    return {"event": "ready", "versions": versions, "platform": system, **nothing}


def describe_trace(error: BaseException) -> str:
    """Return the traceback of an exception, without the frames of this host."""
    told = traceback.TracebackException(type(error), error, error.__traceback__)
    left: list[Any] = [told]
    while left:
        one = left.pop()
        one.stack[:] = [frame for frame in one.stack if not _is_ours(frame.filename)]
        causes = [one.__cause__, one.__context__, *(getattr(one, "exceptions", None) or ())]
        left += [cause for cause in causes if cause is not None]
    return "".join(told.format())


def unquote(text: str) -> str:
    """Return the path that `runner.workers.protocol.quote_path` was given."""
    return os.fsdecode(unquote_to_bytes(text))


def _holds_ours(place: str) -> bool:
    """Return whether a place on the path holds this project, installed or checked out."""
    return os.path.isfile(os.path.join(place, SIGN_OF_OURS))  # noqa: PTH113, PTH118


def _is_ours(file: str) -> bool:
    return file.startswith((HERE + os.sep, "<frozen importlib"))


def main() -> None:
    """Serve orders until there can be no more."""
    host = Host()
    try:
        host.serve()
    except Exception:  # noqa: BLE001 - numpy that cannot be imported, memory
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)


if __name__ in ("__main__", "__mp_main__"):  # a process that the trainer has spawned, too
    sys.path[:] = [place for place in sys.path if os.path.abspath(place) != HERE]  # noqa: PTH100
    sys.meta_path.insert(0, OurPackagesHidden())
if __name__ == "__main__":
    main()
