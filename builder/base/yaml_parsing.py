"""YAML to plain data of texts, lists and mappings, and the line and column of any key in it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import yaml

from builder.base.plain_yaml import read_plain

try:
    from yaml import CSafeLoader as _Loader
except ImportError:  # PyYAML without libyaml: slower, the same answers
    from yaml import SafeLoader as _Loader  # type: ignore[assignment]

MAX_NODES = 20_000
"""What a front matter may grow to when its aliases are followed; a bomb of nine lines grows to billions."""


_LINE_BREAKS = dict.fromkeys((0x85, 0x2028, 0x2029), " ")
"""What ends a line to YAML and to no editor: lines are counted as a person sees them."""


class YamlError(ValueError):
    """Text that is not the YAML of one mapping. `line` and `column` count from 1 within that text."""

    def __init__(self, message: str, line: int, column: int, field: str = "") -> None:
        super().__init__(message)
        self.message, self.line, self.column, self.field = message, line, column, field


class Finding(NamedTuple):
    """What is wrong with a key or value of a text that can be read all the same. `line` and `column` count from 1."""

    line: int
    column: int
    key: str
    """The key that is concerned, "" for a value."""
    message: str
    is_error: bool


class _TextLoader(_Loader):
    """Leaves every scalar as it is written: `007`, `No` and `2012-02-30` are texts; the model knows the types."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.findings: list[Finding] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        if len({key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)}) != len(node.value):
            first: dict[Any, yaml.Node] = {}
            for key, value in node.value:
                if isinstance(key, yaml.ScalarNode) and first.setdefault(key.value, value) is not value:
                    is_same = _is_same(first[key.value], value)
                    message = "is given twice with the same value, which counts once; remove this one"
                    self.report(key, key.value, message if is_same else "is given twice; keep one", is_error=not is_same)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping

    def report(self, node: yaml.Node, key: str, message: str, is_error: bool) -> None:
        """Add a finding at the beginning of `node`."""
        self.findings.append(Finding(node.start_mark.line + 1, node.start_mark.column + 1, key, message, is_error))


def _is_same(one: yaml.Node, other: yaml.Node) -> bool:
    """Whether two nodes are the same value; a mapping's order counts."""
    if one is other:
        return True
    if one.tag != other.tag or type(one) is not type(other):
        return False
    if isinstance(one, yaml.ScalarNode):
        return bool(one.value == other.value) or str(one.tag).endswith(":null")
    pairs = zip(_nodes_of(one), _nodes_of(other), strict=False)
    return len(one.value) == len(other.value) and all(_is_same(*pair) for pair in pairs)


def _nodes_of(node: yaml.Node) -> list[yaml.Node]:
    """Return the nodes within a sequence, or within a mapping: its keys and values."""
    return [child for pair in node.value for child in pair] if isinstance(node, yaml.MappingNode) else list(node.value)


_TextLoader.yaml_implicit_resolvers = {
    first: [rule for rule in rules if rule[0] == "tag:yaml.org,2002:null"]
    for first, rules in _Loader.yaml_implicit_resolvers.items()
}


_TAG = "a ! at the beginning is a sign of YAML: put the value in quotes"


def _construct_text(loader: _TextLoader, node: yaml.Node) -> Any:
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


for _tag in ("bool", "int", "float", "timestamp", "binary"):  # `!!int ""` is a text like any other
    _TextLoader.add_constructor(f"tag:yaml.org,2002:{_tag}", _construct_text)


def _construct_unknown(loader: _TextLoader, node: yaml.Node) -> Any:
    """Return what stands behind a tag that nobody knows (`!odd`), and report that: the rest of the file is read too."""
    loader.report(node, "", _TAG, is_error=True)
    if isinstance(node, yaml.MappingNode):
        return loader.construct_mapping(node, deep=True)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_scalar(node) if isinstance(node, yaml.ScalarNode) else None


_TextLoader.add_constructor(None, _construct_unknown)


def parse(text: str, findings: list[Finding] | None = None) -> dict[str, Any]:
    """Read the mapping in `text`: keys and scalars as texts, null as None. Raises YamlError with a position.

    A key that is given again (with the same value it counts once, with another one it is an error) and a tag that nobody knows
    are added to `findings`; where there is no such list the first error among them is raised.
    """
    text = text.translate(_LINE_BREAKS)
    if (plain := read_plain(text)) is not None:
        return plain
    try:
        if "&" in text and "*" in text:
            _refuse_explosion(yaml.compose(text, Loader=_TextLoader))
        loader = _TextLoader(text)
        try:
            data = loader.get_single_data()
        finally:
            loader.dispose()
        if findings is not None:
            findings.extend(sorted(loader.findings))
        elif error := min((finding for finding in loader.findings if finding.is_error), default=None):
            raise YamlError(error.message, error.line, error.column, error.key)
    except yaml.MarkedYAMLError as error:
        problem = error.problem or error.context or ""
        mark = error.problem_mark or error.context_mark
        if mistake := _usual_mistake(text, mark.line + 1 if mark else 1):
            raise mistake from None
        if any(words in problem for words in _FROM_THE_BEGINNING):
            mark = error.context_mark or mark
        raise YamlError(_explain(problem), *((mark.line + 1, mark.column + 1) if mark else (1, 1))) from None
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        raise YamlError(f"character U+{ord(text[error.position]):04X} is not allowed", line, column) from None
    except YamlError:
        raise
    except (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError):
        raise YamlError("is not YAML that can be read (a key that is a list, or nesting without end)", 1, 1) from None
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise _no_mapping(text)
    return {str(key): value for key, value in data.items()}


def _no_mapping(text: str) -> YamlError:
    """Return what is wrong with `text` that is YAML, and no mapping: at its first line that is no comment."""
    lines = text.split("\n")
    number = next((number for number, line in enumerate(lines, 1) if line.strip() and not line.lstrip().startswith("#")), 1)
    for pattern, message in _NO_MAPPINGS:
        if match := pattern.match(lines[number - 1]):
            return YamlError(message, number, match.start("at") + 1)
    return YamlError("must be `key: value` lines", number, 1)


_WIDE_COLON = re.compile(r"\s*[\w-]+\s?(?P<at>：)"), "a wide colon (：) after the key: write : and a space"
_NO_SPACE = "no space after the colon: write `key: value`"
_NO_MAPPINGS = (
    _WIDE_COLON,
    (re.compile(r"\s*[\w-]+(?P<at>:)\S"), _NO_SPACE),
    (re.compile(r"\s*[\w-]+\s*(?P<at>=)"), "an = after the key: write `key: value`"),
    (re.compile(r"\s*(?P<at>-)\s"), "a hyphen before the key: take it out, here and on the lines below"),
)


def _usual_mistake(text: str, line: int) -> YamlError | None:
    """Return the mistake of people's, not of YAML's grammar, in or just above `line` of `text`, None where there is none known."""
    lines = text.split("\n")
    for number in (line - 1, line):
        text_line = lines[number - 1] if 0 < number <= len(lines) else ""
        above = lines[number - 2] if 1 < number <= len(lines) + 1 else ""
        for pattern, message in _USUAL_MISTAKES:
            match = pattern.match(text_line)
            if match:
                return YamlError(message, number, match.start("at") + 1)
        if re.match(r"- ", text_line) and re.match(r"[\w-]+:\s+[^\s|>#]", above):
            message = "a list under a key that has a value: put that value into the list, on a line of its own with a hyphen"
            return YamlError(message, number, 1)
        indent = re.match(r"( +)[\w-]+:(?:\s|$)", text_line)
        if indent and re.match(r"[\w-]+:\s+[^\s|>]", above):
            return YamlError(
                "is indented as if it belonged to the line above; begin it at the left edge", number, len(indent[1]) + 1
            )
    return None


_USUAL_MISTAKES = (
    _WIDE_COLON,
    (re.compile(r"(?!https?:)\s*[\w-]+(?P<at>:)[^\s:/]"), _NO_SPACE),
    (re.compile(r""" *(?:- )?[\w-]+:\s+(?P<quote>["'])[^"']*(?P=quote)\s*(?P<at>[^\s#])"""),
     "text after the closing quotation mark: put the whole value in quotes of the other kind"),
    (re.compile(r" *(?:- )?[\w-]+:\s+(?P<at>\[)[^\]]*\]\s*[^\s#]"),
     "a [ at the beginning is a list: put the whole value in quotes, or take out what stands behind the ]"),
    (re.compile(r" *(?:- )?[\w-]+:\s+(?P<at>\{)[^}]*\}\s*[^\s#]"),
     "a { at the beginning is a mapping: put the whole value in quotes"),
    (re.compile(r" *(?:- )?[\w-]+:\s+(?P<at>- )"),
     "a hyphen behind the key: begin the list on the next line, or write it as [ … ]"),
    (re.compile(r" *(?:- )?[\w-]+:\s+(?P<at>[|>])[+-]?\s+[^\s#]"),
     "text behind a | or >: begin it on the next line, indented, or put the whole value in quotes"),
    (re.compile(r" *(?:- )?[\w-]+:\s+(?P<at>[?] )"), "a ? at the beginning is a sign of YAML: put the value in quotes"),
    (re.compile(r" *(?P<at>\t)"), "a tab at the beginning: indent with spaces"),
)  # fmt: skip


def position(text: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Return line and column (from 1) of the deepest part of `path` that `text` has, such as `("images", 0, "credit")`.

    Parses again, once a text, so it is for files that failed: positions cost nothing where all is well.
    """
    node = _compose(text)
    line, column = 1, 1
    for step in path:
        if isinstance(node, yaml.MappingNode):
            pair = _pairs_by_key(node).get(step)
            if pair is None:
                break
            mark, node = pair[0].start_mark, pair[1]
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
        return yaml.compose(text.translate(_LINE_BREAKS), Loader=_TextLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


@lru_cache(maxsize=4)
def _pairs_by_key(node: yaml.MappingNode) -> dict[str | int, tuple[yaml.Node, yaml.Node]]:
    """Return the pairs of a mapping by their keys, the first of each."""
    pairs: dict[str | int, tuple[yaml.Node, yaml.Node]] = {}
    for key, value in node.value:
        if isinstance(key, yaml.ScalarNode):
            pairs.setdefault(key.value, (key, value))
    return pairs


def _refuse_explosion(root: yaml.Node | None) -> None:
    """Raise YamlError if following the aliases below `root` gives more than MAX_NODES nodes."""
    sizes: dict[int, int] = {}

    def size(node: yaml.Node) -> int:
        known_size = sizes.get(id(node))
        if known_size is not None:
            return known_size
        sizes[id(node)] = MAX_NODES  # an alias inside itself never ends
        children = _nodes_of(node) if isinstance(node, yaml.CollectionNode) else []
        total = min(MAX_NODES + 1, 1 + sum(map(size, children)))
        sizes[id(node)] = total
        if total > MAX_NODES:
            mark = node.start_mark
            raise YamlError(f"aliases (*) grow to more than {MAX_NODES} values", mark.line + 1, mark.column + 1)
        return total

    if root is not None:
        size(root)


def scalars(text: str) -> Iterator[tuple[tuple[str | int, ...], yaml.ScalarNode]]:
    """Yield every scalar value of the mapping in `text` with its key path; its marks count lines and columns from 0."""

    def below(node: yaml.Node | None, path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], yaml.ScalarNode]]:
        if isinstance(node, yaml.ScalarNode):
            yield path, node
        elif len(path) < 8 and isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                yield from below(value, (*path, str(key.value)))
        elif len(path) < 8 and isinstance(node, yaml.SequenceNode):
            for number, value in enumerate(node.value):
                yield from below(value, (*path, number))

    yield from below(_compose(text), ())


def _explain(problem: str) -> str:
    """Say in a writer's words what libyaml says in a parser's."""
    for words, meaning in _MEANINGS.items():
        if words in problem:
            return meaning
    return "cannot be read as YAML: write `key: value` on a line of its own, and a value that has signs in it in quotes"


_FROM_THE_BEGINNING = (
    "could not find expected ':'",
    "did not find expected ',' or",
    "did not find expected alphabetic or numeric character",
    "found unexpected end of stream",
)
"""Of what has no end libyaml says where it gave up; a person looks for where it begins."""
_MEANINGS = {
    "mapping values are not allowed": "a colon in the text: put the whole value in quotes",
    "could not find expected ':'": "a line without `key:`; give it one, or indent it under its key",
    "found character that cannot start any token": "the value begins with a character that YAML reserves (@, `, % or a tab): "
    "put it in quotes; indent with spaces",
    "while scanning a tag": _TAG,
    "did not find expected tag URI": _TAG,
    "did not find expected whitespace or line break": "a !, & or * at the beginning is a sign of YAML: put the value in quotes",
    "did not find expected alphabetic or numeric character": "a & or * at the beginning is a sign of YAML: put the value in quotes",
    "found undefined alias": "a * at the beginning is a sign of YAML: put the value in quotes",
    "did not find expected key": "what stands here does not go with the line above: if that line's value has quotes within it, "
    "put all of it in single quotes; if this line is indented by mistake, begin it under the key above",
    "did not find expected ',' or ']'": "the list [ … ] does not end, or a text within it needs quotes (a #, : or quotation mark)",
    "did not find expected ',' or '}'": "the mapping { … } does not end, or a text within it needs quotes",
    "did not find expected node content": "a comma or bracket with nothing before it: take it out, or write what is missing",
    "did not find expected <document start>": "a line ... ends the front matter for YAML: take it out",
    "did not find expected hexdecimal number": "a backslash within double quotes: put the value in single quotes",
    "found unexpected end of stream": "a quotation mark that opens here is never closed",
    "found unhashable key": "a key is one word, without brackets",
    "found unexpected non-alphabetical character": "a % at the beginning is a sign of YAML: take it out",
    "found unknown escape character": "a backslash within double quotes: put the value in single quotes",
    "found a tab character": "a tab: indent with spaces",
}
