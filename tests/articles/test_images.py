"""Pictures of articles: each is published, or named with what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sites import archive, story


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
