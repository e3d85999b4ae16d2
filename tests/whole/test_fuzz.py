"""Articles put together from what broke others, in all scripts: whatever is written, a site comes of it that is whole."""

from __future__ import annotations

import json
import posixpath
import re
import tempfile
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from builder.search.sync import FOLDER
from builder.search.text.query import parse
from builder.search.text.words import is_of_run, locate_tokens
from builder.search.whoosh_index.searcher import Searcher
from tests.effort import IS_WHOLE, effort
from tests.search.published_index import PublishedIndex
from tests.sites import SITE, Archive, archive

EXAMPLES = effort(4, 150)
BLOCKS = frozenset(
    "address article aside blockquote br caption center dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hr legend li main nav ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
"""What stands on lines of its own (HTML, section 15.3), and the cells of tables."""
FURNITURE = 'self::sup[starts-with(@id, "fnref")] or self::a[contains(@class, "footnote-backref")]'
"""A footnote's number, and the arrow back from it."""
AROUND = (
    '//article//h1 | //p[@class="standfirst"] | //p[@class="byline"]//a | //nav[@class="topics"]//a | //section[@id="corrections"]//p/span'
    '| //figure[contains(@class, "-picture")]//figcaption/span[not(@class)]'
)
"""What of a page is searched besides its text."""
WORDS = [
    "harbour",
    "Ärzte",
    "部長週三",
    "مرحبا",
    "שלום",
    "ภาษาไทย",
    "Ελλάδα",
    "новости",
    "한국어",
    "हिन्दी",
    "café",
    "x2",
    "O'Neil",
    "ພາສາລາວ",
    "ភាសាខ្មែរ",
    "မြန်မာစာ",
    "བོད་ཡིག",
    "ꆈꌠꁱꂷ",
    "ꦧꦱꦗꦮ",
    "தமிழ்",
    "ქართული",
    "Հայերեն",
    "فارسی",
    "كِتَابٌ",
    "שָׁלוֹם",
    "İstanbul",
    "Straße",
    "Việt",
    "U.S.",
    "e-mail",
    "3.5",
    "１２３",
    "٤٢",
    "ﬁne",
    "½",
    "C++",
    "❤️",
    "新\u200b聞",
    "co\u00adop",
    "ｶﾞｽ",
    "AI峰會2025",
    "が",
    "x" * 80,
]
PIECES = [
    "1986. What a season", "12. Dezember", "1. one\n2. two\n5. five", "#1 seed", "# Head", "## Part two\n", "Under\n=====", "- a\n- b", "> said",
    "```\ncode # x\n```", "Term\n: Meaning", "[to](#part-two)", "[away](b.md#spot)", "[dead](gone.md#x)", "[q](?page=2)", "[e]()",
    '<p id="spot">spot</p>', '<a name="old">old</a>', "[TOC]", "note[^1]\n\n[^1]: The note.", "<iframe src='https://p.example/1'>in</iframe>",
    "<video><source src=a.mp4>fallback</video>", "<svg><text>drawn</text></svg>", "<script>alert(1)</script>", "<style>p{}</style>",
    "<form><input><button>Go</button></form>", "[call](tel:12)", "[x](//h.example/)", "![p](none.jpg)", "![](%00.jpg)", "\x0b", "\x0c", "\x00",
    "&amp;", "&#2;", "&lt;b>", "<b>bold", "</div>", "<div>", "<!-- c", "]]>", "[" * 60, "![" * 60, "[a](" * 60, "`" * 3, "*a **b", "~~s~~",
    "| a | b |\n|---|---|\n| 1 | 2 |", "<table><tr><td>l</td><td>r</td></tr></table>", "\u200b", "\u202e", "a\u0301", "{: #part .wide }",
    "H<sub>2</sub>O", "re*mark*able", "<ruby>漢<rt>かん</rt></ruby>", "one<br>two", '<br id="x">'.join("ab"), 'up<hr class="wide">down',
    "<details><summary>More</summary>within</details>", "first  \nsecond", "<p>para<p>graph", "<dl><dt>term<dd>sense</dl>", "am&nbsp;Tag",
    "<section>part</section>whole", "<address>Pier 3</address>Hill", "<main>in</main>out", "<table><caption>Of it</caption><tr><th>h<td>d</table>",
    "<button>Go</button><label>on</label>", "<center>mid</center>dle", "<figure><img src=n.jpg><figcaption>seen</figcaption></figure>end",
    "<object data=o.swf>old</object>", "<math><mi>x</mi><mo>+</mo></math>", "\\*not\\*", "<blockquote>q<footer>who</footer></blockquote>",
    "<ul><li>i<li>j</ul>k", "<pre>p\nq</pre>r", "<x-y>custom</x-y>", "<!-- gone -->", "<?php echo 1 ?>", "<![CDATA[c]]>", "a<wbr>b", "{% raw %}", "\n\n", " ", "\n", "    ", *WORDS,
]  # fmt: skip
FRONT = [
    "tags: [ferry, C++, '#x']", "tags: ferry, night", "title: Bus #12", "byline: Ann", "agency: [AFP, Reuters]", "section: World",
    "summary: A & B < C", "language: ar", "language: zh-Hant", "updated: 2025-02-13", "aliases: [/old/a.html]", "slug: ünï", "draft: maybe",
    "images: [{src: none.png}]", "images: [{caption: A pier by night, credit: Ann}]", "corrections: [{date: 2025-03-01, text: It was <one>.}]", "original_url: https://x.example/?a=1&b=2",
    "id: urn:x:1", "nonsense: 1", "title: [a", "withdrawn: 2025-02-14", "type: opinion", "dateline: '部'", "slugline: UK-POLITICS/",
]  # fmt: skip
ARTICLE = st.tuples(
    st.lists(st.sampled_from(FRONT), max_size=3, unique_by=lambda line: line.partition(":")[0]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=10).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=10).map("\n\n".join),
)


@settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=not IS_WHOLE,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(st.lists(ARTICLE, min_size=1, max_size=6))
def test_whatever_is_written_a_whole_site_comes_of_it(articles: list[tuple[list[str], str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        files: dict[str, str | bytes] = {"site.yml": SITE + "markdown: [github]\n"}
        for number, (front, body) in enumerate(articles):
            title = [] if any(line.startswith("title") for line in front) else [f"title: Story {number}"]
            lines = "\n".join([*title, f"date: 2025-02-{number + 1:02}", *front])
            files[f"content/{'ab'[number] if number < 2 else number}.md"] = f"---\n{lines}\n---\n{body}\n"
        site = archive(Path(folder), files)
        report = Path(folder, "report.json")
        assert site.build("--keep-going", "--report", str(report)).code in {0, 1}
        named = {problem["path"] for problem in json.loads(report.read_text())["problems"] if problem["severity"] == "error"}
        pages = {path: text for path, text in published_pages(site).items() if path.startswith("2025/02/") and "/index" not in path}
        sources = {name for text in pages.values() for name in re.findall(r"<code>(content/[^<]+)</code>", text)}
        assert sources | named >= {name for name in files if name.startswith("content/")}, "published or named"
        assert_links_resolve(site)
        assert_texts_agree(site, pages)


def published_pages(site: Archive) -> dict[str, str]:
    """Every HTML page, by path."""
    return {path: data.decode() for path, data in site.published().items() if path.endswith(".html")}


def assert_links_resolve(site: Archive) -> None:
    """Every link within the site leads to a file, and to an id in it."""
    everything = site.published()
    ids = {path: set(re.findall(r'\bid="([^"]*)"', text)) for path, text in published_pages(site).items()}
    for path, text in published_pages(site).items():
        assert len(re.findall(r'\sid="', text)) == len(re.findall(r'\sid="([^"]*)"', text))
        if path == "404.html":
            continue
        for href in lxml_html.fromstring(text).xpath("//a/@href"):
            parts = urlsplit(href)
            if parts.scheme or parts.netloc:
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
            assert target in everything, (path, href)
            if parts.fragment not in {"", "top"} and path.startswith("2025"):
                assert unquote(parts.fragment) in ids[target], (path, href)


def assert_texts_agree(site: Archive, pages: dict[str, str]) -> None:
    """Every feed is XML or JSON and has each story with the words of its page; both searches have them, and find each."""
    files = site.published()
    assert_feeds_are_valid(files)
    feeds = fed_stories(site, files)
    browser_index = PublishedIndex.read(files)
    numbers = {unquote(hit["url"]): number for number, hit in browser_index.stories.items()}
    with Searcher.open(site.folder / ".morgue" / FOLDER) as searcher:
        documents = {hit.document.url: hit.document for hit in searcher.search(parse(""), limit=100).hits}
        asked: dict[str, frozenset[str]] = {}
        assert documents.keys() == numbers.keys() == {path for path, text in pages.items() if 'class="text"' in text}
        for path, document in documents.items():
            page = lxml_html.fromstring(pages[path])
            [text] = page.xpath('//div[@class="text"]')
            words, bare = shown_words(text), shown_words(text, without=FURNITURE)
            for feed, stories in feeds.items():
                fed = shown_words(lxml_html.fromstring(f"<div>{stories[path]}</div>"))
                assert any(fed[at : at + len(words)] == words for at in range(len(fed) - len(words) + 1)), (path, feed, words, fed)
            indexed = document.text.split()
            assert indexed[: len(bare)] == bare, (path, indexed, bare)
            assert browser_index.stories[numbers[path]]["text"] == document.text
            around = [word for element in page.xpath(AROUND) for word in shown_words(element)]
            for word in {*bare, *around}:
                question = re.sub(r"""["“”„‟«»「」『』＂]""", " ", unicodedata.normalize("NFKC", word))
                if not any(map(str.isalnum, question)):
                    continue
                if question not in asked:
                    asked[question] = searcher.ids(parse(f'"{question}"'))
                assert document.id in asked[question], (path, word)
                for term in (token.term for token in locate_tokens(word)):
                    having = browser_index.terms.keys() if len(term) == 1 and is_of_run(term) else {term}
                    assert any(numbers[path] in browser_index.terms.get(each, ()) for each in having if each.startswith(term)), (
                        path,
                        word,
                        term,
                    )


def assert_feeds_are_valid(files: dict[str, bytes]) -> None:
    """Every feed has what RFC 4287 (section 4.1), RSS 2.0 and JSON Feed 1.1 require, its dates in their grammar, each id once."""
    atom = "{http://www.w3.org/2005/Atom}"
    for path, data in files.items():
        if path.endswith(".xml"):
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
            entries_ = root.findall(f"{atom}entry")
            for element in [root, *entries_] if root.tag == f"{atom}feed" else []:
                for name in ("id", "title", "updated"):
                    [child] = element.findall(f"{atom}{name}")
                    assert child.text or name == "title", (path, name)
                assert datetime.fromisoformat(element.findtext(f"{atom}updated")).tzinfo, path
            assert all(root.find(f"{atom}author") is not None or entry.find(f"{atom}author") is not None for entry in entries_), (
                path
            )
            for channel in root.findall("channel"):
                assert all(channel.findtext(name) for name in ("title", "link", "description")), path
                for item in channel.findall("item"):
                    assert item.findtext("title") or item.findtext("description"), path
                    assert parsedate_to_datetime(item.findtext("pubDate")).tzinfo, path
            ids = [each.text for each in (*root.iterfind(f"{atom}entry/{atom}id"), *root.iterfind("channel/item/guid"))]
            assert len(ids) == len({*ids}), path
        elif path.endswith("feed.json"):
            feed = json.loads(data)
            assert feed["version"] == "https://jsonfeed.org/version/1.1" and feed["title"], path
            assert len({item["id"] for item in feed["items"]}) == len(feed["items"]), path
            for item in feed["items"]:
                assert "content_html" in item or "content_text" in item, path
                assert datetime.fromisoformat(item["date_published"]).tzinfo, path


def fed_stories(site: Archive, files: dict[str, bytes]) -> dict[str, dict[str, str]]:
    """Return of each feed of the whole archive the HTML of its stories, by the path of their page."""
    feeds: dict[str, dict[str, str]] = {
        "feed.json": {path_of(item["url"]): item["content_html"] for item in json.loads(site.page("feed.json"))["items"]}
    }
    for path, data in files.items():
        if path.endswith(".xml"):
            root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
            if path in {"feed.xml", "atom.xml"} or re.fullmatch(r"feeds/\d{4}/.*", path):
                feeds["feeds/" if "/" in path else path] = feeds.get("feeds/" if "/" in path else path, {}) | {
                    path_of(link): html for link, html in entries(root)
                }
    return feeds


def entries(root: etree._Element) -> Iterator[tuple[str, str]]:
    """Yield the address and the HTML of each story of an RSS or Atom feed."""
    for item in root.iter("item"):
        yield item.findtext("link", ""), item.findtext("{http://purl.org/rss/1.0/modules/content/}encoded", "")
    atom = "{http://www.w3.org/2005/Atom}"
    for entry in root.iter(f"{atom}entry"):
        [link] = [link.get("href", "") for link in entry.iter(f"{atom}link") if link.get("rel", "alternate") == "alternate"]
        yield link, entry.findtext(f"{atom}content", "")


def path_of(url: str) -> str:
    return unquote(urlsplit(url).path[1:])


def shown_words(element: lxml_html.HtmlElement, without: str = "self::nothing") -> list[str]:
    """Return the words of `element` as a reader sees them: a block begins and ends a line. `without` is an XPath test."""
    pieces: list[str] = []

    def walk(node: lxml_html.HtmlElement) -> None:
        if isinstance(node.tag, str) and not node.xpath(without):
            around = "\n" if node.tag in BLOCKS else ""
            pieces.extend((around, node.text or ""))
            for child in node:
                walk(child)
                pieces.append(child.tail or "")
            pieces.append(around)

    walk(element)
    return "".join(pieces).split()
