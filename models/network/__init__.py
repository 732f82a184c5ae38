"""The patch transformer, K replicas wide: layers with gradients by hand, randomness, precision."""
