"""The interface's language: its words, and how it writes dates, months and numbers."""

from __future__ import annotations

import gettext
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton
from babel.messages.catalog import Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.numbers import format_decimal

from builder.base.dates import to_datetime
from builder.base.problems import ConfigError, Problem, Severity

_AUTONYMS = {"zh-hant": "繁體中文", "zh-hans": "简体中文", "zh-hk": "繁體中文(香港)", "zh-tw": "繁體中文(台灣)", "yue": "粵語"}


class Localization:
    """One language's words and forms: that of the interface. Dates come as they are kept (`builder.base.dates.Moment.iso`)."""

    def __init__(self, language: str, timezone: str, folders: Sequence[Path]) -> None:
        self.language = interface_language(language, folders)
        self.locale = _locale(self.language)
        self.timezone = timezone
        self.translations = _translations(self.locale, folders)

    def day(self, iso: str) -> str:
        """`2025-02-12…` as `12 February 2025`; a month as `February 2025`, a year as `2025`."""
        if len(iso) < 10:
            return self.month(iso) if len(iso) == 7 else _year(iso, self.locale)
        return _day(iso[:10], self.locale)

    def moment(self, iso: str) -> str:
        """A date with its time and zone, where it has a time: `12 February 2025, 17:30 HKT`."""
        if len(iso) <= 10:
            return self.day(iso)
        local = to_datetime(iso, self.timezone)  # the clock of the site's zone, as Moment stores it
        name = local.replace(tzinfo=ZoneInfo(self.timezone)).tzname() or ""
        zone = name if name[:1].isalpha() else f"UTC{local.strftime('%z')[:3]}:{local.strftime('%z')[3:5]}"
        separator = " " if self.locale.language in {"zh", "ja", "ko"} else ", "
        return f"{self.day(local.date().isoformat())}{separator}{local:%H:%M} {zone}"

    def month(self, month: str) -> str:
        """`2025-02` as `February 2025`."""
        return _skeleton(month, "yMMMM", self.locale)

    def month_name(self, month: str) -> str:
        """`2025-02` as `February`."""
        return _month_name(month[5:7], self.locale)

    def weekday(self, iso: str) -> str:
        """`2025-02-12…` as `Wednesday`."""
        return _weekday(iso[:10], self.locale)

    def number(self, number: int) -> str:
        """12345 as `12,345`."""
        return _number(number, self.locale)

    def type_name(self, kind: str) -> str:
        """A story type in the interface's language: `obituary` as `Obituary`; one that it does not know as it stands."""
        word = kind[:1].upper() + kind[1:]
        return self.translations.gettext(word) if word else ""

    def language_name(self, code: str) -> str:
        """A language's own name (autonym_of)."""
        return autonym_of(code)


def autonym_of(code: str) -> str:
    """Return a language's own name: `en` as `English`, `zh-Hant` as `繁體中文`; one that is not known as it stands."""
    autonym = _AUTONYMS.get(code.lower())
    if autonym:
        return autonym
    try:
        name = Locale.parse(code, sep="-").get_display_name()
    except (ValueError, UnknownLocaleError):
        name = None
    return name[:1].upper() + name[1:] if name else code


def _locale(language: str) -> Locale:
    """Return Babel's locale for `language`; English ones write dates with the day first, as newspapers outside America do."""
    for code in (language, language.split("-")[0], "en"):
        try:
            locale = Locale.parse(code, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
        return Locale("en", "GB") if str(locale) == "en" else locale
    raise AssertionError


def interface_language(language: str, folders: Sequence[Path]) -> str:
    """Return `language` if the interface has its words (English, or a translation in `folders`), else `en`, which it shows then."""
    return language if language.split("-")[0].lower() == "en" or _translation_files(_locale(language), folders) else "en"


def translated_languages(folders: Sequence[Path]) -> list[str]:
    """Return the codes of the languages that the interface has words of."""
    files = [file for folder in folders for file in folder.glob("locales/*/LC_MESSAGES/messages.po")]
    return sorted({"en", *(file.parts[-3].replace("_", "-") for file in files)})


def _translations(locale: Locale, folders: Sequence[Path]) -> gettext.NullTranslations:
    """Read `locales/LANGUAGE/LC_MESSAGES/messages.po` of each of `folders`: the first that has a word gives it.

    Raises ConfigError for one that cannot be read.
    """
    files = _translation_files(locale, folders)
    texts = tuple(file.read_bytes() for file in files)
    try:
        return _catalogue(texts)
    except (ValueError, PoFileError):  # UnicodeDecodeError, and plural forms that are none
        raise ConfigError([fault for file, text in zip(files, texts, strict=True) for fault in _faults(file, text)]) from None


def _faults(file: Path, text: bytes) -> Iterator[Problem]:
    """Yield what makes `text` no file of translations, at its place."""
    try:
        for translation in read_po(io.BytesIO(text), abort_invalid=True):
            if fault := _fault_of(translation):
                yield Problem("/".join(file.parts[-5:]), translation.lineno or 1, 1, Severity.ERROR, "", fault)
        return
    except UnicodeDecodeError as error:
        line = next(number for number, line in enumerate(text.split(b"\n"), 1) if _is_no_text(line))
        message = f"byte 0x{error.object[error.start]:02X} is not UTF-8; save the file as UTF-8"
    except PoFileError as error:
        line, message = error.lineno + 1, "is no line of a .po file, which has lines msgid and msgstr, with words in quotes"
    yield Problem("/".join(file.parts[-5:]), line, 1, Severity.ERROR, "", message)


def _fault_of(message: Message) -> str:
    """Return what keeps a translation from being shown: plural forms that are none, or a place that its original has not."""
    originals, texts = ([each] if isinstance(each, str) else [*(each or ())] for each in (message.id, message.string))
    if originals == [""] and (plural := re.search(r"plural\s*=\s*(.*?);?$", texts[0], re.MULTILINE)):
        try:
            gettext.c2py(plural[1])
        except ValueError as error:
            return f"its plural forms cannot be read: {error}"
    values = dict.fromkeys(re.findall(r"%\((\w+)\)", " ".join(originals)), 1)
    for text in texts if all(_takes(original, values) for original in originals) else ():
        if not _takes(text, values):
            names = " and ".join(["%%, a sign of percent", *(f"%({name})s" for name in values)])
            return f"its translation has a % that stands for nothing; there is {names}"
    return ""


def _takes(text: str, values: dict[str, int]) -> bool:
    """Whether `values` can be put into a text of the interface."""
    try:
        return bool(text % values) or True
    except (KeyError, TypeError, ValueError):
        return False


def _is_no_text(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return True
    return False


def _translation_files(locale: Locale, folders: Sequence[Path]) -> list[Path]:
    """Return the files of translations for `locale` in `folders`, the first to count first."""
    names = [str(locale), f"{locale.language}_{locale.script}" if locale.script else "", locale.language]
    if locale.language == "zh" and not locale.script:
        names.insert(1, "zh_Hant" if locale.territory in {"HK", "MO", "TW"} else "zh_Hans")
    names = [*dict.fromkeys(filter(None, names))]
    files = [folder / "locales" / name / "LC_MESSAGES" / "messages.po" for folder in folders for name in names]
    return [file for file in files if file.is_file()]


@lru_cache(maxsize=8)
def _catalogue(texts: tuple[bytes, ...]) -> gettext.NullTranslations:
    """Return the translations that the .po files `texts` have, the same object for the same texts. Raises ValueError for faults."""
    catalogue = gettext.NullTranslations()
    for text in reversed(texts):
        file = io.BytesIO()
        messages = read_po(io.BytesIO(text), abort_invalid=True)
        if any(map(_fault_of, messages)):
            raise ValueError
        write_mo(file, messages)
        file.seek(0)
        translations = gettext.GNUTranslations(file)
        translations.add_fallback(catalogue)
        catalogue = translations
    return catalogue


@lru_cache(maxsize=4096)
def _day(day: str, locale: Locale) -> str:
    return str(format_date(date.fromisoformat(day), "long", locale=locale))


@lru_cache(maxsize=4096)
def _skeleton(month: str, skeleton: str, locale: Locale) -> str:
    return str(format_skeleton(skeleton, date.fromisoformat(f"{month}-01"), locale=locale))


def _year(year: str, locale: Locale) -> str:
    return f"{year}年" if locale.language in {"zh", "ja"} else year


@lru_cache(maxsize=64)
def _month_name(number: str, locale: Locale) -> str:
    return str(format_date(date(2000, int(number), 1), "LLLL", locale=locale))


@lru_cache(maxsize=4096)
def _weekday(day: str, locale: Locale) -> str:
    return str(format_date(date.fromisoformat(day), "EEEE", locale=locale))


@lru_cache(maxsize=4096)
def _number(number: int, locale: Locale) -> str:
    return str(format_decimal(number, locale=locale))
