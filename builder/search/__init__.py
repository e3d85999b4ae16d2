"""An archive in, both its indexes in step out (Whoosh's and the browsers'); a question in, the answers of `morgue search` out."""
