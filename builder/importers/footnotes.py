"""Footnotes of an HTML text: links to notes, and notes that link back, taken out of the tree to become Markdown's."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from builder.importers.html_repairs import text_of

_BACK = re.compile(r"^[\s↩↵⤴^⬆️↑\[\]]*$|^(?:back|return|jump (?:back )?up)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"^[\[(（]?\s*(?:\d{1,3}|[*†‡§a-z]|[ivx]{1,5})\s*[\])）]?$", re.IGNORECASE)


@dataclass(slots=True)
class Footnotes:
    """The elements that refer to notes, with their numbers, and the notes, with theirs."""

    references: list[tuple[etree._Element, int]] = field(default_factory=list)
    texts: list[tuple[int, etree._Element]] = field(default_factory=list)


def take(root: etree._Element) -> Footnotes:
    """Find the footnotes below `root`. Notes are taken out of the tree; references stay, for the caller to replace.

    A note is an item, paragraph or division that a short link (`1`, `[2]`, `*`) in the text names by its id, and that
    links back, or stands in a list of notes.
    """
    result = Footnotes()
    links = [link for link in root.iter("a") if (link.get("href") or "").startswith("#") and len(link.get("href")) > 1]
    if not links:
        return result
    by_id = {element.get("id"): element for element in root.iter() if isinstance(element.tag, str) and element.get("id")}
    numbers: dict[str, int] = {}
    notes: dict[str, etree._Element] = {}
    for link in links:
        name = link.get("href")[1:]
        target = by_id.get(name)
        if target is None or not _REFERENCE.match(text_of(link)):
            continue
        note = target if target.tag in {"li", "p", "div", "dd", "aside"} else target.getparent()
        if note is None or note is root or note.tag not in {"li", "p", "div", "dd", "aside"} or link in note.iter("a"):
            continue
        if not _links_back(note):
            continue
        numbers.setdefault(name, len(numbers) + 1)
        notes[name] = note
        parent = link.getparent()
        whole = parent if parent.tag == "sup" and text_of(parent) == text_of(link) else link
        result.references.append((whole, numbers[name]))
    for name, note in notes.items():
        for back in [link for link in note.iter("a") if (link.get("href") or "").startswith("#")]:
            if _BACK.match(text_of(back)) or _REFERENCE.match(text_of(back)):
                parent = back.getparent()
                (parent if parent.tag == "sup" and parent is not note else back).drop_tree()
        container = note.getparent()
        note.drop_tree()
        note.tail = None
        result.texts.append((numbers[name], note))
        while container is not None and container is not root and not text_of(container) and container.find(".//img") is None:
            empty, container = container, container.getparent()
            empty.drop_tree()
    result.texts.sort(key=lambda pair: pair[0])
    return result


def _links_back(note: etree._Element) -> bool:
    if any((link.get("href") or "").startswith("#") for link in note.iter("a")):
        return True
    return any("footnote" in f"{above.get('class', '')} {above.get('id', '')}" for above in (note, *note.iterancestors()))
