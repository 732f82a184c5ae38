"""What it showed: statistics, trend tables, findings, checklist, figures, report.

Two ways lead in: `runs` reads what the runner left, `readers` other tools' results; both end in
the tidy frame of `frames`. Claims are judged in `verdicts` by `statistics`, and `report` puts it
all together. Uses trial_sets, never runner or models. Begin with `report.run`.
"""
