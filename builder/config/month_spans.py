"""Spans of months in site.yml: `2010-03/2012`, from the first month to the last (intervals of ISO 8601)."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

_MONTH = r"\d{4}(?:-(?:0[1-9]|1[0-2]))?"
_NO_SPAN = "is no span of months; write 2010/2012, 2010-03/2012-06, or 2010/ where it goes on"
_SPAN = re.compile(rf"({_MONTH})(?:(/)({_MONTH})?)?")


def check_span(value: str) -> str:
    """Return the span `value` (`2010`, `2010-03/2012`, `2010/`) as two months, `2010-03/2012-12`; an open end is `9999-12`.

    Raises ValueError for one that is none.
    """
    match = _SPAN.fullmatch(value.strip())
    if match is None:
        raise ValueError(f'"{value[:40]}" {_NO_SPAN}')
    first, slash, last = match.groups()
    last = last or ("9999" if slash else first)
    span = (first if len(first) > 4 else f"{first}-01", last if len(last) > 4 else f"{last}-12")
    if span[0] > span[1]:
        raise ValueError(f'"{value[:40]}" ends before it begins')
    return "/".join(span)


def holds(spans: tuple[str, ...], month: str) -> bool:
    """Whether `month` (`2010-03`) lies in one of `spans`, as check_span returns them."""
    return any(first <= month <= last for first, last in (span.split("/") for span in spans))


def _as_texts(value: object) -> object:
    return [str(each) if isinstance(each, int) else each for each in (value if isinstance(value, list) else [value])]


def _require_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError(f"a list or mapping {_NO_SPAN}")
    return value


_Span = Annotated[str, BeforeValidator(_require_text), AfterValidator(check_span)]
Spans = Annotated[tuple[_Span, ...], BeforeValidator(_as_texts)]
