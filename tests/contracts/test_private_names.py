"""Every private name of somebody else that the program uses has a test in this folder."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import sys
from collections.abc import Iterator

from tests.contracts import test_jinja2, test_markdown, test_python, test_whoosh3
from tests.program import PACKAGE, nodes

GUARDED = test_whoosh3.PRIVATE | test_jinja2.PRIVATE | test_markdown.PRIVATE | test_python.PRIVATE
DOCUMENTED = {"_replace", "_asdict", "_make", "_fields", "_exit"}
"""Of named tuples and of os: private by their look alone."""
FILES = tuple(PACKAGE.rglob("*.py"))


def own_names() -> Iterator[str]:
    """Yield the private names that the program defines itself."""
    for file in FILES:
        for node in nodes(file):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield node.name
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self":
                yield node.attr


def used_names() -> Iterator[str]:
    """Yield the private attributes that the program asks anything for."""
    for file in FILES:
        for node in nodes(file):
            if isinstance(node, ast.Attribute) and re.match(r"_[a-z]", node.attr):
                yield node.attr
            elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"getattr", "setattr"} and len(node.args) > 1:
                name = node.args[1]
                if isinstance(name, ast.Constant) and str(name.value).startswith("_"):
                    yield str(name.value)


def inherited_names() -> Iterator[str]:
    """Yield the private names of somebody else's class that a class of the program uses or replaces."""
    for file in FILES:
        module = ".".join(("builder", *file.relative_to(PACKAGE).with_suffix("").parts))
        for node in (node for node in nodes(file) if isinstance(node, ast.ClassDef) and node.bases):
            kind = getattr(importlib.import_module(module.removesuffix(".__init__")), node.name, None)
            if not inspect.isclass(kind):
                continue
            for base in kind.__mro__[1:]:
                if base.__module__.partition(".")[0] in {"builder", "pydantic", *sys.stdlib_module_names}:
                    continue
                try:
                    source = inspect.getsource(base)
                except (OSError, TypeError):  # it is written in C
                    continue
                theirs = set(re.findall(r"(?:self\.|def )(_[a-z]\w*)", source))
                ours = {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}
                ours |= {one.name for one in ast.walk(node) if isinstance(one, ast.FunctionDef)}
                yield from theirs & ours


def test_every_private_name_of_somebody_else_is_guarded() -> None:
    foreign = {*used_names()} - {*own_names()} - DOCUMENTED | {*inherited_names()}
    assert foreign == GUARDED.keys(), "write its test in tests/contracts/, or take out the one that is not needed any more"
