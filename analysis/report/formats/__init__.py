"""The forms of a report: Markdown, HTML, JSON values."""
