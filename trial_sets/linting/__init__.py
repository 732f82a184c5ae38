"""What a study leaves open, found by reading it before anything runs.

Each check yields remarks that say where, what, and how to mend it: claims that leave trials out,
sets without a control, twins, steps too small to be told apart. It uses the study and the lines of
configurations that differ in one field, and reads no file. Begin with `linter`; of the space of a
search, with `space`.
"""
