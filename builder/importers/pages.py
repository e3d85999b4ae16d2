"""Saved web pages: the story in each, or a word on why there is none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from lxml import etree
from lxml import html as lxml_html

from builder.importers import copy_marks, dates_in_text, languages
from builder.importers.capture_cleanup import Capture, is_mhtml, open_page
from builder.importers.page_files import local_files, note_files
from builder.importers.page_metadata import Metadata
from builder.importers.page_omissions import name_cuts, read_text
from builder.importers.page_pictures import take_pictures
from builder.importers.page_text import body_of, clean_body
from builder.importers.settings import ReadSettings
from builder.importers.sources import SourceFile, whole_files
from builder.importers.story import Piece, Refusal, Story
from builder.importers.to_markdown import convert

_ERROR_PAGE = re.compile(
    r"\b(?:404|410)\b|not found|(?:page|site) (?:can(?:not|.t) be|could not be|isn.t|is not) (?:found|available)"
    r"|no longer (?:available|exists)|nicht gefunden|introuvable|no encontrad[ao]|找不到|不存在|頁面已移除|页面已删除"
    r"|500 internal|503 service|access denied|403 forbidden", re.IGNORECASE,
)  # fmt: skip
_LOGIN = re.compile(r"\b(?:log ?in|sign ?in|login required|anmelden|se connecter|iniciar sesión)\b|登入|登录|登錄", re.IGNORECASE)
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|(?:(?![\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])[^\W\d_]){2,}")
"""A word; of Chinese, Japanese and Korean each character counts as one, for they have no spaces."""
_COPY_OF_PAGE = re.compile(r"(?:^|[/_.-])(?:amp|print|printable|m|mobile)(?=[/_.-]|$)|[?@](?:utm_|amp|print|output)", re.IGNORECASE)
MIN_WORDS = 12
"""A text of fewer words is none; the shortest flash has about 15."""


def split(files: Sequence[SourceFile], settings: ReadSettings) -> Iterator[Piece | Refusal]:  # noqa: ARG001 (every format's way in)
    """Yield each page as a piece: those whose name says that they are another form of a page (AMP, print) after the rest."""
    originals_first = sorted(files, key=lambda file: (bool(_COPY_OF_PAGE.search(file.path)), file.source))
    for piece in whole_files(originals_first, "html"):
        yield replace(piece, kind="mhtml") if isinstance(piece, Piece) and is_mhtml(piece.data) else piece


def read(piece: Piece, settings: ReadSettings) -> Story | Refusal:
    """Return the story on the page in `piece`; a listing, an error page or a login is refused with that word."""
    capture = open_page(piece.data)
    html = re.sub(r"^\s*<\?xml[^>]*\?>", "", capture.html)
    if not html.strip():
        return Refusal(piece.source, piece.path, 1, "is empty")
    root = lxml_html.document_fromstring(html.replace("\0", ""), parser=lxml_html.HTMLParser(huge_tree=True))
    story = Story(piece.source, piece.path)
    if capture.note:
        story.warn("", capture.note)
    rules = settings.rules
    url = capture.url or _base_of(root)
    metadata = Metadata(root, url)
    title = metadata.title_of(rules)
    password = bool(root.xpath("//input[@type='password']"))
    links = _linked_headings(root)
    saved_beside = local_files(root, url or metadata.values.get("original_url", ""), piece.facts, settings.documents)
    pictures = take_pictures(root, url or metadata.values.get("original_url", ""), rules)
    page_text = read_text(root, url or metadata.values.get("original_url", ""))
    body = body_of(root, rules)
    reason = _why_no_story(body, title, metadata, password, links)
    if reason:
        return Refusal(piece.source, piece.path, 1, f"is no story: {reason}")
    assert body is not None  # noqa: S101 (_why_no_story says so)
    text = " ".join(body.itertext())
    _give_metadata(story, metadata, title, capture, settings)
    day = clean_body(story, body, rules, settings.timezone)
    markdown = convert(body, url or story.values.get("original_url", ""))
    story.markdown, story.kept_as_html = markdown.text, markdown.kept_as_html
    _give_pictures(story, pictures, metadata)
    _infer(story, metadata, root, day, settings)
    _settle_summary(story)
    _record(story, capture, piece)
    note_files(story, saved_beside, piece.data, settings)
    name_cuts(story, page_text, text, rules)
    return story


def _why_no_story(body: etree._Element | None, title: str, metadata: Metadata, password: bool, linked_headings: int) -> str:
    """Return why a page holds no story, or ""."""
    text = "" if body is None else " ".join(body.itertext())
    words = len(_WORD.findall(text))
    if words < 150 and (_ERROR_PAGE.search(title) or (words < 60 and _ERROR_PAGE.search(text))):
        return "an error page (404, or its like)"
    if words < 150 and password and (words < MIN_WORDS or _LOGIN.search(title)):
        return "a login page"
    if body is None or words < MIN_WORDS:
        return "it has no text that could be one" if not metadata.says_listing else "a listing"
    if metadata.says_article or metadata.values.get("date"):
        return ""
    link_words = len(_WORD.findall(" ".join(" ".join(link.itertext()) for link in body.iter("a"))))
    if metadata.says_listing and (link_words * 3 > words or linked_headings * 3 > words):
        return "a listing"
    return "a listing" if link_words * 10 > words * 7 or linked_headings * 3 > words * 2 else ""


def _linked_headings(root: etree._Element) -> int:
    """Return how many words of the page are headings that lead elsewhere."""
    headings = root.xpath("//*[self::h2 or self::h3 or self::h4][.//a or parent::a]")
    return sum(len(_WORD.findall(str(heading.xpath("string()")))) for heading in headings)


def _base_of(root: etree._Element) -> str:
    base = next((item.get("href") for item in root.iter("base") if item.get("href")), "")
    return base if base.startswith("http") else ""


def _give_metadata(story: Story, metadata: Metadata, title: str, capture: Capture, settings: ReadSettings) -> None:
    rules, values = settings.rules, metadata.values
    story.give("title", title)
    for word in ("date", "updated"):
        value = values.get(word, "")
        if value:
            story.give(word, dates_in_text.read_date(value, settings.timezone) or value)
    agencies = [name for text in metadata.agency_names for name in rules.agencies_in(text)]
    people = []
    for name in values.get("byline", []):
        agency = rules.agency_named(name)
        if agency:
            agencies.append(agency)
        elif name.casefold() != values.get("source", "").casefold():
            people.append(name)
    copy_marks.give_agencies(story, agencies)
    story.give("byline", people)
    for word in ("dateline", "section", "type", "tags", "rights", "corrections", "archived_url"):
        story.give(word, values.get(word))
    story.give("summary", values.get("summary"))
    story.give("original_url", values.get("original_url") or (capture.url if capture.url.startswith("http") else ""))
    suppliers = [name for name in metadata.agency_names if not rules.agencies_in(name)]
    story.give("source", rules.outlet_at(story.values.get("original_url", "")))
    story.give("source", rules.outlet_named(values["source"]) if values.get("source") else next(iter(suppliers), ""))
    story.give("source", metadata.source_in_title(rules, title), inferred=True)
    language = values.get("language", "").replace("_", "-").split(",")[0].strip()
    if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", language):
        story.give("language", language)


def _give_pictures(story: Story, pictures: list[dict[str, str]], metadata: Metadata) -> None:
    """Give the story its pictures, with what JSON-LD knows of them; that of OpenGraph stands only where there is no other."""
    by_name = {image["src"].rpartition("/")[2]: image for image in metadata.images if image.get("from") != "og"}
    for picture in pictures:
        for key, value in by_name.get(picture["src"].rpartition("/")[2], {}).items():
            if not picture.get(key):
                picture[key] = value
    if not pictures:
        pictures = [{key: value for key, value in image.items() if key != "from"} for image in metadata.images[:1]]
    own_images = story.values.pop("images", [])
    images = [picture for picture in pictures if not picture.get("src", "").startswith("data:")]
    story.give("images", [*images, *own_images])


def _infer(story: Story, metadata: Metadata, root: etree._Element, day: str, settings: ReadSettings) -> None:
    """Work out the date and the language that the page does not state."""
    for text in metadata.times():
        story.give("date", dates_in_text.read_date(text, settings.timezone))
    if not story.values.get("date"):
        from htmldate import find_date  # slow to import, and needed by few

        try:
            guess = find_date(root, original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
        except (ValueError, TypeError, AttributeError):
            guess = None
        captions = [image.get("caption", "") for image in story.values.get("images", [])]
        worked_out = dates_in_text.infer_day(
            captions, story.markdown.split("\n\n"), day, datetime.fromisoformat(settings.now).date()
        )
        story.give("date", guess or (worked_out.isoformat() if worked_out else ""), inferred=True)
    of_script = languages.of_text(story.markdown)
    language = story.values.get("language", "").lower()
    if of_script and (not language.startswith(of_script.split("-")[0]) or language == "zh"):
        story.values.pop("language", None)
    story.give("language", of_script, inferred=True)


def _settle_summary(story: Story) -> None:
    """Leave out a summary that repeats how the text begins."""
    summary = re.sub(r"\W+", "", story.values.get("summary", "").rstrip("…. "))
    if summary and re.sub(r"\W+", "", story.markdown)[: len(summary) + 400].find(summary[:120]) >= 0:
        del story.values["summary"]


def _record(story: Story, capture: Capture, piece: Piece) -> None:
    story.give("archived_url", capture.archived_url)
    if capture.captured_at:
        story.give("captured_at", capture.captured_at)
    elif piece.facts.get("changed"):
        story.give("captured_at", datetime.fromtimestamp(piece.facts["changed"], UTC).isoformat(), inferred=True)
