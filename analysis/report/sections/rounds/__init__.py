"""The sections of a page on several rounds. Begin with `overview`."""
