"""Stories to files below content/: each once, whole, under a name of its own, and never over what a person wrote."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import Self

from builder.articles.frontmatter import FrontMatterError, split
from builder.articles.originals import ORIGINALS
from builder.articles.parsing import default_id
from builder.base import files
from builder.base.file_batch import FileBatch
from builder.base.problems import Problem, Severity
from builder.base.urls import slugify
from builder.base.yaml_parsing import YamlError, parse
from builder.importers import article_file
from builder.importers.existing import Existing, canonical, key_of, keys_of
from builder.importers.story import Story, sha256_of

_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_]+")
MAX_SLUG = 80
"""Characters of a headline that go into a file's name."""


class Outcome(StrEnum):
    """What became of a story."""

    WRITTEN = "written"
    UPDATED = "updated"
    SAME = "same"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of a story, and the path of its article under content/ ("" where there is none)."""

    outcome: Outcome
    path: str = ""
    problem: Problem | None = None


class Writer:
    """Writes stories into the content folder, below `into` (POSIX; "" for content/ itself)."""

    def __init__(self, content: Path, into: str, dry_run: bool = False) -> None:
        self.content, self.into, self.dry_run = content, into, dry_run
        if not dry_run:
            files.remove_unfinished(content, content.parent / ORIGINALS)
        self._existing = Existing(content)
        self._batch = FileBatch()
        self._numbers: dict[str, int] = {}
        """Date and slug of names that were taken → the number to try next: many stories of one headline cost no square."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Put all articles in their places, also where the import ends before its time."""
        try:
            with suppress(*((OSError,) if kind else ())):
                self._batch.finish()
        finally:
            self._existing.close()

    def settle(self, path: str) -> None:
        """See that the article at `path`, if this import wrote it, is in its place."""
        if self.content / path in self._batch:
            self._batch.finish()

    def same_capture(self, story: Story) -> bytes | None:
        """Return the article that was there before this import, where it is of the story's captured bytes; else None."""
        path = None if self._existing.was_empty else self._existing.find(keys_of(story.values))
        if path is None or self._existing.note_of(path) is not None:
            return None
        try:
            before = (self.content / path).read_bytes()
        except OSError:
            return None
        digest = story.values.get("captured_sha256", "")
        return before if digest and f"\ncaptured_sha256: {digest}\n".encode() in before else None

    def put(self, story: Story, renews: bool = False) -> WriteResult:
        """Write the story, unless it is there. Raises OSError where the disk would not have it.

        With `renews` an article of the same captured bytes that nobody edited is written again, if it would differ.
        """
        texts = (
            [] if story.values.get("id") else [key_of("text", _digest_of_text(story))]
        )  # what has an id is itself, whatever it says
        keys = [*keys_of(story.values), *texts]
        path = self._existing.find(keys)
        problem = None
        if path is not None and self._is_another(path, story):
            title = self._note_of(path)[0]
            message = f'has the id of "{title}" (content/{path}); it came in with an id of its own'
            problem = Problem(story.path, story.line, 1, Severity.WARNING, "id", message)
            story.values.pop("id")
            keys = keys_of(story.values)
            path = self._existing.find(keys)
        if path is None:
            earlier = self._earlier_version(story)
            if earlier is not None:
                self._remember(earlier, keys, story)
                return self._update(earlier, story, renews)
            path = self._free_path(story)
            self._write(path, story)
            self._remember(path, keys, story)
            return WriteResult(Outcome.WRITTEN, path, problem)
        note = self._existing.note_of(path)
        if note is not None:
            title, _, identifier = note
            if (
                identifier
                and identifier == story.values.get("id")
                and slugify(title) != slugify(str(story.values.get("title", "")))
            ):
                message = f'has the id of "{title}" (content/{path}); give one of them another id'
                return WriteResult(Outcome.REFUSED, "", Problem(story.path, story.line, 1, Severity.ERROR, "id", message))
            if identifier and identifier == story.values.get("id") and not self._existing.has_text(path, story.markdown):
                message = f'has the id and the headline of "{title}" (content/{path}), but another text, which is left out'
                problem = Problem(story.path, story.line, 1, Severity.WARNING, "id", message)
            self._existing.add(path, keys)
            return WriteResult(Outcome.SAME, path, problem)
        self._remember(path, keys, story)
        return self._update(path, story, renews)

    def _earlier_version(self, story: Story) -> str | None:
        """Return the article of an earlier import from which a story without id and address was changed, or None.

        It has the story's name, headline and kind of source, and half of the words; no other article has that name.
        """
        if self._existing.was_empty or story.values.get("id") or story.values.get("original_url"):
            return None
        folder, stem = self._place_of(story)
        path = str(folder / f"{stem}.md")
        if not self._existing.has_name(f"{stem}.md") or self._existing.has_name(f"{stem}-2.md") or self._existing.note_of(path):
            return None
        try:
            before = split((self.content / path).read_bytes())
            values = parse(before.front)
        except (OSError, FrontMatterError, YamlError):
            return None
        is_alike = (
            not values.get("original_url")
            and str(values.get("captured_by", "")).rpartition("(")[2] == str(story.values.get("captured_by", "")).rpartition("(")[2]
            and slugify(str(values.get("title", ""))) == slugify(str(story.values.get("title", "")))
        )
        one, other = (set(_WORD.findall(text.casefold())) for text in (before.body, story.markdown))
        return path if is_alike and len(one & other) * 2 >= min(len(one), len(other)) > 0 else None

    def _is_another(self, path: str, story: Story) -> bool:
        """Whether the article at `path` has no more in common with the story than its id: other headline, other address.

        Under the same headline, one that came in just now is another where address and text are others.
        """
        title, url, identifier = self._note_of(path)
        address = str(story.values.get("original_url", ""))
        return (
            bool(identifier)
            and identifier == story.values.get("id")
            and (
                (not url or not address or canonical(url) != canonical(address))
                if slugify(title) != slugify(str(story.values.get("title", "")))
                else bool(url and address)
                and canonical(url) != canonical(address)
                and self._existing.note_of(path) is not None
                and not self._existing.has_text(path, story.markdown)
            )
        )

    def _note_of(self, path: str) -> tuple[str, str, str]:
        """Return headline, original address and id of the article at `path`."""
        note = self._existing.note_of(path)
        if note is not None:
            return note
        try:
            values = parse(split((self.content / path).read_bytes()).front)
        except (OSError, FrontMatterError, YamlError):
            return "", "", ""
        return str(values.get("title", "")), str(values.get("original_url", "")), str(values.get("id", ""))

    def _update(self, path: str, story: Story, renews: bool) -> WriteResult:
        """Place a story whose article was there before this import, under the name that it has."""
        story.values.pop("slug", None)
        try:
            before = (self.content / path).read_bytes()
        except OSError as error:
            message = f"is there already, but content/{path} cannot be read: {error.strerror}; it is left as it is"
            return WriteResult(Outcome.REFUSED, "", Problem(story.path, story.line, 1, Severity.ERROR, "", message))
        digest = story.values.get("captured_sha256", "")
        is_same = bool(digest) and f"\ncaptured_sha256: {digest}\n".encode() in before
        if is_same and not (renews and article_file.is_untouched(before)):
            return WriteResult(Outcome.SAME, path)
        after = self._bytes(path, story)
        if article_file.says_the_same(before, after):
            return WriteResult(Outcome.SAME, path)
        if not article_file.is_untouched(before):
            message = f"changed at its source, but content/{path} was edited by hand and is left as it is; compare the two"
            return WriteResult(Outcome.REFUSED, path, Problem(story.path, story.line, 1, Severity.WARNING, "", message))
        if not self.dry_run:
            self._batch.write(self.content / path, after)
        return WriteResult(Outcome.UPDATED, path)

    def _remember(self, path: str, keys: list[str], story: Story) -> None:
        self._existing.add(path, keys)
        self._existing.note(path, self._words(story), story.markdown)

    @staticmethod
    def _words(story: Story) -> tuple[str, str, str]:
        values = story.values
        return str(values.get("title", "")), str(values.get("original_url", "")), str(values.get("id", ""))

    def _write(self, path: str, story: Story) -> None:
        if not self.dry_run:
            self._batch.write(self.content / path, self._bytes(path, story))

    def _bytes(self, path: str, story: Story) -> bytes:
        values = {**story.values, "inferred": [word for word in story.inferred if story.values.get(word)]}
        values.setdefault("id", default_id(path))
        return article_file.render(values, story.markdown)

    def _place_of(self, story: Story) -> tuple[PurePosixPath, str]:
        """Return the folder below content/ and the name, without number and ending, that a story's file has by itself."""
        slug = _short(slugify(story.values.get("slug") or story.values.get("title", "")))
        slug = slug or f"story-{sha256_of(story.markdown.encode(errors='replace'))[:8]}"
        day = story.values.get("date", "")[:10]
        folder = PurePosixPath(self.into, day[:4], day[5:7]) if day else PurePosixPath(self.into, "undated")
        # A month or a year leads no name: it would be part of the address.
        return folder, f"{day}-{slug}" if len(day) == 10 else slug

    def _free_path(self, story: Story) -> str:
        """Return a path that no article has, whose name gives an address that no article has."""
        folder, stem = self._place_of(story)
        story.values.pop("slug", None)
        number = self._numbers.get(stem, 1)
        while True:
            name = f"{stem}-{number}.md" if number > 1 else f"{stem}.md"
            number += 1
            if not self._existing.has_name(name):
                if number > 2:
                    self._numbers[stem] = number
                return str(folder / name)


def _short(slug: str) -> str:
    """Return `slug` cut at a word within MAX_SLUG characters."""
    if len(slug) <= MAX_SLUG:
        return slug
    return slug[: MAX_SLUG + 1].rpartition("-")[0] or slug[:MAX_SLUG]


def _digest_of_text(story: Story) -> str:
    """Return what tells the same text at another address: headline and words, however they are marked up."""
    words = re.sub(r"\W+", "", f"{story.values.get('title', '')}{story.values.get('date', '')[:10]}{story.markdown}".casefold())
    return sha256_of(words.encode(errors="replace"))
