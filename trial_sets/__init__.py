"""What to run: the built-in studies, the schema of study and set files, the record schema.

A configuration (`configuration`) is what one trial trains; a study (`study`) is sets of trials with
controls, seeds and expected outcomes; `files` is the form in which people write both. The package
uses pydantic and nothing of ours, so that runner and analysis can both stand on it. Begin with
`configuration`, then `files` and `study`.
"""
