"""Long texts for the parser of HTML, which copies a text anew for each entity in it: in pieces, between comments that it drops."""

from __future__ import annotations

import re
from collections.abc import Callable

_LONG_TEXT = re.compile(r"(?:(?<=>)|\A)[^<>]{8000,}")
_PIECE = re.compile(r"(?:[^&]|&[a-zA-Z0-9#]*+;?+){1000}+")
_COMMENT = "<!--\x04-->"
"""No text has this control character."""
_COMMENT_AS_TEXT = re.compile(r"(?:<|&lt;)!--\x04--(?:>|&gt;)")
"""What becomes of the comment where it stood in an attribute, or in an element without markup (`textarea`)."""


def clean_in_pieces(clean: Callable[[str], str], html: str) -> str:
    """Return what `clean`, which drops comments, makes of `html`, in time that grows with its length."""
    if not _LONG_TEXT.search(html):
        return clean(html)
    html = _LONG_TEXT.sub(lambda text: _PIECE.sub(rf"\g<0>{_COMMENT}", text[0]), html)
    return _COMMENT_AS_TEXT.sub("", clean(html))
