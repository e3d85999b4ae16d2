"""Whole small sites through the command line: what is published, what is refused, what a person reads."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.effort import effort
from tests.links import dead_links
from tests.sites import SITE, Archive, archive, story


def test_an_article_has_its_page_its_day_its_tag_and_its_feed(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story("Summit opens", tags="[AI summit]", agency="Harbour Wire")})
    run = site.build("--report", str(tmp_path / "report.json"))
    assert (run.code, run.err) == (0, "")
    published = site.published()
    for path in (
        "index.html", "404.html", "search.html", "feeds.html", "about.html", "robots.txt", "sitemap.xml", "withdrawn.html", "feed.xml", "atom.xml",
        "feed.json", "feeds.opml", "feeds/2025/02.xml", "2025/02/12/a.html", "2025/02/12/index.html", "2025/02/index.html", "2025/index.html",
        "tags/index.html", "tags/ai-summit/index.html", "tags/ai-summit/feed.xml", "agencies/harbour-wire/index.html",
    ):  # fmt: skip
        assert path in published, path
    for path in (
        "index.html",
        "2025/02/12/a.html",
        "2025/02/12/index.html",
        "tags/ai-summit/index.html",
        "feed.xml",
        "atom.xml",
        "feed.json",
    ):
        assert b"Summit opens" in published[path], path
    assert dead_links(tmp_path / "public") == []
    report = json.loads((tmp_path / "report.json").read_text())
    assert report["articles"] == 1
    assert report["written"] == len(published)
    assert (report["unchanged"], report["removed"], report["problems"]) == (0, 0, [])


def test_with_errors_nothing_is_published_and_the_last_good_site_stays(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story("Good")})
    site.build()
    before = site.published()
    site.write({"content/b.md": "---\ntitle: Bad\ndate: never\n---\nx", "content/c.md": story("Third", date="2025-02-13")})
    run = site.build()
    assert run.code == 1
    assert 'content/b.md:3:1: error: date: "never" is not a date that can be read' in run.err
    assert "Nothing was published: 1 error" in run.err
    assert site.published() == before
    run = site.build("--keep-going")
    assert run.code == 1
    assert {"2025/02/12/a.html", "2025/02/13/c.html"} <= set(site.published())


def test_a_second_build_writes_nothing_and_deleted_articles_take_their_pages_along(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story("One", tags="[x]"), "content/b.md": story("Two", "2024-01-05", tags="[y]")})
    site.build()
    mine = tmp_path / "public/2024/01/05/CNAME"
    mine.write_text("mine")
    run = site.build()
    assert "0 files written" in run.out
    assert "0 removed" in run.out
    site.write({"content/b.md": None})
    site.build()
    assert mine.read_text() == "mine", "files that morgue did not write stay"
    mine.unlink()
    left = site.published()
    assert not [path for path in left if "2024" in path or "tags/y" in path]
    other = archive(tmp_path / "other", {"content/a.md": story("One", tags="[x]")})
    other.build()
    assert left == other.published()


@pytest.mark.proof
@pytest.mark.parametrize("epoch", ["1700000000", "1900000000"])
def test_jobs_and_clean_builds_give_the_same_bytes(tmp_path: Path, epoch: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    files = {
        f"content/{number}.md": story(f"Story {number}", f"20{number % 20 + 10}-0{number % 9 + 1}-12", "Words. " * 400, tags=f"[t{number % 7}]", embargo="2026-01-01" if number % 5 == 0 else "")
        for number in range(effort(50, 300))
    }  # fmt: skip
    one, two = archive(tmp_path / "one", files), archive(tmp_path / "two", files)
    assert one.run("build", "--jobs", "1").code == 0
    assert two.run("build", "--jobs", "2").code == 0
    assert one.published() == two.published()
    before = one.published()
    assert one.run("build", "--jobs", "2", "--clean").code == 0
    assert one.published() == before


def test_undated_articles_stand_under_undated(tmp_path: Path) -> None:
    site = archive(
        tmp_path, {"site.yml": SITE + "undated: keep\n", "content/a.md": story("No day", date=""), "content/b.md": story()}
    )
    assert site.build().code == 0
    assert "No day" in site.page("undated/a.html")
    assert "No day" in site.page("undated/index.html")
    assert dead_links(tmp_path / "public") == []


def test_a_tombstone_says_when_and_why_and_nothing_else(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(
                "Withdrawn piece", body="The secret text.", withdrawn="{date: 2025-03-01, reason: It was wrong.}", tags="[x]"
            ),
            "content/b.md": story("Other"),
        },
    )
    assert site.build().code == 0
    page = site.page("2025/02/12/a.html")
    assert "It was wrong." in page
    assert "Withdrawn piece" in page
    assert "It was wrong." in site.page("withdrawn.html")
    for path, data in site.published().items():
        assert b"secret text" not in data, path
        assert b"Withdrawn piece" not in data or path in {"2025/02/12/a.html", "withdrawn.html"}, path


def test_aliases_lead_to_the_article(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(aliases="[/archives/2013/0455, /old.php]")})
    assert site.build().code == 0
    assert "../../../2025/02/12/a.html" in site.page("archives/2013/0455/index.html")
    assert "2025/02/12/a.html" in site.page("old.php")


def test_links_between_articles_are_made_from_their_files(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/x/a.md": story(body="[earlier](../b.md#part) [gone](c.md) [tag](/tags/t/)", tags="[t]"),
            "content/b.md": story(date="2024-01-05"),
        },
    )
    site.build()
    page = site.page("2025/02/12/a.html")
    assert 'href="../../../2024/01/05/b.html"' in page
    assert "<a>gone</a>" in page or ">gone<" in page
    assert 'href="../../../tags/t/index.html"' in page
    assert "https://lantern.example/2024/01/05/b.html" in site.page("feed.xml")
    assert "content/x/a.md:" in site.run("check").out


def test_hostile_text_is_shown_not_run(tmp_path: Path) -> None:
    evil = "<script>alert(1)</script>"
    site = archive(
        tmp_path,
        {
            "content/a.md": story(
                f"'{evil}'",
                body=evil,
                tags=f"['{evil}']",
                agency=f"'{evil}'",
                summary=f"'{evil}'",
                byline=f"'{evil}'",
                section=f"'{evil}'",
            )
        },
    )
    assert site.build().code == 0
    for path, data in site.published().items():
        if path.endswith(".html"):
            assert b"<script>alert" not in data, path


def test_unknown_keys_are_told_of_once_a_key(tmp_path: Path) -> None:
    site = archive(tmp_path, {f"content/{number}.md": story(date=f"2025-02-{number:02}", wordcount="7") for number in range(1, 8)})
    run = site.build()
    assert run.code == 0
    assert [line for line in run.err.splitlines() if "wordcount" in line] == [
        "content/1.md:4:1: warning: wordcount: unknown field, left out (7 articles); map it with `fields` in site.yml or remove it"
    ]


def test_a_link_that_leaves_the_folder_a_huge_file_and_an_unreadable_one(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {"content/good.md": story(), "content/big.md": b"x" * 50_000_000, "content/latin.md": b"---\ntitle: caf\xe9\n---\n"},
    )
    (tmp_path / "secret.md").write_text(story("Secret"))
    (tmp_path / "content/link.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "content/folder").symlink_to(tmp_path)
    run = site.build("--keep-going")
    assert run.code == 1
    assert "content/big.md:1:1: error: is 50 MB; an article has at most 8 MB" in run.err
    assert "content/latin.md:2:11: error: byte 0xE9 is not UTF-8; save the file as UTF-8" in run.err
    assert "content/link.md:1:1: error: is a symbolic link that leaves the content folder" in run.err
    assert "content/folder:1:1: error: is a symbolic link" in run.err
    assert not any(b"Secret" in data for data in site.published().values())
    assert "2025/02/12/good.html" in site.published()


def test_a_renamed_file_without_an_id_is_warned_of(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    site.build()
    (tmp_path / "content/a.md").rename(tmp_path / "content/b.md")
    run = site.build()
    assert "content/b.md:1:1: warning: was content/a.md at the last build and has no id, so it counts as a new article" in run.err


def test_two_builds_at_once(tmp_path: Path) -> None:
    from builder.state import state

    site = archive(tmp_path, {"content/a.md": story()})
    with state.lock(tmp_path):
        run = site.build()
    assert run.code == 3
    assert f"process {os.getpid()} is building this archive" in run.err
    assert site.build().code == 0


def test_a_file_that_is_not_ours_is_not_written_over(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "public/index.html": "my own page"})
    run = site.build()
    assert run.code == 3
    assert "index.html" in run.err
    assert site.published() == {"index.html": b"my own page"}


def test_a_template_that_is_wrong_is_named_and_nothing_is_published(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    site.build()
    before = site.published()
    site.write({"templates/day.html": "{% extends 'base.html' %}\n{% block main %}{{ nothing.here }}{% endblock %}"})
    run = site.build()
    assert run.code == 2
    assert "templates/day.html:2" in run.err
    assert site.published() == before
    site.write({"templates/day.html": "{% if %}"})
    run = site.build()
    assert (run.code, "templates/day.html:1" in run.err) == (2, True)
    site.write({"templates/day.html": "<p>Own: {{ day }}</p>"})
    assert site.build().code == 0
    assert site.page("2025/02/12/index.html") == "<p>Own: 2025-02-12</p>"


def test_new_and_init_and_fix(tmp_path: Path) -> None:
    site = archive(
        tmp_path / "x", {"content/a.md": story("One"), "content/b.md": "# Two\n\nText\x08.\n", "site.yml": SITE + "undated: keep\n"}
    )
    run = site.run("fix", stdin="n\n")
    assert "+id: tag:morgue,2025:" in run.out
    assert "+title: Two" in run.out
    assert "id:" not in (tmp_path / "x/content/a.md").read_text()
    assert site.build().code == 0
    before = site.published()["feed.xml"]
    assert site.run("fix", "--yes").code == 0
    assert "\x08" not in (tmp_path / "x/content/b.md").read_text()
    assert site.run("fix").out == "Nothing to repair.\n"
    site.build()
    assert site.published()["feed.xml"] == before, "an id that is written down is the one that was there"
    made = site.run("new", "A headline: with a colon")
    assert made.code == 0
    assert site.run("check").code == 0
    fresh = tmp_path / "fresh"
    assert site.run("init", str(fresh)).code == 0
    run = Archive(fresh).build()
    assert run.code == 0
    assert run.err.splitlines()[0].startswith("site.yml:3:1: warning: url: is still the example")
    assert len(run.err.splitlines()) == 1
    assert site.run("init", str(fresh)).code == 2


def test_help_names_every_command() -> None:
    from click.testing import CliRunner

    from builder.commands.cli import main

    text = CliRunner().invoke(main, ["--help"]).output
    for name in ("build", "serve", "search", "check", "new", "init", "fix"):
        assert f"\n  {name} " in text


def test_a_query_may_begin_with_an_exclusion(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story("Ferry"), "content/b.md": story("Tram", "2025-02-13")})
    assert site.build().code == 0
    assert site.run("search", "-ferry").out.startswith("1 article\n\nTram")
    assert site.run("search", "ferry", "--agnecy", "x").code == 2
    assert site.run("search", "ferry", "--since", "2025-13").code == 2
    empty = archive(tmp_path / "empty", {"content/a.md": story()})
    run = empty.run("search", "ferry")
    assert run.code == 3
    assert "morgue build" in run.err


def test_a_static_file_whose_name_is_no_text_is_said(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "static/a.txt": "x"})
    (tmp_path / "static/a.txt").rename(os.fsdecode(os.fsencode(tmp_path / "static") + b"/\xff.txt"))
    run = site.build()
    assert (run.code, run.err) == (2, "static/\\udcff.txt: its name is not UTF-8; rename it\n")


@pytest.mark.parametrize(
    "files",
    [{}, {"site.yml": SITE + "undated: keep\n", "content/a.md": story(date="")}, {"content/a.md": story()}],
    ids=["no article", "none with a date", "one with a date"],
)
def test_the_link_to_the_dates_leads_to_a_place_that_is_there(tmp_path: Path, files: dict[str, str | bytes]) -> None:
    site = archive(tmp_path, files)
    (tmp_path / "content").mkdir(exist_ok=True)
    assert site.build().code == 0
    assert 'href="index.html#years"' in site.page("about.html")
    assert site.page("index.html").count(' id="years"') == 1
