"""Real validators on a built site: `python -m tests.validators.run public`. Prints what each found; fails if any found something.

vnu (HTML), axe (accessibility), jing with a schema of RFC 4287 (Atom), newsboat (feeds as a reader takes them),
xmllint with the sitemap schema, tsc with schema.org's types (JSON-LD).
"""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import unquote

import feedparser

from tests.browser import opened, served

HERE = Path(__file__).parent
TOOLS = HERE.parent.parent / ".tools/node_modules"
BATCH = 400
SEARCHES = ("search.html?q=summit&since=2010", "search.html?q=sumit")
# vnu reads files, for which 'self' means nothing, and takes a JSON-LD block, which is data, for a script. That the policy
# lets our own files load, and nothing else, the browser tests see.
FALSE_ALARMS = re.compile(r"(Resource|Inline script) violates Content Security Policy")


def pages(site: Path) -> list[Path]:
    """Return every page of the site."""
    return sorted(site.rglob("*.html"))


def sample(site: Path) -> list[Path]:
    """Return a page or two of each kind, told apart by the shape of their paths, and every article with something special."""
    kinds: dict[str, list[Path]] = {}
    for page in pages(site):
        path, text = page.relative_to(site).as_posix(), page.read_text(encoding="utf-8")
        if 'http-equiv="refresh"' in text:
            continue
        special = [
            mark
            for mark in ("corrections-box", "notice withdrawn", "<table", "<blockquote", 'lang="zh-Hant">', "footnote")
            if mark in text
        ]
        shape = re.sub(r"\d", "0", path if path.count("/") == 0 or path.endswith("index.html") else path.rpartition("/")[0])
        shape = re.sub(r"^(tags|agencies|sources|sections|types|bylines)/[^/]+/", r"\1/NAME/", shape)
        kinds.setdefault(f"{shape} {special}", []).append(page)
    return [page for found in kinds.values() for page in found[:1]]


def check_html(site: Path) -> Iterator[str]:
    """Every page is valid HTML."""
    every = pages(site)
    for at in range(0, len(every), BATCH):
        command = [
            "java",
            "-Xss1m",
            "-jar",
            str(next(TOOLS.glob("vnu-jar/build/dist/vnu.jar"))),
            "--format",
            "json",
            "--stdout",
            *map(str, every[at : at + BATCH]),
        ]
        said = subprocess.run(command, capture_output=True, text=True).stdout
        for message in json.loads(said)["messages"]:
            if not FALSE_ALARMS.search(message["message"]):
                yield f"{message.get('url', '')}:{message.get('lastLine', 0)}: {message['type']}: {message['message']}"


def check_access(site: Path) -> Iterator[str]:
    """A page of each kind has no barrier that axe can find, on a phone and a desk, in light and dark."""
    base = next(iter(re.findall('rel="canonical" href="([^"]+)"', (site / "index.html").read_text(encoding="utf-8"))))
    axe = (TOOLS / "axe-core/axe.min.js").read_text(encoding="utf-8")
    with opened() as browser, served(site) as address:
        for width in (390, 1280):
            for scheme in ("light", "dark"):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True)
                context.route(
                    f"{base}**",
                    lambda route: route.fulfill(path=site / unquote(route.request.url.removeprefix(base).split("?")[0])),
                )
                page = context.new_page()
                for path in (*(file.relative_to(site).as_posix() for file in sample(site)), *SEARCHES):
                    page.goto(f"{address}/{path}")
                    if path in SEARCHES:
                        page.wait_for_function("document.getElementById('result-count').textContent.match(/^\\d/)")
                        page.wait_for_load_state("networkidle")
                    page.evaluate("for (const part of document.querySelectorAll('details')) part.open = true")
                    page.add_script_tag(content=axe)
                    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
                    found = page.evaluate("tags => axe.run({runOnly: tags})", rules)
                    for violation in found["violations"]:
                        nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                        yield f"{path} ({width} px, {scheme}): {violation['id']}: {violation['help']}: {nodes}"
                context.close()


def language_feeds(site: Path) -> list[Path]:
    """Return the RSS feeds of single languages: beside the Atom documents of months, and named by no date."""
    return [file for file in sorted((site / "feeds").glob("*.xml")) if not file.stem[0].isdigit()]


def check_atom(site: Path) -> Iterator[str]:
    """Every Atom document is what RFC 4287 says."""
    months = [file for file in sorted((site / "feeds").rglob("*.xml")) if file not in language_feeds(site)]
    documents = [site / "atom.xml", *months]
    done = subprocess.run(["jing", "-c", str(HERE / "atom.rnc"), *map(str, documents)], capture_output=True, text=True)
    yield from (
        line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("[warning] ")
    )  # of Debian's wrapper


def check_readers(site: Path) -> Iterator[str]:
    """newsboat, a real reader, gets every item of every feed, under its own id."""
    feeds = [site / "feed.xml", site / "atom.xml", *language_feeds(site), *sorted(site.glob("tags/*/feed.xml"))[:20]]
    for feed in feeds:
        with tempfile.TemporaryDirectory() as folder:
            urls, cache = Path(folder) / "urls", Path(folder) / "cache.db"
            with served(site) as address:
                urls.write_text(f"{address}/{feed.relative_to(site).as_posix()}\n")
                subprocess.run(
                    ["newsboat", "-u", urls, "-c", cache, "-C", "/dev/null", "-x", "reload"],
                    capture_output=True,
                    env={"HOME": folder, "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"},
                )
            with closing(sqlite3.connect(cache)) as kept:
                got = {row[0] for row in kept.execute("SELECT guid FROM rss_item")}
        wanted = {entry.id for entry in feedparser.parse(feed.read_bytes()).entries}
        if got != wanted or not wanted:
            yield f"{feed.relative_to(site)}: newsboat has {len(got)} of {len(wanted)} items"


def check_sitemaps(site: Path) -> Iterator[str]:
    """The sitemap is what its schema says."""
    schema = TOOLS / "sitemap/schema/sitemap.xsd"
    done = subprocess.run(
        ["xmllint", "--nonet", "--noout", "--schema", schema, site / "sitemap.xml"], capture_output=True, text=True
    )
    if done.returncode:
        yield from done.stderr.splitlines()


def check_json_ld(site: Path) -> Iterator[str]:
    """JSON-LD says only what schema.org has words for, each on the class that it belongs to."""
    found = {}
    for file in sample(site):
        match = re.search(r'<script type="application/ld\+json">(.*?)</script>', file.read_text(encoding="utf-8"), re.DOTALL)
        if match:
            found[file.relative_to(site).as_posix()] = match[1]
    lines = ['import type { Thing, WithContext } from "schema-dts";', "declare const query: unique symbol;"]
    for number, (path, data) in enumerate(found.items()):
        data = data.replace(
            ',"query-input":"required name=search_term_string"', ""
        )  # Google's annotation; schema.org has no such word
        lines.append(f"/* {path} */ export const page{number}: WithContext<Thing> = {data};")
    source = TOOLS.parent / "jsonld.ts"
    source.write_text("\n".join(lines), encoding="utf-8")
    command = [
        "node",
        str(TOOLS / "typescript/bin/tsc"),
        "--noEmit",
        "--strict",
        "--skipLibCheck",
        "--moduleResolution",
        "node",
        "--target",
        "es2020",
        str(source),
    ]
    done = subprocess.run(command, capture_output=True, text=True, cwd=TOOLS.parent)
    yield from done.stdout.splitlines()[:40]


CHECKS: dict[str, Callable[[Path], Iterator[str]]] = {
    "vnu": check_html, "axe": check_access, "jing": check_atom, "newsboat": check_readers, "xmllint": check_sitemaps, "schema.org": check_json_ld,
}  # fmt: skip


def main() -> int:
    """Run the checks that are named after the folder, or all."""
    site = Path(sys.argv[1]).resolve()
    failed = 0
    for name, check in CHECKS.items():
        if len(sys.argv) > 2 and name not in sys.argv[2:]:
            continue
        found = list(check(site))
        failed += bool(found)
        print(f"{name}: {f'{len(found)} problems' if found else 'nothing to complain of'}", flush=True)
        for line in found[:30]:
            print(f"  {line}", flush=True)
    return int(bool(failed))


if __name__ == "__main__":
    raise SystemExit(main())
