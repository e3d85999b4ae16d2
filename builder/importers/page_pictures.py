"""The pictures of a page's story with their captions and credits, taken out of the tree before its text is read."""

from __future__ import annotations

import re

from lxml import etree

from builder.importers.addresses import join, split_address
from builder.importers.html_repairs import best_source, text_of
from builder.importers.rules import Rules

_CREDIT_CLASS = re.compile(r"credit|copyright|photographer|image-?source|picture-?source|attribution|byline", re.IGNORECASE)
_CAPTION_CLASS = re.compile(r"caption|legend|bildunterschrift", re.IGNORECASE)
_AROUND = re.compile(
    r"related|recommend|sidebar|footer|teaser|promo|newsletter|avatar|author|logo|banner|advert|social|share|comment|widget|menu|"
    r"more-|most-|popular|trending|carousel-nav|thumb", re.IGNORECASE,
)  # fmt: skip
_CREDIT_LABEL = re.compile(r"^(?:photo|picture|image|foto|bild|credit|copyright|圖|相|圖片)s?(?:\s+by)?\s*[:：]\s*", re.IGNORECASE)
_STORY = re.compile(r"article|story|entry|post|content|main|body|text", re.IGNORECASE)


def take_pictures(root: etree._Element, url: str, rules: Rules) -> list[dict[str, str]]:
    """Return the pictures of the story in the page `root` (`src`, `alt`, `caption`, `credit`) and take their elements out of it."""
    pictures: dict[str, dict[str, str]] = {}
    for figure in [*root.iter("figure", "amp-img"), *_find_captioned(root)]:
        if figure.getparent() is None or _is_around(figure) or not _is_in_story(figure):
            continue
        picture = _picture(figure, url, rules)
        if picture is None:
            continue
        first = pictures.setdefault(_name(picture["src"]), picture)
        for key, value in picture.items():
            first[key] = first.get(key) or value
        figure.drop_tree()
    for image in list(root.iter("img")):
        above = list(image.iterancestors())
        inside = any(item.tag == "article" or item.get("itemprop") == "articleBody" for item in above)
        teases = any(item.tag == "a" and len(text_of(item)) > 3 for item in above)
        if not inside or teases or _is_around(image) or not _is_large(image):
            continue
        src = join(url, best_source(image))
        if src:
            pictures.setdefault(_name(src), {"src": src, "alt": (image.get("alt") or "").strip()})
    return list(pictures.values())


def _find_captioned(root: etree._Element) -> list[etree._Element]:
    """Return elements that are no `figure` and hold a picture and its caption alone (WordPress's of old, and their like)."""
    boxes = []
    for caption in root.iter("p", "div", "span"):
        if _CAPTION_CLASS.search(caption.get("class") or "") and caption.find(".//img") is None:
            box = caption.getparent()
            for _ in range(2):
                if box is not None and box.find(".//img") is not None and len(text_of(box)) < len(text_of(caption)) + 80:
                    boxes.append(box)
                    break
                box = box.getparent() if box is not None else None
    return boxes


def _picture(figure: etree._Element, url: str, rules: Rules) -> dict[str, str] | None:
    image = figure if figure.tag == "amp-img" else next(figure.iter("img", "amp-img"), None)
    if image is None:
        return None
    src = best_source(image)
    if not src:
        return None
    caption_element = next(figure.iter("figcaption"), None)
    if caption_element is None and figure.tag not in {"figure", "amp-img"}:
        caption_element = next((item for item in figure.iter("p", "div", "span") if _has_class(item, _CAPTION_CLASS)), None)
    credit = ""
    if caption_element is not None:
        candidates = (item for item in caption_element.iter() if item is not caption_element and _has_class(item, _CREDIT_CLASS))
        item = next((item for item in candidates if text_of(item)), None)
        if item is not None:
            credit = text_of(item)
            item.drop_tree()
    text = text_of(caption_element) if caption_element is not None else ""
    if len(text) > 1500:
        return None  # no caption: a text that somebody put into a figure
    split = rules.caption(text) if text and not credit else None
    if split:
        text, credit = split
    credit = _CREDIT_LABEL.sub("", credit)
    return {"src": join(url, src), "alt": (image.get("alt") or "").strip(), "caption": text, "credit": credit.strip(" ()")}


def _is_around(item: etree._Element) -> bool:
    """Whether an element lies in what surrounds a story, or teases another one."""
    for above in item.iterancestors():
        if above.tag in {"article", "main", "body"}:
            return False
        if above.tag in {"aside", "nav", "footer"} or _AROUND.search(f"{above.get('class', '')} {above.get('id', '')}"):
            return True
    return False


def _is_in_story(item: etree._Element) -> bool:
    return any(above.tag in {"article", "main"} or _has_class(above, _STORY) for above in item.iterancestors())


def _has_class(item: etree._Element, pattern: re.Pattern[str]) -> bool:
    """Whether an element's class, id or itemprop matches."""
    names = (item.get(name) or "" for name in ("class", "id", "itemprop")) if isinstance(item.tag, str) else ()
    return bool(pattern.search(" ".join(names)))


def _is_large(image: etree._Element) -> bool:
    width = re.match(r"\d+", image.get("width") or "")
    return not width or int(width[0]) >= 200


def _name(src: str) -> str:
    """Return what the sizes of one picture share: its path without the size that WordPress appends."""
    return re.sub(r"-\d{2,4}x\d{2,4}(?=\.\w+$)", "", split_address(src).path)
