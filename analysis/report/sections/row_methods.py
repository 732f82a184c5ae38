"""How the error of a metric's rows is estimated, in words, and what there is beside the rows."""

from analysis.numbers import count_noun
from analysis.runs.run import Run
from analysis.statistics.variances.row_variance import choose_row_df
from trial_sets.task import Metric

_INFLUENCES = {
    "auc": "DeLong's influences",
    "macro_auc": "DeLong's influences of each class against the rest, averaged over the classes",
    "average_precision": "the influence of each row on the precision at every positive's score",
    "macro_f1": "the influence of each row on the counts of its classes, by the delta method",
    "rmse": "their squared errors, by the delta method through the root",
    "r2": "their squared errors and squared distances from the mean, by the delta method through "
    "the ratio",
    "mse": "their squared errors, whose mean the metric is",
    "mae": "their absolute errors, whose mean the metric is",
    "log_loss": "their losses, whose mean the metric is",
    "brier": "their squared errors of the probability, whose mean the metric is",
    "accuracy": "whether each is right, of which the metric is the mean",
}


def describe_estimate(metric: Metric) -> str:
    """Say what a claim's estimate is."""
    if metric.is_auc:
        return "A claim is a weighted difference of its trials' mean AUCs"
    turned = ", turned so that positive is better," if metric.sign < 0 else ""
    return f"A claim is a weighted difference of its trials' mean {metric.title}{turned}"


def describe_errors(run: Run) -> str:
    """Say what the error of a claim holds."""
    if not has_rows(run):
        return (
            "No predictions were kept, so that the seeds are the only evidence: the error is that "
            "of the seeds alone, nothing accounts for the rows, and no claim is more than "
            "inconclusive; intervals at 95 % by t, p values two-sided."
        )
    return (
        f"Its error holds the rows ({_describe_rows(run)}) and the seeds (their variance, "
        "moderated by that of all trials, less the seed-by-row part that the rows already hold); "
        "degrees of freedom by Welch-Satterthwaite, intervals at 95 % by t, p values two-sided."
    )


def describe_folds(run: Run) -> str:
    """Say what folds change; empty for one validation part."""
    if not run.info.data.folds:
        return ""
    pairs = ", and pairs of rows are compared inside a fold only" if run.metric.is_auc else ""
    mean = f"An estimate is the mean of the folds'{pairs}; its error is "
    if run.horizon_rows is not None:
        return (
            f"{mean}that of all rows in time order, what the folds' values differ by included, "
            "with seeds nested in folds. "
        )
    return (
        f"{mean}that of all rows, with seeds nested in folds; since the training rows of the folds "
        "overlap, what their values differ by counts by 1/k + n(validation)/n(training) rather "
        "than 1/k (Nadeau and Bengio 2003). "
    )


def describe_limits(run: Run) -> str:
    """Say what keeps a claim from being more than inconclusive."""
    if not has_rows(run):
        return ""
    limits = ["With one seed", "two seeds and no third trial on one fold"]
    if run.info.study.task != "regression":
        limits.append("fewer than 10 rows of a class")
    if run.horizon_rows is not None:
        last = "too few rows for four cosines"
    else:
        last = "fewer than 60 rows" + (" or groups" if has_groups(run) else "")
    return f"{', '.join(limits)} or {last}, a claim is at most inconclusive."


def has_rows(run: Run) -> bool:
    """Whether a fit kept what it predicted for each row."""
    return any(fit.predictions is not None for fit in run.trained)


def has_groups(run: Run) -> bool:
    """Whether rows belong to groups that validate as a whole."""
    split = run.info.study.split
    return split is not None and split.kind == "groups"


def count_validation_rows(run: Run) -> int:
    """Return the rows that fits are validated on, by the data or else by what they predicted."""
    split = run.info.data.splits.get("validation")
    if split is not None:
        return split.rows
    known = (fit.predictions.n_rows for fit in run.trained if fit.predictions is not None)
    return next(known, 0)


def _describe_rows(run: Run) -> str:
    influences = _INFLUENCES.get(run.metric.name, "the influence of each")
    if run.horizon_rows is None:
        summed = ", summed within each group" if has_groups(run) else ""
        independent = "groups" if summed else "rows"
        return (
            f"{influences}{summed}; without an order in time no autocorrelation counts, and the "
            f"{independent} are independent"
        )
    nu = choose_row_df(count_validation_rows(run), run.horizon_rows)
    return (
        f"{influences}, with the variance of their sum by the "
        f"{count_noun(nu, 'slowest cosine')}, never below that of independent rows"
    )
