"""`morgue bag`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

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
    from builder.base.problems import ConfigError
    from builder.config.site import load_site
    from builder.export.bag import FolderDestination, TarDestination, bag_info, parts_of, write_bag

    site = load_site(folder, FIELD_NAMES)
    public = folder / (output or "public")
    if not (public / "index.html").is_file():
        raise ConfigError(f"{public}: has no site yet; run morgue build first")
    if by_year and (since or until):
        raise ConfigError("--by-year and --since or --until exclude each other")
    is_tar = destination.suffix == ".tar"
    groups = dict(_payloads(folder, public, since or "", until or "", by_year))
    parts = [(name, number, part) for name, payload in groups.items() for number, part in enumerate(parts_of(payload, max_size), 1)]
    several_of = {name: sum(1 for other, *_ in parts if other == name) > 1 for name in groups}
    for position, (name, number, part) in enumerate(parts, 1):
        suffix = "".join(f"-{piece}" for piece in (name, str(number) if several_of[name] else "") if piece)
        bag = destination.with_name(f"{destination.stem if is_tar else destination.name}{suffix}{'.tar' if is_tar else ''}")
        several = len(parts) > 1
        info = bag_info(site, group=site.title if several else "", position=f"{position} of {len(parts)}" if several else "")
        writer: FolderDestination | TarDestination = TarDestination(bag) if is_tar else FolderDestination(bag)
        with writer as target:
            size = write_bag(target, part, info)
        click.echo(f"{bag}: {pluralize(len(part), 'file')}, {size / 1e6:,.1f} MB")


def _payloads(folder: Path, public: Path, since: str, until: str, by_year: bool) -> Iterator[tuple[str, list[PayloadFile]]]:
    """Yield the payload of each bag that is asked for, with what its name ends in."""
    from builder.export import payload, selection

    if not (since or until or by_year):
        yield "", list(payload.whole_archive(folder, public))
        return
    archive = selection.read_archive(folder)
    articles = list(archive.pages)
    common = [*payload.common_files(folder), *payload.page_files(folder, archive.own_pages)]
    if by_year:
        for year, group in payload.by_year(articles).items():
            yield year, _distinct([*common, *payload.period_files(folder, public, group)])
    else:
        selected_articles = selection.of_period(articles, since, until)
        yield "", _distinct([*common, *payload.period_files(folder, public, selected_articles)])


def _distinct(files: list[PayloadFile]) -> list[PayloadFile]:
    """Return `files` each once: a page of the site's own and an article may show one picture."""
    return list({file.path: file for file in files}.values())
