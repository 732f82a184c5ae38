"""From the files that people write to a study whose every trial is resolved and checked.

A study comes from a folder (`study_folder`) or has its sets from one file of JSON or Python
literals (`trial_file`), which is parsed and never executed; `assembly` resolves both. Errors are
one sentence with file, line, trial and key. Begin with `study_folder`.
"""
