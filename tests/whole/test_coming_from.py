"""The page "Coming from …": its `fields:` lines read each system's articles as they stand, and its import lines bring them in."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import builder.importers
from tests.sites import SITE, archive

PAGE = (Path(builder.importers.__file__).parent / "COMING_FROM.md").read_text(encoding="utf-8")
JEKYLL = """---
layout: post
title: Noon ferry
author: Ada Lam
categories: [City]
last_modified_at: 2019-03-05
---
The ferry left at noon.
"""
HUGO = """---
title: Noon ferry
date: 2019-03-04
authors: [Ada Lam]
categories: [City]
lastmod: 2019-03-05
description: It left.
---
The ferry left at noon.
"""
HUGO_TOML = """+++
title = "Noon ferry"
date = 2019-03-04
authors = ["Ada Lam"]
+++
The ferry left at noon.
"""
WXR = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:wp="http://wordpress.org/export/1.2/"><channel><title>The Quay</title><link>https://quay.example</link>
<wp:base_site_url>https://quay.example</wp:base_site_url>
<item><title>Noon ferry</title><link>https://quay.example/2019/03/noon-ferry/</link><dc:creator>Ada Lam</dc:creator>
<content:encoded><![CDATA[The ferry left at noon.]]></content:encoded><wp:post_id>1</wp:post_id><wp:post_date>2019-03-04 12:00:00</wp:post_date>
<wp:post_name>noon-ferry</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item></channel></rss>
"""
GHOST = json.dumps(
    {
        "db": [
            {
                "meta": {"exported_on": 1},
                "data": {
                    "posts": [
                        {
                            "id": "1",
                            "title": "Noon ferry",
                            "slug": "noon-ferry",
                            "html": "<p>The ferry left at noon.</p>",
                            "status": "published",
                            "published_at": "2019-03-04T12:00:00.000Z",
                            "author_id": "2",
                        }
                    ],
                    "users": [{"id": "2", "name": "Ada Lam"}],
                },
            }
        ]
    }
)
HTML = """<!doctype html><html><head><title>Noon ferry</title><meta name="author" content="Ada Lam">
<meta property="article:published_time" content="2019-03-04T12:00:00Z"></head><body><article><h1>Noon ferry</h1>
<p>The ferry left at noon.</p><p>It had been away for repairs, the harbour office said, and will run every day from now on.</p>
</article></body></html>
"""


def settings_of(heading: str) -> str:
    """The indented `site.yml` lines below a heading of the page."""
    section = re.search(rf"^## {heading}[^\n]*\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert section is not None
    return "".join(f"{line.strip()}\n" for line in section[1].splitlines() if re.match(r"    \w+: ", line))


@pytest.mark.parametrize(
    ("heading", "path", "text"),
    [("Jekyll", "content/_posts/2019-03-04-noon-ferry.md", JEKYLL), ("Hugo", "content/posts/noon-ferry.md", HUGO)],
)
def test_articles_are_read_as_they_stand(heading: str, path: str, text: str, tmp_path: Path) -> None:
    settings = settings_of(heading)
    assert "fields: {" in settings
    site = archive(tmp_path, {"site.yml": SITE + settings, path: text})
    run = site.build()
    assert run.code == 0, run.err
    page = site.page("2019/03/04/noon-ferry.html")
    assert "Ada Lam" in page
    assert "bylines/ada-lam/index.html" in page
    assert "sections/city/index.html" in page
    assert 'datetime="2019-03-05' in page


@pytest.mark.parametrize(
    ("system", "name", "text"),
    [
        ("Jekyll", "old/_posts/2019-03-04-noon-ferry.md", JEKYLL),
        ("Hugo", "old/content/posts/noon-ferry.md", HUGO_TOML),
        ("WordPress", "old.xml", WXR),
        ("Ghost", "old.json", GHOST),
        ("folders of HTML", "old/noon-ferry.html", HTML),
    ],
)
def test_each_import_line_brings_the_story_in(system: str, name: str, text: str, tmp_path: Path) -> None:
    assert re.search(rf"^\| {system} \| `morgue import ", PAGE, re.MULTILINE)
    source = tmp_path / name
    source.parent.mkdir(parents=True, exist_ok=True)
    source.write_text(text, encoding="utf-8")
    site = archive(tmp_path / "archive", {"site.yml": SITE})
    run = site.run("import", str(tmp_path / name.partition("/")[0]), "--jobs", "1")
    assert run.code == 0, run.err
    (file,) = (site.folder / "content").rglob("*.md")
    article = file.read_text(encoding="utf-8")
    for words in ("title: Noon ferry", "date: 2019-03-04", "byline: [Ada Lam]", "The ferry left at noon."):
        assert words in article, words
