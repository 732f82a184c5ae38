"""Trials against each other: contrasts, claims, families, champions. Begin with `contrast`."""
