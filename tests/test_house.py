"""The house: a module imports from lower floors, or sparingly from its own, and never in a circle."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import builder

HOUSE = Path(builder.__file__).parent
FLOORS = [
    {"config", "problems", "urls", "files", "yamltext", "dates", "sluglines", "program", "memory", "work", "cluster", "shelves"},
    {"archive", "articles", "markdown", "bodies", "frontmatter", "loading", "locales", "related", "templating"},
    {"pages", "views", "feeds", "sitemap", "metadata", "citations"},
    {"render", "state", "check", "search", "intake", "publish", "explain", "theme"},
    {"build", "inspection"},
    {"serve", "scaffold", "repairs", "importers"},
    {"cli", "__main__", "terminal"},
]
SPARINGLY = 4
"""Of its own floor a module imports at most this many."""


def modules() -> dict[str, list[Path]]:
    """Every module or package of the house with its files."""
    found: dict[str, list[Path]] = {}
    for file in sorted(HOUSE.rglob("*.py")):
        name = file.relative_to(HOUSE).parts[0].removesuffix(".py")
        if name not in {"__init__", "theme"}:
            found.setdefault(name, []).append(file)
    return found


def imports(file: Path) -> Iterator[str]:
    """Yield the modules of the house that `file` imports anywhere in it."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "builder":
            yield from (alias.name for alias in node.names if alias.name != "__version__")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("builder."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (alias.name.split(".")[1] for alias in node.names if alias.name.startswith("builder."))


def test_every_module_has_its_floor() -> None:
    assert set(modules()) <= set().union(*FLOORS), set(modules()) - set().union(*FLOORS)


def test_imports_lead_down() -> None:
    floor_of = {name: number for number, floor in enumerate(FLOORS) for name in floor}
    for name, files in modules().items():
        used = {other for file in files for other in imports(file)} - {name}
        upward = {other for other in used if floor_of[other] > floor_of[name]}
        assert not upward, f"{name} imports {upward} from above"
        beside = {other for other in used if floor_of[other] == floor_of[name]}
        assert len(beside) <= SPARINGLY, f"{name} imports {beside} from its own floor"


def test_no_circles() -> None:
    graph = {name: {other for file in files for other in imports(file)} - {name} for name, files in modules().items()}
    done: set[str] = set()

    def visit(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"a circle: {' -> '.join((*above, name))}"
        if name not in done:
            for other in graph.get(name, ()):
                visit(other, (*above, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_modules_are_small_and_say_what_they_are_for() -> None:
    sizes = []
    for file in HOUSE.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        doc = ast.get_docstring(ast.parse(text)) or ""
        assert doc.split("\n")[0].endswith("."), f"{file.name} opens with no sentence"
        sizes.append(len(text.splitlines()))
        assert sizes[-1] <= 400, f"{file.name} has {sizes[-1]} lines"
    assert sorted(sizes)[len(sizes) // 2] <= 150


def test_only_the_command_line_prints() -> None:
    for name, files in modules().items():
        for file in files:
            calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
            prints = [call for call in calls if isinstance(call.func, ast.Name) and call.func.id == "print"]
            assert not prints or name in {"cli", "terminal"}, f"{file.name} prints"
