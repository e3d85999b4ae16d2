"""The kinds of files that are published where an article links to them, and those that never are, by the ending of their names."""

from __future__ import annotations

from builder.base.files import ARTICLE_SUFFIXES
from builder.base.picture_types import IMAGE_TYPES

DOCUMENT_TYPES = frozenset(
    ".pdf .djvu .ps .epub .txt .text .rtf .csv .tsv .doc .docx .xls .xlsx .ppt .pptx .odt .ods .odp .zip .tif .tiff "
    ".mp3 .m4a .ogg .oga .opus .wav .flac .mp4 .m4v .mov .webm .ogv .vtt .srt".split()
)
"""What browsers show, play or save, and never run: documents, page scans, tables, packed files, recordings."""

ACTIVE_TYPES = frozenset(
    ".html .htm .xhtml .xht .shtml .mhtml .mht .svg .svgz .xml .xsl .xslt .rss .atom .rdf .mathml .js .mjs .cjs .css .wasm .swf "
    ".hta .htc .php .phtml .asp .aspx .jsp .jspx .cgi .pl .py .rb .sh .exe .bat .cmd .msi .lnk .url .webloc".split()
)
"""What browsers, servers or a double click may run in this site's name: no setting has them published."""


def type_fault(ending: str) -> str:
    """Return why files with this `ending` (`.pdf`) cannot be added to those that are published, "" where they can."""
    if ending in ACTIVE_TYPES:
        return f"{ending} files can run programs on a reader's machine, and are never published; link to a PDF, or pack them (.zip)"
    if ending in ARTICLE_SUFFIXES:
        return f"{ending} files are articles"
    if ending in IMAGE_TYPES:
        return f"{ending} files are pictures, which are published in any case"
    if not (1 < len(ending) <= 12 and ending[1:].isascii() and ending[1:].isalnum()):
        return f'"{ending.removeprefix(".")}" is not the ending of a file\'s name, such as dwg'
    return ""
