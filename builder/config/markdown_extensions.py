"""Which Markdown extensions may run: those of this program and installed ones, never modules of an archive's folder."""

from __future__ import annotations

import site
import sysconfig
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

from builder.base.version import PROGRAM_FOLDER

GITHUB = "github"
"""The one name that builder.articles.markdown defines; all others are extensions."""
_GROUP = "markdown.extensions"


def check_extensions(names: Iterable[str], folder: Path | None) -> None:
    """Raise ValueError, with the reason, for the first of `names` that is no Markdown extension or may not run.

    A name is an entry point of `markdown.extensions` or a module with or without `:Class`, as Python-Markdown takes it. One is
    imported only where its module is found neither in the archive's `folder` nor in the current one: what lies there may come
    from a stranger. What is installed into an environment within them is installed.
    """
    for name in sorted(set(names) - {GITHUB}):
        if path := _forbidden_path(name, folder):
            raise ValueError(
                f'"{name}" is not run: {path} lies in the folder of the archive, or in the current one, and only installed '
                "Markdown extensions are; install it with pip where you trust it"
            )
        import markdown  # slow, and for those alone who ask for more

        try:
            markdown.Markdown(extensions=[name])
        except Exception as error:  # noqa: BLE001 (an extension may raise what it likes)
            raise ValueError(f'"{name}" is no Markdown extension that is installed ({error})') from None


def _forbidden_path(name: str, folder: Path | None) -> Path | None:
    """Return the file or folder from which the extension `name` would be imported, None where nothing forbids that."""
    points = metadata.entry_points(group=_GROUP, name=name)
    for point in points:
        with suppress(AttributeError):
            if point.dist is not None and _is_forbidden(lies_in := Path(str(point.dist.locate_file(""))), folder):
                return lies_in
    for module in [point.module for point in points] or [name.partition(":")[0]]:
        top = module.partition(".")[0]  # to look for more of it would import this much
        if top == PROGRAM_FOLDER.name:
            continue
        for path in _import_paths(top):
            if _is_forbidden(path.parent, folder):
                return path
    return None


def _import_paths(module: str) -> Iterator[Path]:
    """Yield the file, or each folder, that the top-level `module` would be imported from, without importing it."""
    try:
        spec = find_spec(module)
    except (ImportError, ValueError):
        return
    if spec is not None:
        folders = list(spec.submodule_search_locations or ())
        yield from map(Path, folders or ([spec.origin] if spec.has_location and spec.origin else []))


def _is_forbidden(import_folder: Path, folder: Path | None) -> bool:
    """Whether nothing may be imported from `import_folder`: it is the current one, or lies in the archive's `folder`."""
    import_folder = import_folder.resolve()
    if any(import_folder.is_relative_to(python_folder) for python_folder in _installed_folders()):
        return False
    return import_folder == Path.cwd().resolve() or (folder is not None and import_folder.is_relative_to(folder.resolve()))


def _installed_folders() -> Iterator[Path]:
    """Yield the folders that hold what is installed: Python's own library, an environment's packages, the user's."""
    paths = sysconfig.get_paths()
    folders = [paths[kind] for kind in ("stdlib", "platstdlib", "purelib", "platlib")]
    for path in [*folders, *site.getsitepackages(), site.getusersitepackages()]:
        yield Path(path).resolve()
