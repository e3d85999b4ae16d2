"""What a source says wrongly stands in no article: it would stop the whole archive's build. It is told, and the rest is in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.importers.imports import bring_in

WRONG: dict[str, Any] = {
    "embargo": "soon", "expires": "2020-13-45", "language": "../../etc", "original_url": "1e308", "withdrawn": 7,
    "aliases": ["/2012/a:b/", "//x/y", "/sound/"], "images": [{"src": ["a"], "credit": "Ada"}, {"src": "https://quay.example/a.jpg", "size": 3}],
    "corrections": [{"date": "🎉", "text": "Six, not five."}, {"text": ""}, {"note": "x"}], "id": {"a": 1}, "updated": [1],
    "summary": {"x": "A storm had come."}, "tags": [["a"], {"b": 1}], "archived_url": "javascript:alert(1)", "captured_at": {}, "slug": ["x"],
}  # fmt: skip


@pytest.mark.parametrize("name", [*WRONG, "all"])
def test_values_that_no_article_may_have_are_told_and_left_out(tmp_path: Path, name: str) -> None:
    values = WRONG if name == "all" else {name: WRONG[name]}
    record = {"title": "Noon", "date": "2020-01-02", "body": "It sailed at one.", **values}
    (tmp_path / "a.jsonl").write_text(json.dumps(record), encoding="utf-8")
    done = bring_in(tmp_path, str(tmp_path / "a.jsonl"))
    words, body = done.only
    assert (words["title"], words["date"], body) == ("Noon", "2020-01-02", "It sailed at one.")
    check = done.archive.run("check")
    assert check.code == 0, check.out + check.err
    assert done.archive.build().code == 0
    if name in {"embargo", "expires", "language", "original_url", "aliases", "images", "corrections", "archived_url"}:
        assert f": warning: {name}" in done.run.err
        assert "; left out" in done.run.err
        assert [cut for cut in done.report["stories"][0]["cut"] if cut["rule"] == f"no-value-of-{name}"]
    if name == "aliases":
        assert words["aliases"] == ["/sound/"]
    if name == "images":
        assert words["images"] == [{"src": "https://quay.example/a.jpg"}]
    if name == "corrections":
        assert words["corrections"] == [{"text": "Six, not five."}]


@pytest.mark.parametrize("title", [["a"], {"b": "c"}, 7, "\ud800", "\x1b[31m"])
@pytest.mark.parametrize("form", ["jsonl", "md"])
def test_titles_of_odd_kinds(tmp_path: Path, form: str, title: Any) -> None:
    front = json.dumps({"title": title, "mood\u001b[31m\ud800": "x", "date": "2020-01-02"})
    text = front[:-1] + ', "body": "It sailed at one."}\n' if form == "jsonl" else f"{front}\n\nIt sailed at one.\n"
    (tmp_path / f"a.{form}").write_text(text, encoding="utf-8")
    done = bring_in(tmp_path, str(tmp_path / f"a.{form}"))
    assert done.only[1] == "It sailed at one."
    assert done.archive.run("check").code == 0
    assert "\x1b" not in done.run.out + done.run.err


def test_a_picture_within_its_address_does_not_refuse_the_story(tmp_path: Path) -> None:
    data = "data:image/png;base64," + "iVBORw0KGgo" * 60
    (tmp_path / "a.md").write_text(
        f"---\ntitle: Noon\ndate: 2020-01-02\ncover: {'x' * 400}.png\nimage: {data}\n---\nIt sailed at one.\n"
    )
    done = bring_in(tmp_path, str(tmp_path / "a.md"))
    assert done.run.code == 0
    assert done.only[1] == "It sailed at one."
