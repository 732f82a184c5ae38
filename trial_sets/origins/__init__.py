"""Where a proposed round comes from, as its study says it. Begin with `origin`."""
