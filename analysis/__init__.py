"""What it showed: statistics, trend tables, findings, checklist, figures, report."""
