"""Trend tables, tables of pairs, slices, and how much each hyperparameter matters."""
