"""What `run_supplementary` does once it is called: options, plans, the live table, results.

`batch` runs what is missing, `overview` answers where nothing is to run; `options` makes the
request, `live`, `plan_tables` and `result_table` print. Uses runner, and trial_sets to start a
study. Begin with `batch`.
"""
