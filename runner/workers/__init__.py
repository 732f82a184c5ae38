"""Worker processes: the protocol, and both sides of the process boundary."""
