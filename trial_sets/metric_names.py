"""What the name of a metric says: whether more or less of it is better."""

import re
from typing import Literal

Direction = Literal["maximize", "minimize"]
_MAXIMIZED = (
    *("auc", "auroc", "auprc", "ap", "acc", "accuracy", "f1", "precision", "recall", "score"),
    *("r2", "ndcg", "iou", "dice", "bleu", "reward", "sharpe", "kappa", "mcc", "fitness"),
)
_MINIMIZED = (
    *("loss", "error", "err", "rmse", "mse", "mae", "mape", "wape", "smape", "brier", "nll"),
    *("perplexity", "ppl", "wer", "cer", "fid", "logloss"),
)
_COSTS = ("seconds", "minutes", "hours", "time", "parameters", "params", "memory", "mib", "flops")


def squash_name(name: str) -> str:
    """Bring a column's name to lower case with single underscores: `Training Time (s)`."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def guess_direction(metric: str) -> Direction | None:
    """Tell the direction from a metric's name: an AUC is maximised, a loss minimised."""
    tokens = set(squash_name(metric).split("_"))
    if tokens & set(_MINIMIZED):
        return "minimize"
    return "maximize" if tokens & set(_MAXIMIZED) else None


def is_less_better(metric: str) -> bool | None:
    """Tell whether less of a recorded metric is better; its costs count too."""
    tokens = set(squash_name(metric).split("_"))
    if tokens & {*_MINIMIZED, *_COSTS}:
        return True
    return False if tokens & set(_MAXIMIZED) else None
