"""Syndicated copy: which address search engines are told of, and where a copy in a web archive is."""

from __future__ import annotations

from pathlib import Path

from tests.sites import SITE, Archive, archive, story

ELSEWHERE = SITE + "agencies:\n  Harbour Wire: {canonical: original}\nsources:\n  The Kite: {canonical: original}\n"


def test_syndicated_copy_points_to_its_original_and_leaves_the_sitemap(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "site.yml": ELSEWHERE.replace("original", "self"),
            "content/wire.md": story("Wire", agency="Harbour Wire", original_url="https://wire.example/1", archived_url="https://web.example/2/1"),
            "content/kite.md": story("Kite", source="The Kite"),
            "content/own.md": story("Own", original_url="https://lantern.example/old/own"),
        },
    )  # fmt: skip
    assert site.build().code == 0
    assert '<link rel="canonical" href="https://lantern.example/2025/02/12/wire.html">' in site.page("2025/02/12/wire.html")
    assert "/wire.html" in site.page("sitemap.xml")

    site.write({"site.yml": ELSEWHERE})
    assert site.build().code == 0
    wire, kite, own = (site.page(f"2025/02/12/{name}.html") for name in ("wire", "kite", "own"))
    assert '<link rel="canonical" href="https://wire.example/1">' in wire
    assert '<meta name="robots"' not in wire
    assert '<link rel="original" href="https://wire.example/1">\n<link rel="memento" href="https://web.example/2/1">' in wire
    assert '<meta name="robots" content="noindex">' in kite
    assert '<link rel="canonical" href="https://lantern.example/2025/02/12/own.html">' in own
    assert 'rel="memento"' not in own
    listed = site.page("sitemap.xml")
    assert [name in listed for name in ("/wire.html", "/kite.html", "/own.html")] == [False, False, True]
    before = site.published()
    assert site.build("--clean", "--output", "clean").code == 0
    assert before == Archive(tmp_path).published("clean")
