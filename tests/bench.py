"""`make bench`: Morgue beside Hugo and Pagefind on the same articles in the same run; prints ratios, never asserts them.

    python -m tests.bench [--corpus DIR] [--sizes 1000 10000] [--peers BIN]

`--corpus` names a folder of articles (its `content/`, or itself); without it, articles are generated over 20 years.
`--peers` is a folder with `hugo`, `pagefind` and `pelican`; what is missing there is left out of the table.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from builder.memory import held_by

SITE = """title: Bench
url: https://bench.example/
undated: keep
unknown_fields: warn
"""
HUGO = """baseURL = "https://bench.example/"
title = "Bench"
disableHugoGeneratorInject = true
enableRobotsTXT = true
uglyURLs = true
[taxonomies]
tag = "tags"
agency = "agency"
section = "section"
[permalinks]
page = "/:year/:month/:day/:contentbasename"
[markup.goldmark.renderer]
unsafe = true
[services.rss]
limit = 50
[related]
threshold = 1
includeNewer = false
[[related.indices]]
name = "tags"
weight = 100
"""
RELATED = """<ul>{{ range first 5 (.Site.RegularPages.Related .) }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
</main>"""
_HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{{ .Title }}</title></head><body><header><a href="/">Bench</a></header>'
LAYOUTS = {
    "single.html": _HEAD + """<main data-pagefind-body><h1>{{ .Title }}</h1>
<p><time data-pagefind-sort="date:{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time></p>{{ .Content }}
<ul>{{ range .GetTerms "tags" }}<li><a data-pagefind-filter="tag" href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>
{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
</main></body></html>""",
    "list.html": _HEAD + """<main><h1>{{ .Title }}</h1><ul>{{ range (.Paginate .RegularPages 100).Pages }}
<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> {{ .Date.Format "2 January 2006" }} {{ .Summary }}</li>{{ end }}</ul>
{{ template "_internal/pagination.html" . }}</main></body></html>""",
    "home.html": _HEAD + """<main><ul>{{ range first 14 .Site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul></main></body></html>""",
}  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """What one command took: wall and processor seconds, megabytes of PSS at most, files and megabytes that it left."""

    name: str
    wall: float
    cpu: float
    peak: int
    files: int
    size: float


def measure(name: str, command: list[str], output: Path, folder: Path) -> Cost:
    """Run `command` in `folder` and return what it cost. Raises CalledProcessError where it fails."""
    peak = 0
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, cwd=folder, stdout=said, stderr=said)
        over = threading.Event()

        def look_on() -> None:
            nonlocal peak
            while not over.wait(0.1):
                peak = max(peak, held_by(process.pid))

        watch = threading.Thread(target=look_on)
        watch.start()
        code = process.wait()
        wall = time.perf_counter() - begun
        over.set()
        watch.join()
        if code:
            said.seek(0)
            raise SystemExit(f"{name} failed ({code}):\n{said.read().decode(errors='replace')[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = [file.stat().st_size for file in output.rglob("*") if file.is_file()] if output.exists() else []
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(name, wall, cpu, peak // 10**6, len(found), sum(found) / 1e6)


def generate(content: Path, count: int) -> None:
    """Write `count` articles over twenty years: words by Zipf's law, a few hundred tags, lengths like a newspaper's."""
    chance = random.Random(count)
    syllables = [
        "ka",
        "lo",
        "min",
        "ter",
        "sa",
        "ru",
        "pel",
        "do",
        "vin",
        "ga",
        "tor",
        "ne",
        "shi",
        "mar",
        "ble",
        "con",
        "qui",
        "ast",
    ]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(words))]
    for number in range(count):
        day = 1 + number * 7300 // count
        year, month, date = 2004 + day // 365, 1 + day % 365 // 31, 1 + day % 28
        text = chance.choices(words, weights, k=max(40, int(chance.gauss(250, 90))))
        paragraphs = [" ".join(text[at : at + 40]).capitalize() + "." for at in range(0, len(text), 40)]
        tags = {f"topic {int(chance.paretovariate(0.7)) % 500}" for _ in range(3)}
        file = content / f"{year}/{month:02}/{year}-{month:02}-{date:02}-story-{number}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        front = f"title: {' '.join(text[:8]).capitalize()}\ndate: {year}-{month:02}-{date:02} 09:{number % 60:02}\ntags: [{', '.join(sorted(tags))}]\nagency: Wire {number % 5}\nsection: Section {number % 9}"
        file.write_text(f"---\n{front}\n---\n" + "\n\n".join(paragraphs) + "\n")


def edit(content: Path, change: Callable[[str], str]) -> Path:
    """Change the article in the middle of the archive; return its file."""
    every = sorted(content.rglob("*.md"))
    file = every[len(every) // 2]
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    return file


def bench(name: str, corpus: Path | None, count: int, peers: Path, work: Path) -> list[Cost]:
    """Measure all on one set of articles, copied into `work`."""
    ours, hugo = work / "morgue", work / "hugo"
    content = ours / "content"
    if corpus is None:
        generate(content, count)
    else:
        shutil.copytree(corpus / "content" if (corpus / "content").is_dir() else corpus, content)
    site = corpus / "site.yml" if corpus is not None else None
    (ours / "site.yml").write_text(site.read_text() if site is not None and site.is_file() else SITE)
    morgue = [sys.executable, "-m", "builder", "build", "--quiet", "--keep-going", "-C", str(ours)]
    public = ours / "public"
    found = [
        measure("morgue, cold", morgue, public, Path.cwd()),
        measure("morgue, second build (reads fresh files again)", morgue, public, Path.cwd()),
    ]
    found.append(measure("morgue, nothing changed", morgue, public, Path.cwd()))
    file = edit(content, lambda text: text.rstrip() + " One more sentence.\n")
    found.append(measure("morgue, one article edited", morgue, public, Path.cwd()))
    text = file.read_text(encoding="utf-8")
    file.with_name(f"{file.stem}-again.md").write_text(re.sub(r"(?m)^id:.*\n", "", text, count=1), encoding="utf-8")
    found.append(measure("morgue, one article added", morgue, public, Path.cwd()))
    if (peers / "hugo").exists():
        (hugo / "layouts").mkdir(parents=True)
        (hugo / "hugo.toml").write_text(HUGO)
        for layout, source in LAYOUTS.items():
            (hugo / "layouts" / layout).write_text(source)
        (hugo / "content").symlink_to(content)
        found.append(
            measure("hugo without related stories", [str(peers / "hugo"), "--quiet", "--logLevel", "error"], hugo / "public", hugo)
        )
        single = hugo / "layouts/single.html"
        single.write_text(single.read_text().replace("</main>", RELATED))
        shutil.rmtree(hugo / "public")
        found.append(measure("hugo", [str(peers / "hugo"), "--quiet", "--logLevel", "error"], hugo / "public", hugo))
        if (peers / "pagefind").exists():
            found.append(measure("pagefind", [str(peers / "pagefind"), "--site", "public"], hugo / "public/pagefind", hugo))
    return found


def table(name: str, found: list[Cost]) -> str:
    """Return the costs as a Markdown table, with ratios to Hugo and Pagefind together where they ran.

    Hugo's theme is plainer than ours, but shows what costs most: related stories. Without them it is given too.
    """
    peers = sum(cost.wall for cost in found if cost.name in {"hugo", "pagefind"})
    lines = [
        f"\n### {name}\n",
        "| Work | Wall s | of Hugo + Pagefind | CPU s | Peak MB | Files | MB |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for cost in found:
        ratio = f"{cost.wall / peers:.3f}" if peers else "-"
        lines.append(
            f"| {cost.name} | {cost.wall:.2f} | {ratio} | {cost.cpu:.1f} | {cost.peak} | {cost.files:,} | {cost.size:.1f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--corpus", type=Path)
    arguments.add_argument("--sizes", type=int, nargs="+", default=[1000, 10_000])
    arguments.add_argument("--peers", type=Path, default=Path(sys.executable).parent)
    given = arguments.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    for name, corpus, count in (
        [(given.corpus.name, given.corpus, 0)]
        if given.corpus
        else [(f"{size:,} generated articles", None, size) for size in given.sizes]
    ):
        with tempfile.TemporaryDirectory() as work:
            print(table(name, bench(name, corpus, count, given.peers.absolute(), Path(work))), flush=True)


if __name__ == "__main__":
    main()
