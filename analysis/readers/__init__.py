"""Readers: one tidy frame from the results files of this and of other tools."""
