"""Front matter as it is written to the front-matter model: mapped, completed from site.yml, and validated."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pydantic import BaseModel, ValidationError

from builder.articles.field_synonyms import is_password, says_draft, suggest_field
from builder.articles.model import FIELD_NAMES, SPAN_FIELDS, Article, Correction, Image, Withdrawal
from builder.articles.parse_context import ParseContext
from builder.base.dates import first_day, is_empty_date, is_never, read_moment, to_timestamp
from builder.base.languages import language_fault
from builder.base.problems import Severity, suggestion
from builder.base.pydantic_messages import explain_in_words
from builder.base.urls import alias_path, ascii_url, foreign_byte, has_empty_part, has_query, query_address, slugify
from builder.config.site import Site

_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
_CREDENTIALS = re.compile(r"https?://[^/?#\s]*@", re.IGNORECASE)
_DATE_OF_NAME = re.compile(r"(?P<year>\d{4})(?P<sign>[-_.]?)(?P<month>\d{2})(?P=sign)(?P<day>\d{2})(?!\d)")
_NAME_FIELDS = frozenset(("section", "source", "type"))
"""One name each, which other systems have in lists (Jekyll's and Hugo's categories)."""
_BETWEEN_NAMES = re.compile(r"[,;，、；]")
_WIDE_COMMAS = re.compile("[，、；]")
"""What does not part the names of a list for YAML, and does for a writer of Chinese."""


def map_fields(front_matter: dict[str, Any], context: ParseContext, site: Site) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return the values of `front_matter` by our field names, with the site's defaults, and the keys that it only warns of."""
    values = {name: value for name, value in front_matter.items() if name in FIELD_NAMES and value is not None}
    for key in front_matter:
        field = key.lower()
        if key != field and field in FIELD_NAMES and field not in front_matter and key not in site.fields.values():
            values[field] = front_matter[key]
            context.keys[field] = key
            context.report_key(Severity.WARNING, (key,), f"is read as {field}; write it in small letters")
    for name, key in site.fields.items():
        if front_matter.get(key) not in (None, ""):
            values[name] = front_matter[key]
            context.keys[name] = key
    for name, default in site.defaults.items():
        if values.get(name) in (None, "", []):
            values[name] = default
    _take_single_items(values)
    if isinstance(values.get("language"), str):
        values["language"] = values["language"].replace("_", "-")
    values.setdefault("language", site.language)
    names = FIELD_NAMES | set(site.fields.values()) | set(context.keys.values())
    statuses = {
        key: draft for key in front_matter if key not in names and (draft := says_draft(key, front_matter[key])) is not None
    }
    if any(statuses.values()) and "draft" not in values:
        values["draft"] = "true"
        key = next(key for key, draft in statuses.items() if draft)
        is_shown = isinstance(front_matter[key], str) and not is_password(key)
        context.draft_sign = f"{key}: {front_matter[key]}" if is_shown else key
    unknown_keys = [key for key in front_matter if key not in names and key not in statuses]
    if site.unknown_fields == "keep":
        values["extra"] = {key: front_matter[key] for key in unknown_keys}
        return values, ()
    if site.unknown_fields == "error":
        for key in unknown_keys:
            message = f"unknown field{suggest_field(key)}; map it with `fields` in site.yml or remove it"
            context.report(Severity.ERROR, (key,), message)
        return values, ()
    return values, tuple(unknown_keys)


def _take_single_items(values: dict[str, Any]) -> None:
    """Let a list of one item be that item where a field is one name; of several sections the first counts, the others are tags."""
    sections = values.get("section")
    if isinstance(sections, list) and len(sections) > 1 and all(isinstance(item, str) for item in sections):
        values["section"], tags = sections[0], values.get("tags") or []
        values["tags"] = [*(tags if isinstance(tags, list) else [tags]), *sections[1:]]
    for name in _NAME_FIELDS & values.keys():
        if isinstance(values[name], list) and len(values[name]) == 1:
            values[name] = values[name][0]


def validate(values: dict[str, Any], context: ParseContext, site: Site) -> Article | None:
    """Return the article that `values` make, or None; what is wrong or odd with them is reported to `context`."""
    date_of_name = _complete_date(values, context.path)
    try:
        article = Article.model_validate(values, context={"timezone": site.timezone})
    except ValidationError as error:
        for detail in error.errors():
            context.report(Severity.ERROR, detail["loc"], explain(detail, Article))
        return None
    if not article.date and site.undated == "error":
        context.report(Severity.ERROR, (), "date is missing; give it one, or let site.yml keep undated articles (undated: keep)")
    for where, text in _dates(values):
        if is_empty_date(text):
            message = f'"{text[:40]}" is what databases write for "no date", and is read so; take the line out'
            context.report(Severity.WARNING, where, message)
        elif text.strip() and not is_never(text) and (remark := read_moment(text, site.timezone, where[-1] in SPAN_FIELDS).remark):
            context.report(Severity.WARNING, where, remark)
    if date_of_name:
        message = f"is missing and is taken from the file's name, {date_of_name}; write `date: {date_of_name}` if that is right"
        context.report(Severity.WARNING, (), f"date {message}")
    _report_names(values, article, context)
    if article.updated and article.date and _is_before(article.updated, article.date, site):
        message = f"{article.updated} is before its date, {article.date}; is one of them wrong?"
        context.report(Severity.WARNING, ("updated",), message)
    if article.date and first_day(article.date) < "1600":
        context.report(Severity.WARNING, ("date",), f"{article.date} is before 1600, when newspapers began; is it right?")
    _report_old_addresses(values, context)
    _report_addresses(article, context)
    if isinstance(values.get("withdrawn"), str) and article.withdrawn and article.withdrawn.reason:
        message = (
            f'"{article.withdrawn.reason[:60]}" is read as the reason, which its page shows; '
            "write `withdrawn: {date: 2025-03-01, reason: …}`, or take the line out if it is not withdrawn"
        )
        context.report(Severity.WARNING, ("withdrawn",), message)
    if article.captured_sha256 and not _SHA256.fullmatch(article.captured_sha256):
        message = (
            f'"{article.captured_sha256[:20]}" is no SHA-256, which has 64 hexadecimal digits; `sha256sum` prints that of a file'
        )
        context.report(Severity.WARNING, ("captured_sha256",), message)
    if article.language != site.language and (fault := language_fault(article.language)):
        context.report(fault[0], ("language",), fault[1])
    for number, image in enumerate(article.images):
        if not image.src:
            caption = f"{image.caption[:40].rstrip()}…" if len(image.caption) > 41 else image.caption
            message = f'there is no file for the picture "{caption}"; its caption stands alone'
            context.report(Severity.WARNING, ("images", number), message)
            continue
        for field, advice in (("credit", "say who made it"), ("alt", "say what it shows, for those who cannot see it")):
            if not getattr(image, field):
                how = f", as {{src: {image.src}, {field}: …}}" if _is_bare(values["images"], number) else ""
                message = f"the picture {image.src} has no {field}; {advice}{how}"
                context.report(Severity.WARNING, ("images", number, field), message)
    return article.model_copy(
        update={
            "agency": _canonical(article.agency, "agencies", site),
            "source": site.name_of("sources", article.source) if slugify(article.source) else "",
            "byline": _canonical(article.byline, "bylines", site),
            "tags": _canonical(article.tags, "tags", site),
            "section": site.name_of("sections", article.section) if slugify(article.section) else "",
            "type": article.type if slugify(article.type) else "",
        }
    )


def _report_addresses(article: Article, context: ParseContext) -> None:
    """Report each web address that holds a password or that no browser can open."""
    pictures = ((("images", number, "src"), image.src) for number, image in enumerate(article.images) if image.remote)
    for where, address in ((("original_url",), article.original_url), (("archived_url",), article.archived_url), *pictures):
        if _CREDENTIALS.match(address):
            message = "holds a user name or a password, which would be published; take it out"
            context.report(Severity.WARNING, where, message)
        try:
            ascii_url(address)
        except ValueError as error:
            context.report(Severity.WARNING, where, f"{error}; browsers open nothing there")


def _is_bare(images: Any, number: int) -> bool:
    """Whether the picture of this `number` is written as the name of its file alone."""
    return isinstance(images[number] if isinstance(images, list) and number < len(images) else images, str)


def _complete_date(values: dict[str, Any], path: str) -> str:
    """Give `values` without a date that of their file's name (or of its folder's, for `index.md`), marked as worked out.

    Return it, "" where nothing was done. Only whole days count: `2001-a-space-odyssey` and `2020-10-things` are headlines.
    """
    date = values.get("date")
    if (isinstance(date, str) and date.strip() and not is_empty_date(date)) or isinstance(date, (list, dict)):
        return ""
    folder, name = posixpath.split(path)
    match = _DATE_OF_NAME.match(posixpath.basename(folder) if posixpath.splitext(name)[0] == "index" else name)
    try:
        day = read_moment("-".join(match.group("year", "month", "day")), "UTC").iso if match else ""
    except ValueError:
        return ""
    if not "1600" < day < "2200":
        return ""
    values["date"] = day
    inferred = values.get("inferred") or []
    values["inferred"] = [*(inferred if isinstance(inferred, list) else [inferred]), "date"]
    return day


def _is_before(updated: str, date: str, site: Site) -> bool:
    """Return whether `updated` is before `date`; where one is a bare day (month, year), by their days (months, years)."""
    if (shorter := min(len(updated), len(date))) <= 10:
        return updated[:shorter] < date[:shorter]
    return to_timestamp(updated, site.timezone) < to_timestamp(date, site.timezone)


def _report_names(values: dict[str, Any], article: Article, context: ParseContext) -> None:
    """Report every name that is left out, and several names that stand in one text."""
    for field in ("section", "type", "source"):
        name = getattr(article, field)
        if name and not slugify(name):
            context.report(Severity.WARNING, (field,), f'"{name}" has no letter or digit and is left out')
    for field in ("tags", "agency", "byline"):
        values_of_field = values.get(field) or []
        names = values_of_field if isinstance(values_of_field, list) else [values_of_field]
        usual = {slugify(name): name for name in getattr(article, field)}
        for number, text in enumerate(names):
            name = " ".join(str(text or "").split())
            where = (field, number) if isinstance(values_of_field, list) else (field,)
            slug = slugify(name)
            if name and not slug:
                context.report(Severity.WARNING, where, f'"{name}" has no letter or digit and is left out')
            elif name and usual.get(slug, name) != name:
                context.report(Severity.WARNING, where, f'"{name}" is filed as "{usual[slug]}", which stands here too; keep one')
    for field in ("tags", "agency"):
        values_of_field = values.get(field)
        is_list = isinstance(values_of_field, list)
        separator = _WIDE_COMMAS if is_list else _BETWEEN_NAMES
        for number, text in enumerate(values_of_field if isinstance(values_of_field, list) else [values_of_field]):
            several = [part.strip() for part in separator.split(text)] if isinstance(text, str) else []
            if len(several) > 1 and all(map(slugify, several)):
                names_of_list = ", ".join(several)
                place = f"{names_of_list} in their place" if is_list else f"{field}: [{names_of_list}]"
                message = f'"{text}" is read as one name; if they are {len(several)}, write {place}'
                context.report(Severity.WARNING, (field, number) if is_list else (field,), message)


def _report_old_addresses(values: dict[str, Any], context: ParseContext) -> None:
    """Report each alias that may not answer: with an empty part, as web servers read several slashes as one and other hosts may
    not, or with bytes that no file's name has."""
    aliases = values.get("aliases") or []
    for number, alias in enumerate(aliases if isinstance(aliases, list) else [aliases]):
        place = ("aliases", number) if isinstance(aliases, list) else ("aliases",)
        if isinstance(alias, str) and (byte := foreign_byte(alias)):
            message = f"{alias} answers on few hosts: {byte} is no letter in UTF-8, as a file's name is; write the letter itself"
            context.report(Severity.WARNING, place, message)
        if not isinstance(alias, str) or not has_empty_part(alias):
            continue
        with suppress(ValueError):  # the archive's clashes say what is wrong with it
            path = query_address(alias) if has_query(alias) else alias_path(alias)
            message = (
                f"{alias} has an empty part (//) and stands at /{path}: web servers read several slashes as one; not all hosts do"
            )
            context.report(Severity.WARNING, place, message)


def _dates(values: dict[str, Any]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield each date that was written in `values`, which are valid, and its place in them."""
    for field in ("date", "updated", "captured_at", "embargo", "expires"):
        yield (field,), values.get(field) or ""
    corrections = values.get("corrections") or []
    for number, correction in enumerate(corrections if isinstance(corrections, list) else [corrections]):
        if isinstance(correction, dict):
            yield ("corrections", number, "date"), correction.get("date") or ""
    withdrawn = values.get("withdrawn")
    if isinstance(withdrawn, dict):
        yield ("withdrawn", "date"), withdrawn.get("date") or ""


def _canonical(names: tuple[str, ...], kind: Any, site: Site) -> tuple[str, ...]:
    return tuple(dict.fromkeys(site.name_of(kind, name) for name in names if slugify(name)))


def explain(detail: Any, whole: type[BaseModel]) -> str:
    """Say what pydantic found in front matter of the model `whole`, in words for the person who wrote the file."""
    kind, where = detail["type"], detail["loc"]
    if kind == "extra_forbidden":
        models: dict[Any, type[BaseModel]] = {"images": Image, "corrections": Correction, "withdrawn": Withdrawal}
        model = models.get(where[0], whole) if len(where) > 1 else whole
        near = suggestion(str(where[-1]), model.model_fields)
        return f"unknown field{near}" + (f"; what stands here has {' and '.join(model.model_fields)}" if model is not whole else "")
    if kind == "float_parsing":
        return f'"{detail["input"]}" is not a number'
    if kind == "string_pattern_mismatch":
        return f'"{detail["input"]}" is no language code; write one like en or zh-Hant'
    return explain_in_words(detail)
