"""What is trained: data and features, the network, the optimizer, the trainer."""
