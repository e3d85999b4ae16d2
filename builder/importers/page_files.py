"""Copies of a saved page's pictures: files that lie beside it, as browsers and mirrors have them, and parts of MHTML."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from lxml import etree

from builder.base import files
from builder.importers.addresses import join, split_address
from builder.importers.capture_cleanup import mhtml_parts
from builder.importers.html_repairs import best_source
from builder.importers.linked_documents import is_document, links_in, name_documents
from builder.importers.media import addresses_of
from builder.importers.settings import ReadSettings
from builder.importers.story import Story, sha256_of

_HOST = re.compile(r"^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?$", re.IGNORECASE)
_WEB = ("http://", "https://")
_IN_ADDRESS = "%/:?&=#+,;@!$'()*~"
_SCHEME = re.compile(r"^(?:[a-z][a-z0-9+.-]*:|//|#)", re.IGNORECASE)


def local_files(root: etree._Element, url: str, facts: Mapping[str, Any], documents: Collection[str]) -> dict[str, str]:
    """Give each picture of the page `root` that lies beside it an address of its own, and each linked file of one of the
    endings `documents`; return address → path on this machine.

    `facts` are those of the piece: its `folder` and the source's `root`. The address is that on the web, where a mirror's
    folders tell it, else a `file:` address. A `base` of the page says nothing of files that a browser saved.
    """
    if not facts.get("folder"):
        return {}
    folder, top = Path(str(facts["folder"])), Path(str(facts.get("root") or facts["folder"]))
    copies: dict[str, str] = {}
    for image in root.iter("img", "amp-img"):
        source = best_source(image)
        if not source or _SCHEME.match(source):
            continue
        file = _file_of(source, folder, top)
        if file is not None:
            address = _address_of(file, folder, top, source, url)
            image.set("src", address)
            copies[address] = str(file)
    for link in root.iter("a"):
        source = (link.get("href") or "").strip()
        if source and not _SCHEME.match(source) and is_document(source, documents):
            file = _file_of(source, folder, top)
            if file is not None:
                address = _address_of(file, folder, top, source, url)
                address = quote(address, safe=_IN_ADDRESS) if address.startswith(_WEB) else join(url, source)
                link.set("href", address)
                copies[address] = str(file)
    return copies


def note_files(story: Story, beside: dict[str, str], data: bytes, settings: ReadSettings) -> None:
    """Tell the story which of its pictures have copies: those `beside` it, or in its bytes `data` where these are MHTML."""
    addresses = addresses_of(story)
    documents = [address for address in links_in(story.markdown) if address in beside]
    story.files |= {address: beside[address] for address in (*addresses, *documents) if address in beside}
    if documents and not settings.take_pictures:
        name_documents(story, documents)
    own = [address for address in addresses if not address.startswith(_WEB) or settings.take_pictures]
    if not own or not settings.scratch or b"multipart/related" not in data[:4096].lower():
        return
    parts = mhtml_parts(data)
    for address in own:
        if address in parts:
            file = Path(settings.scratch, "parts", sha256_of(parts[address]))
            if not file.exists():
                files.write_whole(file, parts[address])
            story.files[address] = str(file)


def _file_of(source: str, folder: Path, top: Path) -> Path | None:
    for plain in dict.fromkeys((source, unquote(source), unquote(source.partition("?")[0].partition("#")[0]))):
        if "\0" in plain or plain.startswith("/"):
            continue
        file = Path(os.path.normpath(folder / plain))
        try:
            if files.is_file(file) and file.resolve().is_relative_to(top.resolve()):
                return file
        except OSError:  # a name that is too long is no file's
            continue
    return None


def _address_of(file: Path, folder: Path, top: Path, source: str, url: str) -> str:
    parts = file.relative_to(top).parts if file.is_relative_to(top) else ()
    if len(parts) > 1 and _HOST.match(parts[0]):  # a mirror has a folder for each host
        return f"https://{'/'.join(parts)}"
    is_mirror = url.startswith(_WEB) and not _is_saved_folder(source) and _ends_alike(folder, url)
    return join(url, source) if is_mirror else file.resolve().as_uri()


def _is_saved_folder(source: str) -> bool:
    """Whether a browser made the folder in which the file lies, when it saved the page."""
    first = unquote(source).removeprefix("./").partition("/")[0]
    return first.lower().endswith(("_files", "-filer", "_archivos", "-dateien", "_fichiers", ".files", "_bestanden"))


def _ends_alike(folder: Path, url: str) -> bool:
    """Whether the page's folder here is called as that of its address, so that relative addresses hold."""
    parts = [part for part in unquote(split_address(url).path).split("/")[:-1] if part]
    return bool(parts) and folder.parts[-1] in parts
