"""The facets of the search: the one list from which index, query language, command and search page know them."""

from __future__ import annotations

from typing import NamedTuple


class Facet(NamedTuple):
    """A facet: its name in a query, the attribute of a document behind it, its heading and what its option says."""

    name: str
    attribute: str
    title: str
    """A message id: what the search page calls it."""
    help: str
    """What `morgue search --help` says of its option."""


TABLE = (
    Facet("agency", "agency", "Agencies", "Of this agency; given again: of any of them."),
    Facet("source", "source", "Sources", "Run by this source."),
    Facet("section", "section", "Sections", "In this section."),
    Facet("type", "type", "Story types", "Of this story type."),
    Facet("tag", "tags", "Topics", "With this tag; given again: with all of them."),
    Facet("byline", "byline", "Bylines", "Written by this person."),
    Facet("language", "language", "Languages", "In this language."),
)
"""In the order of the index. Several tags must all hold; several values of another facet need one."""

FACETS = {facet.name: facet.attribute for facet in TABLE}
"""The attribute of a document by the facet's name."""
