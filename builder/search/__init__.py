"""The searches of an archive: Whoosh's index, the browsers' index, their query language, the answers of `morgue search`."""
