"""Problems of the archive as a whole: located in their files; unknown fields, dead links, names nearly alike."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from builder.archive.collection import Archive
from builder.archive.problems import ArchiveProblem
from builder.archive.sources import SourceScan
from builder.archive.taxonomies import TAXONOMIES
from builder.articles.field_synonyms import suggest_field
from builder.articles.frontmatter import FrontMatterError, split
from builder.articles.link_positions import find_address
from builder.articles.model import ArticleSummary
from builder.base import files
from builder.base.languages import script_fault
from builder.base.locales import interface_language, translated_languages
from builder.base.problems import Problem, Severity
from builder.base.urls import quote
from builder.base.version import theme_folder
from builder.base.yaml_parsing import YamlError, parse, position
from builder.config.site import FILE_NAME, PLACEHOLDER_URL, Site, setting_position


def all_problems(scan: SourceScan, problems: Iterable[ArchiveProblem], content: Path, site: Site) -> Iterator[Problem]:
    """Yield every problem of `scan`, and the archive's `problems` located in the files below `content`."""
    yield from scan.problems
    if site.url == PLACEHOLDER_URL:
        message = "is still the example; write the address where the site will stand: feeds and the sitemap are made from it"
        yield Problem(FILE_NAME, *setting_position(content.parent, "url"), Severity.WARNING, "url", message)
    folders = [content.parent / "templates", theme_folder("templates")]
    if interface_language(site.language, folders) != site.language:
        names = " and ".join(translated_languages(folders))
        tongue = site.language.partition("-")[0].lower()
        nearest = next((name for name in translated_languages(folders) if name.partition("-")[0].lower() == tongue), "en")
        message = (
            f"the interface has no words in {site.language} and shows English ones; it has {names}. Add templates/locales/, or set "
            f"language: {nearest}, and defaults: {{language: {site.language}}} for the articles"
        )
        yield Problem(FILE_NAME, *setting_position(content.parent, "language"), Severity.WARNING, "language", message)
    unknown: dict[str, tuple[str, int]] = {}
    for path, record in scan.records.items():
        if record.problems:
            yield from record.problems
        for key in record.unknown:
            first, count = unknown.get(key, (path, 0))
            unknown[key] = first, count + 1
    yield from locate((*problems, *scan.archive_problems, *unknown_fields(unknown)), content, site)


def locate(problems: Iterable[ArchiveProblem], content: Path, site: Site) -> Iterator[Problem]:
    """Give `problems` a line and a column, read from the files that they are about."""
    for problem in problems:
        field = site.fields.get(problem.field, problem.field)
        line, column = 1, 1
        try:
            data = files.read_regular(content / problem.path)
            source = split(data)
            if problem.link:
                line, column = _position_of_link(data.decode("utf-8-sig"), problem.link)
            where: list[str | int] = [field]
            values = parse(source.front).get(field)
            if isinstance(values, list) and problem.value in values:
                where.append(values.index(problem.value))
            if values is not None:
                at, column = position(source.front, where)
                line = at + source.front_line - 1
            else:
                field = ""
        except (OSError, FrontMatterError, YamlError):
            pass  # the file changed since it was read: the problem stands, its place does not
        yield Problem(f"content/{problem.path}", line, column, problem.severity, field, problem.message)


def _position_of_link(text: str, link: str) -> tuple[int, int]:
    """Return line and column of the address in `text` that `link` was read from: by its fragment, else by its last part."""
    path, _, fragment = link.partition("#")
    ends = (f"#{fragment}", f"#{quote(fragment)}") if fragment else (name := path.rstrip("/").rpartition("/")[2], quote(name))
    at = find_address(text, ends)
    if at is not None:
        return text.count("\n", 0, at) + 1, at - (text.rfind("\n", 0, at) + 1) + 1
    return 1, 1


def unknown_fields(unknown: Mapping[str, tuple[str, int]]) -> Iterator[ArchiveProblem]:
    """Yield one warning for each unknown field: `unknown` gives its first file and in how many it stands."""
    for key, (path, count) in sorted(unknown.items()):
        many = f" ({count} articles)" if count > 1 else ""
        message = f"unknown field{suggest_field(key)}, left out{many}; map it with `fields` in site.yml or remove it"
        yield ArchiveProblem(path, key, "", Severity.WARNING, message)


def dead_links(archive: Archive, timezone: str) -> Iterator[ArchiveProblem]:
    """Yield a warning for each link in an article's text that names no page of the archive, or one that is held back."""
    held_back = {key: hold for hold in archive.held_back for key in (hold.article.path, hold.article.url)}
    drafts = {article.url for article in archive.pages if article.draft}
    for article in archive.texts:
        for link in article.links:
            target = link.partition(":")[2]
            hold = held_back.get(target.partition("#")[0].lstrip("/"))
            if archive.find(link) in drafts and not article.draft:
                message = f"the link to {target} leads to what is a draft and held back; its words stay, without the link"
                yield ArchiveProblem(article.path, "", "", Severity.WARNING, message, target)
                continue
            if hold is not None and hold.article.path != article.path and archive.find(link) is None:
                reason = hold.describe(timezone)
                message = f"the link to {target} leads to what is {reason} and held back; its words stay, without the link"
            elif archive.find(link) is None:
                message = f"the link to {target} leads nowhere; its words stay, without the link"
            elif archive.misses_fragment(link):
                message = f"the link to {target} finds no such place there; it leads to the page"
            else:
                continue
            yield ArchiveProblem(article.path, "", "", Severity.WARNING, message, target)


def odd_languages(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for each article whose title and first words are in another script than its language is written in."""
    for article in archive.texts:
        if fault := script_fault(article.language, f"{article.title} {article.summary}"):
            yield ArchiveProblem(article.path, "language", "", Severity.WARNING, fault)


def equal_texts(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for each article whose whole text another one has."""
    first: dict[str, ArticleSummary] = {}
    for article in sorted(archive.pages, key=lambda article: article.path):
        if article.text_hash and first.setdefault(article.text_hash, article) is not article:
            other = first[article.text_hash].path
            message = f"has the same text as content/{other}; if they are one story, keep one, with the other as its alias"
            yield ArchiveProblem(article.path, "", "", Severity.WARNING, message)


def near_names(archive: Archive) -> Iterator[ArchiveProblem]:
    """Yield a warning for names that are likely one: the same letters and digits but for plurals, accents or spaces."""
    for taxonomy in TAXONOMIES:
        if taxonomy.field == "type":
            continue
        first_uses: dict[str, tuple[str, int]] = {}
        for term in sorted(archive.terms[taxonomy.folder], key=lambda term: (-len(term.articles), term.slug)):
            count = len(term.articles)
            usual, usual_count = first_uses.setdefault(_skeleton(term.slug), (term.name, count))
            if usual != term.name:
                name, alias = (json.dumps(text, ensure_ascii=False) for text in (usual, term.name))
                block = f"`{taxonomy.folder}: {{{name}: {{aliases: [{alias}]}}}}`"
                message = f'"{term.name}" ({count}) may be the same as "{usual}" ({usual_count}); if so, put {block} into site.yml'
                yield ArchiveProblem(term.articles[0].path, taxonomy.field, term.name, Severity.WARNING, message)


def _skeleton(slug: str) -> str:
    """Return what near spellings of a slug share: no accents, hyphens or English plurals."""
    words = unicodedata.normalize("NFKD", slug).split("-")
    bare = ("".join(char for char in word if not unicodedata.combining(char)) for word in words)
    return "".join(word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word for word in bare)
