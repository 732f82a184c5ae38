"""Slurm: what its ``sbatch`` is told, which jobs were submitted, and how they stand in its queue.

Runners that share an outputs folder never run a fit twice, so that a job need only start some.
Begin with `slurm_script`.
"""
