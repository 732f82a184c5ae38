"""Training a group of replicas: windows, loss, optimizer, stopping, predictions.

`trainer` runs epochs until each replica has stopped by itself; `stack` holds what lies on the
device; `batches`, `loss`, `optimizer`, `target`, `windows` are its parts, `history` keeps what each
epoch predicted; `range_test` trains once over the whole range of learning rates. It takes settings
and rows, yields results, and knows neither files nor studies. Begin with `trainer`.
"""
