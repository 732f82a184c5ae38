"""The patch transformer, K replicas wide: layers with gradients by hand, randomness, precision.

Patches of all channels (`embedding`), pre-norm layers (`layers`, `attention`, `encoder`) and one
logit (`transformer`), over parameters that lie in one array a replica (`parameters`). Each replica
draws from streams of its own (`randomness`). Uses PyTorch, the architecture and the settings.
Begin with `transformer`.
"""
