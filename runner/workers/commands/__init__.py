"""What runs a person's command, once a fit, and reads what it has written.

`command_worker` is the process, `running` starts the command and listens to it, `logs` keeps what
it prints, `last_words` tells of its failure. `metrics_file` reads its metrics, `columns` and
`predictions_file` its predictions. Nothing here needs PyTorch, and nothing from a file is executed.
Begin with `running`.
"""
