"""The readers' searches measured: what Chromium loads and how long it takes until the first ten results with excerpts are there.

Both searches answer the same questions on the same articles, from a server on this machine without compression: cold in a
fresh context each (code, index and results), warm in one page that has answered all of them before.
"""

from __future__ import annotations

import os
import random
import re
import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from playwright.sync_api import Browser

from tests.browser import Quiet, opened, served

OURS = """async (query) => {
  const begun = performance.now();
  if (!window.morgue?.search?.ask) {
    const load = (name) => new Promise((resolve, reject) => {
      const script = document.createElement("script");
      Object.assign(script, { src: `static/search/${name}.js`, async: false, onload: resolve, onerror: reject });
      document.head.append(script);
    });
    await Promise.all(["words", "query", "excerpts", "index", "engine"].map(load));
  }
  const answer = await morgue.search.ask({ query });
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


@dataclass(frozen=True)
class Speed:
    """What one search took for all questions: kilobytes and milliseconds cold, requests, milliseconds warm, a figure each."""

    kilobytes: list[float]
    requests: list[int]
    cold: list[float]
    warm: list[float]


def questions(content: Path) -> list[str]:
    """Return 24 questions of all sorts in the words of the articles: rare and common, several, phrases, beginnings, stop words."""
    chance = random.Random(24)
    bodies = [
        file.read_text(encoding="utf-8", errors="ignore").rpartition("\n---\n")[2]
        for file in chance.sample(sorted(content.rglob("*.md")), 300)
    ]
    runs = [re.findall(r"[A-Za-z]{3,}|[\u4e00-\u9fff]{2,}", body)[:80] for body in bodies]
    runs = [run for run in runs if len(run) > 5]

    def some(size: int, joined: str = " ") -> str:
        run = chance.choice(runs)
        at = chance.randrange(len(run) - size)
        return joined.join(word[:4] if word[0] > "\u4e00" else word for word in run[at : at + size])

    return [
        *(some(1) for _ in range(8)),
        *(some(2) for _ in range(5)),
        *(some(3) for _ in range(4)),
        *(f'"{some(2)}"' for _ in range(4)),
        *(some(1)[:4] + "*" for _ in range(2)),
        "the of and to",
    ]


class Counter(Quiet):
    """Counts what it sends: browsers leave out what their workers load."""

    sent: ClassVar[list[tuple[str, int]]] = []

    def copyfile(self, source: Any, outputfile: Any) -> None:
        """Send a file, and note its path and size."""
        self.sent.append((self.path, os.fstat(source.fileno()).st_size))
        super().copyfile(source, outputfile)


def measure(browser: Browser, public: Path, script: str, asked: list[str]) -> Speed:
    """Ask every question of the search in `public`: cold, each in a context of its own, and warm, one after another in one page."""
    speed = Speed([], [], [], [])
    (public / "bench-blank.html").write_text("<!doctype html><meta charset=utf-8><title>Bench</title><body data-root=''>")
    try:
        with served(public, Counter) as address:
            for query in asked:
                context = browser.new_context()
                page = context.new_page()
                page.goto(f"{address}/bench-blank.html")
                page.wait_for_load_state("networkidle")
                Counter.sent.clear()
                milliseconds, _ = page.evaluate(script, query)
                speed.cold.append(milliseconds)
                speed.kilobytes.append(sum(size for _, size in Counter.sent) / 1000)
                speed.requests.append(len(Counter.sent))
                context.close()
            page = browser.new_page()
            page.goto(f"{address}/bench-blank.html")
            page.evaluate(script, "warm")
            speed.warm.extend(page.evaluate(script, query)[0] for query in asked)
            page.close()
    finally:
        (public / "bench-blank.html").unlink()
    return speed


def table(content: Path, searches: dict[str, tuple[Path, str, str]]) -> str:
    """Return a Markdown table of `searches`: the public folder of each, its script, and the folder of its index."""
    asked = questions(content)
    lines = [
        "\n| Search | KB cold | requests | ms cold | ms warm | index MB | index files |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    with opened() as browser:
        for name, (public, script, folder) in searches.items():
            speed = measure(browser, public, script, asked)
            files = [file.stat().st_size for file in (public / folder).rglob("*") if file.is_file()]
            columns = [
                f"{statistics.median(of):.0f} / {ninth(of):.0f} / {max(of):.0f}"
                for of in (speed.kilobytes, speed.requests, speed.cold, speed.warm)
            ]
            lines.append(f"| {name} | {' | '.join(columns)} | {sum(files) / 1e6:.1f} | {len(files):,} |")
    return "\n".join([*lines, "\nThree figures are the median, nine of ten, and the most of 24 questions."])


def ninth(of: list[float] | list[int]) -> float:
    """Return what nine of ten stay below."""
    return sorted(of)[int(len(of) * 0.9)]
