"""The report: its sections, and the forms in which it is written.

`run` reports on a run and `trials` on other tools' results; both gather texts from `sections`,
figures from `illustrations` and values for programs, and `document` puts them in order. What they
say of the metric, and how they write it, is `yardstick`'s. It may use every other room of the
analysis but `readers`. Begin with `run`.
"""
