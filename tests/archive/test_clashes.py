"""Output paths: each is one file on every file system, or an error that names the article before anything is written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from builder.base.urls import slugify
from tests.sites import SITE, archive, story


@pytest.mark.parametrize(
    ("alias", "why"),
    [
        (f"/old/{'x' * 300}.html", "has a part longer than 255 bytes"),
        (f"/{'路' * 90}/", "has a part longer than 255 bytes"),
        ("/" + "folder/" * 140 + "x.html", "is longer than 900 bytes"),
        ("/con.html", "Windows keeps for a device"),
        ("/Old/AUX/", "Windows keeps for a device"),
        ("/lpt9.tar.html", "Windows keeps for a device"),
        ("/old./x.html", "which Windows drops"),
        ("/old /x.html", "which Windows drops"),
        ("/a:b.html", "do not take"),
        ("/a|b/", "do not take"),
        ('/a"b/', "do not take"),
        ("/.htaccess", "begins with a dot"),
        ("/.morgue-staging/x.html", "begins with a dot"),
        ("/INDEX.html", "reserved"),
        ("/Static/style.css", "reserved"),
        ("/TAGS/x/", "reserved"),
        ("/Search.html/x/", "reserved"),
        ("/Robots.TXT", "reserved"),
        ("/sw.js", "is no address of a page"),
        ("/photo.jpg", "is no address of a page"),
        ("/2025/02/12/B.html", "is taken by content/b.md"),
        ("/2025/02/12/b.html/more/", "would be a file and a folder at once"),
        ("/2025/02/12/A.html", "one file on some systems"),
    ],
)
def test_an_alias_that_no_file_can_have_is_an_error_that_publishes_nothing(tmp_path: Path, alias: str, why: str) -> None:
    quoted = alias.replace('"', '\\"')
    site = archive(tmp_path, {"content/a.md": story(aliases=f'["{quoted}"]'), "content/b.md": story()})
    run = site.build()
    assert run.code == 1
    assert re.search(rf"content/a\.md:4:\d+: error: aliases: .*{re.escape(why)}", run.err), run.err
    assert not (tmp_path / "public").exists()
    assert site.write({"content/a.md": story()}).build().code == 0


@pytest.mark.parametrize(
    ("permalink", "why"),
    [
        ("/" + "y" * 250 + "-{slug}.html", "has a part longer than 255 bytes"),
        ("/con/{slug}.html", "Windows keeps for a device"),
        ("/.hidden/{slug}.html", "begins with a dot"),
        ("/a?b/{slug}.html", "do not take"),
        ("/Static/{slug}.html", "is one that the archive itself writes"),
    ],
)
def test_a_permalink_that_no_file_can_have_is_an_error(tmp_path: Path, permalink: str, why: str) -> None:
    run = archive(tmp_path, {"site.yml": f"{SITE}permalink: '{permalink}'\n", "content/a.md": story()}).build()
    assert run.code in {1, 2} and (why in run.err or "permalink" in run.err), run.err
    assert not (tmp_path / "public").exists()


@pytest.mark.parametrize(("one", "other"), [("ΟΔΟΣ", "οδοσ"), ("cafe\u0301", "caf\u00e9"), ("Story", "STORY"), ("ⅷ", "Ⅷ")])
def test_slugs_that_some_file_system_takes_for_one_are_twins(tmp_path: Path, one: str, other: str) -> None:
    run = archive(tmp_path, {"content/1.md": story(slug=one), "content/2.md": story(slug=other)}).build()
    assert run.code == 1
    assert "content/2.md" in run.err and "is already that of content/1.md" in run.err


def test_a_page_is_never_a_folder_of_another(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "site.yml": f"{SITE}permalink: '{{section}}/{{slug}}/'\n",
            "content/1.md": story(section="World", slug="news"),
            "content/2.md": story(section="World", aliases="[/world/news/index.html/x/]"),
        },
    )
    assert "would be a file and a folder at once" in site.build().err


def test_names_of_devices_and_greek_words_have_portable_slugs() -> None:
    assert [slugify(text) for text in ("Con", "NUL", "com1", "lpt9", "console")] == ["con-", "nul-", "com1-", "lpt9-", "console"]
    assert slugify("ΟΔΟΣ ΣΟΦΙΑΣ") == slugify("οδοσ σοφιασ") == "οδος-σοφιας"


def test_an_alias_that_is_the_article_itself_is_nothing(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(aliases="[/2025/02/12/a.html, /old, /old/]")})
    assert site.build().code == 0
    assert "refresh" in site.page("old/index.html") and "refresh" not in site.page("2025/02/12/a.html")


def test_static_files_that_no_stick_takes_are_an_error(tmp_path: Path) -> None:
    run = archive(tmp_path, {"content/a.md": story(), "static/a:b.css": "x"}).build()
    assert run.code == 2 and "static/a:b.css" in run.err
    assert not (tmp_path / "public").exists()


def test_static_twins_by_letter_case_are_an_error(tmp_path: Path) -> None:
    run = archive(tmp_path, {"content/a.md": story(), "static/Style.css": "x"}).build()
    assert run.code == 2 and "some file systems take it for" in run.err


def test_an_old_address_with_an_empty_part_is_said_to_stand_at_that_without_it_and_links_lead_there(tmp_path: Path) -> None:
    aliases = '["/a//b.html", "https://old.example//c///d/", "/e//f.php?id=7", "/g/?p=1", "https://old.example/plain"]'
    links = "[one](/a//b.html) [two](/a/b.html) [three](//c/d) [four](/c////d) [five](/e/f.php?id=7) [six](/e//f.php?id=7) [seven](/g/?p=1)"
    site = archive(
        tmp_path,
        {
            "site.yml": f"{SITE}redirects: nginx\n",
            "content/a.md": story(aliases=aliases),
            "content/b.md": story(title="B", body=links),
        },
    )
    run = site.build()
    named = re.findall(r"content/a\.md:4:(\d+): warning: aliases\.\d: (\S+) has an empty part \(//\) and stands at (\S+):", run.err)
    assert named == [
        ("11", "/a//b.html", "/a/b.html"),
        ("25", "https://old.example//c///d/", "/c/d/index.html"),
        ("56", "/e//f.php?id=7", "/e/f.php?id=7"),
    ]
    assert "a.html" in site.page("a/b.html") and "a.html" in site.page("c/d/index.html")
    assert re.findall(r'<a href="[^"]*/a\.html"[^>]*>(one|two|three|four|five|six|seven)</a>', site.page("2025/02/12/b.html")) == [
        "one", "two", "four", "five", "six", "seven",
    ]  # fmt: skip


@pytest.mark.parametrize("output", ["site.yml", "notes.txt", "notes.txt/site/of/mine"])
def test_an_output_folder_that_is_a_file_is_named(tmp_path: Path, output: str) -> None:
    run = archive(tmp_path, {"content/a.md": story(), "notes.txt": "x"}).build("--output", output)
    assert run.code == 2
    assert f"--output {tmp_path / output}: {tmp_path / output.partition('/')[0]} is no folder" in run.err
