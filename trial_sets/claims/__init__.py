"""What claims mean: bound to configurations, checked, and said in a sentence.

`binding` finds what a claim speaks of and refuses one that is broken; `sentence` says it. The
form in which people write claims is `trial_sets.claim`. Begin with `binding`.
"""
