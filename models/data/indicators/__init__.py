"""Causal indicators of prices, by what they measure, and the tiers that hold them."""
