"""The sections that a search's report alone has, one a module: Markdown without its heading.

Each takes what `analysis/searches` found and a yardstick. Begin with `headline`.
"""
