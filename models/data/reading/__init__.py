"""From a file's bytes to columns: header, names, numbers, dates and times as people write them.

Nothing here knows of prices or features: `models.data.tables` reads a file with it, and what is
made of the columns is decided by whoever asks for them. Begin with `csv_text`.
"""
