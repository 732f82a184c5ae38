"""One batch from its first fit to its last: queue, records, events, the ledger of looks."""
