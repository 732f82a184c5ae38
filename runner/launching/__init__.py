"""How a worker is started through a command's words, such as ``ssh host``, and guarded there.

On this side `prefix` reads the words, `far_command` makes a command behind them, `leave` ends what
they have started, and `worker_end` says how a worker has ended. On the far side run `guard`,
`likeness` (what both sides must have alike) and `sighting` (which files and devices are seen):
Python 3.8 and its library will do for them. Begin with `guard`.
"""
