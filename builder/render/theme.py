"""The theme of one archive: its templates and words, what they add to the key of a page, and what a worker has to know of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from builder.base import files, version
from builder.config.site import Site
from builder.incremental import rebuild_reasons
from builder.state.state import State

_KEPT = "templates"


class RenderSettings(NamedTuple):
    """What a worker has to know to render one archive; plain data, so that it can go anywhere."""

    site: str
    """The Site as JSON."""
    templates: tuple[str, ...]
    """The folders of templates, the site's own first."""
    theme: str
    """The digest of all templates: a new one is a new setting."""
    state: str
    """The state's file."""
    output: str
    staging: str
    """Where finished files wait until all are there."""


@dataclass(frozen=True, slots=True)
class Theme:
    """What makes pages: the folders of templates, the site's own first, and digests of all that has a say in them."""

    folders: tuple[str, ...]
    digest: str
    """Of everything that makes pages: where it is the same, the same context gives the same bytes."""
    shared: str
    """Of what has a say in every page: the program, the settings that pages show, the translations."""
    templates: Mapping[str, str]
    """The digest of each template and of all that it includes."""
    made_of: Mapping[str, str]
    """The same in parts, for explanations (explain.made_of)."""

    @classmethod
    def open(cls, folder: Path, site: Site, known: State) -> Theme:
        """Look at the theme of the archive at `folder`. Raises ConfigError for templates that cannot be.

        What each template includes is only looked into when one has changed since the last build.
        """
        folders = tuple(str(place) for place in (folder / "templates", version.theme_folder("templates")))
        words = files.digest(*(part for place in folders for part in _contents(Path(place) / "locales", ".po")))
        sources = files.digest(
            version.code_fingerprint(), *(part for place in folders for part in (place, *_contents(Path(place), ".html")))
        )
        templates = _remembered(known, sources)
        if templates is None:
            from builder.render.templating import template_digests  # Jinja takes a third of a build that has nothing to do

            templates = template_digests(folders)
            known.set_meta(_KEPT, json.dumps({"sources": sources, "digests": dict(templates)}))
        shared = files.digest(version.code_fingerprint(), words, site.shown_key)
        made_of = rebuild_reasons.made_of(templates, program=version.code_fingerprint(), site=site.shown_key, translations=words)
        return cls(folders, files.digest(shared, sources), shared, templates, made_of)

    def key_of(self, renderer: str) -> str:
        """Return the key of what makes pages by `maker`: a template, or one of render.MAKERS."""
        return files.digest(self.shared, self.templates.get(renderer, renderer))

    def inputs_of(self, renderer: str) -> str:
        """Return the same for explanations."""
        return self.made_of.get(renderer, self.made_of[""])


def _remembered(known: State, sources: str) -> Mapping[str, str] | None:
    """Return the digests of templates that were kept when their `sources` were the same, None where none were."""
    try:
        kept = json.loads(known.get_meta(_KEPT) or "{}")
        return dict(kept["digests"]) if kept["sources"] == sources else None
    except (ValueError, TypeError, KeyError):
        return None


def _contents(place: Path, suffix: str) -> Iterator[str | bytes]:
    for found in files.walk(place, (suffix,)):
        yield from (found.path, (place / found.path).read_bytes())
