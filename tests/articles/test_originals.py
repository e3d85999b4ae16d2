"""The captured bytes of an article are published as they are, linked from its page, and follow what happens to it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from tests.sites import Archive, archive, story

BYTES = b"<!doctype html><script>alert(1)</script> \xff\x00 as captured"
DIGEST = hashlib.sha256(BYTES).hexdigest()
KEPT = f"originals/{DIGEST[:2]}/{DIGEST}"
PUBLISHED = f"originals/{DIGEST}.bin"
PAGE = "2025/02/12/noon.html"


def site(folder: Path, **words: str) -> Archive:
    return archive(folder, {"content/noon.md": story("Noon", captured_sha256=DIGEST, **words), KEPT: BYTES})


def test_an_original_is_published_byte_for_byte_and_linked(tmp_path: Path) -> None:
    done = site(tmp_path)
    assert done.build().code == 0
    assert done.published()[PUBLISHED] == BYTES
    assert f'<a href="../../../{PUBLISHED}" download>' in done.page(PAGE)


def test_a_digest_in_capitals_finds_its_original(tmp_path: Path) -> None:
    done = archive(tmp_path, {"content/noon.md": story("Noon", captured_sha256=DIGEST.upper()), KEPT: BYTES})
    assert done.build().code == 0
    assert f'<a href="../../../{PUBLISHED}" download>' in done.page(PAGE)


def test_an_original_that_comes_or_goes_changes_the_page(tmp_path: Path) -> None:
    done = site(tmp_path)
    done.write({KEPT: None})
    done.build()
    without = done.published()
    assert PUBLISHED not in without
    assert "download" not in without[PAGE].decode()
    done.write({KEPT: BYTES})
    done.build()
    with_it = done.published()
    assert (with_it[PUBLISHED], PUBLISHED in with_it[PAGE].decode()) == (BYTES, True)
    assert done.build("--clean").code == 0
    assert done.published() == with_it
    done.write({KEPT: None})
    done.build()
    assert done.published() == without


def test_neither_a_withdrawn_story_nor_a_strange_digest_publishes_a_file(tmp_path: Path) -> None:
    done = site(tmp_path, withdrawn="{date: 2025-03-01, reason: It was wrong.}")
    done.write({"content/odd.md": story("Odd", captured_sha256="../../site.yml"), "originals/si/site.yml": "x"})
    assert done.build().code == 0
    assert not [path for path in done.published() if path.startswith("originals/")]


def test_no_article_takes_the_place_of_an_original(tmp_path: Path) -> None:
    done = archive(tmp_path, {"content/a.md": story("A", aliases="[/originals/a.html]")})
    assert "/originals/a.html is not a free path" in done.build().err
