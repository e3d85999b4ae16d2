"""Repairs that lose nothing, written back into articles: ids, titles that only the body had, control characters."""

from __future__ import annotations

import difflib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from builder.archive.sources import entry_fault, require_folder
from builder.articles.field_edit import set_field
from builder.articles.frontmatter import CONTROL, control_stand_in, split
from builder.articles.model import FIELD_NAMES, ArticleSummary
from builder.articles.parsing import default_id, parse_article
from builder.base import files
from builder.base.problems import BuildUnavailableError, Problem, Severity
from builder.base.yaml_parsing import parse
from builder.commands.scaffold import quote
from builder.config.site import Site, load_site


@dataclass(frozen=True, slots=True)
class Repair:
    """A file's text before and after; `path` is under content/."""

    path: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff."""
        name = f"content/{files.printable(self.path)}"
        before, after = (list(io.StringIO(text, newline="\n")) for text in (self.before, self.after))
        lines = difflib.unified_diff(before, after, name, name, n=1)
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


class RepairPlan(NamedTuple):
    """What `morgue fix` can write, and the errors that it cannot mend: they stay, and a person has to."""

    repairs: list[Repair]
    problems: list[Problem]


def plan_repairs(folder: Path) -> RepairPlan:
    """Return what `morgue fix` would write into the articles of the archive at `folder`, and what is wrong with the others.

    Raises ConfigError where site.yml or the content folder is not as it has to be, BuildUnavailableError where that cannot be read.
    """
    site = load_site(folder, FIELD_NAMES)
    content = folder / "content"
    require_folder(content)
    plan = RepairPlan([], [])
    try:
        for entry in files.walk(content, files.ARTICLE_SUFFIXES):
            if fault := entry_fault(entry):
                plan.problems.append(fault)
            else:
                _plan_repair(entry.path, content, site, plan)
    except OSError as error:
        raise BuildUnavailableError(f"{content}: cannot be read: {error.strerror}; see who may read there") from None
    return plan


def _plan_repair(path: str, content: Path, site: Site, plan: RepairPlan) -> None:
    try:
        data = files.read_regular(content / path)
    except OSError as error:
        plan.problems.append(Problem(f"content/{path}", 1, 1, Severity.ERROR, "", f"cannot be read: {error.strerror}"))
        return
    try:
        before = data.decode()
    except UnicodeDecodeError:
        before = after = ""
        result = parse_article(path, data, content, site)
    else:
        after = before if site.is_own_page(path) else CONTROL.sub(control_stand_in, before)
        result = parse_article(path, after.encode(), content, site)
        if result.article is not None and result.page is None:
            after = _with_fields(after, path, result.article, site)
    if after != before:
        plan.repairs.append(Repair(path, before, after))
    plan.problems.extend(problem for problem in result.problems if problem.severity is Severity.ERROR)


def apply(folder: Path, changes: Iterable[Repair]) -> None:
    """Write the repairs; each file is written whole or not at all. Raises BuildUnavailableError where one cannot be."""
    for number, repair in enumerate(changes):
        file = folder / "content" / repair.path
        try:
            files.write_whole(file, repair.after.encode())
        except OSError as error:
            raise BuildUnavailableError(
                f"{file}: cannot be written: {error.strerror}; {_already_mended(number)}; see who may write there, and run it again"
            ) from None


def _already_mended(number: int) -> str:
    return "no file was changed" if not number else f"{number:,} before it {'is' if number == 1 else 'are'} mended, it is as it was"


def _with_fields(text: str, path: str, article: ArticleSummary, site: Site) -> str:
    """Return the text of an article with those of its fields that only its body had, or that Morgue took for it before."""
    front = parse(split(text.encode()).front)
    values = {"title": quote(article.title), "id": article.id}
    for word, value in values.items():
        key = site.fields.get(word, word)
        if word == "id" and value != default_id(path):
            continue
        if front.get(key) in (None, ""):
            text = set_field(text, key, value)
    return text
