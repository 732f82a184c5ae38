"""The sections of a proposal: what was seen, what is to run, and what that can find.

Each takes a planned round. Begin with `trends`.
"""
