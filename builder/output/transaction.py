"""Changes to the files of one folder that are all made or all taken back."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from builder.base import files


class Transaction:
    """Replaces and removes files of `folder`; where the block ends by an exception, they are as they were.

    What is replaced stays in the folder `backups`, on the same file system, by a hard link until the block ends. A file
    system without hard links (FAT) is the one where nothing is taken back: there the next build mends what this one left.
    """

    def __init__(self, folder: Path, backups: Path) -> None:
        self._folder = folder
        self._backups = backups
        self._changes: list[tuple[str, str | None]] = []
        """Each path with the file that keeps what it was; None where there was nothing."""
        self._folders: set[str] = set()
        self._new_folders: list[str] = []

    def __enter__(self) -> Transaction:
        self._backups.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if kind is not None:
            self._roll_back()
        shutil.rmtree(self._backups, ignore_errors=True)

    def make_folder(self, path: str) -> None:
        """Make the folder `path` with those above it."""
        if not path or path in self._folders:
            return
        try:
            os.mkdir(f"{self._folder}/{path}")  # noqa: PTH102 (one call for each of 10,000 folders)
        except FileExistsError:
            pass
        except FileNotFoundError:
            self.make_folder(path.rpartition("/")[0])
            os.mkdir(f"{self._folder}/{path}")  # noqa: PTH102
            self._new_folders.append(path)
        else:
            self._new_folders.append(path)
        self._folders.add(path)

    def put(self, source: str, path: str) -> None:
        """Move the file `source`, on the same file system, to `path`."""
        self._back_up(path)
        os.replace(source, f"{self._folder}/{path}")  # noqa: PTH105 (one call for each of 100,000 files)

    def remove(self, path: str) -> bool:
        """Remove the file `path` and the folders that this leaves empty; whether there was one.

        One that lies behind a link to another place is not touched.
        """
        file = self._folder / path
        try:
            if not (file.is_file() or file.is_symlink()) or not file.parent.resolve().is_relative_to(self._folder):
                return False
        except OSError:  # a name that no file can have
            return False
        self._back_up(path)
        files.remove(file, self._folder)
        return True

    def _back_up(self, path: str) -> None:
        backup = f"{self._backups}/{len(self._changes)}"
        try:
            os.link(f"{self._folder}/{path}", backup, follow_symlinks=False)
        except FileNotFoundError:
            self._changes.append((path, None))
        except (OSError, NotImplementedError):
            return
        else:
            self._changes.append((path, backup))

    def _roll_back(self) -> None:
        for path, backup in reversed(self._changes):
            file = self._folder / path
            with suppress(OSError):
                if backup is None:
                    file.unlink(missing_ok=True)
                else:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    Path(backup).replace(file)
        for path in reversed(self._new_folders):
            with suppress(OSError):
                (self._folder / path).rmdir()
