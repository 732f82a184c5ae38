"""Statistics: arrays in, frozen values out; nothing here reads, writes or plots.

Imports numpy, scipy and itself alone, which a test holds. From the ground up: a metric and the
influence of each row (`metrics`), what rows and seeds do to them (`variances`), contrasts, the
claims made of them and families of those (`comparisons`), and what a batch can find and when to
stop (`planning`). `effects` serves the tables of trends alone. Begin with `comparisons.contrast`;
docs/statistics.md works one by hand.
"""
