"""One field of an article's front matter, written into its text: everything else stays as a person formatted it."""

from __future__ import annotations

import re

_OPENING = re.compile(r"\A(\ufeff?)---[ \t]*(\r?\n)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE)


def set_field(text: str, key: str, value: str, empty_values: str = r"''|\"\"|~|null") -> str:
    """Return `text` with `key: value` in its front matter: in place of an empty one, else as its last line.

    `value` is YAML on one line, `empty_values` a regular expression of values that count as none.
    """
    opening = _OPENING.match(text)
    if opening is None:
        mark = "\ufeff" if text.startswith("\ufeff") else ""
        return f"{mark}---\n{key}: {value}\n---\n\n{text.removeprefix(mark)}"
    end = _CLOSING.search(text, opening.end())
    if end is None:  # frontmatter.split found one, so this cannot be
        return text
    front, newline = text[opening.end() : end.start()], opening[2]
    empty = re.compile(rf"^{re.escape(key)}[ \t]*:[ \t]*(?:{empty_values})?[ \t]*\r?$", re.MULTILINE)
    line = f"{key}: {value}"
    new_front, count = empty.subn(lambda match: line + ("\r" if match[0].endswith("\r") else ""), front, count=1)
    if not count:
        new_front = f"{front}{line}{newline}"
    return f"{text[: opening.end()]}{new_front}{text[end.start() :]}"
