"""What a run leaves on disk: the contract between the runner, which writes, and the analysis.

`record` is one fit, `run_info` what the fits of a run have in common, `looks` the ledger of looks
at test periods. The room reads strictly and writes nothing itself. Begin with `record`; every
field is explained in docs/files.md.
"""
