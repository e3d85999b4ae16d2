"""Pages of the archive's own: in the site's frame, in its menus, and among no articles."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pictures import picture
from tests.sites import SITE, Archive, archive, story

PAGES = f"{SITE}pages: pages\n"


def page(body: str = "Some words.", **words: str) -> str:
    return "---\n" + "".join(f"{word}: {value}\n" for word, value in words.items()) + f"---\n{body}\n"


def site(folder: Path, files: Mapping[str, str | bytes], settings: str = PAGES) -> Archive:
    return archive(folder, {"site.yml": settings, "content/a.md": story("A ferry"), **files})


def nav(text: str) -> str:
    return re.sub(r"\s+", " ", text.split('<nav class="site-nav"')[1].split("</nav>")[0])


def foot(text: str) -> str:
    return re.sub(r"\s+", " ", text.split('<footer class="foot">')[1])


def test_a_page_stands_at_its_name_in_the_frame(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        "content/pages/Our Terms.md": page(
            "You may [read it](../a.md).", title="Terms", description="What you may do.", updated="2024-05-01"
        ),
        "content/pages/help/methods.md": "# How we work\n\nSlowly. ![A desk](desk.gif)",
        "content/pages/help/desk.gif": picture(kind="GIF", mode="P"),
        "content/pages/聯絡.md": page(title="聯絡", language="zh-Hant"),
    }
    done = site(tmp_path, files)
    run = done.build()
    assert (run.code, run.err) == (0, "")
    terms, methods = done.page("our-terms.html"), done.page("help/methods.html")
    assert "<h1>Terms</h1>" in terms
    assert "What you may do." in terms
    assert '<a href="2025/02/12/a.html" rel="noopener noreferrer">read it</a>' in terms
    assert '<time datetime="2024-05-01">' in terms
    assert "<title>Terms - The Lantern</title>" in terms
    assert '<meta name="description" content="What you may do.">' in terms
    assert '"@type":"WebPage"' in terms
    assert "<h1>How we work</h1>" in methods
    assert methods.count("How we work</") == 2  # heading, crumb: one in a folder is in no footer by itself
    assert re.search(r'<img [^>]*src="\.\./media/\w+\.gif"', methods)
    assert '<div class="text prose" lang="zh-Hant">' in done.page("聯絡.html")
    assert '<a href="../our-terms.html"' in foot(methods)
    sitemap = done.page("sitemap.xml")
    assert "<loc>https://lantern.example/our-terms.html</loc><lastmod>2024-05-01</lastmod>" in re.sub(r"\s+", "", sitemap)
    assert "https://lantern.example/help/methods.html" in sitemap


def test_menu_and_footer_have_the_pages_that_ask_for_it_in_their_order(tmp_path: Path) -> None:
    files = {
        "content/pages/z.md": page(title="Zed", menu="true", order="1"),
        "content/pages/b.md": page(title="Bee", menu="yes", footer="false"),
        "content/pages/c.md": page(title="Cee", menu="true", order="2.5", language="ar"),
        "content/pages/hidden.md": page(title="Hidden", footer="false"),
        "content/pages/plain.md": page(title="Plain"),
        "content/pages/help/deep.md": page(title="Deep"),
        "content/pages/help/asked.md": page(title="Asked", footer="true"),
    }
    done = site(tmp_path, files)
    assert done.build().code == 0
    for path in ("index.html", "2025/02/12/a.html", "z.html"):
        text = done.page(path)
        assert re.findall(r">(Zed|Bee|Cee|Hidden|Plain)<", nav(text)) == ["Zed", "Cee", "Bee"]
        assert re.findall(r">(Zed|Bee|Cee|Hidden|Plain|Deep|Asked)<", foot(text)) == ["Zed", "Cee", "Asked", "Plain"]
    assert '<a href="c.html" lang="ar" dir="rtl">Cee</a>' in nav(done.page("z.html"))
    assert '<a href="z.html" aria-current="page">Zed</a>' in nav(done.page("z.html"))
    assert done.page("hidden.html")


def test_about_takes_its_words_from_about_md_and_keeps_its_figures(tmp_path: Path) -> None:
    done = site(tmp_path, {"content/pages/about.md": page("## Who we are\n\nThree people.", description="Since 1962.")})
    assert done.build().code == 0
    text = done.page("about.html")
    main = text[text.index("<main") :]
    order = ("<h1>About this archive</h1>", "Since 1962.", "Three people.", "What it holds")
    assert sorted(order, key=main.index) == list(order)
    assert ">About this archive</a>" in foot(text)
    done.write(
        {"content/pages/about.md": page("Four people.", title="About us", menu="true", footer="false", updated="2025-01-01")}
    )
    assert done.build().code == 0
    text = done.page("about.html")
    assert ">About us</h1>" in text
    assert "What it holds" in text
    assert "About us" in nav(done.page("index.html"))
    assert "about.html" not in foot(done.page("index.html"))
    assert "https://lantern.example/about.html</loc><lastmod>2025-01-01" in re.sub(r"\s+", "", done.page("sitemap.xml"))
    assert '"@type":"AboutPage"' in text


def test_pages_are_no_articles(tmp_path: Path) -> None:
    plain = archive(tmp_path / "plain", {"content/a.md": story("A ferry")})
    done = site(tmp_path / "own", {"content/pages/contact.md": page("Write to the harbour.", title="Contact", footer="false")})
    assert plain.build().code == 0
    run = done.build()
    assert run.out.startswith("1 article published:")
    before, after = plain.published(), done.published()
    assert {path for path in after if after.get(path) != before.get(path)} == {"contact.html", "sitemap.xml", "manifest-sha512.txt"}
    assert "contact" not in (done.folder / "addresses.txt").read_text()
    assert not list(done.run("fix", "--yes").out.splitlines()) or "contact" not in done.run("fix", "--yes").out
    for command in (["remove", "--reason", "other", "--yes"], ["withdraw", "--reason", "x"]):
        run = done.run(command[0], str(done.folder / "content/pages/contact.md"), *command[1:])
        assert run.code == 2
        assert "is a page of the site's own, no article" in run.err


def test_the_search_finds_a_page_that_asks_for_it(tmp_path: Path) -> None:
    files = {
        "content/pages/terms.md": page("Zebras may cross.", title="Terms", search="true"),
        "content/pages/contact.md": page("Zebras may call.", title="Contact"),
    }
    done = site(tmp_path, files)
    assert done.build().code == 0
    found = json.loads(done.run("search", "zebras", "--json").out)
    assert [hit["url"] for hit in found["results"]] == ["terms.html"]
    assert "Zebras may cross" in found["results"][0]["excerpt"]
    done.write({"content/pages/terms.md": page("Zebras may cross.", title="Terms")})
    assert done.build().code == 0
    assert json.loads(done.run("search", "zebras", "--json").out)["total"] == 0


@pytest.mark.parametrize(
    ("path", "files", "message"),
    [
        ("pages/index.md", {}, "its address index.html is one that the archive itself writes"),
        ("pages/search.md", {}, "its address search.html is one that the archive itself writes"),
        ("pages/tags/x.md", {}, "its address tags/x.html is one that the archive itself writes"),
        ("pages/About.md", {"content/pages/ABOUT.markdown": page(title="x")}, "its address about.html is already one of content/pages/ABOUT"),
        ("pages/contact.md", {"content/b.md": story("B", aliases="[/contact.html]")}, "contact.html is already one of content/b.md"),
        ("pages/2025/02/12/a.md", {}, "its address 2025/02/12/a.html is already one of content/a.md"),
        ("pages/….md", {}, "has no letter or digit in its name"),
    ],
)  # fmt: skip
def test_a_page_whose_address_is_taken_is_an_error_that_names_both(
    tmp_path: Path, path: str, files: dict[str, str], message: str
) -> None:
    done = site(tmp_path, {f"content/{path}": page(title="Page"), **files})
    run = done.build()
    assert run.code == 1
    assert message in run.err
    assert f"content/{path}:1:1: error" in run.err
    assert done.build("--keep-going").code == 1
    assert done.page("2025/02/12/a.html")


def test_a_page_that_the_search_finds_has_a_title(tmp_path: Path) -> None:
    run = site(tmp_path, {"content/pages/about.md": page(search="true")}).build()
    assert "content/pages/about.md:1:1: error: the title is missing" in run.err


@pytest.mark.browser
def test_the_search_page_calls_a_page_of_ones_own_not_undated(tmp_path: Path, browser: Browser) -> None:
    files = {
        "content/pages/terms.md": page("Zebras may cross.", title="Terms", search="true"),
        "content/old.md": "---\ntitle: Old zebras\n---\nZebras of no day.\n",
    }
    done = site(tmp_path, files, PAGES + "undated: keep\n")
    assert done.build().code == 0
    window = browser.new_page()
    window.goto((done.folder / "public/search.html").as_uri() + "?q=zebras")
    hits = window.locator("#results > li")
    hits.nth(1).wait_for()
    told = {hit.locator("a").first.inner_text(): "Undated" in hit.inner_text() for hit in hits.all()}
    assert told == {"Terms": False, "Old zebras": True}
    window.close()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"title": "T", "mneu": "true"}, '3:1: error: mneu: unknown field (did you mean "menu"?); a page has title,'),
        ({"title": "T", "date": "2024-01-01"}, "3:1: error: date: unknown field"),
        ({"title": "T", "menu": "sometimes"}, "3:1: error: menu: must be true or false"),
        ({"title": "T", "order": "first"}, '3:1: error: order: "first" is not a number'),
        ({"title": "T", "language": "klingon language"}, '3:1: error: language: "klingon language" is no language code'),
        ({"title": "T", "updated": "soon"}, "3:1: error: updated:"),
        ({"menu": "true"}, "1:1: error: the title is missing; write `title:`, or begin the text with a heading"),
    ],
)
def test_mistakes_in_a_page_are_named_at_their_place(tmp_path: Path, words: dict[str, str], message: str) -> None:
    run = site(tmp_path, {"content/pages/contact.md": page(**words)}).build()
    assert run.code == 1
    assert f"content/pages/contact.md:{message}" in run.err


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("pages: nowhere", "site.yml:5:1: error: pages: content/nowhere not found; your own pages lie there: make it"),
        ("pages: Pages", "there is pages/: rename it"),
        ("pages: content/pages", "counts from content/; write pages"),
        ("pages: ../pages", "must be the name of a folder in content/"),
        ("pages: a.md", "is not a folder"),
    ],
)
def test_a_folder_of_pages_that_is_not_there_is_named(tmp_path: Path, setting: str, message: str) -> None:
    done = site(tmp_path, {"content/pages/contact.md": page(title="Contact")}, f"{SITE}\n{setting}\n")
    run = done.build()
    assert run.code in {1, 2}
    assert message in run.err


def test_links_to_pages_and_from_them_are_checked_with_their_fragments(tmp_path: Path) -> None:
    body = "[T](pages/terms.md#fees) [A](/about.html#who) [gone](pages/gone.md) [no](pages/terms.md#nothing)"
    files: Mapping[str, str | bytes] = {
        "content/b.md": story("B", "2025-02-13", body),
        "content/pages/terms.md": page("## Fees\n\n[dead](../dead.md) [back](/2025/02/13/b.html) [paper](t.pdf)", title="Terms"),
        "content/pages/t.pdf": b"%PDF",
        "content/pages/about.md": page("## Who"),
    }
    done = site(tmp_path, files)
    assert done.build().code == 0
    text = done.page("2025/02/13/b.html")
    assert 'href="../../../terms.html#text-fees"' in text
    assert 'href="../../../about.html#text-who"' in text
    assert 'href="2025/02/13/b.html"' in done.page("terms.html")
    assert re.search(r'href="media/\w+/t\.pdf"', done.page("terms.html"))
    checked = done.run("check").out
    assert "the link to pages/gone.md leads nowhere" in checked
    assert "the link to pages/terms.md#nothing finds no such place there" in checked
    assert "content/pages/terms.md:6:8: warning: the link to dead.md leads nowhere" in checked


def test_a_rebuild_after_any_change_of_a_page_equals_a_clean_build(tmp_path: Path) -> None:
    contact = "content/pages/contact.md"
    done = site(tmp_path, {"content/pages/about.md": page("Us.", title="About us"), contact: page(title="Contact", menu="true")})
    assert done.build().code == 0
    changes: list[Mapping[str, str | bytes | None]] = [
        {contact: page("Other words.", title="Contact", menu="true")},
        {contact: page("Other words.", title="Write to us", menu="true")},
        {
            contact: page("Other words.", title="Write to us", search="true"),
            "content/pages/about.md": page("Them.", title="About us"),
        },
        {
            contact: None,
            "content/pages/new.md": page("[a](../a.md)", title="New"),
            "content/pages/about.md": None,
            "content/a.md": story("A ferry", slug="other"),
        },
    ]
    for number, change in enumerate(changes):
        done.write(change)
        run = done.build("--explain")
        assert run.code == 0
        if number == 0:
            assert [line.split(":")[0] for line in run.out.splitlines() if ": " in line][:1] == ["contact.html"]
        if number == 1:
            assert "2025/02/12/a.html: the menu or the footer changed" in run.out
        quick = done.published()
        assert done.build("--clean").code == 0
        assert done.published() == quick, change


def test_a_bag_of_a_year_brings_the_pages_along(tmp_path: Path) -> None:
    files: Mapping[str, str | bytes] = {
        "content/pages/contact.md": page("![map](../map.gif)", title="Contact"),
        "content/map.gif": picture(kind="GIF", mode="P"),
    }
    done = site(tmp_path / "a", files)
    assert done.build().code == 0
    assert done.run("bag", str(tmp_path / "bag"), "--since", "2025").code == 0
    assert (tmp_path / "bag/data/content/pages/contact.md").is_file()
    assert (tmp_path / "bag/data/content/map.gif").is_file()


def test_the_frame_of_a_page_speaks_the_sites_language(tmp_path: Path) -> None:
    settings = PAGES + "language: zh-Hant\n"
    done = site(
        tmp_path,
        {"content/pages/about.md": page("三個人。", menu="true"), "content/pages/c.md": page(title="聯絡", updated="2024-05-01")},
        settings,
    )
    assert done.build().code == 0
    assert ">關於" in nav(done.page("index.html"))
    assert "更新" in done.page("c.html")


@pytest.mark.browser
def test_every_item_of_the_menu_is_in_sight_and_a_page_begins_where_its_text_does(tmp_path: Path, browser: Browser) -> None:
    long = "How the archive was made, step by step, from the first box of negatives to the last, and what it leaves out"
    files = {
        "content/pages/about.md": page("Us.", title="About the Lantern and its people", menu="true"),
        "content/pages/methods.md": page("Slowly.", title=long, menu="true"),
        "content/pages/ar.md": page("نص قصير.", title="حول", language="ar", description="أرشيف."),
    }
    done = site(tmp_path, files)
    assert done.build().code == 0
    for width in (390, 1280):
        window = browser.new_page(viewport={"width": width, "height": 800})
        window.goto((done.folder / "public/ar.html").as_uri())
        assert window.evaluate("document.documentElement.scrollWidth") == width
        for link in window.locator(".site-nav a, .foot a").all():
            box = link.bounding_box()
            assert box is not None
            assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        heading, text = (window.locator(name).bounding_box() for name in (".list-head", ".text"))
        assert heading is not None
        assert text is not None
        assert heading["x"] + heading["width"] == text["x"] + text["width"]
        window.close()
