"""What files hold that people write trials in: JSON, YAML and Python, as plain values.

Nothing is executed, and what a value may cost is bounded. Begin with `python_file`.
"""
