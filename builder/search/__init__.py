"""The searches of an archive: the Whoosh index, its query language, and the answers of `morgue search`."""

from builder.search.answers import find
from builder.search.stories import discard, update

__all__ = ["discard", "find", "update"]
