"""What ``--slurm`` does: an array of runners of the very command is submitted, and its report.

Begin with `submission`.
"""
