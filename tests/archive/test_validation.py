"""Names and languages of a whole archive: spellings that site.yml joins, blocks that check proposes, scripts that contradict."""

from __future__ import annotations

from pathlib import Path

from tests.sites import SITE, archive, story

TERMS = """tags:
  AI:
    about: Machines that learn.
    aliases: [artificial intelligence, 人工智能]
sections: {World: {aliases: [International, 國際]}}
bylines: {Mei Chan: {about: Reports from the docks., aliases: [陳美]}}
"""


def test_spellings_that_site_yml_joins_are_one_topic_section_and_byline(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "site.yml": SITE + TERMS,
            "content/a.md": story("One", tags="[Artificial Intelligence]", section="國際", byline="[陳美]", slug="a"),
            "content/b.md": story("Two", tags="[人工智能, AI]", section="International", byline="Mei Chan", slug="b"),
        },
    )
    run = site.build()
    assert (run.code, run.err.count("filed as")) == (0, 0), run.err
    for folder, slug, about in (
        ("tags", "ai", "Machines that learn."),
        ("sections", "world", ""),
        ("bylines", "mei-chan", "from the docks"),
    ):
        page = site.page(f"{folder}/{slug}/index.html")
        assert about in page
        assert "One" in page
        assert "Two" in page
        assert [
            path for path in site.published() if path.startswith(f"{folder}/") and path.count("/") == 2 and path.endswith("html")
        ] == [f"{folder}/{slug}/index.html"]
    assert "site.yml:5:11: error: tags.AI.alias: is not a setting" in site.write(
        {"site.yml": SITE + "tags:\n  AI: {alias: x}\n"}
    ).build().err.replace("site.yml:5:8", "site.yml:5:11")


def test_check_proposes_a_block_for_names_nearly_alike(tmp_path: Path) -> None:
    site = archive(
        tmp_path,
        {
            "content/a.md": story(tags="[Wind farm]", byline="Ana Pérez", slug="a"),
            "content/b.md": story(tags="[Wind farms]", byline="Ana Perez", slug="b"),
        },
    )
    out = site.run("check").out
    assert 'if so, put `tags: {"Wind farm": {aliases: ["Wind farms"]}}` into site.yml' in out
    block = 'tags: {"Wind farm": {aliases: ["Wind farms"]}}\n'
    assert "Wind farms" not in site.write({"site.yml": SITE + block}).run("check").out


def test_a_language_without_a_translation_is_a_warning_and_the_page_says_what_it_shows(tmp_path: Path) -> None:
    site = archive(tmp_path, {"site.yml": f"{SITE}language: fr\n", "content/a.md": story("Le bac", body="Il est parti.")})
    run = site.build()
    assert (
        "site.yml:4:1: warning: language: the interface has no words in fr and shows English ones; it has en and zh-Hant" in run.err
    )
    assert "set language: en, and defaults: {language: fr} for the articles" in run.err
    page = site.page("2025/02/12/a.html")
    assert '<html lang="en">' in page
    assert '<h1 lang="fr">' in page.replace(' class="headline"', "")
    run = site.write({"site.yml": f"{SITE}language: zh-Hans\n"}).run("check")
    assert "set language: zh-Hant, and defaults: {language: zh-Hans} for the articles" in run.out
    site.write({"site.yml": f"{SITE}defaults: {{language: fr}}\n"})
    run = site.build()
    assert "no words" not in run.err
    assert 'lang="fr"' in site.page("2025/02/12/a.html")
    po = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Search"\nmsgstr "Recherche"\n'
    site.write({"site.yml": f"{SITE}language: fr\n", "templates/locales/fr/LC_MESSAGES/messages.po": po})
    assert "no words" not in site.build().err
    assert '<html lang="fr">' in site.page("index.html")


def test_check_notices_text_in_another_script_than_its_language(tmp_path: Path) -> None:
    english = "The ferry to the outer islands ran again on Monday after the storm had passed over the bay."
    chinese = "颱風過後，往離島的渡輪星期一恢復服務，碼頭上擠滿了乘客。"
    site = archive(
        tmp_path,
        {
            "content/a.md": story("Ferry", body=english, language="zh-Hant", slug="a"),
            "content/b.md": story("渡輪", body=chinese, language="fr", slug="b"),
            "content/c.md": story("渡輪", body=chinese, language="zh-Hant", slug="c"),
            "content/d.md": story("Ferry 渡輪", body=english, slug="d"),
            "content/e.md": story("渡輪", body=chinese, language="ja", slug="e"),
        },
    )
    out = site.run("check").out
    assert "content/a.md:4:1: warning: language: is zh-Hant, and the text is in Latin letters" in out
    assert "content/b.md:4:1: warning: language: is fr, and the text is in Chinese characters" in out
    assert out.count("and the text is in") == 2
