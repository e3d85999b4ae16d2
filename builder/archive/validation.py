"""Whole-archive problems: findings placed in their files, keys that nobody knows, links that lead nowhere, names nearly alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from builder.archive.collection import TAXONOMIES, Archive, ArchiveProblem
from builder.articles.frontmatter import FrontMatterError, split
from builder.articles.model import FIELD_NAMES, ArticleSummary
from builder.base.problems import Problem, Severity, suggestion
from builder.base.yamltext import YamlError, parse, position
from builder.config.site import Site


def place(findings: Iterable[ArchiveProblem], content: Path, site: Site) -> Iterator[Problem]:
    """Turn findings into problems with a line and a column, read from the files that they are about."""
    for finding in findings:
        word = site.fields.get(finding.word, finding.word)
        line, column = 1, 1
        try:
            source = split((content / finding.path).read_bytes())
            where: list[str | int] = [word]
            values = parse(source.front).get(word)
            if isinstance(values, list) and finding.value in values:
                where.append(values.index(finding.value))
            if values is not None:
                at, column = position(source.front, where)
                line = at + source.front_line - 1
            else:
                word = ""
        except (OSError, FrontMatterError, YamlError):
            pass  # the file changed under our hands: the finding stands, its place does not
        yield Problem(f"content/{finding.path}", line, column, finding.severity, word, finding.message)


def unknown_keys(unknown: Mapping[str, tuple[str, int]]) -> Iterator[ArchiveProblem]:
    """Yield one warning for each key that nobody knows: `unknown` gives its first file and in how many it stands."""
    for key, (path, count) in sorted(unknown.items()):
        many = f" ({count} articles)" if count > 1 else ""
        message = f"unknown field{suggestion(key, FIELD_NAMES)}, left out{many}; map it with `fields` in site.yml or remove it"
        yield ArchiveProblem(path, key, "", Severity.WARNING, message)


def dead_links(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for each link in an article's text that names no page of the archive."""
    for card in archive.pages:
        for link in card.links:
            if archive.find(link) is None:
                target = link.partition(":")[2]
                yield ArchiveProblem(
                    card.path, "", "", Severity.WARNING, f"the link to {target} leads nowhere; its words stay, without the link"
                )


def near_names(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for names that are likely one: the same letters and digits but for plurals, accents or spaces."""
    for kind in TAXONOMIES:
        if kind.word not in {"tags", "agency", "source", "section"}:
            continue
        seen: dict[str, tuple[str, int]] = {}
        groups = sorted(archive.groups[kind.folder], key=lambda group: (-len(group.cards), group.slug))
        for group in groups:
            key = _skeleton(group.slug)
            if key in seen:
                usual, count = seen[key]
                first: ArticleSummary = group.cards[0]
                message = f'"{group.name}" ({len(group.cards)}) may be the same as "{usual}" ({count}); if so, write it in one way'
                yield ArchiveProblem(first.path, kind.word, group.name, Severity.WARNING, message)
            else:
                seen[key] = group.name, len(group.cards)


def _skeleton(slug: str) -> str:
    """Return what near spellings of a slug share: no accents, hyphens or English plurals."""
    words = unicodedata.normalize("NFKD", slug).split("-")
    bare = ("".join(char for char in word if not unicodedata.combining(char)) for word in words)
    return "".join(word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in bare)
