"""The same trials as single tools write them: Keras Tuner, W&B, Ray Tune, MLflow and others."""

from typing import Any

from analysis.readers.options import ReadOptions
from tests.analysis.readers.writers import OPTIMIZERS, Files, Made, Written, dump, to_csv


def keras_tuner(trials: list[Made]) -> Written:
    files: Files = {}
    for t in trials:
        seen = [] if t.value is None else [{"value": [t.value], "step": 3}]
        worse = [] if t.value is None else [{"value": [t.value - 1], "step": 1}]
        other = {"direction": "min", "observations": [{"value": [7.5], "step": 1}]}
        metrics = {"val_acc": {"direction": "max", "observations": [*worse, *seen]}}
        metrics["val_loss"] = other
        files[f"trial_{t.name}/trial.json"] = dump(
            {"trial_id": t.name,
             "hyperparameters": {"space": [], "values": {**t.params, "tuner/round": 0}},
             "metrics": {"metrics": metrics}, "score": t.value, "best_step": 3,
             "status": "INVALID" if t.value is None else "COMPLETED"}
        )  # fmt: skip
    return Written(files)


def wandb_runs(trials: list[Made]) -> Written:
    rows = [
        {"Name": t.name, "State": "crashed" if t.value is None else "finished", "Notes": "-",
         "User": "u", "Tags": "", "Created": "2024-01-01T00:00:00.000Z", "Runtime": 100 + n,
         "Sweep": "abc", "lr": t.lr, "opt": t.opt, "units": t.units, "_runtime": n, "_step": 10 * n,
         "epoch": 9, "val_acc": t.value, "val_loss": n}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"export.csv": to_csv(rows)}, ReadOptions(metric_column="val_acc"))


def wandb_api(trials: list[Made]) -> Written:
    rows = [
        {"": n, "summary": str({"_step": n, "val_acc": t.value, "_wandb": {"runtime": 3}}),
         "config": str(t.params), "name": t.name}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"project.csv": to_csv(rows)})


def wandb_chart(trials: list[Made]) -> Written:
    """A chart holds no hyperparameters: only counts and the best are told."""
    done = [t for t in trials if t.value is not None]
    rows: list[dict[str, Any]] = [{"Step": step} for step in (0, 1)]
    for row, shift in zip(rows, (1.0, 0.0), strict=True):
        for t in done:
            value = (t.value or 0.0) - shift
            name = f"{t.name} - val_acc"
            row |= {name: value, f"{name}__MIN": value, f"{name}__MAX": value}
    return Written({"chart.csv": to_csv(rows)})


def ray_results(trials: list[Made]) -> Written:
    files: Files = {}
    for t in trials:
        if t.value is not None:
            files[f"{t.name}/result.json"] = "\n".join(
                dump({"val_acc": t.value + shift, "training_iteration": n, "trial_id": t.name,
                      "config": t.params, "time_total_s": 1.5 * n, "done": n == 2})
                for n, shift in ((1, -1.0), (2, 0.0))
            ) + "\n"  # fmt: skip
    return Written(files)


def ray_dataframe(trials: list[Made]) -> Written:
    rows = [
        {"val_acc": t.value, "timestamp": 17, "done": True, "training_iteration": 3,
         "trial_id": t.name, "date": "2024", "time_total_s": 1.5, "pid": 1, "hostname": "h",
         **{f"config/{name}": value for name, value in t.params.items()}, "logdir": t.name}
        for t in trials
    ]  # fmt: skip
    return Written({"ray.csv": to_csv(rows)})


def epoch_rows(trials: list[Made]) -> Written:
    rows = [
        {"run_name": t.name, **t.params, "epoch": epoch,
         "val_acc": None if t.value is None else t.value + shift, "val_loss": epoch}
        for t in trials
        for epoch, shift in enumerate((0.5, -0.5, 0.0))
    ]  # fmt: skip
    return Written({"history.csv": to_csv(rows)}, ReadOptions(metric_column="val_acc"))


def mlflow_csv(trials: list[Made]) -> Written:
    rows = [
        {"run_id": t.name, "experiment_id": 0, "artifact_uri": "x",
         "status": "FAILED" if t.value is None else "FINISHED",
         "start_time": "2024-01-01 00:00:00+00:00", "end_time": "2024-01-01 00:01:00+00:00",
         "metrics.val_acc": t.value, "metrics.training_score": 1.0,
         **{f"params.{name}": value for name, value in t.params.items()},
         "tags.mlflow.runName": t.name}
        for t in trials
    ]  # fmt: skip
    return Written({"runs.csv": to_csv(rows)})


def hyperopt_json(trials: list[Made]) -> Written:
    rows = [
        {"state": 2, "tid": n, "spec": None,
         "result": {"status": "fail"} if t.value is None else {"loss": -t.value, "status": "ok"},
         "misc": {"tid": n, "vals": {"lr": [t.lr], "units": [t.units],
                                     "opt": [OPTIMIZERS.index(t.opt)]}}}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"hyperopt.json": dump(rows)}, keeps_names=False)


def smac_lists(trials: list[Made]) -> Written:
    data = [
        [[n + 1, None, 0, 0.0],
         [1e9 if t.value is None else -t.value, 2.5,
          {"__enum__": f"StatusType.{'CRASHED' if t.value is None else 'SUCCESS'}"}, 1.0, 2.0, {}]]
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"runhistory.json": dump(_smac(trials, data))}, keeps_names=False)


def smac_flat(trials: list[Made]) -> Written:
    data = [
        [n + 1, None, 0, None, 1e9 if t.value is None else -t.value, 2.5,
         2 if t.value is None else 1, 1.0, 2.0, {}]
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"runhistory.json": dump(_smac(trials, data))}, keeps_names=False)


def smac_objects(trials: list[Made]) -> Written:
    data = [
        {"config_id": n + 1, "instance": None, "seed": 0, "budget": None, "time": 2.5,
         "cost": 1e9 if t.value is None else -t.value, "status": 2 if t.value is None else 1}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"runhistory.json": dump(_smac(trials, data))}, keeps_names=False)


def _smac(trials: list[Made], data: list[Any]) -> dict[str, Any]:
    return {"data": data, "configs": {str(n + 1): t.params for n, t in enumerate(trials)}}


def nni_json(trials: list[Made]) -> Written:
    rows = [
        {"parameter": t.params, "value": "null" if t.value is None else dump(t.value), "id": t.name}
        for t in trials
    ]
    return Written({"nni.json": dump(rows)}, ReadOptions(direction="maximize"))


def katib_json(trials: list[Made]) -> Written:
    items = [
        {"kind": "Trial", "metadata": {"name": t.name},
         "spec": {"objective": {"type": "maximize", "objectiveMetricName": "val_acc"},
                  "parameterAssignments": [{"name": name, "value": str(value)}
                                           for name, value in t.params.items()]},
         "status": {"conditions": [{"type": "Created", "status": "True"},
                                   {"type": "Failed" if t.value is None else "Succeeded",
                                    "status": "True"}],
                    "observation": {"metrics": [] if t.value is None else
                                    [{"name": "val_acc", "latest": str(t.value)}]}}}
        for t in trials
    ]  # fmt: skip
    return Written({"katib.json": dump({"kind": "List", "items": items})})


def ax_csv(trials: list[Made]) -> Written:
    rows = [
        {"trial_index": n, "arm_name": t.name, "generation_method": "Sobol",
         "trial_status": "FAILED" if t.value is None else "COMPLETED", "val_acc": t.value,
         **t.params}
        for n, t in enumerate(trials)
    ]  # fmt: skip
    return Written({"ax.csv": to_csv(rows)})
