"""The sections of a report, one module each: results in, Markdown out."""
