"""Embedded players to links, and elements and link schemes that pages may not have to their text, each reported."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import nh3

from builder.articles.html_nesting import check_nesting
from builder.articles.long_texts import clean_in_pieces

ReportCallback = Callable[[str, str, str], None]
"""Takes a kind ("<iframe>"), a text to look for in the source, and what is said of it."""

PLAYERS = {"iframe": "src", "embed": "src", "video": "src", "audio": "src", "object": "data"}
"""Elements that show something from elsewhere, by the attribute that has its address."""
_FRAME_STAND_IN, _TEMPLATE_STAND_IN = "morgue-frame", "morgue-template"
"""The elements that frames and templates are to the parser of HTML, which drops them, and a template's words, unsaid."""
_BLOCKS = frozenset(
    "address article aside center dialog dir fieldset footer form frameset header hgroup legend main menu nav noscript option "
    "optgroup search textarea".split()
)
"""Elements whose words begin a line of their own."""
_SILENT = frozenset(
    "html head body address article aside center footer header hgroup main nav picture source track param font nobr big tt wbr "
    "basefont noscript option optgroup legend label".split()
)
"""What stands around words or inside of another element: nobody sees that it is gone."""
_OF_DRAWINGS = frozenset(
    "g text tspan desc title path rect circle line defs use polygon polyline ellipse mi mo mn mrow msup msub mfrac mtext msqrt "
    "semantics annotation".split()
)
"""What stands in svg and math, which are reported themselves."""
_SPACED_ELEMENTS = frozenset("text tspan desc title button label".split())
_WORDS = {"youtube": "Video", "youtu.be": "Video", "vimeo": "Video", "dailymotion": "Video", "bilibili": "Video", "youku": "Video",
          "twitch": "Video", "soundcloud": "Audio", "spotify": "Audio", "acast": "Audio", "audioboom": "Audio", "podcast": "Audio",
          "twitter": "Post", "x.com": "Post", "facebook": "Post", "instagram": "Post", "tiktok": "Post", "threads": "Post",
          "bsky": "Post", "mastodon": "Post", "google.com/maps": "Map", "maps.google": "Map", "openstreetmap": "Map"}  # fmt: skip
_PRINTED_SCHEMES = frozenset("tel sms fax callto ftp ftps sftp gopher news nntp geo irc xmpp webcal".split())
"""Schemes whose address is worth printing after its words where it cannot be a link."""
WHAT = ("Video", "Audio", "Post", "Map", "Page")
"""What a link says of a player that has no title; each is a text of the interface, and so are the two forms."""
AT_PLACE, OF_ADDRESS = "%(what)s at %(place)s", "%(what)s: %(place)s"
_LABEL = re.compile(rf'(<a(?: href="[^"]*")? class="embed) unnamed("[^>]*>)({"|".join(WHAT)})( at |: )([^<]*)</a>')
_SAFE = frozenset(("http", "https", "mailto"))
_ALWAYS = frozenset(("javascript", "vbscript", "data", "file", "blob", "about"))

_NAME = re.compile(r"<([a-zA-Z][^\s/>]*)")
_SCHEME = re.compile(r"""=\s*+["']?\s*+([a-zA-Z][a-zA-Z0-9+.-]*):""")
_NO_SCHEME = re.compile(r"""=\s*+["']?\s*+[/\\]\s*+[/\\]""")
_FRAME = re.compile(r"<frame\b([^<>]*?)/?>", re.IGNORECASE)
_TEMPLATE = re.compile(r"<(/?)template(?=[\s/>])", re.IGNORECASE)
_ODD_VALUE = re.compile(r"""=\s*+["']?([^"'<>]{0,200})""")
_BLANKS = re.compile(r"[\t\n\r]+")
_SCHEME_OF = re.compile(r"\s*([a-zA-Z][a-zA-Z0-9+.-]*):")
_SCRIPT_OR_STYLE = re.compile(r"<(script|style)\b", re.IGNORECASE)
_TAG = re.compile(r'<(/?)([a-zA-Z][^\s/>]*)((?: [^\s=>]+="[^"]*")*)>')
_ATTRIBUTE = re.compile(r' ([^\s=>]+)="([^"]*)"')
_LINK = re.compile(r'<a((?: [^\s=>]+="[^"]*")*)>(.*?)</a>', re.DOTALL)
_EMPTY = re.compile(r"<p>\s*</p>\n?")
_ALONE = re.compile(r'<p>\s*(<a href="[^"]*" class="embed(?: unnamed)?"[^>]*>[^<]*</a>)\s*</p>')
_RELATIVE_SCHEME = re.compile(r"^[\s\x00-\x20]*[/\\][\s\x00-\x20]*[/\\]+")


def replace_embeds(html: str, safe_tags: frozenset[str], attributes: dict[str, set[str]], report: ReportCallback) -> str:
    """Return `html` with a link in the place of each player, and its other elements that are not `safe_tags` without their tags.

    Each of them is reported, and each link that will not stay. The result has still to be sanitised; text that holds
    nothing of the kind comes back as it is.
    """
    html = _FRAME.sub(rf"<{_FRAME_STAND_IN}\1></{_FRAME_STAND_IN}>", html)
    html = _TEMPLATE.sub(rf"<\1{_TEMPLATE_STAND_IN}", html)
    names = {name.lower() for name in _NAME.findall(html)} - safe_tags
    schemes = {scheme.lower() for scheme in (*_SCHEME.findall(html), *_odd_schemes(html))} - _SAFE
    if not names and not schemes and not _NO_SCHEME.search(html):
        return html
    for match in _SCRIPT_OR_STYLE.finditer(html):
        report(
            f"<{match[1].lower()}>", match[0], f"<{match[1].lower()}> is left out: an article brings no script or style of its own"
        )
    extra = {name: {attribute, "title", "srcdoc"} for name, attribute in (*PLAYERS.items(), (_FRAME_STAND_IN, "src"))}
    cleaner = nh3.Cleaner(
        tags=(safe_tags | names) - {"script", "style"},
        attributes={**attributes, **extra, "source": {"src"}, "param": {"name", "value"}},
        url_schemes=set(schemes | _SAFE | _ALWAYS),
        link_rel=None,
    )
    html = clean_in_pieces(cleaner.clean, html)  # well-formed from here on
    html = _LINK.sub(lambda match: _link(match, report), html)
    pieces: list[str] = []
    end, in_paragraph = 0, False
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if name == "p":
            in_paragraph = not match[1]
        if name in safe_tags and name != "img":
            continue
        pieces.append(html[end : match.start()])
        end = match.end()
        pieces.append(_element(html, match, name, in_paragraph, report))
    return "".join(pieces) + html[end:]


def _odd_schemes(html: str) -> Iterator[str]:
    """Yield the schemes of addresses that are written with entities or line breaks in them: `&#106;ava\\nscript:`."""
    for match in _ODD_VALUE.finditer(html):
        if "&" in match[1] or "\n" in match[1] or "\t" in match[1]:
            scheme = _SCHEME_OF.match(_address(match[1]))
            if scheme:
                yield scheme[1]


def tidy_paragraphs(html: str) -> str:
    """Return sanitised `html` without the paragraphs that are empty now that a block left them; one of a player is a figure."""
    return _EMPTY.sub("", _ALONE.sub(r'<figure class="embed">\1</figure>', html))


def translate_labels(html: str, translate: Callable[[str], str]) -> str:
    """Return sanitised `html` with the words that stand for the missing title of a player in the interface's language.

    `translate` gives the interface's text of an English one. An article is read once, and shown in whichever language.
    """

    def label(match: re.Match[str]) -> str:
        form = entities.escape(translate(AT_PLACE if match[4] == " at " else OF_ADDRESS), quote=False)
        what = entities.escape(translate(match[3]), quote=False)
        return f"{match[1]}{match[2]}{form.replace('%(what)s', what).replace('%(place)s', match[5])}</a>"

    return _LABEL.sub(label, html) if 'class="embed unnamed"' in html else html


def _element(html: str, match: re.Match[str], name: str, in_paragraph: bool, report: ReportCallback) -> str:
    """Return what stands in the place of one tag."""
    if name == "img":
        return _image(match, report)
    if match[1]:
        return "</div>" if name in _BLOCKS else " " if name in _SPACED_ELEMENTS else ""
    if name in PLAYERS or name == _FRAME_STAND_IN:
        return _player(html, match, name, in_paragraph, report)
    if name not in _SILENT and name not in _OF_DRAWINGS:
        name = "template" if name == _TEMPLATE_STAND_IN else name
        report(f"<{name}>", f"<{name}", f"<{name}> is left out; its words stay")
    return "<div>" if name in _BLOCKS else " " if name in _SPACED_ELEMENTS else ""


def _player(html: str, match: re.Match[str], name: str, in_paragraph: bool, report: ReportCallback) -> str:
    attributes = _attributes(match[3])
    address = attributes.get(PLAYERS.get(name, "src"), "") or _first_source(html, match.end(), name)
    address = _with_scheme(_address(address))
    scheme = address.partition(":")[0].lower() if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", address) else ""
    name = "frame" if name == _FRAME_STAND_IN else name
    text = "<frame " if name == "frame" else f"<{name}"  # not the frameset around it
    if not address or scheme not in {"", "http", "https"}:
        report(f"<{name}>", text, f"<{name}> has no address that can be linked to and is left out; its words stay")
        return f"{_words_of(attributes['srcdoc'])} " if "srcdoc" in attributes else ""
    title = " ".join(entities.unescape(attributes.get("title", "")).split())
    if scheme:
        message = f"<{name}> is shown as a link to {address}: a page loads nothing from elsewhere by itself"
    else:
        message = (
            f"<{name}> is shown by its address, {address}, a link where that is a page or a file of the archive: pages play nothing"
        )
    report(f"<{name}>", text, message)
    kind = "embed" if title else "embed unnamed"
    link = f'<a href="{entities.escape(address)}" class="{kind}">{entities.escape(title or _label(name, address))}</a>'
    return f"{link} " if in_paragraph else f'<figure class="embed">{link}</figure>'


def _words_of(srcdoc: str) -> str:
    """Return the words of the page that a frame holds in its attribute `srcdoc`, as HTML."""
    page = entities.unescape(srcdoc)
    check_nesting(page)
    return nh3.clean(page, tags=set())


def _first_source(html: str, start: int, name: str) -> str:
    """Return the address in the first `source` or `param` of a player, "" if there is none before another such player."""
    for tag in _TAG.finditer(html, start):
        if tag[2] == name:
            break  # its end, or another one: else players that nothing closes would each be searched to the end of the text
        attributes = _attributes(tag[3])
        if tag[2] in {"source", "embed"} and attributes.get("src"):
            return attributes["src"]
        if tag[2] == "param" and attributes.get("name", "").lower() in {"movie", "src", "url", "filename"}:
            return attributes.get("value", "")
    return ""


def _label(name: str, address: str) -> str:
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    what = {"video": "Video", "audio": "Audio"}.get(name) or next(
        (what for part, what in _WORDS.items() if part in address), "Page"
    )
    return f"{what} at {host}" if host else f"{what}: {address}"


def _link(match: re.Match[str], report: ReportCallback) -> str:
    """Return a link with an address that stays, or its words: with the address in print where that tells something."""
    address = _address(_attributes(match[1]).get("href", ""))
    full_address = _with_scheme(address)
    if full_address != address:
        report("//", address, f"the link to {address} names no scheme; it is read as {full_address}")
        return match[0].replace(f'href="{_attributes(match[1])["href"]}"', f'href="{entities.escape(full_address)}"')
    scheme, colon, rest = address.partition(":")
    if not colon or not re.fullmatch(r"[a-zA-Z][a-zA-Z0-9+.-]*", scheme) or scheme.lower() in _SAFE:
        return match[0]
    report(
        f"{scheme.lower()}:",
        address,
        f"the link to {address[:200]} is left out, its words stay: pages link to http, https and mailto",
    )
    words = re.sub(r"<[^>]*>", "", match[2])
    if scheme.lower() in _PRINTED_SCHEMES and rest.strip("/") and rest.strip("/") not in entities.unescape(words):
        address_text = rest if scheme.lower() in {"tel", "sms", "fax", "callto"} else address
        return f"{match[2]} ({entities.escape(address_text, quote=False)})"
    return match[2]


def _image(match: re.Match[str], report: ReportCallback) -> str:
    """Return a picture's tag with a scheme; one from anywhere but the web or the archive is reported and stays without one."""
    src = _attributes(match[3]).get("src", "")
    address = _address(src)
    full_address = _with_scheme(address)
    if full_address != address:
        report("//", address, f"the picture {address} names no scheme; it is read as {full_address}")
        return match[0].replace(f'src="{src}"', f'src="{entities.escape(full_address)}"')
    scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", address)
    if scheme and scheme[1].lower() not in {"http", "https"}:
        message = f"the picture {address[:60]} is left out: pictures are files beside the article, or at a web address"
        report(f"<img> {scheme[1].lower()}:", address[:200], message)
    return match[0]


def _with_scheme(address: str) -> str:
    """Return `//host/x` as `https://host/x`, as browsers read it on a page of today; all else as it is."""
    return _RELATIVE_SCHEME.sub("https://", address)


def _address(value: str) -> str:
    """Return the address that the value of an attribute is to browsers: entities read, without line breaks."""
    return _BLANKS.sub("", entities.unescape(value)).strip()


def _attributes(text: str) -> dict[str, str]:
    return {name.lower(): value for name, value in _ATTRIBUTE.findall(text)}
