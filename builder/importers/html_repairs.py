"""Small repairs of foreign HTML: pictures that load late, players that become links, addresses made absolute."""

from __future__ import annotations

import re

from lxml import etree
from lxml import html as lxml_html

from builder.articles.frontmatter import without_controls
from builder.importers.addresses import join, split_address
from builder.importers.story import Cut

WORDLESS_ELEMENTS = ("script", "style", "template", "link", "meta", "svg", "form", "button", "input", "select", "textarea", "nav")
"""Elements that never hold a story's words; what text they have is named among what was cut."""
_MARK = re.compile(r"\s*/?(?:wp:|kg-card-|\[if\b|<!\[endif)|\W*\Z", re.IGNORECASE)
"""A comment that is a mark of a program, or has no word."""
_NO_WORDS = frozenset(("script", "style", "template", "link", "meta"))

_LAZY = ("data-src", "data-lazy-src", "data-original", "data-original-src", "data-hi-res-src", "data-image", "data-url")
_PLACEHOLDER = re.compile(
    r"^data:|/(?:blank|spacer|placeholder|pixel|transparent|1x1|lazy|loading)[\w.-]*\.(?:gif|png|svg)|^about:|^$", re.IGNORECASE
)
_NO_ADDRESS = re.compile(r"(?:javascript|vbscript|data|about|file|chrome|blob):|#?$", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://[\w-]+(?:\.[\w-]+)*(?::\d+)?(?:/[^\s?#]*)?(?:\?[^\s#]+)?(?:#\S+)?\Z")
"""An address that is what it would be if it were resolved."""
_WHOLE_PAGE = re.compile(r"\s*<(?:html|!doctype)", re.IGNORECASE)
PLAYERS = ("iframe", "video", "audio", "embed", "object", "amp-youtube", "amp-iframe")
_YOUTUBE = re.compile(r"youtube(?:-nocookie)?\.com/(?:embed|v)/([\w-]{6,})")
_VIMEO = re.compile(r"player\.vimeo\.com/video/(\d+)")


_PARSER = etree.HTMLParser()
_PARSER.set_element_class_lookup(
    etree.ElementDefaultClassLookup(lxml_html.HtmlElement, lxml_html.HtmlComment, lxml_html.HtmlProcessingInstruction)
)
"""lxml.html's own parser, but for its classes of forms and labels: it asks a Python function for the class of each element."""


def parse_fragment(html: str) -> lxml_html.HtmlElement:
    """Parse a fragment of HTML, or a whole page, to an element with what its body holds. Control characters go."""
    html = without_controls(html)
    page = etree.fromstring(html if _WHOLE_PAGE.match(html) else f"<html><body>{html}</body></html>", _PARSER)
    body = None if page is None else page.find("body")
    if body is None:
        return _PARSER.makeelement("div")
    page.remove(body)
    body.tag, body.tail = "div", None
    body.attrib.clear()
    if body.text and not body.text.strip():
        body.text = None
    return body


def outer_html(element: etree._Element) -> str:
    """Return the HTML of an element with its tail."""
    return str(etree.tostring(element, encoding="unicode", method="html"))


def text_of(element: etree._Element) -> str:
    """Return the text of an element, spaces collapsed."""
    return " ".join("".join(element.itertext()).split())


def take_out(root: etree._Element) -> list[Cut]:
    """Take the elements of WORDLESS_ELEMENTS, comments and `noscript` out of `root`; return the text that they had."""
    cut = []
    for element in list(root.iter(*WORDLESS_ELEMENTS, "noscript")):
        text = "" if element.tag in _NO_WORDS else " ".join(element.itertext()).strip()
        if text and not any(ancestor.tag in WORDLESS_ELEMENTS for ancestor in element.iterancestors()):
            cut.append(Cut(f"html-{element.tag}", " ".join(text.split())))
    comments = [comment.text or "" for comment in root.iter(etree.Comment)]
    cut += [Cut("html-comment", " ".join(text.split())) for text in comments if not _MARK.match(text)]
    etree.strip_elements(root, *WORDLESS_ELEMENTS, "noscript", etree.Comment, etree.ProcessingInstruction, with_tail=False)
    return cut


def best_source(image: etree._Element) -> str:
    """Return the address of a picture: its `src`, or where that is a placeholder what a script would put there."""
    source = (image.get("src") or "").strip()
    if not _PLACEHOLDER.search(source):
        return source
    for name in _LAZY:
        if image.get(name) and not _PLACEHOLDER.search(image.get(name)):
            return str(image.get(name)).strip()
    for name in ("srcset", "data-srcset", "data-lazy-srcset"):
        best = largest(image.get(name) or "")
        if best:
            return best
    parent = image.getparent()
    for other in parent.iter("source") if parent is not None and parent.tag == "picture" else ():
        best = largest(other.get("srcset") or other.get("data-srcset") or "")
        if best:
            return best
    return "" if source.startswith(("data:", "about:")) else source


def largest(srcset: str) -> str:
    """Return the address of the largest picture in a `srcset`."""
    candidates = []
    for part in re.split(r",\s+", srcset.strip()):
        address, _, size = part.strip().partition(" ")
        number = re.match(r"[\d.]+", size.strip())
        if address and not address.startswith("data:"):
            candidates.append((float(number[0]) if number else 1.0, address.rstrip(",")))
    return max(candidates, default=(0, ""))[1]


def load_lazy_images(root: etree._Element) -> None:
    """Give every `img` below `root` its real address; one that has none, or is a pixel that counts readers, goes."""
    for image in list(root.iter("img")):
        source = best_source(image)
        if not source or (image.get("width"), image.get("height")) in {("1", "1"), ("0", "0")}:
            image.drop_tree()
            continue
        image.set("src", source)
        for name in set(image.attrib) - {"src", "alt", "width", "height"}:
            del image.attrib[name]


def absolute_links(root: etree._Element, base: str) -> None:
    """Resolve every link and picture below `root` against `base`. Links within the page stay."""
    for element in root.iter("a", "img", "iframe", "video", "audio", "source", "embed"):
        for name in ("href", "src", "data-src"):
            value = element.get(name)
            if value and not value.startswith("#"):
                if _ABSOLUTE.match(value):
                    continue
                element.set(name, join(base, value))


def unwrap_dead_links(root: etree._Element) -> None:
    """Take away the links that lead nowhere: to a place that is not below `root`, and those that a script would follow."""
    links = [(link, (link.get("href") or "").strip()) for link in root.iter("a")]
    if not any(href.startswith("#") or _NO_ADDRESS.match(href) for _, href in links):
        return
    anchors = {element.get(name) for element in root.iter() for name in ("id", "name") if element.get(name)}
    for link, href in links:
        if _NO_ADDRESS.match(href) or (href.startswith("#") and href[1:] not in anchors):
            link.drop_tag()


def embeds_to_links(root: etree._Element) -> list[Cut]:
    """Put a paragraph with a link in the place of each embedded player; return the text for browsers that have none."""
    cut = []
    for element in list(root.iter(*PLAYERS)):
        if element.getparent() is None:
            continue
        address, words = player_address(element), " ".join(element.itertext()).strip()
        if words:
            cut.append(Cut("player-text", " ".join(words.split())))
        if not address.startswith(("http://", "https://")):
            element.drop_tree()
            continue
        link = etree.Element("a", href=address)
        link.text = (element.get("title") or "").strip() or address
        paragraph = etree.Element("p")
        paragraph.append(link)
        paragraph.tail = element.tail
        element.getparent().replace(element, paragraph)
    return cut


def player_address(element: etree._Element) -> str:
    """Return the address of what an embedded player plays, as a person would open it, or ""."""
    if element.tag == "amp-youtube":
        return f"https://www.youtube.com/watch?v={element.get('data-videoid', '')}"
    source = element.get("src") or element.get("data-src") or element.get("data") or ""
    if not source:
        child = element.find(".//source")
        source = child.get("src") or "" if child is not None else ""
    if source.startswith("//"):
        source = f"https:{source}"
    youtube, vimeo = _YOUTUBE.search(source), _VIMEO.search(source)
    if youtube:
        return f"https://www.youtube.com/watch?v={youtube[1]}"
    if vimeo:
        return f"https://vimeo.com/{vimeo[1]}"
    return source if split_address(source).scheme else ""
