"""What machines read of a page, and how an article is cited."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from builder.articles.model import Article, ArticleSummary
from builder.base.locales import Localization
from builder.base.version import theme_folder
from builder.config.site import Organisation, Site
from builder.formats import citations, page_head
from tests.sites import Archive, archive, story

SITE = Site(title="The Lantern", url="https://lantern.example/", timezone="Asia/Hong_Kong")
ENGLISH = Localization("en", "Asia/Hong_Kong", [theme_folder("templates")])
CHINESE = Localization("zh-Hant", "Asia/Hong_Kong", [theme_folder("templates")])


def made(**words: Any) -> tuple[Article, ArticleSummary]:
    """An article of these words, and its summary."""
    front = {"title": "A story", "date": "2025-02-12", "language": "en", "id": "a", **words}
    article = Article.model_validate(front, context={"timezone": "Asia/Hong_Kong"})
    fields: dict[str, Any] = dict.fromkeys(ArticleSummary.__struct_fields__, "")
    fields |= {key: value for key, value in article.model_dump().items() if key in fields and isinstance(value, str | tuple)}
    fields |= {"url": "2025/02/12/a.html", "withdrawn": article.withdrawn is not None}
    fields["corrected"] = max((correction.date for correction in article.corrections), default="")
    return article, ArticleSummary(**fields)


def linked(**words: Any) -> dict[str, Any]:
    """The JSON-LD of an article of these words."""
    data: dict[str, Any] = json.loads(page_head.article_head(*made(**words), SITE).jsonld)
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


def test_a_withdrawn_story_says_nothing_more() -> None:
    head = page_head.article_head(*made(withdrawn={"reason": "Wrong"}, summary="Claims"), SITE)
    assert (head.robots, head.jsonld, head.description) == ("noindex", "", "")
    assert "Claims" not in repr(head)


@pytest.mark.parametrize("words", [{"agency": ["Open Wire", "Hidden Wire"]}, {"source": "Hidden Paper"}])
def test_what_may_not_be_listed_asks_not_to_be(words: dict[str, Any]) -> None:
    hidden = Organisation(index=False)
    hiding = SITE.model_copy(update={"agencies": {"Hidden Wire": hidden}, "sources": {"Hidden Paper": hidden}})
    assert page_head.article_head(*made(**words), hiding).robots == "noindex"
    assert page_head.article_head(*made(agency="Open Wire"), hiding).robots == ""


def test_opengraph() -> None:
    meta = page_head.article_head(*made(section="World", tags=["AI", "外交"], updated="2025-02-13", summary="S"), SITE).meta
    assert ("og:type", "article") in meta
    assert ("article:published_time", "2025-02-12T00:00:00+08:00") in meta
    assert ("article:modified_time", "2025-02-13T00:00:00+08:00") in meta
    assert [content for name, content in meta if name == "article:tag"] == ["AI", "外交"]
    assert "article:author" not in dict(meta), "it would have to be the address of a profile"


@given(st.text(max_size=80) | st.sampled_from(["</script><script>alert(1)</script>", "<!--<script>", "\u2028", "&lt;"]))
def test_no_text_leaves_its_script_element(text: str) -> None:
    article, summary = made(rights=text)
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


def cited(words: Localization = ENGLISH, **front: Any) -> citations.Cite:
    """How an article of these words is cited."""
    return citations.cite(*made(**front), SITE, words)


def test_a_citation_for_people() -> None:
    text = cited(title="Ferries stop", byline=["Ann Wong", "Ben Li"], agency="Harbour Wire", source="The Ferry Daily").text
    assert text == (
        "Ann Wong, Ben Li. “Ferries stop”. The Ferry Daily / Harbour Wire. 12 February 2025. In: The Lantern. "
        "https://lantern.example/2025/02/12/a.html"
    )
    chinese = cited(CHINESE, title="渡輪停航", byline="陳大文", source="渡輪日報", language="zh-Hant").text
    assert chinese == "陳大文,〈渡輪停航〉,渡輪日報,2025年2月12日,The Lantern。https://lantern.example/2025/02/12/a.html"


def test_bibtex_braces_hold() -> None:
    bibtex = cited(title=r"50% of A&B_C {x} #1 \ $5 ~ ^", byline="Ann", archived_url="https://web.example/1").bibtex
    assert r"title = {{50\% of A\&B\_C \{x\} \#1 \textbackslash{} \$5 \textasciitilde{} \textasciicircum{}}}" in bibtex
    bare = re.sub(r"\\[{}]", "", bibtex)
    assert bare.count("{") == bare.count("}")
    assert "web.example/1" in bibtex


@pytest.mark.parametrize(
    "titles",
    [("渡輪停航", "天文台改發八號"), ("AI 峰會", "AI 外交"), ("Leaders meet " * 9 + "today", "Leaders meet " * 9 + "again")],
)
def test_bibtex_keys_of_one_day_differ(titles: tuple[str, str]) -> None:
    keys = [cited(title=title, id=title, agency="Harbour Wire").bibtex.partition("{")[2].partition(",")[0] for title in titles]
    assert len(set(keys)) == 2
    assert all(re.fullmatch(r"[a-z0-9-]{1,80}", key) for key in keys)
    assert cited(title=titles[0], id=titles[0], agency="Harbour Wire").bibtex.partition("{")[2].startswith(keys[0]), "stable"


def test_ris_is_read_back_line_by_line() -> None:
    ris = cited(
        byline=["Ann Wong", "Ben Li"],
        tags=["AI", "Ferries"],
        original_url="https://wire.example/1",
        archived_url="https://web.example/1",
    ).ris
    lines = ris.split("\r\n")
    assert (lines[0], lines[-2:]) == ("TY  - NEWS", ["ER  - ", ""])
    pairs = [re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line) for line in lines[:-1]]
    assert all(pairs)
    values = [(pair[1], pair[2]) for pair in pairs if pair]
    assert [value for name, value in values if name == "AU"] == ["Ann Wong", "Ben Li"]
    assert [value for name, value in values if name == "L2"] == ["https://wire.example/1", "https://web.example/1"]
    assert ("DA", "2025/02/12/") in values
    assert ("UR", "https://lantern.example/2025/02/12/a.html") in values


def test_an_undated_story_without_a_name_can_be_cited() -> None:
    cite = cited(date="", byline=[], agency=[], title="渡輪")
    assert cite.text == "“渡輪”. In: The Lantern. https://lantern.example/2025/02/12/a.html"
    assert "date" not in cite.bibtex and "DA" not in cite.ris
