"""Training a group of replicas: windows, loss, optimizer, stopping, predictions."""
