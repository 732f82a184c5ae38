"""What `run_supplementary` does once it is called: options, plans, the live table, results."""
