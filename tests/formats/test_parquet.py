"""Parquet: typed columns that programs of statistics read, in groups that are read one by one."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from builder.articles.columns import RECORD_COLUMNS
from tests.sites import Archive, archive, story


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    files = {
        "content/a.md": story(
            "Ships",
            "2024-05-01 09:30",
            "*Ships*, 渡輪.",
            tags="[harbour, 渡輪]",
            images="[{src: 'https://wire.example/a.jpg', alt: A ship}]",
        ),
        "content/b.md": story("A month", "1998-03", "Old."),
        "content/c.md": story("Gone", "2025-03-01", withdrawn="{date: 2025-03-02, reason: wrong}"),
    }
    built = archive(tmp_path_factory.mktemp("parquet") / "site", files)
    assert built.build().code == 0
    return built


def test_rows_have_types_and_meanings(site: Archive, tmp_path: Path) -> None:
    run = site.run("export", str(tmp_path / "out.parquet"), "--format", "parquet")
    assert (run.code, run.err) == (0, "")
    table = parquet.read_table(tmp_path / "out.parquet")
    month, ships, gone = table.to_pylist()
    assert (month["date"], month["timestamp"]) == ("1998-03", datetime(1998, 2, 28, 16, tzinfo=UTC))
    assert (month["tags"], month["withdrawn"], month["draft"], month["summary"]) == ([], None, False, None)
    assert (ships["date"], ships["timestamp"]) == ("2024-05-01T09:30:00+08:00", datetime(2024, 5, 1, 1, 30, tzinfo=UTC))
    assert (ships["tags"], ships["body"]) == (["harbour", "渡輪"], "*Ships*, 渡輪.\n")
    assert ships["images"] == [{"src": "https://wire.example/a.jpg", "alt": "A ship", "caption": None, "credit": None}]
    assert gone["withdrawn"] == {"date": "2025-03-02", "reason": "wrong"}
    assert table.schema.names == [*(column.name for column in RECORD_COLUMNS), "timestamp"]
    assert table.schema.field("tags").type == pyarrow.list_(pyarrow.string())
    for column in RECORD_COLUMNS:
        assert table.schema.field(column.name).metadata[b"description"].decode() == column.description


def test_a_file_is_made_of_groups(site: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.formats.parquet.GROUP_ROWS", 2)
    assert site.run("export", str(tmp_path / "out.parquet"), "--format", "parquet").code == 0
    with parquet.ParquetFile(tmp_path / "out.parquet") as file:
        assert [file.metadata.row_group(number).num_rows for number in range(file.num_row_groups)] == [2, 1]
    monkeypatch.setattr("builder.formats.parquet.GROUP_CHARACTERS", 1)
    assert site.run("export", str(tmp_path / "each.parquet"), "--format", "parquet").code == 0
    with parquet.ParquetFile(tmp_path / "each.parquet") as file:
        assert file.num_row_groups == 3


def test_a_search_that_finds_nothing_makes_a_file_without_rows(site: Archive, tmp_path: Path) -> None:
    assert site.run("export", str(tmp_path / "out.parquet"), "--format", "parquet", "--query", "nothing").code == 0
    assert parquet.read_table(tmp_path / "out.parquet").num_rows == 0


def test_without_pyarrow_it_says_what_to_install(site: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    run = site.run("export", str(tmp_path / "out.parquet"), "--format", "parquet")
    assert (run.code, run.err) == (2, "--format parquet needs pyarrow: pip install 'morgue[parquet]'\n")
    assert list(tmp_path.iterdir()) == []
