"""WordPress exports come in whole: what they say of posts goes into words, and what has no word is counted by its key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.importers.imports import Imported, bring_in

CHANNEL = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{v}/excerpt/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/{v}/">
<channel><title>The Quay</title><link>https://quay.example</link><pubDate>Tue, 10 Mar 2020 12:00:00 +0000</pubDate><language>en-GB</language>
<wp:wxr_version>{v}</wp:wxr_version>
<wp:author><wp:author_login>ada</wp:author_login><wp:author_display_name><![CDATA[Ada Lam]]></wp:author_display_name></wp:author>
"""
END = "</channel></rss>\n"


def item(number: int = 1, content: str = "<p>The pier stays closed until summer.</p>", extra: str = "", **words: Any) -> str:
    given = {
        "title": f"Story {number}", "link": f"https://quay.example/2020/03/story-{number}/", "dc:creator": "ada",
        "guid": f"https://quay.example/?p={number}", "wp:post_id": number, "wp:post_date": "2020-03-05 10:00:00",
        "wp:post_date_gmt": "2020-03-05 09:00:00", "wp:post_name": f"story-{number}", "wp:status": "publish", "wp:post_type": "post",
        **words,
    }  # fmt: skip
    parts = "".join(f"<{key}><![CDATA[{value}]]></{key}>" for key, value in given.items())
    return f"<item>{parts}<content:encoded><![CDATA[{content}]]></content:encoded>{extra}</item>\n"


def meta(key: str, value: str) -> str:
    return f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"


def attachment(number: int, name: str, caption: str = "", alt: str = "", credit: str = "", parent: int = 0) -> str:
    return item(
        number, "", meta("_wp_attachment_image_alt", alt) + meta("_media_credit", credit) + f"<excerpt:encoded>{caption}</excerpt:encoded>",
        **{"wp:post_type": "attachment", "wp:status": "inherit", "wp:post_parent": parent,
           "wp:attachment_url": f"https://quay.example/uploads/{name}"},
    )  # fmt: skip


def export(folder: Path, *items: str, version: str = "1.2", name: str = "export.xml") -> Path:
    file = folder / name
    file.write_text(CHANNEL.format(v=version) + "".join(items) + END, encoding="utf-8")
    return file


def test_a_post_with_all_that_surrounds_it(tmp_path: Path) -> None:
    terms = (
        '<category domain="category" nicename="ports"><![CDATA[Ports]]></category><category domain="category">Weather</category>'
        '<category domain="post_tag">ferries</category><category domain="region">North</category>'
        '<category domain="author" nicename="bo"><![CDATA[Bo Lindh]]></category><category domain="author">Ada Lam</category>'
    )
    extra = (
        terms
        + meta("_thumbnail_id", "9")
        + meta("subtitle", "Late & wet")
        + meta("_wp_old_slug", "old-name")
        + meta("_edit_last", "1")
    )
    done = bring_in(
        tmp_path,
        str(
            export(
                tmp_path,
                item(1, extra=extra, **{"wp:post_modified_gmt": "2020-03-06 09:00:00"}),
                attachment(9, "pier.jpg", "The pier.", "A pier", "B. Lindh"),
            )
        ),
    )
    words, body = done.only
    assert body == "The pier stays closed until summer."
    assert (words["byline"], words["section"], words["tags"]) == (["Bo Lindh", "Ada Lam"], "Ports", ["Weather", "ferries", "North"])
    assert (words["date"], words["updated"]) == ("2020-03-05T09:00:00+00:00", "2020-03-06T09:00:00+00:00")
    assert words["images"] == [
        {"src": "https://quay.example/uploads/pier.jpg", "alt": "A pier", "caption": "The pier.", "credit": "B. Lindh"}
    ]
    assert (words["id"], words["source"], words["summary"]) == ("https://quay.example/?p=1", "The Quay", "Late & wet")
    assert words["aliases"] == ["/2020/03/story-1/", "/2020/03/old-name/"]
    assert words["captured_at"] == "2020-03-10T12:00:00+00:00"
    assert done.report["fields"]["_edit_last"] == {"kept": 0, "inferred": 0, "dropped": 1}
    assert done.report["sources"][0]["left_out"] == {"attachments": 1}
    assert list(done.articles) == ["2020/03/2020-03-05-story-1.md"]


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2"])
def test_versions(tmp_path: Path, version: str) -> None:
    assert bring_in(tmp_path, str(export(tmp_path, item(), version=version))).only[0]["byline"] == ["Ada Lam"]


def test_text_of_blocks_classic_paragraphs_and_shortcodes(tmp_path: Path) -> None:
    classic = (
        'First line\nsecond line.\n\n[caption id="attachment_9" width="300"]<img class="wp-image-9" src="/uploads/pier.jpg" /> The pier.[/caption]\n\n'
        '[gallery ids="10"]\n\n[embed]https://video.example/1[/embed]\n\n[poll id="3"]\n\nhttps://video.example/2\n\nHe said [sic] so.'
    )
    blocks = (
        '<!-- wp:paragraph --><p>One <strong>block</strong>.</p><!-- /wp:paragraph -->\n<!-- wp:latest-posts {"n":3} /-->\n'
        '<!-- wp:quote --><blockquote class="wp-block-quote"><p>Late, not wet.</p><cite>Odd Berg</cite></blockquote><!-- /wp:quote -->\n'
        '<!-- wp:embed {"url":"https://video.example/3"} --><figure class="wp-block-embed"><div>\nhttps://video.example/3\n</div></figure><!-- /wp:embed -->'
    )
    done = bring_in(
        tmp_path,
        str(
            export(
                tmp_path,
                item(1, classic),
                item(2, blocks),
                attachment(9, "pier.jpg", alt="A pier"),
                attachment(10, "boat.jpg", "A boat."),
            )
        ),
    )
    first, second = (body for _, body in done.articles.values())
    assert first.split("\n\n") == [
        "First line  \nsecond line.",
        '<figure><img alt="A pier" src="https://quay.example/uploads/pier.jpg"><figcaption>The pier.</figcaption></figure>',
        '<figure><img src="https://quay.example/uploads/boat.jpg" alt=""><figcaption>A boat.</figcaption></figure>',
        "<https://video.example/1>",
        '[poll id="3"]',
        "<https://video.example/2>",
        "He said [sic] so.",
    ]
    assert second.split("\n\n") == ["One **block**.", "> Late, not wet.\n>\n> Odd Berg", "<https://video.example/3>"]
    assert done.report["fields"]["[poll]"]["kept"] == 1
    assert {"rule": "dynamic-block", "text": "latest-posts"} in done.report["stories"][1]["cut"]


def test_drafts_are_left_out_and_counted_until_asked_for(tmp_path: Path) -> None:
    file = str(export(tmp_path, item(1), item(2, **{"wp:status": "draft"}), item(3, **{"wp:status": "trash"})))
    done = bring_in(tmp_path, file)
    assert done.report["sources"][0]["left_out"] == {"draft posts (--drafts brings them in)": 1, "trash posts": 1}
    assert done.run.code == 0
    with_drafts = bring_in(tmp_path, file, "--drafts", into=done.archive)
    assert [words.get("draft") for words, _ in with_drafts.articles.values()] == [None, "true"]


def test_comments_are_counted_and_kept_on_request(tmp_path: Path) -> None:
    comment = "<wp:comment><wp:comment_author>Kim</wp:comment_author><wp:comment_date>2020-03-07 10:00:00</wp:comment_date><wp:comment_content>At last!</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>"
    file = str(export(tmp_path, item(1, extra=comment)))
    (tmp_path / "a").mkdir()
    assert bring_in(tmp_path / "a", file).report["sources"][0]["left_out"] == {"comments (--comments keeps them)": 1}
    (tmp_path / "b").mkdir()
    assert bring_in(tmp_path / "b", file, "--comments").only[1].endswith("## Comments\n\n**Kim**, 2020-03-07\n\n> At last!")


def test_files_of_one_site_refer_to_one_another(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    folder.mkdir()
    export(folder, item(1, extra=meta("_thumbnail_id", "9")), name="posts.xml")
    export(folder, attachment(9, "pier.jpg", "The pier."), name="media.xml")
    assert bring_in(tmp_path, str(folder)).only[0]["images"][0]["caption"] == "The pier."


def sources(done: Imported) -> tuple[int, int, int]:
    (row,) = done.report["sources"]
    return row["found"], row["written"], row["refused"]


def test_a_truncated_export_gives_all_sound_items_and_the_place_of_the_break(tmp_path: Path) -> None:
    file = export(tmp_path, item(1), item(2), item(3))
    file.write_bytes(file.read_bytes()[: file.read_bytes().index(b"Story 3") + 40])
    done = bring_in(tmp_path, str(file))
    assert sources(done) == (3, 2, 1)
    column = len(file.read_text(encoding="utf-8").splitlines()[-1]) + 1
    assert f"{file}:9:{column}: error: the item that begins on line 9 has no end before this place" in done.run.err


def test_a_broken_item_costs_no_other(tmp_path: Path) -> None:
    broken = item(2).replace("]]></title>", "</title>")  # its CDATA never ends
    stray = item(4).replace("<guid>", "<guid").replace("</wp:status>", "")
    done = bring_in(tmp_path, str(export(tmp_path, item(1), broken, item(3), stray, item(5))))
    assert sources(done) == (5, 3, 2)
    assert sorted(words["title"] for words, _ in done.articles.values()) == ["Story 1", "Story 3", "Story 5"]


def test_bombs_and_external_entities_are_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;"><!ENTITY file SYSTEM "file:///etc/hostname">]>\n<rss'
    file = export(tmp_path, item(1, "&b;&file;"))
    file.write_text(file.read_text(encoding="utf-8").replace("<rss", bomb, 1), encoding="utf-8")
    done = bring_in(tmp_path, str(file))
    assert (done.run.code, done.articles) == (1, {})
    assert "declares entities of its own" in done.run.err


def test_odd_dates_titles_and_guids(tmp_path: Path) -> None:
    zero = {"wp:post_date": "0000-00-00 00:00:00", "wp:post_date_gmt": "0000-00-00 00:00:00"}
    done = bring_in(
        tmp_path,
        str(
            export(
                tmp_path,
                item(1, **zero),
                item(2, **{"wp:post_date_gmt": "2999-01-01 00:00:00"}),
                item(3, **{"wp:post_date_gmt": "1601-01-01 00:00:00"}),
                item(4, title="🎉🎉", **{"wp:post_name": ""}),
                item(5, title="", **{"wp:post_name": ""}),
                item(6, guid="https://quay.example/?p=5"),
            )
        ),
    )
    assert done.run.code == 0
    assert sources(done) == (6, 6, 0)
    for told in ("is no date", "lies in the future", "a computer's zero", "has no headline", "has the id of"):
        assert told in done.run.err
    titles = [words["title"] for words, _ in done.articles.values()]
    assert titles.count("The pier stays closed until summer.") == 2
    again = bring_in(tmp_path, str(tmp_path / "export.xml"), into=done.archive)
    assert again.report["sources"][0]["same"] == 6


def test_a_changed_post_is_an_update(tmp_path: Path) -> None:
    done = bring_in(tmp_path, str(export(tmp_path, item(1))))
    again = bring_in(tmp_path, str(export(tmp_path, item(1, "<p>The pier is open.</p>"))), into=done.archive)
    assert (again.report["sources"][0]["updated"], again.only[1]) == (1, "The pier is open.")


def test_cdata_that_was_split_and_html_entities(tmp_path: Path) -> None:
    text = "<p>Brackets ]]]]><![CDATA[> and an end.</p>"
    plain = item(2).replace("<![CDATA[Story 2]]>", "Caf&eacute; &amp; pier")
    done = bring_in(tmp_path, str(export(tmp_path, item(1, text), plain)))
    assert next(body for _, body in done.articles.values()) == "Brackets ]]> and an end."
    assert [words["title"] for words, _ in done.articles.values()][1] == "Café & pier"


def test_copies_of_pictures_come_home_from_a_folder(tmp_path: Path) -> None:
    uploads = tmp_path / "backup" / "uploads"
    uploads.mkdir(parents=True)
    (uploads / "pier.jpg").write_bytes(b"\xff\xd8\xff picture")
    file = export(
        tmp_path,
        item(1, extra=meta("_thumbnail_id", "9")),
        item(2, extra=meta("_thumbnail_id", "10")),
        attachment(9, "pier.jpg"),
        attachment(10, "lost.jpg"),
    )
    done = bring_in(tmp_path, str(file), "--media", str(tmp_path / "backup"))
    first, second = (words["images"][0]["src"] for words, _ in done.articles.values())
    assert (done.archive.folder / "content" / first.lstrip("/")).read_bytes() == b"\xff\xd8\xff picture"
    assert second == "https://quay.example/uploads/lost.jpg"
    assert "there is no copy of https://quay.example/uploads/lost.jpg" in done.run.err
    assert "is not there" not in done.archive.run("check").out


def test_a_name_that_is_a_path_gives_its_last_part(tmp_path: Path) -> None:
    items = [item(1, **{"wp:post_name": "blog/2020/old-pier"}), item(2, "<p>Two.</p>", **{"wp:post_name": "new-pier.html"})]
    done = bring_in(tmp_path, str(export(tmp_path, *items)))
    assert [path.rpartition("/")[2] for path in done.articles] == ["2020-03-05-new-pier.md", "2020-03-05-old-pier.md"]


def test_html_in_titles_terms_meta_and_captions_comes_in_as_plain_text(tmp_path: Path) -> None:
    extra = (
        '<category domain="category"><![CDATA[News &amp; Views]]></category><category domain="post_tag"><![CDATA[Q&amp;A]]></category>'
        + meta("_thumbnail_id", "9")
        + meta("byline", "<strong>Ada&nbsp;Lam</strong>")
        + meta("dateline", "<em>QUAY</em>")
        + meta("copyright", '<a href="https://quay.example/">Quay</a> &copy; 2020')
    )
    words = {
        "title": "Piers &amp; <em>boats</em> &#8211; a day",
        "excerpt:encoded": "<p>Late &amp; <b>wet</b>.</p><p>1 < 2</p>",
        "dc:creator": "",
    }
    picture = attachment(
        9, "a.jpg", "<p>The &lt;b&gt;old&lt;/b&gt; pier</p>", "A &amp; B", '<a href="https://b.example">B.&nbsp;Lindh</a>'
    )
    front, _ = bring_in(tmp_path, str(export(tmp_path, item(1, extra=extra, **words), picture))).only
    assert front["title"] == "Piers & boats – a day"
    assert front["summary"] == "Late & wet. 1 < 2"
    assert (front["section"], front["tags"], front["byline"]) == ("News & Views", ["Q&A"], ["Ada Lam"])
    assert (front["dateline"], front["rights"]) == ("QUAY", "Quay © 2020")
    (image,) = front["images"]
    assert (image["caption"], image["alt"], image["credit"]) == ("The old pier", "A & B", "B. Lindh")


def test_each_text_that_finds_no_place_is_named(tmp_path: Path) -> None:
    body = (
        '<!-- wp:acme/box {"text":"Tides","align":"wide","note":"Mind the step","items":[{"label":"日程"}],"className":"a b"} -->'
        '<div><img class="wp-image-9" src="/uploads/pier.jpg"/>Boxed words.</div><!-- /wp:acme/box -->\n'
        '<!-- wp:acme/said {"heading":"Boxed words."} /-->\n<!-- ask Bo first -->\n<!--more Read how it went--><p>The rest.</p>'
    )
    extra = meta("subtitle", "Late and wet") + meta("_yoast_wpseo_metadesc", "A pier, late") + meta("rank_math_title", "Pier news")
    extra += meta("deck", "In short") + meta("_aioseo_title", "%%title%%")
    words = {"excerpt:encoded": "In short"}
    picture = attachment(9, "pier.jpg", "The old pier", "A pier", "Bo")
    unshown = attachment(11, "boat.jpg", "A boat", "Boat", parent=1).replace("Story 11", "boat")
    done = bring_in(tmp_path, str(export(tmp_path, item(1, body, extra, **words), picture, unshown)))
    assert done.only[0]["summary"] == "In short"
    (entry,) = done.report["stories"]
    assert {(cut["rule"], cut["text"]) for cut in entry["cut"]} == {
        ("second-summary", "Late and wet"), ("second-summary", "A pier, late"), ("second-title", "Pier news"),
        ("block-attribute", "Tides"), ("block-attribute", "Mind the step"), ("block-attribute", "日程"), ("dynamic-block", "acme/said"),
        ("html-comment", "ask Bo first"), ("more-tag", "Read how it went"),
        ("attachment-title", "Story 9"), ("attachment-caption", "The old pier"), ("attachment-credit", "Bo"),
    }  # fmt: skip
    assert {key: done.report["fields"][key]["dropped"] for key in ("subtitle", "_aioseo_title")} == {
        "subtitle": 1,
        "_aioseo_title": 1,
    }
    assert done.report["sources"][0]["left_out"] == {
        "attachments": 2,
        "captions of attachments that no story shows": 1,
        "alternative texts of attachments that no story shows": 1,
    }


def test_second_summaries_stay_under_their_keys_where_the_site_keeps_unknown_fields(tmp_path: Path) -> None:
    extra = meta("subtitle", "Late and wet") + meta("_yoast_wpseo_metadesc", "A pier, late") + meta("byline", "Bo Lindh")
    done = bring_in(tmp_path, str(export(tmp_path, item(1, extra=extra))), site="unknown_fields: keep\n")
    front, _ = done.only
    assert (front["summary"], front["_yoast_wpseo_metadesc"]) == ("Late and wet", "A pier, late")
    assert [(cut["rule"], cut["text"]) for cut in done.report["stories"][0]["cut"]] == [("second-byline", "Bo Lindh")]
    assert done.archive.run("check").code == 0
