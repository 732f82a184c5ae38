"""What the name of a metric says: whether more or less of it is better."""

import re
from typing import Literal

Direction = Literal["maximize", "minimize"]


def _list_words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MAXIMIZED = _list_words(
    "auc auroc rocauc roc auprc aupr aucpr prauc ap acc accuracy accuracies bacc f1 f2 fbeta "
    "f1score fscore precision prec recall sensitivity specificity tpr tnr ppv npv score scores r2 "
    "ndcg mrr hit hits iou miou dice jaccard bleu rouge meteor cider psnr ssim kappa qwk mcc "
    "pearson spearman kendall correlation corr pcc ccc reward rewards return returns profit pnl "
    "sharpe sortino calmar winrate success fitness likelihood loglik loglikelihood elbo "
    "silhouette nmi ari"
)
_MINIMIZED = _list_words(
    "loss losses error errors err rmse mse mae mape wape smape rmsle msle nrmse rmspe mspe mase "
    "medae mdae rse rae sse rss crps pinball brier nll logloss deviance crossentropy xent bce "
    "perplexity ppl wer cer ter eer fid lpips chamfer hausdorff ece regret cost distance "
    "divergence aic bic fpr fnr drawdown"
)
_COSTS = _list_words("seconds minutes hours time parameters params memory mib flops")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_MEAN_AVERAGE_PRECISION = re.compile(r"^((val|test|eval|metrics)_)?m_?ap(_?\d\d.*)?$")
_CROSS_ENTROPY = "cross_entropy"


def squash_name(name: str) -> str:
    """Bring a column's name to lower case with single underscores: `Training Time (s)`, `runId`."""
    return re.sub(r"[^a-z0-9]+", "_", _HUMP.sub("_", name).lower()).strip("_")


def guess_direction(metric: str) -> Direction | None:
    """Tell the direction from a metric's name: an AUC is maximised, a loss minimised.

    What follows `neg` is turned round: scikit-learn's `neg_mean_squared_error` is maximised.
    """
    squashed = squash_name(metric)
    tokens = squashed.split("_")
    for start, word in enumerate(tokens):
        is_negated = word == "neg" or (word == "negative" and "likelihood" in tokens[start:])
        if is_negated and (rest := guess_direction("_".join(tokens[start + 1 :]))) is not None:
            return "minimize" if rest == "maximize" else "maximize"
    found = {*tokens, *(token.rstrip("0123456789") for token in tokens)}
    if found & _MINIMIZED or _CROSS_ENTROPY in squashed:
        return "minimize"
    if found & _MAXIMIZED or _MEAN_AVERAGE_PRECISION.match(squashed):
        return "maximize"
    return None


def is_less_better(metric: str) -> bool | None:
    """Tell whether less of a recorded metric is better; its costs count too."""
    direction = guess_direction(metric)
    if direction == "minimize" or set(squash_name(metric).split("_")) & _COSTS:
        return True
    return None if direction is None else False
