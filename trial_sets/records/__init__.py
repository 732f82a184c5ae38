"""What a run leaves on disk: the contract between the runner, which writes, and the analysis."""
