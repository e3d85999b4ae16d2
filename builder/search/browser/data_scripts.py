"""The bytes of the index's files: data packed and put into a script, as pages may load them from `file://` too.

A script calls `morgue.search.deliver(name, payload)`. The text is the data, deflated, two bytes a character, so the file is in
UTF-16 (its byte order mark says so, whatever a server says): base64 would take a third more. Its first character tells
whether the last byte is filling (`1`) or not (`0`). Characters that cannot stand in a script are written as two: U+0001, and
U+0100 plus the last eleven bits of half a surrogate pair, or U+1000 plus one of the others.
"""

from __future__ import annotations

import json
import re
from operator import attrgetter
from typing import Any

from builder.articles.model import Article, ArticleSummary
from builder.base.urls import quote
from builder.search.browser.shards import Columns
from builder.search.browser.store import deflate

_OF_SUMMARY = ("title", "date", "updated", "source", "agency", "byline", "section", "type", "tags", "language", "id")
_OF_ARTICLE = ("summary", "original_url", "dateline", "slugline", "archived_url", "captured_at", "rights")
HIT = ("url", *_OF_SUMMARY, "text", *_OF_ARTICLE)
"""What a file of stories says of each, in its order; the manifest tells it to the reader."""
_SUMMARY_VALUES, _ARTICLE_VALUES = attrgetter(*_OF_SUMMARY), attrgetter(*_OF_ARTICLE)
_SPECIAL = re.compile('[\x01\n\r"\\\\\ud800-\udfff]')


def script(name: str, data: bytes) -> bytes:
    """Return the script that hands packed `data` over under `name`."""
    padding = len(data) % 2
    text = (data + b"\0" * padding).decode("utf-16-le", "surrogatepass")
    return f'\ufeffmorgue.search.deliver("{name}","{padding}{_SPECIAL.sub(_escape, text)}");\n'.encode("utf-16-le")


def _escape(match: re.Match[str]) -> str:
    unit = ord(match[0])
    return "\x01" + chr(0x1000 + unit if unit < 0x100 else 0x100 + (unit & 0x7FF))


def data_script(name: str, columns: Columns) -> bytes:
    """Return the script of data that is not packed yet."""
    return script(name, deflate(columns))


def stories_script(name: str, stories: list[tuple[ArticleSummary, Article, str]]) -> bytes:
    """Return the script with some stories, each a summary, its article and its searched text: what a list of hits shows of them and
    what is exported, in the order of `HIT`."""
    return data_script(name, (_json([_hit(*story) for story in stories]),))


def _hit(summary: ArticleSummary, article: Article, text: str) -> list[Any]:
    return [quote(summary.url), *_SUMMARY_VALUES(summary), text, *_ARTICLE_VALUES(article)]


def _json(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode()
