"""Warnings of one kind as one line, where there are many: its count, and three places."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from builder.base.problems import Problem, Severity

MAX_ALONE = 10
"""Warnings of one kind up to this many have a line each."""
EXAMPLES = 3

_OWN_WORDS = re.compile(
    r"""["“][^"”]*["”]|`[^`]*`|\[[^\]]*\]|\{[^}]*\}|(?<=picture )(?=\S+ (?!is|has|was)).+?(?= (?:is|has|was)\b)|"""
    r"""\S*[/\\]\S*|\S+\.\w{1,8}\b|\d[\d,.]*|\b[A-Z]\w*|\w*[^\W\d_a-zA-Z]\w*"""
)
"""What differs within one kind of message: quoted words and lines to write, lists, names of pictures, paths, numbers, names."""
_SEVERAL = re.compile(r"…(?:\W*…)+")


def group_warnings(problems: Iterable[Problem]) -> list[Problem]:
    """Return `problems` in their order, with the warnings of a kind that has more than MAX_ALONE as one, at the first's place.

    Two warnings are of one kind if field and message are the same but for quoted words, names and numbers. Errors
    have a line each: every one has to be mended.
    """
    problems = list(problems)
    kinds: dict[tuple[str, str], list[Problem]] = defaultdict(list)
    for problem in problems:
        if problem.severity is Severity.WARNING:
            kinds[_kind(problem)].append(problem)
    groups = []
    for problem in problems:
        same = kinds[_kind(problem)] if problem.severity is Severity.WARNING else []
        if len(same) <= MAX_ALONE:
            groups.append(problem)
        elif problem is same[0]:
            examples = ", ".join(f"{each.path}:{each.line}" for each in same[1 : 1 + EXAMPLES])
            more = f"{problem.message} ({len(same) - 1:,} more such warnings, as at {examples}; --report names all)"
            groups.append(replace(problem, message=more))
    return groups


def _kind(problem: Problem) -> tuple[str, str]:
    return re.sub(r"\.?\d+", "", problem.field), _SEVERAL.sub("…", _OWN_WORDS.sub("…", problem.message))
