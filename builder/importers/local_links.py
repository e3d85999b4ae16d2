"""Links of a generator's text to files beside it: to the address that a page has now, or named where nothing is there."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from builder.base.files import is_file
from builder.base.picture_types import IMAGE_TYPES
from builder.importers.linked_documents import is_document, name_documents
from builder.importers.settings import ReadSettings
from builder.importers.story import Story
from builder.importers.template_tags import CODE

_LINK = re.compile(r"(?<!!)\[((?:[^\[\]\\]|\\.|!\[[^\]]*\]\([^)]*\))*)\]\(\s*<?([^)\s>]+)>?((?:\s+\"[^\"]*\")?\s*)\)")
_PELICAN = re.compile(r"^[{|](?:static|attach|filename)[}|]")
_PAGES = (".md", ".markdown", ".mkd", ".rst")
_ROOTS = ("", "static", "assets", "public", "source", "src", "content")


def settle_links(story: Story, root: Path, path: PurePosixPath, addresses: Mapping[str, str], settings: ReadSettings) -> None:
    """Lead links to pages of the folder `root` to their addresses here; take away those to pages that do not come in.

    `path` is the text's own, from `root`; `addresses` has the address of each page by the name that the text uses ("" for
    one that is left out). Where documents lie is told to the story, if they are taken along; other files that are neither
    pages nor pictures are named in a warning.
    """
    missing: list[str] = [name for name, address in addresses.items() if not address]
    files: list[str] = []
    documents: list[str] = []

    def lead(match: re.Match[str]) -> str:
        target = _PELICAN.sub("", match[2])
        if "://" in target or target.startswith(("#", "//", "mailto:")):
            return match[0]
        plain, mark, anchor = target.partition("#")
        name = unquote(plain)
        if name.lower().endswith(_PAGES):
            address = addresses.get(plain.lstrip("/"))
            if address is None and _find(root, path, name):
                return match[0]  # a page whose address is not known before it is written
            if not address:
                if plain.lstrip("/") not in missing:
                    missing.append(plain.lstrip("/"))
                return match[1]
            return f"[{match[1]}]({address}{mark}{anchor}{match[3]})"
        file = None if PurePosixPath(name).suffix.lower() in {"", ".html", ".htm", *IMAGE_TYPES} else _find(root, path, name)
        if file is not None and is_document(target, settings.documents):
            (documents if not settings.take_pictures else []).append(name)
            story.files[target] = str(file)
        elif file is not None:
            files.append(name)
        return f"[{match[1]}]({target}{match[3]})" if target != match[2] else match[0]

    text, at = "", 0
    for code in CODE.finditer(story.markdown):
        text += _LINK.sub(lead, story.markdown[at : code.start()]) + code[0]
        at = code.end()
    story.markdown = text + _LINK.sub(lead, story.markdown[at:])
    if missing:
        names = ", ".join(missing)
        story.warn("", f"refers to pages that are left out, or not in the source: {names}; the words stay without a link")
    if files:
        names = ", ".join(dict.fromkeys(files))
        story.warn("", f"links to files that are no pictures or documents and are not brought in: {names}; publish them elsewhere")
    if documents:
        name_documents(story, documents)


def _find(root: Path, path: PurePosixPath, name: str) -> Path | None:
    beside = posixpath.normpath(posixpath.join(str(path.parent), name))
    candidates = [f"{folder}/{name.lstrip('/')}".lstrip("/") for folder in _ROOTS]
    for candidate in candidates if name.startswith("/") else (beside, *candidates):
        file = root / candidate
        if not candidate.startswith("..") and "\0" not in candidate and is_file(file) and _is_inside(file, root):
            return file
    return None


def _is_inside(file: Path, root: Path) -> bool:
    return file.resolve().is_relative_to(root.resolve())
