"""Batches of work in, results out: on the processors of this machine or the workers of a Dask cluster."""
