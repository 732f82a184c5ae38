"""How a worker is started through a command's words, such as ``ssh host``, and guarded there.

`guard`, `likeness` and `sighting` run on the far side: Python 3.8 and its library will do for them.
Begin with `prefix`.
"""
