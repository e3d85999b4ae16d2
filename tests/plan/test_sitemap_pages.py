"""The sitemap: every page that search engines may list, and no other."""

from __future__ import annotations

from lxml import etree

from tests.sites import Archive


def test_it_has_articles_days_and_terms_and_leaves_out_what_is_no_page_of_its_own(planned: Archive) -> None:
    urls = {
        url.removeprefix("https://lantern.example/")
        for url in etree.fromstring(planned.page("sitemap.xml").encode()).itertext()
        if "://" in url
    }
    assert {"2019/11/03/a.html", "undated/e.html", "2019/11/03/index.html", "tags/harbour/index.html"} <= {
        url or "index.html" for url in urls
    }
    assert not urls & {"old/ferry.html", "2020/06/01/f.html", "withdrawn.html", "search.html", "404.html"}
    published = set(planned.published())
    assert {url for url in urls if url and not url.endswith("/")} <= published
