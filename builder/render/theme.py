"""The theme of one archive: its templates and translations, their fingerprints, and the settings of a worker that renders."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from builder.base import files, version
from builder.base.problems import ConfigError
from builder.config.site import Site
from builder.incremental import fingerprints, rebuild_reasons
from builder.plan.model import PICTURE_SIZE, PICTURE_WITHOUT_POSITION, Page
from builder.plan.own_pages import SiteMenus
from builder.state.state import State

_TEMPLATE_DIGESTS = "templates"
"""The name under which the state keeps them."""


class RenderSettings(NamedTuple):
    """What a worker has to know to render one archive; plain data, so that it can go anywhere."""

    site: str
    """The Site as JSON."""
    menus: SiteMenus
    templates: tuple[str, ...]
    """The folders of templates, the site's own first."""
    theme: str
    """The digest of all templates: a new one is a new setting."""
    state_folder: str
    """The folder of the state's file."""
    output: str
    staging: str
    """Where finished files wait until all are there."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The folders of templates, the site's own first, and fingerprints of every input that affects rendering."""

    folders: tuple[str, ...]
    digest: str
    """fingerprints.theme_digest: where it is the same, the same context gives the same bytes."""
    shared_key: str
    """fingerprints.shared_key: the program, the settings that pages show, the translations, the menus."""
    templates: Mapping[str, str]
    """The digest of each template and of all that it includes."""
    inputs: Mapping[str, str]
    """The same in parts, for explanations (rebuild_reasons.shared_inputs)."""

    @classmethod
    def open(cls, folder: Path, site: Site, menus: SiteMenus, state: State) -> Theme:
        """Look at the theme of the archive at `folder`. Raises ConfigError for templates that cannot be.

        What each template includes is only looked into when one has changed since the last build.
        """
        roots = (folder / "templates", version.theme_folder("templates"))
        folders = tuple(str(root) for root in roots if root.is_dir())  # without one of its own a site has the default theme
        program = version.code_fingerprint()
        translations = files.digest(*(part for root in folders for part in _contents(Path(root) / "locales", ".po")))
        sources = files.digest(program, *(part for root in folders for part in (root, *_contents(Path(root), ".html"))))
        templates = _stored_digests(state, sources)
        if templates is None:
            templates = _template_digests(folders, sources)
            state.set_meta(_TEMPLATE_DIGESTS, json.dumps({"sources": sources, "digests": dict(templates)}))
        site_key = fingerprints.site_key(site)
        shared_key = fingerprints.shared_key(program, translations, site_key, repr(menus))
        inputs = rebuild_reasons.shared_inputs(
            templates, program=program, site=site_key, translations=translations, menus=files.digest(repr(menus))
        )
        return cls(folders, fingerprints.theme_digest(shared_key, sources), shared_key, templates, inputs)

    def page_key(self, page: Page) -> str:
        """Return the key of `page` (fingerprints.page_key)."""
        if page.renderer in {
            PICTURE_SIZE,
            PICTURE_WITHOUT_POSITION,
        }:  # theme and settings have no say in it
            return fingerprints.page_key("", page.renderer, page.context)
        return fingerprints.page_key(self.shared_key, self.templates.get(page.renderer, page.renderer), page.context)

    def inputs_of(self, renderer: str) -> str:
        """Return the inputs that all pages of `renderer` (a template, or a name in render.RENDERERS) share, for explanations."""
        return self.inputs.get(renderer, self.inputs[""])


@lru_cache(maxsize=4)
def _template_digests(folders: tuple[str, ...], sources: str) -> Mapping[str, str]:  # noqa: ARG001 (a key of the cache)
    """Return the digests of the templates in `folders`, whose contents have the digest `sources`."""
    from builder.render.templating import template_digests  # Jinja takes a third of a build that has nothing to do

    return template_digests(folders)


def _stored_digests(state: State, sources: str) -> Mapping[str, str] | None:
    """Return the digests of templates that the state has for the same `sources`, None where it has none."""
    try:
        digests = json.loads(state.get_meta(_TEMPLATE_DIGESTS) or "{}")
        return dict(digests["digests"]) if digests["sources"] == sources else None
    except (ValueError, TypeError, KeyError):
        return None


def _contents(folder: Path, suffix: str) -> Iterator[str | bytes]:
    for entry in files.walk(folder, (suffix,)):
        if entry.is_outside or entry.error:
            raise ConfigError(f"templates/{files.printable(entry.path)}: {entry.error or 'is a link that leaves the folder'}")
        yield from (entry.path, (folder / entry.path).read_bytes())
