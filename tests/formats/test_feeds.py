"""Feeds: what their readers get, what stays as it is, and that no text can break them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import feedparser
import listparser
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from reader import make_reader

from builder.articles.model import Article, ArticleSummary, Image
from builder.config.site import Site
from builder.formats import feeds
from builder.formats.feeds import Channel, Entry
from builder.formats.opml import opml
from tests.sites import archive, story

SITE = Site(title="The Lantern", url="https://lantern.example/", timezone="Asia/Hong_Kong")
CHANNEL = Channel("The Lantern", "feed.xml", "index.html", "Old news", "2025-02-12T09:30:00+08:00")
ENTRY = Entry(
    id="tag:lantern.example,2025:1",
    url="https://lantern.example/2025/02/12/a.html",
    title="Ferry <late> & full",
    summary="Rows A < B & C",
    html='<p>Words &amp; <a href="https://lantern.example/">more</a> ]]&gt;</p>',
    published="2025-02-12T09:30:00+08:00",
    updated="2025-02-13T10:00:00+08:00",
    authors=("Ann Wong", "Ben Li"),
    agency="Harbour Wire",
    agency_feed="https://wire.example/feed",
    source="The Lantern",
    rights="© Harbour Wire",
    language="zh-Hant",
    categories=("AI summit", "World"),
    original="https://wire.example/1",
    image="https://lantern.example/media/a.webp",
    image_text="The pier",
    image_credit="Cara Ho",
)
ATOM = f"{{{feeds.ATOM}}}"
HISTORY = f"{{{feeds.HISTORY}}}"
DC = f"{{{feeds.DC}}}"
MEDIA = f"{{{feeds.MEDIA}}}"


def read(data: bytes) -> etree._Element:
    """Parse as strictly as any reader does."""
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


@pytest.mark.parametrize("write", [feeds.rss, feeds.atom])
def test_a_reader_gets_the_story(write: Callable[..., bytes]) -> None:
    parsed = feedparser.parse(io.BytesIO(write(SITE, CHANNEL, [ENTRY])), sanitize_html=False)
    assert not parsed.bozo, parsed.get("bozo_exception")
    [item] = parsed.entries
    assert (item.id, item.link) == (ENTRY.id, ENTRY.url)
    assert item.title == "Ferry <late> & full"
    assert item.content[0].value == ENTRY.html
    assert [tag.term for tag in item.tags] == ["AI summit", "World"]
    assert [author.name for author in item.authors] == ["Ann Wong", "Ben Li"]
    assert item.published_parsed[:5] == (2025, 2, 12, 1, 30), "UTC"
    assert item.media_content[0]["url"] == ENTRY.image
    assert item.source.title == "Harbour Wire"


def test_a_summary_is_text_in_every_format() -> None:
    """RSS readers take a description for HTML, so it has to be escaped once more than an Atom summary of type text."""
    item = read(feeds.rss(SITE, CHANNEL, [ENTRY])).find("channel/item")
    assert item.findtext("description") == "Rows A &lt; B &amp; C"
    entry = read(feeds.atom(SITE, CHANNEL, [ENTRY])).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}summary") == "Rows A < B & C"
    assert entry.find(f"{ATOM}summary").get("type", "text") == "text"
    assert json.loads(feeds.json_feed(SITE, CHANNEL, [ENTRY]))["items"][0]["summary"] == "Rows A < B & C"


def test_rss_puts_the_summary_before_the_text() -> None:
    names = [child.tag for child in read(feeds.rss(SITE, CHANNEL, [ENTRY])).find("channel/item")]
    assert names.index("description") < names.index(f"{{{feeds.CONTENT}}}encoded")
    assert "author" not in names, "it would have to be an e-mail address"


def test_wire_copy_keeps_its_own_origin() -> None:
    """An entry without them takes the archive's author and rights (RFC 4287, 4.2.10 and 4.2.11)."""
    entry = read(feeds.atom(SITE, CHANNEL, [replace(ENTRY, authors=("Harbour Wire",))])).find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Harbour Wire"
    assert entry.findtext(f"{ATOM}rights") == "© Harbour Wire"
    source = entry.find(f"{ATOM}source")
    assert source.findtext(f"{ATOM}title") == "Harbour Wire"
    assert source.findtext(f"{ATOM}id") not in {ENTRY.original, ENTRY.id}, "a source's id is a feed's, not a story's"
    assert source.find(f"{ATOM}link[@rel='self']").get("href") == "https://wire.example/feed"
    assert entry.find(f"{ATOM}link[@rel='via']").get("href") == ENTRY.original
    other = read(feeds.atom(SITE, CHANNEL, [replace(ENTRY, original="https://wire.example/2")])).find(f"{ATOM}entry/{ATOM}source")
    assert other.findtext(f"{ATOM}id") == source.findtext(f"{ATOM}id"), "one feed, one id"


def test_rss_never_names_a_feed_that_nobody_knows() -> None:
    known = read(feeds.rss(SITE, CHANNEL, [ENTRY])).find("channel/item")
    assert known.find("source").get("url") == "https://wire.example/feed"
    assert known.find(f"{DC}source") is None, "the two are not paired"
    unknown = read(feeds.rss(SITE, CHANNEL, [replace(ENTRY, agency_feed="")])).find("channel/item")
    assert unknown.find("source") is None
    assert unknown.findtext(f"{DC}source") == "Harbour Wire"


def test_every_entry_says_its_language() -> None:
    assert read(feeds.rss(SITE, CHANNEL, [ENTRY])).findtext(f"channel/item/{DC}language") == "zh-Hant"
    assert read(feeds.atom(SITE, CHANNEL, [ENTRY])).find(f"{ATOM}entry").get(f"{{{feeds.XML}}}lang") == "zh-Hant"
    assert json.loads(feeds.json_feed(SITE, CHANNEL, [ENTRY]))["items"][0]["language"] == "zh-Hant"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("https://a.example/x.webp", "image/webp"),
        ("https://a.example/x.JPG?w=1", "image/jpeg"),
        ("https://a.example/x", None),
        ("https://[x", None),
    ],
)
def test_a_picture_has_a_type_only_where_its_address_tells(address: str, kind: str | None) -> None:
    content = read(feeds.rss(SITE, CHANNEL, [replace(ENTRY, image=address)])).find(f"channel/item/{MEDIA}content")
    assert (content.get("url"), content.get("type")) == (address, kind)
    assert content.findtext(f"{MEDIA}credit") == "Cara Ho"


@pytest.mark.parametrize("write", [feeds.rss, feeds.atom])
def test_spliced_documents_are_those_that_feedgen_makes_whole(write: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Entries are made once and put into many documents: nothing may be lost or gained by that."""
    entries = [ENTRY, replace(ENTRY, id="tag:lantern.example,2025:2", agency="", image="", authors=(), rights="")]
    spliced = write(SITE, CHANNEL, entries)
    make = feeds._generator

    def whole(site: Site, channel: Channel) -> object:
        generator = make(site, channel)
        for entry in entries:
            generator.add_entry(feeds._feed_entry(entry, rss=write is feeds.rss), order="append")
        generator.updated(channel.updated)  # adding an entry stamps it with the clock's time
        return generator

    monkeypatch.setattr(feeds, "_generator", whole)
    assert etree.tostring(read(spliced), method="c14n2") == etree.tostring(read(write(SITE, CHANNEL, [])), method="c14n2")


@pytest.mark.parametrize("write", [feeds.rss, feeds.atom, feeds.json_feed])
def test_a_feed_knows_no_clock_and_no_machine(write: Callable[..., bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    first = write(SITE, CHANNEL, [ENTRY])
    feeds._item.cache_clear()
    feeds._atom_entry.cache_clear()
    monkeypatch.setenv("TZ", "America/Lima")
    assert write(SITE, CHANNEL, [ENTRY]) == first
    assert b"feedgen" not in first
    assert set(re.findall(r"\b20\d\d(?=-\d\d-\d\dT| \d\d:)", first.decode())) == {"2025"}, "the articles' year alone"


@pytest.mark.parametrize("write", [feeds.rss, feeds.atom, feeds.json_feed])
def test_a_feed_without_entries_is_one(write: Callable[..., bytes]) -> None:
    data = write(SITE, replace(CHANNEL, updated=""), [])
    if write is feeds.json_feed:
        assert json.loads(data)["items"] == []
    else:
        parsed = feedparser.parse(io.BytesIO(data))
        assert (parsed.bozo, parsed.entries, parsed.feed.title) == (False, [], "The Lantern")
    assert b"lastBuildDate" not in data


@pytest.mark.parametrize("write", [feeds.rss, feeds.atom])
def test_archive_documents_are_chained(write: Callable[..., bytes]) -> None:
    """RFC 5005, section 4. In RSS no validator looks at these links."""
    closed = replace(
        CHANNEL,
        path="feeds/2025/02.xml",
        archive=True,
        previous="feeds/2025/01.xml",
        next="feeds/2025/03.xml",
        current="atom.xml",
    )
    root = read(write(SITE, closed, [ENTRY]))
    holder = root.find("channel") if write is feeds.rss else root
    assert len(holder.findall(f"{HISTORY}archive")) == 1
    links = [(link.get("rel"), link.get("href")) for link in holder.findall(f"{ATOM}link")]
    expected = {"self": "feeds/2025/02.xml", "prev-archive": "feeds/2025/01.xml", "next-archive": "feeds/2025/03.xml", "current": "atom.xml"}  # fmt: skip
    for rel, path in expected.items():
        assert [href for found, href in links if found == rel] == [SITE.url + path], rel
    inside = root.find(".//item") if write is feeds.rss else root.find(f"{ATOM}entry")
    assert not {link.get("rel") for link in inside.iter(f"{ATOM}link")} & {"prev-archive", "next-archive", "current"}
    current = read(write(SITE, replace(CHANNEL, previous="feeds/2025/02.xml"), [ENTRY]))
    assert not list(current.iter(f"{HISTORY}archive"))


def test_json_feed_has_what_its_version_asks_for() -> None:
    feed = json.loads(feeds.json_feed(SITE, CHANNEL, [ENTRY, replace(ENTRY, id="2", original="", image="", authors=(), html="")]))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (feed["home_page_url"], feed["feed_url"]) == ("https://lantern.example/", "https://lantern.example/feed.xml")
    full, bare = feed["items"]
    assert full["external_url"] == ENTRY.original
    assert full["authors"] == [{"name": "Ann Wong"}, {"name": "Ben Li"}]
    assert bare["content_html"] == "", "an item has a text, be it empty"
    assert not {"external_url", "image", "authors"} & set(bare)


ANY = st.text(alphabet=st.characters(), max_size=60) | st.sampled_from(
    [
        "]]>",
        "<![CDATA[",
        "</item></channel>",
        "&amp;",
        "\u2028\u2029",
        "\ufffe",
        "\x00",
        "\ud800",
        "مرحبا\u202e",
        "👩‍🚀",
        "<!--",
        "<?x",
    ]
)


@given(ANY, ANY, ANY, ANY)
def test_no_text_breaks_a_feed(title: str, words: str, name: str, address: str) -> None:
    article = Article.model_construct(
        **{
            **Article().model_dump(),
            "title": title,
            "date": "2025-02-12",
            "id": address or "x",
            "byline": (name,),
            "agency": (name,),
            "tags": (words,),
            "rights": words,
            "language": "en",
            "original_url": f"https://x.example/{address}",
            "images": (image_of(f"https://x.example/{address}", words),),
            "corrections": (),
        }
    )
    summary = summary_of(title, words)
    try:
        entry = feeds.entry_of(article, summary, "<p>x</p>", {}, SITE)
    except UnicodeEncodeError:
        assert any("\ud800" <= char <= "\udfff" for char in address), "half a surrogate pair can be in no file's UTF-8"
        return
    for write in (feeds.rss, feeds.atom):
        root = read(write(SITE, CHANNEL, [entry]))
        found = [element.text for element in root.iter("item", f"{ATOM}entry")]
        assert len(found) == 1
        assert "".join(
            root.find(".//{*}item/{*}title").itertext() if write is feeds.rss else root.find(f"{ATOM}entry/{ATOM}title").itertext()
        )
    assert json.loads(feeds.json_feed(SITE, CHANNEL, [entry]))["items"][0]["id"] == entry.id
    assert read(opml(SITE, "x", [(name, [(words, "a.xml", "a.html")])])).tag == "opml"


def image_of(src: str, words: str) -> Image:
    return Image.model_construct(src=src, alt=words, caption=words, credit=words)


def summary_of(title: str, summary: str) -> ArticleSummary:
    words = dict.fromkeys(ArticleSummary.__struct_fields__, "")
    return ArticleSummary(**{**words, "url": "2025/02/12/a.html", "title": title, "summary": summary, "date": "2025-02-12"})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [
        ("urn:uuid:60a76c80-d399-11d9-b93c-0003939e0af6", True),
        ("tag:example.org,2013:0455", True),
        ("https://example.org/故事/1", True),
        ("lantern-2013-0455", False),
        ("AFP: a story no. 5", False),
        ('urn:"x"', False),
        ("urn:a\x01", False),
    ],
)
def test_ids_are_uris_that_do_not_move_with_the_site(given_id: str, kept: bool) -> None:
    article = Article.model_construct(**{**Article().model_dump(), "title": "A", "date": "2025-02-12", "id": given_id})
    ids = set()
    for url in ("https://lantern.example/", "http://localhost:8000/old/"):
        ids.add(feeds.entry_of(article, summary_of("A", ""), "", {}, SITE.model_copy(update={"url": url})).id)
    [made] = ids
    assert (made == given_id) is kept
    assert kept or made.startswith("tag:morgue,2025:")
    assert not any(char.isspace() for char in made)


FILES: dict[str, str | bytes] = {
    "site.yml": "title: The Lantern\nurl: https://lantern.example/\ntimezone: Asia/Hong_Kong\nagencies:\n"
    "  Harbour Wire: {feed: 'https://wire.example/feed'}\n",
    "content/a.md": "---\ntitle: Ferry late\ndate: 2025-02-12 09:30\nagency: Harbour Wire\ntags: [Ferries]\n"
    "images: [{src: pier.png, alt: A pier, caption: The pier, credit: Cara Ho}]\n"
    "corrections: [{date: 2025-03-01, text: It was <one> hour.}]\n---\nWords and [more](b.md).\n",
    "content/b.md": story("Other", "2025-01-05", tags="Ferries"),
    "content/c.md": story("Gone", "2025-02-10", withdrawn="2025-02-11", tags="Ferries"),
    "content/pier.png": bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c020000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
    ),
}


def test_the_feeds_of_a_site(tmp_path: Path) -> None:
    site = archive(tmp_path, FILES)
    assert site.build().code == 0
    parsed = feedparser.parse(io.BytesIO((tmp_path / "public/feed.xml").read_bytes()), sanitize_html=False)
    assert [item.title for item in parsed.entries] == ["Ferry late", "Other"], "withdrawn stories leave"
    items = {
        name: read((tmp_path / "public" / name).read_bytes()).find("channel/item") for name in ("feed.xml", "tags/ferries/feed.xml")
    }
    text, same = (item.findtext(f"{{{feeds.CONTENT}}}encoded") for item in items.values())
    assert 'href="https://lantern.example/2025/01/05/b.html"' in text
    assert text.startswith('<figure><img src="https://lantern.example/media/')
    assert "<figcaption>The pier Cara Ho</figcaption>" in text
    assert "It was &lt;one&gt; hour." in text
    atom = feedparser.parse(io.BytesIO((tmp_path / "public/atom.xml").read_bytes()))
    assert atom.entries[0].updated.startswith("2025-03-01"), "a correction is a change that matters"
    assert atom.feed.updated == atom.entries[0].updated
    own = json.loads(site.page("feed.json"))["items"]
    topic = feedparser.parse(io.BytesIO((tmp_path / "public/tags/ferries/feed.xml").read_bytes()), sanitize_html=False)
    assert [item["id"] for item in own] == [item.id for item in parsed.entries] == [item.id for item in topic.entries]
    assert same == text, "one id, one text: readers keep one of them"


def test_the_list_of_feeds(tmp_path: Path) -> None:
    site = archive(tmp_path, FILES)
    assert site.build().code == 0
    found = listparser.parse(site.page("feeds.opml"))
    assert not found.bozo
    addresses = [feed.url for feed in found.feeds]
    assert {"https://lantern.example/feed.xml", "https://lantern.example/tags/ferries/feed.xml"} <= set(addresses)
    for address in addresses:
        assert (tmp_path / "public" / address.removeprefix("https://lantern.example/")).is_file()


@pytest.mark.parametrize(
    "words",
    [
        {"title": r'"a \uFFFE b"'},
        {"title": r'"a \x01 b"'},
        {"tags": r'["a \x01 b"]'},
        {"id": r'"urn:\x01b"'},
        {"original_url": r'"https://x.example/\x01"'},
        {"images": r'[{src: "https://x.example/\x01", alt: a, credit: b}]'},
        {"images": r'[{src: "https://[x", alt: a, credit: b}]'},
    ],
)
def test_no_article_stops_the_build_by_its_feed(tmp_path: Path, words: dict[str, str]) -> None:
    site = archive(tmp_path, {"content/a.md": story(**words), "content/b.md": story("Sound", "2025-02-11")})
    assert site.build().code == 0
    assert len(read((tmp_path / "public/feed.xml").read_bytes()).findall("channel/item")) == 2


def test_the_feeds_reach_a_reader_that_keeps_them(tmp_path: Path) -> None:
    site = archive(tmp_path, FILES)
    assert site.build().code == 0
    kept = make_reader(":memory:", feed_root=str(tmp_path / "public"))
    for name in ("feed.xml", "atom.xml", "feed.json", "feeds/2025/02.xml"):
        kept.add_feed(name)
        kept.update_feed(name)
        titles = {entry.title for entry in kept.get_entries(feed=name)}
        assert titles == ({"Ferry late"} if "/" in name else {"Ferry late", "Other"}), name
    kept.close()


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Fish & chips", b"Fish &#x26; chips"),
        ("Ferry <late>", b"Ferry &#x3C;late&#x3E;"),
        ("AT&amp;T wins", b"AT&#x26;amp;T wins"),
        ("1 < 2 && 3", b"1 &#x3C; 2 &#x26;&#x26; 3"),
    ],
)
def test_rss_titles_are_alike_to_readers_of_html_and_of_text(title: str, written: bytes) -> None:
    data = feeds.rss(SITE, replace(CHANNEL, title=title), [replace(ENTRY, title=title)])
    assert data.count(b"<title>" + written + b"</title>") == 2
    root = read(data)
    assert root.findtext("channel/title") == root.findtext("channel/item/title") == title
    assert root.findtext("channel/item/description") == "Rows A &lt; B &amp; C", "what is HTML stays so"


def test_a_huge_article_of_many_terms_is_a_summary_in_their_feeds(tmp_path: Path) -> None:
    tags = ", ".join(f"t{number}" for number in range(60))
    site = archive(
        tmp_path,
        {
            "content/a.md": story("Huge & all", body="First words.\n\n" + "word " * 8_000, tags=f"[{tags}]"),
            "content/b.md": story("Small", body="All of it.", tags=f"[{tags}]"),
        },
    )
    assert site.build().code == 0
    for path, whole in (("feed.xml", True), ("feeds/2025/02.xml", True), ("tags/t1/feed.xml", False), ("tags/t59/feed.xml", False)):
        text = site.page(path)
        assert ("word word word" in text) is whole, path
        assert "First words." in text and "All of it." in text, path
    assert sum(len((tmp_path / "public/tags" / f"t{number}" / "feed.xml").read_bytes()) for number in range(60)) < 1_000_000
    item = read((tmp_path / "public/tags/t1/feed.xml").read_bytes()).findall("channel/item")
    [text] = [entry.findtext(f"{{{feeds.CONTENT}}}encoded") for entry in item if entry.findtext("title") == "Huge & all"]
    assert text == '<p>First words.</p>\n<p><a href="https://lantern.example/2025/02/12/a.html">Huge &amp; all</a></p>'


def test_the_chain_of_archive_documents_leads_over_empty_months(tmp_path: Path) -> None:
    days = ["0099-05-01", "1204-04-13", "1204-05-13", "1899-12-31", "1900-01-01", "2025-02-12", "2099-01-01"]
    site = archive(tmp_path, {f"content/{day}-a.md": story(f"Of {day}", day) for day in days})
    assert site.build().code == 0
    documents = sorted((tmp_path / "public/feeds").rglob("*.xml"))
    assert [file.relative_to(tmp_path / "public/feeds").as_posix() for file in documents] == [
        f"{day[:4]}/{day[5:7]}.xml" for day in days
    ]
    seen: list[str] = []
    address, after = "atom.xml", ""
    while address:
        root = read((tmp_path / "public" / address).read_bytes())
        links = {link.get("rel"): link.get("href").removeprefix(SITE.url) for link in root.findall(f"{ATOM}link")}
        if address != "atom.xml":
            seen.extend(entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry"))
            assert links.get("next-archive", "") == after
            after = address
        address = links.get("prev-archive", "")
    assert seen == [f"Of {day}" for day in reversed(days)], "every story is reached, once"
    closed = {file: file.read_bytes() for file in documents[:-1]}
    site.write({"content/2099-02-01-b.md": story("Later", "2099-02-01")})
    assert site.build().code == 0
    assert all(file.read_bytes() == data for file, data in closed.items()), "what is closed stays closed"
