"""The rooms of the house: a module imports from rooms below its own or from its own, never upwards and never in a circle."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path
from statistics import median

from builder.build import PRELOAD_MODULES
from tests.program import PACKAGE, imports, modules, nodes, tree

ROOMS = [  # from the top to the ground; the rooms themselves are read from the folders
    "__main__",
    "commands",
    "export",
    "build",
    "output",
    "render",
    "search",
    "search.browser",
    "search.whoosh_index",
    "search.text",
    "formats",
    "plan",
    "archive",
    "state",
    "importers",
    "articles",
    "parallel",
    "incremental",
    "config",
    "base",
]
MOST_LINES, MEDIAN_LINES = 400, 120
NO_ROOMS = {"whole", "contracts", "static"}
"""Folders of tests that are of no one module: of the program, of libraries, of the theme's scripts."""


def room_of(module: str) -> str:
    """Return the innermost room that `module` lies in."""
    parts = module.split(".")
    names = [".".join(parts[:end]) for end in range(len(parts), 0, -1)]
    return next(name for name in names if name in ROOMS)


def test_the_folders_are_the_rooms() -> None:
    folders = {file.parent.relative_to(PACKAGE).as_posix().replace("/", ".") for file in modules().values()} - {"."}
    files = {name for name in modules() if "." not in name} - folders
    assert folders | files == set(ROOMS)


def test_imports_lead_down() -> None:
    level = {room: number for number, room in enumerate(reversed(ROOMS))}
    for name, file in modules().items():
        upward = {other for other in imports(file) if level[room_of(other)] > level[room_of(name)]}
        assert not upward, f"{name} imports {upward} from above"


def test_no_circles() -> None:
    graph = {name: set(imports(file)) - {name, ""} for name, file in modules().items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"a circle: {' -> '.join((*above, name))}"
        if name not in done:
            for other in sorted(graph[name]):
                visit(other, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_modules_are_small_and_say_what_they_are_for() -> None:
    sizes = []
    for name, file in modules().items():
        doc = ast.get_docstring(tree(file)) or ""
        assert doc.split("\n\n")[0].replace("\n", " ").endswith((".", ":")), f"{name} opens with no sentence"
        lines = len(file.read_text(encoding="utf-8").splitlines())
        assert lines <= MOST_LINES, f"{name} has {lines} lines"
        sizes += [lines] if file.name != "__init__.py" else []
    assert median(sizes) <= MEDIAN_LINES


def test_each_room_opens_with_what_comes_in_and_what_goes_out() -> None:
    rooms = {name: tree(file) for name, file in modules().items() if file.name == "__init__.py" and name not in {"", "base"}}
    sentences = {name: (ast.get_docstring(module) or "").split("\n\n")[0] for name, module in rooms.items()}
    assert [name for name, sentence in sentences.items() if not re.search(r"\bin\b.*\bout\b", sentence)] == []


def test_only_the_command_line_prints() -> None:
    for name, file in modules().items():
        calls = [node for node in nodes(file) if isinstance(node, ast.Call)]
        prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
        assert not prints or room_of(name) == "commands", f"{name} prints"


def test_modules_that_are_named_in_texts_can_be_imported() -> None:
    for name in PRELOAD_MODULES:
        import_module(name)


def test_no_two_classes_have_one_name() -> None:
    where: dict[str, list[str]] = {}
    for module, file in modules().items():
        for node in nodes(file):
            if isinstance(node, ast.ClassDef):
                where.setdefault(node.name, []).append(module)
    assert {name: found for name, found in where.items() if len(found) > 1} == {}


def test_each_test_file_has_the_module_that_it_tests() -> None:
    tests = Path(__file__).parents[1]
    for file in tests.rglob("test_*.py"):
        *folders, name = file.relative_to(tests).with_suffix("").parts
        module = ".".join((*folders, name.removeprefix("test_")))
        assert module in modules() or folders[0] in NO_ROOMS, f"{module} is no module; what tests the whole lies in tests/whole/"
