"""Each word of a source's story is in the article, or stands in the loss report with the rule that took it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.importers.imports import bring_in
from tests.importers.test_wxr import export, item

WORD = re.compile(r"[^\W_]+")
BODIES = {
    "form": '<p>Quay opens.</p><form action="/s"><label>Your mail</label><select><option>Daily</option></select></form>',
    "navigation": "<nav><ul><li>Harbour</li><li>Weather</li></ul></nav><p>Rain <em>all</em> day.</p><button>Share tale</button>",
    "player": '<p>Watch.</p><video src="https://v.example/a.mp4">Sorry, no film</video><object><p>Old plugin</p></object><p>End.</p>',
    "parts of words": "<p>CO<sub>2</sub>, foot<b>bri</b>dge, un<i>done</i> a*b _c_ 2 &lt; 3 &amp;amp; x</p><noscript>Switch on scripts</noscript>",
    "tables": "<table><caption>Tides today</caption><tr><td>One<p>two</p></td><td>Three</td></tr></table><textarea>Draft words</textarea>",
    "lists": "<ol start='3'><li>Ha<ul><li>He</li></ul></li></ol><dl><dt>Ebb</dt><dd>Low</dd></dl><svg><text>Chart words</text></svg><hr>",
    "quotes": "<blockquote><p>Calm.</p><cite>Cy Ode</cite></blockquote><pre>if a &lt; b:</pre><ruby>港<rt>gong</rt></ruby><p>碼頭<b>關閉</b>。</p>",
    "hidden": "<details><summary>More on it</summary><p>Within</p></details><iframe src='about:blank'>Frame words</iframe><p hidden>Out</p>",
    "figures": '<figure><img src="https://i.example/a.jpg" alt="pier"><figcaption>Low <a href="#x">tide</a></figcaption></figure><p>Text.</p>',
}  # fmt: skip


def wordpress(folder: Path, body: str) -> Path:
    return export(folder, item(1, f"<!-- wp:html -->{body}<!-- /wp:html -->"))


def classic(folder: Path, body: str) -> Path:
    return export(folder, item(1, f'{body}\n\n[video src="https://v.example/b.mp4"]No player here[/video]\n\nLast [sic] line.'))


def feed(folder: Path, body: str) -> Path:
    file = folder / "feed.xml"
    file.write_text(
        '<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Quay</title><item><title>Noon</title>'
        f"<guid>q1</guid><content:encoded><![CDATA[{body}]]></content:encoded></item></channel></rss>",
        encoding="utf-8",
    )
    return file


def records(folder: Path, body: str) -> Path:
    file = folder / "stories.jsonl"
    file.write_text(json.dumps({"title": "Noon", "date": "2020-01-01", "html": body}) + "\n", encoding="utf-8")
    return file


def generator(folder: Path, body: str) -> Path:
    (folder / "old/_posts").mkdir(parents=True)
    (folder / "old/_posts/2020-01-01-noon.html").write_text(f"---\ntitle: Noon\n---\n{body}", encoding="utf-8")
    return folder / "old"


@pytest.mark.parametrize("write", [wordpress, classic, feed, records, generator])
@pytest.mark.parametrize("name", BODIES)
def test_no_word_is_lost_without_a_cut(tmp_path: Path, write: Callable[[Path, str], Path], name: str) -> None:
    body = BODIES[name] + ("No player here" if write is classic else "")
    done = bring_in(tmp_path, str(write(tmp_path, BODIES[name])))
    (path,) = done.articles
    article = html.unescape((done.archive.folder / "content" / path).read_text(encoding="utf-8"))
    cuts = done.report["stories"][0]["cut"]
    there = set(WORD.findall(article)) | {word for cut in cuts for word in WORD.findall(cut["text"])}
    joined = "".join(WORD.findall(article))
    source = WORD.findall(html.unescape(re.sub(r"<[^>]*>", " ", body)))
    assert source
    assert [word for word in source if word not in there and word not in joined] == []
    assert all(cut["rule"] and cut["text"] for cut in cuts)
    if name in {"form", "navigation"}:
        assert {"html-form" if name == "form" else "html-nav"} <= {cut["rule"] for cut in cuts}


def test_an_article_that_has_all_its_words_names_no_cut(tmp_path: Path) -> None:
    plain = (
        "<p>A_b *c* [d] <b>e</b>f &amp; &lt;g&gt; 1. x</p><ul><li>h \\ i</li></ul><p>港口<i>關閉</i></p><p><abbr>NA</abbr>TO</p>"
    )
    for write in (wordpress, feed, records, generator):
        folder = tmp_path / write.__name__
        folder.mkdir()
        assert bring_in(folder, str(write(folder, plain))).report["stories"][0]["cut"] == []
