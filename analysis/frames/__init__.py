"""The tidy frame, one row a trial and seed, and what is read off its columns.

`frame` defines its columns; `copies` merges rows of one configuration, `levels` and `scale` say how
values are cut and spaced, `covariates` and `filters` serve tables and options. It computes no
statistic of its own. Begin with `frame`.
"""
