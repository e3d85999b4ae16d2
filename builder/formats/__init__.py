"""An article or a list of them in, the bytes of a standard out: feeds, sitemaps, metadata, citations."""
