"""Findings: sentences with figures from small rules, and what to try in the next round."""
