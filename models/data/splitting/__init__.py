"""Which rows train, validate and test: periods and folds in time, or rows without an order.

Begin with `choice`, which chooses the rows of every fold for any split. In time order (`periods`,
`folds`) windows and labels lie inside one period; without an order (`unordered`, `parts`) a row
stands for itself, and what decides is a seed, a group or a column.
"""
