"""The same answers in the reader's browser as from `morgue search`: hundreds of questions, in Chromium, over http and from a file."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from builder.base.urls import slugify
from builder.search.answers import find
from builder.search.browser import shards
from builder.search.text.excerpts import excerpt
from builder.search.text.facets import FACETS
from builder.search.text.query import compose, parse, phrases
from builder.search.text.words import locate_tokens, written_words
from tests.browser import served
from tests.effort import IS_WHOLE, effort
from tests.search.trees import BY_JAVASCRIPT, as_data
from tests.sites import Archive, archive, story

CASES = json.loads((Path(__file__).parents[1] / "search" / "cases.json").read_text(encoding="utf-8"))["queries"]
SYLLABLES = "ba ko ri ton mel du sha per gri no vel ash".split()
ENDINGS = ("", "s", "ed", "ing", "ation", "ly", "er", "'s")
HAN = "新聞報導會議中國香港經濟發展政府市場國際合作技術人工智能峰會外交部長昨日表示將於下月舉行"
SORTS = ("relevance", "newest", "oldest")
STORIES = effort(80, 1500)
LARGE = "large"
FACET_NAMES = json.dumps(list(FACETS))


def word(chance: random.Random) -> str:
    """A word that looks like English; short ones are far more common."""
    rank = min(int(chance.paretovariate(0.7)), 4000)
    return "".join(SYLLABLES[rank // 12**at % 12] for at in range(1 + (rank > 11) + (rank > 143))) + chance.choice(ENDINGS)


def text(chance: random.Random) -> str:
    if chance.random() < 0.3:
        return "".join(chance.choices(HAN, k=chance.randint(20, 200))) + " AI " + "".join(chance.choices(HAN, k=9)) + "。"
    return " ".join(word(chance) for _ in range(chance.randint(10, 160))) + "."


def written_story(chance: random.Random, number: int) -> str:
    day = f"{chance.randint(1999, 2018)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    time = f" {chance.randint(0, 23):02}:{chance.choice(('00', '30'))}" if chance.random() < 0.5 else ""
    names = {
        "source": chance.choice(("The Lantern", "Harbour Post")),
        "agency": chance.choice(("Harbour Wire", "[Delta News, Harbour Wire]", "")),
        "tags": f"[{chance.choice(('AI summit', 'diplomacy', '外交'))}, t{number % 40}]",
        "section": chance.choice(("World", "Business", "")),
        "language": chance.choice(("en", "en-GB", "zh-Hant")),
        "byline": chance.choice(("Ana Bako", "Ri Ton", "")),
    }
    return story(text(chance)[:60].strip("。. "), f"{day}{time}", f"{text(chance)}\n\n{text(chance)}", **names)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    chance = random.Random(17)
    files: dict[str, str | bytes] = {
        f"content/{number % 30}/{number}.md": written_story(chance, number) for number in range(STORIES)
    }
    files |= {f"content/undated/{number}.md": written_story(chance, number).replace("\ndate:", "\nrights:") for number in range(20)}
    files["site.yml"] = "title: The Lantern\nurl: https://lantern.example/\ntimezone: Asia/Hong_Kong\nundated: keep\n"
    made = archive(tmp_path_factory.mktemp("parity") / "site", files)
    run = made.build("--quiet")
    assert run.code == 0, run.err
    with pytest.MonkeyPatch.context() as patch:  # the same as a large archive has it: with lists of lists
        patch.setattr(shards, "MOST_LISTED", 3)
        patch.setattr(shards, "LIST_ODDS", 4)  # so that there are several of each kind
        assert made.build("--quiet", "--clean", "--output", LARGE).code == 0
    assert sum(1 for _ in (made.folder / LARGE / "search/i").iterdir()) > 3
    assert not (made.folder / "public/search/i").exists()
    return made


def output(kind: str) -> str:
    """Where the site is that is asked by `kind`: http or file."""
    return "public" if kind == "http" else LARGE


WHATEVER_THE_ADDRESS = re.compile("test_(both_|hits_are|a_word_that)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask over http and from a file; once in `make test` what does not depend on it."""
    if "page" in metafunc.fixturenames:
        once = not IS_WHOLE and WHATEVER_THE_ADDRESS.match(metafunc.function.__name__)
        metafunc.parametrize("page", ["http"] if once else ["http", "file"], indirect=True, scope="module")


@pytest.fixture(scope="module")
def page(request: pytest.FixtureRequest, site: Archive, browser: Browser) -> Iterator[Page]:
    with ExitStack() as stack:
        public = site.folder / output(request.param)
        address = stack.enter_context(served(public)) if request.param == "http" else public.as_uri()
        made = browser.new_page()
        made.goto(f"{address}/about.html")
        made.add_script_tag(url=f"{address}/static/search.js")
        yield made
        made.close()


def questions(site: Archive) -> Iterator[dict[str, Any]]:
    chance = random.Random(23)
    bodies = [file.read_text(encoding="utf-8").split("---\n")[2] for file in sorted((site.folder / "content").rglob("*.md"))]

    def some(most: int) -> str:
        body = chance.choice(bodies)
        if body[0] in HAN:
            at = chance.randrange(len(body) - 12)
            return body[at : at + chance.randint(1, 2 * most)].strip()
        words = body.split()
        at = chance.randrange(max(len(words) - most, 1))
        return " ".join(words[at : at + chance.randint(1, most)])

    for _ in range(effort(4, 30)):
        yield {"query": some(1)}
        yield {"query": some(3)}
        yield {"query": f'"{some(4)}"'}
        yield {"query": f"{some(1)} -{some(1)}"}
        yield {"query": f"{some(1)} OR {some(1)} {some(1)}"}
    for _ in range(effort(2, 12)):
        yield {"query": f"{some(1)[:3]}*"}
        yield {"query": f"title:{some(1)}"}
        yield {"query": f'title:"{some(2)}" OR {some(1)}'}
        yield {"query": f'-"{some(2)}"'}
        yield {
            "query": some(1),
            "since": f"{chance.randint(1999, 2018)}",
            "until": f"{chance.randint(2000, 2019)}-0{chance.randint(1, 9)}",
        }
        yield {"query": some(1), "filters": {"agency": ["Delta News", "none"], "language": ["en"]}}
        yield {"query": f"{some(1)} tag:t{chance.randint(0, 50)}", "filters": {"tag": ["AI summit"]}}
        yield {"query": "", "filters": {"section": ["world"]}, "until": "2010-05-17"}
    yield from (
        {"query": query}
        for query in (
            "",
            "-",
            "...",
            "nowhere",
            "source:lantern",
            "type:none -ba",
            'agency:"harbour wire" byline:ana-bako',
            "人",
            "會",
            "AI峰會",
        )
    )
    yield from ({"query": case["query"]} for case in CASES)
    yield from ({"query": query} for query in ("ba\ufeffko", "ba\x85ko", "\ufeff", "ba\u3000ko"))


ASK = """async (questions) => {
  const answers = [];
  for (const question of questions) {
    const answer = await morgue.search.search(question);
    const hits = await answer.hits(0, 10);
    answers.push({ total: answer.total, years: [...answer.years.values()].reduce((sum, count) => sum + count, 0), hits });
  }
  return answers;
}"""


@pytest.mark.proof
def test_every_question_finds_the_same_in_both(site: Archive, page: Page) -> None:
    asked = [
        {**question, "sort": sort}
        for number, question in enumerate(questions(site))
        for sort in (SORTS if IS_WHOLE else SORTS[number % len(SORTS) :][:1])
    ]
    answers = page.evaluate(ASK, asked)
    assert len(answers) > effort(150, 600)
    in_common, of = 0, 0
    for question, answer in zip(asked, answers, strict=True):
        filters = question.get("filters", {})
        dates = {name: question[name] for name in ("since", "until") if name in question}
        expected = find(site.folder, question["query"], sort=question["sort"], limit=10, **dates, **filters)
        assert answer["total"] == answer["years"] == expected["total"], question
        found, wanted = ([hit["url"] for hit in hits] for hits in (answer["hits"], expected["results"]))
        if question["sort"] == "relevance":
            in_common, of = in_common + len({*found} & {*wanted}), of + len(wanted)
        else:
            assert found == wanted, question
        by_url = {hit["url"]: hit for hit in expected["results"]}
        for hit in answer["hits"]:
            if hit["url"] in by_url:
                other = by_url[hit["url"]]
                assert hit["excerpt"]["text"] == other["excerpt"], question
                assert hit["excerpt"]["marks"] == other["marks"], question
                assert [hit[name] for name in ("title", "source", "agency", "tags")] == [
                    other[name] for name in ("title", "source", "agency", "tags")
                ]
                assert (hit["date"] or None) == other["date"]
                if question["sort"] == "relevance":
                    assert hit["score"] == pytest.approx(other["score"], rel=0.02, abs=1e-9), question
    assert in_common >= 0.95 * of


def test_facets_count_all_hits(site: Archive, page: Page) -> None:
    for query in ("ba", "", "會議 -ai"):
        facets = page.evaluate("async (query) => (await morgue.search.search({query})).facets()", query)
        total = find(site.folder, query, limit=0)["total"]
        for facet in ("agency", "source", "section", "tag", "byline", "language"):
            for value in facets[facet]:
                chosen: dict[str, Any] = {facet: [value["slug"]]}
                assert value["count"] == find(site.folder, query, limit=0, **chosen)["total"], (
                    query,
                    facet,
                    value,
                )
        assert sum(value["count"] for value in facets["source"]) == total


@pytest.mark.proof
def test_hits_are_the_same_in_pages_of_any_size(page: Page) -> None:
    urls = "async ([sort, cuts]) => { const answer = await morgue.search.search({query: 'ko OR 會', sort}); const found = []; for (const [from, to] of cuts) for (const {url} of await answer.hits(from, to)) found.push(url); return found; }"
    for sort in ("relevance", "newest", "oldest"):
        whole = page.evaluate(urls, [sort, [[0, 100]]])
        assert page.evaluate(urls, [sort, [[at, at + 7] for at in range(0, 98, 7)] + [[98, 100]]]) == whole
        assert len(set(whole)) == len(whole) >= effort(40, 100)


def test_both_parsers_read_alike(page: Page) -> None:
    found = page.evaluate(
        f"(queries) => queries.map((query) => ({BY_JAVASCRIPT})(morgue.search.query.parse(query, {FACET_NAMES})))",
        [case["query"] for case in CASES],
    )
    assert found == [case["tree"] for case in CASES]


HARD = [
    "naïve Ångström ŁÓDŹ Ærø straße STRASSE ΟΔΥΣΣΕΥΣ ǅungla", "ﬁne ligature Ⅷ ½ ²", "co\u00adoperate zero\u200bwidth", "İstanbul Iğdır ılık", "中國與AI峰會2024年",
    "ありがとう ガイド ｶﾀｶﾅ", "한국어 뉴스 ᄒ\u1161ᆫ", "สวัสดีชาวโลก", "हिन्दी समाचार क्षेत्र", "𠮷野家 𪚥 emoji 😀👍🏽 text", "ＦＵＬＬ　ｗｉｄｔｈ", "e\u0301te\u0301 q\u0307\u0323", "x" * 150 + " " + "é" * 90,
    "don't it's U.S. 3.5% A&B foo_bar", "مرحبا بالعالم שלום עולם", "\u1100\u1161\u11a8", "a\u0301\u0302\u0303b", "ǰ ŉ ẞ",
    "U.S. US u.s.a e-mail E‐Mail x-ray 中e-mail峰會U.S. С.Ш.А. x.com", "ข่าว\u200bวันนี้ น้ำ ๒๕๖๗", "ລາວ ໒໐໒໔ ភាសាខ្មែរ မြန်မာ ၂၀၂၄",
    "أَخْبَارٌ إيران آسيا مدرسة على علی کتاب مسؤول شيء الـعـربـيـة ٢٠٢٤", "שָׁלוֹם בְּרֵאשִׁית ｶﾞ", "“Don’t” – he said… then — ‘no’\u00a0way", "talks " + "y" * 900,
]  # fmt: skip


def texts() -> list[str]:
    chance = random.Random(5)
    letters = "".join(HARD) + "abcdefghij ABC 0123456789 -'\"*:()" * 3
    printed = "abcdefghij ABC 0123456789 -'\"*:()‘’“”–—…\u00a0 \n"
    return HARD + [
        "".join(chance.choices(used, k=chance.randint(1, most)))
        for used, most in ((letters, 60), (printed, 600))
        for _ in range(effort(120, 400))
    ]


@pytest.mark.proof
def test_both_cut_excerpts_alike(page: Page) -> None:
    asked = [(each, question) for each in texts() for question in (each[:5], each[7:9])]
    cut = f"(asked) => asked.map(([text, question]) => morgue.search.excerpt(text, morgue.search.matcher([...morgue.search.query.phrases(morgue.search.query.parse(question, {FACET_NAMES}))], (part) => new Set([part.text]))))"
    for (each, question), found in zip(asked, page.evaluate(cut, asked), strict=True):
        wanted = list(phrases(parse(question)))
        expected = excerpt(each, wanted, lambda part: [part.text])
        assert found["text"] == expected.text, (each, question)
        units = [0]
        for char in expected.text:
            units.append(units[-1] + 1 + (ord(char) > 0xFFFF))
        assert found["marks"] == [[units[start], units[end]] for start, end in expected.marks], (each, question)


@pytest.mark.proof
def test_both_read_words_alike(page: Page) -> None:
    asked = texts()
    found = page.evaluate(
        "(texts) => texts.map((text) => [morgue.search.words.wordsOf(text), morgue.search.words.locate(text), morgue.search.query.slugify(text)])",
        asked,
    )
    for each, (words, tokens, slug) in zip(asked, found, strict=True):
        assert words == written_words(each), each
        units = [0]
        for char in each:
            units.append(units[-1] + 1 + (ord(char) > 0xFFFF))
        assert [(token["term"], token["start"], token["end"]) for token in tokens] == [
            (term, units[start], units[end]) for term, start, end in locate_tokens(each)
        ], each
        assert slug == slugify(each), each


def test_both_stem_alike(page: Page) -> None:
    from builder.search.text.words import term_of

    chance = random.Random(3)
    stems = [
        "".join(
            chance.choices(
                ("b", "str", "a", "e", "y", "l", "ll", "tt", "o", "iz", "at", "n", "s", "w", "x", "ou"), k=chance.randint(1, 4)
            )
        )
        for _ in range(700)
    ]
    suffixes = [
        "",
        *"s es ies sses ed ing eed ational tional enci izer bli alli entli ousli ization ation ator alism iveness fulness aliti biliti logi icate ative alize iciti ical ful ness al ance ence er ic able ant ement ment ent ion ou ism ate iti ous ive ize e ll y".split(),
    ]
    words = [stem + suffix for stem in stems for suffix in suffixes]
    terms = [term_of(word) for word in words]
    assert page.evaluate("(words) => words.map(morgue.search.words.termOf)", words) == terms
    assert all(term[0] == word[0] for word, term in zip(words, terms, strict=True))  # what the browser's excerpts skip words by


def test_both_compose_alike(page: Page) -> None:
    compare = f"([query, filters, since, until]) => {{ try {{ return ({BY_JAVASCRIPT})(morgue.search.query.compose(query, {FACET_NAMES}, filters, since, until)); }} catch (error) {{ return String(error.message); }} }}"
    for asked in (
        ["-oil", {"tag": ["AI summit", "ai-summit", "Seoul"], "agency": ["Harbour Wire", "B"]}, "2024", "2024-05-31"],
        ["", {}, "", ""], ["a", {"language": ["zh-Hant"]}, "", "1999"],
    ):  # fmt: skip
        assert page.evaluate(compare, asked) == as_data(compose(*asked))  # type: ignore[arg-type]
    assert page.evaluate(compare, ["", {}, "", ""]) == as_data(parse(""))
    for date in ("yesterday", "2024-13", "2023-02-29", "2024-5", "24", "2024-05-31T10:00", "0000", "2100-02-29"):
        assert page.evaluate(compare, ["a", {}, date, ""]) == f'"{date}" is no date: write 2024, 2024-05 or 2024-05-31'


def test_a_word_that_is_nowhere_gets_a_suggestion(page: Page) -> None:
    suggest = "async (query) => (await morgue.search.search({query})).suggestion()"
    assert page.evaluate(suggest, "bako koriton") is None or "bako" in page.evaluate(suggest, "bako koriton")
    assert page.evaluate(suggest, "harbuor wire") == "harbour wire"
    assert page.evaluate(suggest, '"harbour wire"') is None
    assert page.evaluate(suggest, "會議") is None


def test_what_a_phrase_needs_is_asked_for_at_once(page: Page) -> None:
    """Far from the server each file that is asked for only after another has come takes as long as all others together."""
    address = reloaded(page)
    positions = page.evaluate("async () => (await morgue.search.open()).head.positions")
    asked: list[str] = []
    came: list[set[str]] = []
    note = {
        "request": lambda request: asked.append(request.url.removeprefix(address)),
        "requestfinished": lambda request: came.append(set(asked)) if "/search/t/" in request.url else None,
    }
    for event, listener in note.items():
        page.on(event, listener)  # type: ignore[call-overload]
    try:
        assert page.evaluate("async () => (await (await morgue.search.search({query: '\"harbour wire\"'})).hits(0, 10)).length")
    finally:
        for event, listener in note.items():
            page.remove_listener(event, listener)
    assert {"static/search/lazy.js", f"search/p/{positions}.js"} <= came[0]  # when the first words came


def reloaded(page: Page) -> str:
    """Begin anew in `page`, and return the site's address."""
    address = page.url.removesuffix("about.html")
    page.reload()
    page.add_script_tag(url=f"{address}static/search.js")
    return address


def test_index_files_that_a_later_build_took_away_are_noticed(site: Archive, page: Page) -> None:
    """The page stays open while the archive is built again: its next question is answered from the new index."""
    reloaded(page)
    count = "async (query) => (await morgue.search.search({query})).total"
    build = ("--quiet", "--output", output(page.url.partition(":")[0]))
    before = page.evaluate(count, "ba")
    site.write({"content/new.md": story("Quokka seen", "2018-06-01", "A quokka and a ba. Ba ri ton mel.")})
    try:
        assert site.build(*build).code == 0
        assert page.evaluate(count, "quokka") == 1
        assert page.evaluate(count, "ba") == before + 1
    finally:
        site.write({"content/new.md": None})
        assert site.build(*build).code == 0
