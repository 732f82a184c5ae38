"""What runs in a person's own environment: the host of a trainer of their own.

`trainer_host` is started as a file, by whatever Python the person names, and reads the others as
files, as it does `pipes`, `descendants`, `service` and `fault_words` beside this folder. All need
Python 3.8, its library and numpy alone, and import none of our packages: those are not to be found
there, so that a person's own `models` is theirs. Begin with `trainer_host`; `context` is what their
function can report, `data_view` what it is given.
"""
