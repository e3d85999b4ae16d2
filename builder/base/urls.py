"""Slugs, output paths, and the links between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote as percent_encode
from urllib.parse import unquote, urlsplit

from builder.base.portable import is_device_name

MAX_SLUG_BYTES = 120
_RESERVED_CHARACTERS = "/~%?#[]@!$&'()*+,;=:"
"""What percent-encoding leaves as it is in an address that is one already."""
_ASCII_WORD = re.compile("[a-z0-9]+")
_LAST_SIGMA = re.compile("σ(?=-|$)")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u0488\u0489\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u1abe\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u20dd-\u20e0"
    "\u20e2-\u20e4\u3164\ua670-\ua672\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff]"
)
"""Characters that show nothing or only frame another: variation selectors, fillers, soft hyphens, marks of direction."""
_PERCENT_BYTE = re.compile("%[0-9A-Fa-f]{2}")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_NO_HOST = re.compile(r"[\x00-\x20\x7f\"#%/<>?@\\^`{|}]")
"""What no host's name has (URL Standard, forbidden domain code points)."""
_PLUS = re.compile(r"(?<=[^\W_])[+＋]+")
_NAMED_SIGNS = (
    (re.compile(r"(?<=[^\W_])[#♯＃](?![^\W_])"), " sharp "),
    (re.compile(r"(?<=[^\W_])♭"), " flat "),
    (re.compile(r"(?<=[^\W_])[\\＼](?=[^\W_])"), " backslash "),
    (re.compile(r"(?<![^\s(/])[.．](?=[^\W\d_])"), " dot "),
)
"""Signs that tell one name from another, by the word that an address has for them: `C#`, `.NET`."""
_SIGNS = re.compile(rf"[+＋#♯＃♭\\＼.．]|{_INVISIBLE.pattern}")


@lru_cache(maxsize=65536)
def slugify(text: str) -> str:
    """Turn any text into a path segment: NFC, lower case, letters and digits of every script, the rest one hyphen.

    Combining marks stay with their letters (Hindi and Thai cannot be read without them); invisible characters go. Signs
    that make another name are written out: `C++` is `c-plus-plus`, `C#` `c-sharp`, `.NET` `dot-net`, `A\\B` `a-backslash-b`.
    At most 120 bytes of UTF-8, cut between characters. The result may be empty: a text without letters and digits has
    no slug. A name that Windows keeps for a device ends in a hyphen; a Greek word ends in a final sigma, so that its
    spellings are one path everywhere.
    """
    lower_text = text.lower() if text.isascii() else unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).lower())
    if _SIGNS.search(lower_text):
        lower_text = unicodedata.normalize("NFC", _INVISIBLE.sub("", lower_text))
        lower_text = _PLUS.sub(lambda match: " plus" * len(match[0]) + " ", lower_text)
        for sign, word in _NAMED_SIGNS:
            lower_text = sign.sub(word, lower_text)
    if lower_text.isascii():
        slug = "-".join(_ASCII_WORD.findall(lower_text))
    else:
        plain = "".join(char if unicodedata.category(char)[0] in "LNM" else " " for char in lower_text)
        slug = "-".join(filter(_has_letter, plain.split()))
    if len(slug.encode()) > MAX_SLUG_BYTES:
        slug = "-".join(filter(_has_letter, slug.encode()[:MAX_SLUG_BYTES].decode(errors="ignore").split("-")))
    slug = _LAST_SIGMA.sub("ς", slug) if "σ" in slug else slug
    return f"{slug}-" if is_device_name(slug) else slug


def _has_letter(word: str) -> bool:
    """Whether a word of letters, digits and marks is more than marks."""
    return not all(unicodedata.category(char)[0] == "M" for char in word)


def decode_percent(text: str) -> str:
    """Return `text` with its percent-encoding (RFC 3986) read as the UTF-8 that it stands for; as it is where it is none."""
    if "%" not in text:
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


@lru_cache(maxsize=65536)
def quote(path: str) -> str:
    """Percent-encode an output path for use in a link (RFC 3986); slashes stay."""
    return percent_encode(path, safe="/~")


def ascii_url(url: str) -> str:
    """Return a full web address in the form that grammars of URLs have (RFC 3986): its host by IDNA, the rest percent-encoded.

    Raises ValueError where it is none, or its host no name.
    """
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", f":{parts.port}" if parts.port else ""
    except ValueError:
        raise ValueError(f'"{url[:60]}" is no web address: there is no host or port like that') from None
    if not host or _NO_HOST.search(host):
        raise ValueError(f'"{url[:60]}" is no web address: it names no host')
    if url.isascii():
        return url
    import idna  # for those alone who need it

    try:
        host = idna.encode(host, uts46=True).decode()
    except idna.IDNAError as error:
        raise ValueError(f"{parts.hostname} is no host's name ({error})") from None
    return f"{parts.scheme}://{host}{port}{percent_encode(f'{url.partition(parts.netloc)[2]}', safe=_RESERVED_CHARACTERS)}"


def canonical(path: str) -> str:
    """Return what all spellings of one path share: percent-encoding read, in NFC (a Mac writes names in NFD)."""
    return unicodedata.normalize("NFC", decode_percent(path))


def root_of(path: str) -> str:
    """Return what leads from the page at `path` to the output folder: `../../` for `2025/02/index.html`."""
    return "../" * path.count("/")


def absolute(base: str, path: str) -> str:
    """Return the full URL of the output `path` on the site at `base`; the home page is the bare `base`."""
    return base + ("" if path == "index.html" else quote(path))


def page_of(folder: str) -> str:
    """Return the page that stands for `folder`: links name a file, so that they work from `file://`."""
    return f"{folder}/index.html" if folder else "index.html"


def alias_path(alias: str) -> str:
    """Return the output path of a redirect from an old URL or path of this site.

    `/2012/a-story/` and `/2012/a-story` become `2012/a-story/index.html`; `/a.php` and `a.html` keep their names;
    percent-encoding is read as what it encodes. Raises ValueError, with the reason, for one that no file can answer.
    """
    path = alias.partition("#")[0].strip()
    if "?" in path:
        if path.endswith("?"):
            raise ValueError("its query is empty; leave the ? out")
        raise ValueError(
            "no static host can serve an address with a query (?); leave it out, or have your server's redirects written: "
            "`redirects: netlify` or `redirects: nginx` in site.yml"
        )
    path = _without_host(decode_percent(path))
    segments = [segment for segment in path.split("/") if segment]
    if not segments:
        raise ValueError("it names no page")
    if any(segment in {".", ".."} or "\\" in segment for segment in segments):
        raise ValueError("it holds a part that no address has (., .. or \\)")
    if any(unicodedata.category(char) == "Cc" for char in path):
        raise ValueError("it holds a control character")
    relative = "/".join(segments)
    return relative if "." in segments[-1] and not path.endswith("/") else f"{relative}/index.html"


def _without_host(address: str) -> str:
    """Return the path of an old URL or path of this site. Raises ValueError for `//x/y`, of which nobody knows which it is."""
    if address.startswith("//"):
        name, _, rest = address.lstrip("/").partition("/")
        raise ValueError(f"it begins with //, so {name} is a host to browsers; write https://{name}/{rest} or /{name}/{rest}")
    scheme = _SCHEME.match(address)
    return address[scheme.end() :].partition("/")[2] if scheme else address


def has_empty_part(alias: str) -> bool:
    """Whether the path of an old URL or path of this site has a part between two slashes that is empty (`/a//b.html`)."""
    path = decode_percent(alias.partition("#")[0].partition("?")[0].strip())
    scheme = _SCHEME.match(path)
    path = path[scheme.end() :].partition("/")[2] if scheme else path.removeprefix("/")
    return "//" in f"/{path}"


def foreign_byte(alias: str) -> str:
    """Return the first encoded byte (`%E9`) of an old URL's path whose bytes are not UTF-8, as a file's name is; else ""."""
    path = alias.partition("#")[0].partition("?")[0]
    byte = _PERCENT_BYTE.search(path) if decode_percent(path) == path else None
    return byte[0] if byte else ""


def has_query(alias: str) -> bool:
    """Whether an old URL or path of this site has a query (`/story.php?id=5`), which no file can answer."""
    return "?" in alias.partition("#")[0]


def query_address(alias: str) -> str:
    """Return what a server is asked for by an old URL with a query, without its first slash: `story.php?id=5`, `?p=123`.

    The path's percent-encoding is read as what it encodes, the query stays as it is. Raises ValueError, with the reason, for
    one that is no address of a page.
    """
    path, _, query = alias.partition("#")[0].strip().partition("?")
    path = _without_host(decode_percent(path))
    if not query:
        raise ValueError("its query is empty; leave the ? out")
    if any(segment in {".", ".."} or "\\" in segment for segment in path.split("/")):
        raise ValueError("it holds a part that no address has (., .. or \\)")
    if any(unicodedata.category(char) == "Cc" or char in " ?" for char in path + query):
        raise ValueError("it holds a space, a control character or a second ?")
    folder = "/" if path.strip("/") and path.endswith("/") else ""
    return f"{'/'.join(segment for segment in path.split('/') if segment)}{folder}?{query}"


def parents(path: str) -> Iterator[str]:
    """Yield the folders that the output `path` lies in, the innermost first."""
    while "/" in path:
        path = path.rpartition("/")[0]
        yield path
