"""Causal indicators of prices, by what they measure, and the tiers that hold them.

One module a kind (returns, trend, momentum, volatility, bar, volume, calendar), each a tuple of
`Indicator` with name, formula, look-back and function. An indicator looks at its own row and
earlier ones only. Begin with `indicator`; `tiers` gathers them and writes docs/indicators.md.
"""
