"""A trainer that breaks whatever it can reach, in the way that a trial's options ask for."""

import numpy as np
import torch


def train(configuration, data, context):  # noqa: ANN001, ANN201 - as a person would write it
    """Do what the options say; without a word in them, look at the data and predict zeros."""
    deed = configuration["options"].get("deed", "look")
    context.report_epoch(train_loss=float(abs(np.nansum(data.features[data.val_rows]))))
    DEEDS[deed](data, context)


def _predict(data, context) -> None:  # noqa: ANN001
    context.save_predictions(np.arange(len(data.val_rows), dtype=float))


def _scale_in_place(data, context) -> None:  # noqa: ANN001
    features = data.features
    features -= features[data.train_rows].mean(axis=0) + 1
    _predict(data, context)


def _scale_window_in_place(data, context) -> None:  # noqa: ANN001
    window = data.window(data.val_rows[0])
    window.flags.writeable = True
    window += 1
    _predict(data, context)


def _fill_labels(data, context) -> None:  # noqa: ANN001
    data.labels[:] = 1
    _predict(data, context)


def _scale_tensor_in_place(data, context) -> None:  # noqa: ANN001
    torch.from_numpy(data.features).sub_(5)
    _predict(data, context)


def _reuse_what_was_saved(data, context) -> None:  # noqa: ANN001
    logits = np.arange(len(data.val_rows), dtype=float)
    context.save_predictions(logits)
    logits[:] = 0.0


DEEDS = {
    "look": _predict,
    "scale": _scale_in_place,
    "window": _scale_window_in_place,
    "labels": _fill_labels,
    "tensor": _scale_tensor_in_place,
    "reuse": _reuse_what_was_saved,
}
