"""The files of the content folder that are no articles: what is said of those that nobody publishes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from builder.archive.problems import ArchiveProblem
from builder.base import files
from builder.base.document_types import ACTIVE_TYPES, DOCUMENT_TYPES, type_fault
from builder.base.picture_types import IMAGE_TYPES
from builder.base.problems import Problem, Severity
from builder.base.urls import canonical
from builder.config.site import Site
from builder.state.state import SourceRecord

_RENAME = "if they are Markdown, rename them to .md"
_IMPORT = "`morgue import` makes articles of them"
_ADVICE = dict.fromkeys((".txt", ".text", ".mdown", ".mkd", ".mkdn", ".mdwn", ".mdtext", ".mdx", ".qmd", ".rmd"), _RENAME) | {
    **dict.fromkeys((".html", ".htm", ".xhtml", ".xml", ".warc", ".json", ".jsonl", ".csv"), _IMPORT),
    **dict.fromkeys((".doc", ".docx", ".odt", ".rtf", ".pages", ".wpd"), "save them as text or web pages, then `morgue import`"),
    **dict.fromkeys((".rst", ".adoc", ".asciidoc", ".org", ".textile"), "convert them to Markdown, as with pandoc"),
}
"""What to do with files in content/ that hold text and are no articles, by the ending of their names."""
_UNSHOWN_PICTURES = frozenset(".heic .heif .bmp .psd .ai .eps .indd .raw .dng .cr2 .nef .arw .jp2 .jxl .xcf".split())
_LITTER = re.compile(r"(?:thumbs\.db|ehthumbs\.db|desktop\.ini|icon\r|~\$.*)", re.IGNORECASE)
"""What Windows, macOS and Word leave beside files, unasked."""


def report_other_files(
    paths: Sequence[str], records: Mapping[str, SourceRecord], site: Site
) -> tuple[list[Problem], list[ArchiveProblem]]:
    """Return a warning for each kind of the files at `paths`, in content/, that is not published, with their number.

    Those that articles of `records` have as their media are. Named are the others that look like articles, documents that no
    article links to, and those of every type that is not published: at the first link to one, else by their kind. Pictures may
    lie there unsaid, and so may what systems leave behind.
    """
    media = {source for record in records.values() if record.article is not None for source, *_ in record.article.media}
    kinds: dict[str, list[str]] = {}
    for path in paths:
        ending = PurePosixPath(path).suffix.lower()
        if path not in media and ending not in IMAGE_TYPES and not _LITTER.fullmatch(PurePosixPath(path).name):
            kinds.setdefault(ending, []).append(path)
    problems = []
    published_types = DOCUMENT_TYPES.union(site.documents)
    others = {ending: alike for ending, alike in kinds.items() if ending and ending not in published_types}
    links = list(_find_links(others, records)) if others else []
    linked_endings = {PurePosixPath(link.link).suffix.lower() for link in links}
    for ending, alike in sorted(kinds.items()):
        is_are, noun = ("are", "files") if len(alike) > 1 else ("is", "file")
        kind = f"{ending} {noun}" if ending else f"{noun} without an ending"
        of = f"one of {len(alike):,} {kind}" if len(alike) > 1 else f"a {kind}"
        if advice := _ADVICE.get(ending):
            message = f"{of}, which {is_are} not read as articles: {advice}"
            if ending in published_types:
                message += "; a link from an article publishes one"
        elif ending in published_types:
            message = f"{of} that no article links to, and that {is_are} not published"
        elif ending in linked_endings:
            continue  # the warning at the link speaks of them all
        else:
            message = f"{of}, which {is_are} not published: {_advise(ending)}"
        problems.append(Problem(f"content/{files.printable(alike[0])}", 1, 1, Severity.WARNING, "", message))
    return problems, links


def _advise(ending: str) -> str:
    """Return what to do with files of an `ending` that is neither an article's nor a document's."""
    if not ending:
        return _RENAME
    if ending in _UNSHOWN_PICTURES:
        return "browsers do not show such pictures; save them as JPEG, PNG or WebP, under the names that articles give"
    if ending in ACTIVE_TYPES:
        return type_fault(ending)
    if type_fault(ending):
        return "rename them, or keep them outside content/"
    return f"keep them outside content/, or write `documents: [{ending[1:]}]` into site.yml and link to them"


def _find_links(kinds: Mapping[str, Iterable[str]], records: Mapping[str, SourceRecord]) -> Iterator[ArchiveProblem]:
    """Yield a warning for each ending of `kinds` of whose files articles link to some, at the first such link."""
    ending_of = {canonical(path): ending for ending, alike in kinds.items() for path in alike}
    links: dict[str, list[tuple[str, str]]] = {}
    for path, record in records.items():
        for link in record.article.links if record.article is not None else ():
            target = canonical(link.partition(":")[2].partition("#")[0])
            if target in ending_of:
                links.setdefault(ending_of[target], []).append((path, target))
    for ending, links_of_ending in sorted(links.items()):
        path, target = links_of_ending[0]
        count = len({target for _, target in links_of_ending})
        of = f"to {target}, one of {count:,} {ending} files that articles link to," if count > 1 else f"to {target}"
        advice = type_fault(ending) or f"if browsers only show or save such files, write `documents: [{ending[1:]}]` into site.yml"
        message = f"the link {of} leads to what is not published: {advice}"
        yield ArchiveProblem(path, "", "", Severity.WARNING, message, target)
