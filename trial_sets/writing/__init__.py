"""What the command writes for a person: a study to start from, tables of keys, schemas."""
