"""Searches as `run_search` left them: what was proposed, what came of it, what the search shows.

`reading` puts storage and records together to a `Search`; from its trials, or from those of any
other tool as a frame, come the order of results (`order`), importances, interactions, diagnoses of
trials and flags of the whole. What a search finds is exploratory: nothing here judges a claim.
Begin with `search`.
"""
