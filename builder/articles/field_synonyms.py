"""The front-matter fields of other tools and in Chinese, and which field of an article each stands for."""

from __future__ import annotations

from typing import Any

from builder.articles.model import FIELD_NAMES
from builder.base.problems import suggestion

_FOREIGN = {
    "author": "byline", "authors": "byline", "by": "byline", "creator": "byline", "category": "section", "categories": "section",
    "keywords": "tags", "topics": "tags", "description": "summary", "excerpt": "summary", "standfirst": "summary",
    "lang": "language", "locale": "language", "published": "date", "pubdate": "date", "publishdate": "date", "published_at": "date",
    "created": "date", "date_published": "date",
    "lastmod": "updated", "last_modified_at": "updated", "modified": "updated", "updated_at": "updated",
    "headline": "title", "permalink": "slug", "redirect_from": "aliases", "guid": "id", "image": "images", "copyright": "rights",
    "expirydate": "expires", "source_url": "original_url", "publication": "source", "newspaper": "source", "wire": "agency",
    **dict.fromkeys(("reason", "withdrawal_reason", "retracted", "retraction"), "withdrawn: {date: …, reason: …}"),
    **dict.fromkeys(("alt", "caption", "credit", "src", "photo"), "images: [{src: …, alt: …, caption: …, credit: …}]"),
    **dict.fromkeys(("標題", "标题", "題目", "题目"), "title"),
    **dict.fromkeys(("日期", "發佈日期", "發布日期", "发布日期"), "date"),
    **dict.fromkeys(("作者", "記者", "记者"), "byline"), **dict.fromkeys(("來源", "来源", "報章", "报纸"), "source"),
    **dict.fromkeys(("通訊社", "通讯社"), "agency"), **dict.fromkeys(("版面", "欄目", "栏目", "分類", "分类"), "section"),
    **dict.fromkeys(("標籤", "标签", "關鍵詞", "关键词"), "tags"), "摘要": "summary", **dict.fromkeys(("語言", "语言"), "language"),
    **dict.fromkeys(("圖片", "图片"), "images"), "更正": "corrections", **dict.fromkeys(("撤回", "撤稿"), "withdrawn"),
    **dict.fromkeys(("地點", "地点"), "dateline"), "更新": "updated", "草稿": "draft",
}  # fmt: skip
"""Fields of other tools, of people and in Chinese, and the article's field for each, or how that is written."""
_DRAFT_STATUSES = {
    "archived", "auto-draft", "draft", "hidden", "inherit", "members", "paid", "password", "pending", "private", "skip", "tiers",
    "trash", "unlisted", "unpublished",
}  # fmt: skip
_PUBLIC_STATUSES = {"live", "public", "publish", "published"}
_STATUS_FIELDS = {"status", "post_status", "visibility"}
_PUBLIC_FLAGS = {
    "dg_publish", "enabled", "is_published", "ispublished", "listed", "live", "public", "publish", "published", "render", "visible",
}  # fmt: skip
_DRAFT_FLAGS = {
    "disabled", "eleventyexcludefromcollections", "exclude", "excluded", "headless", "hidden", "hide", "is_draft", "is_hidden",
    "isdraft", "ishidden", "members_only", "private", "saveasdraft", "unlisted", "unpublished",
}  # fmt: skip
_BUILD_FIELDS = {"build", "_build"}
"""Hugo's: `{render: never, list: local}`."""
_PASSWORD_FIELDS = {"password", "post_password"}
_OF_CRAWLERS = {"sitemap", "noindex", "robots", "searchable", "search_exclude", "exclude_from_search"}
"""Fields that keep search engines away from what everybody may read."""
_YES, _NO = {"true", "yes", "on", "1"}, {"false", "no", "off", "0"}


def suggest_field(key: str) -> str:
    """Return ` (did you mean "byline"?)` for another tool's field or a near miss of a known one, what one does not do, else ""."""
    name = key.lower().replace("-", "_")
    if name in _OF_CRAWLERS:
        return " (whatever it says, the article is published, in lists, feeds and the sitemap; `draft: true` holds it back)"
    foreign = _FOREIGN.get(name)
    return f' (did you mean "{foreign}"?)' if foreign else suggestion(key, FIELD_NAMES)


def says_draft(key: str, value: Any) -> bool | None:
    """Return whether another tool's field holds the article back (`published: no`, `hidden: true`, `status: private`).

    None where the key says no such thing. What was not for everybody, or not in lists, is not published on a guess.
    """
    name, text = key.lower().replace("-", "_"), str(value).strip().lower()
    if name in _PUBLIC_FLAGS | _DRAFT_FLAGS and text in _YES | _NO:
        return (text in _YES) == (name in _DRAFT_FLAGS)
    if name in _STATUS_FIELDS and text in _DRAFT_STATUSES | _PUBLIC_STATUSES:
        return text in _DRAFT_STATUSES
    if name in _BUILD_FIELDS and isinstance(value, dict):
        settings = {str(setting): str(choice).lower() for setting, choice in value.items()}
        return settings.get("render", "") in _NO | {"never", "link"} or settings.get("list", "") in _NO | {"never", "local"}
    if is_password(key) and isinstance(value, str) and text:
        return True
    return True if name == "permalink" and text in _NO else None


def is_password(key: str) -> bool:
    """Whether another tool's field holds what nobody else should see."""
    return key.lower().replace("-", "_") in _PASSWORD_FIELDS
