"""The media types of published files, as a host would send them."""

from __future__ import annotations

import mimetypes


def media_type(path: str) -> str:
    """Return the media type of the published file `path` by its ending; of what is packed that of the packing."""
    kind, encoding = mimetypes.guess_type(path)
    return f"application/{encoding}" if encoding else kind or "application/octet-stream"
