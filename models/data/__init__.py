"""From a table of prices or features to a dataset: labels, scaled features, purged splits.

From a file or the embedded prices (`sources`) to scaled features, labels and the rows of each
split (`preparation`), with every doubt a notice and every error a sentence. In time order nothing
looks ahead: a window and the rows its label looks at lie inside one split. Rows without time stand
for themselves. Uses numpy, pandas, pyarrow and TA-Lib, no PyTorch; a worker reads the `dataset`
that comes of it with numpy alone. Begin with `preparation`.
"""
