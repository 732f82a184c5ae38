"""Worker processes: the protocol, and both sides of the process boundary.

In the parent: `pool` and `supervisor`, with `watchdog` for the clock, `connection` for the pipes.
Its processes are started and ended in `family`, with `descendants` for what they leave behind.
`launch` says how each kind is started, `survey` looks for devices where none of them knows.
In the process: `worker` and its `channel` over `pipes`, `service` for what each does beside its
work, and `training`; `host/` for a person's function, `commands/` for their command. Between them:
`protocol`, one JSON object a line, with `sent_logits` for what every epoch predicted and
`sent_table` for what a command did. Only `training` imports PyTorch. Begin with `protocol`.
"""
