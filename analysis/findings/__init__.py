"""Findings: sentences with figures from small rules.

A rule is a function from `Evidence` to findings that yields only where it holds: about values,
trials or the search (`value_rules`, `trial_rules`, `search_rules`), listed in `rules`. Uses frames,
trends and statistics, and reads no file. Begin with `rules` and `evidence`.
"""
