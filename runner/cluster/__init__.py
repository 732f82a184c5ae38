"""Slurm: what its ``sbatch`` is told, which jobs were submitted, and how they stand in its queue.

Runners that share an outputs folder never run a fit twice, so that a job need only start some.
`slurm_script` writes what they are started by, with options that `sbatch_options` reads; `sbatch`
submits it, `slurm_job` keeps the number, `squeue` and `standing` say what became of it. Uses
planning alone. Begin with `slurm_script`.
"""
