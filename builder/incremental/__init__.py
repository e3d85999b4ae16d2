"""The inputs of a thing in, its key out: what is outdated, and why. It knows nothing of what it compares but its hashes."""
