"""YAML as people write it: texts stay texts, every key has its position, and nothing in it runs or explodes."""

from __future__ import annotations

import pytest

from builder.base.yaml_parsing import Finding, YamlError, parse, position

TEXT = """title: Ferry runs again
date: 2025-02-12
tags: [no, 1e3, 0x10]
images:
  - src: a.jpg
    credit: Ann Lee
"""


def test_scalars_are_texts_as_they_were_written() -> None:
    assert parse(TEXT) == {
        "title": "Ferry runs again",
        "date": "2025-02-12",
        "tags": ["no", "1e3", "0x10"],
        "images": [{"src": "a.jpg", "credit": "Ann Lee"}],
    }


def test_null_and_nothing_are_none() -> None:
    assert parse("a: null\nb: ~\nc:\n") == {"a": None, "b": None, "c": None}


@pytest.mark.parametrize(
    ("path", "at"),
    [
        (("date",), (2, 1)),
        (("tags", 1), (3, 12)),
        (("images", 0, "credit"), (6, 5)),
        (("images", 0, "alt"), (5, 5)),
        (("absent",), (1, 1)),
    ],
)
def test_the_position_is_that_of_the_deepest_part_that_is_there(path: tuple[str | int, ...], at: tuple[int, int]) -> None:
    assert position(TEXT, path) == at


def test_a_key_twice_counts_once_if_it_says_the_same_and_else_is_an_error() -> None:
    findings: list[Finding] = []
    assert parse("a: 1\nb: 2\na: 1\n", findings) == {"a": "1", "b": "2"}
    assert [each.line for each in findings] == [3]
    with pytest.raises(YamlError) as error:
        parse("a: 1\nb: 2\na: 3\n")
    assert error.value.line == 3


@pytest.mark.parametrize("text", ["- a\n- b\n", "a: [1\n", "a: !!python/object:os.system x\n", "a: 'open\n", "a\tb\n"])
def test_what_is_no_mapping_of_plain_data_is_an_error_with_a_position(text: str) -> None:
    with pytest.raises(YamlError) as error:
        parse(text)
    assert error.value.line >= 1 and error.value.column >= 1


def test_aliases_that_multiply_are_refused_quickly() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{number}: &a{number} [{', '.join([f'*a{number - 1}'] * 9)}]" for number in range(1, 30)]
    with pytest.raises(YamlError):
        parse("\n".join(lines))
