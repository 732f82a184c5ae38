"""Verdicts on the outcomes that a study expects, and on its candidate."""
