"""Withdrawals are written into articles as they stand, and into a notice for those that are gone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import SITE, Archive, archive, story

NOW = "1771000000"


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", NOW)
    return archive(tmp_path, {"content/a.md": story("First", id="a"), "content/b.md": story("Second", id="b")})


@pytest.mark.parametrize(
    "text",
    [
        "---\ntitle: First   # with a remark\n\ndate:   2025-02-12\nid: a\n---\nWords: *kept*.\n",
        "---\r\ntitle: First\r\ndate: 2025-02-12\r\nid: a\r\n---\r\nWords.\r\n",
        "\ufeff---\ntitle: First\ndate: 2025-02-12\nid: a\n...\nWords.\n---\nNot the end.\n",
        "---\ntitle: First\ndate: 2025-02-12\nid: a\nwithdrawn: false\ntags:\n- x\n---\nWords.",
    ],
)
def test_only_the_withdrawal_is_written_into_a_file(site: Archive, text: str) -> None:
    site.write({"content/a.md": text}).build()
    run = site.run("withdraw", "content/a.md", "--reason", 'Sued: "false", they say #1')
    assert run.code == 0, run.err
    end = "\r" if "\r" in text else ""
    line = f'withdrawn: {{date: 2026-02-14, reason: "Sued: \\"false\\", they say #1"}}{end}'
    after = (site.folder / "content/a.md").read_bytes().decode()
    assert line in after.split("\n")
    rest = [row for row in after.split("\n") if row != line]
    assert rest == [row for row in text.split("\n") if row != "withdrawn: false"]
    site.build()
    assert "Sued: &#34;false&#34;, they say #1" in site.page("withdrawn.html")
    again = site.run("withdraw", "content/a.md", "--reason", "Twice")
    assert (again.code, "is withdrawn already, 2026-02-14" in again.err) == (2, True)


@pytest.mark.parametrize(
    "given", ["2025/02/12/a.html", "https://lantern.example/2025/02/12/a.html", "/old/a/", "a.md", "content/a.md"]
)
def test_an_article_is_meant_by_its_file_or_any_address(site: Archive, given: str) -> None:
    site.write({"content/a.md": story("First", id="a", aliases="[/old/a]")}).build()
    assert site.run("withdraw", given, "--reason", "Wrong").out == f"{site.folder}/content/a.md\n"


@pytest.mark.parametrize("permalink", ["{year}/{month}/{day}/{slug}.html", "/{slug}/{year}-{month}-{day}/", "{year}/{slug}.html"])
def test_a_deleted_article_gets_a_notice_at_its_address(site: Archive, permalink: str) -> None:
    site.write({"site.yml": f'{SITE}permalink: "{permalink}"\n'}).build()
    address = (site.folder / "addresses.txt").read_text().splitlines()[1].partition("\t")[0]
    site.write({"content/a.md": None}).build()
    if "{day}" not in permalink:
        run = site.run("withdraw", address, "--reason", "Gone")
        assert (run.code, "--published 2012-03-04" in run.err) == (2, True)
        run = site.run("withdraw", address, "--reason", "Gone", "--published", "2025-02-12", "--title", "First")
    else:
        run = site.run("withdraw", address, "--reason", "Gone", "--title", "First")
    assert run.code == 0, run.err
    run = site.build()
    assert (run.code, run.err) == (0, "")
    page = site.page(address)
    assert ("First" in page and "Gone" in page) or 'http-equiv="refresh"' in page
    assert site.run("check").code == 0


def test_what_never_was_is_said(site: Archive) -> None:
    site.build()
    run = site.run("withdraw", "2025/02/12/never.html", "--reason", "x")
    assert (run.code, "no address that one ever had" in run.err) == (2, True)
    assert site.run("withdraw", "content/a.md", "--reason", " ").code == 2
