"""One batch from its first fit to its last: queue, records, events, the ledger of looks.

`run` joins the parts: `grouping` makes jobs, `queue` hands them to threads that each supervise a
worker, `bookkeeper` turns reports into claims and records, `filing` gets them to the disk while
the workers train. May use every other room of the runner but `summaries`. Begin with `run`, then
`queue`.
"""
