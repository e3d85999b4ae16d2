"""What schema.org's JSON-LD says of a page."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from builder.formats import page_head
from tests.formats.articles import CHINESE, SITE, make_article
from tests.sites import Archive, archive, story


def linked(**words: Any) -> dict[str, Any]:
    """The JSON-LD of an article of these words."""
    data: dict[str, Any] = json.loads(page_head.article_head(*make_article(**words), SITE).jsonld)
    return data


def test_wire_copy_is_the_agencys_work() -> None:
    data = linked(
        agency=["Harbour Wire", "Meridian"],
        original_url="https://wire.example/1",
        archived_url="https://web.example/1",
        rights="© 2025",
    )
    assert [owner["name"] for owner in data["copyrightHolder"]] == ["Harbour Wire", "Meridian"]
    assert data["author"] == data["provider"] == data["sourceOrganization"] == data["copyrightHolder"]
    assert data["publisher"]["name"] == "The Lantern"
    assert (data["creditText"], data["copyrightNotice"]) == ("Harbour Wire, Meridian", "© 2025")
    assert (data["isBasedOn"], data["archivedAt"]) == ("https://wire.example/1", "https://web.example/1")
    assert not {"publishingPrinciples", "ethicsPolicy", "correctionsPolicy"} & set(data), "those are the agency's own"


def test_a_reporter_of_the_wire_is_its_author() -> None:
    data = linked(agency="Harbour Wire", byline="Ann Wong")
    assert data["author"] == {"@type": "Person", "name": "Ann Wong"}
    assert data["provider"]["name"] == "Harbour Wire"


def test_own_copy_claims_no_agency() -> None:
    data = linked(source="The Lantern", byline="Ann Wong")
    assert not {"provider", "copyrightHolder", "creditText", "isBasedOn"} & set(data)
    assert data["sourceOrganization"]["name"] == "The Lantern"


@pytest.mark.parametrize(
    ("kind", "named"),
    [("", "NewsArticle"), ("news", "NewsArticle"), ("Opinion", "OpinionNewsArticle"), ("satire", "SatiricalArticle"),
     ("sponsored", "AdvertiserContentArticle"), ("Kurzmeldung", "NewsArticle")],
)  # fmt: skip
def test_the_story_type_is_no_more_than_is_known(kind: str, named: str) -> None:
    data = linked(type=kind, dateline="Paris")
    assert data["@type"] == named
    assert ("dateline" in data) is named.endswith("NewsArticle"), "a property of NewsArticle, which satire and advertising are not"


def test_the_place_of_filing_is_not_the_place_that_it_is_about() -> None:
    data = linked(dateline="Singapore", slugline="US-CHINA-DIPLOMACY")
    assert data["locationCreated"]["name"] == data["dateline"] == "Singapore"
    places = data["contentLocation"]
    assert len(places) == 2
    assert "Singapore" not in {place["name"] for place in places}


def test_dates_and_corrections() -> None:
    data = linked(date="2025-02-12 09:30", updated="2025-02-13", corrections=[{"date": "2025-03-01", "text": "It was two."}])
    assert data["datePublished"] == "2025-02-12T09:30:00+08:00"
    assert data["dateModified"] == "2025-03-01"
    assert data["correction"] == {"@type": "CorrectionComment", "text": "It was two.", "datePublished": "2025-03-01"}
    assert linked(date="2025-02-12")["datePublished"] == "2025-02-12", "a day is not made into a midnight"


def test_pictures_keep_credit_and_caption_apart() -> None:
    image = {"src": "https://pictures.example/a.jpg", "alt": "A pier", "caption": "The pier", "credit": "Cara Ho"}
    data = linked(images=[image])
    assert data["image"] == {"@type": "ImageObject", "contentUrl": image["src"], "caption": "The pier", "creditText": "Cara Ho"}


@given(st.text(max_size=80) | st.sampled_from(["</script><script>alert(1)</script>", "<!--<script>", "\u2028", "&lt;"]))
def test_no_text_leaves_its_script_element(text: str) -> None:
    article, summary = make_article(rights=text)
    script = str(page_head.article_head(article, summary, SITE).jsonld)
    assert not set("<>&\u2028\u2029") & set(script)
    assert json.loads(script).get("copyrightNotice", "") == article.rights


def heads(site: Archive, path: str) -> tuple[BeautifulSoup, dict[str, Any]]:
    """A page, and its JSON-LD."""
    page = BeautifulSoup(site.page(path), "html.parser")
    script = page.find("script", type="application/ld+json")
    return page, json.loads(script.string or "") if script else {}


def test_the_pages_of_a_site(tmp_path: Path) -> None:
    site = archive(
        tmp_path, {"content/a.md": story("A & B", agency="Wire", tags="[AI summit]"), "content/b.md": story("C", withdrawn="yes")}
    )
    site.write({"site.yml": "title: 燈塔報\nurl: https://lantern.example/news/\nlanguage: zh-Hant\n"})
    assert site.build().code == 0

    page, home = heads(site, "index.html")
    assert page.select("link[rel=canonical]")[0]["href"] == home["url"] == "https://lantern.example/news/"
    assert home["potentialAction"]["target"]["urlTemplate"] == "https://lantern.example/news/search.html?q={search_term_string}"

    page, data = heads(site, "2025/02/12/a.html")
    assert data["headline"] == "A & B"
    assert page.select("link[rel=canonical]")[0]["href"] == data["url"] == "https://lantern.example/news/2025/02/12/a.html"
    assert heads(site, "2025/02/12/b.html")[1] == {}

    _, topic = heads(site, "tags/ai-summit/index.html")
    steps = topic["breadcrumb"]["itemListElement"]
    assert [step["position"] for step in steps] == [1, 2, 3]
    assert [step["name"] for step in steps] == ["燈塔報", CHINESE.translations.gettext("Topics"), "AI summit"]
    for step in steps:
        name = step["item"].removeprefix("https://lantern.example/news/") or "index.html"
        assert (tmp_path / "public" / name).is_file()
    assert heads(site, "404.html")[0].select("meta[name=robots]")[0]["content"] == "noindex"
