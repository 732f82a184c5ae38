"""Statistics: arrays in, frozen values out; nothing here reads, writes or plots.

Imports numpy, scipy and itself alone, which a test holds. From the AUC and the influence of each
row (`auc`) to a contrast with its error (`contrast`), families of claims (`multiplicity`,
`challenge`, `confidence_set`) and what could have been found (`power`). Begin with `contrast`;
docs/statistics.md works one by hand.
"""
