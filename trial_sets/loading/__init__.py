"""From the files that people write to a study whose every trial is resolved and checked."""
