"""Restoration: bags that `morgue bag` made, back into an archive that can be built."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path, PurePosixPath

from builder.base.problems import ConfigError
from builder.config.site import FILE_NAME
from builder.export.bag import is_bag, verify_bag
from builder.export.payload import SITE
from builder.formats.fixity import regular_files


def restore(bags: Sequence[Path], folder: Path) -> Iterator[Path]:
    """Write the archive that `bags` hold together into `folder`, which has none yet; yield each file when it is there.

    What a build makes (the site) stays in the bag: it is built again. Raises ConfigError, before anything is written,
    where a bag is none, is not as its manifests say, or holds no archive.
    """
    for bag in bags:
        _check(bag)
    if not any((bag / "data" / FILE_NAME).is_file() for bag in bags):
        raise ConfigError(f"{bags[0]}: holds no {FILE_NAME}, so it is no archive's bag; name one that morgue bag made")
    if (folder / FILE_NAME).exists() or (folder / "content").exists():
        raise ConfigError(f"{folder}: holds an archive already; name a new folder")
    for bag in bags:
        yield from _copy(bag / "data", folder, _archive_files(regular_files(bag / "data")))


def _check(bag: Path) -> None:
    if not is_bag(bag):
        raise ConfigError(f"{bag}: is no bag: it has no bagit.txt; a bag in a tar file has to be unpacked first")
    different = [difference for difference in verify_bag(bag) if difference.kind != "new"]
    if different:
        first = different[0]
        others = f", and {len(different) - 1} more" if len(different) > 1 else ""
        raise ConfigError(f"{bag}: is damaged: {first.path} is {first.kind}{others}; run morgue verify {bag}")


def _archive_files(paths: Iterable[str]) -> Iterator[str]:
    return (path for path in paths if PurePosixPath(path).parts[0] != SITE)


def _copy(source: Path, folder: Path, paths: Iterable[str]) -> Iterator[Path]:
    for path in paths:
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / path, target)
        yield target
