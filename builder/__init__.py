"""Morgue keeps a news archive: folders of Markdown articles in, a static site that can be searched and subscribed to out."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("morgue")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = "0"
