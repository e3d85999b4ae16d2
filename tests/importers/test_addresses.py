"""Addresses that are none, in every kind of source that has some: the story comes in, and nothing ends the import."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.importers.addresses import join, split_address
from tests.sites import archive

FEED = """<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><link rel="self" href="http://[bad"/>
<link rel="prev-archive" href="http://[worse"/><entry><title>Ferry</title><id>urn:1</id><updated>2020-01-02T00:00:00Z</updated>
<link href="http://[x"/><content type="html">&lt;p&gt;The boat &lt;img src="http://[y" alt="p"&gt; lay there.&lt;/p&gt;</content>
</entry></feed>"""
RSS = """<rss version="2.0" xml:base="http://[base"><channel><title>F</title><link>http://[site</link><item><title>Ferry</title>
<link>a.html</link><guid>7</guid><pubDate>Thu, 02 Jan 2020 00:00:00 GMT</pubDate><enclosure url="http://[e" type="audio/mpeg" length="1"/>
<description>&lt;p&gt;The boat lay there.&lt;/p&gt;</description></item></channel></rss>"""
POST = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel><title>W</title><link>http://[site</link><wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>http://[s</wp:base_site_url>
<item><title>Ferry</title><link>http://[p</link><content:encoded><![CDATA[<p>The boat <img src="http://[i"> lay
<a href="http://[l/a.pdf">there</a>.</p>]]></content:encoded><wp:post_id>1</wp:post_id><wp:post_date>2020-01-02 04:05:06</wp:post_date>
<wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>"""
PAGE = f"""<html><head><title>Ferry</title><base href="http://[b"><meta property="og:image" content="http://[i">
<link rel="canonical" href="http://[c"></head><body><article><h1>Ferry</h1><time datetime="2020-01-02">2 January 2020</time>
<p>The boat lay there. {"It had run aground at the pier in the morning, and nobody was hurt. " * 4}</p><img src="http://[q" alt="A">
<p><a href="http://[z">More</a> of it {"was told by the office of the harbour at noon, when two tugs came. " * 4}</p></article></body></html>"""
SOURCES = {"feed.xml": FEED, "rss.xml": RSS, "export.xml": POST, "page.html": PAGE}


@pytest.mark.parametrize("name", SOURCES)
def test_a_story_with_addresses_that_are_none_comes_in(tmp_path: Path, name: str) -> None:
    site = archive(tmp_path / "site", {})
    (tmp_path / name).write_text(SOURCES[name], encoding="utf-8")
    run = site.run("import", str(tmp_path / name))
    assert (run.code, "1 found: 1 written" in run.out) == (0, True), run.out + run.err
    (file,) = (site.folder / "content").rglob("*.md")
    assert "The boat" in file.read_text(encoding="utf-8")
    assert site.build().code == 0


@pytest.mark.parametrize("address", ["http://[bad", "//[", "https://[::1/x", "http://a]b/"])
def test_what_is_no_address_passes_as_it_is(address: str) -> None:
    assert join("https://a.example/", address) == address
    assert split_address(address) == ("", "", "", "", "")
    assert join(address, "b.html") == "b.html"
    assert join(address, "https://b.example/c") == "https://b.example/c"


def test_others_count_from_their_base() -> None:
    assert join("https://a.example/x/y.html", " ../b.html ") == "https://a.example/b.html"
    assert split_address("https://a.example/b?c#d").path == "/b"
