"""Which results of other tools are read, and how: the table of `analyze --formats`."""

from trial_sets.forms import Form

_LAST = "a trial's metric is its last; --metric names one of several"

FORMS = (
    Form(
        "Optuna", "SQLite database, every schema since 1.0",
        "trials, states, hyperparameters with their ranges, steps and choices, user attributes, "
        "direction; one of several studies (FILE#NAME, --study, all), one of several objectives "
        "(--metric values_1 or its own name)",
        "intermediate values; databases other than SQLite",
    ),
    Form(
        "Optuna", "journal file",
        "the same as a database",
        "an operation that is cut off in the last line; journals in Redis",
    ),
    Form(
        "Optuna", "CSV or JSON of trials_dataframe()",
        "the same, but for what it does not hold, also with the two head lines of old versions: a "
        "blank among words is Optuna's None; of values_0, values_1, ... one is named with --metric",
        "ranges; the direction, which nothing records: less is assumed to be better, and said so "
        "beside the best",
    ),
    Form(
        "Optuna", "JSON list of trials with value, params and user_attrs",
        "as the CSV; forced_NAME in user_attrs are hyperparameters of a forced trial",
        "the direction, unless the value repeats val_auc",
    ),
    Form(
        "scikit-learn", "CSV or JSON of cv_results_",
        "mean_test_score (of several mean_test_NAME one is named with --metric), more is better as "
        "in all its scorers, neg_NAME included; param_NAME, or params as text",
        "times, ranks and deviations; the splits, which share rows and are no seeds",
    ),
    Form(
        "any", "rows that are splits of a cross-validation (fold, split)",
        "one trial a configuration, with its mean over the splits",
        "splits as seeds",
    ),
    Form(
        "Keras Tuner, AutoKeras", "trial.json, one a trial",
        "score, with the name and direction of the metric it repeats; hyperparameters, their "
        "ranges and choices; Hyperband's epochs as budget; status",
        "oracle.json, which holds no scores (the sentence names trial_*/trial.json); checkpoints",
    ),
    Form(
        "W&B", "CSV of the table of runs",
        "Name or ID, State, Runtime; the configuration, where columns are sorted as W&B sorts them "
        "told from the summary; the metric with --metric",
        "W&B's own columns (Created, Sweep, Tags, _step, ...); sweep configurations",
    ),
    Form(
        "W&B", "CSV of the API: config and summary as text in cells",
        "both flattened, nested names with dots",
        "names that begin with _",
    ),
    Form(
        "W&B", "CSV of a chart, one column a run",
        "one trial a run, its last value; no hyperparameters",
        "charts of several metrics; __MIN and __MAX",
    ),
    Form(
        "Ray Tune", "result.json and progress.csv of a trial",
        f"one trial a file, config/NAME; {_LAST}",
        "experiment_state.json, which the sentence sends back to result.json; pickles",
    ),
    Form(
        "Ray Tune", "CSV of get_dataframe()",
        "one trial a row, config/NAME, time_total_s",
        "Ray's own columns",
    ),
    Form(
        "Lightning", "metrics.csv",
        f"one trial a file; {_LAST}",
        "hparams.yaml beside it",
    ),
    Form(
        "Hugging Face", "trainer_state.json",
        f"one trial a file, from log_history; {_LAST}",
        "training arguments, which are pickled",
    ),
    Form(
        "any", "rows that are epochs (epoch, step, training_iteration)",
        "one trial for each that has a name, a configuration, or a counter that starts again; the "
        "last metric",
        "the curve itself",
    ),
    Form(
        "MLflow", "CSV of search_runs() and of the page",
        "params.NAME, metrics.NAME, status, duration",
        "tags, artifacts; the database",
    ),
    Form(
        "Hyperopt", "JSON of trials.trials",
        "loss, less is better; misc.vals; status",
        "the words behind hp.choice, which the file does not hold; pickles",
    ),
    Form(
        "SMAC", "runhistory.json, versions 1 and 2",
        "one row a run, cost, less is better; configuration, seed, budget and instance",
        "ranges",
    ),
    Form(
        "NNI", "JSON of nnictl experiment export",
        "parameter; value, of several parts the default",
        "the direction; nni.db",
    ),
    Form(
        "Katib", "JSON of kubectl get trials",
        "objective with its direction, parameter assignments, conditions, latest metrics",
        "experiments, suggestions",
    ),
    Form(
        "Ax", "CSV of get_trials_data_frame()",
        "trial or arm, status, hyperparameters; the metric by its name or with --metric",
        "JSON snapshots (the sentence says what to write instead)",
    ),
    Form(
        "Syne Tune", "results.csv",
        f"config_NAME, one trial for each trial_id; {_LAST}",
        "Syne Tune's own columns (st_...)",
    ),
    Form(
        "SageMaker, AutoGluon, DVC, Neptune, FLAML, bayes_opt, H2O", "CSV and JSON exports",
        "as any CSV or JSON: FinalObjectiveValue, score_val, target and the like are the metric; "
        "parameters/NAME, params, config",
        "their other columns, which are set aside in full view",
    ),
    Form(
        "any", "CSV with comma, semicolon, tab or bar; decimal commas beside semicolons; per cent; "
        "tables that were appended to, with the head again",
        "metric and direction by name, hyperparameters by name, values and place, what was taken "
        "and what set aside said in full; mappings in cells, as JSON or as Python prints them; "
        "--metric, --direction and --param-columns settle the rest",
        "other head lines, repeated names, rows of unequal length, means with deviations in one "
        "cell",
    ),
    Form(
        "any", "JSON: a list, objects by name, columns, pandas' orient, or a line each",
        "the same, nested objects with dots; params, config, hyperparameters and the like are "
        "hyperparameters",
        "comments; keys that stand twice in an object",
    ),
    Form(
        "any",
        "CSV or Parquet of predictions: trial, seed, row, label, score; a date too, and a group",
        "judged like a run's own, on the metric of --study (AUC without one): its claims, and which"
        " trials can be told from the best. A regression's label and score are numbers; of several "
        "classes there is a column a class, named like its label, with probabilities or logits",
        "further columns; a study without a task",
    ),
    Form(
        "any", "pickle, spreadsheet, other Parquet, NumPy, HDF5, archives, UTF-16",
        "nothing: a sentence says what the file is and what is expected",
        "all of them; a pickle is never loaded",
    ),
)  # fmt: skip
