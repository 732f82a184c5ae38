"""What a study leaves open, found by reading it before anything runs."""
