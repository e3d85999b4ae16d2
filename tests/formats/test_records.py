from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from tests.pictures import picture
from tests.sites import Archive, archive, story


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    made = archive(
        tmp_path / "site",
        {
            "content/a.md": story(
                '"Ships: \\"three\\" of them"', "2024-05-01 09:30", "*Ships*, and\n\na table.", tags="[harbour, 渡輪]", agency="[HW, MPA]", byline="[Ada Lee]",
                source="The Lantern", images="[{src: ship.jpg, alt: A ship, caption: 'Three, in a row', credit: A. Lee}]",
            ),
            "content/ship.jpg": picture(),
            "content/b.md": story("渡輪復航", "2025-02-12", "渡輪今日復航。", language="zh-Hant"),
            "content/d.md": story("Not yet", "2025-02-13", "Hidden.", draft="true"),
            "content/w.md": story("Gone", "2025-03-01", "Taken back.", withdrawn="{date: 2025-03-02, reason: wrong}"),
        },
    )  # fmt: skip
    assert made.build().code == 0
    return made


def exported(site: Archive, form: str, *arguments: str) -> bytes:
    file = site.folder.parent / f"out.{form}"
    run = site.run("export", str(file), "--format", form, *arguments)
    assert (run.code, run.err) == (0, "")
    return file.read_bytes()


def test_json_lines_have_every_field_and_the_markdown(site: Archive) -> None:
    first, second, third = map(json.loads, exported(site, "jsonl").splitlines())
    assert first == {
        "url": "https://lantern.example/2024/05/01/a.html", "title": 'Ships: "three" of them', "date": "2024-05-01T09:30:00+08:00",
        "source": "The Lantern", "agency": ["HW", "MPA"], "byline": ["Ada Lee"], "slug": "a", "tags": ["harbour", "渡輪"], "language": "en",
        "images": [{"src": first["images"][0]["src"], "alt": "A ship", "caption": "Three, in a row", "credit": "A. Lee"}],
        "id": first["id"], "body": "*Ships*, and\n\na table.\n",
    }  # fmt: skip
    assert first["images"][0]["src"].startswith("https://lantern.example/media/")
    assert (second["title"], third["withdrawn"]) == ("渡輪復航", {"date": "2025-03-02", "reason": "wrong"})


def test_csv_is_read_back(site: Archive) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(site, "csv").decode(), newline="")))
    assert [row["title"] for row in rows] == ['Ships: "three" of them', "渡輪復航", "Gone"]
    assert rows[0]["tags"] == "harbour; 渡輪"
    assert rows[0]["body"] == "*Ships*, and\n\na table.\n"
    assert json.loads(rows[0]["images"])[0]["caption"] == "Three, in a row"


def test_reference_managers_get_their_forms(site: Archive) -> None:
    assert exported(site, "bibtex").count(b"@article{") == 3
    assert exported(site, "ris").count(b"TY  - NEWS\r\n") == 3
    first = json.loads(exported(site, "csl"))[0]
    assert (first["author"], first["issued"]) == ([{"literal": "Ada Lee"}], {"date-parts": [[2024, 5, 1]]})


def test_markdown_is_the_files_as_they_are(site: Archive) -> None:
    run = site.run("export", str(site.folder.parent / "md"), "--format", "markdown", "--until", "2024")
    assert run.code == 0
    found = {file.name: file.read_bytes() for file in (site.folder.parent / "md").rglob("*.*")}
    assert found == {name: (site.folder / "content" / name).read_bytes() for name in ("a.md", "ship.jpg")}


@pytest.mark.parametrize(
    ("arguments", "titles"),
    [
        (["--query", "今日復航"], ["渡輪復航"]),
        (["--query", "ships OR 復航"], ['Ships: "three" of them', "渡輪復航"]),
        (["--query", "tag:harbour -復航"], ['Ships: "three" of them']),
        (["--since", "2025-02-12", "--until", "2025-02"], ["渡輪復航"]),
        (["--query", "nothing"], []),
    ],
)
def test_a_search_or_a_period_chooses(site: Archive, arguments: list[str], titles: list[str]) -> None:
    lines = exported(site, "jsonl", *arguments).splitlines()
    assert [json.loads(line)["title"] for line in lines] == [
        title for title in ('Ships: "three" of them', "渡輪復航") if title in titles
    ]


def test_the_site_as_wacz(site: Archive) -> None:
    assert exported(site, "wacz")[:2] == b"PK"
    run = site.run("export", str(site.folder.parent / "x.wacz"), "--format", "wacz", "--query", "ships")
    assert (run.code, "takes no --query" in run.err) == (2, True)


def test_nothing_is_written_over(site: Archive) -> None:
    run = site.run("export", str(site.folder / "content/a.md"))
    assert (run.code, "is there already" in run.err) == (2, True)


def test_what_the_last_build_does_not_know_is_no_traceback(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story()})
    run = site.run("export", str(tmp_path / "a.csv"))
    assert (run.code, "was never built here; run morgue build first" in run.err) == (2, True)
    site.build()
    site.write({"content/b.md": story("Two")})
    for form in ("csv", "jsonl", "ninjs"):
        run = site.run("export", str(tmp_path / "a"), "--format", form)
        assert (run.code, run.err) == (2, "content/b.md: the last build does not know it as it is now; run morgue build first\n")
    assert not (tmp_path / "a").exists()
    site.build()
    assert site.run("export", str(tmp_path / "a.csv")).code == 0
