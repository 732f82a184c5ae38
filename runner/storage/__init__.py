"""Results on disk: files that arrive whole, claims on fits, what is known of the machine."""
