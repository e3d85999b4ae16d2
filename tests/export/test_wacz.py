from __future__ import annotations

import gzip
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.indexer import Indexer

from builder.export.wacz import PageRecord, write_wacz
from tests.sites import Archive, archive, story


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    files = {
        f"content/{number}.md": story(f"Story {number} 渡輪", f"2024-0{number % 9 + 1}-01", "Ships and 渡輪.", slug=slug)
        for number, slug in enumerate(["a", "渡輪", "c-plus", "Upper"])
    }
    made = archive(tmp_path / "site", files)
    assert made.build().code == 0
    return made


def packed(site: Archive, name: str = "site.wacz") -> Path:
    file = site.folder / name
    paths = sorted(site.published())
    pages = [PageRecord(path, f"Title of {path}") for path in paths if path.startswith("2024/") and not path.endswith("index.html")]
    with file.open("wb") as target:
        count = write_wacz(
            target, site.folder / "public", paths, pages, url="https://lantern.example/", title="The Lantern", at=1_700_000_000
        )
    assert count == len(paths) + 1  # the home page stands at two addresses
    return file


def index_lines(file: Path) -> Iterator[tuple[str, dict[str, str]]]:
    with zipfile.ZipFile(file) as package:
        for line in gzip.decompress(package.read("indexes/index.cdx.gz")).decode().splitlines():
            key, _, entry = line.split(" ", 2)
            yield key, json.loads(entry)


def test_wacz_accepts_the_package(site: Archive) -> None:
    command = [sys.executable, "-m", "wacz", "validate", "-f", str(packed(site))]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (run.returncode, "is valid" in run.stdout) == (0, True), run.stdout + run.stderr


def test_the_option_of_its_name_is_the_format(site: Archive, tmp_path: Path) -> None:
    run = site.run("export", "--wacz", str(tmp_path / "a.wacz"))
    assert (run.code, run.err) == (0, "")
    assert [*index_lines(tmp_path / "a.wacz")]
    assert "takes no --query" in site.run("export", "--wacz", str(tmp_path / "b.wacz"), "--query", "x").err


def test_every_published_file_is_found_at_its_place_with_its_bytes(site: Archive) -> None:
    file = packed(site)
    with zipfile.ZipFile(file) as package:
        warc = package.read("archive/site.warc.gz")
    published = site.published()
    keys = []
    for key, entry in index_lines(file):
        keys.append(key)
        begin, length = int(entry["offset"]), int(entry["length"])
        addresses = [
            record.rec_headers.get_header("WARC-Target-URI") for record in ArchiveIterator(io.BytesIO(warc[begin : begin + length]))
        ]
        assert addresses == [entry["url"]]
    assert keys == sorted(keys)
    bodies = {
        record.rec_headers.get_header("WARC-Target-URI"): record.content_stream().read()
        for record in ArchiveIterator(io.BytesIO(warc))
    }  # fmt: skip
    assert set(bodies.values()) == set(published.values())
    assert bodies["https://lantern.example/"] == published["index.html"]
    assert bodies["https://lantern.example/2024/02/01/%E6%B8%A1%E8%BC%AA.html"] == published["2024/02/01/渡輪.html"]


def test_the_index_says_what_another_indexer_says(site: Archive, tmp_path: Path) -> None:
    file = packed(site)
    with zipfile.ZipFile(file) as package:
        (tmp_path / "site.warc.gz").write_bytes(package.read("archive/site.warc.gz"))
    out = tmp_path / "index.jsonl"
    Indexer(["warc-target-uri", "offset"], [str(tmp_path / "site.warc.gz")], str(out)).process_all()
    theirs = {(entry["warc-target-uri"], entry["offset"]) for entry in map(json.loads, out.read_text().splitlines())}
    assert {(entry["url"], entry["offset"]) for _, entry in index_lines(file)} == theirs


def test_two_exports_of_one_site_are_the_same_file(site: Archive) -> None:
    assert packed(site, "a.wacz").read_bytes() == packed(site, "b.wacz").read_bytes()
