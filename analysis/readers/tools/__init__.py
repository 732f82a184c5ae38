"""Files that one tool alone writes, and how each becomes a flat table.

Each module says whether a document is its tool's, and reads it; `documents` asks them all. Begin
with `documents`.
"""
