from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import bagit
import pytest

from tests.pictures import picture
from tests.sites import SITE, Archive, archive, story

FILES: Mapping[str, str | bytes] = {
    "site.yml": SITE + "publisher: The Lantern's library\n",
    "content/2024/a.md": story("Harbour opens", "2024-05-01", "Ships. ![A ship](ship.jpg)", tags="[harbour]"),
    "content/2024/ship.jpg": picture(),
    "content/2025/b.md": story("渡輪復航", "2025-02-12", "渡輪今日復航。", language="zh-Hant"),
    "content/2025/c.md": story("Council meets", "2025-03-01", "See [the harbour](../2024/a.md)."),
    "static/custom.txt": "a file of the archive's own",
}


@pytest.fixture
def lantern(tmp_path: Path) -> Archive:
    site = archive(tmp_path / "lantern", FILES)
    assert site.build().code == 0
    return site


def test_an_archive_comes_back_from_its_bag_and_its_build_equals_the_bagged_site(lantern: Archive, tmp_path: Path) -> None:
    run = lantern.run("bag", str(tmp_path / "bag"))
    assert (run.code, run.err) == (0, "")
    bagit.Bag(str(tmp_path / "bag")).validate()
    again = Archive(tmp_path / "again")
    again.folder.mkdir()
    assert again.run("init", "--from", str(tmp_path / "bag"), str(again.folder)).code == 0
    assert again.build().code == 0
    assert again.published() == lantern.published()
    assert again.published() == {
        file.relative_to(tmp_path / "bag/data/public").as_posix(): file.read_bytes()
        for file in (tmp_path / "bag/data/public").rglob("*")
        if file.is_file()
    }


def test_bags_by_year_make_the_archive_together(lantern: Archive, tmp_path: Path) -> None:
    run = lantern.run("bag", str(tmp_path / "bag"), "--by-year")
    assert run.code == 0
    years = [tmp_path / "bag-2024", tmp_path / "bag-2025"]
    for year in years:
        bagit.Bag(str(year)).validate()
    assert {file.name for file in (years[0] / "data/content").rglob("*.*")} == {"a.md", "ship.jpg"}
    assert bagit.Bag(str(years[1])).info["Bag-Count"] == "2 of 2"
    again = Archive(tmp_path / "again")
    again.folder.mkdir()
    assert again.run("init", *(f"--from={year}" for year in years), str(again.folder)).code == 0
    assert again.build().code == 0
    assert again.published() == lantern.published()


def test_bags_of_a_size_and_of_a_period(lantern: Archive, tmp_path: Path) -> None:
    assert lantern.run("bag", str(tmp_path / "small"), "--max-size", "30KB").code == 0
    bags = sorted(tmp_path.glob("small-*"))
    assert len(bags) > 2
    assert bagit.Bag(str(bags[0])).info["Bag-Count"] == f"1 of {len(bags)}"
    for bag in bags:
        bagit.Bag(str(bag)).validate()
    assert lantern.run("bag", str(tmp_path / "month.tar"), "--since", "2025-02", "--until", "2025-02").code == 0
    assert (tmp_path / "month.tar").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["bag", "OUT", "--since", "soon"], 2, 'no date'),
        (["bag", "OUT", "--by-year", "--since", "2025"], 2, "exclude each other"),
        (["bag", "OUT", "--max-size", "much"], 2, "no size"),
        (["bag", "lantern"], 2, "is there already"),
        (["bag", "OUT", "--output", "elsewhere"], 2, "has no site yet"),
        (["init", "--from", "lantern", "OUT"], 2, "is no bag"),
        (["verify", "lantern"], 2, "manifest-sha512.txt: not found"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_is_written(
    lantern: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    run = lantern.run(*arguments)
    assert (run.code, message in run.err) == (code, True), run.err
    assert not (tmp_path / "OUT").exists()


def test_a_damaged_bag_is_not_restored_and_verify_names_the_file(lantern: Archive, tmp_path: Path) -> None:
    lantern.run("bag", str(tmp_path / "bag"))
    page = tmp_path / "bag/data/content/2024/ship.jpg"
    page.write_bytes(page.read_bytes()[:-3])
    run = lantern.run("verify", str(tmp_path / "bag"))
    assert (run.code, run.out) == (1, "data/content/2024/ship.jpg: changed\n")
    refused = lantern.run("init", "--from", str(tmp_path / "bag"), str(tmp_path / "again"))
    assert refused.code == 2
    assert "data/content/2024/ship.jpg is changed" in refused.err
    assert not (tmp_path / "again").exists()
