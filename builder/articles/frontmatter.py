"""The bytes of an article's file to front matter and body, with repairs of what can be repaired without loss."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

MAX_BYTES = 100_000_000
"""No file is longer, whatever site.yml allows."""

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_ASCII_CONTROLS = bytes(sign for sign in range(128) if CONTROL.match(chr(sign)))

_END = re.compile(r"\n(?:---|\.\.\.)[^\S\n]*(?:\n|\Z)")
"""The end of a front matter, from the line end before it to the one after it."""
_KEY = re.compile(r"[A-Za-z_][\w -]*\s?[:：]")
_USUAL_FIELD = re.compile(r"(?:title|date|author|layout)\s*:\s", re.IGNORECASE)
_NEARLY_END = re.compile(r"\s*(?:[-–—−]{2,9}|\*{3})\s*")
MAX_LINES_ABOVE = 10
"""How far from the top a front matter is looked for that should stand there."""


class FrontMatterError(ValueError):
    """A file that cannot be taken apart; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int = 1, column: int = 1) -> None:
        super().__init__(message)
        self.message, self.line, self.column = message, line, column


@dataclass(frozen=True, slots=True)
class SplitFile:
    """An article's file taken apart: its two texts, and the line (from 1) on which each begins."""

    front: str
    body: str
    front_line: int
    body_line: int
    repairs: tuple[tuple[int, int, str], ...] = ()
    """What was repaired: line and column (from 1), and what was done."""


def without_controls(text: str) -> str:
    """Return `text` without control characters (CONTROL)."""
    if text.isascii() and len(text.encode().translate(None, _ASCII_CONTROLS)) == len(text):
        return text  # in a tenth of the time
    return CONTROL.sub("", text)


def split(data: bytes) -> SplitFile:
    """Take the bytes of a file apart at its `---` lines. A file without front matter is all body.

    Byte order mark and CRLF are read as nothing and as line ends; control characters are taken out and reported in `repairs`.
    Raises FrontMatterError, with what to do, for bytes that are not UTF-8 and for front matter that never ends.
    """
    text = _decode(data)
    repairs: list[tuple[int, int, str]] = []
    control = CONTROL.search(text) if without_controls(text) != text else None
    if control is None and text.startswith("---\n") and (end := _END.search(text, 3)):  # as nearly all files are
        number = text.count("\n", 0, end.start() + 1) + 1
        return SplitFile(text[4 : end.start()], text[end.end() :], 2, number + 1)
    if control:
        before = text[: control.start()]
        clean, count = CONTROL.subn(control_stand_in, text)
        some = f"{count} control characters were" if count > 1 else "a control character was"
        repairs.append(
            (
                before.count("\n") + 1,
                len(before) - before.rfind("\n"),
                f"{some} taken out (the first is U+{ord(control[0]):04X}); `morgue fix` takes them out of the file",
            )
        )
        text = clean
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), 0)
    begins_late = first > 0 and lines[first].rstrip() == "---" and _KEY.match(lines[first + 1] if first + 1 < len(lines) else "")
    if begins_late and any(line.rstrip() in {"---", "..."} for line in lines[first + 1 :]):
        repairs.append((1, 1, "blank lines before the front matter are passed over; take them out"))
        source = _split_lines(lines[first:], tuple(repairs))
        return replace(source, front_line=source.front_line + first, body_line=source.body_line + first)
    _refuse_other_forms(lines)
    return _split_lines(lines, tuple(repairs))


def _refuse_other_forms(lines: list[str]) -> None:
    """Raise FrontMatterError for front matter that is not YAML between `---` lines: people and other tools write it so."""
    first, second = lines[0].rstrip(), lines[1] if len(lines) > 1 else ""
    if first == "+++":
        raise FrontMatterError("the front matter is TOML; `morgue import` reads it, or write it as YAML between lines ---")
    if first == "{" or first.startswith('{"'):
        raise FrontMatterError("the front matter is JSON; `morgue import` reads it, or write it as YAML between lines ---")
    if first != "---" and re.fullmatch(r"[-–—−]{1,9}", first) and _KEY.match(second):
        cause = "" if set(first) == {"-"} else " (a word processor made it of ---)"
        raise FrontMatterError(f"{first} begins no front matter{cause}; write three hyphens, here and at its end")
    if re.match(r"(?:```|~~~)", first) and _USUAL_FIELD.match(second):
        raise FrontMatterError(f"{first} begins no front matter; write a line --- in its place, and one at its end")
    ends = [number for number, line in enumerate(lines[: MAX_LINES_ABOVE + 30]) if line.rstrip() == "---"]
    if len(ends) > 1 and 0 < ends[0] <= MAX_LINES_ABOVE and _USUAL_FIELD.match(lines[ends[0] + 1]):
        raise FrontMatterError(
            "the front matter begins here and belongs at the top; move what stands above it below it", ends[0] + 1
        )
    if _USUAL_FIELD.match(first) and (_KEY.match(second) or "---" in map(str.rstrip, lines[1:30])):
        raise FrontMatterError("the front matter has no line --- above it; write one at the top, and one below it")


def _split_lines(lines: list[str], repairs: tuple[tuple[int, int, str], ...]) -> SplitFile:
    text = "\n".join(lines)
    if lines[0].rstrip() != "---":
        return SplitFile("", text, 1, 1, repairs)
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in {"---", "..."}:
            return SplitFile("\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), 2, number + 2, repairs)
    near = next((number for number, line in enumerate(lines[1:], start=2) if _NEARLY_END.fullmatch(line)), 0)
    hint = f" (line {near} is none: three hyphens, with nothing before them)" if near else ""
    raise FrontMatterError(f"the front matter that begins here never ends; close it with a line ---{hint}")


def control_stand_in(match: re.Match[str]) -> str:
    """Return what stands for a control character: a space for those that part words (U+000B, U+000C and their like)."""
    return " " if match[0].isspace() else ""


_OTHER_FILES = (
    (b"PK\x03\x04", "a Word or OpenDocument file (a zip)"), (b"\xd0\xcf\x11\xe0", "an old Word file"), (b"{\\rtf", "an RTF file"),
    (b"%PDF", "a PDF"), (b"\x89PNG", "a picture (PNG)"), (b"\xff\xd8\xff", "a picture (JPEG)"), (b"\x1f\x8b", "a gzip file"),
)  # fmt: skip


def _decode(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise FrontMatterError(
            f"is {len(data) / 1e6:.0f} MB; an article has at most {MAX_BYTES / 1e6:.0f} MB: split it or keep it elsewhere"
        )
    for mark, name in _OTHER_FILES:
        if data.startswith(mark):
            raise FrontMatterError(f"is {name}, not text; save the article as plain text (UTF-8), or take the file out of content/")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise FrontMatterError("is UTF-16; save it as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start]
        column = len(before[before.rfind(b"\n") + 1 :].decode(errors="replace")) + 1
        raise FrontMatterError(
            f"byte 0x{data[error.start]:02X} is not UTF-8; save the file as UTF-8", before.count(b"\n") + 1, column
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
