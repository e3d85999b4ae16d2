"""YAML to plain data of texts, lists and mappings, and the line and column of any key in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, the same answers
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_NODES = 20_000
"""What a front matter may grow to when its aliases are followed; a bomb of nine lines grows to billions."""


class YamlError(ValueError):
    """Text that is not the YAML of one mapping. `line` and `column` count from 1 within that text."""

    def __init__(self, message: str, line: int, column: int, field: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.field = message, line, column, field


class _TextLoader(_Loader):
    """Leaves every scalar as it is written: `007`, `No` and `2012-02-30` are texts; the model knows the types."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            seen = set()
            for key, _ in node.value:
                if key.value in seen:
                    mark = key.start_mark
                    raise YamlError("is given twice; keep one", mark.line + 1, mark.column + 1, str(key.value))
                seen.add(key.value)
        return mapping


_TextLoader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] == "tag:yaml.org,2002:null"]
    for first, rules in _Loader.yaml_implicit_resolvers.items()
}


def parse(text: str) -> dict[str, Any]:
    """Read the mapping in `text`: keys and scalars as texts, null as None. Raises YamlError with a position."""
    try:
        if "&" in text and "*" in text:
            _refuse_explosion(yaml.compose(text, Loader=_TextLoader))
        data = yaml.load(text, Loader=_TextLoader)  # noqa: S506 (a subclass of the safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        raise YamlError(_explain(error.problem or error.context or "is not YAML"), *where) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        raise YamlError(f"character U+{ord(text[error.position]):04X} is not allowed", line, column) from None
    except (TypeError, ValueError, RecursionError) as error:
        if isinstance(error, YamlError):
            raise
        raise YamlError("is not YAML that can be read (a key that is a list, or nesting without end)", 1, 1) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise YamlError("must be `key: value` lines", 1, 1)
    return {str(key): value for key, value in data.items()}


def position(text: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Return line and column (from 1) of the deepest part of `path` that `text` has, such as `("images", 0, "credit")`.

    Parses again, once a text, so it is for files that failed: positions cost nothing where all is well.
    """
    node = _compose(text)
    line, column = 1, 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == step:
                    mark, node = key.start_mark, value
                    break
            else:
                break
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
            mark = node.start_mark
        else:
            break
        line, column = mark.line + 1, mark.column + 1
    return line, column


@lru_cache(maxsize=2)
def _compose(text: str) -> yaml.Node | None:
    """Return the nodes of `text`, None if it is no YAML: a file with a thousand problems is parsed for the first of them."""
    try:
        return yaml.compose(text, Loader=_TextLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _refuse_explosion(root: yaml.Node | None) -> None:
    """Raise YamlError if following the aliases below `root` gives more than MAX_NODES nodes."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        known = sizes.get(id(node))
        if known is not None:
            return known
        sizes[id(node)] = MAX_NODES  # an alias inside itself never ends
        children: list[yaml.Node] = []
        if isinstance(node, yaml.MappingNode):
            children = [child for pair in node.value for child in pair]
        elif isinstance(node, yaml.SequenceNode):
            children = node.value
        total = min(MAX_NODES + 1, 1 + sum(map(size, children)))
        sizes[id(node)] = total
        if total > MAX_NODES:
            mark = node.start_mark
            raise YamlError(f"aliases (*) grow to more than {MAX_NODES} values", mark.line + 1, mark.column + 1)
        return total

    if root is not None:
        size(root)


def _explain(problem: str) -> str:
    """Say in a writer's words what libyaml says in a parser's."""
    if "mapping values are not allowed" in problem:
        return "a colon in the text: put the whole value in quotes"
    if "could not find expected ':'" in problem:
        return "a line without `key:`; give it one, or indent it under its key"
    if "found character that cannot start any token" in problem:
        return "the value begins with a character that YAML reserves (@, `, % or a tab): put it in quotes"
    return f"is not YAML: {problem}"
