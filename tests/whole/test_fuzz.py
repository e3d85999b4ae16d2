"""Articles put together from what broke others, in all scripts: whatever is written, a site comes of it that is whole."""

from __future__ import annotations

import json
import posixpath
import re
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from lxml import html as lxml_html

from tests.effort import IS_WHOLE, effort
from tests.sites import SITE, Archive, archive

EXAMPLES = effort(4, 150)
WORDS = ["harbour", "Ärzte", "部長週三", "مرحبا", "שלום", "ภาษาไทย", "Ελλάδα", "новости", "한국어", "हिन्दी", "café", "x2", "O'Neil"]
PIECES = [
    "1986. What a season", "12. Dezember", "1. one\n2. two\n5. five", "#1 seed", "# Head", "## Part two\n", "Under\n=====", "- a\n- b", "> said",
    "```\ncode # x\n```", "Term\n: Meaning", "[to](#part-two)", "[away](b.md#spot)", "[dead](gone.md#x)", "[q](?page=2)", "[e]()",
    '<p id="spot">spot</p>', '<a name="old">old</a>', "[TOC]", "note[^1]\n\n[^1]: The note.", "<iframe src='https://p.example/1'>in</iframe>",
    "<video><source src=a.mp4>fallback</video>", "<svg><text>drawn</text></svg>", "<script>alert(1)</script>", "<style>p{}</style>",
    "<form><input><button>Go</button></form>", "[call](tel:12)", "[x](//h.example/)", "![p](none.jpg)", "![](%00.jpg)", "\x0b", "\x0c", "\x00",
    "&amp;", "&#2;", "&lt;b>", "<b>bold", "</div>", "<div>", "<!-- c", "]]>", "[" * 60, "![" * 60, "[a](" * 60, "`" * 3, "*a **b", "~~s~~",
    "| a | b |\n|---|---|\n| 1 | 2 |", "<table><tr><td>l</td><td>r</td></tr></table>", "\u200b", "\u202e", "a\u0301", "{: #part .wide }",
    "{% raw %}", "\n\n", " ", "\n", "    ", *WORDS,
]  # fmt: skip
FRONT = [
    "tags: [ferry, C++, '#x']", "tags: ferry, night", "title: Bus #12", "byline: Ann", "agency: [AFP, Reuters]", "section: World",
    "summary: A & B < C", "language: ar", "language: zh-Hant", "updated: 2025-02-13", "aliases: [/old/a.html]", "slug: ünï", "draft: maybe",
    "images: [{src: none.png}]", "corrections: [{date: 2025-03-01, text: It was <one>.}]", "original_url: https://x.example/?a=1&b=2",
    "id: urn:x:1", "nonsense: 1", "title: [a", "withdrawn: 2025-02-14", "type: opinion", "dateline: '部'", "slugline: UK-POLITICS/",
]  # fmt: skip
ARTICLE = st.tuples(
    st.lists(st.sampled_from(FRONT), max_size=3, unique_by=lambda line: line.partition(":")[0]),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=10).map(" ".join)
    | st.lists(st.sampled_from(PIECES), max_size=10).map("\n\n".join),
)


@settings(max_examples=EXAMPLES, derandomize=not IS_WHOLE, deadline=None, suppress_health_check=list(HealthCheck))
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
    """Every feed is XML or JSON, has each story, and the words of its page; the search finds them."""
    for path, data in site.published().items():
        if path.endswith(".xml"):
            etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    items = {urlsplit(item["url"]).path[1:]: item for item in json.loads(site.page("feed.json"))["items"]}
    for path, text in pages.items():
        shown = lxml_html.fromstring(text).xpath('//div[@class="text"]')
        if not shown:
            continue  # withdrawn
        item = items[unquote(path)] if unquote(path) in items else items[next(url for url in items if unquote(url) == path)]
        fed = lxml_html.fromstring(f"<div>{item['content_html']}</div>")
        words = shown[0].text_content().split()
        assert fed.text_content().split()[: len(words)] == words, path
        for word in WORDS:
            if word in words:
                found = json.loads(site.run("search", word, "--json", "--limit", "50").out)
                assert path in {unquote(hit["url"]) for hit in found["results"]}, (path, word)
                break
