"""What `run_search` does once it is called: options, the page of a space, the search, its results.

`options` makes the request, from groups that `scripts/running/options.py` declares for both
commands. The live table is that of `scripts/running/live.py`. Begin with `options`.
"""
