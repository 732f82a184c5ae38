"""What was read, written in the forms of other tools: an Optuna journal, CSV, Parquet.

`exported` says what a fit holds beside its row of the frame; `ranges` and `journal` make an Optuna
storage of both; `fit_table`, `curve_table` and `prediction_table` are the tidy tables, and
`table_files` writes them as they come. Begin with `exported`.
"""
