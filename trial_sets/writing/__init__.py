"""What the command writes for a person: a study to start from, tables of keys, schemas.

All of it is made from the models of files and configurations, so that it cannot fall behind them.
Begin with `new_study`; ``python -m trial_sets.writing.json_schema`` writes the schemas anew.
"""
