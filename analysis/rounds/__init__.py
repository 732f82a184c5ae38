"""Rounds side by side: what was predicted, what came, the best of each. Begin with `review`."""
