"""Pictures brought home, byte for byte, below content/: those that a source holds, copies in a folder, or fetched from the web."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from builder.base import files
from builder.base.picture_types import IMAGE_TYPES
from builder.base.problems import ConfigError
from builder.importers.addresses import split_address
from builder.importers.downloads import Downloads, picture_ending
from builder.importers.settings import picture_file
from builder.importers.story import Story, sha256_of

_IN_TEXT = re.compile(r"!(\[(?:[^\]\\]|\\.)*\]\(\s*<?)([^\s)>]+)|<(img\b[^>]*?\bsrc=\")([^\"]+)")
"""Begins with a sign in either case: the search leaps from one to the next."""
_LINKED_IMAGE = re.compile(r"\[(!\[(?:[^\]\\]|\\.)*\]\([^)]*\))\]\(\s*<?([^\s)>]+)>?[^)]*\)")
_WEB = ("http://", "https://")


class Pictures:
    """Takes the pictures of one import.

    `media` is what `--media` names: a folder outside content/ in which copies are looked for, or one below content/ for
    the copies; None where only pictures without a web address are taken, which would be lost else. Without a folder
    of their own pictures lie beside the article, in its month's folder below `into`. `scratch` is where split put those
    of web archives (`picture_file`). Raises ConfigError where `--media` names no such folder.
    """

    def __init__(self, archive: Path, into: str, media: Path | None, download: bool, dry_run: bool) -> None:
        self._content = archive / "content"
        self._into, self._dry_run = into, dry_run
        self.has_folder = media is not None
        """Whether copies of what is on the web are looked for (`--media`)."""
        self._copies, self._folder = _media_folders(archive, media) if media else (None, "")
        self.downloads = Downloads() if download and not dry_run else None
        """Fetches what has no copy (`--download`)."""
        self.roots: dict[int, Path] = {}
        """The folder of each row of the report whose source is a folder: copies are looked for there too."""
        self.scratch: Path | None = None

    @property
    def is_asked_for(self) -> bool:
        """Whether pictures on the web are taken or fetched, too."""
        return self.has_folder or self.downloads is not None

    def bring_home(self, story: Story) -> None:
        """Put copies of the story's pictures below content/ and refer to them. What has no copy is named, and stays a link."""
        if "[![" in story.markdown:
            story.markdown = _LINKED_IMAGE.sub(lambda match: _without_link(match, story), story.markdown)
        for address in addresses_of(story):
            data, name = self._bytes_of(address, story)
            if data is None:
                self._miss(address, story)
                continue
            suffix = _suffix_of(name, data)
            if not suffix:
                story.warn("images", f"{_show(address)} is of no kind of picture that is published; it is left out of the archive")
                continue
            path = str(PurePosixPath(self.home(story), f"{sha256_of(data)[:12]}-{_name(name, suffix)}"))
            if not self._dry_run and not (self._content / path).exists():
                files.write_whole(self._content / path, data)
            if self.downloads is not None:
                self.downloads.note_copy(address, self._content / path)
            _refer(story, address, f"/{path}")

    def home(self, story: Story) -> str:
        """Return the folder below content/ for what goes with a story."""
        if self._folder:
            return self._folder
        day = str(story.values.get("date", ""))[:10]
        return str(PurePosixPath(self._into, day[:4], day[5:7]) if day else PurePosixPath(self._into, "undated"))

    def _bytes_of(self, address: str, story: Story) -> tuple[bytes | None, str]:
        """Return the bytes of a picture, or None, and the name that it has."""
        is_web = address.startswith(_WEB)
        if address in story.files and (self.has_folder or not is_web):
            file = Path(story.files[address])
            name = address if is_web else address.removeprefix("file://") if address.startswith("file:") else file.name
            return _read(file), split_address(name).path or file.name
        if not is_web or not self.is_asked_for:
            return None, ""
        name = split_address(address).path
        copy = self.copy_of(address, story) if self.has_folder else None
        data = _read(copy) if copy is not None else None
        if data is not None:
            return data, name
        if self.downloads is not None:
            data, fault = self.downloads.fetch(address)
            if fault:
                story.warn("images", f"{address} could not be fetched: {fault}; it stays a link")
            return data, name
        return None, name

    def copy_of(self, address: str, story: Story) -> Path | None:
        """Return the file on this machine that is a copy of what is at `address`, or None."""
        if address in story.files:
            return Path(story.files[address])
        if not address.startswith(_WEB):
            return None
        capture = picture_file(self.scratch, address) if self.scratch else None
        if capture is not None and files.is_file(capture):
            return capture
        copy = _local(address, self._copies, 1) if self._copies else None
        return copy or (_local(address, self.roots[story.source], 2) if story.source in self.roots else None)

    def _miss(self, address: str, story: Story) -> None:
        """Name a picture of which there is no copy. One without a web address keeps its caption at least."""
        if not address.startswith(_WEB):
            story.warn(
                "images",
                f"the picture {_show(address)} has no web address and is not in the source; put it beside the article",
            )
            for image in story.values.get("images", []):
                if image.get("src") == address and (image.get("caption") or address.startswith(("file:", "cid:"))):
                    image["src"] = ""
                    image["caption"] = image.get("caption") or image.get("alt") or _show(address)
        elif self.has_folder and self.downloads is None:
            where = f" or in {self._copies}" if self._copies else ""
            story.warn("images", f"there is no copy of {address} in the source{where}; it stays a link")


def addresses_of(story: Story) -> list[str]:
    """Return the addresses of a story's pictures, as its front matter and its text have them."""
    addresses = [str(image.get("src", "")) for image in story.values.get("images", []) if isinstance(image, dict)]
    has_any = "![" in story.markdown or "<img" in story.markdown
    in_text = [match[2] or match[4] for match in _IN_TEXT.finditer(story.markdown)] if has_any else []
    return [address for address in dict.fromkeys([*addresses, *in_text]) if address and not address.startswith(("data:", "\x02"))]


def _media_folders(archive: Path, media: Path) -> tuple[Path | None, str]:
    """Return the folder in which `--media` has copies looked for, or None, and the folder below content/ for them, or ""."""
    content = (archive / "content").resolve()
    for folder in (media, archive / media):
        if folder.is_dir() and not folder.resolve().is_relative_to(content):
            return folder, ""
    target = media if media.is_absolute() else archive / (media if media.parts[:1] == ("content",) else Path("content", media))
    if not target.resolve().is_relative_to(content):
        raise ConfigError(f"--media {media}: is no folder with copies of pictures, and none below content/ for them")
    inside = target.resolve().relative_to(content).as_posix()
    return None, "" if inside == "." else inside


def _without_link(match: re.Match[str], story: Story) -> str:
    """Return a picture without the link around it where that leads to a file of the source, which has no address here."""
    return match[1] if match[2] in story.files and not match[2].startswith(_WEB) else match[0]


def _refer(story: Story, address: str, path: str) -> None:
    for image in story.values.get("images", []):
        if isinstance(image, dict) and image.get("src") == address:
            image["src"] = path

    def replace_link(match: re.Match[str]) -> str:
        before, target = (f"!{match[1]}", match[2]) if match[2] else (f"<{match[3]}", match[4])
        return f"{before}{path if target == address else target}"

    story.markdown = _IN_TEXT.sub(replace_link, story.markdown)


def _suffix_of(name: str, data: bytes) -> str:
    """Return the ending for a picture of this name and these bytes, "" for what is not published as one."""
    suffix = PurePosixPath(unquote(name)).suffix.lower()
    if suffix in IMAGE_TYPES:
        return suffix
    return picture_ending(data)


def _name(name: str, suffix: str, otherwise: str = "picture") -> str:
    plain = re.sub(r"[^\w.-]+", "-", PurePosixPath(unquote(name)).name)
    stem = plain[: -len(suffix)] if plain.lower().endswith(suffix) else plain
    return f"{stem[-60:].strip('-.') or otherwise}{suffix}"


def readable_name(path: str, otherwise: str) -> str:
    """Return the name of the file at `path` (of an address) in letters, digits, hyphens and dots, its ending in lower case."""
    suffix = PurePosixPath(unquote(path)).suffix
    return _name(path, suffix.lower(), otherwise)


def _show(address: str) -> str:
    return PurePosixPath(unquote(split_address(address).path)).name if address.startswith("file:") else address


def _local(url: str, folder: Path, least: int) -> Path | None:
    """Return the copy whose path below `folder` ends as the address does, the longest ending first.

    An ending has `least` parts at least, or all that the address has.
    """
    address = split_address(url)
    parts = [part for part in unquote(address.path).split("/") if part not in {"", ".", ".."} and "\0" not in part]
    host = address.hostname or ""
    for candidate in _endings(host, parts, least):
        file = folder.joinpath(*candidate)
        if files.is_file(file) and file.resolve().is_relative_to(folder.resolve()):
            return file
    return None


def _endings(host: str, parts: list[str], least: int) -> Iterator[list[str]]:
    yield [host, *parts]
    for at in range(max(1, len(parts) - least + 1)):
        yield parts[at:]


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
