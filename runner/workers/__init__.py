"""Worker processes: the protocol, and both sides of the process boundary.

In the parent: `pool` and `supervisor`, with `watchdog` for the clock, `connection` for the pipes.
Its processes are started and ended in `family`, with `descendants` for what they leave behind.
In the process: `worker` and its `channel`, `training`, and `custom_trainer` for a function of one's
own. Between them: `protocol`, one JSON object a line, with `sent_logits` for what every epoch
predicted. Only `training` imports PyTorch. Begin with `protocol`.
"""
