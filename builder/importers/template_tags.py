"""Liquid tags and shortcodes (Jekyll, Hugo, Eleventy, Zola) in a Markdown text to plain Markdown."""

from __future__ import annotations

import html as entities
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from lxml import etree

from builder.base.picture_types import IMAGE_TYPES
from builder.importers.html_repairs import embeds_to_links, parse_fragment
from builder.importers.to_markdown import escape

_QUOTED_STRING = r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|`[^`]*`'
_ARGUMENT = re.compile(rf"(?:([\w-]+)\s*[=:]\s*)?({_QUOTED_STRING}|[^\s,=]+)")
_RAW = re.compile(r"\{%-?\s*(raw|verbatim)\s*-?%\}(.*?)\{%-?\s*end\1\s*-?%\}", re.DOTALL)
_COMMENT = re.compile(
    r"\{%-?\s*comment\s*-?%\}.*?\{%-?\s*endcomment\s*-?%\}|\{\{[<%]/\*(?!\s*/?\w).*?\*/[>%]\}\}|\{#.*?#\}", re.DOTALL
)
_HUGO_LITERAL = re.compile(r"\{\{([<%])/\*\s*(.*?)\s*\*/([>%])\}\}", re.DOTALL)
_HIGHLIGHT = re.compile(
    r"\{%-?\s*highlight\s+([\w+#-]+)?[^%]*?-?%\}\n?(.*?)\n?[ \t]*\{%-?\s*endhighlight\s*-?%\}"
    r"|\{\{[<%]\s*highlight\s+[\"']?([\w+#-]+)?[^>%]*?[>%]\}\}\n?(.*?)\n?[ \t]*\{\{[<%]\s*/\s*highlight\s*[>%]\}\}",
    re.DOTALL,
)
_TAG = re.compile(
    r"\{\{[<%]-?\s*(?P<hugo>/?\s*[\w./-]+)(?P<hugo_rest>(?:" + _QUOTED_STRING + r"|[^\"'`>%]|[>%](?!\}\}))*?)\s*/?-?[>%]\}\}"
    r"|\{%-?\s*(?P<liquid>[\w./-]+)(?P<liquid_rest>(?:" + _QUOTED_STRING + r"|[^\"'%]|%(?!\}))*?)-?%\}"
    r"|\{\{-?\s*(?P<zola>\w+)\((?P<zola_rest>[^{}]*)\)\s*-?\}\}"
    r"|\{\{-?(?P<output>[^{}<%]*?)-?\}\}",
)
_PLAYER = re.compile(
    r"<(iframe|video|audio|object|embed)\b[^>]*?(?:/>|>(?:(?!</\1).)*</\1\s*>)|<embed\b[^>]*>", re.DOTALL | re.IGNORECASE
)
_ATTRIBUTES = re.compile(r"^[ \t]*\{:[^{}\n]*\}[ \t]*$\n?|(?<=[\])*_`])\{:[^{}\n]*\}", re.MULTILINE)
_MORE = re.compile(
    r"^[ \t]*<!--\s*(?:more|excerpt|end_excerpt|truncate)\s*-->[ \t]*$\n?|<!--\s*more\s*-->|^\{/\*.*\*/\}$",
    re.MULTILINE | re.IGNORECASE,
)
_COMMENT_HTML = re.compile(r"<!--.*?-->", re.DOTALL)
_ZOLA_LINK = re.compile(r"(\]\()@/([^)#\s]+)")
CODE = re.compile(
    r"^(?P<fence>`{3,}|~{3,})[^\n]*\n.*?^(?P=fence)[ \t]*$|(?<!`)(?P<tick>`+)(?!`)[^\n]+?(?<!`)(?P=tick)(?!`)",
    re.MULTILINE | re.DOTALL,
)
_SITES = {
    "youtube": "https://www.youtube.com/watch?v={}", "youtubeplayer": "https://www.youtube.com/watch?v={}",
    "vimeo": "https://vimeo.com/{}", "gist": "https://gist.github.com/{}", "instagram": "https://www.instagram.com/p/{}/",
    "tweet": "https://twitter.com/i/status/{}", "twitter": "https://twitter.com/i/status/{}", "x": "https://x.com/i/status/{}",
    "spotify": "https://open.spotify.com/track/{}", "soundcloud": "https://soundcloud.com/{}", "codepen": "https://codepen.io/{}",
}  # fmt: skip
_LINKS = frozenset(("ref", "relref", "post_url", "link"))
_EMBEDS = frozenset(("embed", "oembed", "video", "audio", "iframe", "remote", "bookmark", "linkpreview"))
_LABELS = ("title", "caption", "alt", "label", "text")
_FIGURES = re.compile(r"figure|image|img|picture|photo|responsive", re.IGNORECASE)
_GALLERIES = frozenset(("gallery", "slideshow", "carousel", "lightgallery", "photoswipe"))
"""Lists of pictures, or pairs around figures."""
_SILENT = frozenset(("toc", "assign", "capture", "endcapture", "seo", "feed_meta", "break", "clear", "math", "katex"))
_FILTERS = re.compile(
    r"""^\s*(["'])(?P<path>.*?)\1\s*\|\s*(?:relative_url|absolute_url|url|prepend:.*|append:.*|rel_url|relURL|absURL)"""
)
_BASES = re.compile(r"^\s*(?:site|page|config)\.(?:base_?url|url|BaseURL|github\.url)\s*(?:\|.*)?$")


@dataclass(slots=True)
class Expansion:
    """A text without shortcodes; those that nobody knows stand in it as they were written, and are named in `unknown`."""

    text: str = ""
    has_figures: bool = False
    """Whether pictures with captions stand in it as HTML."""
    cut: list[tuple[str, str]] = field(default_factory=list)
    """Rule and text of what was taken out."""
    unknown: list[str] = field(default_factory=list)


def turn(text: str, addresses: Mapping[str, str], page: Mapping[str, str]) -> Expansion:
    """Turn the shortcodes in `text` into Markdown.

    `addresses` gives the address of each page that a `ref` or `post_url` names, `page` the values of `{{ page.… }}`.
    """
    expansion = Expansion()
    literals: list[str] = []

    def keep(literal: str) -> str:
        literals.append(literal)
        return f"\ue010{len(literals) - 1}\ue011"

    def cut(rule: str) -> object:
        def take(match: re.Match[str]) -> str:
            expansion.cut.append((rule, match[0]))
            return ""

        return take

    text = _RAW.sub(lambda match: keep(match[2]), text)
    text = _HUGO_LITERAL.sub(lambda match: keep("{{" + f"{match[1]} {match[2]} {match[3]}" + "}}"), text)
    text = _HIGHLIGHT.sub(lambda match: keep(_fence(match[1] or match[3] or "", match[2] or match[4] or "")), text)
    text = _COMMENT.sub(cut("template-comment"), text)  # type: ignore[call-overload]
    text = _TAG.sub(lambda match: _turn_tag(match, expansion, addresses, page), text)
    text = CODE.sub(lambda match: keep(match[0]), text)
    text = _MORE.sub("", text)
    text = _COMMENT_HTML.sub(cut("html-comment"), text)  # type: ignore[call-overload]
    text = _ATTRIBUTES.sub(cut("attribute-list"), text)  # type: ignore[call-overload]
    text = _PLAYER.sub(lambda match: _player(match[0], expansion), text)
    text = _ZOLA_LINK.sub(lambda match: match[1] + addresses.get(match[2], f"/{match[2].removesuffix('.md')}/"), text)
    if expansion.cut or expansion.has_figures:
        text = re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", text)
    while "\ue010" in text:
        complete = re.sub("\ue010(\\d+)\ue011", lambda match: literals[int(match[1])], text)
        if complete == text:
            break
        text = complete
    expansion.text = text.strip("\n")
    return expansion


def arguments(text: str) -> tuple[list[str], dict[str, str]]:
    """Return the positional and the named arguments of a shortcode, without their quotes."""
    positional: list[str] = []
    names: dict[str, str] = {}
    for match in _ARGUMENT.finditer(text):
        value = re.sub(r"\\(.)", r"\1", match[2][1:-1]) if match[2][0] in "\"'`" and len(match[2]) > 1 else match[2]
        if match[1]:
            names[match[1].lower()] = value
        else:
            positional.append(value)
    return positional, names


def _fence(language: str, code: str) -> str:
    mark = "```"
    while mark in code:
        mark += "`"
    return f"{mark}{language}\n{code.strip(chr(10))}\n{mark}"


def _turn_tag(match: re.Match[str], expansion: Expansion, addresses: Mapping[str, str], page: Mapping[str, str]) -> str:
    if match["output"] is not None:
        return _output(match, expansion, page)
    name = (match["hugo"] or match["liquid"] or match["zola"]).replace(" ", "")
    positional, names = arguments(match["hugo_rest"] or match["liquid_rest"] or match["zola_rest"] or "")
    if (name == "include" and match["liquid"]) or name in {"include_relative", "render", "include_cached"}:
        if not positional:
            expansion.unknown.append(name)
            return match[0]
        name = PurePosixPath(positional.pop(0)).stem
    short = re.sub(r"(?:-?(?:embed|player|video|simple|lite))+$", "", name.lower().rpartition("/")[2]) or name.lower()
    if short in _LINKS:
        target = next(iter(positional), names.get("path", ""))
        page_part, mark, anchor = target.partition("#")
        return (addresses.get(page_part) or f"/{page_part.strip('/').removesuffix('.md')}/") + mark + anchor
    if short in _SITES:
        return _site_link(short, positional, names) or _unknown(match[0], name, expansion)
    if short in _EMBEDS:
        url = next((value for value in (*positional, *names.values()) if value.startswith(("http://", "https://"))), "")
        return _link_to(url, names) if url else _unknown(match[0], name, expansion)
    if _FIGURES.search(short):
        return _figure(positional, names, expansion) or _unknown(match[0], name, expansion)
    if short in _GALLERIES:
        pictures = [value for value in positional if PurePosixPath(value).suffix.lower() in IMAGE_TYPES]
        if positional and len(pictures) == len(positional):
            return "\n\n".join(f"![]({f'<{src}>' if ' ' in src else src})" for src in pictures)
        if positional or names:  # a folder or a pattern, which is not followed here
            return _unknown(match[0], name, expansion)
    if short in _SILENT or short in _GALLERIES:
        expansion.cut.append(("template-tag", match[0]))
        return ""
    return _unknown(match[0], name, expansion)


def _unknown(text: str, name: str, expansion: Expansion) -> str:
    if not name.startswith(("/", "end")):  # the end of a pair counts with its beginning
        expansion.unknown.append(name)
    return text


def _output(match: re.Match[str], expansion: Expansion, page: Mapping[str, str]) -> str:
    """Turn `{{ … }}` that prints a value."""
    words = match["output"].strip()
    path = _FILTERS.match(words)
    if path:
        return path["path"]
    if _BASES.match(words):
        expansion.cut.append(("template-address", match[0]))
        return ""
    name = re.fullmatch(r"(?:page|\.Page|\.|\$)?\.?(\w+)", words)
    if name and words.startswith(("page.", ".", "$")) and page.get(name[1].lower()):
        return page[name[1].lower()]
    return _unknown(match[0], words.split("|")[0].strip()[:30] or "{{}}", expansion)


def _site_link(site: str, positional: list[str], names: dict[str, str]) -> str:
    arguments = [*positional, *(names[key] for key in ("id", "video_id", "videoid", "url", "src", "link") if key in names)]
    if not arguments:
        return ""
    if arguments[0].startswith(("http://", "https://")):
        return _link_to(arguments[0], names)
    name = "/".join(arguments[:2]) if site in {"gist", "codepen"} else arguments[0]
    user = names.get("user") or (arguments[0] if site in {"x", "tweet", "twitter"} and len(arguments) > 1 else "")
    if user and site in {"x", "tweet", "twitter"}:
        status = names.get("id") or arguments[-1]
        return _link_to(f"https://{'x' if site == 'x' else 'twitter'}.com/{user}/status/{status}", names)
    return _link_to(_SITES[site].format(name), names)


def _link_to(url: str, names: dict[str, str]) -> str:
    """Return a link to what a player shows, under the words that the shortcode has for it."""
    label = " – ".join(dict.fromkeys(names[key] for key in _LABELS if names.get(key)))
    return f"[{escape(label)}]({url})" if label else f"<{url}>"


def _figure(positional: list[str], names: dict[str, str], expansion: Expansion) -> str:
    src = next((names[key] for key in ("src", "url", "image_path", "image", "path", "file", "link") if names.get(key)), "")
    src = src or next(iter(positional), "")
    if not src or "{{" in src:
        return ""
    if len(positional) > 1 and not names.get("alt") and positional[0] == src and re.search(r"[^\W\d_]", positional[1]):
        names["alt"] = positional[1]  # Eleventy's `image "a.jpg", "What it shows"`
    caption = " ".join(names[key] for key in ("title", "caption") if names.get(key))
    credit = next((names[key] for key in ("credit", "attr", "source", "author") if names.get(key)), "")
    if not caption and not credit:
        return f"![{escape(names.get('alt', ''))}]({f'<{src}>' if ' ' in src else src})"
    expansion.has_figures = True
    words = " ".join(filter(None, (entities.escape(caption, quote=False), credit and f"({entities.escape(credit, quote=False)})")))
    image = f'<img src="{entities.escape(src)}" alt="{entities.escape(names.get("alt", ""))}">'
    return f"\n<figure>{image}<figcaption>{words}</figcaption></figure>\n"


def _player(html: str, expansion: Expansion) -> str:
    root = parse_fragment(html)
    expansion.cut += [(cut.rule, cut.text) for cut in embeds_to_links(root)]
    links = [link for link in root.iter("a") if isinstance(link, etree._Element)]
    if not links:
        expansion.cut.append(("player-without-address", html))
        return ""
    href, label = links[0].get("href", ""), links[0].text or ""
    return f"<{href}>" if label == href else f"[{escape(label)}]({href})"
