"""Searches: what is proposed, tried, judged and told, and how a search goes on after any end.

`planning` settles what a search is, `running` runs it through the queue of `batch`: `proposing`
asks a sampler for the next trial, `keeping` files what came of it and tells the sampler. What was
proposed is kept by Optuna's storage, in `storage`, what a fit has shown by its record. Optuna is
imported only inside functions: a plan needs none of it. Begin with `planning`, then `running`.
"""
