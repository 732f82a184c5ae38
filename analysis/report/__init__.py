"""The report: its sections, and the forms in which it is written."""
