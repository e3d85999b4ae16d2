"""Morgue keeps a news archive: folders of Markdown articles in, a static site that can be searched and subscribed to out."""
