"""Markdown to HTML that is safe to publish: Python-Markdown, then nh3 with our own allow-list."""

from __future__ import annotations

import re
from functools import lru_cache

import nh3

from builder.articles.anchors import published_id
from builder.articles.embeds import ReportCallback, replace_embeds, tidy_paragraphs
from builder.articles.html_nesting import check_nesting
from builder.articles.long_texts import clean_in_pieces
from builder.articles.unclosed_markup import put_back, set_aside

EXTENSIONS = ("tables", "footnotes", "attr_list", "md_in_html", "sane_lists", "fenced_code", "def_list")
GITHUB = "github"
"""The name by which `markdown` in site.yml asks for task lists and struck text."""

_TAGS = frozenset(
    "a abbr b bdi bdo blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q rp rt ruby s samp section small span strong sub summary "
    "sup table tbody td tfoot th thead time tr u ul var".split()
)
_ATTRIBUTES = {
    "*": {"lang", "dir", "title", "class", "id"},
    "a": {"href", "name"},
    "blockquote": {"cite"},
    "col": {"span"},
    "colgroup": {"span"},
    "del": {"cite", "datetime"},
    "img": {"src", "alt", "width", "height"},
    "ins": {"cite", "datetime"},
    "li": {"value"},
    "ol": {"start", "type", "reversed"},
    "q": {"cite"},
    "td": {"colspan", "rowspan", "headers"},
    "th": {"colspan", "rowspan", "headers", "scope"},
    "time": {"datetime"},
}
_CLASSES = {"wide", "left", "right", "pull", "footnote", "footnote-ref", "footnote-backref", "embed", "unnamed"}
_LOOKS_LIKE_PROTOCOL_RELATIVE = re.compile(r"^[\s\x00-\x20]*[/\\][\s\x00-\x20]*[/\\]")
_BLANKS = re.compile(r"[\x00-\x20]+")
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:", re.IGNORECASE)

_CONTROLS = {
    code: " " if code in {0x0B, 0x0C, *range(0x1C, 0x20)} else None for code in (*range(0x20), 0x7F) if code not in {9, 10, 13}
}
"""Control characters part words where they are space to Unicode, else they are nothing."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# The fast path. Most wire copy is paragraphs and nothing else, for which a Markdown parser's whole apparatus gives
# `<p>` around escaped text. A text goes this way only if every character in it is known to mean itself: a test with
# Hypothesis holds the two paths equal byte for byte.
_ESCAPABLE = r"\\`*_{}\[\]()>#+\-.!|"
_FIRST = rf"[^\W\d_]|[\"'“”‘’(（「『《〈【$€£%,;?…—–·]|\d(?!\d*\.(?:\s|$))|\\[{_ESCAPABLE}]"
_THEN = rf"[^\\`*_\[<{{|\n&\x00-\x1f\x7f]|\\[{_ESCAPABLE}]|&(?!amp;#)(?:[a-zA-Z0-9]+|\#[0-9]+|\#x[0-9a-fA-F]+);"
_PLAIN = re.compile(rf"(?:(?:{_FIRST})(?:{_THEN})*(?:\n+|\Z))*")
_ESCAPE = re.compile(rf"\\([{_ESCAPABLE}])")


def to_html(text: str, extensions: tuple[str, ...] = (), report: ReportCallback = lambda *_: None) -> str:
    """Render Markdown `text` (with Python-Markdown's EXTENSIONS and the further `extensions` named) and sanitise it.

    What comes out has no script, handler, style or frame, and links to http, https, mailto or within the site only:
    a player becomes a link, and `report` hears of each element and link that goes (see builder.articles.embeds).
    Raises ValueError for text nested deeper than Python can follow, NestingError for HTML nested deeper than browsers show.
    """
    text = text.translate(_CONTROLS)
    html = None if extensions else plain_to_html(text)
    if html is not None:
        return sanitise(html)
    raw_html = parse(text, extensions)
    check_nesting(raw_html)
    html = replace_embeds(raw_html, _TAGS, _ATTRIBUTES, report)
    return sanitise(html) if html is raw_html else tidy_paragraphs(sanitise(html))


def parse(text: str, extensions: tuple[str, ...] = ()) -> str:
    """Render Markdown `text` by Python-Markdown alone. The result is not yet safe."""
    parser = _parser(extensions)
    parser.reset()
    try:
        return put_back(str(parser.convert(set_aside(text))))
    except BaseException as error:
        _parser.cache_clear()  # it was left amid a text: the next article must not be read from there
        if isinstance(error, RecursionError):
            raise ValueError("quotes, lists or emphasis are nested too deeply to be read") from None
        raise


def plain_to_html(text: str) -> str | None:
    """Render `text` as Python-Markdown does if it is nothing but paragraphs, else return None."""
    text = text.strip("\n")
    if not text:
        return ""
    if "  \n" in text or not _PLAIN.fullmatch(text):
        return None
    plain = _ESCAPE.sub(r"\1", text) if "\\" in text else text
    plain = plain.replace(">", "&gt;")
    return "\n".join(f"<p>{block}</p>" for block in re.split(r"\n{2,}", plain))


def sanitise(html: str) -> str:
    """Keep of `html` what an article may hold (nh3, HTML5 parsing rules) and drop the rest."""
    html = clean_in_pieces(_cleaner().clean, html)
    return html.translate(_CONTROLS) if _CONTROL.search(html) else html  # `&#2;` gives one, too


def _keep_attribute(tag: str, name: str, value: str) -> str | None:
    """Return the value that may stand, or None to drop the attribute: nh3 lets `//host/x` and any id pass."""
    if name == "cite" and _OTHER_SCHEME.match(_BLANKS.sub("", value)):
        return None  # nh3 looks at the schemes of links and pictures alone
    if name in {"href", "src", "cite"}:
        return None if _LOOKS_LIKE_PROTOCOL_RELATIVE.match(value) else value
    if name in {"id", "name"}:
        return published_id(tag, value)
    if name == "class":
        return " ".join(word for word in value.split() if word in _CLASSES) or None
    return value


@lru_cache(maxsize=1)
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


@lru_cache(maxsize=4)
def _parser(extensions: tuple[str, ...]):  # type: ignore[no-untyped-def]
    import markdown  # the plain path does without it

    from builder.articles.dialect import GitHubExtension, PrintExtension
    from builder.articles.footnotes import CountedFootnotes

    ours = [CountedFootnotes() if name == "footnotes" else name for name in EXTENSIONS]
    extension_list = [GitHubExtension() if name == GITHUB else name for name in extensions]
    return markdown.Markdown(extensions=[*ours, PrintExtension(), *extension_list], output_format="html")
