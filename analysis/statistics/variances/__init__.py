"""How far rows that follow each other and seeds move a sum. Begin with `row_variance`."""
