"""What other people's files call the hyperparameters of the patch transformer.

Only names that mean the same stand here: `d_ff` is a width where `d_ff_ratio` is a ratio, and
`warmup_steps` a count where `warmup_fraction` is a share, so neither does.
"""

import re
from collections.abc import Mapping

SEEDS = "--seeds"  # seeds are no part of a configuration: the command gives every trial the same

_SPELLINGS = {
    "d_model": "hidden_size hidden_dim embed_dim embedding_dim embedding_size "
    "emb_dim d_embed model_dim dim_model n_embd dim width",
    "n_layers": "num_layers n_layer layers depth num_hidden_layers num_encoder_layers "
    "n_encoder_layers encoder_layers e_layers nb_layers",
    "n_heads": "n_head num_heads num_head heads nhead num_attention_heads attention_heads "
    "n_attention_heads attn_heads encoder_attention_heads nb_heads",
    "d_ff_ratio": "ff_ratio mlp_ratio ffn_ratio ff_mult",
    "dropout": "dropout_rate drop_rate dropout_prob dropout_p p_dropout p_drop drop",
    "learning_rate": "lr base_lr init_lr initial_lr initial_learning_rate max_lr peak_lr lr0 "
    "learn_rate",
    "weight_decay": "wd weight_decay_rate",
    "batch_size": "batch bs batch_sz train_batch_size train_bs per_device_train_batch_size",
    "epochs": "max_epochs max_epoch num_epochs n_epochs nb_epochs num_train_epochs train_epochs "
    "total_epochs epoch",
    "patience": "early_stopping_patience early_stop_patience es_patience patience_epochs",
    "min_delta": "early_stopping_min_delta early_stopping_delta early_stopping_threshold",
    "optimizer": "optim optimiser opt optimizer_name optimizer_type",
    "schedule": "scheduler sched lr_scheduler lr_schedule lr_scheduler_type scheduler_type",
    "momentum": "sgd_momentum",
    "step_size": "lr_step_size",
    "gamma": "lr_gamma",
    "final_factor": "final_lr_factor",
    "loss": "loss_fn loss_function criterion",
    "warmup_fraction": "warmup_ratio warmup_proportion",
    "gradient_clip": "grad_clip clip_grad clip_grad_norm clip_norm max_grad_norm grad_norm_clip "
    "grad_clip_norm gradient_clip_val gradient_clipping gradient_clip_norm",
    "label_smoothing": "label_smoothing_factor label_smooth",
    "positive_class_weight": "pos_weight positive_weight scale_pos_weight pos_class_weight",
    "context": "seq_len seq_length sequence_length sequence_len context_length context_len "
    "context_window context_size lookback lookback_window look_back window window_size "
    "window_length input_len input_length",
    "patch": "patch_size patch_len patch_length",
    "stride": "patch_stride",
    "revin": "use_revin rev_in",
    SEEDS: "seed seeds random_seed random_state manual_seed rng_seed torch_seed np_seed",
}


def squeeze(name: str) -> str:
    """Return a name without what people write differently: `Batch-Size`, `batchSize`."""
    return re.sub(r"[-_ ]", "", name).casefold()


ALIASES: Mapping[str, str] = {
    squeeze(name): meant
    for meant, names in _SPELLINGS.items()
    for name in (*names.split(), *([] if meant == SEEDS else [meant]))
}


def find_meant(name: str) -> str | None:
    """Return the hyperparameter that a name means, or `SEEDS`; None where it means neither."""
    return ALIASES.get(squeeze(name))
