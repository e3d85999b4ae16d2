from __future__ import annotations

import shutil
from pathlib import Path

from builder.export.story_pages import StoryPage, story_pages, unchanged_stories
from tests.sites import archive, story


def test_the_pages_of_stories_are_those_that_stand_there(tmp_path: Path) -> None:
    files = {
        "content/b.md": story("Later", "2025-02-12", id="b"),
        "content/a.md": story("Earlier", "2024-02-12", id="a"),
        "content/gone.md": story("Gone", "2024-02-13", withdrawn="Wrong."),
        "content/draft.md": story("A secret", "2024-02-14", draft="true", slug="moved"),
        "content/now.md": story("Here now", "2024-02-14", id="n"),
        "addresses.txt": "2024/02/14/moved.html\tn\n",
    }
    site = archive(tmp_path, files)
    assert site.build().code == 0
    assert "2024/02/14/moved.html" in site.published()  # leads on to the story that stood there
    site.write({"content/new.md": story("Not built yet")})
    expected = [
        StoryPage("2024/02/12/a.html", "a.md", "Earlier", "2024-02-12", ()),
        StoryPage("2024/02/13/gone.html", "gone.md", "Gone", "2024-02-13", ()),
        StoryPage("2024/02/14/now.html", "now.md", "Here now", "2024-02-14", ()),
        StoryPage("2025/02/12/b.html", "b.md", "Later", "2025-02-12", ()),
    ]
    assert story_pages(tmp_path, tmp_path / "public") == expected
    assert unchanged_stories(tmp_path, tmp_path / "public") is None, "there is a file more"
    (tmp_path / "content/new.md").unlink()
    assert unchanged_stories(tmp_path, tmp_path / "public") == (expected, [])
    site.write({"content/a.md": story("Earlier", "2024-02-12", "Another text.", id="a")})
    assert unchanged_stories(tmp_path, tmp_path / "public") is None
    shutil.rmtree(tmp_path / ".morgue")
    assert story_pages(tmp_path, tmp_path / "public") == expected
