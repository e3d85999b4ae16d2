"""Command-line arguments in, calls of the other rooms, printed lines and exit codes out."""
