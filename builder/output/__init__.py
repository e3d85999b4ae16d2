"""Rendered pages in, the output folder out: all of them published at once, or none."""
