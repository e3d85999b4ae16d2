"""The rules of rules/*.yml and of a site, ready for use: what a line is, who an agency is, where a dateline ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import ValidationError

from builder.base.problems import ConfigError, Problem, Severity, field_path
from builder.base.pydantic_messages import explain_in_words
from builder.base.yaml_parsing import YamlError, parse, position
from builder.config.import_rules import ImportRules, LineRule, Names
from builder.config.site import Site
from builder.importers import dates_in_text
from builder.importers.addresses import split_address

_CREDIT_SIGN = re.compile(r"[:：(（\[【©▲△▼▽攝摄/]| by |credit|caption|source,", re.IGNORECASE)
"""What every credit has, or a picture's words: a line without it needs no look at the patterns."""
_GROUPS = re.compile(r"\(\?P[<=]|\\[1-9]|^\(\?[aiLmsux]+\)")
_POINTERS = "▲△▼▽◀▶ \u3000"
"""Signs before a caption that point at its picture."""
FOLDER = Path(__file__).parent / "rules"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rule says of a line: its name, the words that the line gives, whether the story is over here, or the line stays."""

    rule: str
    words: dict[str, str]
    furniture: bool = True
    stays: bool = False


class Rules:
    """Compiled rules. Patterns see whole lines, with their spaces collapsed."""

    def __init__(self, model: ImportRules) -> None:
        self._agencies = _spellings(model.agencies)
        self._outlets = _spellings(model.outlets)
        names = [*model.outlets.items(), *model.agencies.items()]
        self._domains = {domain.lower(): name for name, organisation in names for domain in organisation.domains}
        parts = {
            "agency": _names_pattern(model.agencies),
            "outlet": _names_pattern(model.outlets),
            "month": dates_in_text.month_pattern(),
            "weekday": dates_in_text.weekday_pattern(),
            "number": dates_in_text.NUMBER,
            "date": dates_in_text.date_pattern(),
            "time": dates_in_text.TIME_PATTERN,
            "moment": dates_in_text.moment_pattern(),
        }

        self._agency = re.compile(parts["agency"])
        self._outlet = re.compile(parts["outlet"])
        self._model, self._parts = model, parts

    def _compile(self, patterns: tuple[str, ...], flags: int = re.IGNORECASE) -> list[re.Pattern[str]]:
        return [re.compile(_fill(pattern, self._parts), flags) for pattern in patterns]

    # Compiled when they are first asked for: a WordPress export needs datelines alone, and all take as long as 100 posts.
    @cached_property
    def _lines(self) -> list[tuple[LineRule, list[re.Pattern[str]], list[re.Pattern[str]]]]:
        return [(rule, self._compile(_join_plain(rule.line)), self._compile(rule.has)) for rule in self._model.lines]

    @cached_property
    def _captions(self) -> list[re.Pattern[str]]:
        return self._compile(self._model.captions)

    @cached_property
    def _datelines(self) -> list[re.Pattern[str]]:
        return self._compile(self._model.datelines, 0)

    @cached_property
    def _endings(self) -> list[re.Pattern[str]]:
        return self._compile(self._model.endings, 0)

    @cached_property
    def _bylines(self) -> list[re.Pattern[str]]:
        return self._compile(self._model.bylines)

    @cached_property
    def _dates(self) -> list[re.Pattern[str]]:
        return self._compile(self._model.dates)

    @cached_property
    def _headlines(self) -> list[re.Pattern[str]]:
        return self._compile(self._model.headlines, 0)

    def agencies_in(self, text: str) -> list[str]:
        """Return the agencies that `text` names, under the names by which they are filed."""
        return list(dict.fromkeys(self._agencies[match[0].casefold()] for match in self._agency.finditer(text)))

    def agency_named(self, name: str) -> str:
        """Return the agency that `name` is, as a whole, or ""."""
        return self._agencies.get(name.strip().casefold(), "")

    def outlets_in(self, text: str) -> list[str]:
        """Return the outlets that `text` names."""
        return list(dict.fromkeys(self._outlets[match[0].casefold()] for match in self._outlet.finditer(text)))

    def outlet_named(self, name: str) -> str:
        """Return the outlet that `name` is, or `name` itself."""
        return self._outlets.get(name.strip().casefold(), name.strip())

    def outlet_at(self, url: str) -> str:
        """Return the outlet that runs the host of `url`, or ""."""
        host = (split_address(url).hostname or "").lower()
        while host:
            if host in self._domains:
                return self._domains[host]
            host = host.partition(".")[2]
        return ""

    def judge(self, line: str) -> Verdict | None:
        """Return what the first fitting rule says of `line`, or None: it is text."""
        for rule, whole, parts in self._lines:
            if len(line) > rule.longest:
                continue
            match = next((candidate for pattern in whole if (candidate := pattern.fullmatch(line))), None)
            match = match or next((candidate for pattern in parts if (candidate := pattern.search(line))), None)
            if match:
                words = {word: value.strip() for word, value in match.groupdict().items() if value}
                return Verdict(rule.rule, words, rule.furniture, rule.stays)
        return None

    def caption(self, line: str) -> tuple[str, str] | None:
        """Return caption and credit of a line that is a picture's words, or None."""
        for pattern in self._captions if _CREDIT_SIGN.search(line) else ():
            match = pattern.fullmatch(line)
            if match:
                groups = match.groupdict()
                return (groups.get("caption") or "").lstrip(_POINTERS).strip(), (groups.get("credit") or "").strip().rstrip(".")
        return None

    def dateline(self, text: str) -> re.Match[str] | None:
        """Return the match of the dateline with which `text` begins."""
        return next((match for pattern in self._datelines if (match := pattern.match(text))), None)

    def ending(self, text: str) -> re.Match[str] | None:
        """Return the match of the agency's mark with which `text` ends."""
        return next((match for pattern in self._endings if (match := pattern.search(text))), None)

    def byline(self, line: str) -> dict[str, str] | None:
        """Return what a line that names the writers gives (`byline`, `agency`), or None."""
        return _first(self._bylines, line)

    def dates(self, line: str) -> dict[str, str] | None:
        """Return the dates (`date`, `updated`) of a line that is nothing else, or None."""
        return _first(self._dates, line, dates_in_text.is_moment) if re.search(r"\d|年", line) else None

    def headline(self, title: str) -> dict[str, str] | None:
        """Return `title` and `source` of a page's title that holds more than the headline, or None."""
        return _first(self._headlines, title)


def _first(patterns: list[re.Pattern[str]], line: str, is_sound: Callable[[str], bool] = bool) -> dict[str, str] | None:
    """Return the groups of the first pattern that is all of `line` and whose dates are sound, or None."""
    for pattern in patterns:
        match = pattern.fullmatch(line)
        words = {word: value.strip() for word, value in match.groupdict().items() if value} if match else {}
        if words and all(is_sound(words[word]) for word in ("date", "updated") if word in words):
            return words
    return None


def _join_plain(patterns: tuple[str, ...]) -> tuple[str, ...]:
    """Return `patterns` with those in one that have neither named groups nor references nor flags: that takes half the time."""
    plain = [pattern for pattern in patterns if not _GROUPS.search(pattern)]
    return (*(pattern for pattern in patterns if _GROUPS.search(pattern)), *([f"(?:{'|'.join(plain)})"] if plain else []))


def _spellings(organisations: dict[str, Names]) -> dict[str, str]:
    return {spelling.casefold(): name for name, names in organisations.items() for spelling in (*names.names, name)}


def _names_pattern(organisations: dict[str, Names]) -> str:
    """Return a pattern for any of the names; Latin ones stand alone as words, and count with their capitals alone."""
    spellings = {spelling for name, names in organisations.items() for spelling in (name, *names.names)}
    latin = {spelling for spelling in spellings if spelling[0].isascii() and spelling[-1].isascii()}
    words = rf"(?<![A-Za-z0-9])(?-i:{dates_in_text.either(latin)})(?![A-Za-z0-9])"
    other = dates_in_text.either(spellings - latin) if spellings - latin else r"(?!)"
    return f"(?:{words}|{other})"


def _fill(pattern: str, parts: dict[str, str]) -> str:
    for name, part in parts.items():
        pattern = pattern.replace("{" + name + "}", part)
    return pattern


def load_rules(folder: Path, site: Site) -> ImportRules:
    """Return the rules that come with Morgue with those of the archive at `folder`: its agencies and sources, `import:`, its files.

    Raises ConfigError for a file of rules that cannot be read, with every problem in it.
    """
    own = site.imports
    layers = [own, *(_read(folder / name) for name in own.files), *_built_in()]
    agencies = {name: Names(names=entry.aliases, domains=_host(entry.url)) for name, entry in site.agencies.items()}
    outlets = {name: Names(names=entry.aliases, domains=_host(entry.url)) for name, entry in site.sources.items()}
    lists = ("lines", "captions", "datelines", "endings", "bylines", "dates", "headlines")
    return ImportRules(
        agencies=_merge([agencies, *(layer.agencies for layer in layers)]),
        outlets=_merge([outlets, *(layer.outlets for layer in layers)]),
        **{name: tuple(item for layer in layers for item in getattr(layer, name)) for name in lists},
    )


def _host(url: str) -> tuple[str, ...]:
    host = (split_address(url).hostname or "").removeprefix("www.")
    return (host,) if host else ()


def _merge(groups: list[dict[str, Names]]) -> dict[str, Names]:
    """Return all names; where two groups know one by a spelling in common, the first one's name stands."""
    result: dict[str, Names] = {}
    owners: dict[str, str] = {}
    for group in groups:
        for name, organisation in group.items():
            usual = next((owners[word.casefold()] for word in (name, *organisation.names) if word.casefold() in owners), name)
            before = result.get(usual, Names())
            names = tuple(dict.fromkeys((*before.names, *organisation.names, *((name,) if name != usual else ()))))
            result[usual] = Names(names=names, domains=tuple(dict.fromkeys((*before.domains, *organisation.domains))))
            owners.update((word.casefold(), usual) for word in (usual, *names))
    return result


@lru_cache(maxsize=1)
def _built_in() -> tuple[ImportRules, ...]:
    return tuple(_read(file) for file in sorted(FOLDER.glob("*.yml")))


def _read(file: Path) -> ImportRules:
    try:
        text = file.read_text(encoding="utf-8")
        data = parse(text)
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    except (UnicodeDecodeError, YamlError) as error:
        line, column = (error.line, error.column) if isinstance(error, YamlError) else (1, 1)
        raise ConfigError([Problem(str(file), line, column, Severity.ERROR, "", str(error))]) from None
    try:
        return ImportRules.model_validate(data)
    except ValidationError as error:
        raise ConfigError(
            Problem(
                str(file), *position(text, detail["loc"]), Severity.ERROR, field_path(detail["loc"]),
                "is no rule" if detail["type"] == "extra_forbidden" else explain_in_words(detail),
            )
            for detail in error.errors()
        ) from None  # fmt: skip


@lru_cache(maxsize=4)
def compile_rules(model: str) -> Rules:
    """Return the rules that `model` (ImportRules as JSON: what goes to workers) describes, compiled once a process."""
    return Rules(ImportRules.model_validate_json(model))
