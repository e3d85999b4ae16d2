"""Measure, print, draw.

    python -m tests.bench [--corpus DIR ...] [--sizes N ...] [--search] [--no-peers] [--no-imports] [--chart FILE.svg] [--report FILE.json]

Without `--corpus` and `--sizes`: 1,000, 10,000 and 100,000 generated articles. Prints as it goes; every archive has a temporary
folder (TMPDIR names the disk), which needs about ten times the size of its articles for each generator.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from builder.state.state import FOLDER
from tests.bench import chart, imports, peers, table
from tests.bench import search as readers
from tests.bench.archives import Archive, Corpus, Generated
from tests.bench.cost import Cost
from tests.bench.ours import Morgue
from tests.bench.results import Result, short

SIZES = (1_000, 10_000, 100_000)
PACKAGES = (("Hugo", "hugo"), ("Pagefind", "pagefind"), ("Pelican", "pelican"))


def main() -> None:
    """Do what the command line asks for."""
    given = _arguments()
    sizes = given.sizes or ([] if given.corpus else SIZES)
    archives: list[Archive] = [*map(Corpus, given.corpus), *(Generated(size) for size in sizes)]
    print(_machine())
    if not given.no_peers:
        for name, command in (("Hugo", peers.hugo()), ("Pagefind", peers.pagefind()), ("Pelican", peers.pelican())):
            if not command:
                print(f"{name} is not installed: left out.")
    results = []
    for archive in archives:
        with tempfile.TemporaryDirectory(prefix="morgue-bench-") as work:
            results.append(_measured(archive, Path(work), given))
        print(f"\n{table.costs(results[-1])}", flush=True)
        if results[-1].searches:
            print(f"\n{table.searches(results[-1])}", flush=True)
    if len(sizes) > 1:
        print(f"\n{table.scaling(results[-len(sizes) :])}")
    if not given.no_imports:
        with tempfile.TemporaryDirectory(prefix="morgue-bench-") as work:
            print(f"\n{imports.HEAD}")
            for cost in imports.costs(Path(work)):
                print(cost.line, flush=True)
    if given.chart:
        given.chart.parent.mkdir(parents=True, exist_ok=True)
        given.chart.write_text(chart.draw(_headline(results, bool(given.corpus)), _machine()), encoding="utf-8")
    if given.report:
        data = {"machine": _machine(), "archives": [asdict(result) for result in results]}
        given.report.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Morgue beside Hugo, Pagefind and Pelican.")
    parser.add_argument(
        "--corpus", type=Path, nargs="+", default=[], metavar="DIR", help="archives to copy: content/ with site.yml, or articles"
    )
    parser.add_argument(
        "--sizes", type=int, nargs="+", default=[], metavar="N", help="how many articles to generate (default: 1000 10000 100000)"
    )
    parser.add_argument("--search", action="store_true", help="ask the readers' searches too, in Chromium")
    parser.add_argument("--no-peers", action="store_true", help="measure Morgue alone")
    parser.add_argument("--no-imports", action="store_true", help="leave out what `morgue import` costs")
    parser.add_argument(
        "--chart", type=Path, metavar="FILE.svg", help="draw the first corpus, or the largest size that all were measured at"
    )
    parser.add_argument("--report", type=Path, metavar="FILE.json", help="write all figures as data")
    given = parser.parse_args()
    for folder in given.corpus:
        if not folder.is_dir():
            parser.error(f"{folder}: no such folder")
    return given


def _measured(archive: Archive, work: Path, given: argparse.Namespace) -> Result:
    """Build `archive` with everyone, each in a folder of its own below `work`."""
    ours = Morgue(work / "morgue")
    archive.write(ours.folder)
    costs = list(_told(ours.cold()))
    articles = ours.articles
    costs += _told(ours.again())
    asked = readers.questions(archive.sample())
    costs += _told(ours.beside(asked))
    public = None
    if not given.no_peers:
        if hugo := peers.hugo():
            site = peers.Hugo(work / "hugo", archive.stories())
            costs += _told(site.costs(hugo, peers.pagefind()))
            public = site.public if peers.pagefind() else None
            if articles > peers.RELATED_UP_TO:
                print(f"{archive.name}: Hugo is asked for related stories up to {peers.RELATED_UP_TO:,} articles only.")
        if (pelican := peers.pelican()) and articles <= peers.PELICAN_UP_TO:
            costs += _told(peers.Pelican(work / "pelican", archive.stories()).costs(pelican))
    found = []
    if given.search:
        try:
            found = readers.searches(asked, ours.public, public)
        except (pytest.skip.Exception, pytest.fail.Exception) as error:
            print(f"The searches are left out: {error}")
    return Result(archive.name, articles, costs, found, ours.megabytes("content"), ours.megabytes(FOLDER))


def _told(costs: Iterator[Cost]) -> Iterator[Cost]:
    """Pass `costs` on, each with a line for who waits."""
    for cost in costs:
        print(f"{cost.work}: {short(cost.wall)} s", file=sys.stderr, flush=True)
        yield cost


def _headline(results: list[Result], is_real: bool) -> Result:
    """Return what the chart shows: a real archive before generated ones, the largest of those where most was measured."""
    return results[0] if is_real else max(results, key=lambda result: (len(result.costs), result.articles))


def _machine() -> str:
    """Say in one line what it was measured with."""
    return ", ".join(
        [
            f"{os.cpu_count()} cores",
            f"Python {platform.python_version()}",
            *(f"{name} {found}" for name, package in PACKAGES if (found := _version(package))),
        ]
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


if __name__ == "__main__":
    main()
