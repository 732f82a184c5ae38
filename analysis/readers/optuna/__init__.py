"""Optuna's databases and journals, read without Optuna.

`sqlite` and `journal` each yield studies and trials; `storage` makes one flat table of them, and
`distributions` gives stored numbers their values back. Begin with `storage`.
"""
