"""A run read back: its records, predictions, scores, and the commands that complete it.

`run` finds runs and checks every record, `predictions` the arrays beside it, `kept_epochs` those
of every epoch; `score_table` and `run_frame` give them the form that statistics and tables take.
What cannot be trusted is left out and noted; nothing is changed on the disk. Begin with `run`.
"""
