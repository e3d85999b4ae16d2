"""`morgue bag`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.base.problems import escape_controls
from builder.commands.options import folder_option, pluralize

if TYPE_CHECKING:
    from builder.export.bag import PayloadFile

_SIZE = re.compile(r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>[KMGT]?)B?", re.IGNORECASE)
_UNITS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12}


class Size(click.ParamType):  # type: ignore[type-arg]
    """A size in bytes, as people write it: `700MB`, `2 GB`."""

    name = "size"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the bytes of `value`."""
        match = _SIZE.fullmatch(str(value).strip())
        if match is None:
            self.fail(f'"{value}" is no size; write one like 700MB or 2GB', param, ctx)
        return int(float(match["number"]) * _UNITS[match["unit"].upper()])


@click.command()
@folder_option
@click.argument("destination", type=click.Path(path_type=Path), metavar="DEST")
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
@click.option("--since", metavar="D", help="Only articles from this day, month or year on.")
@click.option("--until", metavar="D", help="Only articles up to the end of this day, month or year.")
@click.option("--by-year", is_flag=True, help="One bag for each year of the articles: DEST-2024, DEST-2025 …")
@click.option("--max-size", type=Size(), default=0, metavar="SIZE", help="Several bags, none bigger than this: 2GB, 700MB.")
def bag(
    folder: Path, destination: Path, output: Path | None, since: str | None, until: str | None, by_year: bool, max_size: int
) -> None:
    """Pack the archive and its site as a bag: BagIt 1.0, with a SHA-512 checksum of every file.

    DEST is a new folder, or a file that ends in .tar. Any repository takes and checks it: `bagit.py --validate DEST`.
    With --since and --until, or --by-year, a bag has the articles of that time, their pictures and their pages.
    """
    from builder.articles.model import FIELD_NAMES
    from builder.base.problems import BuildUnavailableError, ConfigError
    from builder.config.site import load_site
    from builder.export.bag import FolderDestination, TarDestination, bag_info, part_lengths, write_bag
    from builder.export.payload import FOLDERS, THEME_FOLDERS

    site = load_site(folder, FIELD_NAMES)
    public = folder / (output or "public")
    if not (public / "index.html").is_file():
        raise ConfigError(f"{public}: has no site yet; run morgue build first")
    if by_year and (since or until):
        raise ConfigError("--by-year and --since or --until exclude each other")
    for name in (*FOLDERS, *THEME_FOLDERS, public):
        if destination.resolve().is_relative_to((folder / name).resolve()):
            raise ConfigError(f"{destination}: would be a part of itself; write the bag outside {folder / name}")
    is_tar = destination.suffix == ".tar"
    groups = dict(_payloads(folder, public, since or "", until or "", by_year))
    lengths_by_name: dict[str, list[int | None]] = {
        name: [*part_lengths((item.size for item in payload()), max_size)] if max_size else [None]
        for name, payload in groups.items()
    }
    count = sum(map(len, lengths_by_name.values()))
    position = 0
    for name, payload in groups.items():
        rest = iter(payload())
        lengths = lengths_by_name[name]
        for number, length in enumerate(lengths, 1):
            position += 1
            suffix = "".join(f"-{piece}" for piece in (name, str(number) if len(lengths) > 1 else "") if piece)
            bag = destination.with_name(f"{destination.stem if is_tar else destination.name}{suffix}{'.tar' if is_tar else ''}")
            info = bag_info(site, site.title, f"{position} of {count}") if count > 1 else bag_info(site)
            writer: FolderDestination | TarDestination = TarDestination(bag) if is_tar else FolderDestination(bag)
            try:
                with writer as target:
                    size = write_bag(target, islice(rest, length), info)
            except OSError as error:
                raise BuildUnavailableError(f"{error.filename or bag}: {error.strerror}; {bag} was not written") from None
            click.echo(f"{escape_controls(str(bag))}: {pluralize(size.files, 'file')}, {size.bytes / 1e6:,.1f} MB")


def _payloads(
    folder: Path, public: Path, since: str, until: str, by_year: bool
) -> Iterator[tuple[str, Callable[[], Iterable[PayloadFile]]]]:
    """Yield what gives the payload of each bag that is asked for, with what the bag's name ends in."""
    from builder.export import payload, selection, story_pages

    stories: Sequence[payload.Story]

    if not (since or until or by_year):
        yield "", partial(payload.whole_archive, folder, public)
        return
    if (last_build := story_pages.unchanged_stories(folder, public)) is not None:
        stories, own_pages = last_build
    else:  # it is read anew, which takes longer and more memory
        archive = selection.read_archive(folder)
        stories, own_pages = list(archive.pages), archive.own_pages
    groups = payload.by_year(stories) if by_year else {"": selection.of_period(stories, since, until)}
    for name, group in groups.items():
        yield name, partial(payload.of_articles, folder, public, group, own_pages)
