"""feedgen: what `builder/formats/feeds.py` relies on in how feedgen 1.0 puts a document together."""

from __future__ import annotations

from typing import Any

from feedgen.entry import FeedEntry
from feedgen.ext.base import BaseEntryExtension, BaseExtension
from feedgen.feed import FeedGenerator
from lxml import etree


class Extension(BaseExtension):  # type: ignore[misc]
    """Notes what it is called with."""

    def extend_rss(self, feed: Any) -> Any:
        """Mark the channel, which is the first element of the document."""
        etree.SubElement(feed[0], "mark")
        return feed


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]
    """Marks each entry."""

    def extend_rss(self, item: Any) -> Any:
        """Mark the item."""
        etree.SubElement(item, "mark")
        return item


def feed() -> FeedGenerator:
    made = FeedGenerator()
    made.id("https://lantern.example/")
    made.title("The Lantern")
    made.description("Stories")
    made.link(href="https://lantern.example/", rel="alternate")
    made.register_extension("marking", Extension, None, atom=True, rss=True)
    return made


def test_an_extension_is_an_attribute_of_its_name_and_sees_the_channel() -> None:
    made = feed()
    assert isinstance(made.marking, Extension)
    assert b"<mark/></channel>" in made.rss_str().replace(b"\n", b"")


def test_documents_end_with_what_entries_are_put_before() -> None:
    made = feed()
    assert made.rss_str().count(b"</channel>") == 1
    assert made.atom_str().count(b"</feed>") == 1


def test_an_entry_is_an_element_of_its_own() -> None:
    made = FeedEntry()
    made.register_extension("marking", EntryExtension, atom=True, rss=True)
    made.id("tag:lantern.example,2025:1")
    made.title("A story")
    made.link(href="https://lantern.example/a.html", rel="alternate")
    made.updated("2025-02-12T00:00:00Z")
    assert made.rss_entry().tag == "item"
    assert made.rss_entry().find("mark") is not None
    assert made.atom_entry().tag.endswith("entry")
