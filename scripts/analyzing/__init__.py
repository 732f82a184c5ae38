"""What `analyze` does once it is called: options, inputs, reports, exports, progress.

`reporting` finds the inputs, has a report made of each and writes it; `tables` prints what a person
asks first; `exporting` writes what was read in other tools' forms. Uses analysis alone. Begin with
`reporting`.
"""
