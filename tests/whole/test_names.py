"""Names say what a thing is: no value, parameter or function is named by a past participle alone (`found`, `kept`, `told`)."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.program import modules, nodes

STATIC = Path(__file__).parents[2] / "static"
IRREGULAR = frozenset(
    "begun bound bought brought broken built caught chosen done drawn driven fallen forgotten found given gone grown heard held hidden kept known "
    "laid left lent lost made meant met paid proven said seen sent shown sold sought spent spoken spun stolen stood struck stuck taken taught "
    "thought thrown told torn understood withdrawn written".split()
)
NO_PARTICIPLES = frozenset("bed embed feed need red seed speed".split())
"""Words in -ed that are none."""

ANYWHERE = {
    "collected": "a setting of site.yml, by its name there",
    "corrected": "what templates call the day of an article's last correction",
    "deleted": "Whoosh's term for documents of a segment that are no more",
    "inferred": "a front-matter field",
    "undated": "a setting of site.yml, and the articles of undated/",
    "untitled": "a setting of site.yml, by its name there",
    "updated": "a front-matter field, and Atom's element",
    "withdrawn": "a front-matter field",
}
IN_MODULES = {
    "articles.footnotes": "found",
    "build": "removed unchanged written",
    "commands.withdraw": "published",
    "formats.feeds": "published",
    "importers.feed_entries": "dropped published",
    "importers.report": "found refused written",
    "importers.story": "dropped kept",
    "importers.to_markdown": "kept",
    "importers.writer": "REFUSED UPDATED WRITTEN",
    "output.publisher": "removed unchanged written",
    "parallel.dask_executor": "distributed",
    "search.whoosh_index.index": "added changed removed",
}
"""Counts and lists that a report prints by these words, the element `published` of feeds (and the option of that name),
an argument of Python-Markdown, Dask's package."""


def is_participle(name: str) -> bool:
    word = name.strip("_").lower()
    return word in IRREGULAR or (word.endswith("ed") and "_" not in word and word not in NO_PARTICIPLES)


def names(file: Path) -> Iterator[tuple[str, int]]:
    """Yield every name that `file` binds (variables, attributes of `self`, parameters, functions, classes), with its line."""
    for node in nodes(file):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id == "self":
                yield node.attr, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.ExceptHandler):
            yield node.name or "", node.lineno


def script_names(text: str) -> Iterator[str]:
    """Yield the names of values and functions that the script `text` binds, those taken apart among them."""
    for match in re.finditer(r"\b(?:const|let|function\*?|class) (?:(\w+)|[\[{]([^=;]*?)[\]}] (?:=|of) )", text):
        yield from re.findall(r"\w+", match[1] or match[2] or "")


def participles() -> dict[tuple[str, str], int]:
    """Return the line of each name that is a participle, by its module and itself."""
    return {(module, name): line for module, file in modules().items() for name, line in names(file) if is_participle(name)}


def test_no_name_is_a_participle() -> None:
    allowed = {(module, name) for module, words in IN_MODULES.items() for name in words.split()}
    wrong = [
        f"{module}:{line}: {name}"
        for (module, name), line in participles().items()
        if name.strip("_") not in ANYWHERE and (module, name) not in allowed
    ]
    assert wrong == [], "name the thing: `found` is a count, a path, an article …"


def test_no_name_of_a_script_is_a_participle() -> None:
    scripts = {file: file.read_text(encoding="utf-8") for file in sorted(STATIC.rglob("*.js"))}
    assert [
        f"{file.name}: {name}"
        for file, text in scripts.items()
        for name in script_names(text)
        if is_participle(name) and name.lower() not in ANYWHERE and not re.match("is[A-Z]", name)
    ] == [], "name the thing: `found` is a count, a path, a story …"


def test_every_exception_is_needed() -> None:
    there = participles()
    assert {name for name in ANYWHERE if name not in {name for _, name in there}} == set()
    assert {
        (module, name) for module, words in IN_MODULES.items() for name in words.split() if (module, name) not in there
    } == set()


def test_the_patterns_find_what_they_look_for() -> None:
    assert is_participle("found") and is_participle("_kept") and is_participle("dropped")
    assert not is_participle("feed") and not is_participle("kept_files")
    assert {*script_names("const found = 1; for (const { kept, a: [told] } of b) {} function* made() {} let [left] = c;")} == {
        "found", "kept", "a", "told", "made", "left",
    }  # fmt: skip
