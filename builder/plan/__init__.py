"""The archive in, every output file out as plain data: its path, its renderer and all that it shows."""
