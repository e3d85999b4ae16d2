"""Warnings of values that YAML reads otherwise than their writer meant: comments, signs, nulls, control characters."""

from __future__ import annotations

import re
from typing import Any

from builder.articles.frontmatter import CONTROL
from builder.articles.model import FIELD_NAMES, Correction, Image, Withdrawal
from builder.articles.parse_context import ParseContext
from builder.base.problems import Severity, field_path
from builder.base.yaml_parsing import scalars

_FIELDS = "|".join(sorted(FIELD_NAMES.union(Image.model_fields, Correction.model_fields, Withdrawal.model_fields)))
_SWALLOWED_KEY = re.compile(rf"[ \t-]+[\"']?(?P<key>{_FIELDS})[ \t]?(?P<sign>：|:(?=[^\s/]))")
"""A line that is meant as a key of its own, and that YAML takes for text."""
_SUSPICIOUS = re.compile(
    rf"\s#|[:,\[-]\s+[!&]|~|null|^[\w-]+:.*\n[ \t]+[^\s-][^:\n]*$|^{_SWALLOWED_KEY.pattern}", re.IGNORECASE | re.MULTILINE
)
_COMMENT = re.compile(r"(?P<space>[ \t]+)#(?P<text>.*)")
_ALIAS = re.compile(r"\*([^\s,\[\]{}]+)")
_ANCHOR = re.compile(r"&([^\s,\[\]{}]+)")
_NAMES = {"title", "source", "agency", "byline", "dateline", "section", "type"}
_LISTS = {"tags", "agency", "byline", "aliases", "images"}


def report_odd_yaml(context: ParseContext) -> None:
    """Report each value of which YAML takes a part for a sign of its own, at the sign, and how to write it instead.

    A `#` after two spaces or more and before a space is a comment that is meant; so is one in a line of its own.
    """
    front = context.source.front
    if not _SUSPICIOUS.search(front):
        return
    lines = front.split("\n")
    aliases = {*_ALIAS.findall(front)}
    field_of = {key: field for field, key in context.keys.items()}
    for path, node in scalars(front):
        start, end = node.start_mark, node.end_mark
        field = field_of.get(str(path[0]), path[0]) if path else ""
        where = field_path(path)
        first = lines[start.line] if start.line < len(lines) else ""
        if not node.style and end.line < len(lines):
            line = lines[end.line]
            at = end.column
            while at and line[at - 1] in " \t":
                at -= 1
            comment = _COMMENT.match(line, at)
            is_comment = comment and (len(comment["space"]) < 2 or comment["text"][:1].strip())
            if comment and is_comment and comment["text"].strip():
                whole = f"{node.value}{comment[0]}".strip() if node.value else comment[0].strip()
                message = (
                    f'"#{comment["text"].rstrip()[:40]}" is a comment to YAML and is left out; '
                    f"if it is meant, put the value in quotes: {_quote(whole)}"
                )
                context.report_front(Severity.WARNING, end.line + 1, end.column + len(comment["space"]) + 1, where, message)
        if not node.style and len(path) == 1 and field in _LISTS and end.line > start.line:
            message = f'its lines are read as one, "{node.value[:40]}"; for a list begin each with a hyphen and a space'
            context.report_front(Severity.WARNING, start.line + 1, start.column + 1, where, message)
        if len(path) == 2 and field in ("images", "corrections") and (misread := _SWALLOWED_KEY.match(f" {node.value}")):
            column = start.column + misread.start("sign") + len(node.style or "")
            message = f"{_colon_fault(misread)}: write `{misread['key']}: value`"
            context.report_front(Severity.ERROR, start.line + 1, column, where, message)
        for number in range(start.line + 1, min(end.line + 1, len(lines)) if not node.style else 0):
            if key_match := _SWALLOWED_KEY.match(lines[number]):
                message = f"{_colon_fault(key_match)}, so this line is text of the one above: write `{key_match['key']}: value`"
                context.report_front(Severity.ERROR, number + 1, key_match.start("sign") + 1, where, message)
        sign = first[start.column : start.column + 1]
        anchor = _ANCHOR.match(first, start.column)
        is_error = node.tag.startswith("!")  # the parser reports a tag that nobody knows
        if (sign == "!" and not first.startswith("!!", start.column) and not is_error) or (anchor and anchor[1] not in aliases):
            message = f"{sign} at the beginning is a sign of YAML and is left out; if it is meant, put the value in quotes"
            context.report_front(Severity.WARNING, start.line + 1, start.column + 1, where, message)
        is_null = node.tag == "tag:yaml.org,2002:null" and node.value
        if is_null and (field in _NAMES or (field == "tags" and len(path) > 1)):
            message = f"{node.value} is YAML's word for nothing; if it is a name, put it in quotes: {_quote(node.value)}"
            context.report_front(Severity.WARNING, start.line + 1, start.column + 1, where, message)


def strip_controls(values: dict[str, Any], context: ParseContext) -> dict[str, Any]:
    """Return `values` without the control characters that escapes such as "\\x1b" put there, each value reported."""

    def clean(value: Any, path: tuple[str | int, ...]) -> Any:
        if isinstance(value, str):
            control = CONTROL.search(value)
            if control is None:
                return value
            message = f"an escape stands for the control character U+{ord(control[0]):04X}, which is left out; take it out"
            context.report_key(Severity.WARNING, path, message)
            return CONTROL.sub("", value)
        if isinstance(value, dict):
            return {CONTROL.sub("", str(key)): clean(inner, (*path, str(key))) for key, inner in value.items()}
        if isinstance(value, list):
            return [clean(inner, (*path, number)) for number, inner in enumerate(value)]
        return value

    if "\\" not in context.source.front:
        return values
    result: dict[str, Any] = clean(values, ())
    return result


def _colon_fault(match: re.Match[str]) -> str:
    """Say why what `match` of _SWALLOWED_KEY is about is no key to YAML."""
    return f"a wide colon (：) after {match['key']}" if match["sign"] == "：" else f"no space after the colon of {match['key']}"


def _quote(text: str) -> str:
    return f"'{text}'" if '"' in text or "\\" in text else f'"{text}"'
