from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builder.base.problems import ConfigError
from builder.formats.fixity import Difference, checksum_of, differences, manifest_lines, parse_manifest, regular_files

NAMES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/\0"), min_size=1, max_size=30)


def checksums_of(folder: Path) -> dict[str, str]:
    return {path: checksum_of(io.BytesIO((folder / path).read_bytes())) for path in regular_files(folder)}


@given(st.dictionaries(NAMES, st.sampled_from(["0" * 128, "ab" * 64])))
def test_a_manifest_is_read_as_it_was_written(checksums: dict[str, str]) -> None:
    text = "".join(manifest_lines(checksums))
    assert parse_manifest(text) == checksums


def test_sha512sum_takes_the_manifest(tmp_path: Path) -> None:
    for name, text in {"a.html": "One", "with space.txt": "", "新聞.html": "聞", "back\\slash": "x", "two\nlines": "y"}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    manifest = "".join(manifest_lines(checksums_of(tmp_path)))
    run = subprocess.run(
        ["sha512sum", "--check", "--strict", "-"], input=manifest, text=True, cwd=tmp_path, capture_output=True, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.count(": OK") == 5


@pytest.mark.parametrize("line", ["", "nonsense", "ab  short.html", f"{'a' * 128}"])
def test_a_damaged_manifest_is_refused_with_its_line(line: str) -> None:
    good = f"{'a' * 128}  x.html\n"
    if line:
        with pytest.raises(ConfigError, match=r"manifest-sha512\.txt:2:1: error"):
            parse_manifest(f"{good}{line}\n")
    else:
        assert parse_manifest(f"{good}\n") == {"x.html": "a" * 128}


def test_what_changed_vanished_or_came_is_named(tmp_path: Path) -> None:
    for name in ("same", "changed", "missing", "sub/changed"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(b"text" * 1000)
    checksums = checksums_of(tmp_path)
    for name in ("changed", "sub/changed"):
        data = bytearray((tmp_path / name).read_bytes())
        data[1999] ^= 1
        (tmp_path / name).write_bytes(data)
    (tmp_path / "missing").unlink()
    (tmp_path / "new").write_text("")
    assert [*differences(tmp_path, checksums, regular_files(tmp_path))] == [
        Difference("changed", "changed"), Difference("missing", "missing"), Difference("new", "new"), Difference("sub/changed", "changed"),
    ]  # fmt: skip
