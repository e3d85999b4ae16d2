"""The program's source as the tests look at it: every module, read and parsed once a process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import builder

PACKAGE = Path(builder.__file__).parent
_THEME = "theme"
"""The folder of the default theme inside a wheel."""


@cache
def modules() -> dict[str, Path]:
    """Return the file of every module, by its name below `builder` (`search.text.words`; packages by their own name)."""
    names = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(PACKAGE).with_suffix("").parts
        if parts[0] != _THEME and parts != ("__init__",):
            names[".".join(parts).removesuffix(".__init__")] = file
    return names


@cache
def tree(file: Path) -> ast.Module:
    """Return the syntax tree of `file`."""
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def nodes(file: Path) -> tuple[ast.AST, ...]:
    """Return every node of the syntax tree of `file`."""
    return tuple(ast.walk(tree(file)))


def imports(file: Path) -> Iterator[str]:
    """Yield the modules below `builder` that `file` imports anywhere in it."""
    for node in nodes(file):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            below = name.removeprefix("builder.")
            if below != name:
                yield below if below in modules() else below.rpartition(".")[0]
