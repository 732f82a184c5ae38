"""Results on disk: files that arrive whole, claims on fits, what is known of the machine.

`outputs` knows a run's folder and puts records into it, `durable` writes and flushes, `claims`
lets several runners share a folder, `liveness` tells whether another runner still lives. Of the
runner it uses `errors` alone. Begin with `outputs`; docs/files.md says what it relies on.
"""
