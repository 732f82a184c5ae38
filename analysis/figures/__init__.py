"""Figures of results: tidy data in, a matplotlib figure out.

One module a figure; `style` has the look they share and `saving` writes them, the same bytes for
the same data. A figure computes no statistic. Begin with `slice_plot`.
"""
