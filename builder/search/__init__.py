"""The searches of an archive: Whoosh's index, the browsers' index, their query language, the answers of `morgue search`."""

from builder.search.answers import find
from builder.search.stories import discard, prepare

__all__ = ["discard", "find", "prepare"]
