"""Each word of a page's story is in its article, or stands in the report with the rule that took it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.importers.imports import bring_in

TEXT = [
    "The harbour town opened its new ferry terminal on Thursday, two years late and a fifth over its budget, the mayor said.",
    'Ministers from <b>six</b> countries had come for the <a href="/opening">opening</a>, which a storm moved indoors, with the band.',
    "The pier itself, which was the reason for all the delay, stays closed until summer, and nobody in the town believes that date.",
]
AROUND = """
<p class="author">By Ada Lam</p><p class="when">Published: 5 March 2020</p>
<div class="share"><span>Share this</span> <a href="#">Post</a></div>
{0}
<div class="promo"><p>Sign up for our weekly letter of tides and timetables.</p></div>
{1}
<aside><p>Quote of the day: rather late than wet.</p></aside>
<blockquote><p>We would rather be late than wet, said the harbour master, who has seen both in his forty years at the pier.</p></blockquote>
loose words between blocks
<ul><li>Tickets cost nine crowns</li><li>Dogs sail free</li></ul>
{2}
<p>Additional reporting: Bo Chan</p><div>Topics: <a href="/t/ferries">Ferries</a></div>
"""
STORY = AROUND.format(*(f"<p>{text}</p>" for text in TEXT))
SHAPES = {
    "article": f"<article>{STORY}</article>",
    "articles": f"<article>{STORY}</article><article><h2><a href='/x'>Gulls return</a></h2><p>Elsewhere, gulls came back.</p></article>",
    "body": f"<div><h2>Old news</h2><div itemprop='articleBody'>{STORY}</div></div>",
    "div": f"<div id='page'><div class='side'><p>Weather: rain.</p></div><div class='content'><div>{STORY}</div></div></div>",
    "main": f"<main><section>{STORY}</section></main>",
    "form": f"<form id='aspnetForm'><input type='hidden' value='x'><article>{STORY}</article><button>Go ashore</button></form>",
    "player": f"<article>{STORY}<video controls><p>Your machine plays no films</p></video><button>Reserve</button></article>",
    "breaks": f"<table><tr><td>Ads here</td><td>{STORY.replace('<p>', '').replace('</p>', '<br><br>')}</td></tr></table>",
}


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", text)))


@pytest.mark.parametrize("shape", SHAPES)
def test_no_word_of_a_page_goes_in_silence(tmp_path: Path, shape: str) -> None:
    page = (
        '<!DOCTYPE html><html lang="en"><head><title>Ferry terminal opens</title><meta property="og:type" content="article"></head>'
        f"<body><nav><a href='/'>Home port</a></nav><h1>Ferry terminal opens</h1>{SHAPES[shape]}<footer><p>Imprint</p></footer></body></html>"
    )
    (tmp_path / "ferry.html").write_text(page, encoding="utf-8")
    done = bring_in(tmp_path, str(tmp_path / "ferry.html"))
    (entry,) = done.report["stories"]
    article = (done.archive.folder / entry["path"]).read_text(encoding="utf-8")
    cut = [piece["text"] for piece in entry["cut"]]
    assert words(STORY) - words(article) <= words(" ".join(cut))
    assert len(cut) == len(set(cut))
    assert not any("Imprint" in text or "Home port" in text for text in cut)
    body = done.only[1]
    assert words(TEXT[2]) <= words(body)


def test_who_said_a_quotation_is_text_and_players_are_named(tmp_path: Path) -> None:
    films = (
        '<iframe src="https://www.youtube.com/embed/abc123def" title="At the pier"></iframe>'
        '<audio src="/sound.mp3"></audio><video><source src="https://quay.example/film.mp4"></video>'
    )
    story = STORY.format(*TEXT).replace(
        "at the pier.</p></blockquote>", f"at the pier.</p><footer>— Odd Berg</footer></blockquote>{films}"
    )
    advert = '<div class="ad"><iframe src="https://ads.example/banner"></iframe></div>'
    head = '<title>Ferry terminal opens</title><link rel="canonical" href="https://quay.example/ferry"><meta property="og:type" content="article">'
    (tmp_path / "a.html").write_text(f"<html><head>{head}</head><body>{advert}<article>{story}</article></body></html>")
    done = bring_in(tmp_path, str(tmp_path / "a.html"))
    assert "— Odd Berg" in done.only[1]
    assert [cut["text"] for cut in done.report["stories"][0]["cut"] if cut["rule"] == "player"] == [
        "https://www.youtube.com/watch?v=abc123def", "https://quay.example/sound.mp3", "https://quay.example/film.mp4",
    ]  # fmt: skip
    assert "ads.example" not in str(done.report)


@pytest.mark.parametrize("title", ["Ferry terminal opens | Tidings | The Quay", "Terminal, at last - The Quay"])
def test_titles_of_elements_and_of_the_page_are_named(tmp_path: Path, title: str) -> None:
    page = (
        f'<html lang="en"><head><title>{title}</title><meta property="og:title" content="Ferry terminal opens">'
        f'<meta property="og:site_name" content="Quay"></head><body><h1>Ferry terminal opens</h1><article>{STORY}'
        '<p>The <abbr title="Harbour Board">HB</abbr> has said nothing of it, and will not before the summer, its office said.</p>'
        '<iframe src="https://video.example/1" title="Ship comes in"></iframe></article></body></html>'
    )
    (tmp_path / "ferry.html").write_text(page, encoding="utf-8")
    done = bring_in(tmp_path, str(tmp_path / "ferry.html"))
    cuts = [(cut["rule"], cut["text"]) for cut in done.report["stories"][0]["cut"]]
    for text in ("Harbour Board", "Ship comes in"):
        assert text in done.only[1] or cuts.count(("title-attribute", text)) == 1
    names = [text for rule, text in cuts if rule == "page-title"]
    assert names == (["Tidings", "The Quay"] if "|" in title else ["Terminal, at last", "The Quay"])
