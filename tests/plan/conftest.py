"""One small site for the tests of this room: what is planned is read from what is published."""

from __future__ import annotations

import pytest

from tests.sites import SITE, Archive, archive, story

STORIES = {
    "content/a.md": story("A ferry", "2019-11-03", tags="[harbour]", agency="Harbour Wire", aliases="[/old/ferry.html]"),
    "content/b.md": story("A crane", "2019-11-03 18:00", tags="[harbour, cranes]"),
    "content/c.md": story("A pier", "2019-12-24", tags="[harbour]", body="Next to [the ferry](a.md) and [nothing](gone.md)."),
    "content/d.md": story("A tide", "2021-02-01"),
    "content/e.md": story("No day", ""),
    "content/f.md": story("Taken back", "2020-06-01", withdrawn="{date: 2020-07-01, reason: Wrong}"),
}


@pytest.fixture(scope="package")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """Six articles of three years, built. Nobody changes it: what does takes a copy."""
    site = archive(tmp_path_factory.mktemp("plan") / "site", {"site.yml": SITE + "undated: keep\n", **STORIES})
    assert site.build().code == 0
    return site
