"""How it is run: plan, queue, worker processes, records on disk.

A request becomes a plan (`planning`), the plan's fits go through a queue (`batch`) to worker
processes (`workers`), and their records to the disk (`storage`); `faults` says what follows when
something fails, `summaries` what is told. Uses trial_sets and models, never analysis. Begin with
`planning.plan` and `batch.run`; docs/architecture.md follows one fit through all of it.
"""
