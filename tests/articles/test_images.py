"""Pictures of articles: each is published, or named with what is wrong with it."""

from __future__ import annotations

import json
import re
import unicodedata
import zlib
from pathlib import Path

import pytest
from PIL import Image

from builder.articles import images
from builder.base.picture_headers import PictureHeader
from tests.pictures import encoded, exif, photo, picture
from tests.sites import Archive, archive, story

SMALL = Image.new("RGB", (30, 20), "navy")


@pytest.mark.parametrize(
    ("links", "message"),
    [({}, "is not there; put the file beside the article"), ({"p.jpg": "q.jpg", "q.jpg": "p.jpg"}, "cannot be read: ")],
)
def test_what_cannot_be_read_is_told_from_what_is_not_there(tmp_path: Path, links: dict[str, str], message: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(body="![A pier](p.jpg)")})
    for name, target in links.items():
        (tmp_path / "content" / name).symlink_to(target)
    run = site.build("--keep-going")
    assert f"p.jpg {message}" in run.err or f'"p.jpg" {message}' in run.err, run.err


def _json_ld(site: Archive, page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', site.page(page), re.DOTALL)
    assert found is not None
    data: dict[str, object] = json.loads(found[1])
    return data


def test_pages_and_their_data_tell_how_large_each_picture_is(tmp_path: Path) -> None:
    front = (
        "\n- {src: pier.jpg, alt: A pier, credit: Ana Bell}\n- {src: 'https://other.example/x.jpg', alt: Another, credit: Bo Lam}"
    )
    site = archive(
        tmp_path,
        {
            "content/a.md": story(images=front, body="![Cranes](cranes.png)"),
            "content/b.md": story("Another", body="Words."),
            "content/pier.jpg": encoded(SMALL, exif=exif(orientation=6)),
            "content/cranes.png": picture(40, 10, "PNG"),
        },
    )
    assert site.build().err == ""
    page = site.page("2025/02/12/a.html")
    assert re.search(r'<img src="\.\./[^"]*\.jpg" alt="A pier" width="20" height="30"', page), "a camera held upright"
    assert re.search(r'<img [^>]*src="\.\./[^"]*\.png" width="40" height="10"', page)
    assert '<img src="https://other.example/x.jpg" alt="Another" referrer' in page
    images = _json_ld(site, "2025/02/12/a.html")["image"]
    assert isinstance(images, list)
    sizes = [[image.get(name, {}).get("value") for name in ("width", "height")] for image in images]
    assert sizes == [[20, 30], [None, None]]
    assert images[0]["width"] == {"@type": "QuantitativeValue", "value": 20, "unitCode": "E37"}
    for listing in ("index.html", "2025/02/12/index.html"):
        for tag in re.findall(r"<img [^>]*media/[^>]*>", site.page(listing)):
            assert 'width="20" height="30"' in tag
    assert 'width="20" height="30"' in site.page("index.html")
    site.write({"content/pier.jpg": picture(50, 25)})
    site.build()
    assert 'alt="A pier" width="50" height="25"' in site.page("2025/02/12/a.html")
    assert 'width="50" height="25"' in site.page("index.html")


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ('width="300"', 'width="300" height="200"'),
        ('height="100"', 'width="150" height="100"'),
        ('width="7" height="9"', 'width="7" height="9"'),
        ('width="50%"', 'width="30" height="20"'),
        ("", 'width="30" height="20"'),
    ],
)
def test_dimensions_that_an_article_gives_stand_and_the_other_follows(tmp_path: Path, given: str, expected: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(body=f'<img src="p.jpg" {given} alt="x">'), "content/p.jpg": picture()})
    assert site.build().err == ""
    [tag] = re.findall("<img[^>]*media[^>]*>", site.page("2025/02/12/a.html"))
    assert expected in tag
    assert tag.count("width=") == tag.count("height=") == 1


WHOLE = {
    kind: encoded(Image.effect_noise((64, 64), 60).convert("P" if kind == "GIF" else "RGB"), kind)
    for kind in ("JPEG", "PNG", "GIF", "WEBP")
}
BOMB = b"IHDR\0\0\xff\xff\0\0\xff\xff\x08\x02\0\0\0"
UNREADABLE = {
    "words.jpg": b"These are words, and no picture.",
    "empty.png": b"",
    "drawing.png": b'<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>',
    "scan.jpg": encoded(SMALL, "TIFF"),
    "head.jpg": WHOLE["JPEG"][:60],
    "half.webp": WHOLE["WEBP"][:300],
    "bomb.png": b"\x89PNG\r\n\x1a\n\0\0\0\r" + BOMB + zlib.crc32(BOMB).to_bytes(4, "big") + WHOLE["PNG"][33:],
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_is_no_picture_is_left_out_and_named(tmp_path: Path, name: str) -> None:
    site = archive(tmp_path, {"content/a.md": story(body=f"Words.\n\n![A pier]({name})"), f"content/{name}": UNREADABLE[name]})
    run = site.build()
    assert run.code == 0
    expected = {"empty.png": "is empty", "bomb.png": "unpacks to 4,295 megapixels"}.get(name, "")
    assert re.search(
        rf"content/a\.md:7:\d+: warning: the picture {re.escape(name)} ({expected or 'is no picture|cannot be read'})", run.err
    )
    assert "is not there" not in run.err
    assert "<img" not in site.page("2025/02/12/a.html")
    assert not any(path.startswith("media/") for path in site.published())
    assert site.build().err == run.err, "said each time, though the article is not read again"
    assert site.run("check").out.splitlines()[:1] == run.err.splitlines()[:1]
    site.write({f"content/{name}": WHOLE["PNG" if name.endswith("png") else "JPEG"]})
    assert "without it" not in site.build().err
    assert "<img" in site.page("2025/02/12/a.html")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF"])
def test_a_picture_that_is_cut_short_is_named_and_published_as_far_as_it_goes(tmp_path: Path, kind: str) -> None:
    name, data = f"p.{kind.lower()}", WHOLE[kind]
    site = archive(tmp_path, {"content/a.md": story(body=f"![A pier]({name})"), f"content/{name}": data[: len(data) * 3 // 4]})
    assert f"the picture {name} is cut short" in site.build().err
    assert 'width="64" height="64"' in site.page("2025/02/12/a.html")
    site.write({f"content/{name}": data})
    assert site.build().err == ""


def damaged(kind: str, data: bytes) -> bytes:
    """A picture with its header and its end, and other bytes in between."""
    middle = len(data) // 2
    junk = b"\xff\xc0\0\x0b\x08\0\x10\0\x10\x01\x01\x11\0" if kind == "JPEG" else b"\xff\xfe" * 200  # a second frame
    return data[:middle] + junk + data[middle + len(junk) :]


def test_a_picture_that_cannot_be_decoded_is_named_and_has_no_smaller_version(tmp_path: Path) -> None:
    options: dict[str, dict[str, int]] = {"JPEG": {"quality": 95}, "PNG": {}, "GIF": {}, "WEBP": {"lossless": 1}}
    sound = {
        f"content/p.{kind.lower()}": encoded(photo(560, 400, "P" if kind == "GIF" else "RGB"), kind, **more)
        for kind, more in options.items()
    }
    broken = {path: damaged(path.rpartition(".")[2].upper(), data) for path, data in sound.items()}
    body = "\n".join(f"![A pier]({path.removeprefix('content/')})" for path in sound)
    site = archive(tmp_path, {"content/a.md": story(body=body), **broken})
    run = site.build()
    for line, path in enumerate(sound, start=5):
        name = path.removeprefix("content/")
        assert f"content/a.md:{line}:11: warning: the picture {name} is damaged: not all of it can be decoded" in run.err
    media = {path: content for path, content in site.published().items() if path.startswith("media/")}
    assert sorted(media.values()) == sorted(broken.values()), "the files are published as they are, and nothing in their name"
    assert "srcset" not in site.page("2025/02/12/a.html")
    assert site.run("check").out.count(" is damaged") == 4
    assert site.write({**sound}).build().err == ""
    assert site.page("2025/02/12/a.html").count("srcset") == 4


def test_a_picture_whose_smaller_version_is_known_is_not_decoded_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    decoded: list[str] = []

    def note(file: Path, _: PictureHeader) -> bool:
        decoded.append(file.name)
        return False

    monkeypatch.setattr(images, "is_damaged", note)
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body="![x](p.jpg)"),
            "content/p.jpg": encoded(photo(560, 400), quality=95),
            "content/q.png": WHOLE["PNG"],
        },
    )
    site.build()
    site.write({"content/a.md": story(body="Edited. ![x](p.jpg) ![x](q.png)")})
    site.build()
    assert decoded == ["p.jpg", "q.png"]
    assert "srcset" in site.page("2025/02/12/a.html")
    site.write({"content/p.jpg": encoded(photo(600, 400), quality=95)})
    site.build()
    assert decoded[2:] == ["p.jpg"], "other bytes are another picture"


def test_a_wrong_checksum_counts_where_browsers_look_at_it(tmp_path: Path) -> None:
    text = b"tEXtTitle\0A pier"
    note = (len(text) - 4).to_bytes(4, "big") + text + b"\0\0\0\0"
    data = WHOLE["PNG"]
    files = {"note.png": data[:-12] + note + data[-12:], "size.png": data[:-16] + bytes(4) + data[-12:]}
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body=" ".join(f"![x]({name})" for name in files)),
            **{f"content/{name}": content for name, content in files.items()},
        },
    )
    [line] = [line for line in site.build().err.splitlines() if "warning" in line]
    assert "the picture size.png is damaged" in line


def test_a_preview_among_the_metadata_does_not_hide_that_a_photo_is_cut_short(tmp_path: Path) -> None:
    data = b"\xff\xd8\xff\xe5" + (len(WHOLE["JPEG"]) + 2).to_bytes(2, "big") + WHOLE["JPEG"] + WHOLE["JPEG"][2:]
    site = archive(tmp_path, {"content/a.md": story(body="![A pier](p.jpg)"), "content/p.jpg": data[:-900]})
    assert "is cut short" in site.build().err
    site.write({"content/p.jpg": data + b"what a telephone writes behind"})
    assert site.build().err == ""


def test_a_picture_is_published_as_what_it_is_whatever_its_name_says(tmp_path: Path) -> None:
    files = {"a.jpg": "PNG", "b.png": "WEBP", "c.jpeg": "JPEG", "d.webp": "GIF"}
    body = "\n\n".join(f"![x]({name})" for name in files)
    site = archive(tmp_path, {"content/a.md": story(body=body), **{f"content/{name}": WHOLE[kind] for name, kind in files.items()}})
    run = site.build()
    assert "a.jpg is a PNG file by its content and is published as .png; rename it" in run.err
    assert "b.png is a WEBP file" in run.err
    assert "d.webp is a GIF file" in run.err
    assert "c.jpeg" not in run.err
    assert sorted(path.rpartition(".")[2] for path in site.published() if path.startswith("media/")) == [
        "gif",
        "jpeg",
        "png",
        "webp",
    ]


def test_large_pictures_and_those_that_tell_a_place_are_named(tmp_path: Path) -> None:
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:Description exif:GPSLatitude="22,17.1N"/></x:xmpmeta>'
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body="![x](heavy.jpg) ![x](wide.png) ![x](here.jpg) ![x](there.png) ![x](plain.jpg)"),
            "content/heavy.jpg": WHOLE["JPEG"] + b"\0" * 9_000_000,
            "content/wide.png": encoded(Image.new("1", (10_000, 6_000)), "PNG"),
            "content/here.jpg": encoded(SMALL, exif=exif(position=True)),
            "content/there.png": encoded(SMALL, "WEBP", xmp=xmp),
            "content/plain.jpg": encoded(SMALL, exif=exif()),
        },
    )
    run = site.build()
    assert "heavy.jpg is large (9 MB)" in run.err
    assert "wide.png is large (60 megapixels)" in run.err
    assert "here.jpg tells where it was taken (a GPS position)" in run.err
    assert "there.png tells where it was taken" in run.err
    assert "plain.jpg" not in run.err


def test_a_name_in_another_case_or_normal_form_or_nearly_right_is_found_or_proposed(tmp_path: Path) -> None:
    nfd = unicodedata.normalize("NFD", "Café.jpg")
    site = archive(
        tmp_path,
        {
            "content/a.md": story(body="![x](pier.jpg) ![x](cafe\u0301.jpg) ![x](photos/harbor.png) ![x](IMG_12.jpg)"),
            "content/IMG_13.jpg": picture(),
            "content/Pier.JPG": picture(),
            f"content/{nfd}": picture(),
            "content/photos/harbour.png": picture(kind="PNG"),
        },
    )
    run = site.build()
    assert 'the picture pier.jpg is not there (did you mean "Pier.JPG"?); put the file' in run.err
    assert 'is not there (did you mean "Cafe\u0301.jpg"?)' in run.err
    assert 'the picture photos/harbor.png is not there (did you mean "photos/harbour.png"?)' in run.err
    assert "the picture IMG_12.jpg is not there; put" in run.err


def test_a_picture_of_static_is_found_by_its_address_and_content_goes_before(tmp_path: Path) -> None:
    text = story(body="![a](/static/caf%C3%A9.png) ![b](/static/../site.yml) ![c](/static/later.png)", images="[/static/café.png]")
    files: dict[str, str | bytes] = {"content/a.md": text, "static/café.png": picture(kind="PNG")}
    site = archive(tmp_path, files)
    run = site.build()
    assert [name in run.err for name in ("café.png is not", "/static/../site.yml", "/static/later.png")] == [False, True, True], (
        run.err
    )
    page = site.page("2025/02/12/a.html")
    published = [path for path in site.published() if path.startswith("media/")]
    assert len(published) == 1 and page.count(f'src="../../../{published[0]}"') == 2
    site.write({"static/later.png": picture(9, 9, kind="PNG")})
    assert "later.png" not in site.build().err
    site.write({"content/static/café.png": picture(8, 8, kind="PNG")})
    site.build()
    assert published[0] not in site.published()
    (tmp_path / "content/static/café.png").unlink()
    assert site.build().code == 0 and published[0] in site.published()
    assert site.run("export", str(tmp_path / "out"), "--format", "markdown").code == 0
    assert {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*") if file.is_file()} == {
        "a.md", "static/café.png", "static/later.png",
    }  # fmt: skip
    run = site.run("remove", "content/a.md", "--reason", "other", "--yes")
    assert "static/café.png: lies in static/" in run.err and (tmp_path / "static/café.png").exists()


def test_a_picture_of_another_kind_is_not_proposed_for_itself(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {"content/a.md": story(images="[scan.tiff]"), "content/scan.tiff": b"II*\0"}
    site = archive(tmp_path, files)
    line = "the picture scan.tiff is not one of .jpg, .jpeg, .png, .gif, .webp, .avif"
    assert f"{line}; save it as one of them, and write that name; the article is shown without it" in site.run("check").out
    site.write({"content/Scan.jpg": picture()})
    assert f'{line} (did you mean "Scan.jpg"?)' in site.run("check").out
