"""Footnotes by the thousand: Python-Markdown looks through all of them for each mark of one."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions.footnotes import FootnoteExtension, FootnoteInlineProcessor


class _NamesInOrder(list[str]):
    """A list of names, each once, that knows which it has."""

    def __init__(self) -> None:
        super().__init__()
        self._names: set[object] = set()

    def append(self, name: str) -> None:
        """Add a new name."""
        self._names.add(name)
        super().append(name)

    def __contains__(self, name: object) -> bool:
        return name in self._names


class CountedFootnotes(FootnoteExtension):
    """Knows the number of each footnote, and how many marks it has."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 (Python-Markdown's name)
        """Register the library's rules, and ours for the marks."""
        super().extendMarkdown(md)
        md.inlinePatterns.register(_Marks(md.inlinePatterns["footnote"].pattern, self), "footnote", 175)

    def reset(self) -> None:
        """Forget the footnotes of the last text."""
        super().reset()
        self.footnote_order = _NamesInOrder()
        self.numbers: dict[str, int] = {}

    def setFootnote(self, id: str, text: str) -> None:  # noqa: A002, N802 (Python-Markdown's names)
        """Keep a footnote; its number is its place among them."""
        super().setFootnote(id, text)
        self.numbers.setdefault(id, len(self.numbers) + 1)

    def unique_ref(self, reference: str, found: bool = False) -> str:
        """Return the id of a link that names a footnote by its `reference`: with the number of times that it was `found` before."""
        count = self.found_refs.get(reference, 0)
        if not found or count < 2:  # the second is the first with a number
            return str(super().unique_ref(reference, found))
        name, rest = reference.split(self.get_separator(), 1)
        id_ = f"{name}{count + 1}{self.get_separator()}{rest}"
        if id_ in self.used_refs:
            return str(super().unique_ref(reference, found))
        self.used_refs.add(id_)
        self.found_refs[reference] += 1
        return id_


class _Marks(FootnoteInlineProcessor):
    """The marks in the text."""

    footnotes: CountedFootnotes

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        """Return what stands for a mark, where that begins and where it ends; None where there is no such footnote."""
        name = m[1]
        if name not in self.footnotes.numbers:
            return None, None, None
        self.footnotes.addFootnoteRef(name)
        mark = Element("sup", {"id": self.footnotes.makeFootnoteRefId(name, found=True)})
        link = SubElement(mark, "a", {"href": f"#{self.footnotes.makeFootnoteId(name)}", "class": "footnote-ref"})
        link.text = self.footnotes.getConfig("SUPERSCRIPT_TEXT").format(self.footnotes.numbers[name])
        return mark, m.start(), m.end()
