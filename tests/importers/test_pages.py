"""Saved pages come in as their story, with what they say of themselves; what is no story is refused with its word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.importers.imports import bring_in

PARAGRAPHS = (
    "The harbour town of Port Merrow opened its new ferry terminal on Thursday, two years late and a fifth over its budget.",
    "Ministers from six countries had come for the opening, which a storm moved indoors, and the band played all the same.",
    "The pier itself, which was the reason for the delay, stays closed until summer, the harbour master said in a statement.",
    "“We would rather be late than wet,” the harbour master, Odd Berg, told the guests before the ribbon was cut at noon.",
)
HEAD = """<title>Ferry terminal opens | The Quay</title>
<link rel="canonical" href="https://quay.example/2020/ferry-terminal">
<meta property="og:site_name" content="The Quay"><meta property="og:type" content="article">
<meta property="og:description" content="Two years late, the terminal is there.">
<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebSite"}, {"@type": "NewsArticle",
"headline": "Ferry terminal opens", "datePublished": "2020-03-05T09:30:00+01:00", "dateModified": "2020-03-06",
"author": [{"@type": "Person", "name": "Ada Lam"}, {"@type": "Organization", "name": "Reuters"}], "articleSection": "Ports",
"keywords": ["ferries", "Port Merrow"], "inLanguage": "en"}]}</script>"""
FIGURE = """<figure><img src="/pictures/pier.jpg" alt="A pier in rain"><figcaption>The pier on Thursday.
<span class="credit">Photo: Bo Lindh</span></figcaption></figure>"""


def page(*paragraphs: str, head: str = HEAD, top: str = "", after: str = "") -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs or PARAGRAPHS)
    return (
        f"<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'>{head}</head><body>{top}<nav><a href='/'>Home</a></nav><main><article>"
        f"<h1>Ferry terminal opens</h1>{FIGURE}{text}{after}</article></main><footer><p>All rights reserved.</p></footer></body></html>"
    )


def write(folder: Path, **files: str | bytes) -> Path:
    pages = folder / "pages"
    pages.mkdir(exist_ok=True)
    for name, text in files.items():
        (pages / f"{name}.html").write_bytes(text.encode() if isinstance(text, str) else text)
    return pages


def test_what_a_page_says_of_itself(tmp_path: Path) -> None:
    done = bring_in(tmp_path, str(write(tmp_path, one=page())))
    words, body = done.only
    assert body.split("\n\n") == list(PARAGRAPHS)
    assert words["title"] == "Ferry terminal opens"
    assert words["date"] == "2020-03-05T08:30:00+00:00"
    assert (words["byline"], words["agency"], words["section"]) == (["Ada Lam"], ["Reuters"], "Ports")
    assert (words["source"], words["tags"], words["updated"]) == ("The Quay", ["ferries", "Port Merrow"], "2020-03-06")
    assert words["original_url"] == "https://quay.example/2020/ferry-terminal"
    assert words["summary"] == "Two years late, the terminal is there."
    assert words["images"] == [
        {
            "src": "https://quay.example/pictures/pier.jpg",
            "alt": "A pier in rain",
            "caption": "The pier on Thursday.",
            "credit": "Bo Lindh",
        }
    ]
    assert list(done.articles) == ["2020/03/2020-03-05-ferry-terminal-opens.md"]


@pytest.mark.parametrize(
    ("html", "word"),
    [
        (
            "<html><title>404 Not Found</title><body><h1>Not found</h1><p>The page that you asked for is not here, we are sorry.</p>",
            "404",
        ),
        (
            "<html><title>Log in</title><body><form><input name=u><input type='password'></form><p>Log in to read this and every "
            "other story of our archive, or ask for an account today.</p>",
            "login",
        ),
        (
            "<html><title>News</title><body><main>"
            + "".join(f"<div><h2><a href='/{n}'>A headline about the harbour, number {n}</a></h2></div>" for n in range(30)),
            "listing",
        ),
        ("<html><title>Empty</title><body></body></html>", "no text"),
    ],
)
def test_what_is_no_story_is_refused_with_its_word(tmp_path: Path, html: str, word: str) -> None:
    done = bring_in(tmp_path, str(write(tmp_path, one=html, two=page())))
    assert done.run.code == 1
    assert [problem["message"] for problem in done.report["problems"] if word in problem["message"]]
    assert len(done.articles) == 1


def test_one_story_at_several_addresses_comes_in_once(tmp_path: Path) -> None:
    done = bring_in(tmp_path, str(write(tmp_path, **{"a-amp": page(*PARAGRAPHS[:3]), "b": page(), "c@utm_source=x": page()})))
    assert (done.report["sources"][0]["written"], done.report["sources"][0]["same"]) == (1, 2)
    assert done.only[1].split("\n\n") == list(PARAGRAPHS)  # that of the page itself, not of its shorter form


def test_what_a_web_archive_added_is_undone(tmp_path: Path) -> None:
    there = "https://web.archive.org/web/20200310120000"
    html = page(
        *PARAGRAPHS[:3],
        f'See <a href="{there}/https://port.example/list">the list</a> of the ships that will call here from May on.',
    )
    html = html.replace('href="https://quay', f'href="{there}/https://quay').replace(
        'src="/pictures', f'src="{there}im_/https://quay.example/pictures'
    )
    bar = '<!-- BEGIN WAYBACK TOOLBAR INSERT --><div id="wm-ipp-base">Internet Archive capture of it</div><!-- END WAYBACK TOOLBAR INSERT -->'
    html = html.replace("<body>", f"<body>{bar}") + "<!-- FILE ARCHIVED ON 12:00:00 Mar 10, 2020 AND RETRIEVED -->"
    words, body = bring_in(tmp_path, str(write(tmp_path, one=html))).only
    assert words["original_url"] == "https://quay.example/2020/ferry-terminal"
    assert words["archived_url"] == "https://web.archive.org/web/20200310120000/https://quay.example/2020/ferry-terminal"
    assert words["captured_at"] == "2020-03-10T12:00:00+00:00"
    assert words["images"][0]["src"] == "https://quay.example/pictures/pier.jpg"
    assert "[the list](https://port.example/list)" in body
    assert "Internet Archive" not in body


def test_mhtml_and_httrack(tmp_path: Path) -> None:
    pages = write(
        tmp_path,
        mirrored=page(head="<title>x</title>")
        + "<!-- Mirrored from quay.example/a by HTTrack Website Copier/3.x [XR&CO'2014], Tue, 10 Mar 2020 12:00:00 GMT -->",
    )
    (pages / "saved.mhtml").write_text(
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://quay.example/2020/other\nSubject: x\nDate: Wed, 11 Mar 2020 10:00:00 +0000\n"
        'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n--b\nContent-Type: text/html; charset=utf-8\n'
        "Content-Transfer-Encoding: 8bit\nContent-Location: https://quay.example/2020/other\n\n"
        + page(*PARAGRAPHS[1:], head="<title>Other</title>").replace("Ferry terminal opens", "Another headline")
        + "\n--b--\n",
        encoding="utf-8",
    )
    done = bring_in(tmp_path, str(pages))
    found = {words["original_url"]: words["captured_at"] for words, _ in done.articles.values()}
    assert found == {
        "https://quay.example/a": "2020-03-10T12:00:00+00:00",
        "https://quay.example/2020/other": "2020-03-11T10:00:00+00:00",
    }
    assert sorted(row["kind"] for row in done.report["sources"]) == ["html", "mhtml"]


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "windows-1252", "utf-16"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = (
        "港口的新渡輪碼頭星期四啟用，比原定日期遲了兩年，部長在典禮上說。"
        if encoding in {"big5", "gb18030", "utf-16"}
        else "Die Fähre fährt über den Fluss, sagte der Kapitän – und „früher“ als üblich, wie er meinte."
    )
    html = page(*[f"{text}{number}" for number in range(5)]).replace("charset='utf-8'", f"charset='{encoding}'")
    _, body = bring_in(tmp_path, str(write(tmp_path, one=html.encode(encoding)))).only
    assert text.split("–")[0] in body


def test_a_stray_byte_of_windows_1252_is_mended_and_told(tmp_path: Path) -> None:
    data = page(PARAGRAPHS[0], "The café – as ever – was open, said the owner who had waited for it.", *PARAGRAPHS[1:]).encode()
    done = bring_in(
        tmp_path,
        str(
            write(tmp_path, one=data.replace(b"Two years late", b"Two years \x96 late").replace(b"Ministers", b"\x93Ministers\x94"))
        ),
    )
    assert "“Ministers” from six" in done.only[1]
    assert "Windows-1252" in done.run.err


def test_a_changed_page_is_an_update_unless_a_person_edited_the_article(tmp_path: Path) -> None:
    pages = write(tmp_path, one=page())
    done = bring_in(tmp_path, str(pages))
    write(tmp_path, one=page(*PARAGRAPHS, "A last paragraph was added on Friday, when the storm had left the harbour at last."))
    again = bring_in(tmp_path, str(pages), into=done.archive)
    assert again.report["sources"][0]["updated"] == 1
    assert "A last paragraph" in again.only[1]
    (path,) = again.articles
    file = done.archive.folder / "content" / path
    file.write_text(file.read_text(encoding="utf-8").replace("two years late", "three years late"), encoding="utf-8")
    edited = file.read_bytes()
    write(tmp_path, one=page(*PARAGRAPHS, "Another last paragraph was put there on Saturday, and the first one was taken away."))
    third = bring_in(tmp_path, str(pages), into=done.archive)
    assert file.read_bytes() == edited
    assert "edited by hand" in third.run.err
    assert third.run.code == 1


def test_rules_of_a_site_cut_what_its_pages_carry(tmp_path: Path) -> None:
    site = "import:\n  lines:\n    - rule: quay-tally\n      line: 'You have read \\d+ stories.*'\n  outlets:\n    The Quay Daily: {domains: [quay.example]}\n"
    done = bring_in(
        tmp_path,
        str(write(tmp_path, one=page(*PARAGRAPHS, "You have read 3 stories of the ten that are free this month here."))),
        site=site,
    )
    words, body = done.only
    assert "You have read" not in body
    assert words["source"] == "The Quay Daily"
    assert {"rule": "quay-tally", "text": "You have read 3 stories of the ten that are free this month here."} in done.report[
        "stories"
    ][0]["cut"]


def test_names_that_stand_elsewhere_in_the_page_and_addresses_that_are_no_names(tmp_path: Path) -> None:
    graph = """<script type="application/ld+json">{"@graph": [
      {"@type": "Organization", "@id": "https://quay.example/#org", "name": "The Quay"},
      {"@type": "NewsArticle", "headline": "Ferry terminal opens", "publisher": {"@id": "https://quay.example/#org"},
       "mainEntityOfPage": "https://quay.example/ferry/#webpage", "author": {"@id": "https://quay.example/#nobody"}}]}</script>"""
    pages = write(tmp_path, one=page(head=f'{graph}<meta name="author" content="Redacci&amp;oacute;n Quay">'))
    words, _ = bring_in(tmp_path, str(pages)).only
    assert (words["source"], words["original_url"], words["byline"]) == (
        "The Quay",
        "https://quay.example/ferry/",
        ["Redacción Quay"],
    )


def test_an_address_is_no_name_of_a_source_and_links_to_nothing_are_words(tmp_path: Path) -> None:
    publisher = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "publisher": {"name": "http://www.quay.example"}}</script>'
    )
    linked = PARAGRAPHS[0].replace("two", '<a href="#note">two</a> <a href="javascript:open()">or</a>', 1)
    words, body = bring_in(tmp_path, str(write(tmp_path, one=page(linked, *PARAGRAPHS[1:], head=publisher)))).only
    assert words.get("source") != "http://www.quay.example"
    assert "](" not in body and "two or" in body


@pytest.mark.parametrize(
    "sentence",
    [
        'The inquiry’s <a href="/1">report</a> and <a href="/2">annex</a> are public.',
        '<a href="https://port.example/report">The harbour office published the whole report of the inquiry into the delay and its cost</a>.',
        '報告全文見<a href="/1">海事處網頁</a>及<a href="/2">運輸署</a>。',
    ],
)
def test_a_last_paragraph_that_is_mostly_links_is_the_story_s_if_it_is_a_sentence(tmp_path: Path, sentence: str) -> None:
    furniture = '<p>Tags: <a href="/3">ferry</a>, <a href="/4">quay</a></p><p><a href="/5">The harbour master resigns</a></p>'
    _, body = bring_in(tmp_path, str(write(tmp_path, one=page(*PARAGRAPHS, sentence, after=furniture)))).only
    assert len(body.split("\n\n")) == len(PARAGRAPHS) + 1
    assert body.endswith(")." if sentence.endswith("</a>.") else "." if sentence.endswith(".") else "。")


@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gb18030"])
def test_a_short_chinese_story_is_one_in_any_encoding_that_nobody_names(tmp_path: Path, encoding: str) -> None:
    text = "港口新碼頭星期四開幕，耗資超出預算兩成，市長表示十分遺憾，並感謝市民耐心等候。"
    html = f"<html><head><title>碼頭開幕</title></head><body><article><h1>碼頭開幕</h1><p>{text}</p><p>碼頭到夏天才開放。</p></article></body></html>"
    words, body = bring_in(tmp_path, str(write(tmp_path, one=html.encode(encoding)))).only
    assert words["title"] == "碼頭開幕"
    assert body.split("\n\n") == [text, "碼頭到夏天才開放。"]


def test_the_name_behind_the_headline_in_the_title_is_the_source_where_no_other_is_named(tmp_path: Path) -> None:
    head = '<title>Ferry terminal opens – Merrow Bote</title><meta property="og:type" content="article">'
    words, _ = bring_in(tmp_path, str(write(tmp_path, one=page(head=head)))).only
    assert (words["title"], words["source"]) == ("Ferry terminal opens", "Merrow Bote")
    assert "source" in words["inferred"]
