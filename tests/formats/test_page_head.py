"""What a page's head says of it: robots, OpenGraph."""

from __future__ import annotations

from typing import Any

import pytest

from builder.config.site import Organisation
from builder.formats import page_head
from tests.formats.articles import SITE, make_article


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
