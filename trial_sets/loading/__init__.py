"""From the files that people write to a study whose every trial is resolved and checked.

A study comes from a folder (`study_folder`) or has its sets from one file (`trial_file`) in any of
the forms in which people have their trials: read as plain values (`formats`), told apart
(`recognition`) and given this project's words (`translation`). `assembly` resolves both. Errors are
one sentence with file, line, trial and key. Begin with `study_folder`.
"""
