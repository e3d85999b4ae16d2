"""A name as bytes: every way in which files and pages write it, and no other name."""

from __future__ import annotations

import unicodedata

import pytest

from builder.base.problems import ConfigError
from builder.export.name_pattern import legacy_pattern, name_pattern

FORMS = [
    "José Núñez",
    "JOSÉ NÚÑEZ",
    unicodedata.normalize("NFD", "José Núñez"),
    "jos%C3%A9-n%C3%BA%C3%B1ez",
    "Jos\\u00e9 N\\u00fa\\u00f1ez",
    "Jos&#233; N&#250;&#241;ez",
    "José <b>Núñez</b>",
    "José_Núñez",
]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_found(form: str) -> None:
    assert name_pattern("José Núñez").search(f"by {form}, staff".encode())


@pytest.mark.parametrize("other", ["José", "Jose Munoz", "José Pérez", "Núñez José"])
def test_other_names_are_not(other: str) -> None:
    assert not name_pattern("José Núñez").search(other.encode())


def test_older_encodings_are_read() -> None:
    pattern = legacy_pattern("José Núñez")
    assert pattern is not None and pattern.search("José Núñez".encode("latin-1"))
    pattern = legacy_pattern("Ann Lee")
    assert pattern is not None and pattern.search("Ann Lee".encode("utf-16-le"))


def test_a_single_letter_is_no_name() -> None:
    with pytest.raises(ConfigError):
        name_pattern("x")
