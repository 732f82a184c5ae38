"""A run read back: its records, predictions, scores, and the commands that complete it."""
