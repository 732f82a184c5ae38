"""The commands: they parse options, print and set exit codes, nothing else."""
