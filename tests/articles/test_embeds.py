"""What may not stay in an article is said at its line, its words stay, and a player becomes a plain link."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.sites import SITE, archive, story

PAGE = "2025/02/12/a.html"


def published(folder: Path, body: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The HTML of the text as published, and what was said of it: line and column in the body, and message."""
    site = archive(folder, {"content/a.md": story(body=body)})
    assert site.build("--report", str(folder / "report.json")).code == 0
    report = json.loads((folder / "report.json").read_text())
    found = re.search(r'<div class="text"[^>]*>\n(.*?)\n    </div>', site.page(PAGE), re.DOTALL)
    assert found is not None
    return found[1], [(problem["line"] - 4, problem["column"], problem["message"]) for problem in report["problems"]]


@pytest.mark.parametrize(
    ("markup", "address", "words"),
    [
        ('<iframe src="https://www.youtube.com/embed/abc"></iframe>', "https://www.youtube.com/embed/abc", "Video at youtube.com"),
        ('<iframe title="The &amp; game" src=https://p.example/1></iframe>', "https://p.example/1", "The &amp; game"),
        ("<IFRAME SRC='//player.vimeo.com/video/7'></IFRAME>", "https://player.vimeo.com/video/7", "Video at player.vimeo.com"),
        ('<video controls><source src="https://v.example/a.mp4"></video>', "https://v.example/a.mp4", "Video at v.example"),
        ('<audio src="https://w.example/a.mp3"></audio>', "https://w.example/a.mp3", "Audio at w.example"),
        ('<object data="https://o.example/x.swf"></object>', "https://o.example/x.swf", "Page at o.example"),
        ("<frame src='https://f.example/a' name=x />", "https://f.example/a", "Page at f.example"),
        ('<embed src="https://e.example/x?a=1&amp;b=2">', "https://e.example/x?a=1&amp;b=2", "Page at e.example"),
    ],
)
def test_a_player_becomes_a_link_to_its_address(tmp_path: Path, markup: str, address: str, words: str) -> None:
    html, problems = published(tmp_path, f"Before.\n\n{markup}\n\nWithin {markup} a line.")
    assert html.count(f'<a href="{address}" class="embed" rel="noopener noreferrer">{words}</a>') == 2
    assert html.count('<figure class="embed">') == 1
    assert not re.search(r"<(?!a |/a)[^>]*\b(?:src|data|poster|srcset)=", html), "nothing is loaded before a click"
    assert [problem[:2] for problem in problems] == [(3, 1), (5, 8)]
    assert all("link to" in message for _, _, message in problems)


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ('<form action="/x"><label>Your name</label> <input><button>Send</button></form>', ["Your name", "Send"]),
        ("<svg><title>Chart of boats</title><g><text>ten</text><text>twelve</text></g></svg>", ["Chart of boats", "ten", "twelve"]),
        ("<video src='a.mp4'><p>No player? Read on.</p></video>", ["No player? Read on."]),
        ("<object><p>Told in words</p></object>", ["Told in words"]),
        ("<noscript><p>Without <b>script</b></p></noscript><canvas>A drawing</canvas>", ["Without", "script", "A drawing"]),
        ("<select><option>One<option>Two</select>", ["One", "Two"]),
        ("<marquee>Late news</marquee> <blink>now</blink>", ["Late news", "now"]),
        ("<math><mi>E</mi><mo>=</mo><mi>m</mi></math>", ["E", "m"]),
        ("<center>First</center><center>second</center>", ["First", "second"]),
        ("<template><p>From a template</p></TEMPLATE> after", ["From a template", "after"]),
        (
            '<iframe srcdoc="&lt;p>A page &amp;amp; <b>its</b> words&lt;script>x()&lt;/script>"></iframe>',
            ["A page &amp; its words"],
        ),
    ],
)
def test_words_inside_of_what_is_taken_out_stay(tmp_path: Path, markup: str, words: list[str]) -> None:
    html, problems = published(tmp_path, f"*Before.*\n\n{markup}\n\nAfter.")
    text = re.sub(r"<[^>]*>", "|", html)
    for word in words:
        assert re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text), text
    assert "<em>Before.</em>" in html and "<p>After.</p>" in html and "<p></p>" not in html
    assert problems or "center" in markup
    assert all(line == 3 for line, _, _ in problems)


@pytest.mark.parametrize(
    "markup", ["<script>alert('gone')</script>", "<style>p { color: gone }</style>", "<SCRIPT src=x>gone</SCRIPT>"]
)
def test_scripts_and_styles_go_with_their_text(tmp_path: Path, markup: str) -> None:
    html, problems = published(tmp_path, f"Before.\n\n{markup}\n\nAfter.")
    assert "gone" not in html and "After." in html
    [(line, column, message)] = problems
    assert (line, column) == (3, 1) and "is left out" in message


def test_links_that_cannot_stay_are_print_and_are_named(tmp_path: Path) -> None:
    html, problems = published(
        tmp_path,
        "[Call us](tel:+852-1234) or\n[+49 30 1](tel:+49301), [files](ftp://f.example/a), [run](javascript:alert(1)),\n"
        "[off](//h.example/x?y=1) and ![pic](//h.example/p.png), <a href='data:text/html,x'>data</a>",
    )
    for text in ("Call us (+852-1234)", "files (ftp://f.example/a)", " run,", '<a href="https://h.example/x?y=1"', "data"):
        assert text in html
    assert 'src="https://h.example/p.png"' in html
    assert not re.search(r"""=["']?\s*(?:tel|ftp|javascript|data|/)""", html)
    assert [problem[0] for problem in problems].count(1) == 1
    for address in (
        "tel:+852-1234",
        "tel:+49301",
        "ftp://f.example/a",
        "javascript:alert(1)",
        "//h.example/x?y=1",
        "data:text/html",
    ):
        assert any(address in message for _, _, message in problems), address


def test_more_than_ten_of_a_kind_are_counted(tmp_path: Path) -> None:
    body = "\n\n".join(f'<iframe src="https://p.example/{number}"></iframe>' for number in range(25)) + "\n\n[a](tel:1)"
    html, problems = published(tmp_path, body)
    assert html.count("<figure") == 25
    messages = [message for _, _, message in problems]
    assert sum("https://p.example/" in message for message in messages) == 10
    assert any("15 more" in message for message in messages) and len(messages) == 12


@pytest.mark.parametrize(
    "text",
    [
        "<iframe srcdoc='<script>alert(1)</script>' src='https://x.example/'></iframe>",
        "<iframe src='javascript:alert(1)' title='\"><script>alert(1)</script>'></iframe>",
        "<video src='https://x.example/\" onload=alert(1) x=\"'></video>",
        "<noscript><img src=x onerror=alert(1)></noscript><noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
        "<svg><style><img src=x onerror=alert(1)></style><title><a onmouseover=alert(1)>x</a></title></svg>",
        "<math><annotation-xml encoding='text/html'><script>alert(1)</script></annotation-xml></math>",
        "<iframe>&lt;img src=x onerror=alert(1)></iframe><iframe><img src=x onerror=alert(1)></iframe>",
        "<object data='data:text/html,<script>alert(1)</script>'></object><embed src='jav&#x09;ascript:alert(1)'>",
        "<textarea></textarea><img src=x onerror=alert(1)></textarea><xmp><script>alert(1)</script></xmp>",
        "<a href='tel:<img src=x onerror=alert(1)>'>x</a><a name='\"onclick=alert(1) x=\"'>y</a>",
        "<figure class=embed><a href='//x.example/' onclick=alert(1)>z</a></figure>",
        "<audio><source src='//x.example/a' onerror=alert(1)></audio><picture><source srcset='//x.example/b'></picture>",
    ],
)
def test_nothing_hostile_comes_through_what_is_put_into_words(tmp_path: Path, text: str) -> None:
    html, _ = published(tmp_path, f"{text}\n\n*rest*")
    for tag in re.findall(r"<[^>]*>", html):
        assert not re.search(
            r"<(?:script|style|iframe|svg|math|object|embed|video|audio|source|base|meta|form|input)\b", tag, re.IGNORECASE
        ), tag
        for name, value in re.findall(r'\s([\w-]+)="([^"]*)"', tag):
            assert not name.startswith("on") and name != "srcdoc", tag
            assert name != "href" or value.startswith(("https://", "http://", "mailto:", "#", "../")) or ":" not in value, tag
            assert name != "src" or value.startswith(("https://", "http://", "../")), tag


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("https://vimeo.com/7", "vimeo.com 的影片"),
        ("https://soundcloud.com/a", "soundcloud.com 的錄音"),
        ("https://x.com/a/1", "x.com 的帖文"),
        ("https://www.openstreetmap.org/x", "openstreetmap.org 的地圖"),
        ("https://p.example/?a=1&amp;b=2", "p.example 的網頁"),
    ],
)
def test_a_player_without_a_title_is_named_in_the_interfaces_language(tmp_path: Path, address: str, words: str) -> None:
    frames = f'<iframe src="{address}"></iframe>\n\n<iframe title="Video at Ten" src="{address}"></iframe>'
    site = archive(tmp_path, {"site.yml": f"{SITE}language: zh-Hant\n", "content/a.md": story(body=frames)})
    assert site.build().code == 0
    feed = json.loads(site.page("feed.json"))["items"][0]["content_html"]
    for html in (site.page(PAGE), feed):
        assert re.findall(r'class="embed"[^>]*>([^<]*)</a>', html) == [words, "Video at Ten"]
        assert "unnamed" not in html


def test_a_player_of_a_file_beside_the_article_is_said_to_be_shown_by_its_address(tmp_path: Path) -> None:
    html, problems = published(tmp_path, "<video src=clip.mp4></video>")
    assert "Video: clip.mp4" in html
    assert [message for _, _, message in problems] == [
        "<video> is shown by its address, clip.mp4, a link where that is a page or a file of the archive: pages play nothing",
        "the document clip.mp4 is not there; put the file beside the article or mend its name; its words stay, without the link",
    ]


def test_frames_and_iframes_in_one_article_are_each_called_what_they_are(tmp_path: Path) -> None:
    body = (
        "One <iframe src=https://a.example/></iframe>\n\n<frameset><frame src=https://b.example/1><frame src='javascript:x'></frameset>"
        "\n\n<frame src=https://b.example/2> <iframe src='about:x'></iframe>"
    )
    html, problems = published(tmp_path, body)
    for address in ("https://a.example/", "https://b.example/1", "https://b.example/2"):
        assert f'href="{address}" class="embed"' in html
    assert [(line, message.partition(" ")[0]) for line, _, message in problems] == [
        (1, "<iframe>"),
        (3, "<frame>"),
        (3, "<frame>"),
        (5, "<frame>"),
        (5, "<iframe>"),
    ]


@pytest.mark.parametrize(
    ("link", "scheme"),
    [
        ("[call](&#x74;el:12)", "tel:12"),
        ('<a href="&#106;avascript:alert(1)">call</a>', "javascript:alert(1)"),
        ('<a href="java\nscript:alert(1)">call</a>', "javascript:alert(1)"),
        ("<a href='ft&#112;://h.example/x'>call</a>", "ftp://h.example/x"),
        ('<a href="&Tab;tel&colon;12">call</a>', "tel:12"),
    ],
)
def test_a_scheme_that_is_hidden_is_told_as_any(tmp_path: Path, link: str, scheme: str) -> None:
    html, problems = published(tmp_path, link)
    assert "call" in html and "<a " not in html
    assert [message.partition(" is left out")[0] for _, _, message in problems] == [f"the link to {scheme}"]
