"""What a page's head says of it: robots, OpenGraph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from builder.config.site import Organisation
from builder.formats import page_head
from tests.formats.articles import SITE, make_article
from tests.sites import SITE as SITE_YML
from tests.sites import Archive, archive, story

ELSEWHERE = SITE_YML + "agencies:\n  Harbour Wire: {canonical: original}\nsources:\n  The Kite: {canonical: original}\n"


def test_a_withdrawn_story_says_nothing_more() -> None:
    head = page_head.article_head(*make_article(withdrawn={"reason": "Wrong"}, summary="Claims"), SITE)
    assert (head.robots, head.jsonld, head.description) == ("noindex", "", "")
    assert "Claims" not in repr(head)


@pytest.mark.parametrize("words", [{"agency": ["Open Wire", "Hidden Wire"]}, {"source": "Hidden Paper"}])
def test_what_may_not_be_listed_asks_not_to_be(words: dict[str, Any]) -> None:
    hidden = Organisation(index=False)
    hiding = SITE.model_copy(update={"agencies": {"Hidden Wire": hidden}, "sources": {"Hidden Paper": hidden}})
    assert page_head.article_head(*make_article(**words), hiding).robots == "noindex"
    assert page_head.article_head(*make_article(agency="Open Wire"), hiding).robots == ""


def test_opengraph() -> None:
    meta = page_head.article_head(*make_article(section="World", tags=["AI", "外交"], updated="2025-02-13", summary="S"), SITE).meta
    assert ("og:type", "article") in meta
    assert ("article:published_time", "2025-02-12T00:00:00+08:00") in meta
    assert ("article:modified_time", "2025-02-13T00:00:00+08:00") in meta
    assert [content for name, content in meta if name == "article:tag"] == ["AI", "外交"]
    assert "article:author" not in dict(meta), "it would have to be the address of a profile"


def test_syndicated_copy_points_to_its_original_and_leaves_the_sitemap(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "site.yml": ELSEWHERE.replace("original", "self"),
            "content/wire.md": story("Wire", agency="Harbour Wire", original_url="https://wire.example/1", archived_url="https://web.example/2/1"),
            "content/kite.md": story("Kite", source="The Kite"),
            "content/own.md": story("Own", original_url="https://lantern.example/old/own"),
        },
    )  # fmt: skip
    assert site.build().code == 0
    assert '<link rel="canonical" href="https://lantern.example/2025/02/12/wire.html">' in site.page("2025/02/12/wire.html")
    assert "/wire.html" in site.page("sitemap.xml")

    site.write({"site.yml": ELSEWHERE})
    assert site.build().code == 0
    wire, kite, own = (site.page(f"2025/02/12/{name}.html") for name in ("wire", "kite", "own"))
    assert '<link rel="canonical" href="https://wire.example/1">' in wire
    assert '<meta name="robots"' not in wire
    assert '<link rel="original" href="https://wire.example/1">\n<link rel="memento" href="https://web.example/2/1">' in wire
    assert '<meta name="robots" content="noindex">' in kite
    assert '<link rel="canonical" href="https://lantern.example/2025/02/12/own.html">' in own
    assert 'rel="memento"' not in own
    listed = site.page("sitemap.xml")
    assert [name in listed for name in ("/wire.html", "/kite.html", "/own.html")] == [False, False, True]
    before = site.published()
    assert site.build("--clean", "--output", "clean").code == 0
    assert before == Archive(tmp_path).published("clean")
