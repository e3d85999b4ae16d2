"""Smaller versions of pictures: made where they save much, right side up, once, and named in pages alone."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageCms

from builder.base import picture_renditions
from tests.pictures import encoded, exif, photo
from tests.sites import SITE, Archive, archive, story


@lru_cache(maxsize=32)
def large(kind: str = "JPEG", mode: str = "RGB", size: tuple[int, int] = (900, 600), orientation: int = 0) -> bytes:
    options: dict[str, Any] = {"exif": exif(orientation)} if orientation else {}
    return encoded(photo(*size, mode), kind, **options, **({"quality": 95} if kind in {"JPEG", "WEBP"} else {}))


def smaller(site: Archive, output: str = "public") -> dict[int, Image.Image]:
    """The smaller versions that are published, by their widths."""
    files = {int(path.split("-")[1]): data for path, data in site.published(output).items() if re.match(r"media/\w+-\d+-", path)}
    assert all(data[:4] + data[8:12] == b"RIFFWEBP" for data in files.values())
    return {width: Image.open(BytesIO(data)) for width, data in files.items()}


def of_one(tmp_path: Path, data: bytes, name: str = "p.jpg", settings: str = "") -> Archive:
    site = archive(
        tmp_path, {"content/a.md": story(body=f"![A pier]({name})"), f"content/{name}": data, "site.yml": SITE + settings}
    )
    assert site.build().code == 0
    return site


def test_pages_offer_smaller_versions_and_lead_to_the_original(tmp_path: Path) -> None:
    lead = "[{src: p.jpg, alt: A pier, credit: Ana Bell}]"
    body = "![Again](p.jpg) and [![Linked](p.jpg)](https://other.example/)"
    site = archive(
        tmp_path,
        {"content/a.md": story(images=lead, body=body), "content/p.jpg": large(), "content/b.md": story("B", "2024-01-01")},
    )
    assert site.build().err == ""
    assert {width: image.size for width, image in smaller(site).items()} == {400: (400, 267)}
    page = site.page("2025/02/12/a.html")
    sources = re.findall(r'srcset="([^"]*)"', page)
    assert len(sources) == 3
    for source in sources:
        assert re.fullmatch(r"(\.\./){3}media/\w{20}-400-\w{8}\.webp 400w, (\.\./){3}media/\w{20}\.jpg 900w", source)
        assert (tmp_path / "public" / source.split(" ")[0].replace("../", "")).is_file()
    assert len(re.findall(r'<a class="whole" href="[^"]*\.jpg">\s*<img ', page)) == 2, "one has a link of its own"
    assert re.search(r'<a href="https://other.example/"[^>]*><img', page)
    for listing in ("index.html", "2025/02/12/index.html"):
        for tag in re.findall(r"<img [^>]*media/[^>]*>", site.page(listing)):
            assert "-400-" in tag
    assert "-400-" in site.page("index.html")
    for feed in ("feed.xml", "atom.xml", "feed.json", "feeds/2025/02.xml"):
        assert "-400-" not in site.page(feed)
        assert "srcset" not in site.page(feed)
    originals = [data for path, data in site.published().items() if re.fullmatch(r"media/\w{20}\.jpg", path)]
    assert originals == [large()]


def versions(site: Archive) -> list[Image.Image]:
    """The smallest version of each picture of the article, in the order of its text."""
    paths = re.findall(r'srcset="[./]*(media/\S+)', site.page("2025/02/12/a.html"))
    return [Image.open(BytesIO((site.folder / "public" / path).read_bytes())) for path in paths]


def of_many(tmp_path: Path, files: dict[str, bytes]) -> list[Image.Image]:
    body = "\n\n".join(f"![x]({name})" for name in files)
    site = archive(tmp_path, {"content/a.md": story(body=body), **{f"content/{name}": data for name, data in files.items()}})
    assert site.build().err == ""
    return versions(site)


def test_a_picture_stands_as_its_camera_was_held(tmp_path: Path) -> None:
    expected = {1: "tl", 2: "tr", 3: "br", 4: "bl", 5: "tl", 6: "tr", 7: "br", 8: "bl"}
    images = of_many(tmp_path, {f"{number}.jpg": large(size=(600, 560), orientation=number) for number in expected})
    for number, small in zip(expected, images, strict=True):
        assert small.size == ((400, 373) if number < 5 else (400, 429))
        grey = small.convert("L")
        corners = {"tl": (50, 50), "tr": (350, 50), "bl": (50, 320), "br": (350, 320)}
        assert max(corners, key=lambda name: int(str(grey.getpixel(corners[name])))) == expected[number]
        assert "exif" not in small.info


def test_the_orientation_counts_where_browsers_follow_it(tmp_path: Path) -> None:
    kinds = ("PNG", "AVIF", "WEBP")
    images = of_many(tmp_path, {f"p.{kind.lower()}": large(kind, orientation=6) for kind in kinds})
    page = (tmp_path / "public/2025/02/12/a.html").read_text()
    assert re.findall(r'width="(\d+)" height="(\d+)"', page) == [("600", "900"), ("600", "900"), ("900", "600")]
    assert [image.size for image in images] == [(400, 600), (400, 600), (400, 267)]


def test_every_kind_of_pixel_comes_out_in_its_colours(tmp_path: Path) -> None:
    kinds = [
        ("JPEG", "L"),
        ("JPEG", "CMYK"),
        ("PNG", "RGBA"),
        ("PNG", "LA"),
        ("PNG", "P"),
        ("GIF", "P"),
        ("WEBP", "RGBA"),
        ("AVIF", "RGB"),
    ]
    images = of_many(tmp_path, {f"{mode}.{kind.lower()}": large(kind, mode) for kind, mode in kinds})
    assert len(images) == len(kinds)
    for image in images:
        small = image.convert("RGB")
        bright, dark = small.getpixel((40, 40)), small.getpixel((380, 220))
        assert isinstance(bright, tuple)
        assert isinstance(dark, tuple)
        assert min(bright) > 170
        assert max(dark) < 90


def test_transparency_and_colour_profiles_are_kept(tmp_path: Path) -> None:
    image = photo(900, 600, "RGBA")
    image.putalpha(Image.linear_gradient("L").resize((900, 600)))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    small = smaller(of_one(tmp_path / "a", encoded(image, "PNG"), "p.png"))[400]
    assert small.mode == "RGBA"
    assert small.getchannel("A").getextrema() != (255, 255)
    jpeg = encoded(photo(900, 600), icc_profile=profile, quality=95)
    assert smaller(of_one(tmp_path / "b", jpeg))[400].info["icc_profile"] == profile
    grey = encoded(photo(900, 600, "L"), icc_profile=b"no profile at all", quality=95)
    assert "icc_profile" not in smaller(of_one(tmp_path / "c", grey))[400].info


def test_small_moving_and_enormous_pictures_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    moving = encoded(photo(900, 600, "P"), "GIF", save_all=True, append_images=[photo(900, 600, "P").rotate(90)])
    assert smaller(of_one(tmp_path / "a", moving, "p.gif")) == {}
    assert smaller(of_one(tmp_path / "b", encoded(photo(900, 600), quality=5))) == {}, "few bytes"
    assert smaller(of_one(tmp_path / "c", large(size=(480, 1000)))) == {}, "hardly wider"
    assert smaller(of_one(tmp_path / "d", large()[:-20_000])) == {}, "cut short"
    monkeypatch.setattr(picture_renditions, "MAX_PIXELS", 500_000)
    assert smaller(of_one(tmp_path / "e", large())) == {}


def test_what_no_smaller_version_can_hold_is_published_as_it_is(tmp_path: Path) -> None:
    """WebP ends at 16,383 pixels: a long strip is shrunk to no height above."""
    strip = encoded(photo(100, 20_500), quality=20)
    assert smaller(of_one(tmp_path, strip, settings="pictures: {sizes: [50, 80]}\n")).keys() == {50}


def test_the_setting_chooses_widths_or_none_and_says_what_it_takes(tmp_path: Path) -> None:
    site = of_one(tmp_path, large(), settings="pictures: {sizes: [200, 600, 200]}\n")
    assert sorted(smaller(site)) == [200, 600]
    site.write({"site.yml": SITE + "pictures: false\n"})
    assert site.build().code == 0
    assert smaller(site) == {}
    assert "srcset" not in site.page("2025/02/12/a.html")
    for setting, message in {
        "{sizes: [9]}": "pictures.sizes: must be up to 6 widths in pixels, from 50 to 4000",
        "{sizes: wide}": "pictures.sizes.1: must be a whole number",
        "{size: [400]}": 'pictures.size: is not a setting (did you mean "sizes"?)',
        "large": "pictures: must be `key: value` lines below it",
    }.items():
        site.write({"site.yml": SITE + f"pictures: {setting}\n"})
        run = site.build()
        assert (run.code, message in run.err) == (2, True), run.err


def test_smaller_versions_are_made_once_and_as_a_clean_build_makes_them(tmp_path: Path) -> None:
    site = of_one(tmp_path, large())
    site.write({"site.yml": SITE.replace("The Lantern", "The Lamp"), "static/custom.css": "p { color: navy }"})
    run = site.build("--report", str(tmp_path / "report.json"), "--explain")
    assert run.code == 0
    assert "-400-" not in run.out, "another title is no reason"
    site.write({"content/p.jpg": large(size=(1000, 600)), "content/b.md": story("B")})
    assert site.build().code == 0
    assert smaller(site)[400].size == (400, 240)
    incremental = site.published()
    assert site.build("--clean").code == 0
    assert site.published() == incremental
    assert site.build("--jobs", "2", "--output", "other").code == 0
    assert site.published("other") == incremental
    site.write({"content/a.md": story(body="No picture.")})
    site.build()
    assert not any(path.startswith("media/") for path in site.published())


def test_what_follows_a_picture_follows_its_smaller_versions(tmp_path: Path) -> None:
    site = of_one(tmp_path, large())
    [version] = [path for path in site.published() if "-400-" in path]
    assert version in site.page("manifest-sha512.txt")
    assert site.run("verify").code == 0
    (tmp_path / "public" / version).write_bytes(b"another")
    run = site.run("verify")
    assert (run.code, version in run.out) == (1, True)
    site.build()
    assert site.run("verify").code == 0
    assert site.run("bag", str(tmp_path / "bag"), "--since", "2025").code == 0
    assert (tmp_path / "bag/data/public" / version).read_bytes() == (tmp_path / "public" / version).read_bytes()
    assert site.run("remove", "content/a.md", "--reason", "data-protection", "--yes").code == 0
    assert site.build("--allow-removals").code == 0
    assert not any(path.startswith("media/") for path in site.published())
    assert not (tmp_path / "content/p.jpg").exists()


def test_data_names_the_original_in_words_of_front_matter(tmp_path: Path) -> None:
    lead = "[{src: p.jpg, alt: A pier, credit: Ana Bell}]"
    site = archive(tmp_path, {"content/a.md": story(images=lead), "content/p.jpg": large()})
    assert site.build().err == ""
    assert site.run("export", str(tmp_path / "out.jsonl"), "--format", "jsonl").code == 0
    [image] = json.loads((tmp_path / "out.jsonl").read_text())["images"]
    assert image.keys() == {"src", "alt", "credit"}
    assert image["src"].endswith(".jpg")
