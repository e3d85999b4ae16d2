"""`morgue import` of invented saved pages and WordPress exports, beside trafilatura alone on the same pages."""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

from tests.bench.archives import Generated, Story
from tests.bench.cost import Work, measure

REPOSITORY = Path(__file__).parents[2]
PAGES, POSTS = 300, 5_000
SITE = "title: Bench\nurl: https://bench.example/\ntimezone: UTC\n"
_FURNITURE = 60
"""Links of a page's navigation and of its lists of other stories: as many as a newspaper's page has."""


@dataclass(frozen=True)
class ImportCost:
    """What bringing in `count` stories took: seconds on processors, and the peak of memory in megabytes (10**6 bytes)."""

    what: str
    count: int
    processor: float
    peak: float

    @property
    def line(self) -> str:
        """A line of the table."""
        each = self.processor / self.count
        rate = min(2, os.cpu_count() or 1) / each
        peak = f"{self.peak:,.0f}" if self.peak else ""
        return f"| {self.what} | {self.count:,} | {each * 1000:.1f} | {rate:,.0f} | {peak} |"


HEAD = "| Import | Stories | ms of processor each | a second on 2 cores | Peak MB |\n|---|---:|---:|---:|---:|"


def page_of(story: Story) -> str:
    """A page as a newspaper would serve `story`: metadata, navigation, teasers, a picture with its caption, a footer."""
    links = "".join(f'<li><a href="/other/{number}.html">{escape(story.title)} {number}</a></li>' for number in range(_FURNITURE))
    head = (
        f"<title>{escape(story.title)} | Bench</title><link rel=canonical href='https://bench.example/{story.path}.html'>"
        f"<meta property='article:published_time' content='{story.date}'><meta property='og:type' content='article'>"
        f"<meta name=author content='{escape(', '.join(story.byline))}'><style>{'.a{color:red}' * 400}</style>"
    )
    text = "".join(f"<p>{escape(part)}</p>" for part in story.body.split("\n\n"))
    figure = "<figure><img src='/a.jpg' alt=''><figcaption>The quay at noon. Photo: Ada Lam</figcaption></figure>"
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8>{head}<script>{'var a = [1, 2, 3];' * 300}</script></head><body>"
        f"<nav><ul>{links}</ul></nav><main><article><h1>{escape(story.title)}</h1>{figure}{text}</article>"
        f"<aside><h2>More</h2><ul>{links}</ul></aside></main><footer><ul>{links}</ul><p>© Bench</p></footer></body></html>"
    )


def write_pages(folder: Path, count: int) -> None:
    """Write `count` saved pages into `folder`."""
    folder.mkdir(parents=True)
    for number, story in enumerate(Generated(count).stories()):
        (folder / f"{number}.html").write_text(page_of(story), encoding="utf-8")


def write_export(file: Path, count: int, size: int = 0) -> int:
    """Write an export of `count` posts, or of as many as make `size` bytes (the texts come again); return how many."""
    posts = 0
    with file.open("w", encoding="utf-8") as stream:
        stream.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<rss version="2.0" xmlns:wp="http://wordpress.org/export/1.2/"><channel>'
            "<title>Bench</title><link>https://bench.example</link><wp:wxr_version>1.2</wp:wxr_version>\n"
        )
        for number, item in enumerate(_items(min(count, 2000)), 1):
            if stream.tell() >= size if size else number > count:
                break
            stream.write(item.format(number=number))
            posts = number
        stream.write("</channel></rss>\n")
    return posts


def _items(different: int) -> Iterator[str]:
    """Give items without end, of which `different` have texts of their own; `{number}` stands for a number."""
    items = [
        _item(story).replace("{", "{{").replace("}", "}}").replace("NUMBER", "{number}") for story in Generated(different).stories()
    ]
    while True:
        yield from items


def _item(story: Story) -> str:
    parts = story.body.split("\n\n")
    text = "".join(f"<!-- wp:paragraph -->\n<p>{escape(part)}</p>\n<!-- /wp:paragraph -->\n\n" for part in parts)
    terms = "".join(f'<category domain="post_tag"><![CDATA[{tag}]]></category>' for tag in story.tags)
    moment = re.sub("T", " ", story.date[:19]).ljust(19, "0") if "T" in story.date else f"{story.date[:10]} 09:00:00"
    return (
        f"<item><title>{escape(story.title)} NUMBER</title><link>https://bench.example/NUMBER/</link><guid>https://bench.example/?p=NUMBER</guid>"
        f"<dc:creator><![CDATA[ada]]></dc:creator><wp:post_id>NUMBER</wp:post_id><wp:post_date_gmt>{moment}</wp:post_date_gmt>"
        f"<wp:post_name>post-NUMBER</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>{terms}"
        "<wp:postmeta><wp:meta_key>_edit_last</wp:meta_key><wp:meta_value>1</wp:meta_value></wp:postmeta>"
        f"<content:encoded><![CDATA[{text}]]></content:encoded></item>\n"
    )


def bring_in(what: str, source: Path, count: int, work: Path) -> ImportCost:
    """Import `source` into a new archive below `work`, on two processes."""
    folder = work / f"archive of {source.name}"
    folder.mkdir()
    (folder / "site.yml").write_text(SITE, encoding="utf-8")
    command = [sys.executable, "-m", "builder", "import", str(source), "-C", str(folder), "--quiet", "--jobs", "2"]
    cost = measure(Work.COLD, command, folder / "content", REPOSITORY)
    return ImportCost(what, count, cost.cpu, cost.peak)


def trafilatura_alone(folder: Path, count: int) -> ImportCost:
    """Give every page in `folder` to trafilatura with its defaults, in this process."""
    import lxml_html_clean  # noqa: F401 (see builder.importers.page_text)
    from trafilatura import extract

    started = time.process_time()
    for file in sorted(folder.iterdir()):
        extract(file.read_text(encoding="utf-8"))
    return ImportCost("Saved pages, trafilatura alone", count, time.process_time() - started, 0)


def costs(work: Path, pages: int = PAGES, posts: int = POSTS, megabytes: int = 0) -> Iterator[ImportCost]:
    """Measure pages, posts, and an export of `megabytes` where that is asked for."""
    write_pages(work / "pages", pages)
    yield bring_in("Saved pages", work / "pages", pages, work)
    yield trafilatura_alone(work / "pages", pages)
    write_export(work / "export.xml", posts)
    yield bring_in("WordPress posts", work / "export.xml", posts, work)
    if megabytes:
        count = write_export(work / "large.xml", 1 << 60, megabytes * 10**6)
        yield bring_in(f"WordPress posts, {megabytes:,} MB", work / "large.xml", count, work)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.imports", description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, metavar="N")
    parser.add_argument("--posts", type=int, default=POSTS, metavar="N")
    parser.add_argument("--megabytes", type=int, default=0, metavar="N", help="import an export of this size too")
    given = parser.parse_args()
    print(HEAD)
    with tempfile.TemporaryDirectory(prefix="morgue-bench-") as work:
        for cost in costs(Path(work), given.pages, given.posts, given.megabytes):
            print(cost.line, flush=True)


if __name__ == "__main__":
    main()
