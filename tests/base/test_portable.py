"""Paths that every file system takes, and what two of them share that some would take for one."""

from __future__ import annotations

import unicodedata

import pytest

from builder.base.portable import MAX_PART_BYTES, fold_path, is_device_name, path_fault


@pytest.mark.parametrize("path", ["2025/02/12/ferry.html", "tags/海港/index.html", "a/con-artist.html", "x" * MAX_PART_BYTES])
def test_usual_paths_have_no_fault(path: str) -> None:
    assert path_fault(path) == ""


@pytest.mark.parametrize(
    "path",
    [
        "a/con.html",
        "AUX",
        "a/what?.html",
        "a:b",
        "a/b\\c",
        "a/end.",
        "a/end ",
        "a/b\tc",
        "x" * (MAX_PART_BYTES + 1),
        "海" * 86,
        "a/" * 500 + "b",
    ],
)
def test_a_path_that_some_file_system_refuses_has_one(path: str) -> None:
    assert path_fault(path)


def test_device_names_of_windows_are_known_in_any_case_and_with_any_ending() -> None:
    assert all(map(is_device_name, ("con", "AUX.html", "com1", "Lpt9.txt", "nul")))
    assert not any(map(is_device_name, ("conference", "com", "com10", "a.con")))


@pytest.mark.parametrize(
    ("one", "other"), [("Café", unicodedata.normalize("NFD", "café")), ("ODOS", "odos"), ("ὁδός", "ὁδόσ"), ("Straße", "STRASSE")]
)
def test_paths_that_differ_in_case_or_form_alone_are_one(one: str, other: str) -> None:
    assert fold_path(one) == fold_path(other)


def test_paths_that_no_file_system_confuses_stay_apart() -> None:
    assert fold_path("cafe") != fold_path("café")
