"""What pydantic finds, in words for the person who wrote the file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_WORDS: Mapping[str, str] = {
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
    "dict_type": "must be `key: value` lines below it",
    "finite_number": "must be a number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a smaller number",
    "int_type": "must be a whole number",
    "list_type": "must be a list",
    "mapping_type": "must be `key: value` lines below it",
    "model_attributes_type": "must be `key: value` lines below it",
    "model_type": "must be `key: value` lines below it",
    "string_too_short": "must not be empty",
    "string_type": "must be one text, not a list or a mapping; brackets that are meant need quotes around the whole value",
    "tuple_type": "must be a list",
}
_LIMITS: Mapping[str, tuple[str, str]] = {
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be at most {}"),
    "string_too_long": ("max_length", "must have at most {} letters"),
    "too_long": ("max_length", "must have at most {} entries"),
    "too_short": ("min_length", "must have at least {} entries"),
}
"""The errors that have a limit: its name in pydantic's context, and what to say of it."""


def explain_in_words(detail: Mapping[str, Any]) -> str:
    """Return what is wrong by one of pydantic's ErrorDetails. What our own validators raise is said as they say it.

    None of pydantic's own sentences comes through: they are about types, and change with its versions.
    """
    kind = detail["type"]
    if kind == "value_error":
        message = (
            str(detail["ctx"]["error"]) if "error" in detail.get("ctx", {}) else str(detail["msg"]).removeprefix("Value error, ")
        )
        return message[:1].lower() + message[1:]
    if kind == "missing":
        return f"{detail['loc'][-1]} is missing"
    if kind in _LIMITS:
        name, words = _LIMITS[kind]
        return words.format(f"{detail['ctx'][name]:g}")
    return _WORDS.get(kind, f'"{detail["input"]}" cannot stand here')
