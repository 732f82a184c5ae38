"""The next round: from what trials showed to sets of trials, claims and a space that can be run.

What each rule says of a hyperparameter stands in `rules`; `moves` says which of them apply,
`round_plan` makes a study of them. Uses frames, trends, findings and verdicts' statistics, and
reads and writes no file. Begin with `moves`.
"""
