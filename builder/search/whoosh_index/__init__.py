"""Documents in, a Whoosh index out; a query tree in, hits out."""
