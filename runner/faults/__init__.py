"""What is done about each class of fault, and when a batch should stop.

A table of policies (`policies`), the limits of a job (`limits`), and the breaker that ends a batch
whose first fits all fail alike (`breaker`). Values and counts alone: nothing here waits, kills or
writes. Begin with `policies`.
"""
