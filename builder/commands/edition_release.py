"""Releasing an edition of an archive: its site built, what it holds counted, a line in releases.yml, the edition published."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from builder.archive.addresses import ABOUT, RELEASES
from builder.archive.releases import Release, note_fault, read_releases, write_releases
from builder.archive.seals import PUBLISHED_FOLDER
from builder.articles.model import FIELD_NAMES
from builder.base.now import now
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.commands.seals import build_site
from builder.config.site import load_site
from builder.export.selection import read_archive
from builder.formats.fixity import MANIFEST, manifest_lines, parse_manifest


def release_edition(folder: Path, output: Path | None, note: str) -> Release:
    """Release the archive at `folder` as its next edition, with `note`, and return it.

    Raises ConfigError where nothing that was published changed since the last one, BuildUnavailableError where the disk does
    not let it; there is no new edition then.
    """
    text = " ".join(note.split())
    if fault := note_fault(text):
        raise ConfigError(f"NOTE: {fault}")
    build_site(folder, output, "nothing is released")
    manifest = (folder / (output or "public") / MANIFEST).read_text(encoding="utf-8")
    sha512 = release_digest(parse_manifest(manifest))
    earlier = read_releases(folder)
    if earlier and earlier[-1].sha512 == sha512:
        raise ConfigError(f"nothing that is published changed since edition {earlier[-1].number} of {earlier[-1].date}")
    archive = read_archive(folder)
    stories = len(archive.stories) + len(archive.undated)
    day = datetime.fromtimestamp(now(), UTC).astimezone(ZoneInfo(load_site(folder, FIELD_NAMES).timezone)).date().isoformat()
    edition = Release(len(earlier) + 1, day, text, stories, len(archive.withdrawn), sha512)
    try:
        write_releases(folder, (*earlier, edition))
    except OSError as error:
        raise BuildUnavailableError(f"{error.filename}: {error.strerror}; nothing was released") from None
    build_site(folder, output, "the edition is not published yet")
    return edition


def release_digest(checksums: Mapping[str, str]) -> str:
    """Return the SHA-512, in hexadecimal, of the manifest of `checksums` (by path) but for what tells of editions and seals."""
    checked_files = {path: checksum for path, checksum in checksums.items() if _is_checked(path)}
    return hashlib.sha512("".join(manifest_lines(checked_files)).encode()).hexdigest()


def _is_checked(path: str) -> bool:
    return path not in {ABOUT.path, RELEASES.path} and not path.startswith(f"{PUBLISHED_FOLDER}/")
