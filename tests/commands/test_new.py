"""`morgue new`: a file that is an article once its text is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import archive


def test_it_begins_an_article_that_builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = archive(tmp_path, {"site.yml": "title: T\nurl: https://t.example/\nfields: {byline: author}\n"})
    run = site.run("new", 'A "ferry": it came')
    file = Path(run.out.strip())
    assert run.code == 0
    text = file.read_text(encoding="utf-8")
    assert "author:" in text and "byline" not in text
    file.write_text(text + "It came.\n", encoding="utf-8")
    built = site.build()
    assert (built.code, built.err) == (0, "")
    assert "A &#34;ferry&#34;: it came" in site.page("index.html")
    again = site.run("new", 'A "ferry": it came')
    assert again.code == 2
    assert "is there already; give the new article another title" in again.err


def test_a_title_without_letters_is_refused(tmp_path: Path) -> None:
    site = archive(tmp_path, {})
    run = site.run("new", "!!!")
    assert (run.code, "has no letter or digit" in run.err) == (2, True)
    assert not (tmp_path / "content").exists()
