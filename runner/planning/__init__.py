"""From what a person asks for to a checked plan; nothing here needs a worker or PyTorch."""
