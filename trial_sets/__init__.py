"""What to run: the built-in study, the schema of study and set files, the record schema."""
