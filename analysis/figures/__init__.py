"""Figures of results: tidy data in, a matplotlib figure out."""
