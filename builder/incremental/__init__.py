"""The plan and the last build in, what is outdated out, and why."""
