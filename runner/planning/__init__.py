"""From what a person asks for to a checked plan; nothing here needs a worker or PyTorch.

`request` is what was asked, `plan` what follows: which fits run, which are there already, on which
data (`run_data`), under which name (`run_identity`). Everything that a person can get wrong is
refused here, before anything is trained. Begin with `plan`.
"""
