"""data.html and data/: each year's stories for programs."""

from __future__ import annotations

import csv
import gzip
import io
import json
import shutil
import subprocess
import warnings
from pathlib import Path

import pytest

from tests.links import dead_links
from tests.sites import SITE, Archive, archive, story

DATA = (
    SITE + "undated: keep\ndata: full\ndata_terms: For research.\nagencies:\n  Wire A: {data: metadata}\n  Wire B: {data: none}\n"
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    built = archive(
        tmp_path_factory.mktemp("data") / "site",
        {
            "site.yml": DATA,
            "content/own.md": story("Ours, first", "2024-03-01", "*Words* of 渡輪.", source="The Kite", tags="[a, b]"),
            "content/a.md": story("Of wire A", "2024-04-01", "Wire words.", agency="Wire A", summary="In short."),
            "content/joint.md": story("Joint", "2024-05-01", "Joint words.", agency="[Wire A, Wire B]"),
            "content/old.md": story("Of another year", "2023", "Old words."),
            "content/undated.md": story("Undated", "", "Loose words."),
            "content/gone.md": story("Gone", "2024-06-01", "Taken back.", withdrawn="Wrong."),
        },
    )
    assert built.build().code == 0
    return built


def _records(site: Archive, year: str, output: str = "public") -> list[dict[str, object]]:
    return [json.loads(line) for line in gzip.decompress(site.published(output)[f"data/{year}.jsonl.gz"]).splitlines()]


def test_a_year_holds_what_its_sources_let_be_handed_over(site: Archive) -> None:
    own, wire = _records(site, "2024")
    assert (own["title"], own["body"], own["url"]) == (
        "Ours, first",
        "*Words* of 渡輪.\n",
        "https://lantern.example/2024/03/01/own.html",
    )
    assert (wire["title"], wire["summary"]) == ("Of wire A", "In short.")
    assert "body" not in wire
    assert [record["title"] for year in ("2023", "undated") for record in _records(site, year)] == ["Of another year", "Undated"]


def test_csv_has_the_same_stories(site: Archive) -> None:
    rows = list(csv.DictReader(io.StringIO(gzip.decompress(site.published()["data/2024.csv.gz"]).decode(), newline="")))
    assert [(row["title"], row["tags"], row["body"]) for row in rows] == [
        ("Ours, first", "a; b", "*Words* of 渡輪.\n"),
        ("Of wire A", "", ""),
    ]


def test_the_files_name_no_time_and_no_system(site: Archive) -> None:
    assert site.published()["data/2024.csv.gz"][:10] == b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


def test_the_page_says_terms_and_fields_and_is_linked(site: Archive) -> None:
    page = site.page("data.html")
    for words in ("For research.", "<code>captured_at</code>", 'href="data/2024.jsonl.gz"', 'href="data/undated.csv.gz"'):
        assert words in page
    assert 'href="data.html"' in site.page("about.html")
    assert dead_links(site.folder / "public") == []


def test_frictionless_accepts_the_data_and_their_dictionary(site: Archive) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from frictionless import Package

        package = Package(str(site.folder / "public/data/datapackage.json"))
        report = package.validate()
        table = package.get_table_resource("2024-csv")
        own, wire = table.read_rows()
    assert report.valid, report.flatten(["type", "note"])
    assert [resource.name for resource in package.resources] == [
        f"{year}-{form}" for year in ("undated", "2023", "2024") for form in ("jsonl", "csv")
    ]
    assert (own["tags"], own["body"], wire["agency"]) == (["a", "b"], "*Words* of 渡輪.\n", ["Wire A"])
    assert f"<code>captured_at</code></th><td>{table.schema.get_field('captured_at').description}<" in site.page("data.html")


def test_terms_and_checksums_go_with_the_folder(site: Archive, tmp_path: Path) -> None:
    copy = shutil.copytree(site.folder / "public/data", tmp_path / "copy")
    check = ["sha512sum", "--check", "--strict", "--quiet", "manifest-sha512.txt"]
    assert subprocess.run(check, cwd=copy, capture_output=True, text=True, check=False).stderr == ""
    listed = {line.split("  ")[1] for line in (copy / "manifest-sha512.txt").read_text().split("\n") if line}
    assert listed == {file.name for file in copy.iterdir()} - {"manifest-sha512.txt"}
    (copy / "terms.txt").write_text("Do as you like.")
    assert subprocess.run(check, cwd=copy, capture_output=True, check=False).returncode == 1
    terms = site.page("data/terms.txt")
    assert "For research." in terms and "Without their text:\n- Wire A\n" in terms and "Left out:\n- Wire B\n" in terms
    assert json.loads(site.page("data/datapackage.json"))["licenses"] == [{"path": "terms.txt", "title": "For research."}]


def test_a_checksum_list_that_was_lost_comes_back(site: Archive) -> None:
    before = site.published()
    (site.folder / "public/data/manifest-sha512.txt").unlink()
    assert site.build().code == 0
    assert site.published() == before


def test_lists_lead_to_the_data(site: Archive) -> None:
    for page in ("2024/05/01/index.html", "agencies/wire-a/index.html", "tags/index.html"):
        assert f'href="{"../" * page.count("/")}data.html"' in site.page(page)
    assert 'href="../data/2024.csv.gz"' in site.page("2024/index.html")


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_it_is_imported_again(site: Archive, tmp_path: Path, form: str) -> None:
    copy = archive(tmp_path / "copy", {})
    assert copy.run("import", str(site.folder / f"public/data/2024.{form}.gz")).code == 0
    assert copy.build().code == 0
    assert "<em>Words</em> of 渡輪." in copy.page("2024/03/01/own.html")


def test_a_change_equals_a_clean_build(site: Archive, tmp_path: Path) -> None:
    site.write(
        {
            "site.yml": DATA.replace("Wire A: {data: metadata}", "Wire A: {data: full}"),
            "content/own.md": story("Ours, first", "2024-03-01", "Other words.", source="The Kite"),
        }
    )
    assert site.build().code == 0
    own, wire = _records(site, "2024")
    assert (own["body"], wire["body"]) == ("Other words.\n", "Wire words.\n")
    before = site.published()
    assert site.build("--clean", "--output", str(tmp_path / "clean")).code == 0
    assert before == Archive(tmp_path).published("clean")


def test_without_the_setting_there_is_none_and_with_it_gone_it_goes(tmp_path: Path) -> None:
    built = archive(tmp_path, {"site.yml": f"{SITE}data: full\n", "content/a.md": story()})
    assert built.build().code == 0
    assert "data/manifest-sha512.txt" in built.published()
    assert built.write({"site.yml": SITE}).build().code == 0
    assert built.run("verify").out == ""
    assert not [path for path in built.published() if path.startswith("data")]
    assert "data.html" not in built.page("index.html")


def test_another_level_is_named_at_its_line(tmp_path: Path) -> None:
    built = archive(tmp_path, {"site.yml": f"{SITE}agencies:\n  Wire A:\n    data: some\n"})
    run = built.build()
    assert run.code == 2
    assert "site.yml:6:" in run.err and "must be full or metadata or none" in run.err
