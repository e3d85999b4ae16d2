"""Removal: an article goes from all that the archive keeps; a line of removals.yml says that there was one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from builder.archive.address_ledger import split_entry, write_entries
from builder.archive.removals import Removal, read_removals, write_removals
from builder.articles.frontmatter import FrontMatterError, split
from builder.articles.named_files import is_beside_content
from builder.articles.originals import ORIGINALS, is_original
from builder.articles.parsing import default_id, parse_article
from builder.base import files
from builder.base.now import now
from builder.base.problems import BuildUnavailableError
from builder.base.yaml_parsing import YamlError, parse
from builder.commands.lookup import ArticleReference, Lookup
from builder.state.state import FOLDER, lock

_DIGEST = re.compile(rb"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""The checksum by which an original is kept (SHA-256)."""


class RemovalPlan(NamedTuple):
    """What a removal takes away: ids, files by their paths in the archive, addresses; and files that stay, as others may need
    them: originals that other articles were read from, files of static/."""

    ids: frozenset[str]
    files: tuple[str, ...]
    addresses: tuple[str, ...]
    shared_files: tuple[str, ...]


def plan_removal(lookup: Lookup, references: Sequence[ArticleReference]) -> RemovalPlan:
    """Return what goes with the articles of `references`. Nothing is changed."""
    content = lookup.folder / "content"
    leaving = {each.path for each in references if each.path}
    staying_media = _media_of_others(lookup, leaving)
    ids, paths, digests, static = set(), set(), set(), set()
    for each in references:
        if not each.path:
            ids.add(each.id)
            continue
        data = (content / each.path).read_bytes()
        article = parse_article(each.path, data, content, lookup.site).article
        ids.add(article.id if article is not None else default_id(each.path))
        paths.add(f"content/{each.path}")
        digests.add(_digest_of_original(data, lookup))
        if article is not None:
            own = {source for source, *_ in article.media if not is_original(source)} - staying_media
            paths |= {f"content/{each}" for each in own if not is_beside_content(each) and (content / each).is_file()}
            static |= {source.removeprefix("../") for source in own if is_beside_content(source)}
    originals = {f"{ORIGINALS}/{digest[:2]}/{digest}" for digest in digests if digest}
    originals = {path for path in originals if (lookup.folder / path).is_file()}
    others = _named_by_others(originals, content, leaving) if originals else set()
    addresses = {address for entry in lookup.ledger.entries for address, id_ in [split_entry(entry)] if id_ in ids}
    removed_files, kept_files = paths | (originals - others), others | static
    return RemovalPlan(frozenset(ids), *(tuple(sorted(each)) for each in (removed_files, addresses, kept_files)))


def remove(lookup: Lookup, plan: RemovalPlan, reason: str) -> None:
    """Take away what `plan_removal` gave, and all that builds remember; note it in removals.yml for the class of `reason`.

    The site is as it was until it is built. Raises BuildUnavailableError where the disk does not let it.
    """
    day = datetime.fromtimestamp(now(), UTC).astimezone(ZoneInfo(lookup.site.timezone)).date().isoformat()
    folder = lookup.folder
    removals = read_removals(folder)
    addresses = {removal.address for removal in removals}
    new = [Removal(address, day, reason) for address in plan.addresses if address not in addresses]
    with lock(folder):
        try:
            if new:
                write_removals(folder, (*removals, *new))
            for path in plan.files:
                files.remove(folder / path, folder / path.partition("/")[0])
            write_entries(folder, (entry for entry in lookup.ledger.entries if split_entry(entry)[1] not in plan.ids))
            for file in _state_files(folder / FOLDER):
                file.unlink()
        except OSError as error:
            raise BuildUnavailableError(f"{error.filename}: {error.strerror}; the removal is not done: run it again") from None


def _media_of_others(lookup: Lookup, leaving: Set[str]) -> set[str]:
    """Return the pictures and documents below content/ that articles name which stay, held back or not."""
    others = (*lookup.archive.texts, *(each.article for each in lookup.archive.held_back))
    return {source for other in others if other.path not in leaving for source, *_ in other.media}


def _digest_of_original(data: bytes, lookup: Lookup) -> str:
    try:
        front = parse(split(data).front)
    except (FrontMatterError, YamlError):
        return ""
    digest = str(front.get(lookup.site.fields.get("captured_sha256", "captured_sha256")) or "")
    return digest if _DIGEST.fullmatch(digest.encode()) else ""


def _named_by_others(originals: Set[str], content: Path, leaving: Set[str]) -> set[str]:
    """Return those of `originals` (their paths) that an article which stays was read from."""
    by_digest = {path.rpartition("/")[2].encode(): path for path in originals}
    paths: set[str] = set()
    for entry in files.walk(content, files.ARTICLE_SUFFIXES):
        if entry.path not in leaving and not (entry.is_outside or entry.error):
            digests = _DIGEST.findall((content / entry.path).read_bytes())
            paths.update(by_digest[digest] for digest in digests if digest in by_digest)
    return paths


def _state_files(folder: Path) -> Iterator[Path]:
    """Yield every file of .morgue/ but those of its lock."""
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.parent / file.name not in {folder / "lock", folder / "holder"}:
            yield file
