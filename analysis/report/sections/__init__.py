"""The sections of a report, one module each: results in, Markdown out.

A section turns values that are computed already into text; it decides nothing and reads nothing.
Their order and titles stand in `analysis.report.document`. Begin with `checklist`.
"""
