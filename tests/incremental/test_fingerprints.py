"""Whatever is lost, moved or upgraded between two builds: the next one publishes what a clean one does."""

from __future__ import annotations

import importlib
import json
import shutil
import sys
import zoneinfo
from importlib import metadata
from pathlib import Path

import pytest
from markdown.util import get_installed_extensions

from builder.articles import article_summary, markdown, parsing
from builder.base import version
from tests.sites import SITE, Archive, archive, story

EXTENSION = """
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
{imports}

class Stamp(Postprocessor):
    def run(self, text):
        return text.replace("STAMP", {word})

class StampExtension(Extension):
    def extendMarkdown(self, md):
        md.postprocessors.register(Stamp(md), "stamp", 1)

def makeExtension(**settings):
    return StampExtension(**settings)
"""
FILES: dict[str, str | bytes] = {
    "site.yml": SITE,
    "content/a.md": story("Ferries", "2024-05-01", "The ferry. STAMP", tags="[harbour]"),
    "content/b.md": story("Bridges", "2024-06-02", "The bridge. STAMP", tags="[harbour, night]"),
    "content/c.md": story("Tunnels", "2025-01-03", "The tunnel. STAMP"),
}


def clean(site: Archive, folder: Path) -> dict[str, bytes]:
    """What a clean build of the same sources publishes."""
    shutil.copytree(site.folder, folder, ignore=shutil.ignore_patterns("public", ".morgue"))
    assert Archive(folder).build().code == 0
    return Archive(folder).published()


def hits(site: Archive, query: str) -> int:
    """How many stories `morgue search` finds."""
    return int(json.loads(site.run("search", query, "--json").out)["total"])


@pytest.mark.parametrize("loss", ["state", "whole folder", "search", "folder moved"])
def test_an_article_that_is_gone_leaves_the_site_whatever_was_lost_or_moved(tmp_path: Path, loss: str) -> None:
    site = archive(tmp_path / "site", FILES)
    assert site.build().code == 0
    if loss == "folder moved":
        site = Archive(site.folder.rename(tmp_path / "moved"))
    else:
        lost = site.folder / ".morgue" / {"state": "state.sqlite", "search": "whoosh"}.get(loss, "")
        shutil.rmtree(lost) if lost.is_dir() else lost.unlink()
    site.write({"content/b.md": None})
    assert site.build().code == 0
    assert not any(path.startswith(("2024/06/", "tags/night")) for path in site.published())
    assert site.published() == clean(site, tmp_path / "clean")
    assert (hits(site, "bridge"), hits(site, "ferry")) == (0, 1)


@pytest.mark.parametrize("form", ["module", "entry point", "module of a distribution"])
def test_another_version_of_a_markdown_extension_has_the_articles_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    library = tmp_path / "library"
    library.mkdir()
    monkeypatch.syspath_prepend(str(library))
    name = f"stamp_{form.split()[0]}_{len(form)}"
    install(library, name, form, "one", "1.0")
    extension = "stamped" if form == "entry point" else name
    site = archive(tmp_path / "site", FILES | {"site.yml": f"{SITE}markdown: [{extension}]\n"})
    assert site.build().code == 0
    assert "The ferry. one" in site.page("2024/05/01/a.html")
    install(library, name, form, "two", "1.1")
    assert site.build().code == 0
    assert "The ferry. two" in site.page("2024/05/01/a.html")
    assert (hits(site, "one"), hits(site, "two")) == (0, 3)
    assert site.published() == clean(site, tmp_path / "clean")


def install(library: Path, name: str, form: str, word: str, number: str) -> None:
    """Put an extension into the folder `library`, whose output says `word`; a distribution's module keeps its bytes."""
    if form == "module":
        (library / f"{name}.py").write_text(EXTENSION.format(imports="", word=repr(word)))
    else:
        (library / f"{name}.py").write_text(EXTENSION.format(imports=f"from {name}_words import WORD", word="WORD"))
        (library / f"{name}_words.py").write_text(f"WORD = {word!r}")
        for old in library.glob("*.dist-info"):
            shutil.rmtree(old)
        about = library / f"{name}-{number}.dist-info"
        about.mkdir()
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {number}\n")
        (about / "RECORD").write_text(f"{name}.py,,\n{name}_words.py,,\n")
        (about / "top_level.txt").write_text(f"{name}\n{name}_words\n")
        if form == "entry point":
            (about / "entry_points.txt").write_text(f"[markdown.extensions]\nstamped = {name}:makeExtension\n")
    shutil.rmtree(library / "__pycache__", ignore_errors=True)
    for module in (name, f"{name}_words"):
        sys.modules.pop(module, None)
    importlib.invalidate_caches()
    markdown._parser.cache_clear()
    get_installed_extensions.cache_clear()  # type: ignore[attr-defined]


def test_search_on_an_index_of_other_words_says_so_until_the_next_build_makes_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = archive(tmp_path / "site", FILES)
    assert site.build().code == 0
    monkeypatch.setattr(version, "code_fingerprint", lambda: "another")
    monkeypatch.setattr(version, "sources_digest", lambda *rooms: f"another {rooms}")
    monkeypatch.setattr(parsing, "searched_text", lambda *arguments: article_summary.searched_text(*arguments) + "\nzeppelin")
    for query in ("ferry", "zeppelin"):
        run = site.run("search", query)
        assert (run.code, run.out) == (3, "")
        assert "the search index is of another version of Morgue" in run.err and "`morgue build` makes it" in run.err
    assert site.build().code == 0
    assert (hits(site, "zeppelin"), hits(site, "ferry")) == (3, 1)
    assert site.published() == clean(site, tmp_path / "clean")


@pytest.mark.parametrize("library", ["nh3", "markdown", "tzdata"])
def test_another_version_of_a_library_has_all_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    site = archive(tmp_path / "site", FILES)
    assert site.build().code == 0
    number, sanitise = metadata.version, markdown.sanitise
    monkeypatch.setattr(metadata, "version", lambda name: "99" if name == library else number(name))
    monkeypatch.setattr(markdown, "sanitise", lambda html: sanitise(html).replace("ferry", "steamer"))
    version.code_fingerprint.cache_clear()
    try:
        assert site.build().code == 0
        assert "The steamer." in site.page("2024/05/01/a.html")
        assert (hits(site, "ferry"), hits(site, "steamer")) == (1, 1)
        assert site.published() == clean(site, tmp_path / "clean")
    finally:
        version.code_fingerprint.cache_clear()


def test_another_edition_of_the_systems_time_zones_has_all_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zoneinfo, "TZPATH", (str(tmp_path / "nowhere"), str(tmp_path / "zones")))
    keys = []
    for name, text in (
        ("", ""),
        ("Rome", "12"),
        ("Rome", "123"),
        ("+VERSION", "2026a\n"),
        ("tzdata.zi", "# version 2026a\nR x\n"),
        ("tzdata.zi", "# version 2026b"),
    ):
        if name:
            (tmp_path / "zones").mkdir(exist_ok=True)
            (tmp_path / "zones" / name).write_text(text)
        version.code_fingerprint.cache_clear()
        keys.append(version.code_fingerprint())
    version.code_fingerprint.cache_clear()
    assert len({*keys}) == len(keys)


def test_every_dependency_that_can_change_a_sites_bytes_is_in_the_fingerprint(monkeypatch: pytest.MonkeyPatch) -> None:
    number = metadata.version
    before = version.code_fingerprint()
    for library in (
        "babel",
        "idna",
        "jinja2",
        "lxml",
        "markdown",
        "msgspec",
        "nh3",
        "numpy",
        "pillow",
        "pydantic",
        "tzdata",
        "whoosh3",
    ):
        monkeypatch.setattr(metadata, "version", lambda name, library=library: "99" if name == library else number(name))
        version.code_fingerprint.cache_clear()
        assert version.code_fingerprint() != before, library
    version.code_fingerprint.cache_clear()
