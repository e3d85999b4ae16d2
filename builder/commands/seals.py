"""Sealing an archive: its site built, the manifest signed and stamped, the seal published."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from builder.archive.seals import FOLDER, MANIFEST_COPY, RECORD, Seal, is_sealed
from builder.base.files import sync
from builder.base.now import now
from builder.base.problems import BuildUnavailableError, ConfigError
from builder.build import Options, build
from builder.export import sealing
from builder.formats.fixity import MANIFEST, manifest_lines, parse_manifest


def seal_archive(
    folder: Path, output: Path | None, key: Path | None, certificate: Path | None, authority: str | None, authorities: Path | None
) -> Seal:
    """Seal the archive at `folder` and return what is told of the seal.

    Raises ConfigError where it cannot be, BuildUnavailableError where no authority answers; the old seal stays then.
    """
    build_site(folder, output)
    public = folder / (output or "public")
    new_seal = Seal("")
    for _ in range(2):  # a link to a file of the seal is one from the first seal on: that changes its page once
        checksums = _sealed_checksums(public)
        new_seal = _make_seal(folder, checksums, key, certificate, authority, authorities)
        build_site(folder, output)
        if _sealed_checksums(public) == checksums:
            break
    return new_seal


def _sealed_checksums(public: Path) -> dict[str, str]:
    text = (public / MANIFEST).read_text(encoding="utf-8")
    return {path: checksum for path, checksum in parse_manifest(text).items() if is_sealed(path)}


def _make_seal(
    folder: Path,
    checksums: dict[str, str],
    key: Path | None,
    certificate: Path | None,
    authority: str | None,
    authorities: Path | None,
) -> Seal:
    """Write the seal of a manifest of `checksums` into the archive at `folder`, and return what is told of it."""
    new = folder / f".{FOLDER}.unfinished"
    shutil.rmtree(new, ignore_errors=True)
    try:
        new.mkdir()
        (new / MANIFEST_COPY).write_text("".join(manifest_lines(checksums)), encoding="utf-8")
        new_seal = sealing.sign(new, key, certificate) if key is not None else Seal("")
        new_seal = new_seal._replace(date=sealing.now_text(now()))
        if authority is not None:
            with_stamp = sealing.stamp(new, new_seal.signature or MANIFEST_COPY, authority, authorities)
            new_seal = new_seal._replace(date=with_stamp.date, authority=with_stamp.authority, timestamp=with_stamp.timestamp)
        record = {name: value for name, value in new_seal._asdict().items() if value}
        (new / RECORD).write_text("".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in record.items()))
        if reasons := [f"{fault.file} {fault.reason}" for fault in sealing.faults(new)]:
            raise ConfigError(f"the seal does not hold: {'; '.join(reasons)}")
        for file in new.iterdir():
            sync(file)
        shutil.rmtree(folder / FOLDER, ignore_errors=True)
        new.rename(folder / FOLDER)
    except OSError as error:
        raise BuildUnavailableError(f"{error.filename}: {error.strerror}; nothing was sealed") from None
    finally:
        shutil.rmtree(new, ignore_errors=True)
    return new_seal


def build_site(folder: Path, output: Path | None, undone: str = "nothing is sealed") -> None:
    """Build the site of the archive at `folder`. Raises ConfigError, which says what is `undone`, where articles have errors."""
    report = build(folder, Options(output=output))
    if not report.is_published:
        raise ConfigError(f"the articles have errors, so the site was not built and {undone}: morgue check")
