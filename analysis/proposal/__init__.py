"""The next round: from what trials showed to sets of trials, claims and a space that can be run.

Each rule is a function from what was seen of one hyperparameter to a move, with its evidence in one
sentence; `moves` says which of them apply, `study_plan` makes a study of them. Uses frames, trends,
findings and verdicts' statistics, and reads and writes no file. Begin with `moves`.
"""
