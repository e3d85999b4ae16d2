"""The pages of articles: each leads to the one before and after it, and to what its text links to."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.plan.pages import links
from tests.sites import Archive

ORDER = ["2019/11/03/a.html", "2019/11/03/b.html", "2019/12/24/c.html", "2021/02/01/d.html"]


def test_dated_articles_lead_on_in_their_order(planned: Archive) -> None:
    assert [links(planned, path, "next") for path in ORDER] == [*([path] for path in ORDER[1:]), []]
    assert [links(planned, path, "prev") for path in ORDER] == [[], *([path] for path in ORDER[:-1])]


def test_links_to_files_lead_to_their_pages_and_dead_ones_nowhere(planned: Archive) -> None:
    assert ORDER[0] in links(planned, ORDER[2])
    assert not [path for path in links(planned, ORDER[2]) if "gone" in path]
    assert "nothing" in planned.page(ORDER[2])


def test_undated_and_withdrawn_articles_have_pages(planned: Archive) -> None:
    assert "No day" in planned.page("undated/e.html")
    assert "Wrong" in planned.page("2020/06/01/f.html")


def test_an_article_between_two_others_is_linked_from_both(planned: Archive, tmp_path: Path) -> None:
    site = Archive(shutil.copytree(planned.folder, tmp_path / "site"))
    site.write({"content/new.md": "---\ntitle: New\ndate: 2019-12-25\n---\nWords.\n"}).build()
    assert links(site, ORDER[2], "next") == links(site, ORDER[3], "prev") == ["2019/12/25/new.html"]
