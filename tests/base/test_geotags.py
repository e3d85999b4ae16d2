"""The position goes out of what is published, and nothing else does."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from builder.base.geotags import without_position
from builder.base.picture_headers import tells_position
from tests.pictures import GPS, encoded, exif, photo
from tests.sites import SITE, archive, story

SMALL = Image.new("RGB", (30, 20), "navy")
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description dc:creator="Ana Bell" exif:GPSLatitude="22,17.1N" '
    b"exif:GPSLongitude='114,10.1E'><exif:GPSAltitude>12/1</exif:GPSAltitude><dc:rights>All hers</dc:rights></rdf:Description></x:xmpmeta>"
)
CREDIT = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0e\x1c\x02\x50\0\x08Ana Bell\0"


def with_credit(data: bytes) -> bytes:
    """The JPEG file `data` with a credit (IPTC) before all else."""
    return data[:2] + b"\xff\xed" + struct.pack(">H", len(CREDIT) + 2) + CREDIT + data[2:]


def big_endian() -> bytes:
    """EXIF as cameras of the other byte order write it: a name, a position."""
    entries = struct.pack(">HHII", 0x0112, 3, 1, 6 << 16) + struct.pack(">HHII", GPS, 4, 1, 38)
    values = struct.pack(">HHI4s", 1, 2, 2, b"N\0\0\0") + struct.pack(">HHII", 2, 5, 3, 68)
    place = struct.pack(">6I", 22, 1, 17, 1, 7, 1)
    return (
        b"Exif\0\0MM\0\x2a\0\0\0\x08" + struct.pack(">H", 2) + entries + bytes(4) + struct.pack(">H", 2) + values + bytes(4) + place
    )


FILES = {
    "little.jpg": with_credit(encoded(SMALL, exif=exif(6, position=True))),
    "big.jpg": with_credit(encoded(SMALL, exif=big_endian())),
    "xmp.jpg": with_credit(encoded(SMALL, exif=exif(6), xmp=XMP)),
    "both.jpg": encoded(SMALL, exif=exif(6, position=True), xmp=XMP),
    "p.png": encoded(SMALL, "PNG", exif=exif(1, position=True)),
    "p.webp": encoded(SMALL, "WEBP", exif=exif(1, position=True), xmp=XMP),
    "p.avif": encoded(SMALL, "AVIF", exif=exif(1, position=True)),
}


@pytest.mark.parametrize("name", FILES)
def test_the_position_goes_and_all_else_stays_byte_for_byte(name: str) -> None:
    data = FILES[name]
    assert tells_position(data)
    clean = without_position(data)
    assert not tells_position(clean)
    assert len(clean) == len(data)
    assert without_position(clean) == clean
    with Image.open(BytesIO(data)) as before, Image.open(BytesIO(clean)) as after:
        assert before.tobytes() == after.tobytes()
        old, new = before.getexif(), after.getexif()
        assert {tag: value for tag, value in old.items() if tag != GPS} == dict(new.items())
        assert GPS not in new
    assert (b"Ana Bell" in data) == (b"Ana Bell" in clean)
    assert (CREDIT in data) == (CREDIT in clean)
    assert b"22,17.1N" not in clean
    assert b"114,10.1E" not in clean
    for numbers in (struct.pack("<6I", 22, 1, 17, 1, 15, 2), struct.pack(">6I", 22, 1, 17, 1, 7, 1)):
        assert numbers not in clean, "nor where nothing points to it"


def test_a_picture_without_a_position_stays_as_it_is() -> None:
    for data in (
        encoded(SMALL, exif=exif(6)),
        encoded(SMALL, "PNG"),
        b"",
        b"II*\0",
        b"MM\0*" + b"\xff" * 50,
        b"II*\0\x08\0\0\0\xff\xff",
    ):
        assert without_position(data) == data


def test_what_is_published_has_no_position_if_the_site_says_so(tmp_path: Path) -> None:
    heavy = encoded(photo(900, 600), quality=95, exif=exif(1, position=True), xmp=XMP)
    plain = encoded(SMALL, exif=exif(6))
    names = [*FILES, "heavy.jpg", "plain.jpg"]
    files = {**FILES, "heavy.jpg": heavy, "plain.jpg": plain}
    body = "\n\n".join(f"![x]({name})" for name in names) + "\n\n[The pier](p.png)"
    site = archive(tmp_path, {"content/a.md": story(body=body), **{f"content/{name}": data for name, data in files.items()}})
    run = site.build()
    assert run.err.count("tells where it was taken") == len(files) - 1
    assert "strip_location: true" in run.err
    assert sum(map(tells_position, media(site.published()))) == len(files) - 1
    site.write({"site.yml": SITE + "pictures: {strip_location: true}\n"})
    run = site.build()
    assert (run.code, run.err) == (0, "")
    published = media(site.published())
    assert len(published) == len(files) + 1
    assert not any(map(tells_position, published))
    assert plain in published
    assert site.page("2025/02/12/a.html").count("-without-position") >= len(files) - 1
    assert (tmp_path / "content/heavy.jpg").read_bytes() == heavy
    incremental = site.published()
    assert site.build("--clean").code == 0
    assert site.published() == incremental


def media(published: dict[str, bytes]) -> list[bytes]:
    return [data for path, data in published.items() if path.startswith("media/")]


def test_a_position_that_cannot_be_taken_out_is_not_published(tmp_path: Path) -> None:
    packed = PngImagePlugin.PngInfo()
    packed.add_itxt("XML:com.adobe.xmp", XMP.decode(), zip=True)
    setting = SITE + "pictures: {strip_location: true}\n"
    files: dict[str, str | bytes] = {
        "content/a.md": story(body="![x](p.png)"),
        "content/p.png": encoded(SMALL, "PNG", pnginfo=packed),
        "site.yml": setting,
    }
    site = archive(tmp_path, files)
    assert "cannot be taken out here" in site.build().err
    assert media(site.published()) == []
