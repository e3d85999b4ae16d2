"""A big site as a WACZ of each year: every published file is in one, each is valid and looks as it should by itself."""

from __future__ import annotations

import gzip
import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.pictures import picture
from tests.sites import Archive, archive, story

URL = "https://lantern.example/"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    files: dict[str, str | bytes] = {
        "content/ship.jpg": picture(),
        "content/a.md": story("First 渡輪", "2023-04-01", images="[{src: ship.jpg, alt: A ship}]"),
        "content/b.md": story("Second", "2024-05-01", images="[{src: ship.jpg, alt: A ship}]", slug="渡輪"),
        "content/c.md": story("Of a year", "2024"),
        "content/u.md": story("Undated", ""),
        "content/w.md": story("Gone", "2023-06-01", withdrawn="Wrong."),
    }
    site_yml = f"title: The Lantern\nurl: {URL}\ntimezone: Asia/Hong_Kong\nundated: keep\npermalink: stories/{{slug}}.html\n"
    built = archive(tmp_path_factory.mktemp("packages") / "site", {**files, "site.yml": site_yml})
    assert built.build().code == 0
    return built


def addresses(file: Path) -> set[str]:
    with zipfile.ZipFile(file) as package:
        lines = gzip.decompress(package.read("indexes/index.cdx.gz")).decode().split("\n")[:-1]
    return {json.loads(line.split(" ", 2)[2])["url"] for line in lines}


def test_a_site_of_many_pages_is_packed_by_year(site: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.export.site_packages.MAX_PAGES", 3)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    run = site.run("export", str(tmp_path / "big.wacz"), "--format", "wacz")
    assert (run.code, run.err) == (0, "")
    names = ["big-2023.wacz", "big-2024.wacz", "big-site.wacz", "big-undated.wacz"]
    assert sorted(file.name for file in tmp_path.iterdir()) == [*names, "big.json"]

    joined = json.loads((tmp_path / "big.json").read_text())
    assert joined["profile"] == "multi-wacz-package"
    assert {(each["path"], each["hash"], each["bytes"]) for each in joined["resources"]} == {
        (name, f"sha256:{hashlib.sha256(data).hexdigest()}", len(data))
        for name in names
        for data in [(tmp_path / name).read_bytes()]
    }

    held = {name: addresses(tmp_path / name) for name in names}
    everything = {URL + "index.html" if address == URL else address for each in held.values() for address in each}
    assert {address.removeprefix(URL) for address in everything} == {
        path.replace("渡輪", "%E6%B8%A1%E8%BC%AA") for path in site.published()
    }
    assert {"stories/a.html", "stories/w.html", "2023/04/01/index.html"} <= {each.removeprefix(URL) for each in held[names[0]]}
    assert "stories/%E6%B8%A1%E8%BC%AA.html" in {each.removeprefix(URL) for each in held[names[1]]}
    ship = {URL + path for path in site.published() if path.startswith("media/")}
    assert ship <= held[names[0]] and ship <= held[names[1]] and not ship & held[names[2]]
    assert all(URL + "static/style.css" in each for each in held.values())


@pytest.mark.parametrize("limit", [3, 100])
def test_each_file_is_valid_and_begins_with_a_page_that_it_has(
    site: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr("builder.export.site_packages.MAX_PAGES", limit)
    assert site.run("export", str(tmp_path / "big.wacz"), "--format", "wacz").code == 0
    for file in tmp_path.glob("*.wacz"):
        with zipfile.ZipFile(file) as package:
            main = json.loads(package.read("datapackage.json"))["mainPageUrl"]
            pages = [json.loads(line) for line in package.read("pages/pages.jsonl").decode().split("\n")[1:-1]]
        assert {main, *(page["url"] for page in pages)} <= addresses(file)
    run = subprocess.run(
        [sys.executable, "-m", "wacz", "validate", "-f", str(min(tmp_path.glob("*.wacz")))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (run.returncode, "is valid" in run.stdout) == (0, True), run.stdout + run.stderr


def test_a_file_that_is_there_stays_and_nothing_else_is_written(
    site: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("builder.export.site_packages.MAX_PAGES", 3)
    (tmp_path / "big-2024.wacz").write_text("mine")
    run = site.run("export", str(tmp_path / "big.wacz"), "--format", "wacz")
    assert (run.code, "big-2024.wacz: is there already" in run.err) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["big-2024.wacz"]


@pytest.mark.parametrize("form", ["jsonl", "wacz", "zim"])
def test_a_folder_that_is_not_there_is_named(site: Archive, tmp_path: Path, form: str) -> None:
    run = site.run("export", str(tmp_path / "gone" / f"a.{form}"), "--format", form)
    assert (run.code, run.out) == (3, "")
    assert f"gone/a.{form}: cannot be written: " in run.err
