"""What `analyze` does once it is called: options, inputs, reports, progress.

`reporting` finds the inputs, has a report made of each and writes it; `tables` prints what a person
asks first. Uses analysis alone. Begin with `reporting`.
"""
