"""From a table of prices or features to a dataset: labels, scaled features, purged splits.

From a file or the embedded prices (`sources`) to scaled features, labels and the rows of each
split (`preparation`), with every doubt a notice and every error a sentence. Nothing looks ahead: a
window and the rows its label looks at lie inside one split. Uses numpy, pandas, pyarrow and
TA-Lib, no PyTorch; a worker reads the `dataset` that comes of it with numpy alone. Begin with
`preparation`.
"""
