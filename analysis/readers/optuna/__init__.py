"""Optuna's databases and journals, read without Optuna."""
