"""From a table of prices or features to a dataset: labels, scaled features, purged splits."""
