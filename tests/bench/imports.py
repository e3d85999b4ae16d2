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
    """Give items without end, of which `different` have texts of their own; `{number}` stands for a number.

    They are as a newsroom's are: two links and a few bold words a post, a list, a quotation, a heading or a picture with its
    caption in every third, half in blocks and half in classic text, ten keys of meta, and for every third an attachment.
    """
    items = [
        _item(number, story).replace("{", "{{").replace("}", "}}").replace("NUMBER", "{number}")
        for number, story in enumerate(Generated(different).stories())
    ]
    while True:
        yield from items


def _item(number: int, story: Story) -> str:
    parts = [_with_markup(number + place, escape(part)) for place, part in enumerate(story.body.split("\n\n"))]
    text = "".join(_block(part) for part in parts) if number % 2 else "\n\n".join(map(_classic, parts))
    terms = "".join(f'<category domain="post_tag" nicename="t"><![CDATA[{tag}]]></category>\n' for tag in story.tags)
    moment = re.sub("T", " ", story.date[:19]).ljust(19, "0") if "T" in story.date else f"{story.date[:10]} 09:00:00"
    meta = "".join(
        f"<wp:postmeta>\n<wp:meta_key><![CDATA[{key}]]></wp:meta_key>\n<wp:meta_value><![CDATA[{value}]]></wp:meta_value>\n</wp:postmeta>\n"
        for key, value in {
            **_META,
            "_thumbnail_id": "" if number % 3 else "9NUMBER",
            "subtitle": " ".join(parts[0].split()[:12]),
        }.items()
    )
    post = (
        f"<item>\n<title><![CDATA[{story.title} NUMBER]]></title>\n<link>https://bench.example/{moment[:10]}/post-NUMBER/</link>\n"
        f"<pubDate>Thu, 01 Jan 2004 09:00:00 +0000</pubDate>\n<dc:creator><![CDATA[ada]]></dc:creator>\n"
        f'<guid isPermaLink="false">https://bench.example/?p=NUMBER</guid>\n<description></description>\n'
        f"<content:encoded><![CDATA[{text}]]></content:encoded>\n<excerpt:encoded><![CDATA[]]></excerpt:encoded>\n"
        f"<wp:post_id>NUMBER</wp:post_id>\n<wp:post_date>{moment}</wp:post_date>\n<wp:post_date_gmt>{moment}</wp:post_date_gmt>\n"
        f"<wp:post_modified_gmt>{moment[:14]}59:59</wp:post_modified_gmt>\n<wp:comment_status>open</wp:comment_status>\n"
        f"<wp:post_name>post-NUMBER</wp:post_name>\n<wp:status>publish</wp:status>\n<wp:post_parent>0</wp:post_parent>\n"
        f'<wp:post_type>post</wp:post_type>\n<category domain="category" nicename="s"><![CDATA[{story.section}]]></category>\n'
        f"{terms}{meta}</item>\n"
    )
    return post + (_ATTACHMENT if number % 3 == 0 else "")


_META = {
    "_edit_last": "1", "_edit_lock": "1400000000:1", "_encloseme": "1", "_wp_page_template": "default", "views": "4711",
    "_yoast_wpseo_focuskw": "quay", "_yoast_wpseo_metadesc": "What happened at the quay", "_wp_old_slug": "old-NUMBER",
}  # fmt: skip
_ATTACHMENT = (
    "<item>\n<title>quay-NUMBER</title>\n<link>https://bench.example/quay-NUMBER/</link>\n<wp:post_id>9NUMBER</wp:post_id>\n"
    "<excerpt:encoded><![CDATA[The quay at noon]]></excerpt:encoded>\n<wp:status>inherit</wp:status>\n"
    "<wp:post_parent>NUMBER</wp:post_parent>\n<wp:post_type>attachment</wp:post_type>\n"
    "<wp:attachment_url>https://bench.example/uploads/quay-NUMBER.jpg</wp:attachment_url>\n<wp:postmeta>\n"
    "<wp:meta_key>_wp_attachment_image_alt</wp:meta_key>\n<wp:meta_value><![CDATA[A quay]]></wp:meta_value>\n</wp:postmeta>\n</item>\n"
)


def _with_markup(place: int, text: str) -> str:
    """Return a paragraph with a link, bold or slanted words, as its place has it."""
    words = text.split(" ")
    if len(words) > 8 and place % 3 < 2:
        words[3] = f'<a href="https://bench.example/{place}/?a=1&amp;b=2" target="_blank">{words[3]}</a>'
        words[6] = f"<strong>{words[6]}</strong>" if place % 2 else f"<em>{words[6]}</em>,"
    return " ".join(words)


def _block(text: str) -> str:
    """Return a paragraph as a block; a short one is a list, a heading, a quotation or a picture."""
    kind = len(text) % 12
    if kind == 0:
        return f"<!-- wp:list -->\n<ul><li>{text}</li>\n<li>{text[:40].partition('<')[0]}</li></ul>\n<!-- /wp:list -->\n\n"
    if kind == 1:
        words = text[:50].partition("<")[0]
        return f'<!-- wp:heading {{"level":3}} -->\n<h3>{words}</h3>\n<!-- /wp:heading -->\n\n<p>{text}</p>\n\n'
    if kind == 2:
        return f'<!-- wp:quote -->\n<blockquote class="wp-block-quote"><p>{text}</p></blockquote>\n<!-- /wp:quote -->\n\n'
    if kind == 3:
        picture = '<img src="https://bench.example/uploads/quay-NUMBER.jpg" alt="" class="wp-image-9NUMBER"/>'
        figure = f'<figure class="wp-block-image">{picture}<figcaption>The quay at noon</figcaption></figure>'
        return f'<!-- wp:image {{"id":9NUMBER}} -->\n{figure}\n<!-- /wp:image -->\n\n<p>{text}</p>\n\n'
    return f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->\n\n"


def _classic(text: str) -> str:
    """Return a paragraph as classic text, some after a picture with its caption."""
    if len(text) % 12:
        return text
    picture = '<img src="https://bench.example/uploads/quay-NUMBER.jpg" width="600" />'
    return f'[caption id="attachment_9NUMBER" align="alignnone" width="600"]{picture} The quay at noon[/caption]\n\n{text}'


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
