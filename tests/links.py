"""Every link of a built site, followed on disk: what leads to no file, or to no place in it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit


class _Page(HTMLParser):
    """Gathers the addresses that a page names and the places in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.places: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name in {"href", "src", "action"} and value is not None and tag != "base":
                self.links.append(value)
            elif name == "id" and value:
                self.places.add(value)
            elif name == "content" and value and value.startswith("0; url="):
                self.links.append(value.removeprefix("0; url="))


def dead_links(folder: Path, base: str = "") -> list[str]:
    """Return `page: link` for every relative link below `folder` that leads to no file or to no `id` in one.

    Links that begin with `base` (the site's URL) are followed too, and those of 404.html, which count from the root of it. A link that names a folder is dead: from
    `file://` nothing stands for it.
    """
    pages = {path: _read(path) for path in sorted(folder.rglob("*.html"))}
    return list(_dead(folder, base, pages))


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _dead(folder: Path, base: str, pages: dict[Path, _Page]) -> Iterator[str]:
    known: dict[Path, bool] = {}
    root = urlsplit(base).path or "/"
    for path, page in pages.items():
        for link in dict.fromkeys(page.links):
            address, fragment = urldefrag(link)
            if base and address.startswith(base):
                target = folder / (unquote(urlsplit(address.removeprefix(base)).path) or "index.html")
            elif urlsplit(address).scheme or address.startswith("//"):
                continue
            elif path == folder / "404.html" and address.startswith(root):  # it is shown at any address
                target = folder / unquote(urlsplit(address.removeprefix(root)).path)
            elif address:
                target = (path.parent / unquote(urlsplit(address).path)).resolve()
            else:
                target = path
            if target not in known:
                known[target] = target.is_file()
            if not known[target]:
                yield f"{path.relative_to(folder)}: {link}"
            elif fragment and target in pages and unquote(fragment) not in pages[target].places:
                yield f"{path.relative_to(folder)}: {link} (no such place)"


if __name__ == "__main__":
    found = dead_links(Path(sys.argv[1]).resolve(), *sys.argv[2:])
    print("\n".join(found) or "no dead links")
    raise SystemExit(bool(found))
