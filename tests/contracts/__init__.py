"""What Morgue relies on in others' code beyond their documentation: one test for each private name, which says what breaks without it.

A test fails here when a library is upgraded: mend the place that it names, then widen the bound in `pyproject.toml`.
"""
