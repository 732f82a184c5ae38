"""What the command tells of a study, a plan, its fits and its results, as values."""
