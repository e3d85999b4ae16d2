"""HTML to the Markdown that a person would have written; what Markdown cannot say stays as clean HTML."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field

import html_to_markdown
from lxml import etree

from builder.articles.markdown import sanitise
from builder.importers import footnotes
from builder.importers.html_repairs import (
    absolute_links,
    embeds_to_links,
    load_lazy_images,
    outer_html,
    parse_fragment,
    take_out,
    text_of,
    unwrap_dead_links,
)
from builder.importers.story import Cut

_SLASH, _AMPERSAND, _OPEN, _CLOSE = "\ue000", "\ue001", "\ue002", "\ue003"
"""Private characters that stand for a backslash, an ampersand and a token's ends until the library is done."""
_PRIVATE = re.compile("[\ue000-\ue003]")
_TOKEN = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_SPECIAL = re.compile(r"[\\`*_\[<&{]")
_NOT_ITSELF = re.compile(
    r"""\\(?=[\\`*_{}\[\]()>#+\-.!|])|`|(?<!\s)\*|\*(?!\s)|(?<![^\W_])_|_(?![^\W_])|\[(?=\^|[^\]]*\](?:[(:\[]|\s\[))|\{(?=[^}]*\})"""
)
"""Characters that Markdown would take for markup where they stand."""
_LINE_START = re.compile(r"^(?:(#{1,6})(?=\s|$)|([-+*])(?=\s)|(\d{1,9})([.)])(?=\s)|(>)|(=+|-{2,})(?=\s*$))")
_INLINE = frozenset("sub sup del s ins mark kbd samp var ruby rt rp abbr bdo".split())
_CODE = frozenset(("pre", "code"))
_NOT_IN_CELLS = ("ul", "ol", "pre", "blockquote", "img")
_BLOCK = frozenset("dl details".split())
_OPTIONS = html_to_markdown.ConversionOptions(
    list_indent_width=4, bullets="-", extract_metadata=False, compact_tables=True, br_in_tables=True, code_block_style="indented",
)  # fmt: skip
_ENUMERATIONS = {
    "heading_style": html_to_markdown.HeadingStyle, "list_indent_type": html_to_markdown.ListIndentType,
    "highlight_style": html_to_markdown.HighlightStyle, "whitespace_mode": html_to_markdown.WhitespaceMode,
    "newline_style": html_to_markdown.NewlineStyle, "code_block_style": html_to_markdown.CodeBlockStyle,
    "inline_data_media": html_to_markdown.InlineDataMedia, "hidden_content": html_to_markdown.HiddenContent,
    "url_escape_style": html_to_markdown.UrlEscapeStyle, "link_style": html_to_markdown.LinkStyle,
    "output_format": html_to_markdown.OutputFormat, "tier_strategy": html_to_markdown.TierStrategy,
}  # fmt: skip
_OPTIONS = dataclasses.replace(
    _OPTIONS, **{name: getattr(values, str(getattr(_OPTIONS, name)).upper()) for name, values in _ENUMERATIONS.items()}
)
"""With values in the place of their names: the library would look each name up for every text, which takes longer than the text."""
_QUOTE = re.compile(r"^([^>\n][^\n]*)\n(> )", re.MULTILINE)
_LOOSE_END = re.compile(r"[^\S\n](?=\n|\Z)")
_BLANK_LINES = re.compile(r"\n{3,}")
_NUMBERED_ITEM = re.compile(r"^(\s*)(\d+)\) ", re.MULTILINE)


@dataclass(slots=True)
class Markdown:
    """A converted text, the names of the HTML tags that stayed in it, and the text of the elements that were taken out."""

    text: str
    kept_as_html: list[str] = field(default_factory=list)
    cut: list[Cut] = field(default_factory=list)


def escape(text: str) -> str:
    """Return plain `text` (one paragraph) as Markdown that shows exactly it."""
    return _escape(text, "\\", "&", line_start=True)


def convert(html: str | etree._Element, base_url: str = "") -> Markdown:
    """Convert an HTML fragment, or the children of an element (which is changed), to Markdown.

    Links and pictures are made absolute by `base_url`, embedded players become links, footnotes become footnotes.
    """
    if isinstance(html, str):
        if not html.strip():
            return Markdown("")
        root = parse_fragment(html)
    else:
        root = html
    cut = take_out(root)
    load_lazy_images(root)
    if base_url:
        absolute_links(root, base_url)
    cut += embeds_to_links(root)
    notes = footnotes.take(root)
    converter = _Converter()
    for reference, number in notes.references:
        converter.replace(reference, f"[^{number}]")
    unwrap_dead_links(root)
    text = converter.convert(root)
    for number, note in notes.texts:
        lines = converter.convert(note).split("\n")
        text += f"\n\n[^{number}]: " + "\n".join([lines[0], *(f"    {line}" if line else "" for line in lines[1:])])
    return Markdown(text.strip(), sorted(converter.kept), cut)


class _Converter:
    def __init__(self) -> None:
        self.kept: set[str] = set()
        self._tokens: list[str] = []

    def convert(self, root: etree._Element) -> str:
        """Return the Markdown of what is in `root`."""
        self._keep_blocks(root)
        self._keep_inline(root)
        self._escape_text(root)
        source = _inner_html(root)
        text = html_to_markdown.convert(source, _OPTIONS).content or ""
        text = _QUOTE.sub(r"\1\n\n\2", _NUMBERED_ITEM.sub(r"\1\2. ", text))
        text = _TOKEN.sub(lambda match: self._tokens[int(match[1])], text)
        text = text.replace(_SLASH, "\\").replace(_AMPERSAND, "&")
        if _LOOSE_END.search(text):
            text = "\n".join([line if line.endswith("  ") and line.strip() else line.rstrip() for line in text.split("\n")])
        return _BLANK_LINES.sub("\n\n", text).strip("\n")

    def replace(self, element: etree._Element, text: str) -> None:
        """Put `text`, as it is, in the place of `element`."""
        span = etree.Element("span")
        span.text, span.tail = self._token(text), element.tail
        element.getparent().replace(element, span)

    def _token(self, text: str) -> str:
        self._tokens.append(text)
        return f"{_OPEN}{len(self._tokens) - 1}{_CLOSE}"

    def _keep_blocks(self, root: etree._Element) -> None:
        for element in list(root.iter("figure", "table", "hr", *_BLOCK, "ol", "cite")):
            if element.getparent() is None or not any(ancestor is root for ancestor in element.iterancestors()):
                continue  # within one that is kept already
            tag = element.tag
            if tag == "cite" and element.getparent().tag == "blockquote":
                element.tag = "p"
                continue
            if tag == "hr":
                self._put_block(element, "---")
                continue
            stays = (
                tag in _BLOCK
                or (tag == "figure" and element.find(".//figcaption") is not None and element.find(".//img") is not None)
                or (tag == "table" and not _is_simple(element))
                or (tag == "ol" and (element.get("type", "1") != "1" or element.get("reversed") is not None))
            )
            if stays:
                self.kept.add(tag)
                html = sanitise(_without_tail(element)).replace(' rel="noopener noreferrer"', "")
                self._put_block(element, re.sub(r"\n\s*\n+", "\n", html).strip())

    def _put_block(self, element: etree._Element, text: str) -> None:
        paragraph = etree.Element("p")
        paragraph.text, paragraph.tail = self._token(text), element.tail
        element.getparent().replace(element, paragraph)

    def _keep_inline(self, root: etree._Element) -> None:
        for element in list(root.iter(*_INLINE, "span")):
            if element is root or (element.tag == "span" and not (element.get("lang") or element.get("dir"))):
                continue
            if element.tag == "abbr" and not element.get("title"):
                continue
            if not text_of(element).strip() and element.find(".//img") is None:
                continue
            self.kept.add(element.tag)
            attributes = "".join(
                f' {name}="{_attribute(element.get(name))}"' for name in ("lang", "dir", "title", "datetime") if element.get(name)
            )
            before, after = self._token(f"<{element.tag}{attributes}>"), self._token(f"</{element.tag}>")
            element.text = before + (element.text or "")
            if len(element):
                element[-1].tail = (element[-1].tail or "") + after
            else:
                element.text += after
            element.drop_tag()

    def _escape_text(self, root: etree._Element) -> None:
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            if element.text and _SPECIAL.search(element.text) and element.tag not in _CODE:
                element.text = _escape_node(element.text)
            if element is not root and element.tail and _SPECIAL.search(element.tail) and element.getparent().tag not in _CODE:
                element.tail = _escape_node(element.tail)


def _inner_html(root: etree._Element) -> str:
    text = root.text or ""
    if "&" in text or "<" in text or ">" in text:
        return "".join((text, *(outer_html(child) for child in root)))
    html = outer_html(root)
    return html[html.index(">") + 1 : html.rindex("</")] if text or len(root) else ""


def _attribute(value: str) -> str:
    return value.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _escape_node(text: str) -> str:
    return _escape(text, _SLASH, _AMPERSAND)


def _escape(text: str, slash: str, ampersand: str, *, line_start: bool = False) -> str:
    if line_start:
        text = _PRIVATE.sub("", text)
    if _SPECIAL.search(text):
        text = re.sub(r"&(?=#?\w+;)", f"{ampersand}amp;", text)
        text = re.sub(r"<(?=[A-Za-z/!?])", f"{ampersand}lt;", text)
        text = _NOT_ITSELF.sub(lambda match: slash + match[0], text)
    if line_start:
        text = _LINE_START.sub(
            lambda start: f"{start[3]}\\{start[4]}" if start[3] else f"\\{start[0]}",
            text,
        )
    return text


def _without_tail(element: etree._Element) -> str:
    tail, element.tail = element.tail, None
    html = outer_html(element)
    element.tail = tail
    return html


def _is_simple(table: etree._Element) -> bool:
    """Whether Markdown can say a table: a row of headings, rows of as many cells, and text alone in them."""
    rows = list(table.iter("tr"))
    if not rows or table.find(".//table") is not None or table.find(".//caption") is not None:
        return False
    if not all(cell.tag == "th" for cell in rows[0]):
        return False
    width = len(rows[0])
    for row in rows:
        if len(row) != width or (any(cell.tag == "th" for cell in row) and row is not rows[0]):
            return False
        for cell in row:
            if cell.get("colspan", "1") != "1" or cell.get("rowspan", "1") != "1":
                return False
            if len(cell.findall(".//p")) > 1 or any(cell.find(f".//{tag}") is not None for tag in _NOT_IN_CELLS):
                return False
    return True
