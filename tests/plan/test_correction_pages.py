"""corrections.html and its feed."""

from __future__ import annotations

from pathlib import Path

import feedparser

from tests.links import dead_links
from tests.sites import Archive, archive, story

TWICE = "[{date: 2025-03-01, text: It was 3 < 4 ships.}, {date: 2025-05-01, text: 是渡輪。}]"


def test_every_correction_is_listed_newest_first(tmp_path: Path) -> None:
    site = archive(
        tmp_path / "site",
        {
            "content/a.md": story("First", "2025-02-12", corrections=TWICE),
            "content/b.md": story("Second", "2025-02-13", corrections="[{date: 2025-04-01, text: The name is Ada.}, No day.]"),
            "content/c.md": story("Gone", corrections="[{date: 2025-06-01, text: Hidden.}]", withdrawn="Wrong."),
        },
    )
    assert site.build().code == 0
    page = site.page("corrections.html")
    said = ["是渡輪。", "The name is Ada.", "It was 3 &lt; 4 ships.", "No day."]
    assert sorted(said, key=page.index) == said
    assert "Hidden." not in page
    assert dead_links(site.folder / "public") == []

    feed = feedparser.parse(site.published()["corrections.xml"])
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == ["First", "Second", "First"]
    assert [entry.published[5:16] for entry in feed.entries] == ["01 May 2025", "01 Apr 2025", "01 Mar 2025"]
    assert "3 &lt; 4 ships" in feed.entries[2].description
    assert len({entry.id for entry in feed.entries}) == 3
    ids = [entry.id for entry in feed.entries]

    site.write({"content/a.md": story("First", "2025-02-12", corrections=TWICE.replace("3 < 4", "five"))})
    assert site.build().code == 0
    assert "It was five ships." in site.page("corrections.html"), "an older correction than the latest is followed too"
    assert [entry.id for entry in feedparser.parse(site.published()["corrections.xml"]).entries][:2] == ids[:2]
    before = site.published()
    assert site.build("--clean", "--output", str(tmp_path / "clean")).code == 0
    assert before == Archive(tmp_path).published("clean")
