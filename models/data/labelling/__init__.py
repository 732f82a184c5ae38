"""Labels: what they are in each task, computed from prices or read from a column.

Begin with `rules`, the ways to say what the label of a row is. `labels` says how one that nobody
knows is written.
"""
