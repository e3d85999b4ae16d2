"""Folders of generators hold layouts and data beside their texts: those are no stories, and data of a folder are defaults."""

from __future__ import annotations

from pathlib import Path

from tests.importers.imports import Imported, bring_in

TEXT = "---\ntitle: {}\ndate: 2019-05-04\n---\nThe ferry left the quay at noon on Saturday with forty passengers.\n"
PAGE = "<html><head><title>A layout</title></head><body><p>Words enough in a layout to be taken for a story by whoever reads it.</p></body></html>"
LOOP = "---\nlayout: base\n---\n{% for post in collections.posts %}<a href='{{ post.url }}'>{{ post.data.title }}</a>{% endfor %}\n"


def bring_in_folder(folder: Path, files: dict[str, str], *arguments: str) -> Imported:
    for path, text in files.items():
        file = folder / "source" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return bring_in(folder, str(folder / "source"), *arguments)


def test_eleventy_s_layouts_and_data_are_counted_and_are_no_stories(tmp_path: Path) -> None:
    done = bring_in_folder(
        tmp_path,
        {
            ".eleventy.js": "module.exports = {}",
            "package.json": '{"dependencies":{"@11ty/eleventy":"3"}}',
            "_data/site.json": '{"title":"The Quay"}',
            "_includes/base.njk": PAGE,
            "_includes/parts/card.liquid": PAGE,
            "news/news.11tydata.js": "module.exports = {}",
            "news/news.json": '{"layout":"base"}',
            "news/ferry.md": TEXT.format("Ferry"),
            "news/pier.njk": TEXT.format("Pier").replace("The ferry", "<p>The <em>pier</em>"),
            "index.njk": LOOP,
        },
    )
    (row,) = done.report["sources"]
    assert done.run.code == 0
    assert (row["kind"], row["found"], row["written"]) == ("markdown", 2, 2)
    assert sum(row["left_out"].values()) == 7  # names that begin with a dot are not read
    bodies = [body for _, body in done.articles.values()]
    assert any(body.startswith("The *pier* left") for body in bodies)


def test_data_of_folders_and_of_a_text_are_defaults_the_nearest_first(tmp_path: Path) -> None:
    done = bring_in_folder(
        tmp_path,
        {
            "eleventy.config.js": "",
            "posts/posts.json": '{"tags": ["Posts"], "author": "Ada Lam", "lang": "fr"}',
            "posts/2019/2019.11tydata.json": '{"tags": "Archive", "section": "Old"}',
            "posts/2019/ferry.md": TEXT.format("Ferry").replace("date:", "tags: [Ferries]\ndate:"),
            "posts/2019/pier.md": TEXT.format("Pier").replace("date:", "author: Bo Chan\ndate:"),
            "posts/2019/pier.11tydata.json": '{"section": "Ports"}',
            "posts/2019/tug.md": TEXT.format("Tug"),
            "posts/2019/tug.json": '{"draft": true}',
        },
    )
    stories = {front["title"]: front for front, _ in done.articles.values()}
    assert set(stories) == {"Ferry", "Pier"}
    ferry, pier = stories["Ferry"], stories["Pier"]
    assert (ferry["tags"], ferry["byline"], ferry["section"], ferry["language"]) == (
        ["Posts", "Archive", "Ferries"],
        ["Ada Lam"],
        "Old",
        "fr",
    )
    assert (pier["tags"], pier["byline"], pier["section"]) == (["Posts", "Archive"], ["Bo Chan"], "Ports")
    assert done.report["sources"][0]["left_out"]["drafts"] == 1


def test_layouts_of_jekyll_and_hugo_without_front_matter_are_no_stories(tmp_path: Path) -> None:
    for name, files in {
        "jekyll": {"_config.yml": "title: Q\n", "_layouts/post.html": PAGE, "_posts/2019-05-04-ferry.md": TEXT.format("Ferry")},
        "hugo": {"hugo.toml": "title = 'Q'\n", "layouts/_default/single.html": PAGE, "content/ferry.md": TEXT.format("Ferry")},
    }.items():
        folder = tmp_path / name
        folder.mkdir()
        done = bring_in_folder(folder, files)
        assert len(done.articles) == 1
        assert done.report["sources"][0]["left_out"]["templates"] == 1


def test_a_folder_of_records_that_is_no_generator_s_still_comes_in(tmp_path: Path) -> None:
    records = '[{"title": "Ferry", "date": "2019-05-04", "body": "The ferry left."}]'
    done = bring_in_folder(tmp_path, {"news/news.json": records, "layouts/page.html": PAGE})
    assert {row["kind"] for row in done.report["sources"]} == {"records", "html"}
    assert "Ferry" in {front["title"] for front, _ in done.articles.values()}


def test_a_change_in_a_folder_s_data_is_a_change_of_its_stories(tmp_path: Path) -> None:
    source = tmp_path / "site"
    files = {
        "eleventy.config.js": "",
        "posts/posts.json": '{"tags": ["Harbour"], "section": "City"}',
        "posts/ferry.md": TEXT.format("Ferry"),
        "posts/pier.md": TEXT.format("Pier").replace("date:", "section: Ports\ndate:"),
    }
    for name, text in files.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(text, encoding="utf-8")
    done = bring_in(tmp_path, str(source), "--keep-originals")
    again = bring_in(tmp_path, str(source), into=done.archive)
    assert again.report["sources"][0]["same"] == 2
    pier = next(file for file in (done.archive.folder / "content").rglob("*.md") if "pier" in file.name)
    pier.write_text(pier.read_text(encoding="utf-8").replace("section: Ports", "section: Piers"), encoding="utf-8")
    (source / "posts/posts.json").write_text('{"tags": ["Quay"], "section": "Town"}', encoding="utf-8")
    changed = bring_in(tmp_path, str(source), into=done.archive)
    row = changed.report["sources"][0]
    assert (row["updated"], row["refused"], row["written"]) == (1, 1, 0)
    assert "was edited by hand and is left as it is" in changed.run.err
    stories = {front["title"]: front for front, _ in changed.articles.values()}
    assert (stories["Ferry"]["section"], stories["Ferry"]["tags"]) == ("Town", ["Quay"])
    assert (stories["Pier"]["section"], stories["Pier"]["tags"]) == ("Piers", ["Harbour"])
