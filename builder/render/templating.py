"""The Jinja environment: templates of two folders, escaped, translated when compiled, partials cached; and their digests."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import lru_cache
from gettext import NullTranslations
from pathlib import Path
from types import CodeType
from typing import Any
from urllib.parse import urlsplit

import jinja2
from jinja2 import meta, nodes
from jinja2.bccache import Bucket
from jinja2.sandbox import SandboxedEnvironment
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

from builder.archive.addresses import NOT_FOUND
from builder.base import files
from builder.base.locales import Localization
from builder.base.problems import ConfigError, Problem, Severity
from builder.base.urls import quote, root_of
from builder.base.version import theme_folder

MAX_CACHED_PARTIALS = 8192
"""Each has half a kilobyte or so."""

_CACHED_INCLUDE = re.compile(r"""\bcached_include\(\s*["']([^"']+)["']""")
_REFERENCE = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
_HAS_SIGNS = re.compile("[&<>\"']").search

_CODE_CACHE: dict[tuple[tuple[NullTranslations | None, bool], str, str], CodeType] = {}
"""The code of compiled templates, by translations and sandbox, name and file, and source. `morgue serve` builds many times in one
process, and compiling takes longer than rendering a small archive."""
MAX_COMPILED = 512


class CompiledTemplates(jinja2.BytecodeCache):
    """The compiled templates of this process. Nothing is read from files: code that a stranger wrote there would run.

    Translations are put into the code, what Jinja's own filters make of fixed values, and whether it asks the sandbox.
    """

    def __init__(self, translations: NullTranslations | None, is_sandboxed: bool) -> None:
        self._kind = translations, is_sandboxed

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give `bucket` the code of its template, where it was compiled before."""
        bucket.code = _CODE_CACHE.get((self._kind, bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Take the code of the template of `bucket`."""
        if len(_CODE_CACHE) >= MAX_COMPILED:
            _CODE_CACHE.clear()
        if bucket.code is not None:
            _CODE_CACHE[self._kind, bucket.key, bucket.checksum] = bucket.code


class TranslationInliner(NodeTransformer):
    """Puts the translations of fixed texts into a template when it is compiled: no page has to look them up."""

    def __init__(self, localization: Localization) -> None:
        self._localization = localization

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 (Jinja's visitors are named after nodes)
        """Replace `_("text")` by its translation."""
        self.generic_visit(node)
        is_fixed = len(node.args) == 1 and isinstance(node.args[0], nodes.Const) and not node.kwargs
        if is_fixed and isinstance(node.node, nodes.Name) and node.node.name == "_":
            translation = self._localization.translations.gettext(node.args[0].value)  # type: ignore[attr-defined]
            return nodes.Const(Markup.escape(translation % {}), lineno=node.lineno)
        return node


class Template(jinja2.Template):
    """A template that prints texts with nothing to escape as they are, where Jinja wraps each of them to join it."""

    @classmethod
    def from_code(
        cls,
        environment: jinja2.Environment,
        code: CodeType,
        globals: MutableMapping[str, Any],  # noqa: A002 (Jinja's name)
        uptodate: Callable[[], bool] | None = None,
    ) -> jinja2.Template:
        """Return the template of compiled `code`, with a function of ours as what its prints call."""
        template = super().from_code(environment, code, globals, uptodate)
        template.root_render_func.__globals__["escape"] = _escape
        return template


def _escape(value: object) -> str:
    """Return `value` as HTML text, as markupsafe.escape has it."""
    if type(value) is Markup or (type(value) is str and not _HAS_SIGNS(value)):
        return value
    return escape(value)


class Environment(jinja2.Environment):
    """Jinja over the template `folders`, the first that has a file giving it; with `localization`, translated. Filters
    that depend on more than their values are added by `add_filters`.

    Opened by `open_environment`, which knows whom the folders are of.
    """

    template_class = Template

    def __init__(self, folders: Iterable[str], localization: Localization | None = None) -> None:
        super().__init__(
            loader=jinja2.ChoiceLoader([jinja2.FileSystemLoader(folder) for folder in folders]),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=jinja2.StrictUndefined,
            extensions=["jinja2.ext.i18n"],
            auto_reload=False,
            cache_size=-1,
            bytecode_cache=CompiledTemplates(localization.translations if localization else None, self.sandboxed),
        )
        self.path = ""
        """The path of the page that is made: links lead from there, in macros too, which see nothing of the page's own."""
        self._localization = localization
        self._partials: dict[tuple[str, str, str], Markup] = {}
        self.filters.update(link=_link, asset=_asset, sources=_sources)
        self.globals["cached_include"] = self._cached_include
        if localization is not None:
            self.install_gettext_translations(localization.translations, newstyle=True)  # type: ignore[attr-defined]

    def add_filters(self, **filters: Callable[..., object]) -> None:
        """Add filters that may depend on the site: Jinja asks others for fixed values when it compiles, and keeps the answers."""
        self.filters.update({name: _with_context(function) for name, function in filters.items()})

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        template = super()._parse(source, name, filename)
        return template if self._localization is None else TranslationInliner(self._localization).visit(template)

    def render(self, name: str, context: Mapping[str, Any]) -> str:
        """Return the page at the path that `context` has, made from the template of that name."""
        self.path = context["path"]
        return self.get_template(name).render(context)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return what every template may name, as a dictionary: Jinja's own chain of two is copied in Python for each page."""
        return {**self.globals, **(d or {})}

    def _cached_include(self, name: str, **variables: Any) -> Markup:
        """`cached_include("partials/footer.html", …)`: a partial, rendered once for all pages of one depth that
        give it the same values.

        It sees the path and what it is given, nothing else of the page.
        """
        key = (name, _root(self.path), repr(variables))
        part = self._partials.get(key)
        if part is None:
            if len(self._partials) >= MAX_CACHED_PARTIALS:
                self._partials.clear()
            text = self.get_template(name).render(path=self.path, **variables)
            part = self._partials[key] = Markup(text)  # noqa: S704 (a template's own output)
        return part


class SandboxedTemplates(SandboxedEnvironment, Environment):
    """The same in Jinja's sandbox: the templates of an archive, which may come from a stranger, reach nothing but what they are
    given."""

    def __init__(self, folders: Iterable[str], localization: Localization | None = None) -> None:
        self._safe_attributes: dict[tuple[type, str], bool] = {}
        super().__init__(folders, localization)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may see this attribute. Jinja goes by the type and the name alone, so it is asked once for each pair:
        its answers took a tenth of a cold build."""
        key = type(obj), attr
        answer = self._safe_attributes.get(key)
        if answer is None:
            if len(self._safe_attributes) >= MAX_CACHED_PARTIALS:
                self._safe_attributes.clear()
            answer = self._safe_attributes[key] = super().is_safe_attribute(obj, attr, value)
        return answer


def open_environment(folders: Iterable[str], localization: Localization | None = None) -> Environment:
    """Return the environment of the template `folders`: a sandbox, unless all are the program's own, which it costs a tenth of a
    build to distrust."""
    folders, theme = list(folders), theme_folder("templates")
    is_own = all(Path(folder) == theme for folder in folders)
    return Environment(folders, localization) if is_own else SandboxedTemplates(folders, localization)


def _with_context(function: Callable[..., object]) -> Callable[..., object]:
    """Return the filter `function` as one that takes the context, which there is none of when a template is compiled."""

    @jinja2.pass_context
    def with_context(_: jinja2.runtime.Context, *arguments: object, **options: object) -> object:
        return function(*arguments, **options)

    return with_context


def template_digests(folders: Iterable[str]) -> Mapping[str, str]:
    """Return, for each template, the digest of it and of all that it includes, extends, imports or includes from the cache.

    Raises ConfigError for one that does not parse or asks for another that is not there.
    """
    templates = open_environment(folders)
    sources: dict[str, tuple[str, frozenset[str]]] = {}
    problems = []
    for name in templates.list_templates(extensions=["html"]):
        try:
            source, is_of_theme = _source(templates, name)
            references = _references_by_form(source) if is_of_theme else _references(source)
        except jinja2.TemplateSyntaxError as error:
            problems.append(Problem(f"templates/{name}", error.lineno, 1, Severity.ERROR, "", error.message or "is no template"))
            continue
        except UnicodeDecodeError as error:
            message = f"byte 0x{error.object[error.start]:02X} is not UTF-8; save the file as UTF-8"
            line = error.object.count(b"\n", 0, error.start) + 1
            problems.append(Problem(f"templates/{name}", line, 1, Severity.ERROR, "", message))
            continue
        except OSError as error:
            problems.append(Problem(f"templates/{name}", 1, 1, Severity.ERROR, "", f"cannot be read: {error.strerror}"))
            continue
        sources[name] = source, references
    missing = {(name, other) for name, (_, references) in sources.items() for other in references if other not in sources}
    problems += [
        Problem(f"templates/{name}", 1, 1, Severity.ERROR, "", f"asks for {other}, which is not there") for name, other in missing
    ]
    if problems:
        raise ConfigError(sorted(problems))

    def closure(name: str, names: set[str]) -> Iterator[str]:
        if name not in names:
            names.add(name)
            yield name
            for other in sorted(sources[name][1]):
                yield from closure(other, names)

    return {name: files.digest(*(part for each in closure(name, set()) for part in (each, sources[each][0]))) for name in sources}


@lru_cache(maxsize=MAX_COMPILED)
def _references(source: str) -> frozenset[str]:
    """Return the names of the templates that `source` asks for. Raises TemplateSyntaxError for what is no template."""
    names = set(meta.find_referenced_templates(Environment(()).parse(source))) | set(_CACHED_INCLUDE.findall(source))
    return frozenset(name for name in names if name)


def _references_by_form(source: str) -> frozenset[str]:
    """Return what _references does for a template of the default theme, which is known to be one.

    To parse all of them takes a quarter of a first small build.
    """
    return frozenset(_REFERENCE.findall(source) + _CACHED_INCLUDE.findall(source))


def _source(templates: jinja2.Environment, name: str) -> tuple[str, bool]:
    """Return the source of a template, and whether it is of the default theme."""
    if templates.loader is None:
        raise jinja2.TemplateNotFound(name)
    source, file, _ = templates.loader.get_source(templates, name)
    return source, Path(file or "").is_relative_to(theme_folder("templates"))


def _root(page: str) -> str:
    """Return what leads from `page` to the output folder; the 404 page is shown at any address, so it says "404"."""
    return "404" if page == NOT_FOUND.path else root_of(page)


@jinja2.pass_context
def _link(context: jinja2.runtime.Context, path: str) -> str:
    """Return the link to the output `path` from the page that is made; a full address stays as it is."""
    if path.startswith(("https://", "http://")):
        return path
    page: str = context.environment.path  # type: ignore[attr-defined]
    target, mark, fragment = path.partition("#")
    # from the root of the host: the site may answer under other names, and the page's policy asks for its own server
    start = root_of(page) if page != NOT_FOUND.path else urlsplit(context["site"].url).path or "/"
    return f"{start}{quote(target)}{mark}{quote(fragment)}"


@jinja2.pass_context
def _sources(context: jinja2.runtime.Context, sizes: Iterable[tuple[int, str]]) -> str:
    """Return widths and output paths of a picture's versions as the attribute `srcset` has them."""
    return ", ".join(f"{_link(context, path)} {width}w" for width, path in sizes)


@jinja2.pass_context
def _asset(context: jinja2.runtime.Context, name: str) -> str:
    return _link(context, f"static/{name}")
