"""Addresses for ever: whatever becomes of articles, every address that was published leads to its article, or is warned of."""

from __future__ import annotations

import json
import posixpath
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.effort import effort
from tests.sites import SITE, Archive, archive, settle, story


def ledger(site: Archive) -> list[str]:
    return (site.folder / "addresses.txt").read_text(encoding="utf-8").splitlines()[1:]


def goal(site: Archive, path: str) -> str:
    """The output path that the redirect page at `path` leads to."""
    target = site.page(path).partition('content="0; url=')[2].partition('"')[0]
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), target))


def test_build_notes_every_address_once_in_order_and_drafts_never(tmp_path: Path) -> None:
    files = {"content/b.md": story(id="b", aliases="[/old/b]"), "content/a.md": story(id="a"), "content/d.md": story(draft="true")}
    site = archive(tmp_path, files)
    site.build("--drafts")
    assert ledger(site) == ["2025/02/12/a.html\ta", "2025/02/12/b.html\tb", "old/b/index.html\tb"]
    before = (tmp_path / "addresses.txt").stat().st_mtime_ns
    site.write({"content/c.md": story(embargo="2999-01-01")}).build()
    assert (tmp_path / "addresses.txt").stat().st_mtime_ns == before, "nothing new was published"


@pytest.mark.parametrize(
    ("after", "target"),
    [
        ({"content/a.md": story(id="a", slug="another")}, "2025/02/12/another.html"),
        ({"content/a.md": story(id="a", date="2024-12-31")}, "2024/12/31/a.html"),
        ({"content/a.md": None, "content/deep/z.md": story(id="a")}, "2025/02/12/z.html"),
        ({"site.yml": SITE + "permalink: /news/{slug}/\n"}, "news/a/index.html"),
        ({"content/a.md": story(id="a", slug="moved", withdrawn="{date: 2025-03-01, reason: wrong}")}, "2025/02/12/moved.html"),
    ],
)
def test_an_article_with_another_address_is_led_to_from_the_old_one(
    tmp_path: Path, after: dict[str, str | None], target: str
) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a"), "content/link.md": story(body="[See](/2025/02/12/a.html)")})
    site.build()
    run = site.write(after).build()
    assert (run.code, run.err) == (0, "")
    assert goal(site, "2025/02/12/a.html") == target
    assert site.run("check").code == 0
    incremental = site.published()
    shutil.rmtree(tmp_path / "public")
    site.build("--clean")
    assert site.published() == incremental, "addresses.txt, not .morgue/, says what leads where"


def test_a_deleted_article_is_warned_of_until_it_comes_back_or_another_takes_its_id(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a"), "content/b.md": story()})
    site.build()
    site.write({"content/a.md": None})
    for run in (site.build(), site.build("--clean")):
        assert 'addresses.txt:2:1: warning: 2025/02/12/a.html answers nothing: no article has the id "a" now' in run.err
    assert "morgue withdraw 2025/02/12/a.html" in site.run("check").out
    run = site.write({"content/new.md": story(id="a")}).build()
    assert (run.err, goal(site, "2025/02/12/a.html")) == ("", "2025/02/12/new.html")
    run = site.write({"content/new.md": None, "content/a.md": story(id="a")}).build()
    assert (run.err, goal(site, "2025/02/12/new.html")) == ("", "2025/02/12/a.html")


def test_an_alias_that_was_taken_out_still_leads_on(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a", aliases="[/old/a]")})
    site.build()
    site.write({"content/a.md": story(id="a")}).build()
    assert goal(site, "old/a/index.html") == "2025/02/12/a.html"


def test_a_page_goes_before_what_was_there_with_one_warning(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a")})
    site.build()
    site.write({"content/a.md": story(id="a", slug="b"), "content/c.md": story("Later", id="c", slug="a")})
    settle(site)  # so that the build is one that the next could repeat
    run = site.build()
    assert "2025/02/12/a.html was the address of content/a.md, and is content/c.md's from now on" in run.err
    assert "Later" in site.page("2025/02/12/a.html")
    assert site.build().err == ""
    site.write({"content/c.md": None}).build()
    assert goal(site, "2025/02/12/a.html") == "2025/02/12/b.html", "the first article had the address too"


def test_held_back_articles_are_told_apart_from_lost_ones(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a")})
    site.build()
    run = site.write({"content/a.md": story(id="a", draft="true"), "content/b.md": story()}).build()
    assert "2025/02/12/a.html answers nothing while content/a.md is not published" in run.err
    checked = site.run("check")
    assert (checked.code, "answers nothing while content/a.md is not published" in checked.out) == (0, True), checked.out
    assert "build the site again" not in checked.out


def test_a_build_that_publishes_nothing_notes_and_warns_of_nothing(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a")})
    site.build()
    run = site.write({"content/a.md": None, "content/bad.md": "---\ndate: never\n---\n"}).build()
    assert (run.code, "answers nothing" in run.err, len(ledger(site))) == (1, False, 1)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("<<<<<<< HEAD", "addresses.txt:3:1: error: is no line of address, tab and id"),
        ("2025/02/12/b.html", "addresses.txt:3:1: error: is no line of address, tab and id"),
    ],
)
def test_a_damaged_ledger_stops_the_build(tmp_path: Path, line: str, said: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a")})
    site.build()
    with (tmp_path / "addresses.txt").open("a") as file:
        file.write(f"{line}\n")
    run = site.build()
    assert (run.code, said in run.err) == (2, True), run.err


def test_the_first_story_of_an_empty_archive_is_no_loss_of_the_ledger(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/note.txt": "nothing yet"})
    site.build()
    assert "is gone" not in site.write({"content/a.md": story(id="a")}).build().err
    site.write({"content/a.md": story(id="a", body="Another text.")}).build()
    (tmp_path / "addresses.txt").unlink()
    assert "addresses.txt:0:0: warning: is gone" in site.write({"content/b.md": story(id="b")}).build().err


def test_a_ledger_that_is_gone_is_said_once(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a")})
    assert site.build().err == ""
    (tmp_path / "addresses.txt").unlink()
    assert "addresses.txt:0:0: warning: is gone, and with it where old addresses lead" in site.build().err
    assert (site.build().err, ledger(site)) == ("", ["2025/02/12/a.html\ta"])


@pytest.mark.parametrize("address", ["../out.html", "static/x.html", "a//b.html", "C:\\x.html", "page.exe", "index.html"])
def test_no_line_of_the_ledger_writes_outside_or_over_the_archive(tmp_path: Path, address: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a"), "addresses.txt": f"{address}\ta\n"})
    run = site.build()
    assert "so it does not lead to content/a.md" in run.err
    assert not (tmp_path / "out.html").exists()
    assert address == "index.html" or address not in site.published()


def test_lines_merged_from_two_copies_are_put_in_order(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a")})
    site.write({"addresses.txt": "2025/02/12/z.html\ta\n2025/02/12/b.html\ta\n2025/02/12/b.html\ta\n"}).build()
    assert ledger(site) == [f"2025/02/12/{name}.html\ta" for name in "abz"]


def test_check_names_an_address_that_does_not_answer(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(id="a", aliases="[/old/a]"), "content/b.md": story(id="b")})
    site.build()
    assert "answer: 3" in site.run("check").out
    (tmp_path / "public/2025/02/12/a.html").unlink()
    run = site.run("check")
    assert run.code == 1
    assert "addresses.txt:2:1: error: 2025/02/12/a.html does not answer in public: there is no such file" in run.out
    assert "old/a/index.html does not answer in public: it leads to 2025/02/12/a.html, which is not there" in run.out


@pytest.mark.parametrize(
    ("host", "file", "rules"),
    [
        (
            "netlify", "_redirects",
            ["/old/a/index.html /2025/02/12/a.html 301!", "/old/a /2025/02/12/a.html 301!", "/ p=7 /2025/02/12/a.html 301!",
             "/story.php id=5 x=%C3%A9 /2025/02/12/a.html 301!"],
        ),
        (
            "nginx", "redirects.map",
            ['"/old/a" "/2025/02/12/a.html";', '"/old/a/" "/2025/02/12/a.html";', '"/?p=7" "/2025/02/12/a.html";',
             '"/story.php?id=5&x=%C3%A9" "/2025/02/12/a.html";'],
        ),
    ],
)  # fmt: skip
def test_a_server_gets_rules_and_answers_addresses_with_a_query(tmp_path: Path, host: str, file: str, rules: list[str]) -> None:
    text = story(id="a", aliases="[/old/a, /story.php?id=5&x=é, https://lantern.example/?p=7]")
    site = archive(tmp_path, {"content/a.md": text, "site.yml": f"{SITE}redirects: {host}\n"})
    run = site.build()
    assert (run.code, run.err) == (0, "")
    assert set(rules) <= set(site.page(file).splitlines())
    assert goal(site, "old/a/index.html") == "2025/02/12/a.html", "the pages are there in any case"
    site.write({"content/a.md": story(id="a", slug="b")}).build()
    assert rules[-1].replace("a.html", "b.html") in site.page(file), "the ledger knows addresses with a query too"
    assert site.run("check").code == 0
    run = site.write({"site.yml": SITE}).build()
    assert "has a query, which needs `redirects: netlify` or `nginx` in site.yml" in run.err
    assert file not in site.published()


ADDRESS = re.compile(r"[abc]-([0-3])(?:\.html|/index\.html)$")
SLUGS = st.sampled_from(["a", "b", "c"])
TITLES = st.sampled_from(["Ships", "渡輪", "An: odd 'title'"])
DAYS = st.sampled_from(["2025-02-12", "2025-02-13", "2024-01-01"])
PERMALINKS = st.sampled_from(["/{year}/{month}/{day}/{slug}.html", "/news/{slug}/", "/{year}/{slug}.html"])
STEPS = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 3), st.one_of(st.just(""), SLUGS), DAYS, TITLES, st.booleans()),
    st.tuples(st.just("move"), st.integers(0, 3), SLUGS),
    st.tuples(st.just("delete"), st.integers(0, 3)),
    st.tuples(st.just("permalink"), PERMALINKS),
    st.tuples(st.just("forget")),
)


@pytest.mark.proof
@settings(
    max_examples=effort(4, 25), deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(st.lists(STEPS, min_size=2, max_size=effort(4, 10)))
def test_every_address_ever_published_answers_after_each_build(tmp_path_factory: pytest.TempPathFactory, steps: list) -> None:  # type: ignore[type-arg]
    site = archive(tmp_path_factory.mktemp("history"), {"content/x.md": story(id="x")})
    ever: set[str] = set()
    places: dict[int, str] = {}
    for step in steps:
        match step:
            case ("put", number, slug, day, title, withdrawn):
                places.setdefault(number, f"content/a-{number}.md")
                own_slug = f"{slug}-{number}" if slug else ""  # without one a file that is renamed has another address
                title = json.dumps(f"{title}, story {number}", ensure_ascii=False)
                site.write({places[number]: story(title, day, id=f"id{number}", slug=own_slug, withdrawn="wrong" * withdrawn)})
            case ("move", number, name) if number in places:
                target = f"content/{name}/{name}-{number}.md"
                site.write({target: (site.folder / places[number]).read_text()})
                if target != places[number]:
                    site.write({places[number]: None})
                places[number] = target
            case ("delete", number) if number in places:
                site.write({places.pop(number): None})
            case ("permalink", permalink):
                site.write({"site.yml": f"{SITE}permalink: {permalink}\n"})
            case ("forget",):
                shutil.rmtree(site.folder / ".morgue", ignore_errors=True)
        run = site.build()
        published = site.published()
        ever |= {path for path in published if ADDRESS.search(path)}
        for address in ever:
            number = int(ADDRESS.search(address)[1])  # type: ignore[index]
            is_lost = f"warning: {address} answers nothing" in run.err
            assert is_lost is (number not in places), f"{address} after {step}: {run.err}"
            if not is_lost:
                end = goal(site, address) if b'http-equiv="refresh"' in published[address] else address
                assert f", story {number}".encode() in published[end]
    assert site.run("check").code == 0
