"""The rules of a next round: from what was seen of one hyperparameter to a move of it.

Each is a function with its evidence in one sentence; `analysis/proposal/moves.py` says which of
them apply. They read and write no file. Begin with `move`.
"""
