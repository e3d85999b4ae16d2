"""A planned page in, its bytes out."""
