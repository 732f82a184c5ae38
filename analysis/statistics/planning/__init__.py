"""What a batch could find, and how often to look at it. Begin with `power`."""
