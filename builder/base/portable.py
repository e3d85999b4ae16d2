"""Which output paths every file system takes: those of Linux, macOS, Windows, and memory sticks (FAT, exFAT)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

MAX_PART_BYTES = 255
"""Of one name, in UTF-8: what ext4, APFS and NTFS take at least."""
MAX_PATH_BYTES = 900
"""Of a whole path within the output folder, in UTF-8: macOS takes 1024 with all folders above it."""

_FORBIDDEN_CHARACTERS = re.compile(r'[<>:"|?*\\\x00-\x1f\x7f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])", re.IGNORECASE)
"""Names that Windows keeps for devices, with any ending."""
_PLAIN_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{7,200}\.html")
"""What nearly every page is called: longer than a device's name, and without anything that could be wrong with it."""


def is_device_name(name: str) -> bool:
    """Whether Windows takes the file name `name` for a device: `con`, `AUX.html`, `com1`."""
    return _DEVICE.fullmatch(name.partition(".")[0].rstrip(" ")) is not None


def path_fault(path: str) -> str:
    """Return what keeps the output `path` from being a file everywhere, as the end of a sentence that begins with it; else ""."""
    if len(path.encode(errors="surrogatepass")) > MAX_PATH_BYTES:
        return f"is longer than {MAX_PATH_BYTES} bytes"
    folder, slash, name = path.rpartition("/")
    if _PLAIN_NAME.fullmatch(name):
        return _folder_fault(folder) if slash else ""
    return (_folder_fault(folder) if slash else "") or _part_fault(name)


@lru_cache(maxsize=4096)
def _folder_fault(folder: str) -> str:
    """Return the same of the folder that files lie in: many of them do."""
    return next(filter(None, map(_part_fault, folder.split("/"))), "")


def _part_fault(part: str) -> str:
    if part in {"", ".", ".."}:
        return "has an empty part or one that leads upwards"
    if len(part.encode(errors="surrogatepass")) > MAX_PART_BYTES:
        return f'has a part longer than {MAX_PART_BYTES} bytes ("{part[:20]}…")'
    if part.startswith("."):
        return f'has a part that begins with a dot ("{part}"), which servers hide'
    if part.endswith((".", " ")) or part.startswith(" "):
        return f'has a part that begins or ends with a space, or ends with a dot ("{part}"), which Windows drops'
    if match := _FORBIDDEN_CHARACTERS.search(part):
        return f"has the character {match[0]!a}, which Windows and memory sticks do not take"
    if is_device_name(part):
        return f'has the part "{part}", which Windows keeps for a device'
    return ""


def fold_path(path: str) -> str:
    """Return what two paths share that some file system takes for one: letter case, Unicode normal form, final sigma."""
    if path.isascii():
        return path.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())
