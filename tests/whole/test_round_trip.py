"""The sample archive comes back the same: from its feeds, from its records, and from its pages in a WACZ."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path
from typing import Any, Literal

import pytest

from builder.articles.frontmatter import split
from builder.articles.markdown import to_html
from builder.articles.model import FIELD_NAMES
from builder.base.dates import read_moment
from builder.base.urls import slugify
from builder.base.yaml_parsing import parse
from builder.config.site import load_site
from tests.effort import IS_WHOLE, effort
from tests.reference import ROOT
from tests.sites import Archive, archive

pytestmark = pytest.mark.proof

KINDS: tuple[tuple[Literal["agencies", "sources"], str], ...] = (("agencies", "agency"), ("sources", "source"))
COMPARED = ("title", "date", "byline", "agency", "tags", "captions", "text")
PAGES_CARRY_NOT = """
A withdrawn article's page is its notice. A figure in the text comes in with the pictures, one that leads the page already once.
"""
FEEDS_CARRY_NOT = """
A section comes in as the last tag, where no tag is written alike. A byline that is an outlet's name becomes the source. Pictures after the first are not in a feed. Corrections stand at the end of the text.
JSON Feed has caption and credit in one, and no agency beside a byline. A day is midnight, and is read as a day again.
"""


def test_the_readme_says_what_a_form_cannot_carry() -> None:
    text = " ".join((ROOT / "builder/importers/README.md").read_text(encoding="utf-8").split())
    for sentence in re.findall(r"[^.]+\.", f"{PAGES_CARRY_NOT} {FEEDS_CARRY_NOT}"):
        assert " ".join(sentence.split()) in text


@pytest.fixture(scope="module")
def sample(sample: Archive, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """The sample archive; in `make test` one in eight of its articles."""
    if IS_WHOLE:
        return sample
    some = Archive(tmp_path_factory.mktemp("sample") / "site")
    files = sorted((sample.folder / "content").rglob("*.md"))[::8]
    some.write({file.relative_to(sample.folder).as_posix(): file.read_bytes() for file in (*files, sample.folder / "site.yml")})
    pictures = (file for file in (sample.folder / "content").rglob("*") if file.is_file() and file.suffix != ".md")
    some.write({file.relative_to(sample.folder).as_posix(): file.read_bytes() for file in pictures})
    assert some.build("--quiet").code == 0
    return some


def words_of(html: str) -> str:
    return re.sub(r"\W+", "", unescape(re.sub(r"<[^>]+>", " ", html)))


def articles_of(folder: Path) -> dict[str, dict[str, Any]]:
    """Return what is compared of each article, by its headline and date."""
    site = load_site(folder, FIELD_NAMES)
    found = {}
    for file in sorted((folder / "content").rglob("*.md")):
        source = split(file.read_bytes())
        words = {**site.defaults, **parse(source.front)}
        for kind, field in KINDS:
            names = words.get(field) or []
            words[field] = [site.name_of(kind, name) for name in (names if isinstance(names, list) else [names])]
        entry = {
            "title": " ".join(words["title"].split()),
            "date": read_moment(words["date"], site.timezone, spans=True).iso if words.get("date") else "",
            "byline": words.get("byline") if isinstance(words.get("byline"), list) else [words["byline"]] if words.get("byline") else [],
            "agency": words["agency"], "tags": words.get("tags", []), "section": words.get("section", ""),
            "captions": [[image.get("caption", ""), image.get("credit", "")] for image in words.get("images", []) if isinstance(image, dict) and (image.get("caption") or image.get("credit"))],
            "withdrawn": bool(words.get("withdrawn")),
            "corrections": words.get("corrections", []),
            "text": words_of(to_html(source.body)),
            "text_without_figures": words_of(re.sub(r"<figure.*?</figure>", "", to_html(source.body), flags=re.DOTALL)),
        }  # fmt: skip
        found[entry["title"]] = entry
    return found


def bring_back(sample: Archive, folder: Path, source: Path) -> tuple[dict[str, dict[str, Any]], Any]:
    there = archive(folder / "new", {"site.yml": (sample.folder / "site.yml").read_bytes()})
    run = there.run("import", str(source), "--jobs", "1")
    return articles_of(there.folder), run


@pytest.mark.parametrize("feed", ["feed.xml", "atom.xml", "feed.json"])
def test_the_feeds_come_back(sample: Archive, tmp_path: Path, feed: str) -> None:
    before, outlets = articles_of(sample.folder), load_site(sample.folder, FIELD_NAMES).sources
    after, run = bring_back(sample, tmp_path, sample.folder / "public" / feed)
    assert run.code == 0, run.err
    assert len(after) >= (effort(11, 50) if feed == "feed.json" else effort(11, 90))
    for title, entry in after.items():
        expected = dict(before[title])
        tags = [*expected["tags"], *filter(None, [expected["section"]])]
        expected["tags"] = [tag for at, tag in enumerate(tags) if slugify(tag) not in map(slugify, tags[:at])]
        expected["captions"] = expected["captions"][:1]
        if feed == "feed.json" and expected["captions"]:
            expected["captions"] = [[" ".join(filter(None, expected["captions"][0])), ""]]
        expected["byline"] = [name for name in expected["byline"] if name not in outlets]
        if feed == "feed.json" and expected["byline"]:
            expected["agency"] = []
        for correction in expected["corrections"]:
            expected["text"] += re.sub(r"\W+", "", f"{correction['date'][:10]} {correction['text']}")
        for word in COMPARED:
            assert entry[word] == expected[word], (title, word)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_the_records_come_back(sample: Archive, tmp_path: Path, form: str) -> None:
    assert sample.run("export", str(tmp_path / f"out.{form}"), "--format", form).code == 0
    before = articles_of(sample.folder)
    after, run = bring_back(sample, tmp_path, tmp_path / f"out.{form}")
    assert run.code == 0, run.err
    assert len(after) >= effort(11, 95)
    for title, entry in after.items():
        for word in COMPARED:
            assert entry[word] == before[title][word], (title, word)


def test_the_pages_come_back(sample: Archive, tmp_path: Path) -> None:
    assert sample.run("export", str(tmp_path / "site.wacz"), "--format", "wacz").code == 0
    before = articles_of(sample.folder)
    after, _ = bring_back(sample, tmp_path, tmp_path / "site.wacz")
    stories = {title: entry for title, entry in after.items() if title in before and not before[title]["withdrawn"]}
    assert len(stories) >= effort(11, 95)
    for title, entry in stories.items():
        before[title]["text"] = before[title]["text_without_figures"]
        for word in COMPARED:
            assert entry[word] == before[title][word], (title, word)
