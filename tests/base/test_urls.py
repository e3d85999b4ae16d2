"""Addresses: one for each name that is another, read as what they encode, reached in every spelling."""

from __future__ import annotations

import json
import re
import unicodedata
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from builder.base.urls import alias_path, slugify
from tests.pictures import picture
from tests.sites import SITE, archive, story


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("AI Summit: “Paris”", "ai-summit-paris"),
        ("#MeToo", "metoo"),
        ("AT&T", "at-t"),
        ("Node.js", "node-js"),
        ("C", "c"),
        ("C++", "c-plus-plus"),
        ("C++17", "c-plus-plus-17"),
        ("C#", "c-sharp"),
        ("F♯", "f-sharp"),
        (".NET", "dot-net"),
        ("the .NET way", "the-dot-net-way"),
        ("ASP.NET", "asp-net"),
        ("A/B", "a-b"),
        ("A\\B", "a-backslash-b"),
        ("Disney+", "disney-plus"),
        ("…and justice", "and-justice"),
        ("❤️", ""),
        ("👍🏽", ""),
        ("1️⃣", "1"),
        ("co\u00adoperate", "cooperate"),
        ("\u3164", ""),
        ("हिन्दी", "हिन्दी"),
    ],
)
def test_slugs(name: str, slug: str) -> None:
    assert slugify(name) == slug


def test_names_that_differ_by_a_sign_have_different_slugs() -> None:
    names = ["C", "C+", "C++", "C#", "C♭", ".C", "A/B", "A\\B", "A+B", "AB"]
    for one, other in combinations(names, 2):
        assert slugify(one) != slugify(other), (one, other)


@given(st.text(alphabet=st.sampled_from("aB7é漢 +#.\\/-_♯\u200b\ufe0f\u0301\u20e3❤👍")) | st.text())
@example("a" * 117 + " \u0322x")
def test_a_slug_is_the_slug_of_itself_and_shows_what_it_is(text: str) -> None:
    slug = slugify(text)
    assert slugify(slug) == slug
    assert len(slug.encode()) <= 120
    assert not slug or any(unicodedata.category(char)[0] in "LN" for char in slug)


@pytest.mark.parametrize(
    ("alias", "path"),
    [
        ("/caf%C3%A9.html", "café.html"),
        ("/%e6%96%b0%e8%81%9e/", "新聞/index.html"),
        ("https://old.example/a%20b#top", "a b/index.html"),
        ("/100%.html", "100%.html"),
        ("/caf%E9.html", "caf%E9.html"),
        ("HTTP://old.example:8080//a.html", "a.html"),
        ("/web/2010/http://old.example/a.html", "web/2010/http:/old.example/a.html"),
    ],
)
def test_aliases_are_read_as_what_they_encode(alias: str, path: str) -> None:
    assert alias_path(alias) == path


@pytest.mark.parametrize(
    ("alias", "reason"),
    [("/story.php?id=5", "a query"), ("/%2e%2e/x", "part"), ("/a%00b", "control"), ("/", "no page"), ("#x", "no page"),
     ("//old.example/a.html", "write https://old.example/a.html or /old.example/a.html"), ("///a/b/", "/a/b/")],
)  # fmt: skip
def test_an_alias_that_no_file_can_answer_says_why(alias: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        alias_path(alias)


def test_an_alias_of_another_encoding_than_utf8_is_warned_of(tmp_path: Path) -> None:
    aliases = ["/caf%E9.html", "/%b7%73%bb%d3/a.htm", "/caf%C3%A9s.html", "/100%25.html", "/50%.html", "/x%25E9.html"]
    site = archive(tmp_path, {"content/a.md": story(aliases=json.dumps(aliases))})
    lines = [line for line in site.build().err.splitlines() if "no letter in UTF-8" in line]
    assert [re.findall(r"/\S+(?= answers on few hosts)", line) for line in lines] == [["/caf%E9.html"], ["/%b7%73%bb%d3/a.htm"]]


def test_encoded_names_aliases_slugs_and_links_lead_to_what_they_encode(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/2020-01-02-%e6%96%b0%e8%81%9e.md": story("One", aliases='["/caf%C3%A9.html"]'),
            "content/b.md": story(
                "Two",
                slug="na%C3%AFve",
                body="[a](2020-01-02-%e6%96%b0%e8%81%9e.md) [b](/caf%C3%A9.html) [c](/2025/02/12/%e6%96%b0%e8%81%9e.html)",
            ),
        },
    )
    run = site.build()
    assert (run.code, run.err) == (0, "")
    files = site.published()
    assert {"2025/02/12/新聞.html", "café.html", "2025/02/12/naïve.html"} <= files.keys()
    assert site.page("2025/02/12/naïve.html").count('href="../../../2025/02/12/%E6%96%B0%E8%81%9E.html"') >= 3


@pytest.mark.parametrize(
    "alias",
    ["/story.php?id=5", "/index.php?p=12&lang=zh", "/?p=123", "https://lantern.example/news/?nid=0042#top", "/新聞.asp?編號=9"],
)
def test_an_alias_with_a_query_is_an_error_that_names_the_setting_and_the_article_stands(tmp_path: Path, alias: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(aliases=f"[/a, '{alias}']", slug="a")})
    run = site.build("--keep-going")
    assert run.code == 1
    reason = f"content/a.md:4:15: error: aliases: {alias} cannot lead here: no static host can serve an address with a query"
    assert run.err.startswith(reason)
    assert "`redirects: netlify` or `redirects: nginx` in site.yml" in run.err
    assert {"2025/02/12/a.html", "a/index.html"} <= site.published().keys()
    assert site.write({"site.yml": f"{SITE}redirects: nginx\n"}).build().code == 0, "what the error advises works"


def test_an_alias_that_may_be_a_host_or_a_folder_is_not_guessed(tmp_path: Path) -> None:
    for setting in ("", "redirects: nginx\n"):
        for alias in ("//old.example/a.html", "//old.example/a.php?id=5"):
            site = archive(tmp_path, {"content/a.md": story(aliases=f"['{alias}']"), "site.yml": SITE + setting})
            run = site.run("check")
            assert run.code == 1
            assert f"content/a.md:4:11: error: aliases: {alias} cannot lead here: " in run.out


def test_an_alias_with_an_empty_query_is_told_to_leave_it_out(tmp_path: Path) -> None:
    for setting in ("", "redirects: netlify\n"):
        site = archive(tmp_path, {"content/a.md": story(aliases="['/old.html?']"), "site.yml": SITE + setting})
        assert "aliases: /old.html? cannot lead here: its query is empty; leave the ? out" in site.run("check").out


def test_names_written_on_a_mac_are_found_by_the_usual_spelling_and_the_other_way_round(tmp_path: Path) -> None:
    nfd = unicodedata.normalize("NFD", "café")
    site = archive(
        tmp_path,
        {
            f"content/{nfd}.md": story("One", body="![x](café.jpg)"),
            f"content/{nfd}.jpg": picture(),
            "content/b.md": story("Two", slug="two", body=f"[one](café.md) ![x](caf%C3%A9.jpg) ![y]({nfd}2.jpg)"),
            "content/café2.jpg": picture(60),
        },
    )
    run = site.build()
    assert (run.code, run.err) == (0, "")
    assert "2025/02/12/café.html" in site.published()
    page = site.page("2025/02/12/two.html")
    assert 'href="../../../2025/02/12/caf%C3%A9.html"' in page
    assert page.count('src="../../../media/') == 2


def test_a_picture_that_arrives_in_another_spelling_is_noticed(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(slug="a", body="![x](café.jpg)")})
    assert "is not there" in site.build().err
    site.write({f"content/{unicodedata.normalize('NFD', 'café')}.jpg": picture()})
    assert site.build().err == ""
    assert 'src="../../../media/' in site.page("2025/02/12/a.html")


def test_topics_that_are_left_out_or_run_together_are_named(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(slug="a", tags="[C, C++, ❤️, 👍, C#, c]", section="✨"),
            "content/b.md": story(slug="b", tags="ferry, harbour, night", agency="Meridian"),
        },
    )
    run = site.build()
    assert run.code == 0
    assert run.err.splitlines() == [
        'content/a.md:5:16: warning: tags.3: "❤️" has no letter or digit and is left out',
        'content/a.md:5:20: warning: tags.4: "👍" has no letter or digit and is left out',
        'content/a.md:5:27: warning: tags.6: "c" is filed as "C", which stands here too; keep one',
        'content/a.md:6:1: warning: section: "✨" has no letter or digit and is left out',
        'content/b.md:5:1: warning: tags: "ferry, harbour, night" is read as one name; if they are 3, write tags: [ferry, harbour, night]',
    ]
    tags = {path.split("/")[1] for path in site.published() if path.startswith("tags/") and path.count("/") == 2}
    assert tags == {"c", "c-plus-plus", "c-sharp", "ferry-harbour-night"}


@pytest.mark.parametrize(
    ("url", "ascii_form"),
    [
        ("https://zürich.example/ä/", "https://xn--zrich-kva.example/%C3%A4/"),
        ("https://新聞.example/", "https://xn--efvv70d.example/"),
        ("http://straße.example:8080/a%20b/é/", "http://xn--strae-oqa.example:8080/a%20b/%C3%A9/"),
        ("https://plain.example/%C3%A4/", "https://plain.example/%C3%A4/"),
    ],
)
def test_the_sites_address_is_ascii_wherever_a_grammar_asks(tmp_path: Path, url: str, ascii_form: str) -> None:
    site = archive(tmp_path, {"site.yml": f"url: {url}\n", "content/a.md": story()})
    assert site.build().code == 0
    for path in ("feed.xml", "atom.xml", "feed.json", "sitemap.xml", "robots.txt", "feeds.opml", "opensearch.xml"):
        text = site.page(path)
        assert ascii_form in text, path
        assert url == ascii_form or url not in text, path


def test_a_host_that_no_name_can_be_is_an_error_at_its_line(tmp_path: Path) -> None:
    run = archive(tmp_path, {"site.yml": "title: T\nurl: https://ünï..example/\n"}).build()
    assert (run.code, run.err[:26]) == (2, "site.yml:2:1: error: url: ")
