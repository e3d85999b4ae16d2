"""How to cite an article, or the archive as a whole: one line for people, BibTeX and RIS for their programs."""

from __future__ import annotations

import re
from typing import NamedTuple

from builder.archive.releases import Release
from builder.articles.model import Article, ArticleSummary
from builder.base import files
from builder.base.locales import Localization
from builder.base.urls import absolute, slugify
from builder.config.site import Site


class Cite(NamedTuple):
    """The same citation in three forms. Whoever reads it adds the day of access."""

    text: str
    bibtex: str
    ris: str


def cite(article: Article, summary: ArticleSummary, site: Site, localization: Localization) -> Cite:
    """Return how to cite `article`, with dates as `localization` writes them."""
    url = absolute(site.url, summary.url)
    return Cite(_text(article, url, site, localization), _bibtex(article, summary, url, site), _ris(article, url, site))


def _text(article: Article, url: str, site: Site, localization: Localization) -> str:
    """Author, title, who ran it and the wire, day, archive, address, as ISO 690 cites newspapers; Chinese ones in Chinese marks."""
    day = localization.day(article.date) if article.date else ""
    who = [*article.byline] or [*article.agency]
    outlets = [article.source, *(agency for agency in article.agency if agency not in who)]
    if article.language.startswith("zh"):
        parts = ["、".join(who), f"〈{article.title}〉", "、".join(filter(None, outlets)), day, site.title]
        return f"{','.join(filter(None, parts))}。{url}"
    parts = [", ".join(who), f"“{article.title}”", " / ".join(filter(None, outlets)), day, f"In: {site.title}"]
    return ". ".join(part.rstrip(".") for part in parts if part) + f". {url}"


def cite_archive(release: Release | None, site: Site, localization: Localization) -> Cite:
    """Return how to cite the archive as a whole, in its edition `release`: publisher, title, edition, day, address."""
    publisher = site.publisher if site.publisher != site.title else ""
    edition = localization.translations.gettext("edition {number}").format(number=release.number) if release else ""
    day = localization.day(release.date) if release else ""
    if site.language.startswith("zh"):
        text = f"{','.join(filter(None, [publisher, f'《{site.title}》', edition, day]))}。{site.url}"
    else:
        details = ", ".join(filter(None, [edition, day]))
        text = ". ".join(part.rstrip(".") for part in (publisher, site.title, details) if part) + f". {site.url}"
    number, date = (str(release.number), release.date) if release else ("", "")
    fields = {
        "author": f"{{{_escape(publisher)}}}" if publisher else "",
        "title": f"{{{_escape(site.title)}}}",
        "edition": number,
        "date": date,
        "year": date[:4],
        "url": site.url,
        "langid": site.language,
    }
    key = "-".join(filter(None, (slugify(site.title) if site.title.isascii() else files.digest(site.title)[:8], number)))
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    tags = [("TY", "ELEC"), ("AU", publisher), ("TI", site.title), ("ET", number), ("DA", _ris_date(date)), ("PY", date[:4])]
    tags += [("LA", site.language), ("UR", site.url), ("ER", "")]
    return Cite(
        text, f"@misc{{{key},\n{lines}}}\n", "".join(f"{tag}  - {value}\r\n" for tag, value in tags if value or tag == "ER")
    )


_SPECIAL = str.maketrans(
    {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}", **{char: f"\\{char}" for char in "{}%&$#_"}}
)

_HAS_SPECIAL = re.compile(f"[{re.escape(''.join(map(chr, _SPECIAL)))}]").search


def _bibtex(article: Article, summary: ArticleSummary, url: str, site: Site) -> str:
    notes = (", ".join(article.agency), f"archived at {site.title}", article.original_url, article.archived_url)
    fields = {
        "author": " and ".join(f"{{{_escape(name)}}}" for name in article.byline or article.agency),
        "title": f"{{{_escape(article.title)}}}",
        "journal": _escape(article.source or site.title),
        "date": article.date[:10],
        "year": article.date[:4],
        "url": url,
        "note": _escape("; ".join(filter(None, notes))),
        "langid": article.language,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@article{{{_key(article, summary)},\n{lines}}}\n"


def _key(article: Article, summary: ArticleSummary) -> str:
    """Return the entry's key, ASCII as BibTeX wants it, and short; one that loses letters by that has the id's digest for them."""
    key = slugify(f"{(article.byline or article.agency or (article.source,))[0]} {article.date[:10]} {article.title}")
    ascii_key = "-".join("".join(char if char.isascii() else " " for char in key).replace("-", " ").split())[:60].strip("-")
    return ascii_key if ascii_key == key else f"{ascii_key}-{files.digest(summary.id)[:8]}".lstrip("-")


def _escape(text: str) -> str:
    return text.translate(_SPECIAL) if _HAS_SPECIAL(text) else text


def _ris_date(date: str) -> str:
    """Return a date as RIS writes it, YYYY/MM/DD/ and empty what is not known: `1998/03//`; "" of ""."""
    return "/".join(f"{date[:10]}--".split("-")[:3]) + "/" if date else ""


def _ris(article: Article, url: str, site: Site) -> str:
    """Return the record in the RIS format: two letters, two spaces, a hyphen."""
    fields = [
        ("TY", "NEWS"),
        *(("AU", name) for name in article.byline or article.agency),
        ("TI", article.title),
        ("T2", article.source or site.title),
        ("DA", _ris_date(article.date)),
        ("PY", article.date[:4]),
        ("CY", article.dateline),
        ("DP", site.title),
        ("AB", article.summary),
        *(("KW", tag) for tag in article.tags),
        ("LA", article.language),
        ("UR", url),
        ("L2", article.original_url),
        ("L2", article.archived_url),
        ("ER", ""),
    ]
    return "".join(f"{name}  - {value}\r\n" for name, value in fields if value or name == "ER")
