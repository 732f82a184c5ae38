"""Names of columns: what the tools and people of the field call things.

All names are compared as `squash_name` writes them. A nested or prefixed name (`model.depth`,
`optim/lr`, `clf__C`, `svc:gamma`) is a hyperparameter of a known name when its last part is one.
"""

import re
from collections.abc import Iterable

from trial_sets.metric_names import guess_direction, squash_name


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Standard column -> the names it goes by, the surest first.
ALIASES: dict[str, tuple[str, ...]] = {
    "trial": (
        *("trial", "trial_name", "config_name", "trial_id", "run_name", "config_id"),
        *(
            "training_job_name",
            "arm_name",
            "number",
            "trial_number",
            "trial_index",
            "run",
            "run_id",
        ),
        *("configuration_name", "experiment_key", "name", "id", "experiment", "model"),
        *("exp_name", "experiment_name", "model_name", "model_id"),
    ),
    "seed": ("seed", "random_seed", "random_state"),
    "state": ("state", "status", "trial_state", "trial_status", "training_job_status"),
    "tier": ("tier",),
    "budget": ("budget",),
    "horizon": ("horizon", "horizon_days"),
    "role": ("role",),
    "duration_s": (
        *("duration_s", "duration_sec", "duration_seconds", "duration", "training_time_s"),
        *("train_time_s", "train_time", "training_time", "elapsed_s", "elapsed", "wall_time_s"),
        *("time_total_s", "runtime", "runtime_s", "runtime_sec", "run_time", "seconds"),
        *("training_elapsed_time_seconds",),
    ),
    "epochs_run": (
        *("epochs_run", "epochs_trained", "n_epochs_run", "epochs_completed"),
        "training_iteration",
    ),
    "stopped_early": ("stopped_early", "early_stopped"),
    "train_metric": ("train_auc", "train_metric"),
    "prediction_low": ("prediction_low", "pred_min", "val_pred_min"),
    "prediction_high": ("prediction_high", "pred_max", "val_pred_max"),
    "positives": ("positives", "n_positives", "val_positives"),
    "negatives": ("negatives", "n_negatives", "val_negatives"),
}
# Names that say what a trial is as often as which one it is.
WEAK_NAMES = (
    *("name", "id", "experiment", "model", "exp_name", "experiment_name", "model_name"),
    "model_id",
)
# What counts the rows of one training, the surest first.
COUNTERS = (
    *("training_iteration", "epoch", "epoch_id", "epoch_num", "current_epoch", "step"),
    *("global_step", "trainer_global_step", "timesteps_total", "iteration", "iter", "step_id"),
)
_EPOCHS = ("training_iteration", "epoch", "epoch_id", "epoch_num", "current_epoch")
# What counts the splits of one cross-validation.
_SPLITS = ("fold", "split", "kfold", "k_fold", "cv_fold", "fold_id", "fold_idx", "fold_index")
_ROW_NUMBERS = (
    *("", "index", "idx", "row", "no", "nr", "level_0", "trial_number", "trial_index", "iteration"),
    *("iter", "run_number", "trial_no", "combination", "rank"),
)
# What a tool writes for itself: no hyperparameters, and no outcomes that anybody asked for.
_OWN = _list_words(
    "wandb timestamp created end_time start_time hostname node_ip pid logdir checkpoint_dir_name "
    "should_checkpoint time_this_iter_s time_since_restore iterations_since_restore "
    "timesteps_since_restore timesteps_total episodes_total experiment_tag experiment_id "
    "artifact_uri source_type source_name lifecycle_stage datetime_start datetime_complete "
    "generation_method generation_node best_step exp_key book_time refresh_time sweep "
    "creation_time monitoring_time wall_time training_start_time training_end_time"
)
# Names that mean this only beside two of those.
_OWN_BESIDE = _list_words(
    "runtime updated notes user tags group job_type host ip commit date trial_dir checkpoint_dir "
    "done config_version source message owner version path url entity project parent type id "
    "executor rev typ gpu_count gpu_type os python_version step epoch iterations"
)
_OWN_PREFIXES = ("tags_mlflow", "mlflow_", "system_attrs_", "sys_", "github_", "tuner_")
_KNOWN = re.compile(
    r"^(lr|init_lr|base_lr|max_lr|min_lr|lr_.*|.*_lr|(.*_)?learning_?rate(_.*)?|eta|"
    r"(.*_)?drop(out|_?rate)?(_.*)?|(.*_)?weight_?decay|wd|(.*_)?batch_?(size)?|bs|d_model|"
    r"(n|num|nb|number_of)_(layers?|heads?|units|filters|estimators|blocks|patches|neurons|hidden|"
    r"trees|leaves|neighbou?rs|components|rounds|lags|features|stacked_layers|epochs|steps|"
    r"iterations|lstm|nodes|kernels|channels|conv.*|dense.*|fc.*)(_.*)?|"
    r"d_ff.*|hidden.*|units(_.*)?|neurons(_.*)?|filters(_.*)?|(max_|tree_)?depth(_.*)?|width|heads|"
    r"layers|optimi[sz]er.*|opt|optim|momentum|beta_?[12]?|alpha|gamma|lambda|lamda|(reg_)?(alpha|lambda)|"
    r"l[12](_.*)?|epochs|(max|train|num_train)_epochs|patience|warmup.*|lookback.*|look_back|"
    r"(time_?|win(dow)?_?)?steps|seq(uence)?_len(gth)?|context(_len(gth)?)?|window(_size)?|horizon|"
    r"kernel(_size|_initializer)?|stride|patch(_len|_size)?|max_depth|min_child_weight|"
    r"subsample.*|colsample.*|num_leaves|activation.*|(lr_)?scheduler.*|label_smoothing|"
    r"temperature|(grad(ient)?_)?clip.*|embed.*|c|degree|penalty|solver|criterion|tol|max_iter|"
    r"max_features|max_leaf_nodes|max_samples|min_samples_(split|leaf)|min_impurity.*|bootstrap|"
    r"class_weight|weights|splitter|l1_ratio|ccp_alpha|leaf_size|hidden_layer_sizes|coef0|"
    r"early_stopping.*|augment.*|(train_|val_|test_|eval_)?(size|split|frac(tion)?|ratio|"
    r"batch_size|samples|steps|freq|interval)|architecture|arch|backbone|model_(type|name|size)|"
    r"pretrained|pool.*|normali[sz]ation|norm|feature_fraction|bagging_.*|min_data_in_leaf|"
    r"l2_leaf_reg|iterations|n_jobs|k|lora_.*|sampling.*|loss_(fn|function|type)|buffer_size|"
    r"tau|epsilon|eps|noise.*|ent_coef|vf_coef|gae_lambda|clip_range)$"
)
_WEIGHING = _list_words(
    "weight weights coef coeff coefficient lambda alpha beta gamma factor scale fn func function "
    "type name kind margin threshold temperature choice size"
)
_MEASURED_PREFIXES = (
    *("train_", "training_", "val_", "valid_", "validation_", "test_", "best_", "final_", "eval_"),
    *("rank_", "std_", "mean_", "metrics_", "metric_", "result_", "results_", "summary_", "true_"),
    *("false_", "perf_", "dev_", "holdout_", "cv_", "confusion_", "stats_"),
)
_MEASURED_SUFFIXES = (
    *("_train", "_training", "_val", "_valid", "_validation", "_test", "_eval", "_mean_test"),
    *("_s", "_sec", "_secs", "_seconds", "_ms", "_minutes", "_mins", "_hours", "_mb", "_gb", "_kb"),
    *("_mib", "_gib", "_bytes", "_stderr", "_sem", "_ci", "_time"),
)
_MEASURED = _list_words(
    "tp fp tn fn std stdev stderr sem variance mean median min max count support memory mem flops "
    "macs latency throughput fps runtime elapsed duration walltime gap overfit "
    "n_params num_params params parameters n_parameters num_parameters total_params "
    "trainable_params model_params tt_sec best_epoch grad_norm prec"
)
_TIMES = _list_words(
    "fit fitting pred predict prediction train training inference infer elapsed wall total run "
    "score scoring eval evaluation execution taken s sec seconds ms min mins h hours"
)
_SPLIT = re.compile(r"^split\d+_")
_PARTS = re.compile(r"[./:]|__")


def is_known_param(name: str) -> bool:
    """Say whether people call a hyperparameter so."""
    return any(_KNOWN.match(squash_name(part)) for part in (name, _PARTS.split(name)[-1]))


def find_own(names: Iterable[str]) -> frozenset[str]:
    """Return the names of the columns that a tool writes for itself."""
    known = list(names)
    sure = {name for name in known if _is_surely_own(name)}
    if len(sure) < 2:
        return frozenset(sure)
    return frozenset(sure | {name for name in known if squash_name(name) in _OWN_BESIDE})


def _is_surely_own(name: str) -> bool:
    squashed = squash_name(name)
    return (
        squashed in _OWN or squashed.startswith(_OWN_PREFIXES) or name.startswith(("_", "Unnamed:"))
    )


def is_counter(name: str) -> bool:
    """Say whether such a column counts the rows of one training."""
    return squash_name(name) in COUNTERS


def is_epoch_counter(name: str) -> bool:
    """Say whether it counts them in epochs."""
    return squash_name(name) in _EPOCHS


def is_split_number(name: str) -> bool:
    """Say whether such a column numbers the splits of a cross-validation."""
    return squash_name(name) in _SPLITS


def is_row_number(name: str) -> bool:
    """Say whether such a column may number the rows of a table."""
    return squash_name(name) in _ROW_NUMBERS or name.startswith("Unnamed:")


def is_statistic(name: str) -> bool:
    """Say whether a column is a by-product of scikit-learn's searches: no metric of a trial."""
    squashed = squash_name(name)
    return bool(
        squashed.startswith(("rank_", "std_"))
        or squashed in {"std", "stdev"}
        or squashed.endswith(("_std", "_time"))
        or _SPLIT.match(squashed)
    )


def is_of_training(name: str) -> bool:
    """Say whether a metric is that of the rows that were trained on."""
    return bool({"train", "training"} & set(squash_name(name).split("_")))


def is_sure_name(name: str) -> bool:
    """Say whether such a column can be nothing but a name of trials, however often it repeats."""
    squashed = squash_name(name)
    return squashed in ALIASES["trial"] and squashed not in WEAK_NAMES


def is_measured(name: str) -> bool:
    """Say whether a column's name is that of something measured rather than chosen.

    Of a nested name, one part that is measured is enough.
    """
    if "." in name.strip("."):
        return not is_known_param(name) and any(map(is_measured, name.split(".")))
    squashed = squash_name(name)
    tokens = squashed.split("_")
    if is_statistic(name) or squashed in _MEASURED:
        return True
    if is_known_param(name) or tokens[-1] in _WEIGHING:
        return False
    return bool(
        guess_direction(name) is not None
        or squashed.startswith(_MEASURED_PREFIXES)
        or squashed.endswith(_MEASURED_SUFFIXES)
        or (set(tokens) & {"memory", "mem", "latency", "throughput", "flops", "runtime", "elapsed"})
        or ("time" in tokens and (set(tokens) & _TIMES or len(tokens) == 1))
        or ({"true", "false"} & set(tokens) and {"positives", "negatives"} & set(tokens))
    )
