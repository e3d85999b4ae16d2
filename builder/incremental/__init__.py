"""The inputs of an article, page or part in, its key out; two sets of inputs in, the reason why they differ out."""
