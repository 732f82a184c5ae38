"""What hyperparameters do to the results of a search. Begin with `adjusted`."""
