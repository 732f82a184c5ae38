"""How it is run: plan, queue, worker processes, records on disk."""
