"""What to know before a search begins: how large its space is, what to tune first, and how.

The rules are those of guides for tuning by hand, in standard terms; where such guides contradict
themselves, the module says what holds here. Pure functions of a space and a budget: nothing is
read, run or printed. Begin with `page`, which puts everything together as Markdown.
"""
