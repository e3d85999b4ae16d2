"""The seal: files of seals/, which prove since when the published files are as they are; builds publish them under seal/."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from builder.base import files
from builder.base.problems import ConfigError
from builder.base.yaml_parsing import YamlError, parse

FOLDER, PUBLISHED_FOLDER = "seals", "seal"
RECORD = "seal.yml"
MANIFEST_COPY = "manifest-sha512.txt"
"""Named as the manifest is that it is a copy of, but for what no seal covers."""
CMS, CERTIFICATES = f"{MANIFEST_COPY}.p7s", "signer.pem"
SSH, SSH_SIGNERS = f"{MANIFEST_COPY}.sig", "allowed_signers"
AUTHORITIES = "timestamp-ca.pem"
_MAX_BYTES = 100_000


class Seal(NamedTuple):
    """What is told of a seal: the moment (ISO 8601, UTC), who signed and by which key, and whose word the time is ("" for none)."""

    date: str
    signer: str = ""
    fingerprint: str = ""
    authority: str = ""
    signature: str = ""
    """The file of the signature, "" for none."""
    timestamp: str = ""
    """The file of the time stamp, "" for none."""


def read_seal(folder: Path) -> Seal | None:
    """Return what seals/ of the archive at `folder` tells of its seal, None where it has none. Raises ConfigError."""
    return read_record(folder / FOLDER / RECORD)


def read_record(file: Path) -> Seal | None:
    """Return what the `file` of a seal's record tells, None where there is none. Raises ConfigError."""
    try:
        data = parse(files.read_regular(file, _MAX_BYTES).decode())
        return Seal(**{name: str(data[name]) for name in Seal._fields if data.get(name)})
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError, YamlError, TypeError) as error:
        raise ConfigError(f"{file}: cannot be read ({error}); seal the archive again, or delete {file.parent.name}/") from None


def seal_files(folder: Path) -> tuple[Path, ...]:
    """Return the files of the seal of the archive at `folder`, in order."""
    names = (
        RECORD,
        MANIFEST_COPY,
        CMS,
        CERTIFICATES,
        SSH,
        SSH_SIGNERS,
        f"{CMS}.tsr",
        f"{SSH}.tsr",
        f"{MANIFEST_COPY}.tsr",
        AUTHORITIES,
    )
    return tuple(file for name in names if (file := folder / FOLDER / name).is_file())


def is_sealed(path: str) -> bool:
    """Whether a seal covers the published `path`: all but the manifest itself, the seal, and the page that tells of it."""
    return path not in {MANIFEST_COPY, "about.html"} and not path.startswith(f"{PUBLISHED_FOLDER}/")
