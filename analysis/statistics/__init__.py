"""Statistics: arrays in, frozen values out; nothing here reads, writes or plots.

Imports numpy, scipy and itself alone, which a test holds. From a metric and the influence of each
row (`metric`, `auc`) to a contrast with its error of rows (`row_variance`) and seeds
(`seed_pool`), the claims made of contrasts (`inference`), families of them (`multiplicity`,
`challenge`, `confidence_set`), and what could have been found (`power`). Begin with `contrast`;
docs/statistics.md works one by hand.
"""
