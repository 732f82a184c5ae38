"""The networks, K replicas wide: layers with gradients by hand, randomness, precision.

The patch transformer: patches of all channels (`embedding`), pre-norm layers (`layers`,
`attention`, `encoder`) and a head (`transformer`). The LSTM stands in `lstm`; `building` tells
them apart. Both lie over parameters in one array a replica (`parameters`). Each replica draws from
streams of its own (`randomness`). Uses PyTorch, the architecture and the settings. Begin with
`transformer`.
"""
