"""What is trained: data and features, the network, the optimizer, the trainer.

The modules at the top (`architecture`, `objective`, `schedule`, `settings`, `metrics`,
`baselines` and the like) and `data` need no PyTorch, so that a plan can be made without it;
`network` and `training` do. Nothing here knows of studies, queues or records. Begin with
`architecture`, then `training.trainer`.
"""
