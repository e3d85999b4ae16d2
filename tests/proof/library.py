"""A Markdown extension and the library that it requires, installed in a folder of their own, so that the proof can upgrade them."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from pathlib import Path

from builder.articles import markdown

EXTENSION = "proof_extension"
_LIBRARY = "proof_library"
_CODE = f"""\
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor

import {_LIBRARY}


class Word(Postprocessor):
    def run(self, text):
        return text + "\\n<p>" + {_LIBRARY}.WORD + "</p>"


class Words(Extension):
    def extendMarkdown(self, md):
        md.postprocessors.register(Word(md), "{EXTENSION}", 1)


def makeExtension(**options):
    return Words(**options)
"""


class Library:
    """Both of them in `folder`, where this process and those that it starts look for modules."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.version = 0
        sys.dont_write_bytecode = True  # what is upgraded within a second would be taken for what it was
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(folder), os.environ.get("PYTHONPATH")]))
        sys.path.insert(0, str(folder))
        folder.mkdir(parents=True)
        (folder / f"{EXTENSION}.py").write_text(_CODE)
        _describe(folder, EXTENSION, 1, requires=_LIBRARY)
        self.upgrade()

    def upgrade(self) -> None:
        """Install a version that has another word in every article; the extension stays what it is."""
        shutil.rmtree(self.folder / f"{_LIBRARY}-{self.version}.dist-info", ignore_errors=True)
        self.version += 1
        (self.folder / f"{_LIBRARY}.py").write_text(f'WORD = "libraryword version{self.version}"\n')
        _describe(self.folder, _LIBRARY, self.version)
        for name in (EXTENSION, _LIBRARY):
            sys.modules.pop(name, None)  # as in a process that starts now
        importlib.invalidate_caches()
        markdown._parser.cache_clear()


def _describe(folder: Path, name: str, version: int, requires: str = "") -> None:
    about = folder / f"{name}-{version}.dist-info"
    about.mkdir()
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n{needs}")
    (about / "top_level.txt").write_text(f"{name}\n")
