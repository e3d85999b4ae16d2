"""HTML that nests without end or repeats marks that nothing closes, found before it is parsed: it could take all memory.

The open elements are followed as the standard's parser does it (HTML, section 13.2.6), as far as their number goes.
"""

from __future__ import annotations

import re
from collections import Counter

MAX_DEPTH = 512
"""Elements within elements: what browsers (Chromium, WebKit) nest. No text that means them comes near."""
MAX_REPEATED = 1_000_000
"""Characters of tags of unclosed marks (`<b title=…>`), which a parser opens again in each paragraph after."""

_TAG = re.compile(
    r"<!--(?:-?>|.*?(?:--!?>|\Z))"
    r"|<(?P<end>/?)(?P<name>[a-zA-Z][^\t\n\f\r />]*+)"
    r"(?:[\t\n\f\r /]++|[^\t\n\f\r />][^\t\n\f\r />=]*+"
    r"(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+(?:\"[^\"]*+\"|'[^']*+'|(?![\"'])[^\t\n\f\r >]*+))?+)*+(?:>|\Z)",
    re.DOTALL,
)
_VOID = frozenset("area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr".split())
_MARKS = frozenset("a b big code em font i nobr s small strike strong tt u".split())
"""Formatting elements, which a parser opens again where a block ended within them."""
_FOREIGN = frozenset(("math", "svg"))
_NAMES_TO_COUNT = _FOREIGN | {"button", "select", "table"}
_REOPENING = frozenset("applet button marquee math object select svg xmp".split())
"""Blocks before which marks are opened again."""
_BREAKING_OUT = frozenset(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta nobr ol p pre "
    "ruby s small span strong strike sub sup table tt u ul var".split()
)
"""Elements that are none of a drawing or formula and end it."""
_INTEGRATION_POINTS = frozenset("foreignobject desc title annotation-xml mi mo mn ms mtext".split())
"""Where a drawing or formula holds HTML."""
_SCOPES = frozenset("applet caption html marquee math object select svg table td template th".split())
"""What an end tag within it does not reach out of."""
_SCOPES_OF_P = _SCOPES | {"button"}
_SPECIAL = _SCOPES | frozenset(
    "address article aside blockquote body button center colgroup dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 head header hgroup iframe li listing main menu nav noembed noframes "
    "noscript ol p plaintext pre script search section select style summary tbody textarea tfoot thead title tr ul xmp".split()
)
_ENDING_P = frozenset(
    "address article aside blockquote center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 "
    "h6 header hgroup hr li listing main menu nav ol p plaintext pre search section summary table ul xmp".split()
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
"""The end of one ends any."""
_ITEM_BARRIERS = _SPECIAL - {"address", "div", "p"}
_ROWS = frozenset(("tbody", "thead", "tfoot"))
_CELLS = frozenset(("td", "th"))
_SIBLINGS = {
    **{name: (frozenset(("dd", "dt")), _ITEM_BARRIERS) for name in ("dd", "dt")},
    **{name: (_CELLS, frozenset(("table", "tr", "template"))) for name in _CELLS},
    **{name: (_ROWS, frozenset(("table", "template"))) for name in _ROWS},
    "li": (frozenset(("li",)), _ITEM_BARRIERS),
    "tr": (frozenset(("tr",)), frozenset(("table", "template", *_ROWS))),
}
"""What the start of an element ends, and what it does not look beyond."""
_OF_TABLES = frozenset(("caption", "colgroup", "tr", *_ROWS, *_CELLS))
"""Elements that are nothing outside of tables."""


class NestingError(ValueError):
    """HTML that is nested too deeply. `text` is the tag at which that is seen."""

    def __init__(self, message: str, text: str) -> None:
        super().__init__(message)
        self.text = text


class _Element:
    """An open element: its name, and its tag where it is a mark that may be opened again."""

    __slots__ = ("is_open", "name", "tag")

    def __init__(self, name: str, tag: str) -> None:
        self.name, self.tag, self.is_open = name, tag, True


def check_nesting(html: str) -> None:
    """Raise NestingError for `html` of more than MAX_DEPTH elements within one another, or that repeats unclosed marks."""
    if html.count("<") <= 32:
        return
    tree = _OpenElements(MAX_REPEATED + len(html))
    at = 0
    for match in _TAG.finditer(html):
        if match.start() > at:
            tree.reopen_marks()
        at = match.end()
        name = match["name"]
        if name:
            tree.take(name.lower(), match[0], bool(match["end"]))


class _OpenElements:
    """The open elements of a text that is read tag by tag."""

    def __init__(self, max_repeated: int) -> None:
        self._stack: list[_Element] = []
        self._marks: list[_Element] = []
        self._are_marks_open = True
        self._counts: Counter[str] = Counter()
        self._rest = max_repeated

    def take(self, name: str, tag: str, is_end: bool) -> None:
        """Open or close the element of a tag."""
        if is_end:
            self._close(name)
        elif name not in _VOID and not (self._is_drawing() and tag.endswith("/>")):
            self._open(name, tag)

    def reopen_marks(self) -> None:
        """Open the marks again that an end tag around them closed, as text or a mark after it does."""
        if self._are_marks_open:
            return
        for number, mark in enumerate(self._marks):
            if not mark.is_open:
                self._marks[number] = element = _Element(mark.name, mark.tag)
                self._push(element)
                self._rest -= len(mark.tag)
                if self._rest < 0:
                    message = f"is never closed, and HTML repeats it in each paragraph after it; write </{mark.name}> where it ends"
                    raise NestingError(f"{mark.tag[:40]} {message}", mark.tag)
        self._are_marks_open = True

    def _open(self, name: str, tag: str) -> None:
        if name in _OF_TABLES and not self._counts["table"]:
            return
        if name in {"button", "select"} and self._counts[name]:
            self._close(name)
            if name == "select":
                return
        if self._is_drawing() and name in _BREAKING_OUT:
            self._leave_drawings()
        around = self._stack[-1].name if self._stack else ""
        if (name in _HEADINGS and around in _HEADINGS) or (name in {"option", "optgroup"} and around == "option"):
            self._cut(len(self._stack) - 1)
        if name in _ENDING_P:
            self._end_sibling(frozenset(("p",)), _SCOPES_OF_P)
        if name in _SIBLINGS:
            self._end_sibling(*_SIBLINGS[name])
        if name in _MARKS:
            if name in {"a", "nobr"}:
                self._close(name)
            self.reopen_marks()
            element = _Element(name, tag)
            same = [mark for mark in self._marks if mark.tag == tag]
            if len(same) > 2:
                self._marks.remove(same[0])
            self._marks.append(element)
        else:
            if name not in _SPECIAL or name in _REOPENING:
                self.reopen_marks()
            element = _Element(name, tag if len(tag) < 100 else f"<{name}")
        self._push(element)

    def _is_drawing(self) -> bool:
        return self._counts["svg"] > 0 or self._counts["math"] > 0

    def _leave_drawings(self) -> None:
        while self._is_drawing():
            for number in range(len(self._stack) - 1, -1, -1):
                if self._stack[number].name in _INTEGRATION_POINTS:
                    return
                if self._stack[number].name in _FOREIGN:
                    self._cut(number)
                    break

    def _push(self, element: _Element) -> None:
        self._stack.append(element)
        if element.name in _NAMES_TO_COUNT:
            self._counts[element.name] += 1
        if len(self._stack) > MAX_DEPTH:
            message = (
                f"more than {MAX_DEPTH} elements are open within one another here (<{element.name}>); close them, or take them out"
            )
            raise NestingError(message, element.tag)

    def _end_sibling(self, names: frozenset[str], barriers: frozenset[str]) -> None:
        for number in range(len(self._stack) - 1, -1, -1):
            name = self._stack[number].name
            if name in names:
                self._cut(number)
                return
            if name in barriers:
                return

    def _close(self, name: str) -> None:
        is_special_within = False
        for number in range(len(self._stack) - 1, -1, -1):
            element = self._stack[number]
            if element.name == name or {element.name, name} <= _HEADINGS:
                if name in _MARKS and is_special_within:
                    del self._stack[number]
                    element.is_open = False
                else:
                    self._cut(number)
                break
            if element.name in _SCOPES or (name == "li" and element.name in {"ol", "ul"}):
                return
            is_special_within = is_special_within or element.name in _SPECIAL
            if is_special_within and name not in _SPECIAL and name not in _MARKS:
                return
        if name in _MARKS:
            for number in range(len(self._marks) - 1, -1, -1):
                if self._marks[number].name == name:
                    del self._marks[number]
                    break

    def _cut(self, number: int) -> None:
        for element in self._stack[number:]:
            element.is_open = False
            if element.name in _NAMES_TO_COUNT:
                self._counts[element.name] -= 1
        del self._stack[number:]
        self._are_marks_open = not self._marks
