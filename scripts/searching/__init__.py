"""What `run_search` does once it is called: options, the page of a space, the search, its results.

`batch` runs the trials that are missing, `checking` a few at random, `rate_test` the range test of
the learning rate; `overview` answers where nothing is to run. `options` makes the request, with
groups that `scripts/running/options.py` declares for both commands, and the live table is that of
`scripts/running/live.py`. Begin with `batch`.
"""
