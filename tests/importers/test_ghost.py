"""Ghost's export: posts with their people, tags, pictures and links; what is not for everyone stays a draft."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.importers.imports import bring_in

POST = {
    "id": "5f1", "uuid": "0b0c3c1e-7d2a-4c55-9a54-0123456789ab", "title": "Night ferry", "slug": "night-ferry", "type": "post",
    "html": '<p>The ferry left <strong>at night</strong>, <a href="__GHOST_URL__/noon-ferry/">as before</a>.</p>'
    '<figure class="kg-card"><img src="__GHOST_URL__/content/images/2020/01/quay.jpg" alt="A quay"><figcaption>The quay</figcaption></figure>',
    "lexical": "{}", "feature_image": "__GHOST_URL__/content/images/f.jpg", "status": "published", "visibility": "public",
    "published_at": "2020-02-03T04:05:06.000Z", "updated_at": "2020-02-04T00:00:00.000Z", "custom_excerpt": "A standfirst",
    "codeinjection_head": "<script>x</script>",
}  # fmt: skip


def export(*posts: dict[str, Any], **tables: Any) -> str:
    data = {
        "posts": list(posts),
        "posts_meta": [{"post_id": "5f1", "feature_image_alt": "A ferry", "feature_image_caption": "By <em>night</em>"}],
        "users": [{"id": "9", "name": "Ada Lam"}, {"id": "10", "name": "Bo Chan"}],
        "posts_authors": [{"post_id": "5f1", "author_id": "10", "sort_order": 1}, {"post_id": "5f1", "author_id": "9", "sort_order": 0}],
        "tags": [{"id": "7", "name": "City"}, {"id": "8", "name": "#layout", "visibility": "internal"}, {"id": "6", "name": "Harbour"}],
        "posts_tags": [{"post_id": "5f1", "tag_id": tag, "sort_order": at} for at, tag in enumerate(("8", "7", "6"))],
        "settings": [{"key": "title", "value": "The Quay"}, {"key": "locale", "value": "en"}],
        **tables,
    }  # fmt: skip
    return json.dumps({"db": [{"meta": {"exported_on": 1600000000000, "version": "5.2.0"}, "data": data}]})


def test_a_post_comes_with_its_people_tags_pictures_and_links(tmp_path: Path) -> None:
    (tmp_path / "backup/content/images").mkdir(parents=True)
    (tmp_path / "backup/content/images/f.jpg").write_bytes(b"\xff\xd8\xff\xe0jpeg")
    source = tmp_path / "backup/quay.ghost.json"
    source.write_text(export(POST), encoding="utf-8")
    done = bring_in(tmp_path, str(source))
    front, body = done.only
    assert list(done.articles) == ["2020/02/2020-02-03-night-ferry.md"]
    assert {name: front[name] for name in ("title", "summary", "byline", "section", "tags", "source", "id", "aliases")} == {
        "title": "Night ferry", "summary": "A standfirst", "byline": ["Ada Lam", "Bo Chan"], "section": "City",
        "tags": ["Harbour"], "source": "The Quay", "id": "urn:uuid:0b0c3c1e-7d2a-4c55-9a54-0123456789ab", "aliases": ["/night-ferry/"],
    }  # fmt: skip
    assert front["date"].startswith("2020-02-03T04:05:06")
    (image,) = front["images"]
    assert (image["alt"], image["caption"]) == ("A ferry", "By *night*")
    assert (done.archive.folder / "content" / image["src"].lstrip("/")).read_bytes() == b"\xff\xd8\xff\xe0jpeg"
    assert "The ferry left **at night**, [as before](/noon-ferry/)." in body
    assert "the picture /content/images/2020/01/quay.jpg has no web address and is not in the source" in done.run.err
    assert "codeinjection_head" in done.run.out
    assert "lexical" not in done.run.out


def test_what_is_not_for_everyone_is_left_out_or_a_draft(tmp_path: Path) -> None:
    draft = {**POST, "id": "2", "slug": "idea", "status": "draft", "uuid": ""}
    members = {**POST, "id": "3", "slug": "members", "visibility": "members", "uuid": ""}
    page = {**POST, "id": "4", "slug": "about", "type": "page", "uuid": "", "title": "About", "html": "<p>Who we are.</p>"}
    source = tmp_path / "export.json"
    source.write_text(export(draft, members, page), encoding="utf-8")
    done = bring_in(tmp_path, str(source))
    fronts = {path.removeprefix("2020/02/2020-02-03-"): front for path, (front, _) in done.articles.items()}
    assert fronts.keys() == {"members.md", "about.md"}
    assert fronts["members.md"]["draft"] == "true"
    assert fronts["about.md"]["type"] == "page"
    assert "is for members alone at its source; it came in as a draft" in done.run.err
    assert "1 draft posts (--drafts brings them in)" in done.run.out


def test_old_exports_number_records_and_count_milliseconds(tmp_path: Path) -> None:
    post = {
        "id": 1,
        "title": "Old",
        "slug": "old",
        "html": "<p>Long ago.</p>",
        "status": "published",
        "published_at": 1400000000000,
        "author_id": 2,
    }
    users = [{"id": 2, "name": "Cy Ode"}]
    data = {"posts": [post], "users": users, "posts_tags": [{"post_id": 1, "tag_id": 3}], "tags": [{"id": 3, "name": "Port"}]}
    source = tmp_path / "old.json"
    source.write_text(json.dumps({"meta": {"exported_on": 1, "version": "003"}, "data": data}), encoding="utf-8")
    front, body = bring_in(tmp_path, str(source)).only
    assert (front["byline"], front["section"], front["date"][:10], body) == (["Cy Ode"], "Port", "2014-05-13", "Long ago.")


def test_an_export_that_breaks_off_and_a_text_without_html_are_refused(tmp_path: Path) -> None:
    cut = tmp_path / "cut.json"
    cut.write_text(export(POST)[:400], encoding="utf-8")
    done = bring_in(tmp_path, str(cut))
    assert done.run.code == 1
    assert "cut.json:1:" in done.run.err
    assert "breaks off or is damaged here" in done.run.err
    bare = tmp_path / "bare.json"
    bare.write_text(export({**POST, "html": None}), encoding="utf-8")
    done = bring_in(tmp_path, str(bare), into=done.archive)
    assert done.run.code == 1
    assert "bare.json/night-ferry:1:1: error: has its text in the form of Ghost's editor alone" in done.run.err
