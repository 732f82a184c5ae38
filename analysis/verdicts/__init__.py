"""Verdicts on the outcomes that a study expects, and on its candidate.

`run_cases` gathers what a run knows about each expectation, `verdict` judges them as one family,
`checklist` holds the result; `candidate` weighs the best trials against control, baselines and
test. Other tools' results (`frame_cases`) are shown and never judged. Begin with `verdict`.
"""
