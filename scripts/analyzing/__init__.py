"""What `analyze` does once it is called: options, inputs, reports, progress."""
