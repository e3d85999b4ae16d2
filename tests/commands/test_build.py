"""What a build says at its end: what was published, what is held back until when, what is left out and why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.sites import SITE, archive, story


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1750000000")  # 15 June 2025


def test_the_summary_names_what_is_held_back_and_left_out(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(),
            "content/d.md": story(slug="d", draft="true"),
            "content/e.md": story(slug="e", embargo="2025-07-01 09:30"),
            "content/x.md": story(slug="x", expires="2025-05-01"),
            "content/wrong.md": story(slug="w", date="soon"),
            "content/notes.txt": "x",
        },
    )
    run = site.build("--keep-going")
    assert run.code == 1
    lines = run.out.splitlines()
    assert lines[0].startswith("1 article published, 3 held back: ")
    assert lines[1:5] == [
        "Held back: 1 draft, 1 article under embargo, 1 expired article",
        "  content/d.md: a draft",
        "  content/e.md: under embargo until 2025-07-01 09:30",
        "  content/x.md: expired since 2025-05-01 00:00",
    ]
    assert lines[5] == "Left out: 1 file with errors, named above; files that are no articles, as content/notes.txt"


def test_several_that_are_held_back_are_counted_by_reason_by_a_build_that_finds_nothing_new_too(tmp_path: Path) -> None:
    drafts = {f"content/d{number}.md": story(slug=f"d{number}", draft="true") for number in range(2)}
    others = {f"content/e{number}.md": story(slug=f"e{number}", embargo="2025-07-01") for number in range(2)}
    site = archive(tmp_path, {"content/a.md": story(), **drafts, **others})
    for _ in range(2):
        assert "Held back: 2 drafts, 2 articles under embargo" in site.build().out.splitlines()


def test_the_summary_tells_withdrawn_ones_from_published_ones_and_whose_word_a_draft_is(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(),
            "content/w.md": story(slug="w", withdrawn="2025-03-01"),
            "content/p.md": story(slug="p", status="pending"),
            "content/h.md": story(slug="h", hidden="yes"),
            "content/k.md": story(slug="k", password="opensesame"),
        },
    )
    for _ in range(2):  # and one that finds nothing new
        run = site.build("--report", str(tmp_path / "report.json"))
        assert run.out.startswith("1 article published, 1 withdrawn, 3 held back: ")
        assert "  content/p.md: a draft (`status: pending`)" in run.out
        assert "  content/h.md: a draft (`hidden: yes`)" in run.out
        assert "  content/k.md: a draft (`password`)" in run.out
        report = json.loads((tmp_path / "report.json").read_text())
        assert (report["articles"], report["withdrawn"], report["held"]) == (2, 1, 3)


def test_a_link_to_what_is_held_back_says_so_and_equal_texts_are_named(tmp_path: Path) -> None:
    body = "The ferry to the outer islands ran again on Monday after the storm. " * 4
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body="[One](e.md), [two](d.md), [three](none.md)."),
            "content/d.md": story(slug="d", draft="true"),
            "content/e.md": story(slug="e", embargo="2025-07-01 09:30"),
            "content/one.md": story("One", slug="one", body=body),
            "content/two.md": story("Two", date="2024-01-01", slug="two", body=body),
        },
    )
    out = site.run("check").out
    assert "the link to e.md leads to what is under embargo until 2025-07-01 09:30 and held back; its words stay" in out
    assert "the link to d.md leads to what is a draft and held back" in out
    assert "the link to none.md leads nowhere" in out
    assert "content/two.md:1:1: warning: has the same text as content/one.md; if they are one story, keep one" in out
    assert out.count("has the same text") == 1


def test_first_words_stand_in_for_a_headline_where_the_site_keeps_such(tmp_path: Path) -> None:
    untitled = "---\ndate: 2025-02-12\n---\n"
    files = {
        "content/a.md": f"{untitled}The *harbour* board met on Tuesday. It will meet again before the tide tables of the new year are printed.",
        "content/b.md": f"{untitled}渡輪昨日恢復服務。",
    }
    site = archive(tmp_path, files)
    run = site.build()
    assert (run.code, run.err.count("the title is missing; give the article one, or let site.yml keep such articles")) == (1, 2)
    site.write({"site.yml": SITE + "untitled: keep\n"})
    run = site.build()
    assert (run.code, run.err.count("title is missing; the first words stand in for it")) == (0, 2)
    page = site.page("2025/02/12/a.html")
    assert ">The harbour board met on Tuesday. It will meet again before the tide tables of…</h1>" in page
    assert "Worked out, not given" in page
    assert "渡輪昨日恢復服務" in site.page("2025/02/12/b.html").partition("<h1")[2].partition("</h1>")[0]
    site.write({"content/c.md": untitled})
    assert "the title is missing; give the article one: there are no first words that could stand in" in site.build().err


@pytest.mark.parametrize("option", ["--report", "--changed-list"])
@pytest.mark.parametrize("source", ["site.yml", "addresses.txt", "content/a.md", "content/new.json", "templates/new.html"])
def test_no_record_of_a_build_replaces_a_source(tmp_path: Path, option: str, source: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "addresses.txt": "", "templates/day.html": "x"})
    before = {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()}
    run = site.build(option, str(tmp_path / source))
    assert (run.code, "is one of the archive's sources" in run.err) == (2, True)
    assert {file: file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()} == before
