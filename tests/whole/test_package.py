"""The package as others get it: what it needs is declared with bounds, what it says of itself agrees."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from builder.base.version import LIBRARIES
from tests.program import nodes, tree
from tests.subject import MAX_LENGTH, subject_faults

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
EXTRAS: dict[str, list[str]] = PROJECT["optional-dependencies"]
OPTIONAL = {"dask", "parquet", "pdf", "seal", "zim"}
"""Extras whose libraries `builder/` may import, inside of functions."""


def requirements(*groups: list[str]) -> dict[str, Requirement]:
    """Return requirements by the name of their distribution, without the package itself."""
    parsed = [Requirement(text) for group in groups for text in group]
    return {canonicalize_name(one.name): one for one in parsed if one.name != PROJECT["name"]}


NEEDED = requirements(PROJECT["dependencies"])
ALL = requirements(PROJECT["dependencies"], *EXTRAS.values())


def imported(file: Path, at_import: bool = False) -> Iterator[str]:
    """Yield the top names that `file` imports; `at_import`: those alone that are imported with it."""
    for node in tree(file).body if at_import else nodes(file):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def undeclared(folder: str, declared: set[str], at_import: bool = False) -> set[str]:
    """Return what the modules in `folder` import that comes from none of the `declared` distributions."""
    known = packages_distributions()
    found = {name for file in (ROOT / folder).rglob("*.py") for name in imported(file, at_import)}
    found -= {*sys.stdlib_module_names, "builder", "tests"}
    return {name for name in found if not declared & {canonicalize_name(one) for one in known.get(name, [name])}}


def test_every_import_of_the_program_is_a_declared_dependency() -> None:
    optional = requirements(*(EXTRAS[name] for name in OPTIONAL))
    assert undeclared("builder", NEEDED.keys() | optional.keys()) == set()
    assert undeclared("builder", set(NEEDED), at_import=True) == set(), "an extra may be imported inside of functions alone"


def test_every_import_of_the_tests_is_a_declared_dependency() -> None:
    assert undeclared("tests", set(ALL)) - {"elsewhere"} == set()


def test_every_dependency_of_the_program_is_imported() -> None:
    known = packages_distributions()
    names = {name for file in (ROOT / "builder").rglob("*.py") for name in imported(file)}
    of_names = {canonicalize_name(one) for name in names for one in known.get(name, [])}
    assert NEEDED.keys() - of_names == {"tzdata"}, "data that zoneinfo loads by itself"


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_dependency_has_a_lower_and_an_upper_bound(name: str) -> None:
    operators = {specifier.operator for specifier in ALL[name].specifier}
    assert operators & {">=", "=="}, f"{name} has no lower bound"
    assert operators & {"<", "<=", "=="}, f"{name} has no upper bound"


def test_what_is_installed_lies_within_the_bounds() -> None:
    for name, needed in NEEDED.items():
        assert needed.specifier.contains(version(name)), name


def test_the_constraints_have_a_version_within_the_bounds_of_every_dependency() -> None:
    lines = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    pinned: dict[str, str] = {canonicalize_name(line.partition("==")[0]): line.partition("==")[2] for line in lines}
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in lines)
    for name, needed in ALL.items():
        assert name in pinned and needed.specifier.contains(Version(pinned[name])), f"{name}: run `make constraints`"


def test_what_shows_in_pages_is_among_the_dependencies() -> None:
    assert set(LIBRARIES) <= NEEDED.keys()


def test_the_newest_entry_of_the_changelog_is_this_version_or_what_comes_next() -> None:
    entries = re.findall(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert PROJECT["version"] in (entries[1:2] if entries[0] == "Unreleased" else entries[:1])


def test_the_version_stands_in_one_place() -> None:
    for file in (*(ROOT / "builder").rglob("*.py"), *(ROOT / "templates").rglob("*.html")):
        assert not re.search(r"__version__|morgue/?\s*0\.\d", file.read_text(encoding="utf-8"), re.IGNORECASE), file
    assert (ROOT / "builder/py.typed").exists()


@pytest.mark.parametrize(
    ("message", "fault"),
    [
        ("Say what changed\n", ""),
        ("Say what changed\n\nAnd why.\n", ""),
        ("# a comment of git\nSay what changed\n# another", ""),
        ("\n\nNo subject", "has no subject"),
        ("x" * (MAX_LENGTH + 1), f"has a subject of {MAX_LENGTH + 1} characters"),
        ("A sentence.", "ends with a full stop"),
        ("Say what changed\nand go on", "has no blank line"),
    ],
)
def test_subjects_of_commits_are_short(message: str, fault: str) -> None:
    found = subject_faults(message)
    assert bool(found) == bool(fault)
    assert not fault or fault in found[0]
