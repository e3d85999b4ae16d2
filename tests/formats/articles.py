"""Articles to describe: made of a few words, without a file."""

from __future__ import annotations

from typing import Any

from builder.articles.model import Article, ArticleSummary
from builder.base.locales import Localization
from builder.base.version import theme_folder
from builder.config.site import Site

SITE = Site(title="The Lantern", url="https://lantern.example/", timezone="Asia/Hong_Kong")
ENGLISH = Localization("en", "Asia/Hong_Kong", [theme_folder("templates")])
CHINESE = Localization("zh-Hant", "Asia/Hong_Kong", [theme_folder("templates")])


def make_article(**words: Any) -> tuple[Article, ArticleSummary]:
    """An article of these words, and its summary."""
    front = {"title": "A story", "date": "2025-02-12", "language": "en", "id": "a", **words}
    article = Article.model_validate(front, context={"timezone": "Asia/Hong_Kong"})
    fields: dict[str, Any] = dict.fromkeys(ArticleSummary.__struct_fields__, "")
    fields |= {key: value for key, value in article.model_dump().items() if key in fields and isinstance(value, str | tuple)}
    fields |= {"url": "2025/02/12/a.html", "withdrawn": article.withdrawn is not None}
    fields["corrected"] = max((correction.date for correction in article.corrections), default="")
    return article, ArticleSummary(**fields)
