"""What the README shows of the import is what the program does: from an export to a site that one can search, and a rule."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.importers.imports import bring_in, bring_in_text
from tests.importers.test_wxr import attachment, export, item, meta
from tests.reference import ROOT
from tests.sites import Archive

TERMS = '<category domain="category"><![CDATA[Harbour]]></category><category domain="post_tag">ferries</category>'
COMMENT = (
    "<wp:comment><wp:comment_author>Kim</wp:comment_author><wp:comment_date>2020-03-07 10:00:00</wp:comment_date>"
    "<wp:comment_content>At last!</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>"
)
ZERO = {"wp:post_date": "0000-00-00 00:00:00", "wp:post_date_gmt": "0000-00-00 00:00:00"}


def blocks(path: str) -> list[str]:
    """The indented blocks of a text, without their indent."""
    text = (ROOT / path).read_text(encoding="utf-8")
    return [
        re.sub(r"^    ", "", block, flags=re.MULTILINE) for block in re.findall(r"(?:^    .*\n|^\n(?=    ))+", text, re.MULTILINE)
    ]


def block_with(path: str, words: str) -> str:
    (block,) = [block for block in blocks(path) if words in block]
    return block.strip("\n")


def outlet(folder: Path) -> Path:
    """Four posts, one of them a draft and one without a date, a picture and a comment."""
    extra = (
        TERMS
        + COMMENT
        + meta("_thumbnail_id", "9")
        + meta("_yoast_wpseo_metadesc", "Four people crossed.")
        + meta("theme_layout", "wide")
    )
    text = "<p>The night ferry left at ten with four people on board.</p>\n[poll id=3]"
    return export(
        folder,
        item(1, text, title="Night ferry leaves with four aboard", extra=extra),
        item(2, title="Pier stays closed", extra=TERMS),
        item(3, title="A plan", **{"wp:status": "draft"}),
        item(4, title="Pier opens", **ZERO),
        attachment(9, "ferry.jpg", "The ferry at the quay.", "A white ferry", "Ada Lam"),
        name="outlet.xml",
    )


def test_from_an_export_to_a_site_that_one_can_search(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    there = Archive(tmp_path / "my-archive")
    outlet(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert Archive(tmp_path).run("init", "my-archive").code == 0
    done = there.run("import", "outlet.xml", "--jobs", "1")
    assert done.code == 0
    shown = f"$ morgue import outlet.xml\n{done.err}{done.out}".strip()
    assert block_with("README.md", "$ morgue import") == shown
    assert "story-4.md:1:1: error: date is missing" in there.run("check").out
    with (there.folder / "site.yml").open("a") as site:
        site.write("undated: keep\n")
    assert there.build("--quiet").code == 0
    assert "Night ferry leaves with four aboard" in there.run("search", "ferry").out
    assert "Night ferry leaves with four aboard" in there.page("index.html")
    assert "2020/03/05/story-1.html" in there.published()


def test_the_rules_of_the_text_hold(tmp_path: Path) -> None:
    paste = "Ferry leaves\n\nBy Ada Lam\n5 March 2020\n\nThe night ferry left at ten with four people on board.\n\nKind: Report\n\nIt came back at noon with nobody.\n\nYou have read 3 stories this month.\n"
    done = bring_in_text(tmp_path, paste, site=block_with("builder/importers/README.md", "quay-tally") + "\n")
    words, body = done.only
    assert body == "The night ferry left at ten with four people on board.\n\nIt came back at noon with nobody."
    assert words["type"] == "Report"
    assert {"rule": "quay-tally", "text": "You have read 3 stories this month."} in done.report["stories"][0]["cut"]


def test_the_examples_of_front_matter_and_feeds_hold(tmp_path: Path) -> None:
    (tmp_path / "old-site").mkdir()
    (tmp_path / "old-site/2019-05-04-noon.md").write_text(
        block_with("builder/importers/README.md", "{% youtube") + "\n", encoding="utf-8"
    )
    words, body = bring_in(tmp_path, str(tmp_path / "old-site")).only
    assert (words["byline"], words["section"], words["tags"], words["aliases"]) == (
        ["Ada Lam"],
        "City",
        ["Harbour"],
        ["/news/noon-ferry/"],
    )
    assert "a1b2c3" in body and words["date"] == "2019-05-04"
