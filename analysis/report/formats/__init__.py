"""The forms of a report: Markdown, HTML, JSON values.

Escaping and tables of Markdown, one HTML file that opens offline, and values that JSON can hold.
The room knows nothing of what a report says. Begin with `markdown`.
"""
