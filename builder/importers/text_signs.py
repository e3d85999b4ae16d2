"""What the first bytes of a text say of its kind, where its name does not: front matter, a table, a fragment of HTML."""

from __future__ import annotations

import csv
import json
import re

from builder.importers.encodings import utf16_of

_FRONT_MATTER = re.compile(
    r"(?P<fence>---|\+\+\+)[ \t]*(?:yaml|toml|json)?[ \t]*\n(?:[ \t]*(?:#[^\n]*)?\n)*"
    r"(?:[\w\"'][^\n]{0,80}?[ \t]*[:=][ \t\n]|\[[\w.\"'-]+\][ \t]*\n|\{)",
    re.IGNORECASE,
)
_HEADERS = re.compile(r"(?:[A-Za-z][A-Za-z0-9_ -]{0,40}:[ \t]*[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){2,}[ \t]*(?:\n|\Z)")
_TITLE = re.compile(r"^title:[ \t]*\S", re.IGNORECASE | re.MULTILINE)
_HEADING = re.compile(r"#[ \t]+\S[^\n]*\n[ \t]*\n")
_FRAGMENT = re.compile(r"<(?:!--|title|meta|main|section|header|div|h[1-6]|p|figure|table)\b[^<]*>?", re.IGNORECASE)
_COLUMN = re.compile(r"[^\W\d][\w.-]*(?: [\w.-]+){0,3}")


def text_of_head(head: bytes) -> str:
    """Return the first bytes of a text as text, without byte order mark, empty lines before it and carriage returns."""
    encoding = utf16_of(head)
    text = head.decode(encoding or "utf-8", "replace")
    return text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n")


def begins_as_markdown(text: str) -> bool:
    """Whether `text` begins with front matter (fenced, as a JSON object, as header lines) or with a headline of Markdown."""
    match = _FRONT_MATTER.match(text)
    if match:
        ends = {"+++"} if match["fence"] == "+++" else {"---", "..."}
        is_cut = len(text) > 4000  # front matter may be longer than the bytes that are looked at
        return is_cut or any(line.rstrip() in ends for line in text.split("\n")[1:])
    headers = _HEADERS.match(text)
    return bool(headers and _TITLE.search(headers[0])) or has_json_front_matter(text) or bool(_HEADING.match(text))


def has_json_front_matter(text: str) -> bool:
    """Whether `text` begins with a JSON object that a text follows, and no other object."""
    if not re.match(r'\{\s*"', text):
        return False
    try:
        rest = text[json.JSONDecoder().raw_decode(text)[1] :].lstrip()
    except (ValueError, RecursionError):
        return False
    return bool(rest) and rest[0] not in '{[]},"'


def begins_as_table(text: str) -> bool:
    """Whether `text` begins as CSV: a line of names, and under it a row of as many values (or a column `title` among the names)."""
    first, _, rest = text.partition("\n")
    delimiter = max(",;\t", key=first.count)
    names = [name.strip().strip('"') for name in first.split(delimiter)]
    if len(names) < 2 or len(set(names)) < len(names) or not all(map(_COLUMN.fullmatch, names)):
        return False
    if "title" in map(str.lower, names):
        return True
    try:
        rows = [row for row, _ in zip(csv.reader(rest.splitlines(keepends=True), delimiter=delimiter), range(3), strict=False)]
    except csv.Error:
        return False
    rows = rows[: max(1, len(rows) - 1)]  # the last one may be cut where the bytes that are looked at end
    return len(names) > 2 and bool(rows) and all(len(row) == len(names) for row in rows)


def begins_as_html(text: str) -> bool:
    """Whether `text` begins with an element of a page's body, as fragments without `html` and `body` do."""
    return bool(_FRAGMENT.match(text)) and "</" in text
