"""What ``--find-learning-rate`` does: the range test of the base, its figure, and what it suggests."""
