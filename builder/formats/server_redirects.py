"""Redirects as web servers read them: Netlify's `_redirects`, and a map for nginx.

A line for each old address, by what it is asked for: a page `old/index.html` as `/old` and `/old/` too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote as percent_encode
from urllib.parse import unquote, urlsplit

from builder.base.urls import has_query, quote

_RULE = re.compile(r'^"?([^"\s?]+)"? "?([^"\s]+)"?(?: 301!|;)$', re.MULTILINE)
Entries = Iterable[tuple[str, str]]
"""Old addresses (output paths, or urls.query_address) and the output paths that they lead to."""


def netlify(entries: Entries, base: str) -> bytes:
    """Return a `_redirects` file for the site at `base`. `301!`: the rule goes before the page that stands there.

    https://docs.netlify.com/routing/redirects/redirect-options/
    """
    root = _root(base)
    lines = []
    for address, target in entries:
        if has_query(address):
            lines.append(f"{_netlify_rule(root, address)} {root}{quote(target)} 301!")
        else:
            lines += [f"{path} {root}{quote(target)} 301!" for path in _request_paths(root, address) if not path.endswith("/")]
    return "".join(f"{line}\n" for line in lines).encode()


def nginx(entries: Entries, base: str) -> bytes:
    """Return a map from `$request_uri` to the new address, for `include` in a `map` block of nginx, for the site at `base`.

    https://nginx.org/en/docs/http/ngx_http_map_module.html: keys are compared without letter case.
    """
    root = _root(base)
    pairs: dict[str, tuple[str, str]] = {}
    for address, target in entries:
        for path in _request_paths(root, address):
            pairs.setdefault(path.lower(), (path, f"{root}{quote(target)}"))
    return "".join(f'"{path}" "{target}";\n' for path, target in pairs.values() if path.lower() != target.lower()).encode()


def read_rules(text: str, base: str) -> dict[str, str]:
    """Return where each address leads by the `text` of a `_redirects` or a map for nginx, of a site at `base`.

    Both are paths from there, decoded, the address in lower case; one with a query is left out.
    """
    root = _root(base)
    pairs = (match.groups() for match in _RULE.finditer(text))
    return {
        unquote(address.removeprefix(root)).lower(): unquote(target.removeprefix(root))
        for address, target in pairs
        if address.startswith(root) and target.startswith(root)
    }


def rules_of(address: str, base: str) -> tuple[str, str]:
    """Return how the rules for an `address` with a query begin: in Netlify's file, and in the map for nginx."""
    root = _root(base)
    return f"{_netlify_rule(root, address)} ", f'"{next(_request_paths(root, address))}" '


def _netlify_rule(root: str, address: str) -> str:
    path, _, query = address.partition("?")
    parameters = " ".join(part if "=" in part else f"{part}=" for part in _query(query).split("&") if part)
    return f"{root}{quote(path)} {parameters}"


def _request_paths(root: str, address: str) -> Iterator[str]:
    """Yield each request line's path that means `address`, percent-encoded."""
    if has_query(address):
        path, _, query = address.partition("?")
        yield f"{root}{quote(path)}?{_query(query)}"
        return
    yield f"{root}{quote(address)}"
    if address.endswith("/index.html"):
        folder = f"{root}{quote(address.removesuffix('/index.html'))}"
        yield folder
        yield f"{folder}/"


def _query(query: str) -> str:
    """Return `query` with what no request line has, or what ends a string of nginx, percent-encoded."""
    return percent_encode(query, safe="/~%=&:,;@!()*'+[]-._")


def _root(base: str) -> str:
    return urlsplit(base).path or "/"
