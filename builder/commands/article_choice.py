"""Which articles a command is for: those that are named one by one, listed in a file, by one author, or found by a search."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import click

from builder.base.problems import ConfigError, suggestion
from builder.base.urls import slugify

if TYPE_CHECKING:
    from builder.articles.model import ArticleSummary
    from builder.commands.lookup import ArticleReference, Lookup


class ArticleChoice(NamedTuple):
    """What a person says of the articles that are meant; whatever is given adds to them."""

    paths: tuple[str, ...]
    path_file: TextIO | None
    byline: str
    query: str

    def find(self, lookup: Lookup) -> list[ArticleReference]:
        """Return the articles, each once. Raises ConfigError where something that is given finds none, or nothing is given."""
        paths = [*self.paths, *(line.strip() for line in self.path_file or () if line.strip())]
        references = [lookup.find(path) for path in paths]
        if self.byline:
            references += _by(self.byline, lookup)
        if self.query:
            references += _matching_query(self.query, lookup)
        if not references:
            raise ConfigError("no article is named: give files or addresses, --from FILE, --byline NAME or --query QUERY")
        return list(dict.fromkeys(references))


def choice_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command PATH… and the options that choose many articles; its `function` gets them as the parameter `choice`."""

    @wraps(function)
    def command(*, paths: tuple[str, ...], path_file: TextIO | None, byline: str, query: str, **parameters: Any) -> Any:
        return function(choice=ArticleChoice(paths, path_file, byline, query), **parameters)

    options = (
        click.argument("paths", nargs=-1, metavar="[PATH…]"),
        click.option(
            "--from",
            "path_file",
            type=click.File(encoding="utf-8"),
            metavar="FILE",
            help="Files or addresses, one a line (-: a pipe).",
        ),
        click.option("--byline", default="", metavar="NAME", help="All articles of this byline: drafts and withdrawn ones, too."),
        click.option("--query", default="", metavar="QUERY", help="The published articles that this search finds."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _by(name: str, lookup: Lookup) -> Iterator[ArticleReference]:
    from builder.commands.lookup import ArticleReference

    slug = slugify(lookup.site.name_of("bylines", name))
    articles: Sequence[ArticleSummary] = [*lookup.archive.pages, *(each.article for each in lookup.archive.held_back)]
    matches = [article for article in articles if slug in map(slugify, article.byline)]
    if not matches:
        near = suggestion(name, sorted({each for article in articles for each in article.byline}))
        raise ConfigError(f"--byline: no article has the byline {name}{near}")
    yield from (ArticleReference(article.path) for article in matches)


def _matching_query(query: str, lookup: Lookup) -> Iterator[ArticleReference]:
    from builder.commands.lookup import ArticleReference
    from builder.export.selection import that_match

    matches = that_match(lookup.folder, list(lookup.archive.pages), query)
    if not matches:
        raise ConfigError(f"--query: nothing is found by {query}")
    yield from (ArticleReference(article.path) for article in matches)
