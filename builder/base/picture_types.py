"""The kinds of pictures that are published, by the ending of their names."""

from __future__ import annotations

IMAGE_TYPES = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
}
"""Media types by ending; Python's own table differs from machine to machine. SVG can run script when it is opened by
itself, so it is not among them."""
