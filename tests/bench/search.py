"""The readers' searches: what Chromium loads and how long it takes until the first ten results with excerpts are there.

Both answer the same questions on the same articles, from a server on this machine without compression: cold in a fresh
context each (code, index and results), warm in one page that has answered other questions before; every question three times,
of which the one in the middle counts. What draws the results is no part of it: ours is asked as page.js asks, Pagefind by its
JavaScript interface.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any, ClassVar, NamedTuple

from playwright.sync_api import Browser

from tests.bench.archives import Story
from tests.bench.cost import TIMES
from tests.bench.results import Search
from tests.browser import Quiet, opened, served

OURS = """async (query) => {
  const begun = performance.now();
  if (!window.morgue?.search?.ask) {
    const load = (src) => new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src, async: false, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    await Promise.all(SCRIPTS.map(load));
  }
  const answer = await morgue.search.search({ query });
  const hits = await answer.hits(0, 10);
  return [performance.now() - begun, hits.length];
}"""
THEIRS = """async (query) => {
  const begun = performance.now();
  window.pagefind ??= await import("/pagefind/pagefind.js");
  const answer = await window.pagefind.search(query);
  const hits = await Promise.all(answer.results.slice(0, 10).map((result) => result.data()));
  return [performance.now() - begun, hits.length];
}"""
BLANK = "bench-blank.html"
SAMPLE = 300
_SCRIPT = re.compile(r'<script src="([^"]*\bsearch\b[^"]*)"')
_HAN = "\u4e00-\u9fff"


def searches(asked: Sequence[str], ours: Path, theirs: Path | None) -> list[Search]:
    """Ask the search of the site in `ours`, and Pagefind's of that in `theirs`, all questions of `asked`."""
    with opened() as browser:
        found = [_asked(browser, "Morgue", ours, "search", OURS.replace("SCRIPTS", json.dumps(scripts(ours))), "en", asked)]
        if theirs is not None:
            found.append(_asked(browser, "Pagefind", theirs, "pagefind", THEIRS, _main_language(theirs), asked))
    return found


def questions(stories: Iterable[Story]) -> list[str]:
    """Return 24 questions of all sorts in the words of `stories`: rare and common, several, phrases, beginnings, stop words.

    In an archive of several languages they are in that of most articles: Pagefind searches one at a time.
    """
    chance = random.Random(24)
    every = [story.body for story in stories]
    bodies = chance.sample(every, min(SAMPLE, len(every)))
    chinese = [len(re.findall(f"[{_HAN}]", body)) > len(body) / 3 for body in bodies]
    is_chinese = 2 * sum(chinese) > len(chinese)
    pattern = f"[{_HAN}]{{2,}}" if is_chinese else r"[^\W\d_]{3,}"
    runs = [re.findall(pattern, body)[:80] for body, one in zip(bodies, chinese, strict=True) if one == is_chinese]
    runs = [run for run in runs if len(run) > 5]

    def some(size: int) -> str:
        run = chance.choice(runs)
        at = chance.randrange(len(run) - size)
        return " ".join(word[:4] if is_chinese else word for word in run[at : at + size])

    return [
        *(some(1) for _ in range(8)),
        *(some(2) for _ in range(5)),
        *(some(3) for _ in range(4)),
        *(f'"{some(1 if is_chinese else 2)}"' for _ in range(4)),
        *(some(1)[: 2 if is_chinese else 4] + "*" for _ in range(2)),
        "的" if is_chinese else "the of and to",
    ]


def scripts(public: Path) -> list[str]:
    """Return the addresses of what the search page of the site in `public` loads to search with: all but what draws it."""
    page = (public / "search.html").read_text(encoding="utf-8")
    return [address for address in _SCRIPT.findall(page) if not address.endswith("/page.js")]


def _main_language(public: Path) -> str:
    """Return the language in which Pagefind has most pages: it asks the page that it stands in."""
    languages = json.loads((public / "pagefind/pagefind-entry.json").read_text(encoding="utf-8"))["languages"]
    return str(max(languages, key=lambda language: languages[language]["page_count"]))


class _Counter(Quiet):
    """Counts what it sends: browsers leave out what their workers load."""

    sent: ClassVar[list[int]] = []

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file, and note its size."""
        self.sent.append(os.fstat(source.fileno()).st_size)
        super().copyfile(source, outputfile)


def _asked(browser: Browser, name: str, public: Path, index: str, script: str, language: str, asked: Sequence[str]) -> Search:
    """Ask `asked` of the search in `public` whose index is the folder `index`, by `script`, from a page in `language`."""
    blank = public / BLANK
    head = f'<html lang="{language}"><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,">'
    blank.write_text(f"<!doctype html>{head}<body></body>", encoding="utf-8")
    cold, warm = [], []
    try:
        with served(public, _Counter) as address:
            for _ in range(TIMES):
                cold.append([_cold(browser, f"{address}/{BLANK}", script, query) for query in asked])
                warm.append(_warm(browser, f"{address}/{BLANK}", script, asked))
    finally:
        blank.unlink()
    kilobytes, requests, hits, _ = (list(each) for each in zip(*cold[0], strict=True))  # the same every time
    waited = [median(each.milliseconds for each in answers) for answers in zip(*cold, strict=True)]
    files = [file.stat().st_size for file in (public / index).rglob("*") if file.is_file()]
    return Search(
        name, kilobytes, requests, waited, list(map(median, zip(*warm, strict=True))),
        sum(count > 0 for count in hits), len(files), sum(files) / 1e6,
    )  # fmt: skip


class _Answer(NamedTuple):
    """What the first ten results of a question took in a fresh browser."""

    kilobytes: float
    requests: int
    hits: int
    milliseconds: float


def _cold(browser: Browser, address: str, script: str, query: str) -> _Answer:
    context = browser.new_context()
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    _Counter.sent.clear()
    milliseconds, hits = page.evaluate(script, query)
    context.close()
    return _Answer(sum(_Counter.sent) / 1000, len(_Counter.sent), hits, milliseconds)


def _warm(browser: Browser, address: str, script: str, asked: Sequence[str]) -> list[float]:
    """Return the milliseconds for each question of `asked` in one page, one after the other."""
    page = browser.new_page()
    page.goto(address)
    page.evaluate(script, "warm")
    milliseconds = [page.evaluate(script, query)[0] for query in asked]
    page.close()
    return milliseconds
