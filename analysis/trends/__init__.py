"""Trend tables, tables of pairs, slices, and how much each hyperparameter matters.

Plain counts and shares as proposals print them, with what makes them honest: copies merged,
intervals, effects at equal other hyperparameters. Uses frames and statistics. Begin with `table`.
"""
