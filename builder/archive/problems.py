"""Problems that only the whole archive shows, before their places in the files are looked up."""

from __future__ import annotations

from dataclasses import dataclass

from builder.base.problems import Severity


@dataclass(frozen=True, slots=True)
class ArchiveProblem:
    """Something wrong with one article: its content path, the front-matter field and the value there ("" for none).

    `link` is what it is about in the text: a path, with its fragment; "" where it is about none.
    """

    path: str
    field: str
    value: str
    severity: Severity
    message: str
    link: str = ""
