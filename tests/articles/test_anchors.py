"""Links to places within articles: on their page, from others, in feeds; dead ones are named."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.sites import SITE, archive, story

A, B = "2025/02/12/a.html", "2025/02/12/b.html"


def ids(html: str) -> list[str]:
    return re.findall(r'\bid="([^"]*)"', html)


@pytest.mark.parametrize(
    ("place", "fragment"),
    [
        ('<p id="spot">Here.</p>', "spot"),
        ('<a name="old-way">Here.</a>', "old-way"),
        ("## What's new?", "whats-new"),
        ("## What's new?", "what-s-new"),
        ("The part {: #part }\n", None),
        ("A paragraph.\n{: #part }", "part"),
        ("## 第二部分", "第二部分"),
        ("## 第二部分", "%E7%AC%AC%E4%BA%8C%E9%83%A8%E5%88%86"),
        ("Café\n----\n", "Café"),
        ('<span id="search">Here.</span>', "search"),
        ('<p id="main">Here.</p>', "main"),
    ],
)
def test_a_link_leads_to_the_place(tmp_path: Path, place: str, fragment: str | None) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body=f"[to](#{fragment})\n\n{place}\n\nWords.", tags="x"),
            "content/b.md": story("Other", body=f"[over](a.md#{fragment})"),
        },
    )
    assert site.build().code == 0
    page = site.page(A)
    assert len(ids(page)) == len(set(ids(page))), "no id twice, the page's own among them"
    own = re.search(r'<a href="([^"]*)"[^>]*>to</a>', page)
    over = re.search(r'<a href="([^"]*)"[^>]*>over</a>', site.page(B))
    assert own is not None and over is not None
    if fragment is None:
        return
    assert own[1].startswith("#") and over[1] == f"../../../{A}{own[1]}"
    from urllib.parse import unquote

    assert unquote(own[1][1:]) in ids(page)
    assert "no such place" not in site.run("check").out


def test_a_table_of_contents_leads_to_its_headings(tmp_path: Path) -> None:
    body = "[TOC]\n\n## One part\n\nWords.\n\n## One part\n\nMore.\n\n### Under it\n\nWords."
    site = archive(tmp_path, {"site.yml": SITE + "markdown: [toc]\n", "content/a.md": story(body=body)})
    assert site.build().code == 0
    page = site.page(A)
    links = re.findall(r'<a href="#(text-[^"]*)"', page)
    assert len(links) == 3 and len(set(links)) == 3
    assert set(links) <= set(ids(page))


def test_dead_fragments_are_named_and_lead_to_the_page(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body="[one](#nowhere) [two](b.md#gone) [three](b.md#there) [top](#top) [up](#)"),
            "content/b.md": story("Other", body='<p id="there">x</p>'),
        },
    )
    assert site.build().code == 0
    page = site.page(A)
    assert f'href="../../../{A}" rel="noopener noreferrer">one<' in page
    assert f'href="../../../{B}" rel="noopener noreferrer">two<' in page
    assert f'href="../../../{B}#text-there"' in page and 'href="#top"' in page
    found = site.run("check")
    lines = [line for line in (found.out + found.err).splitlines() if "no such place" in line]
    assert len(lines) == 2 and "#nowhere" in lines[0] + lines[1] and "b.md#gone" in lines[0] + lines[1]


def test_in_feeds_every_link_is_absolute_and_every_id_unique(tmp_path: Path) -> None:
    body = 'A note.[^1] [spot](#spot) [next](?page=2) [empty]() [other](b.md#there)\n\n<p id="spot">x</p>\n\n[^1]: The note.'
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body=body, tags="x"),
            "content/b.md": story("Other", body='B.[^1]\n\n<p id="there">x</p><p id="spot">y</p>\n\n[^1]: Its note.', tags="x"),
        },
    )
    assert site.build().code == 0
    for path in ("feed.xml", "atom.xml", "tags/x/feed.xml", "feeds/2025/02.xml", "feed.json"):
        text = site.page(path)
        if path.endswith("json"):
            text = "".join(item["content_html"] for item in json.loads(text)["items"])
        else:
            text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
        assert len(ids(text)) == len(set(ids(text))) == 7, path
        assert not [href for href in re.findall(r'<a [^>]*href="([^"]*)"', text) if not href.startswith("https://lantern.example/")]
        for address in (f"{A}#text-spot", f"{A}?page=2", f'{A}"', f"{B}#text-there", f"{A}#fn:1", f"{B}#fn:1"):
            assert f'href="https://lantern.example/{address.rstrip(chr(34))}"' in text, (path, address)


def test_a_footnotes_number_is_no_part_of_the_text(tmp_path: Path) -> None:
    site = archive(
        tmp_path, {"content/a.md": story(body="The harbour[^1] closed[^note] early.\n\n[^1]: At noon.\n[^note]: For good.")}
    )
    assert site.build().code == 0
    assert json.loads(site.page("feed.json"))["items"][0]["summary"] == "The harbour closed early."
    for question in ("harbour", '"harbour closed early"', "noon"):
        assert site.run("search", question).out.startswith("1 "), question
    assert site.run("search", "harbour1").out.startswith("0") or "No" in site.run("search", "harbour1").out
