"""Old addresses: a page at each that leads on, and a file for a server that leads on by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from builder.archive.addresses import NETLIFY, NGINX
from builder.archive.collection import Archive
from builder.config.site import Site
from builder.incremental.fingerprints import part_fingerprint
from builder.plan.model import Page, PlanPart, uncached_part

SERVER_FILES = {"netlify": (NETLIFY, "netlify_redirects"), "nginx": (NGINX, "nginx_redirects")}
"""The file and its renderer, by what the setting `redirects` says."""


def plan_redirects(archive: Archive, site: Site) -> Iterator[PlanPart]:
    """Yield the pages of all old addresses, and what the site's server reads, if it reads something."""
    redirects = archive.redirects
    yield PlanPart("redirects", part_fingerprint((), sorted(redirects.items())), partial(_pages, redirects))
    if site.redirects in SERVER_FILES:
        path, renderer = SERVER_FILES[site.redirects]
        context = {"entries": [*sorted(redirects.items()), *sorted(archive.queries.items())]}
        yield uncached_part("redirects of the server", [Page(path, renderer, context)])


def _pages(redirects: Mapping[str, str]) -> Iterator[Page]:
    for path, target in sorted(redirects.items()):
        yield Page(path, "redirect.html", {"target": target})
