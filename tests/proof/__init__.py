"""The proof at full size that a build equals a clean one, whatever was edited and however the builds before it ended.

One command, described in `tests.proof.__main__`. `make test` holds the same promises on small archives.
"""
