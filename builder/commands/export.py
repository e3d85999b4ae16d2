"""`morgue export`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from builder.base.problems import ConfigError, escape_controls
from builder.commands.options import folder_option, pluralize

if TYPE_CHECKING:
    from builder.articles.model import ArticleSummary
    from builder.state.state import BodyReader

FORMATS = ("jsonl", "csv", "parquet", "bibtex", "ris", "csl", "ninjs", "markdown", "wacz", "zim")


@click.command()
@folder_option
@click.argument("destination", type=click.Path(path_type=Path), metavar="DEST")
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True, help="What DEST shall be.")
@click.option("--wacz", "is_wacz", is_flag=True, help="The same as --format wacz.")
@click.option("--query", default="", metavar="QUERY", help="Only the articles that this search finds, in the search language.")
@click.option("--since", default="", metavar="D", help="Only articles from this day, month or year on.")
@click.option("--until", default="", metavar="D", help="Only articles up to the end of this day, month or year.")
@click.option("--output", type=click.Path(path_type=Path), metavar="DIR", help="Where the site is (default: public).")
def export(
    folder: Path, destination: Path, form: str, is_wacz: bool, query: str, since: str, until: str, output: Path | None
) -> None:
    """Write the archive's articles as data into the new file DEST: for research, for reference managers, for another system.

    \b
    jsonl, csv            every field of the front matter, the address, and the text in Markdown
    parquet               the same as typed columns, for programs of statistics (needs pyarrow)
    bibtex, ris, csl      what reference managers read
    ninjs                 what news agencies exchange (IPTC ninjs 2.1)
    markdown              a new folder with the articles' files as they are, their pictures and documents
    wacz                  the built site in one file, for web archives and replayweb.page;
                          above 100,000 pages DEST-2024.wacz … by year, and DEST.json, which joins them
    zim                   the built site in one file for Kiwix and other offline readers (needs libzim)
    """
    form = "wacz" if is_wacz else form
    if destination.exists():
        raise ConfigError(f"{destination}: is there already; name a new file")
    if form in {"wacz", "zim"}:
        if query or since or until:
            raise ConfigError(f"--format {form} packs the whole site; it takes no --query, --since or --until")
        _export_site(folder, folder / (output or "public"), destination, form)
        return
    articles = _choose(folder, query, since, until)
    if form == "markdown":
        _export_markdown(folder, articles, destination)
    else:
        _export_records(folder, articles, destination, form)
    click.echo(f"{escape_controls(str(destination))}: {pluralize(len(articles), 'article')}")


def _choose(folder: Path, query: str, since: str, until: str) -> list[ArticleSummary]:
    from builder.export import selection

    articles = selection.published_articles(folder)
    if since or until:
        articles = selection.of_period(articles, since, until)
    return selection.that_match(folder, articles, query) if query else articles


def _export_records(folder: Path, articles: list[ArticleSummary], destination: Path, form: str) -> None:
    from builder.articles.model import FIELD_NAMES
    from builder.config.site import load_site
    from builder.export.new_file import new_file
    from builder.formats.parquet import write_parquet
    from builder.formats.records import FORMATS, Record, read_body
    from builder.state import state

    site = load_site(folder, FIELD_NAMES)
    file = (folder / state.FOLDER / state.FILE).resolve()
    if not file.is_file():
        raise ConfigError(f"{folder}: was never built here; run morgue build first")
    bodies = state.BodyReader(file)
    records = (Record(_read(bodies, article), article, read_body(folder / "content" / article.path)) for article in articles)
    try:
        with new_file(destination) as target:
            write = write_parquet if form == "parquet" else FORMATS[form]
            write(records, target, site)
    finally:
        bodies.close()


def _read(bodies: BodyReader, article: ArticleSummary) -> str:
    """Return the stored `article`. Raises ConfigError where the last build did not know it as it is now."""
    from builder.state.state import StateCorruptError

    try:
        return bodies.read(article).article
    except StateCorruptError:
        name = escape_controls(article.path)
        raise ConfigError(f"content/{name}: the last build does not know it as it is now; run morgue build first") from None


def _export_markdown(folder: Path, articles: list[ArticleSummary], destination: Path) -> None:
    import shutil

    from builder.articles.originals import is_original

    sources = {article.path for article in articles}
    sources |= {source for article in articles for source, *_ in article.media if not is_original(source)}
    for source in sorted(sources):
        if (folder / "content" / source).is_file():
            target = destination / source.removeprefix("../")  # of static/, which `/static/…` names there, too
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(folder / "content" / source, target)


def _export_site(folder: Path, public: Path, destination: Path, form: str) -> None:
    from builder.articles.model import FIELD_NAMES
    from builder.base.now import now
    from builder.config.site import load_site
    from builder.export.new_file import new_path
    from builder.export.site_packages import write_packages
    from builder.export.story_pages import story_pages
    from builder.export.zim import write_zim
    from builder.formats.fixity import regular_files

    site = load_site(folder, FIELD_NAMES)
    if not (public / "index.html").is_file():
        raise ConfigError(f"{public}: has no site yet; run morgue build first")
    if form == "zim":
        with new_path(destination) as file:
            count = write_zim(file, public, regular_files(public), site, now())
        click.echo(f"{escape_controls(str(destination))}: {pluralize(count, 'file')}")
        return
    for package in write_packages(destination, public, story_pages(folder, public), site, now()):
        click.echo(
            f"{escape_controls(str(package.file))}: {pluralize(package.records, 'record')}, {pluralize(package.pages, 'page')}"
        )
