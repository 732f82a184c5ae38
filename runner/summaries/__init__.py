"""What the command tells of a study, a plan, its fits and its results, as values.

One strict model for each of --list, --dry-run, --status and the results, printed as a table by
scripts or as JSON. They read the plan and the disk and change nothing. Begin with `plan_summary`.
"""
