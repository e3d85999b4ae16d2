"""Addresses as sources have them: joined and taken apart, and what is none passes as it is."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit

_NO_PARTS = SplitResult("", "", "", "", "")


def join(base: str, address: str) -> str:
    """Return `address` as it is when it counts from `base` (RFC 3986, 5); one that is no address stays as it is."""
    try:
        return urljoin(base, address.strip())
    except ValueError:  # `http://[bad`
        return address


def split_address(address: str) -> SplitResult:
    """Return the parts of `address` (RFC 3986, 3), all empty for one that is none."""
    try:
        return urlsplit(address)
    except ValueError:
        return _NO_PARTS
