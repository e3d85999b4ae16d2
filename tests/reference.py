"""Tables of the documents, made from the models and templates: `python -m tests.reference` writes them, a test holds that they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from builder.articles.model import Article, Correction, Image, Withdrawal
from builder.articles.page_fields import PageFields
from builder.config.site import Organisation, Site
from builder.search.text.facets import TABLE

ROOT = Path(__file__).parent.parent
REFERENCE, THEMES = ROOT / "builder/README.md", ROOT / "templates/README.md"
_BLOCK = re.compile(r"(<!-- (?P<name>\w+): made by tests/reference.py -->\n?).*?(<!-- end -->)", re.DOTALL)


def table(model: type[BaseModel], prefix: str = "") -> Iterator[str]:
    """Yield the rows of a Markdown table about the fields of `model`."""
    for name, field in model.model_fields.items():
        if name != "extra":
            default = (
                ""
                if field.is_required() or not field.default or isinstance(field.default, BaseModel)
                else f" Default: `{field.default}`."
            )
            yield f"| `{prefix}{field.alias or name}` | {field.description}{default} |"


_PAGE = re.compile(r"\{#- Page: (?P<page>.*)\n    Given: (?P<given>.*) -#\}\n")


def template_table() -> Iterator[str]:
    """Yield the rows about the templates of pages, each from the comment that its file begins with."""
    for file in sorted((ROOT / "templates").glob("*.html")):
        if file.name != "base.html":
            match = _PAGE.match(file.read_text(encoding="utf-8"))
            assert match, f"{file.name} does not begin with {{#- Page: … Given: … -#}}, as the others do"
            yield f"| `{file.name}` | {match['page']} | {match['given']} |"


def tables() -> dict[str, str]:
    """Return the text of each block by its name."""
    front = [*table(Article)]
    for word, model in (("images[].", Image), ("corrections[].", Correction), ("withdrawn.", Withdrawal)):
        at = next(number for number, row in enumerate(front) if row.startswith(f"| `{word.rstrip('[].')}`"))
        front[at + 1 : at + 1] = table(model, word)
    settings = [*table(Site)]
    at = next(number for number, row in enumerate(settings) if row.startswith("| `sources`"))
    settings[at + 1 : at + 1] = table(Organisation, "agencies.NAME.")
    return {
        "facets": f"`{' '.join(f'--{facet.name}' for facet in TABLE)}`",
        "pages": "\n".join(("| Word | What it is |", "|---|---|", *table(PageFields), "")),
        "front_matter": "\n".join(("| Word | What it is |", "|---|---|", *front, "")),
        "templates": "\n".join(("| Template | The page | What it is given |", "|---|---|---|", *template_table(), "")),
        "settings": "\n".join(("| Setting | What it does |", "|---|---|", *settings, "")),
    }


def filled(text: str) -> str:
    """Return a document's `text` with its tables made anew."""
    made = tables()
    return _BLOCK.sub(lambda match: f"{match[1]}{made[match['name']]}{match[3]}", text)


if __name__ == "__main__":
    for document in (REFERENCE, THEMES):
        document.write_text(filled(document.read_text(encoding="utf-8")), encoding="utf-8")
