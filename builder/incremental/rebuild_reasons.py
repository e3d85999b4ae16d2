"""Why a page was made again: short digests of everything that went into it, compared with those of the build before."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeGuard, cast
from zlib import crc32

from builder.base.files import ARTICLE_SUFFIXES

MOST_LINES = 200
"""More pages than this are listed by reason; with a path each is listed."""
SHARED_REASONS = {
    "program": "the program changed (Morgue or a library)",
    "site": "site.yml changed",
    "translations": "the translations changed",
    "menus": "the menu or the footer changed (pages of your own)",
    "template": "its template changed, or one that it includes",
}
CONTEXT_REASONS = {
    "story.text": "the article's text or front matter changed",
    "story.links": "the links in its text lead elsewhere",
    "earlier": "the story before it changed, or is another one",
    "later": "the story after it changed, or is another one",
    "related": "its related stories changed",
    "articles": "its stories changed",
    "stories": "its stories changed",
    "latest": "the latest stories changed",
    "days": "the stories of its days changed",
    "day": "its day changed",
    "day_unknown": "its stories of an unknown day changed",
    "more": "the page that goes on with it is another one",
    "weeks": "its calendar changed",
    "month": "its month changed",
    "months": "its months changed",
    "year": "its year changed",
    "years": "its years changed",
    "first_year": "the archive's first year changed",
    "last_year": "the archive's last year changed",
    "first": "the archive's first day changed",
    "last": "the archive's last day changed",
    "on_this_day": "the days of the year with stories changed",
    "count": "its number of stories changed",
    "total": "the number of stories changed",
    "undated": "the number of undated stories changed",
    "withdrawn": "the number of withdrawn stories changed",
    "coverage": "the stories of a source and month changed",
    "data_paths": "its files of data are others",
    "in_full": "what is handed over of its stories changed",
    "form": "its format changed",
    "files": "the data files changed",
    "fields": "the fields of articles changed",
    "level": "the setting data changed",
    "exceptions": "the setting data of a source or agency changed",
    "descriptions": "the files that describe the data are others",
    "missing": "the months that were never collected changed",
    "complete": "it shows all its stories, or no longer all",
    "chart": "its chart changed",
    "term": "its name, count or days changed",
    "terms": "the names, counts or days that it lists changed",
    "name": "its name changed",
    "title": "its title changed",
    "kind": "its kind changed",
    "number": "its number changed",
    "page": "the page that it belongs to changed",
    "previous": "the page before it is another one",
    "next": "the page after it is another one",
    "closed": "it is closed now, or open again",
    "up": "the pages above it changed",
    "types": "the story types changed",
    "data": "the search index changed",
    "versions": "its stories changed",
    "topics": "the busiest topics changed",
    "corrections": "the corrections changed",
    "removals": "the removals changed",
    "seal": "the seal changed",
    "release": "an edition was released",
    "releases": "an edition was released",
    "source": "the page of your own that gives it words came or went",
    "languages": "the languages changed",
    "sources": "the sources changed",
    "agencies": "the agencies changed",
    "groups": "the list of feeds changed",
    "entries": "the addresses that it lists changed",
    "paths": "the files that it lists changed",
    "target": "it leads elsewhere",
    "parts": "the file that it copies is another one",
    "stat": "the file that it copies changed",
}
"""The reason where a key of a page's context changed; of other keys (the search index has its own) their name is said."""
FIELD_LABELS = {
    "title": "title",
    "date": "date",
    "updated": "updated",
    "source": "source",
    "agency": "agency",
    "byline": "byline",
    "section": "section",
    "type": "type",
    "tags": "tags",
    "language": "language",
    "slugline": "slugline",
    "summary": "summary or first words",
    "image": "picture",
    "image_alt": "picture's alt text",
    "correction": "corrections",
    "corrected": "corrections",
    "withdrawn": "withdrawal",
    "withdrawn_on": "withdrawal",
    "withdrawn_reason": "withdrawal",
    "aliases": "aliases",
    "id": "id",
}
"""What of an article may have changed, by the summary's field."""
_fields_of = attrgetter(*FIELD_LABELS)
_WIDTH = 6
_MASK = 0xFFFFFF
"""Hexadecimal digits for each of an article's fields: two values in sixteen million look the same."""


class PlannedPage(Protocol):
    """What of a page of the plan is looked at (plan.model.Page)."""

    @property
    def path(self) -> str:
        """Its place in the output folder."""

    @property
    def context(self) -> Mapping[str, Any]:
        """What its template is given, by name."""


class Summary(Protocol):
    """The summary of an article within a context (articles.model.ArticleSummary)."""

    path: str
    content_hash: str
    listing_hash: str


class ArticleWithLinks(Protocol):
    """An article in full within a context (plan.article_pages.LinkedArticle)."""

    article: Summary
    links: Mapping[str, str]


@cache
def _has(kind: Hashable, *names: str) -> bool:
    """Whether values of the type `kind` have these attributes. Types are few and each value of each page is asked about:
    Python's check of a protocol takes longer than the rest of a page's key."""
    return all(hasattr(kind, name) for name in names)


def _is_summary(value: object) -> TypeGuard[Summary]:
    return _has(cast("Hashable", type(value)), "path", "content_hash", "listing_hash")


def _is_article_with_links(value: object) -> TypeGuard[ArticleWithLinks]:
    return _has(cast("Hashable", type(value)), "article", "links")


class ReasonFilter(NamedTuple):
    """What a person asks about: an output file or folder, or an article or a folder of them; all where both are ""."""

    argument: str = ""
    """The path as it was given, "" where none was."""
    output: str = ""
    article: str = ""

    @classmethod
    def about(cls, path: str, folder: Path, output: Path) -> ReasonFilter:
        """Read `path` as a person gives it: within the site, within content/, or from here or the archive's `folder`."""
        if not path:
            return cls()
        content = os.path.normpath((folder / "content").absolute())
        for absolute in (os.path.normpath(Path(path).absolute()), os.path.normpath((folder / path).absolute())):
            if Path(absolute).is_relative_to(output):
                return cls(path, output=_within(output, absolute))
            if Path(absolute).is_relative_to(content):
                return cls(path, article=_within(content, absolute))
        plain = _within("", path)
        return cls(path, article=plain) if plain.endswith(ARTICLE_SUFFIXES) else cls(path, output=plain)

    def of(self, page: PlannedPage) -> bool:
        """Whether `page` is asked about: it lies there, or shows an article that does."""
        return shows(page.context, self.article) if self.article else below(page.path, self.output)


def _within(folder: str | Path, path: str) -> str:
    plain = Path(os.path.relpath(path, folder) if folder else os.path.normpath(path)).as_posix()
    return "" if plain == "." else plain


def below(path: str, prefix: str) -> bool:
    """Whether `path` is `prefix`, or lies in it where it is a folder; "" holds all."""
    return not prefix or path == prefix or path.startswith(f"{prefix}/")


def shared_inputs(templates: Mapping[str, str], **common: str) -> dict[str, str]:
    """Return, for each template, the inputs that all its pages share; under "" those of pages that have none.

    `templates` and `common` (program, site, translations, menus) are digests.
    """
    inputs = " ".join(f"{name}:{digest[:8]}" for name, digest in common.items())
    return {"": inputs, **{name: f"{inputs} template:{digest[:8]}" for name, digest in templates.items()}}


def inputs_of(page: PlannedPage, common_inputs: str) -> str:
    """Return all inputs of `page` as a line of `name:digest`, beginning with the `common_inputs` ones."""
    parts = [common_inputs]
    for key, value in page.context.items():
        if _is_article_with_links(value):
            checksums = "".join([f"{crc32(repr(part).encode()) & _MASK:06x}" for part in _fields_of(value.article)])
            parts.append(f"story.text:{value.article.content_hash[:8]} story.fields:{checksums} story.links:{_short(value.links)}")
        else:
            parts.append(f"{key}:{_short(value)}")
    return " ".join(parts)


def changes(before: str, now: str) -> str:
    """Say in words what differs between the inputs `before` and `now`, "" where nothing does."""
    old, new = (dict(part.split(":") for part in line.split()) for line in (before, now))
    names = [name for name in (*new, *(old.keys() - new.keys())) if old.get(name) != new.get(name)]
    labels = []
    if "story.fields" in names:
        labels = _changed_fields(old.get("story.fields", ""), new.get("story.fields", ""))
    reasons = [
        SHARED_REASONS.get(name) or CONTEXT_REASONS.get(name) or f"its {name} changed" for name in names if name != "story.fields"
    ]
    if labels:
        reasons = [reason for reason in reasons if reason != CONTEXT_REASONS["story.text"]]
        reasons.append(f"the article changed: {', '.join(labels)}; perhaps its text too")
    return ", ".join(dict.fromkeys(reasons))


def _changed_fields(before: str, now: str) -> list[str]:
    if len(before) != len(now):
        return []
    parts = [(before[at : at + _WIDTH], now[at : at + _WIDTH]) for at in range(0, len(now), _WIDTH)]
    return list(dict.fromkeys(label for label, (old, new) in zip(FIELD_LABELS.values(), parts, strict=True) if old != new))


def _short(value: object) -> str:
    return f"{crc32(repr(value).encode(errors='surrogatepass')):08x}"


def shows(value: Any, prefix: str) -> bool:
    """Whether `value`, of a page's context, holds an article at or below the content path `prefix`."""
    if _is_article_with_links(value):
        value = value.article
    if _is_summary(value):
        return below(value.path, prefix)
    if isinstance(value, Mapping):
        return any(shows(part, prefix) for part in value.values())
    if isinstance(value, list | tuple):
        return any(shows(part, prefix) for part in value)
    return is_dataclass(value) and any(shows(getattr(value, part.name), prefix) for part in fields(value))


@dataclass
class ReasonCollector:
    """Notes, while a build looks for what to make, why it makes each output."""

    filter: ReasonFilter
    past: Callable[[str], str]
    """Gives the inputs that an output was last made of, "" where none are known."""
    clean: bool
    """Whether what was known was dropped on purpose."""
    has_moved: bool
    """Whether the last build had another output folder."""
    reasons: dict[str, str] = field(default_factory=dict)
    _unknown: str = ""
    """Why nothing is known of any output; "" where something is."""

    def begin(self, has_state: bool, has_output: bool) -> None:
        """Learn whether the last build left its state (`has_state`), and whether any left files in the folder (`has_output`)."""
        if not has_state:
            no_state = "what earlier builds knew was lost, damaged or kept by another version" if has_output else "the first build"
            other_folder = "the last build had another output folder"
            self._unknown = "made anew, as --clean asks" if self.clean else other_folder if self.has_moved else no_state

    def note(self, page: PlannedPage, inputs: str, fault: str) -> None:
        """Note why `page` is rendered from `inputs`: `fault` overrides the computed reason."""
        if self.filter.of(page):
            before = self.past(page.path)
            self.reasons[page.path] = fault or self._unknown or (changes(before, inputs) if before else "new")

    def note_file(self, path: str, reason: str) -> None:
        """Note why a file that is no planned page is written."""
        if not self.filter.article and below(path, self.filter.output):
            self.reasons[path] = self._unknown or reason

    def note_removal(self, paths: Iterable[str]) -> None:
        """Note outputs that nothing asks for any more."""
        if not self.filter.article:
            self.reasons.update((path, "removed") for path in paths if below(path, self.filter.output))

    def lines(self, same: Collection[str], plan_paths: Iterable[str], articles: Iterable[str]) -> list[str]:
        """Say why each output was made, one line each; by reason where those would be too many and all were asked about.

        `same` are those that came out as they were, `plan_paths` all outputs, `articles` the published content paths.
        """
        question = self.filter.argument
        if not self.reasons:
            if not question:
                return ["Nothing was made again: every file of the site is up to date."]
            prefix = self.filter.article or self.filter.output
            exists = any(below(path, prefix) for path in (articles if self.filter.article else plan_paths))
            return [f"{question}: {'up to date' if exists else 'no file of the site, and no article that is published'}"]
        reasons = {path: f"{why} (and it came out the same)" if path in same else why for path, why in self.reasons.items()}
        if question or len(reasons) <= MOST_LINES:
            return [f"{path}: {why}" for path, why in sorted(reasons.items())]
        by_reason: dict[str, list[str]] = defaultdict(list)
        for path, why in sorted(reasons.items()):
            by_reason[why].append(path)
        return [
            f"{len(paths):,} files, such as {paths[0]}: {why}" if len(paths) > 1 else f"{paths[0]}: {why}"
            for why, paths in sorted(by_reason.items(), key=lambda item: -len(item[1]))
        ]
