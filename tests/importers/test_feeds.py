"""Feeds come in: three forms, their archives, wire copy and pictures; one broken entry costs none but itself."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.importers.imports import Imported, bring_in

TEXT = "<p>The ferry sailed at noon, with nobody aboard but its crew.</p><p>It came back &amp; nobody saw it.</p>"
PLAIN = "The ferry sailed at noon, with nobody aboard but its crew.\n\nIt came back & nobody saw it."
SPACES = 'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" xmlns:atom="http://www.w3.org/2005/Atom"'
SITE = "agencies:\n  Harbour Wire: {}\n"

ITEM = f"""<item><title>Noon ferry sails &amp; returns</title><link>https://quay.example/2019/noon</link>
<guid isPermaLink="false">tag:quay.example,2019:noon</guid><pubDate>Sat, 04 May 2019 10:00:00 GMT</pubDate>
<dc:creator>Ada Lam</dc:creator><dc:creator>Bo Chan</dc:creator><category>Ferries</category><category>Harbour</category>
<description>A short trip.</description><content:encoded><![CDATA[<p><img src="https://quay.example/a.jpg" alt="A pier"></p>{TEXT}]]></content:encoded>
<media:content url="https://quay.example/a.jpg" medium="image"><media:description>The pier at noon</media:description><media:credit>Cy Ode</media:credit></media:content>
</item>"""


def rss(*items: str, head: str = "", end: str = "</channel></rss>") -> str:
    channel = f"<channel><title>The Quay</title><link>https://quay.example/</link><description>News</description><language>en</language>{head}"
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" {SPACES}>{channel}\n' + "\n".join(items) + f"\n{end}\n"


def item(number: int, more: str = "") -> str:
    return f"<item><title>Story {number}</title><guid>https://quay.example/{number}</guid><pubDate>Sat, 04 May 2019 10:0{number}:00 GMT</pubDate><description>&lt;p&gt;Text number {number} of the feed.&lt;/p&gt;</description>{more}</item>"


ATOM = f"""<?xml version="1.0"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en"><title>The Quay</title><link href="https://quay.example/"/>
<id>tag:quay.example,2019:</id><updated>2019-05-04T10:00:00Z</updated>
<entry><title type="html">Noon ferry sails &amp;amp; returns</title><link rel="alternate" href="https://quay.example/2019/noon"/><id>tag:quay.example,2019:noon</id>
<published>2019-05-04T10:00:00Z</published><updated>2019-05-04T10:00:00Z</updated><author><name>Ada Lam</name></author><author><name>Bo Chan</name></author>
<category term="Ferries"/><category term="Harbour"/><summary>A short trip.</summary>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><figure><img src="https://quay.example/a.jpg" alt="A pier"/></figure>{TEXT}</div></content>
<media:content url="https://quay.example/a.jpg"><media:description>The pier at noon</media:description><media:credit>Cy Ode</media:credit></media:content>
</entry></feed>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1", "title": "The Quay", "home_page_url": "https://quay.example/",
        "items": [
            {
                "id": "tag:quay.example,2019:noon", "url": "https://quay.example/2019/noon", "title": "Noon ferry sails & returns",
                "date_published": "2019-05-04T10:00:00Z", "authors": [{"name": "Ada Lam"}, {"name": "Bo Chan"}],
                "tags": ["Ferries", "Harbour"], "summary": "A short trip.", "image": "https://quay.example/a.jpg",
                "content_html": '<figure><img src="https://quay.example/a.jpg" alt="A pier"><figcaption>The pier at noon</figcaption></figure>' + TEXT,
            }
        ],
    }
)  # fmt: skip


def bring_in_feed(folder: Path, text: str | bytes, *arguments: str, site: str = "", name: str = "feed.xml") -> Imported:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return bring_in(folder, str(file), *arguments, site=site)


@pytest.mark.parametrize(("form", "text"), [("rss", rss(ITEM)), ("atom", ATOM), ("json", JSON)])
def test_each_form_gives_the_same_article(tmp_path: Path, form: str, text: str) -> None:
    done = bring_in_feed(tmp_path, text)
    words, body = done.only
    assert done.run.code == 0
    assert done.run.err == ""
    assert (words["title"], words["date"]) == ("Noon ferry sails & returns", "2019-05-04T10:00:00+00:00")
    assert (words["byline"], words["tags"]) == (["Ada Lam", "Bo Chan"], ["Ferries", "Harbour"])
    assert (words["id"], words["original_url"]) == ("tag:quay.example,2019:noon", "https://quay.example/2019/noon")
    assert words["summary"] == "A short trip."
    credit = {} if form == "json" else {"credit": "Cy Ode"}
    assert words["images"] == [{"src": "https://quay.example/a.jpg", "alt": "A pier", "caption": "The pier at noon", **credit}]
    assert body == PLAIN
    assert (words["source"], words["inferred"]) == ("The Quay", ["source"])


def test_wire_copy_stands_under_its_agency(tmp_path: Path) -> None:
    wire = item(
        1,
        "<dc:creator>Harbour Wire</dc:creator><source url='https://wire.example/feed.xml'>Harbour Wire</source><dc:rights>Harbour Wire</dc:rights>",
    )
    words, _ = bring_in_feed(tmp_path, rss(wire), site=SITE).only
    assert words["agency"] == ["Harbour Wire"]
    assert "byline" not in words
    assert "rights" not in words


def test_a_summary_alone_is_the_text_and_a_cut_one_is_told(tmp_path: Path) -> None:
    cut = "<item><title>Cut</title><guid>https://quay.example/7</guid><description>The ferry sailed at noon and […]</description></item>"
    done = bring_in_feed(tmp_path, rss(item(1), cut))
    assert sorted(body for _, body in done.articles.values()) == ["Text number 1 of the feed.", "The ferry sailed at noon and […]"]
    assert done.run.err.count("the feed has only the beginning of the text") == 1


def test_midnight_in_the_sites_zone_is_a_day(tmp_path: Path) -> None:
    done = bring_in_feed(
        tmp_path, rss(item(0).replace("04 May 2019 10:00:00 GMT", "03 May 2019 16:00:00 GMT")), site="timezone: Asia/Hong_Kong\n"
    )
    assert done.only[0]["date"] == "2019-05-04"


def test_sound_is_linked_and_numbers_as_ids_get_their_site(tmp_path: Path) -> None:
    cast = "<item><title>Cast</title><guid isPermaLink='false'>42</guid><description>Listen to the ferry.</description><enclosure url='https://quay.example/a%20b.mp3' type='audio/mpeg'/></item>"
    words, body = bring_in_feed(tmp_path, rss(cast)).only
    assert words["id"] == "quay.example:42"
    assert body == "Listen to the ferry.\n\n[a b.mp3](https://quay.example/a%20b.mp3)"


def archive_document(month: str, number: int, older: str) -> str:
    link = f'<atom:link rel="prev-archive" href="https://quay.example/feeds/{older}.xml"/>' if older else ""
    return rss(item(number), item(9), head=f'<atom:link rel="self" href="https://quay.example/feeds/{month}.xml"/>{link}')


def test_one_feed_brings_its_archive_where_the_files_are_there(tmp_path: Path) -> None:
    site = tmp_path / "mirror"
    (site / "feeds").mkdir(parents=True)
    head = '<atom:link rel="self" href="https://quay.example/feed.xml"/><atom:link rel="prev-archive" href="https://quay.example/feeds/2019-04.xml"/>'
    (site / "feed.xml").write_text(
        rss(
            item(3),
            item(9).replace("Text number 9", "Newer words"),
            head="<lastBuildDate>Sat, 04 May 2019 12:00:00 GMT</lastBuildDate>" + head,
        )
    )
    (site / "feeds/2019-04.xml").write_text(archive_document("2019-04", 2, "2019-03"))
    (site / "feeds/2019-03.xml").write_text(archive_document("2019-03", 1, "2019-02"))
    done = bring_in(tmp_path, str(site / "feed.xml"))
    assert sorted(words["title"] for words, _ in done.articles.values()) == ["Story 1", "Story 2", "Story 3", "Story 9"]
    assert next(body for words, body in done.articles.values() if words["title"] == "Story 9") == "Newer words of the feed."
    assert done.report["sources"][0]["left_out"] == {
        "entries that a newer document has": 2,
        "earlier document of the feed that is not here (https://quay.example/feeds/2019-02.xml)": 1,
    }


FEED = "https://quay.example/feeds/atom.xml"


def atom_of(updated: str, entries: dict[int, str], **links: str) -> str:
    """An Atom document of `updated` whose entries have these days of revision, with links to other documents of the feed."""
    items = "".join(
        f"<entry><id>tag:quay.example,2020:{number}</id><title>Story {number}</title><published>2020-03-01T10:00:00Z</published>"
        f"<updated>{revised}T00:00:00+08:00</updated><content>The ferry of {revised} left late.</content></entry>"
        for number, revised in entries.items()
    )
    chain = "".join(f'<link rel="{rel.replace("_", "-")}" href="{FEED[:-8]}{name}"/>' for rel, name in links.items())
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>Quay</title><updated>{updated}</updated>{chain}{items}</feed>'


OLD, NEW = "2020-04-01", "2020-05-01"
CHAINS: dict[str, tuple[dict[str, str], dict[int, str], dict[str, int]]] = {
    "a circle": (
        {
            "atom.xml": atom_of(NEW, {3: NEW}, self="atom.xml", prev_archive="2.xml"),
            "2.xml": atom_of(OLD, {2: OLD}, self="2.xml", prev_archive="1.xml", next_archive="atom.xml"),
            "1.xml": atom_of(OLD, {1: OLD}, self="1.xml", prev_archive="atom.xml"),
        },
        {1: OLD, 2: OLD, 3: NEW},
        {},
    ),
    "a document amid the chain is not here": (
        {
            "atom.xml": atom_of(NEW, {3: NEW}, self="atom.xml", prev_archive="2.xml"),
            "1.xml": atom_of(OLD, {1: OLD}, self="1.xml"),
        },
        {3: NEW},
        {f"earlier document of the feed that is not here ({FEED[:-8]}2.xml)": 1},
    ),
    "an archive that was made anew has an older state of an entry": (
        {
            "atom.xml": atom_of("2020-05-02", {1: NEW}, self="atom.xml", prev_archive="1.xml"),
            "1.xml": atom_of("2020-06-01", {1: OLD, 2: OLD}, self="1.xml"),
        },
        {1: NEW, 2: OLD},
        {"entries that a newer document has": 1},
    ),
    "pages by their query, as wget names them": (
        {
            "atom.xml": atom_of(NEW, {3: NEW}, self="atom.xml", next="atom.xml?page=2"),
            "atom.xml?page=2": atom_of(NEW, {2: NEW}, self="atom.xml?page=2", next="atom.xml?page=3"),
            "atom.xml@page=3": atom_of(NEW, {1: NEW}, self="atom.xml?page=3", next="atom.xml?page=4"),
        },
        {1: NEW, 2: NEW, 3: NEW},
        {f"earlier document of the feed that is not here ({FEED}?page=4)": 1},
    ),
    "it leads to itself": ({"atom.xml": atom_of(NEW, {3: NEW}, self="atom.xml", prev_archive="atom.xml")}, {3: NEW}, {}),
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_of_documents(tmp_path: Path, name: str) -> None:
    documents, expected, left_out = CHAINS[name]
    (tmp_path / "mirror/feeds").mkdir(parents=True)
    for path, text in documents.items():
        (tmp_path / "mirror/feeds" / path).write_text(text, encoding="utf-8")
    done = bring_in(tmp_path, str(tmp_path / "mirror/feeds/atom.xml"))
    assert done.run.code == 0
    assert {words["title"]: body for words, body in done.articles.values()} == {
        f"Story {number}": f"The ferry of {revised} left late." for number, revised in expected.items()
    }
    assert done.report["sources"][0].get("left_out", {}) == left_out


def test_a_fault_in_a_document_of_the_chain_is_named_by_its_own_path(tmp_path: Path) -> None:
    (tmp_path / "mirror/feeds").mkdir(parents=True)
    (tmp_path / "mirror/feeds/atom.xml").write_text(atom_of(NEW, {3: NEW}, self="atom.xml", prev_archive="1.xml"))
    (tmp_path / "mirror/feeds/1.xml").write_text(atom_of(OLD, {1: OLD, 2: OLD}, self="1.xml")[:-60])
    done = bring_in(tmp_path, str(tmp_path / "mirror/feeds/atom.xml"))
    assert done.run.err.startswith(f"{tmp_path}/mirror/feeds/1.xml:1:")
    assert len(done.articles) == 2


def test_a_feed_that_breaks_off_gives_its_sound_entries_and_the_place(tmp_path: Path) -> None:
    text = rss(item(1), item(2), item(3))
    text = text[: text.index("Text number 3")]
    done = bring_in_feed(tmp_path, text)
    assert done.run.code == 1
    assert len(done.articles) == 2
    column = len(text.splitlines()[4]) + 1
    assert f"feed.xml:5:{column}: error: the entry that begins on line 5 breaks off here, where the file ends" in done.run.err


def test_a_feed_that_breaks_off_between_entries_is_told_too(tmp_path: Path) -> None:
    done = bring_in_feed(tmp_path, rss(item(1), item(2), end=""))
    assert len(done.articles) == 2
    assert "breaks off here" in done.run.err


def test_a_json_feed_that_breaks_off_gives_its_sound_items(tmp_path: Path) -> None:
    items = [{"id": f"https://quay.example/{n}", "title": f"Story {n}", "content_text": f"Text {n}."} for n in (1, 2, 3)]
    text = json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "The Quay", "items": items}, indent=1)
    done = bring_in_feed(tmp_path, text[: text.index("Text 3")], name="feed.json")
    assert len(done.articles) == 2
    assert "feed.json:18:20: error: the entry that begins on line 15 breaks off here" in done.run.err


def test_a_broken_entry_costs_none_but_itself(tmp_path: Path) -> None:
    broken = item(2, "<dc:creator>Ada</creator>")
    unclosed = item(4).removesuffix("</item>")
    done = bring_in_feed(tmp_path, rss(item(1), broken, item(3), unclosed, item(5)))
    assert sorted(words["title"] for words, _ in done.articles.values()) == ["Story 1", "Story 3", "Story 5"]
    column = broken.index("</creator>") + 1
    (line,) = [line for line in done.run.err.splitlines() if "the entry that begins on line 4 is no sound XML" in line]
    assert line.split("feed.xml:4:")[1].startswith(tuple(f"{column + number}:" for number in range(12)))
    assert "feed.xml:7:1: error: the entry that begins on line 6 is not closed before the next one" in done.run.err


def test_bare_ampersands_html_names_and_undeclared_prefixes_are_mended(tmp_path: Path) -> None:
    words, body = bring_in_feed(
        tmp_path,
        f"<rss version='2.0'><channel><title>Q</title>{item(1, '<dc:creator>Ada &nbsp; Lam</dc:creator><x:y>1</x:y>').replace('Story 1', 'Cod & chips')}</channel></rss>",
    ).only
    assert (words["title"], words["byline"]) == ("Cod & chips", ["Ada Lam"])
    assert body == "Text number 1 of the feed."


BOMB = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>'
OUTSIDE = '<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><item><title>&a;</title></item></channel></rss>'


@pytest.mark.parametrize("text", [BOMB, OUTSIDE])
def test_declared_entities_are_refused(tmp_path: Path, text: str) -> None:
    done = bring_in_feed(tmp_path, text)
    assert done.run.code == 1
    assert done.articles == {}
    assert "feed.xml:1:1: error: declares entities" in done.run.err


def test_an_empty_feed_is_told(tmp_path: Path) -> None:
    done = bring_in_feed(tmp_path, rss())
    assert done.run.code == 1
    assert "is a feed without an entry" in done.run.err


def test_one_guid_for_two_stories_brings_the_first_and_names_both(tmp_path: Path) -> None:
    done = bring_in_feed(tmp_path, rss(item(1), item(1).replace("Story 1", "Another one")))
    assert [words["title"] for words, _ in done.articles.values()] == ["Story 1"]
    assert 'has the id of "Story 1"' in done.run.err


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8"])
def test_encodings_other_than_the_declared_one_are_read(tmp_path: Path, encoding: str) -> None:
    done = bring_in_feed(tmp_path, rss(item(1).replace("Story 1", "Café noir")).encode(encoding))
    assert done.only[0]["title"] == "Café noir"


def test_dates_that_are_none_are_left_out_and_told(tmp_path: Path) -> None:
    done = bring_in_feed(tmp_path, rss(item(1).replace("Sat, 04 May 2019 10:01:00 GMT", "0000-00-00 00:00:00")))
    assert "date" not in done.only[0]
    assert "0000-00-00" in done.run.err


def test_coming_again_changes_nothing_and_a_changed_entry_is_an_update(tmp_path: Path) -> None:
    first = bring_in_feed(tmp_path, rss(item(1), item(2)))
    (tmp_path / "feed.xml").write_text(rss(item(1), item(2).replace("Text number 2", "Other words")))
    again = bring_in(tmp_path, str(tmp_path / "feed.xml"), into=first.archive)
    assert (again.report["sources"][0]["same"], again.report["sources"][0]["updated"]) == (1, 1)


FEED_AUTHOR = "<author><name>Ada Lam</name></author><author><name>Bo Chan</name></author>"
ATOM_WITHOUT_AUTHORS = ATOM.replace(FEED_AUTHOR, "")
JSON_WITHOUT_AUTHORS = JSON.replace('"authors": [{"name": "Ada Lam"}, {"name": "Bo Chan"}], ', "")


@pytest.mark.parametrize(
    "text",
    [
        ATOM_WITHOUT_AUTHORS.replace("<id>tag:quay.example,2019:</id>", f"<id>tag:quay.example,2019:</id>{FEED_AUTHOR}"),
        ATOM_WITHOUT_AUTHORS.replace("<category", f"<source><title>The Pier</title>{FEED_AUTHOR}</source><category", 1),
        JSON_WITHOUT_AUTHORS.replace('"items"', '"authors": [{"name": "Ada Lam"}, {"name": "Bo Chan"}], "items"'),
        JSON.replace('"items"', '"author": {"name": "Cy Ode"}, "items"'),
    ],
)
def test_an_entry_without_authors_has_those_of_its_feed(tmp_path: Path, text: str) -> None:
    words, _ = bring_in_feed(tmp_path, text).only
    assert words["byline"] == ["Ada Lam", "Bo Chan"]


def test_a_feed_that_names_itself_as_author_gives_no_byline_and_a_blogger_who_is_it_does(tmp_path: Path) -> None:
    feed = JSON_WITHOUT_AUTHORS.replace('"items"', '"author": {"name": "The Quay Newsroom"}, "items"')
    words, _ = bring_in_feed(tmp_path / "outlet", feed).only
    assert "byline" not in words
    feed = ATOM.replace("<author><name>Bo Chan</name></author>", "").replace(
        "<updated>", "<author><name>Ada Lam</name></author><updated>", 1
    )
    words, _ = bring_in_feed(tmp_path / "blog", feed).only
    assert words["byline"] == ["Ada Lam"]
    assert "byline" not in words.get("inferred", [])


def test_the_publisher_of_a_feed_of_ours_is_no_writer(tmp_path: Path) -> None:
    head = "<generator>Morgue</generator><author><name>Quay Trust</name></author><updated>"
    words, _ = bring_in_feed(tmp_path, ATOM_WITHOUT_AUTHORS.replace("<updated>", head, 1)).only
    assert "byline" not in words


SPOT = '<p>The ferry sailed at noon. <a href="more.html">More</a> <img src="../pier.jpg" alt="A pier"></p>'
ESCAPED = SPOT.replace("<", "&lt;")
XHTML = (
    '<content type="xhtml" {}><div xmlns="http://www.w3.org/1999/xhtml">' + SPOT.replace('pier">', 'pier"/>') + "</div></content>"
)


def atom_with_base(feed: str, entry: str, content: str) -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {feed}><title>The Quay</title><id>tag:q</id><entry {entry}><title>Noon</title>'
        f'<id>tag:q:1</id><link href="noon"/><updated>2019-05-04T10:00:00Z</updated>{content}</entry></feed>'
    )


@pytest.mark.parametrize(
    ("text", "url", "folder"),
    [
        (atom_with_base('xml:base="https://quay.example/a/b/"', "", f'<content type="html">{ESCAPED}</content>'), "a/b/noon", "a/b/"),
        (atom_with_base('xml:base="https://quay.example/a/"', 'xml:base="b/"', XHTML.format("")), "a/b/noon", "a/b/"),
        (atom_with_base('xml:base="https://quay.example/a/"', "", XHTML.format('xml:base="c/d/"')), "a/noon", "a/c/d/"),
        (atom_with_base("", 'xml:base="https://quay.example/e/f/"', f'<content type="html" xml:base="g/">{ESCAPED}</content>'), "e/f/noon", "e/f/g/"),
        (rss(f'<item xml:base="a/b/"><title>Noon</title><link>noon</link><description>{ESCAPED}</description></item>'), "a/b/noon", "a/b/"),
        (rss(f"<item><title>Noon</title><link>/a/b/noon</link><description>{ESCAPED}</description></item>"), "a/b/noon", "a/b/"),
        (
            rss(f"<item><title>Noon</title><link>noon</link><description>{ESCAPED}</description></item>").replace(
                "<channel>", '<channel xml:base="https://quay.example/a/b/">'
            ),
            "a/b/noon",
            "a/b/",
        ),
    ],
)  # fmt: skip
def test_relative_addresses_count_from_the_stated_base_or_the_site(tmp_path: Path, text: str, url: str, folder: str) -> None:
    words, body = bring_in_feed(tmp_path, text).only
    assert words["original_url"] == f"https://quay.example/{url}"
    assert f"[More](https://quay.example/{folder}more.html)" in body
    assert f"(https://quay.example/{folder.rstrip('/').rpartition('/')[0]}/pier.jpg)" in body


def test_a_link_that_names_no_site_is_told(tmp_path: Path) -> None:
    done = bring_in_feed(tmp_path, atom_with_base("", "", "<summary>The ferry sailed at noon.</summary>"))
    assert "original_url" not in done.only[0]
    assert 'warning: original_url: the link "noon" names no site, and neither does the feed' in done.run.err


def test_contributors_and_terms_that_say_more_than_their_label_are_named_as_cut(tmp_path: Path) -> None:
    more = (
        '<contributor><name>Cy Ode</name></contributor><category term="h-17" label="Harbour" scheme="https://quay.example/c"/>'
        '<category term="sea-trade" label="Sea trade"/><category term='
    )
    done = bring_in_feed(tmp_path, ATOM.replace('<category term="Harbour"/>', "").replace("<category term=", more, 1))
    assert done.only[0]["tags"] == ["Harbour", "Sea trade", "Ferries"]
    assert done.report["stories"][0]["cut"] == [
        {"rule": "contributor", "text": "Cy Ode"},
        {"rule": "category-term", "text": "Harbour: h-17"},
    ]
    assert done.report["fields"]["category scheme"]["dropped"] == 1


@pytest.mark.parametrize("more", ["Another word on it.", "Text number 1 of the feed.", "A short trip"])
def test_second_summaries_and_titles_of_an_entry_are_named(tmp_path: Path, more: str) -> None:
    second = f'<x:summary xmlns:x="http://www.itunes.com/dtds/podcast-1.0.dtd">{more}</x:summary>'
    third = '<x:title xmlns:x="http://www.itunes.com/dtds/podcast-1.0.dtd">Story one, at noon</x:title>'
    content = (
        '<content:encoded xmlns:content="http://purl.org/rss/1.0/modules/content/">Text number 1 of the feed.</content:encoded>'
    )
    text = rss(item(1, content + second + third).replace("&lt;p&gt;Text number 1 of the feed.&lt;/p&gt;", "A short trip."))
    done = bring_in_feed(tmp_path, text)
    words, body = done.only
    assert (words["title"], words["summary"], body) == ("Story 1", "A short trip.", "Text number 1 of the feed.")
    cut = [(cut["rule"], cut["text"]) for cut in done.report["stories"][0]["cut"]]
    assert cut == [("second-summary", more)] * more.startswith("Another") + [("second-title", "Story one, at noon")]


def test_one_guid_and_headline_for_two_texts_is_never_silent(tmp_path: Path) -> None:
    other = item(1).replace("Text number 1", "Quite other words")
    at = "<link>https://quay.example/{}</link>"
    told = bring_in_feed(tmp_path / "told", rss(item(1), other))
    assert "feed.xml:4:1: warning: id: has the id and the headline of" in told.run.err
    assert (len(told.articles), told.report["sources"][0]["same"]) == (1, 1)
    item_1, other = (text.replace("<guid>", '<guid isPermaLink="false">') for text in (item(1), other))
    both = bring_in_feed(
        tmp_path / "both",
        rss(*(text.replace("</item>", at.format(name) + "</item>") for name, text in (("a", item_1), ("b", other)))),
    )
    assert len(both.articles) == 2
    assert "it came in with an id of its own" in both.run.err
    same = bring_in_feed(tmp_path / "same", rss(item(1), item(1)))
    assert (same.run.err, len(same.articles)) == ("", 1)
