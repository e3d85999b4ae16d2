"""What the archive itself writes for readers: in the sitemap or asked to stay out of indexes, reached by links, and linked to from texts."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from urllib.parse import quote, unquote

import pytest
from lxml import etree

from builder.archive import listings
from tests.links import dead_links
from tests.sites import SITE, Archive, archive, story

SETTINGS = f"""{SITE}undated: keep
data: metadata
pages: pages
watches:
  渡輪 now: 渡輪 OR ferry
  Big one: words
  Nothing yet: zeppelin
agencies:
  Wire: {{index: false}}
  Closed: {{data: none}}
"""
FILES = {
    "site.yml": SETTINGS,
    "content/pages/contact.md": "---\ntitle: Contact\n---\nWrite to us.\n",
    "content/zh.md": story("渡輪停航", "2024-02-06", "渡輪", language="zh-Hant", tags="[渡輪, C++]", byline="陳大文"),
    "content/w.md": story("Wrong", "2024-01-05", withdrawn="true", aliases="[/old/w.html]"),
    "content/closed.md": story("Closed", "1998", agency="Closed"),
    **{f"content/u{number}.md": story(f"No day {number}", "") for number in range(3)},
    **{f"content/m{number}.md": story(f"A month {number}", "1997-03") for number in range(3)},
    **{
        f"content/b{number}.md": story(f"Big {number}", f"2023-01-0{number % 2 + 1}", tags="[big]", agency="Wire")
        for number in range(5)
    },
}


@pytest.fixture(autouse=True, scope="module")
def short_lists() -> Iterator[None]:
    """Lists are cut after two articles."""
    with patch.multiple(listings, MAX_COMPLETE_LIST=2, PER_PAGE=2, UNDATED_PER_PAGE=2, ARCHIVE_FEED_ENTRIES=2):
        yield


@pytest.fixture(scope="module")
def built(short_lists: None, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Every kind of page that there is. Nobody changes it: what does takes a copy."""
    site = archive(tmp_path_factory.mktemp("own") / "site", FILES)
    assert site.build().code == 0
    return site


@pytest.fixture
def site(built: Archive, tmp_path: Path) -> Archive:
    """A copy of it."""
    return Archive(Path(shutil.copytree(built.folder, tmp_path / "site")))


def in_sitemap(site: Archive) -> set[str]:
    addresses = etree.fromstring(site.page("sitemap.xml").encode()).itertext()
    return {unquote(url.removeprefix("https://lantern.example/")) or "index.html" for url in addresses if "://" in url}


def reached(site: Archive) -> set[str]:
    """Every file that links lead to from the home page."""
    published, found, waiting = site.published(), {"index.html"}, ["index.html"]
    while waiting:
        page = waiting.pop()
        for link in re.findall(r'href="([^"#?:]+)', published[page].decode()):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(link)))
            if target in published and target not in found:
                found.add(target)
                waiting += [target] if target.endswith(".html") else []
    return found


def test_every_page_is_in_the_sitemap_or_asks_to_stay_out_and_links_lead_to_it(built: Archive) -> None:
    pages = {path: text.decode() for path, text in built.published().items() if path.endswith(".html")}
    hidden = {path for path, text in pages.items() if '<meta name="robots" content="noindex' in text}
    wire = {path for path in hidden if path.startswith("agencies/wire/") or "/b" in path}
    assert hidden - wire == {"404.html", "search.html", "withdrawn.html", "2024/01/05/w.html", "old/w.html"}
    assert {"agencies/wire/index.html", "agencies/wire/2023-01-3.html", "2023/01/01/b0.html"} <= wire
    assert in_sitemap(built) == pages.keys() - hidden
    assert {
        "watches/big-one/2023-01-2.html",
        "watches/渡輪-now/index.html",
        "data.html",
        "undated/index/2.html",
        "1997/03/index/2.html",
    } <= in_sitemap(built)
    assert pages.keys() - reached(built) == {"404.html", "old/w.html"}


def test_a_text_may_link_to_whatever_the_archive_writes_for_readers(site: Archive) -> None:
    not_for_readers = ("search/", "on-this-day/", ".nojekyll", "404.html", "old/")
    linked = [path for path in site.published() if not path.startswith(not_for_readers)]
    assert {
        "feeds/zh-hant.xml",
        "feeds/1997/03-2.xml",
        "watches/nothing-yet/feed.xml",
        "data/2023.csv.gz",
        "data/fields.json",
        "data/terms.txt",
        "robots.txt",
        "manifest-sha512.txt",
        "static/style.css",
    } <= set(linked)
    assert "data/1998.csv.gz" not in linked
    text = "\n\n".join(f"[link {number}](/{quote(path)})" for number, path in enumerate(linked))
    dead = "\n\n".join(
        f"[dead](/{path})"
        for path in (
            "data/1998.csv.gz", "watches/other/index.html", "watches/big-one/2022-01.html", "feeds/1997/04.xml",
            "tags/big/2023-01-4.html", "tags/x/feed.xml", "undated/index/3.html", "1997/03/index/4.html", "feeds/fr.xml",
            "static/gone.pdf", "data/readme.txt", "seal/manifest-sha512.txt",
        )
    )  # fmt: skip
    site.write({"content/pages/links.md": f"---\ntitle: Links\n---\n{text}\n\n{dead}\n"})
    checked = site.run("check").out
    assert checked.count("leads nowhere") == 12, checked
    assert site.build().code == 0
    page = site.page("links.html")
    assert [path for path in linked if f'<a href="{quote(path)}"' not in page] == []
    assert page.count("<a>dead</a>") + page.count('<a rel="noopener noreferrer">dead</a>') == 12
    assert dead_links(site.folder / "public") == []


def test_a_link_to_a_file_of_static_follows_its_coming_and_going_and_one_in_content_goes_before(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story("A", body="[s](/static/plan.pdf) [r](robots.txt) [h](/humans.txt)")})

    def built() -> list[str]:
        assert site.build().code == 0
        changed = site.published()
        assert site.build("--output", "clean", "--clean").code == 0
        assert changed == site.published("clean")
        return re.findall(r'<a(?: href="([^"]*)")? rel="noopener noreferrer">[srh]</a>', site.page("2025/02/12/a.html"))

    assert built() == ["", "../../../robots.txt", ""]
    site.write({"static/plan.pdf": "%PDF"})
    assert built()[0] == "../../../static/plan.pdf"
    site.write({"static/plan.pdf": None, "content/robots.txt": "Isaac, Asimov"})
    plan, robots, _ = built()
    assert (plan, robots[:15], robots[-11:]) == ("", "../../../media/", "/robots.txt")
    assert "humans.txt is not there" in site.run("check").out


def test_a_seal_that_texts_link_to_covers_the_pages_that_do(tmp_path: Path) -> None:
    site = archive(tmp_path / "site", {"content/a.md": story("A", body="[seal](/seal/manifest-sha512.txt.sig)")})
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    assert site.run("seal", "--key", str(tmp_path / "key")).code == 0
    assert 'href="../../../seal/manifest-sha512.txt.sig"' in site.page("2025/02/12/a.html")
    verified = site.run("verify")
    assert (verified.code, verified.out, verified.err) == (0, "", "")


def test_a_link_to_a_search_keeps_its_query_and_one_to_an_old_address_with_a_query_leads_on(tmp_path: Path) -> None:
    text = "[s](/search.html?q=渡輪&sort=newest) [h](/search.html?q=%22x%22#results) [o](/story.php?id=5&x) [a](/2025/02/12/a.html?utm=1#one)"
    files = {
        "site.yml": f"{SITE}redirects: nginx\n",
        "content/a.md": story("A", body="## One\n\nx", aliases="['/story.php?id=5&x']"),
        "content/b.md": story("B", body=f"{text} [d](/gone.php?id=6)"),
    }
    site = archive(tmp_path, files)
    assert site.build().code == 0
    links = re.findall(r'href="([^"]*)" rel="noopener noreferrer">[shoa]</a>', site.page("2025/02/12/b.html"))
    root, own = "../../../", "../../../2025/02/12/a.html"
    assert links == [f"{root}search.html?q=渡輪&amp;sort=newest", f"{root}search.html?q=%22x%22", own, f"{own}#text-one"]
    checked = site.run("check").out
    assert (checked.count("leads nowhere"), "content/b.md:5:" in checked, "gone.php?id=6" in checked) == (1, True, True), checked


def test_what_a_setting_leaves_out_is_in_neither(tmp_path: Path) -> None:
    text = "[a](/data.html) [b](/undated/index.html) [c](/watches/index.html)"
    site = archive(tmp_path, {"content/a.md": story("Links", body=text)})
    assert site.build().code == 0
    assert not in_sitemap(site) & {"data.html", "undated/index.html", "watches/index.html"}
    assert "watches/" not in site.page("index.html")
    assert site.run("check").out.count("leads nowhere") == 3


def test_the_sitemap_follows_what_a_watch_finds_when_it_counts_the_same(tmp_path: Path) -> None:
    def of_month(month: int, body: str) -> dict[str, str]:
        """The summary is what lists show: they see no change of the text."""
        return {f"content/d{month}.md": story(f"Day {month}", f"2021-0{month}-01", body, summary="A day.")}

    files = {path: text for month in range(1, 6) for path, text in of_month(month, "A pier.").items()}
    settings = f"{SITE}watches: {{Piers: pier}}\n"
    site = archive(tmp_path, {"site.yml": settings, **files, **of_month(2, "A bay.")})
    assert site.build().code == 0
    assert "watches/piers/2021-02.html" not in in_sitemap(site)
    site.write(of_month(2, "A pier.") | of_month(3, "A bay."))
    assert site.build().code == 0
    assert {"watches/piers/2021-02.html", "watches/piers/2021-05.html"} <= in_sitemap(site)
    assert "watches/piers/2021-03.html" not in in_sitemap(site)
    assert site.build("--clean", "--output", "clean").code == 0
    assert site.published() == site.published("clean")
