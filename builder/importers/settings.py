"""What reading a piece depends on, as plain data that goes to workers."""

from __future__ import annotations

from dataclasses import dataclass

from builder.importers.rules import Rules, compiled


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """The settings of one import."""

    rules_json: str
    """ImportRules as JSON."""
    timezone: str
    language: str
    """The site's language: what need not be said of a story."""
    now: str
    """When the import began, ISO 8601 in the site's zone."""
    tool: str = "morgue"
    """What takes the copies: a program and its version."""
    keep_originals: bool = False
    drafts: bool = False
    comments: bool = False
    """Whether comments are kept as text below the story."""
    keep_unknown: bool = False
    """Whether keys that are none of our words are kept in front matter (`unknown_fields: keep`)."""

    @property
    def rules(self) -> Rules:
        """The rules, compiled."""
        return compiled(self.rules_json)
