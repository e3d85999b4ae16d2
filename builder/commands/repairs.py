"""Repairs that lose nothing, written back into articles: ids, titles that only the body had, control characters."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from builder.articles.field_edit import set_field
from builder.articles.frontmatter import CONTROL, FrontMatterError, control_stand_in, split
from builder.articles.model import FIELD_NAMES
from builder.articles.parsing import default_id, parse_article
from builder.base import files
from builder.base.problems import BuildUnavailableError
from builder.base.yaml_parsing import YamlError, parse
from builder.commands.scaffold import quote
from builder.config.site import Site, load_site


@dataclass(frozen=True, slots=True)
class Repair:
    """A file's text before and after; `path` is under content/."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        name = f"content/{self.path}"
        before, after = (text.splitlines(keepends=True) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, name, name, n=1)
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


def repairs(folder: Path) -> Iterator[Repair]:
    """Yield what `morgue fix` would write into the articles of the archive at `folder`.

    A file that cannot be read is left as it is: `morgue check` says what is wrong with it.
    """
    site = load_site(folder, FIELD_NAMES)
    content = folder / "content"
    for entry in files.walk(content, files.ARTICLE_SUFFIXES):
        if entry.is_outside or entry.error or site.is_own_page(entry.path):
            continue
        data = (content / entry.path).read_bytes()
        try:
            before = data.decode()
            after = _repair(entry.path, before, content, site)
        except (UnicodeDecodeError, FrontMatterError, YamlError):
            continue
        if after != before:
            yield Repair(entry.path, before, after)


def apply(folder: Path, changes: Iterable[Repair]) -> None:
    """Write the repairs; each file is written whole or not at all. Raises BuildUnavailableError where one cannot be."""
    for repair in changes:
        file = folder / "content" / repair.path
        try:
            files.write_whole(file, repair.after.encode())
        except OSError as error:
            raise BuildUnavailableError(
                f"{file}: cannot be written: {error.strerror}; the files before it are mended, this one is as it was"
            ) from None


def _repair(path: str, text: str, content: Path, site: Site) -> str:
    text = CONTROL.sub(control_stand_in, text)
    result = parse_article(path, text.encode(), content, site)
    if result.article is None:
        return text
    front = parse(split(text.encode()).front)
    values = {"title": quote(result.article.title), "id": result.article.id}
    for word, value in values.items():
        key = site.fields.get(word, word)
        if word == "id" and value != default_id(path):
            continue
        if front.get(key) in (None, ""):
            text = set_field(text, key, value)
    return text
