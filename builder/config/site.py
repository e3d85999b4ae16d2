"""site.yml: every setting with its meaning, read and checked at once."""

from __future__ import annotations

import string
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, ValidationInfo

from builder.base import files
from builder.base.document_types import DOCUMENT_TYPES, type_fault
from builder.base.languages import language_fault
from builder.base.problems import ConfigError, Problem, Severity, field_path, suggestion
from builder.base.pydantic_messages import explain_in_words
from builder.base.urls import ascii_url, slugify
from builder.base.yaml_parsing import Finding, YamlError, parse, position
from builder.base.yaml_recovery import recover
from builder.config.import_rules import ImportRules, LineRule, Names
from builder.config.markdown_extensions import check_extensions
from builder.config.month_spans import Spans
from builder.config.picture_settings import PictureSettings, read_pictures

FILE_NAME = "site.yml"
PLACEHOLDER_URL = "https://archive.example/"
"""What `morgue init` writes where no address is given; a build warns of it."""
MAX_PART_BYTES = 120
MAX_BYTES = 10_000_000
PERMALINK_PARTS = ("year", "month", "day", "slug", "section", "source")


def _as_list(value: object) -> object:
    return [] if value is None else value if isinstance(value, list) else [value]


def _check_url(value: str) -> str:
    if not value.startswith(("https://", "http://")) or len(value) < 10 or any(char in value for char in " ?#"):
        raise ValueError("must be the full address of the site, such as https://archive.example/")
    return ascii_url(value).rstrip("/") + "/"


def _check_language(value: str) -> str:
    fault = language_fault(value)
    if fault and fault[0] is Severity.ERROR:
        raise ValueError(fault[1])
    return value


def _check_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError(f'"{value}" is no time zone; write one like Asia/Hong_Kong or UTC') from None
    return value


def _check_permalink(value: str) -> str:
    try:
        parts = [part[1:] for part in string.Formatter().parse(value) if part[1] is not None]
    except ValueError:
        raise ValueError("has a brace without its partner") from None
    names = [name for name, _, _ in parts]
    for name, form, conversion in parts:
        if form or conversion:
            raise ValueError(f"{{{name}}} takes nothing after its name (no : and no !)")
        if name not in PERMALINK_PARTS:
            raise ValueError(f"knows no {{{name}}}; there are {', '.join('{' + part + '}' for part in PERMALINK_PARTS)}")
    path = value.strip("/")
    if any(ord(char) < 32 or ord(char) == 127 for char in value):
        raise ValueError("holds a control character")
    if any(len(part.encode()) > MAX_PART_BYTES for part in path.split("/")):
        raise ValueError(f"has a part of more than {MAX_PART_BYTES} bytes, which with its slug is no file's name")
    if "slug" not in names or ".." in path or "\\" in path or not value.endswith((".html", "/")):
        raise ValueError("must hold {slug}, end in .html or /, and stay inside the site")
    return f"{path}/index.html" if value.endswith("/") else path


def _check_extensions(names: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
    check_extensions(names, (info.context or {}).get("folder"))
    return names


def _check_watches(watches: dict[str, str]) -> dict[str, str]:
    slugs: dict[str, str] = {}
    for name, query in watches.items():
        slug = slugify(name)
        if not slug:
            raise ValueError(f'the name "{name}" has no letter or digit')
        if slug in slugs:
            raise ValueError(f'"{slugs[slug]}" and "{name}" would have one address; name one of them otherwise')
        if not query.strip():
            raise ValueError(f'"{name}" searches for nothing; write words, such as {{{name}: ferry OR pier}}')
        slugs[slug] = name
    return watches


def _check_pages(value: str) -> str:
    path = value.strip().rstrip("/")
    if path.startswith("content/"):
        raise ValueError(f"counts from content/; write {path.removeprefix('content/')}")
    if any(part in {"", ".", ".."} or part.startswith(".") for part in path.split("/") if path) or "\\" in path:
        raise ValueError("must be the name of a folder in content/, such as pages")
    return path


def _check_documents(endings: tuple[str, ...]) -> tuple[str, ...]:
    suffixes = tuple(f".{ending.strip().lstrip('.').lower()}" for ending in endings)
    for ending in suffixes:
        if fault := type_fault(ending):
            raise ValueError(fault)
    return suffixes


TextList = Annotated[tuple[str, ...], BeforeValidator(_as_list)]


class NamedTerm(BaseModel):
    """What site.yml says of a topic, a section or a byline."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    about: str = Field("", description="One or two sentences about it, shown on its page.")
    aliases: TextList = Field((), description="Other spellings of its name; articles that use one are filed under the name.")


class Organisation(NamedTerm):
    """What site.yml says of an agency or a source."""

    url: Annotated[str, AfterValidator(ascii_url)] = Field("", description="Its website.", pattern=r"^(https?://.*)?$")
    feed: Annotated[str, AfterValidator(ascii_url)] = Field(
        "", description="The address of its own feed, named as the origin in ours.", pattern=r"^(https?://.*)?$"
    )
    data: Literal["full", "metadata", "none", ""] = Field(
        "", description="Narrows the setting `data` for its copy: `metadata` leaves out the text, `none` the stories."
    )
    canonical: Literal["self", "original"] = Field(
        "self", description="Which address search engines shall list for its copy: its own, or the `original_url`; "
        "copy of which that is not known asks not to be indexed. With `original` it leaves the sitemap.",
    )  # fmt: skip
    index: bool = Field(True, description="Whether search engines may list the stories that came from it.")


class Site(BaseModel):
    """The settings of one archive, as site.yml gives them."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    title: str = Field("News archive", description="The archive's name, in the masthead and in feeds.", min_length=1)
    url: Annotated[str, AfterValidator(_check_url)] = Field(
        "http://localhost:8000/", description="Where the site will stand. Feeds, sitemap and canonical links are made from it."
    )
    language: Annotated[str, AfterValidator(_check_language)] = Field(
        "en", description="The interface's language, and that of articles that name none: `en`, `zh-Hant`, or one that "
        "the site's own templates/locales translate.", pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
    )  # fmt: skip
    timezone: Annotated[str, AfterValidator(_check_zone)] = Field(
        "UTC", description="Reads dates without a zone, and decides on which day of the calendar an article stands."
    )
    publisher: str = Field("", description="Who keeps the archive; the title where it is not given.")
    description: str = Field("", description="One sentence about the archive, for the home page, feeds and search engines.")
    permalink: Annotated[str, AfterValidator(_check_permalink)] = Field(
        "{year}/{month}/{day}/{slug}.html", description="Where an article's page stands. Parts: "
        + ", ".join(f"`{{{part}}}`" for part in PERMALINK_PARTS) + "."
    )  # fmt: skip
    redirects: Literal["pages", "netlify", "nginx"] = Field(
        "pages", description="How old addresses lead on: by pages, which work anywhere; `netlify` and `nginx` have a file for the "
        "server besides (`_redirects`, `redirects.map`), which answers addresses with a query (`/story.php?id=5`) too.",
    )  # fmt: skip
    fields: dict[str, str] = Field({}, description="Our field: their key. Reads someone else's front matter as it stands.")
    unknown_fields: Literal["warn", "error", "keep"] = Field(
        "warn", description="What happens to a key that nobody knows: `warn` (one line a key), `error`, or `keep` for templates."
    )
    undated: Literal["error", "keep"] = Field(
        "error", description="What happens to an article without a date: `error`, or `keep` under `undated/`."
    )
    untitled: Literal["error", "keep"] = Field(
        "error", description="What happens to an article without a headline or a heading: `error`, or `keep` with its first words."
    )
    defaults: dict[str, Any] = Field({}, description="Front matter for the articles that do not give it themselves.")
    agencies: dict[str, Organisation] = Field(
        {}, description="Details of agencies by name: `about`, `url`, `feed`, `aliases`, `index`."
    )
    sources: dict[str, Organisation] = Field({}, description="The same for sources.")
    tags: dict[str, NamedTerm] = Field({}, description="Details of topics by name: `about`, `aliases`.")
    sections: dict[str, NamedTerm] = Field({}, description="The same for sections.")
    bylines: dict[str, NamedTerm] = Field({}, description="The same for bylines.")
    data: Literal["full", "metadata", "none"] = Field(
        "none", description="What data.html and `data/` hand over: each year's stories in full, their `metadata` without the text, "
        "or nothing.",
    )  # fmt: skip
    data_terms: str = Field("", description="On what terms the data may be used: a licence, a sentence. Shown on data.html.")
    collected: dict[str, Spans] = Field(
        {}, description="Which months were collected of a source or agency: `{NAME: [2010/2012, 2014-03/]}`. coverage.html hatches "
        "the others.",
    )  # fmt: skip
    watches: Annotated[dict[str, str], AfterValidator(_check_watches)] = Field(
        {}, description="Searches with a page and a feed of their own, in the language of the search: "
        "`{Harbour: 'harbour OR pier -cruise'}`.",
    )  # fmt: skip
    hub: Annotated[str, AfterValidator(ascii_url)] = Field(
        "",
        description="The address of a WebSub hub, which feeds name and `morgue ping` tells of changes.",
        pattern=r"^(https?://\S+)?$",
    )
    markdown: Annotated[TextList, AfterValidator(_check_extensions)] = Field(
        (), description="Further Python-Markdown extensions that are installed, by name, never modules of the archive's folder; "
        "`github` gives task lists and `~~struck~~` text.",
    )  # fmt: skip
    pages: Annotated[str, AfterValidator(_check_pages)] = Field(
        "", description="A folder in `content/` (`pages`) whose Markdown files are pages of your own, at NAME.html in the site's "
        "frame: contact, terms, methods. `about.md` there gives `about.html` its words.",
    )  # fmt: skip
    pictures: Annotated[PictureSettings, BeforeValidator(read_pictures)] = Field(
        PictureSettings(),
        description="What is published of pictures: `sizes`, `strip_location`. `false`: they alone, as they are.",
    )
    documents: Annotated[TextList, AfterValidator(_check_documents)] = Field(
        (), description="Further kinds of files that are published where an article links to them, by the ending of their names "
        "(`[dwg, gpx]`). Published in any case: " + ", ".join(f"`{ending}`" for ending in sorted(DOCUMENT_TYPES)) + ".",
    )  # fmt: skip
    article_seconds: float = Field(
        60, gt=0, description="The processor time in seconds that reading one article may take; one that takes longer is an error."
    )
    article_megabytes: float = Field(8, gt=0, le=100, description="How large one article's file may be; a larger one is an error.")
    imports: ImportRules = Field(
        ImportRules(), alias="import", description="Rules of your own for `morgue import`: "
        + ", ".join(f"`{name}`" for name in ImportRules.model_fields) + " (see builder/importers/README.md)."
    )  # fmt: skip

    @cached_property
    def display_settings(self) -> dict[str, str]:
        """What every page may show of the site: a change of anything else leaves all pages as they are."""
        return {
            "title": self.title,
            "url": self.url,
            "language": self.language,
            "timezone": self.timezone,
            "publisher": self.publisher or self.title,
            "description": self.description,
        }

    def is_own_page(self, path: str) -> bool:
        """Whether the file at content/`path` is a page of the archive's own, and no article."""
        return bool(self.pages) and path.startswith(f"{self.pages}/")

    @property
    def terms(self) -> dict[str, Mapping[str, NamedTerm]]:
        """What is said of agencies, sources, topics, sections and bylines: by the folder of each, then by name."""
        return {
            "agencies": self.agencies,
            "sources": self.sources,
            "tags": self.tags,
            "sections": self.sections,
            "bylines": self.bylines,
        }

    def name_of(self, kind: str, name: str) -> str:
        """Return the name under which `kind` files `name`: itself, or the one that has it as an alias."""
        return self._names[kind].get(name.casefold(), name)

    @cached_property
    def _names(self) -> dict[str, dict[str, str]]:
        return {
            kind: {
                spelling.casefold(): name
                for name, term in names.items()
                for spelling in (name, *term.aliases)
            }
            for kind, names in self.terms.items()
        }  # fmt: skip


def load_site(folder: Path, field_names: frozenset[str]) -> Site:
    """Read `folder`/site.yml. `field_names` are the front-matter fields that `fields` and `defaults` may name.

    Raises ConfigError with every problem found, each with its line and column.
    """
    file = folder / FILE_NAME
    try:
        text = files.read_regular(file, MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise ConfigError(
            f"{file}: not found; stand in an archive's folder, name it with -C, or make one: morgue init DIR"
        ) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        message = f"byte 0x{error.object[error.start]:02X} is not UTF-8; save the file as UTF-8"
        raise ConfigError([_problem(line, 1, "", message)]) from None
    except OSError as error:
        raise ConfigError(f"{file}: cannot be read: {error.strerror}") from None
    return parse_site(text, field_names, folder)


def parse_site(text: str, field_names: frozenset[str], folder: Path | None = None) -> Site:
    """Read the `text` of a site.yml of the archive at `folder`, as `load_site` does that of the file. Raises ConfigError."""
    try:
        findings: list[Finding] = []
        data = parse(text, findings)
    except YamlError as error:
        errors = recover(text, error).errors
        raise ConfigError([_problem(each.line, each.column, each.field, each.message) for each in errors]) from None
    site, problems = _validate(data, text, folder)
    problems += [
        _problem(each.line, each.column, each.key, "is given twice; keep one" if each.key else each.message) for each in findings
    ]
    for setting in ("fields", "defaults"):
        for name in data.get(setting) or {} if isinstance(data.get(setting), dict) else {}:
            if name not in field_names:
                problems.append(
                    _problem(*position(text, (setting, name)), f"{setting}.{name}", f"unknown field{suggestion(name, field_names)}")
                )
    if problems or site is None:
        raise ConfigError(sorted(problems))
    return site


def setting_position(folder: Path, name: str) -> tuple[int, int]:
    """Return the line and column of the setting `name` in `folder`/site.yml; its beginning where it cannot be read any more."""
    try:
        return position(files.read_regular(folder / FILE_NAME, MAX_BYTES).decode("utf-8-sig").replace("\r\n", "\n"), (name,))
    except (OSError, ValueError):
        return 1, 1


def _validate(data: dict[str, Any], text: str, folder: Path | None) -> tuple[Site | None, list[Problem]]:
    try:
        values = {key: value for key, value in data.items() if value is not None}
        return Site.model_validate(values, context={"folder": folder}), []
    except ValidationError as error:
        return None, [
            _problem(*position(text, detail["loc"]), field_path(detail["loc"]), _explain(detail["type"], detail))
            for detail in error.errors()
        ]  # fmt: skip
    except Exception as error:  # noqa: BLE001 (the setting that does it is found, and named at its line)
        if len(data) > 1:
            single = [problem for key, value in data.items() for problem in _validate({key: value}, text, folder)[1]]
            if single:
                return None, single
        key = next(iter(data), "")
        message = f"cannot be read: {type(error).__name__}: {error}; this is a fault of Morgue: please report it"
        return None, [_problem(*position(text, (key,)), key, message)]


def _explain(kind: str, detail: Any) -> str:
    """Say what pydantic found in words for the person who wrote the file."""
    if kind == "extra_forbidden":
        loc = detail["loc"]
        model: type[BaseModel] = Site if len(loc) < 2 else NamedTerm if loc[0] in {"tags", "sections", "bylines"} else Organisation
        if loc[0] == "pictures" and len(loc) > 1:
            model = PictureSettings
        if loc[0] == "import" and len(loc) > 1:
            model = ImportRules if len(loc) == 2 else LineRule if loc[1] == "lines" else Names
        return f"is not a setting{suggestion(str(detail['loc'][-1]), model.model_fields)}; remove it or mend its spelling"
    if kind == "literal_error":
        model = Site if len(detail["loc"]) == 1 else Organisation
        choices = " or ".join(filter(None, map(str, get_args(model.model_fields[detail["loc"][-1]].annotation))))
        return f'must be {choices}, not "{detail["input"]}"'
    if kind == "string_pattern_mismatch":
        example = "a language code like en or zh-Hant" if detail["loc"][0] == "language" else "an address that begins with https://"
        return f'"{detail["input"]}" is not {example}'
    return explain_in_words(detail)


def _problem(line: int, column: int, field: str, message: str) -> Problem:
    return Problem(FILE_NAME, line, column, Severity.ERROR, field, message)
