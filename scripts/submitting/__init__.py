"""What ``--slurm`` does: an array of runners of the very command is submitted, and its report.

`slurm_options` says what is asked of Slurm, `prerequisites` checks what needs no data, and
`submission` submits; `report_job` is what Slurm runs in the end. Begin with `submission`.
"""
