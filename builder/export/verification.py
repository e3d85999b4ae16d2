"""Verification: how a site, a bag, a copy on a web server or the articles of an archive differ from their checksums."""

from __future__ import annotations

import posixpath
import re
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from hashlib import sha512
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.parse import unquote, urlsplit
from urllib.request import urlopen

from builder.archive.addresses import HOST_FILES, NETLIFY, NGINX
from builder.archive.seals import MANIFEST_COPY, PUBLISHED_FOLDER, RECORD, is_sealed, read_record
from builder.articles.originals import is_original
from builder.base.files import ARTICLE_SUFFIXES, digest, digest_of_file, open_regular, read_regular, walk
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.base.urls import quote
from builder.export.bag import is_bag, verify_bag
from builder.export.payload import SITE
from builder.export.sealing import faults
from builder.export.tar_bags import is_tar, verify_tar
from builder.formats.fixity import MANIFEST, Difference, checksum_of, differences, parse_manifest, read_manifest, regular_files
from builder.formats.server_redirects import read_rules
from builder.state import state

TIMEOUT = 30
"""Seconds that a web server may take to answer."""


def verify(target: str, signer: Path | None = None) -> Iterator[Difference]:
    """Yield how the files at `target` differ from their manifest: a published folder, a bag (also in a tar file), or the address of
    a copy.

    A seal is checked too, by the `signer` (sealing.faults) that is trusted. Raises ConfigError where there is no manifest to hold
    files to, BuildUnavailableError where a server does not answer.
    """
    if urlsplit(target).scheme in {"http", "https"}:
        yield from _verify_copy(target.rstrip("/") + "/")
    elif is_tar(Path(target)):
        if signer is not None:
            raise ConfigError(f"{target}: unpack the bag to have its seal checked by --signer")
        yield from verify_tar(Path(target))
    elif is_bag(Path(target)):
        yield from verify_bag(Path(target))
        of_seal = verify_seal(Path(target, "data", SITE), signer)
        yield from (each._replace(path=f"data/{SITE}/{each.path}") for each in of_seal)
    else:
        yield from verify_site(Path(target), signer)


def verify_site(folder: Path, signer: Path | None = None, are_builds_known: bool = False) -> Iterator[Difference]:
    """Yield how the files of the published `folder` differ from the manifest in it, and what does not hold of its seal."""
    try:
        with open_regular(folder / MANIFEST) as stream:
            checksums = read_manifest(stream)
    except OSError:
        raise ConfigError(f"{folder / MANIFEST}: not found; build the site, or name a folder or a bag that has one") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{folder / MANIFEST}: is damaged; build the site again") from None
    present = (path for path in regular_files(folder) if path != MANIFEST)
    yield from differences(folder, checksums, present)
    yield from verify_seal(folder, signer, are_builds_known)


def verify_own_site(folder: Path, public: Path, signer: Path | None = None) -> Iterator[Difference]:
    """Yield how the site in the folder `public` differs from what the last build of the archive at `folder` left there.

    Where it is known what that was, a manifest that somebody else wrote is a fault. Raises as `verify_site`.
    """
    key = _last_manifest_key(folder, public)
    is_ours = False
    with suppress(OSError):
        is_ours = digest(read_regular(public / MANIFEST)) == key
        if key and not is_ours:
            yield Difference(MANIFEST, "changed, and no build did that")
    yield from verify_site(public, signer, is_ours)


def _last_manifest_key(folder: Path, public: Path) -> str:
    """Return the digest of the manifest that the last build left in `public`, "" where that is not known."""
    try:
        with state.open_read_only(folder) as snapshot:
            if snapshot.output_folder() == str(public.resolve()):
                last = snapshot.outputs(str(public.resolve())).get(MANIFEST)
                return last.key if last is not None else ""
    except (sqlite3.Error, state.StateCorruptError):
        pass
    return ""


def verify_seal(folder: Path, signer: Path | None = None, are_builds_known: bool = False) -> Iterator[Difference]:
    """Yield what does not hold of the seal of the published `folder`, if it has one; `signer` is required to have made it.

    That files are others since is said, and no fault: the seal holds of what it names. Whether builds changed them is known
    of an archive's own site alone (`are_builds_known`). Whoever names a `signer` believes nobody else, and a file that is not
    as that signer sealed it is a fault then.
    """
    seal_folder = folder / PUBLISHED_FOLDER
    if not seal_folder.is_dir():
        if signer is not None:
            yield Difference(PUBLISHED_FOLDER, "missing")
        return
    yield from (Difference(f"{PUBLISHED_FOLDER}/{fault.file}", fault.reason) for fault in faults(seal_folder, signer))
    try:
        now, then = (_checksums(file) for file in (folder / MANIFEST, seal_folder / MANIFEST_COPY))
        record = read_record(seal_folder / RECORD)
    except (OSError, UnicodeDecodeError, ConfigError):
        return  # said before
    now = {path: checksum for path, checksum in now.items() if is_sealed(path)}
    edits = sum(now[path] != then[path] for path in now.keys() & then.keys())
    old, new = len(then.keys() - now.keys()), len(now.keys() - then.keys())
    if edits or old or new:
        date = f"sealed as of {record.date}" if record is not None else "sealed earlier"
        since = "changed by builds since" if are_builds_known else "changed since, and the manifest with them"
        kind = f"{date}; {since}: {edits} files are others, {old} went, {new} came"
        if signer is not None:
            kind += "; the signer vouches for none of these: seal the site again"
        elif not are_builds_known:
            kind += "; whether builds did that, only the archive's own folder with its .morgue/ tells"
        yield Difference(f"{PUBLISHED_FOLDER}/{MANIFEST_COPY}", kind, signer is not None)


def _checksums(file: Path) -> dict[str, str]:
    with file.open("rb") as stream:
        return read_manifest(stream)


def verify_content(folder: Path) -> Iterator[Difference]:
    """Yield how the articles of the archive at `folder` differ from what its last build read, and the pictures, documents and
    originals that they name. Raises ConfigError without one."""
    try:
        with state.open_read_only(folder) as snapshot:
            last = snapshot.last_articles()
    except (sqlite3.Error, state.StateCorruptError):
        last = {}
    if not last:
        raise ConfigError(f"{folder / state.FOLDER}: knows of no article; build the archive, then its articles can be verified")
    content = folder / "content"
    present = (entry.path for entry in walk(content, ARTICLE_SUFFIXES))
    articles = differences(content, {path: record.sha256 for path, record in last.items()}, present, "sha256")
    yield from (each._replace(path=f"content/{each.path}") for each in articles)
    media = {file[0]: file[1] for record in last.values() if record.article for file in record.article.media if file[1]}
    for source, output in sorted(media.items()):
        path = posixpath.normpath(f"content/{source}")
        if kind := _fault_of_media(folder / path, output):
            yield Difference(path, kind)


def _fault_of_media(file: Path, output: str) -> str:
    """Return how `file` differs from what was published of it at `output`, whose name tells its digest; "" if not at all."""
    try:
        if not file.is_file():
            return "missing"
        if is_original(f"../{output}"):
            with open_regular(file) as stream:
                digest = checksum_of(stream, "sha256")
        else:
            digest = digest_of_file(file)
    except OSError:
        return "changed"
    digest_in_name = re.search(r"/([0-9a-f]{20,})", output)
    return "" if digest_in_name is None or digest.startswith(digest_in_name[1]) else "changed"


def _verify_copy(address: str) -> Iterator[Difference]:
    """Yield how the files that a server has at `address` differ from its own manifest; it cannot tell which files are new.

    An old address that the server leads on, as the rules that the site has for it say, is as it should be.
    """
    try:
        with urlopen(address + MANIFEST, timeout=TIMEOUT) as answer:  # noqa: S310 (http and https alone)
            text = answer.read().decode()
    except HTTPError as error:
        raise ConfigError(f"{address}{MANIFEST}: the server answers {error.code}; it has no manifest of this site") from None
    except (URLError, TimeoutError, UnicodeDecodeError) as error:
        raise BuildUnavailableError(f"{address}{MANIFEST}: cannot be read: {error}") from None
    checksums = parse_manifest(text)
    rules: dict[str, str] | None = None
    for path, checksum in sorted(checksums.items()):
        try:
            with urlopen(address + quote(path), timeout=TIMEOUT) as answer:  # noqa: S310
                is_same, target = checksum_of(answer) == checksum, unquote(answer.url.partition("#")[0])
            if is_same:
                continue
            if rules is None:
                rules = _rules_at(address, checksums)
            kind = f"changed: the server leads on to {target}"
            if not target.startswith(unquote(address)) or target == unquote(address + quote(path)):
                yield Difference(path, "changed")
            elif not rules and NETLIFY in checksums:
                yield Difference(path, f"{kind}; whether a rule of the site says so, it does not show", False)
            elif rules.get(path.lower()) != target.removeprefix(unquote(address)):
                yield Difference(path, f"{kind}, and no rule of the site says so")
        except HTTPError:
            if path not in HOST_FILES:
                yield Difference(path, "missing")
        except (URLError, TimeoutError) as error:
            raise BuildUnavailableError(f"{address}{quote(path)}: cannot be read: {error}") from None


def _rules_at(address: str, checksums: Mapping[str, str]) -> dict[str, str]:
    """Return the rules for old addresses (`read_rules`) of the site at `address`, where it shows them as it was built."""
    rules: dict[str, str] = {}
    for name in {NETLIFY, NGINX}.intersection(checksums):
        with suppress(HTTPError), urlopen(address + name, timeout=TIMEOUT) as answer:  # noqa: S310
            data = answer.read()
            if sha512(data).hexdigest() == checksums[name]:
                rules |= read_rules(data.decode(errors="replace"), address)
    return rules
