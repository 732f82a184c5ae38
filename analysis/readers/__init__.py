"""Readers: one tidy frame from the results files of this and of other tools.

A file is told by its content (`sources`, `content`), read into a flat table by the module of its
form, and understood column by column (`tidy` and what it uses). Nothing is unpickled or executed.
Begin with `sources`.
"""
