"""The reference's tables, made from the models: `python -m tests.reference` writes them, a test holds builder/README.md to them."""

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
REFERENCE = ROOT / "builder/README.md"
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
        "settings": "\n".join(("| Setting | What it does |", "|---|---|", *settings, "")),
    }


def filled(text: str) -> str:
    """Return the reference's `text` with its tables made anew."""
    made = tables()
    return _BLOCK.sub(lambda match: f"{match[1]}{made[match['name']]}{match[3]}", text)


if __name__ == "__main__":
    REFERENCE.write_text(filled(REFERENCE.read_text(encoding="utf-8")), encoding="utf-8")
