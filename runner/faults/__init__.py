"""What is done about each class of fault, and when a batch should stop."""
