"""Old addresses lead on, by a page at each."""

from __future__ import annotations

from tests.sites import Archive


def test_an_alias_is_a_page_that_leads_to_the_article_and_is_no_other(planned: Archive) -> None:
    page = planned.page("old/ferry.html")
    assert 'http-equiv="refresh"' in page
    assert "../2019/11/03/a.html" in page
    assert "noindex" in page
    assert "old/ferry.html" not in planned.page("sitemap.xml")
    assert not {path for path in planned.published() if path.startswith("old/")} - {"old/ferry.html"}
