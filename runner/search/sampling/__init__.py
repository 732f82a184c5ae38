"""Where the next trial lies: Optuna's samplers, and our own.

Nothing but the seed, the trial's number and what the storage holds decides what is proposed: no
sampler keeps a state of its own, so that a search that was killed proposes what it would have
proposed. Begin with `sampler`.
"""
