"""A name is found in whatever packs it, and what cannot be looked into is named."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from builder.export.name_scan import NameScan

NAME = "José Núñez"
TEXT = f"by {NAME}, staff".encode()


def database(folder: Path) -> bytes:
    connection = sqlite3.connect(folder / "x.sqlite")
    connection.execute("CREATE TABLE notes (id INTEGER, text TEXT, packed BLOB)")
    connection.execute("INSERT INTO notes VALUES (1, 'nobody', ?)", (zlib.compress(TEXT),))
    connection.commit()
    connection.close()
    data = (folder / "x.sqlite").read_bytes()
    (folder / "x.sqlite").unlink()
    return data


def zipped(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return target.getvalue()


def tarred(name: str, data: bytes) -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, name
        tar.addfile(link)
        entry = tarfile.TarInfo(name)
        entry.size = len(data)
        tar.addfile(entry, io.BytesIO(data))
    return target.getvalue()


def parquet(_folder: Path) -> bytes:
    import pyarrow
    from pyarrow import parquet as files

    target = io.BytesIO()
    rows = [{"title": f"Story {number}", "byline": [NAME if number == 7 else "nobody"]} for number in range(20)]
    files.write_table(pyarrow.Table.from_pylist(rows), target, compression="zstd")
    return target.getvalue()


def pdf(text: bytes) -> bytes:
    packed = zlib.compress(b"BT /F1 12 Tf " + text + b" ET")
    return b"%PDF-1.4\n1 0 obj <</Length 1 /Filter /FlateDecode>>\nstream\n" + packed + b"\nendstream endobj\n%%EOF\n"


def pdf_with_fonts() -> bytes:
    """A PDF as browsers print it: each letter in hexadecimal, by the numbers of a font of its own, at a place of its own."""
    letters = list(dict.fromkeys(NAME))
    mapping = "".join(f"<{number:04X}> <{ord(letter):04X}>\n" for number, letter in enumerate(letters, 3))
    cmap = zlib.compress(
        f"begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange {len(letters)} beginbfchar\n{mapping}endbfchar endcmap".encode()
    )
    shown = "".join(f"<{letters.index(letter) + 3:04X}> Tj 7 0 Td " for letter in NAME)
    text = zlib.compress(f"BT /F1 12 Tf 9 9 Td {shown}ET".encode())
    objects = [
        b"<</Type /Catalog /Pages 2 0 R>>", b"<</Type /Pages /Kids [3 0 R] /Count 1>>",
        b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources <</Font <</F1 5 0 R>>>>>>",
        b"<</Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (len(text), text),
        b"<</Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /ToUnicode 6 0 R /DescendantFonts [7 0 R]>>",
        b"<</Filter /FlateDecode /Length %d>>\nstream\n%b\nendstream" % (len(cmap), cmap),
        b"<</Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo <</Registry (A) /Ordering (I) /Supplement 0>> /DW 583>>",
    ]  # fmt: skip
    data, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(data))
        data += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    return data + head + table + b"trailer <</Size %d /Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(data))


def png(kind: bytes, text: bytes) -> bytes:
    chunk = kind + text
    return b"\x89PNG\r\n\x1a\n" + len(text).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")


CASES: dict[str, tuple[str, Callable[[Path], bytes], str]] = {
    "gzip": ("a.gz", lambda _: gzip.compress(TEXT), ""),
    "bzip2": ("a.bz2", lambda _: bz2.compress(TEXT), ""),
    "xz": ("a.xz", lambda _: lzma.compress(TEXT), ""),
    "tar in gzip": ("a.tgz", lambda _: gzip.compress(tarred("note.txt", TEXT)), ": note.txt"),
    "database": ("a.db", database, ": notes"),
    "database in zip": ("a.zip", lambda folder: zipped("in.db", database(folder)), ": in.db: notes"),
    "database in tar": ("a.tar", lambda folder: tarred("in.db", database(folder)), ": in.db: notes"),
    "office": ("a.docx", lambda _: zipped("word/document.xml", "<w:t>José</w:t> <w:t>Núñez</w:t>".encode()), ": word/document.xml"),
    "parquet": ("a.parquet", parquet, ": byline"),
    "parquet in zip": ("p.zip", lambda folder: zipped("in.parquet", parquet(folder)), ": in.parquet: byline"),
    "PDF": ("a.pdf", lambda _: pdf("(Jos\\351 N\\372\\361ez) Tj".encode("latin-1")), " (its text)"),
    "PDF with kerning": ("k.pdf", lambda _: pdf("[(J) 20 (osé) -250 (Nú) 5 (ñez)] TJ".encode("cp1252")), " (its text)"),
    "PDF with a font of its own": ("f.pdf", lambda _: pdf_with_fonts(), " (its text)"),
    "PDF's author": ("i.pdf", lambda _: b"%PDF-1.4\n<</Author (\xfe\xff" + NAME.encode("utf-16-be") + b")>>\n", " (its text)"),
    "PNG, zTXt": ("z.png", lambda _: png(b"zTXt", b"Author\0\0" + zlib.compress(NAME.encode("latin-1"))), " (its text)"),
    "PNG, iTXt": ("i.png", lambda _: png(b"iTXt", b"XML\0\1\0\0\0" + zlib.compress(b"<x>" + TEXT + b"</x>")), " (its text)"),
    "JPEG, XMP": ("x.jpg", lambda _: b"\xff\xd8\xff\xe1http://ns.adobe.com/xap/1.0/\0<rdf:li>" + TEXT + b"</rdf:li>", ""),
    "JPEG, EXIF in capitals": ("e.jpg", lambda _: b"\xff\xd8\xff\xe1Exif\0\0" + NAME.upper().encode("utf-16-le"), ""),
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("max_whole", [1 << 26, 30])
def test_a_name_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, case: str, max_whole: int) -> None:
    monkeypatch.setattr("builder.export.name_scan.MAX_WHOLE", max_whole)
    file, data, place = CASES[case]
    (tmp_path / "static").mkdir()
    content = data(tmp_path)
    (tmp_path / "static" / file).write_bytes(content)
    scan = NameScan(NAME)
    places = list(scan.occurrences(tmp_path, tmp_path / "public"))
    assert f"static/{file}{place}" in places, places
    assert not scan.unread or (case.startswith("PDF") and case != "PDF with a font of its own")
    assert not list(NameScan("Josefa Núñez").occurrences(tmp_path, tmp_path / "public"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"7z\xbc\xaf\x27\x1c packed", "is packed by 7-Zip"),
        (zipped("a", b"x" * 99)[:60], "is damaged or encrypted"),
        (gzip.compress(b"x" * 9999)[:40], "is damaged or encrypted"),
        (b"%PDF-1.4\ntrailer <</Encrypt 5 0 R>>", "is encrypted"),
        (b"SQLite format 3\0" + b"x" * 99, "is damaged or encrypted"),
        (b"BZh9 is no such thing, it only begins so", "is damaged"),
        (b"%PDF-1.4\nnothing \\8 (\\8)", "is a PDF that cannot be read to its end"),
        (b"PAR1" + b"x" * 99, "is damaged"),
    ],
    ids=["7-Zip", "zip", "gzip", "PDF", "SQLite", "bzip2", "PDF damaged", "Parquet"],  # the bytes of some have the time in them
)
def test_what_cannot_be_looked_into_is_named(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "file").write_bytes(data)
    scan = NameScan(NAME)
    assert not list(scan.occurrences(tmp_path, tmp_path / "public"))
    assert said in scan.unread["file"]
