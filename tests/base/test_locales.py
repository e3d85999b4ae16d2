"""The interface's languages: every text of the templates is translated, and dates and numbers are written as readers expect."""

from __future__ import annotations

import gettext
import re
import tempfile
from functools import cache
from pathlib import Path

import jinja2
import pytest
from babel.messages.pofile import read_po

from builder.archive.taxonomies import TAXONOMIES
from builder.articles import embeds
from builder.base.locales import Localization
from builder.base.version import theme_folder
from builder.search.text.facets import TABLE
from tests.sites import SITE, archive, story

TEMPLATES = theme_folder("templates")
CHINESE = Localization("zh-Hant", "Asia/Hong_Kong", [TEMPLATES])
ENGLISH = Localization("en", "Asia/Hong_Kong", [TEMPLATES])


def message_ids() -> set[str]:
    """Every message id that a template, or the code that names pages, has."""
    parser = jinja2.Environment(extensions=["jinja2.ext.i18n"])
    found = {kind.title for kind in TAXONOMIES} | {*embeds.WHAT, embeds.AT_PLACE, embeds.OF_ADDRESS}
    for file in TEMPLATES.rglob("*.html"):
        for _, _, message in parser.extract_translations(file.read_text(encoding="utf-8")):  # type: ignore[attr-defined]
            text = message[0] if isinstance(message, tuple) else message
            found.update([text] if text else [])  # None: what is put in is no text of ours, such as a kind's title
    return found | {facet.title for facet in TABLE} | asked_ids()


@cache
def asked_ids() -> set[str]:
    """Every message id that a build of one of each page asks a catalogue for."""
    asked: set[str] = set()
    look_up = gettext.GNUTranslations.gettext

    def noted(self: gettext.GNUTranslations, message: str) -> str:
        asked.add(message)
        return look_up(self, message)

    files = {
        "site.yml": f"{SITE}language: zh-Hant\nundated: keep\ndata: metadata\n",
        "content/undated.md": story("No day", date=""),
    }
    files["releases.yml"] = f"1: {{date: 2025-03-01, note: First, stories: 1, withdrawn: 0, sha512: {'0' * 128}}}\n"
    for number in range(120):
        files[f"content/{number}.md"] = story(
            f"Story {number}", tags="[many]", agency="Harbour Wire", byline="Ada Lam", section="World", type="news"
        )
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(gettext.GNUTranslations, "gettext", noted)
        assert archive(Path(folder), files).build("--quiet").code == 0
    return {message for message in asked if message and " " in message}


def test_every_text_has_its_chinese() -> None:
    with (TEMPLATES / "locales/zh_Hant/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = read_po(file)
    translated = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in catalogue if entry.id and entry.string}
    assert message_ids() - translated == set()


def test_chinese_sentences_have_wide_marks() -> None:
    with (TEMPLATES / "locales/zh_Hant/LC_MESSAGES/messages.po").open("rb") as file:
        strings = [message.string or "" for message in read_po(file)]
    words = [text for string in strings for text in ([string] if isinstance(string, str) else string)]
    assert [text for text in words if re.search(r"[\u4e00-\u9fff][,:;?!]|,[\u4e00-\u9fff]", text)] == []


def test_no_translation_is_left_over() -> None:
    with (TEMPLATES / "locales/zh_Hant/LC_MESSAGES/messages.po").open("rb") as file:
        catalogue = {entry.id if isinstance(entry.id, str) else entry.id[0] for entry in read_po(file) if entry.id}
    types = {"News", "Analysis", "Opinion", "Feature", "Interview", "Review", "Editorial", "Obituary", "Explainer", "Live", "Letter",
             "Sponsored", "Satire", "Column", "Background"}  # fmt: skip
    assert catalogue - message_ids() - types == set()


def test_dates_and_numbers() -> None:
    assert ENGLISH.moment("2025-02-12T17:30:00+08:00") == "12 February 2025, 17:30 HKT"
    assert ENGLISH.moment("2025-02-12") == "12 February 2025"
    assert CHINESE.moment("2025-02-12T17:30:00+08:00") == "2025年2月12日 17:30 HKT"
    assert (ENGLISH.month("2025-02"), CHINESE.month("2025-02")) == ("February 2025", "2025年2月")
    assert (ENGLISH.number(12345), ENGLISH.weekday("2025-02-12"), CHINESE.weekday("2025-02-12")) == (
        "12,345",
        "Wednesday",
        "星期三",
    )
    assert (ENGLISH.type_name("obituary"), CHINESE.type_name("obituary"), CHINESE.type_name("Kurzmeldung")) == (
        "Obituary",
        "訃聞",
        "Kurzmeldung",
    )
    assert (ENGLISH.language_name("zh-Hant"), CHINESE.language_name("en"), ENGLISH.language_name("x-klingon")) == (
        "繁體中文",
        "English",
        "x-klingon",
    )


@pytest.mark.parametrize("language", ["fr", "fa", "th-TH"])
def test_an_interface_language_without_translations_is_english_in_words_dates_and_numbers(language: str) -> None:
    other = Localization(language, "Europe/Paris", [TEMPLATES])
    assert (other.language, other.day("2025-02-12"), other.number(12345)) == ("en", "12 February 2025", "12,345")
    assert other.translations.gettext("Search") == "Search"


def test_a_sites_own_words_come_before_the_themes(tmp_path: Path) -> None:
    folder = tmp_path / "locales/zh_Hant/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Search"\nmsgstr "尋找"\n', encoding="utf-8"
    )
    words = Localization("zh-HK", "Asia/Hong_Kong", [tmp_path, TEMPLATES])
    assert words.translations.gettext("Search") == "尋找"
    assert words.translations.gettext("Topics") == "專題"


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b'msgid "Search"\nmsgstr "\xff"\n', "2:1: error: byte 0xFF is not UTF-8"),
        (b'msgid "a"\nSuche\n', "2:1: error: is no line of a .po file"),
        (b'msgid "Search"\nmsgstr "%(x)s"\n', "1:1: error: its translation has a % that stands for nothing"),
        (b'msgid "Search"\nmsgstr "100% S"\n', "1:1: error: its translation has a % that stands for nothing"),
        (b'msgid "%(count)s story"\nmsgid_plural "%(count)s stories"\nmsgstr[0] "%(n)s"\n', "1:1: error: its translation has a %"),
        (b'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=__import__(1);\\n"\n', "1:1: error: its plural forms cannot be read"),
    ],
)
def test_a_file_of_translations_that_cannot_be_read_is_named(tmp_path: Path, data: bytes, fault: str) -> None:
    path = "templates/locales/zh_Hant/LC_MESSAGES/messages.po"
    run = archive(tmp_path, {"site.yml": f"{SITE}language: zh-Hant\n", "content/a.md": story(), path: data}).build()
    assert (run.code, run.err.startswith(f"{path}:{fault}")) == (2, True), run.err
