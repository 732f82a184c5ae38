"""The tidy frame, one row a trial and seed, and what is read off its columns."""
