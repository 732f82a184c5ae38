"""Each form in which people have their trials gives the right trials, or says what to do."""

from pathlib import Path
from typing import Any

import pytest

from trial_sets.errors import InputError
from trial_sets.loading.study_folder import find_study
from trial_sets.loading.trial_file import load_trials
from trial_sets.study import Study

A50 = find_study("a50")
GRID = {
    "trial1": {"learning_rate": 1e-3, "dropout": 0.1},
    "trial2": {"learning_rate": 1e-3, "dropout": 0.2},
    "trial3": {"learning_rate": 1e-4, "dropout": 0.1},
    "trial4": {"learning_rate": 1e-4, "dropout": 0.2},
}
TWO = {"A1": {"dropout": 0.1}, "A2": {"dropout": 0.2}}
NUMBERED = {"trial1": {"dropout": 0.1}, "trial2": {"dropout": 0.2}}
DEEP = {"n_layers": 8, "learning_rate": 1e-4}


def load(folder: Path, name: str, text: str) -> Study:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return load_trials(str(path), A50)


def list_changes(study: Study) -> dict[str, dict[str, Any]]:
    """Return what each trial changes in the study's base, but for the batch size that follows."""
    assert study.base is not None
    base = study.base.model_dump()
    return {
        trial.name: {
            name: value
            for name, value in trial.configuration.model_dump().items()
            if value != base[name]
        }
        for trial_set in study.sets
        for trial in trial_set.trials
    }


@pytest.mark.parametrize(
    ("name", "text", "trials"),
    [
        # Python
        ("ann.py", "from typing import Any\nT: dict[str, Any] = {'A1': {'dropout': .1}, "
         "'A2': {'dropout': .2}}", TWO),
        ("flat.py", "config = {'learning_rate': 1e-4, 'n_layers': 8}", {"config": DEEP}),
        ("call.py", "config = dict(learning_rate=1e-4, n_layers=8)", {"config": DEEP}),
        ("grid.py", "param_grid = {'learning_rate': [1e-3, 1e-4], 'dropout': (0.1, 0.2)}", GRID),
        ("int_keys.py", "T = {1: {'dropout': 0.1}, 2: {'dropout': 0.2}}", NUMBERED),
        ("list.py", "E = [\n {'name': 'wide', 'dropout': .1},\n {'name': 'deep', 'n_layers': 8}]",
         {"wide": {"dropout": 0.1}, "deep": {"n_layers": 8}}),
        ("calls.py", "T = {'A1': dict(dropout=.1), 'A2': dict(dropout=.2)}", TWO),
        ("listed.py", "T = [dict(dropout=.1), dict(dropout=.2)]", NUMBERED),
        ("lr.py", "T = {'A1': {'lr': 1e-4, 'num_layers': 8}}", {"A1": DEEP}),
        ("nested.py", "T = {'A1': {'model': {'n_layers': 8}, 'optim': {'learning_rate': 1e-4}}}",
         {"A1": DEEP}),
        ("flat_names.py", "C = {'model': {'n_layers': 8}, 'optim': {'lr': 1e-4}}", {"C": DEEP}),
        ("pow.py", "T = {'A1': {'learning_rate': 10**-4, 'n_layers': 2 * 4}}", {"A1": DEEP}),
        ("var.py", "BASE = {'dropout': 0.5, 'n_layers': 8}\nT = {'A1': {**BASE, 'dropout': 0.1}, "
         "'A2': dict(BASE, dropout=0.2), 'A3': BASE | {'dropout': 0.4}}",
         {"A1": {"dropout": 0.1, "n_layers": 8}, "A2": {"dropout": 0.2, "n_layers": 8},
          "A3": {"dropout": 0.4, "n_layers": 8}}),
        ("sweep.py", "sweep = {'method': 'grid', 'parameters': {'lr': {'values': [1e-3, 1e-4]},"
         " 'dropout': {'values': [0.1, 0.2]}}}\nimport wandb\nwandb.sweep(sweep)", GRID),
        ("hydra.py", "O = ['lr=1e-3,1e-4', 'dropout=0.1,0.2']", GRID),
        # JSON
        ("bom.json", '\ufeff{"A1": {"dropout": 0.1}, "A2": {"dropout": 0.2}}', TWO),
        ("comment.json", '{"A1": {"dropout": 0.1}, // first\n/* then */ "A2": {"dropout": 0.2}}',
         TWO),
        ("trailing.json", '{"A1": {"dropout": 0.1,}, "A2": {"dropout": 0.2,},}', TWO),
        ("list.json", '[{"id": 1, "dropout": 0.1}, {"id": 2, "dropout": 0.2}]', NUMBERED),
        ("numbers.json", '{"1": {"dropout": 0.1}, "2": {"dropout": 0.2}}', NUMBERED),
        ("sweep.json", '{"method":"grid","parameters":{"learning_rate":{"values":[0.001,0.0001]},'
         '"dropout":{"values":[0.1,0.2]}}}', GRID),
        ("grid.jsonc", '{"lr": [0.001, 0.0001], "dropout": [0.1, 0.2]} // all', GRID),
        # YAML
        ("trials.yaml", "A1:\n  dropout: 0.1\nA2:\n  dropout: 2e-1\n", TWO),
        ("list.yml", "- name: A1\n  dropout: 0.1\n- {name: A2, dropout: 0.2}\n", TWO),
        ("experiments.yaml", "experiments:\n  - A1: {dropout: 0.1}\n  - A2: {dropout: 0.2}\n", TWO),
        ("anchors.yaml", "base: &b {lr: 1e-4}\nA1: {<<: *b, num_layers: 8}", {"A1": DEEP}),
        ("flat.yaml", "lr: 1e-4\nmodel:\n  num_layers: 8\n", {"flat": DEEP}),
        ("wandb.yaml", "program: train.py\nmethod: grid\nmetric: {name: val_loss, goal: minimize}\n"
         "parameters:\n  lr: {values: [1e-3, 1e-4]}\n  dropout: {values: [0.1, 0.2]}\n", GRID),
        ("run.yaml", "wandb_version: 1\nlr: {desc: null, value: 1e-4}\nn_layer: {value: 8}\n",
         {"run": DEEP}),
        ("multirun.yaml", "hydra:\n  mode: MULTIRUN\n  sweeper:\n    params:\n"
         "      lr: 1e-3, 1e-4\n      model.dropout: choice(0.1,0.2)\n", GRID),
        ("over.yaml", "optimizer: {name: AdamW, lr: 0.5}\nhydra: {sweeper: {params: "
         "{optimizer.lr: '1e-4'}}}", {"trial1": {"optimizer": "adamw", "learning_rate": 1e-4}}),
        ("overrides.yaml", "- lr=1e-3,1e-4\n- dropout=0.1,0.2\n", GRID),
        ("text.yaml", "lr=1e-3,1e-4 dropout=0.1,0.2", GRID),
        # a command
        ("run.sh", "#!/bin/sh\npython train.py -m lr=1e-3,1e-4 \\\n  dropout=0.1,0.2\n", GRID),
        ("over.txt", "lr=1e-3,1e-4 dropout=0.1,0.2", GRID),
    ],
)  # fmt: skip
def test_a_form_gives_its_trials(
    tmp_path: Path, name: str, text: str, trials: dict[str, dict[str, Any]]
) -> None:
    assert list_changes(load(tmp_path, name, text)) == trials


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("tower.py", "T = {'A1': {'d_model': 9**9**9}}", r"line 1: 9\*\*9\*\*9 is no number of a"),
        ("made.py", "T = {'A1': make()}", r"line 1: make\(\) is not a literal that a trial can"),
        ("loop.py", "T = [{'lr': a} for a in (1, 2)]", r"line 1: \[\{'lr': a\} for a in \(1,"),
        ("tune.py", "C = {'lr': tune.uniform(0, 1)}", r"line 1: tune\.uniform\(0, 1\) is not a"),
        ("later.py", "C = {'lr': 1e-4}\nC['lr'] = 1", r"line 2: C\['lr'\] changes C, but the"),
        ("two.py", "a = {'lr': 1e-4}\nb = {'d_model': 64}",
         r"holds 2 single configurations, which may be trials or parts of one: pick one, .*py:a"),
        ("none.py", "class Config:\n    lr = 1e-4", r"holds no dict of trials, such as TRIALS = "),
        ("both.py", "T = {'A1': {'lr': 1, 'learning_rate': 1}}", r"A1: lr and learning_rate both"),
        ("seed.py", "T = {'A1': {'seed': 1}}", r"A1: seed is no part of a configuration: .*"),
        ("words.py", "T = {'A1': {'device': 'cuda'}}", r"A1: unknown key \"device\"; valid:"),
        ("tag.yaml", "A1: !!python/object/apply:os.system ['exit']", r"line 1: the tag"),
        ("twice.yaml", "A1: {lr: 1}\nA1: {lr: 2}", r"line 2: the key \"A1\" stands twice"),
        ("no.yaml", "A1:\n  revin: no", r"line 1: trial A1: revin=\"no\", expected boolean"),
        ("old.yaml", "A1: {d_model: 010}", r"trial A1: d_model=\"010\", expected integer"),
        ("random.yaml", "method: random\nparameters: {lr: {values: [1]}}",
         r"the sweep's method is \"random\", which chooses trials while it runs: give method:"),
        ("range.yaml", "method: grid\nparameters: {lr: {min: 0.1, max: 1.0}}",
         r"lr is \{\"min\": 0\.1, \"max\": 1\.0\}, which lists no values: give values: \[\.\.\.\]"),
        ("seeds.yaml", "method: grid\nparameters: {seed: {values: [1, 2]}}", r"seed is no part"),
        ("interval.txt", "lr=interval(0,1)", r"lr=\"interval\(0,1\)\" lists no values: give them"),
        ("empty.yaml", "# nothing yet", r"holds no dict of trials, such as TRIALS = "),
        ("text.yaml", "nothing", r'holds "nothing", expected trials such as \{"A1"'),
        ("nan.json", '{"A1": {"lr": NaN}}', r"NaN is not a number that JSON knows"),
        ("list.json", "[1]", r"a list of trials holds 1, expected \{\"A1\""),
        ("mixed.json", '{"A1": {"lr": 1}, "epochs": 5}', r"epochs beside the trials A1: what all "),
    ],
)  # fmt: skip
def test_a_form_that_is_not_read_says_what_to_do(
    tmp_path: Path, name: str, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message) as caught:
        load(tmp_path, name, text)
    assert str(tmp_path / name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_study_says_how_its_file_was_understood(tmp_path: Path) -> None:
    text = (
        "DEFAULTS = {'epochs': 5}\n"
        "T = {1: {'model': {'hidden_size': 64}, 'optim': {'lr': 1e-4}}, 'A1': {'lr': 1e-3}}\n"
    )
    assert load(tmp_path, "own.py", text).notices == (
        "own.py: DEFAULTS is left out: what a trial does not say comes from the study",
        "own.py: trials without a name that a trial can have are called trial1",
        "own.py: groups were flattened: model and optim",
        "own.py: names were read as the patch transformer's: hidden_size as d_model and lr as "
        "learning_rate",
    )
    text = "program: x.py\nmethod: grid\nparameters: {lr: {values: [1, 2]}, wd: {value: 0.1}}"
    assert load(tmp_path, "own.yaml", text).notices == (
        "own.yaml: every combination is a trial: 2 lr, as trial1 to trial2",
        "own.yaml: of the sweep nothing comes of program",
        "own.yaml: names were read as the patch transformer's: wd as weight_decay and lr as "
        "learning_rate",
    )


def test_notices_are_shown_and_not_kept(tmp_path: Path) -> None:
    study = load(tmp_path, "own.py", "T = {'A1': {'lr': 1e-4}}")
    assert study.notices
    assert "notices" not in study.model_dump()


def test_every_file_of_trials_beside_the_project_is_read(shared_data: Path) -> None:
    files = sorted((shared_data / "field").glob("trials*")) + sorted(
        (shared_data / "field").glob("sweep*")
    )
    assert len(files) == 16
    for path in files:
        assert load_trials(str(path), A50).sets
