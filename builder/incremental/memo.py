"""The key of what a pure function was given in, its last result out where it was given the same."""

from __future__ import annotations

from typing import Protocol


class Memo(Protocol):
    """Keeps one result of each function between builds. A result that is lost costs the time to find it again."""

    def recall(self, name: str, key: str) -> bytes | None:
        """Return what was kept last of the function `name`, None where that is of another key, or nothing."""

    def keep(self, name: str, key: str, result: bytes) -> None:
        """Keep the result of the function `name` for the inputs that have this key."""


class NoMemo:
    """Keeps nothing: each result is found anew."""

    def recall(self, name: str, key: str) -> bytes | None:  # noqa: ARG002 (Memo's)
        """Return None."""
        return None

    def keep(self, name: str, key: str, result: bytes) -> None:
        """Keep nothing."""
