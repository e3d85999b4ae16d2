"""The articles that are measured: invented ones over twenty years, or a copy of somebody's archive."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Protocol

from builder.articles.frontmatter import split
from builder.articles.model import FIELD_NAMES, Article
from builder.articles.parsing import parse_article
from builder.config.site import Site, load_site
from tests.bench import vocabulary

SITE = "title: Bench\nurl: https://bench.example/\nundated: keep\n"
FIRST_DAY = datetime(2004, 1, 1, tzinfo=UTC)
DAYS = 7305
"""Twenty years."""
SAMPLE = 1000
"""Invented articles in whose words all archives of such are asked."""
AGENCIES, SECTIONS, BYLINES, TOPICS = 6, 9, 80, 400


@dataclass(frozen=True)
class Story:
    """One article as every generator can have it. `path` is its place in content/, without the ending; what is not known is empty."""

    path: str
    title: str
    date: str
    body: str
    tags: tuple[str, ...] = ()
    agency: tuple[str, ...] = ()
    byline: tuple[str, ...] = ()
    section: str = ""
    source: str = ""
    language: str = ""

    @property
    def text(self) -> str:
        """Its file, in Morgue's words."""
        words = ("title", "date", "tags", "agency", "byline", "section", "source", "language")
        values = ((word, getattr(self, word)) for word in words)
        front = (
            f"{word}: {json.dumps(value, ensure_ascii=False) if word != 'date' else value}\n" for word, value in values if value
        )
        return f"---\n{''.join(front)}---\n\n{self.body}"


class Archive(Protocol):
    """Articles with a name; both methods give the same ones each time."""

    @property
    def name(self) -> str:
        """What the tables call them."""

    def write(self, folder: Path) -> None:
        """Make an archive of Morgue's of them in `folder`: site.yml and content/."""

    def stories(self) -> Iterator[Story]:
        """Give those that Morgue publishes."""

    def sample(self) -> Iterator[Story]:
        """Give those whose words questions are asked in."""


@dataclass(frozen=True)
class Generated:
    """`count` invented articles, spread evenly over the days of twenty years. Topics come by Zipf's law like words."""

    count: int

    @property
    def name(self) -> str:
        """How many they are."""
        return f"{self.count:,} generated articles"

    def write(self, folder: Path) -> None:
        """Write them, and a plain site.yml."""
        _put(folder / "site.yml", SITE)
        for story in self.stories():
            _put(folder / "content" / f"{story.path}.md", story.text)

    def stories(self) -> Iterator[Story]:
        """Invent them, the oldest first."""
        chance = random.Random(f"an archive of {self.count}")
        topics, agencies, sections, bylines = (_names(chance, count) for count in (TOPICS, AGENCIES, SECTIONS, BYLINES))
        weights = [1 / (rank + 2) for rank in range(TOPICS)]
        for number in range(self.count):
            moment = FIRST_DAY + timedelta(days=DAYS * number / self.count)
            title = " ".join(vocabulary.some(chance, chance.randint(6, 10))).capitalize()
            length = min(1500, max(30, int(chance.lognormvariate(5.3, 0.6))))
            yield Story(
                f"{moment:%Y/%m/%d}/story-{number}",
                title,
                f"{moment:%Y-%m-%dT%H:%M:%SZ}",
                "\n\n".join(_paragraphs(chance, length)) + "\n",
                tuple(dict.fromkeys(chance.choices(topics, weights, k=chance.randint(1, 4)))),
                (chance.choice(agencies),) if chance.random() < 0.6 else (),
                (chance.choice(bylines),) if chance.random() < 0.5 else (),
                chance.choice(sections),
                language="en",
            )

    def sample(self) -> Iterator[Story]:
        """Invent the same for every size: only answers to the same questions tell how they grow."""
        return Generated(SAMPLE).stories()


@dataclass(frozen=True)
class Corpus:
    """A copy of the archive at `folder`: of its content/ with its site.yml where it has them, of all that is in it otherwise.

    A theme of its own stays behind: what is measured is Morgue's.
    """

    folder: Path

    @property
    def name(self) -> str:
        """Its folder's."""
        return self.folder.resolve().name

    def write(self, folder: Path) -> None:
        """Copy it."""
        shutil.copytree(self._content, folder / "content")
        site = self.folder / "site.yml"
        _put(folder / "site.yml", site.read_text(encoding="utf-8") if site.is_file() else SITE)

    def stories(self) -> Iterator[Story]:
        """Read them as Morgue does, in the order of their files."""
        for file in sorted(self._content.rglob("*.md")):
            path = file.relative_to(self._content).as_posix()
            data = file.read_bytes()
            found = parse_article(path, data, self._content, self._site)
            if found.article is None or found.article.withdrawn:
                continue
            article = Article.from_stored_json(found.article_json)
            if not article.draft:
                body = split(data).body
                yield Story(
                    path[:-3], article.title, article.date, body, article.tags, article.agency, article.byline, article.section,
                    article.source, article.language or self._site.language,
                )  # fmt: skip

    def sample(self) -> Iterator[Story]:
        """Read all."""
        return self.stories()

    @cached_property
    def _content(self) -> Path:
        inner = self.folder / "content"
        return inner if inner.is_dir() else self.folder

    @cached_property
    def _site(self) -> Site:
        return load_site(self.folder, FIELD_NAMES) if (self.folder / "site.yml").is_file() else Site(undated="keep")


def _names(chance: random.Random, count: int) -> list[str]:
    """Return `count` names of two words, none of them twice."""
    names: dict[str, None] = {}
    while len(names) < count:
        words = [word for word in vocabulary.some(chance, 40) if word not in vocabulary.COMMON]
        names[" ".join(words[:2]).title()] = None
    return list(names)


def _paragraphs(chance: random.Random, length: int) -> Iterator[str]:
    words = vocabulary.some(chance, length)
    at = 0
    while at < length:
        sentences = []
        for _ in range(chance.randint(1, 3)):
            size = chance.randint(8, 28)
            sentence = " ".join(words[at : at + size])
            sentences.append(f"{sentence[:1].upper()}{sentence[1:]}." if sentence else "")
            at += size
        yield " ".join(filter(None, sentences))


def _put(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
