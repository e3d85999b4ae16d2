"""JSON Lines and CSV come in: what `morgue export` writes comes back the same, other words by --fields."""

from __future__ import annotations

import gzip
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from builder.base.yaml_parsing import parse
from tests.importers.imports import Imported, bring_in
from tests.sites import SITE, archive, story

BODY = "    an indented line first\n\n* one\n* two\n\nA line.  \nA **bold** end, with a `pipe | in code`, a \\* star and 漢字；甲。"
STORY = f"""---
title: "Noon ferry: sails, \\"returns\\""
date: 2019-05-04T10:00:00+08:00
updated: 2019-05-05
source: The Quay
agency: [Harbour Wire, Meridian]
byline: ["Lam, Ada", Bo Chan]
dateline: Port Merrow
section: City
type: Feature
slugline: NORLAND-TRANSPORT-FERRIES
tags: [ferries, "roll on; roll off"]
language: fr
summary: A short trip.
original_url: https://quay.example/noon
rights: The Quay
images:
  - {{src: "https://quay.example/a.jpg", alt: A pier, caption: "The pier; at noon", credit: Cy Ode}}
corrections:
  - {{date: 2019-05-06, text: The ferry had a crew of four.}}
aliases: [/old/noon/]
id: tag:quay.example,2019:noon
---
{BODY}
"""


def bring_in_records(folder: Path, text: str | bytes, *arguments: str, name: str = "records.jsonl", site: str = "") -> Imported:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    return bring_in(folder, str(folder / name), *arguments, site=site)


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_what_export_writes_comes_back_the_same(tmp_path: Path, form: str) -> None:
    there = archive(
        tmp_path / "old",
        {"content/2019-05-04-noon.md": STORY, "content/2019-05-05-b.md": "---\ntitle: B\ndate: 2019-05-05\n---\nWords.\n"},
    )
    assert there.build().code == 0
    assert there.run("export", str(tmp_path / f"out.{form}"), "--format", form).code == 0
    done = bring_in(tmp_path, str(tmp_path / f"out.{form}"), site="timezone: Asia/Hong_Kong\n")
    assert done.run.code == 0, done.run.err
    words, _ = done.articles["2019/05/2019-05-04-noon.md"]
    lines = STORY.split("\n---\n")[0]
    for word in ("title", "date", "updated", "source", "agency", "byline", "dateline", "section", "type", "slugline", "tags", "language", "summary", "original_url", "rights", "images", "corrections", "aliases", "id"):  # fmt: skip
        assert f"\n{word}:" in lines
        assert words[word] == parse(lines.removeprefix("---\n"))[word], word
    written = (done.archive.folder / "content/2019/05/2019-05-04-noon.md").read_bytes()
    assert written.endswith(f"---\n\n{BODY}\n".encode())
    assert done.archive.build().code == 0


@pytest.mark.parametrize("form", ["jsonl", "csv", "parquet"])
def test_fields_that_nobody_knows_come_back_where_they_are_kept(tmp_path: Path, form: str) -> None:
    text = story("A", "2019-05-04", desk="[North, {ships: 2}]", 版次="A3", url_old="2019-01-02")
    there = archive(
        tmp_path / "old", {"site.yml": f"{SITE}unknown_fields: keep\n", "content/a.md": text, "content/b.md": story("B")}
    )
    assert there.build().code == 0
    assert there.run("export", str(tmp_path / f"out.{form}"), "--format", form).code == 0
    done = bring_in(tmp_path, str(tmp_path / f"out.{form}"), site="unknown_fields: keep\n")
    assert done.run.code == 0, done.run.err
    words = next(words for words, _ in done.articles.values() if words["title"] == "A")
    assert (words["desk"], words["版次"], str(words["url_old"])) == (["North", {"ships": "2"}], "A3", "2019-01-02"), words


def test_names_of_any_kind_come_back_from_csv(tmp_path: Path) -> None:
    names = [["[Staff]"], ["a; b", "c"], ['["x"]', "y"], ["a;b"], ["[1]", "[2"], ['"q"; r']]
    there = archive(tmp_path / "old", {f"content/{at}.md": story(str(at), tags=json.dumps(tags)) for at, tags in enumerate(names)})
    assert there.build().code == 0
    assert there.run("export", str(tmp_path / "out.csv"), "--format", "csv").code == 0
    done = bring_in(tmp_path, str(tmp_path / "out.csv"))
    assert {words["title"]: words["tags"] for words, _ in done.articles.values()} == {
        str(at): tags for at, tags in enumerate(names)
    }


def test_other_words_come_in_by_fields(tmp_path: Path) -> None:
    record = {
        "headline": "Noon ferry",
        "when": 1556964000,
        "people": ["Ada Lam"],
        "content": "<p>It <b>sailed</b>.</p>",
        "mood": "calm",
    }
    done = bring_in_records(
        tmp_path,
        json.dumps(record),
        "--fields",
        "title=headline",
        "--fields",
        "date=when",
        "--fields",
        "byline=people",
        "--fields",
        "html=content",
    )
    words, body = done.only
    assert (words["title"], words["date"], words["byline"]) == ("Noon ferry", "2019-05-04T10:00:00+00:00", ["Ada Lam"])
    assert body == "It **sailed**."
    assert done.report["fields"]["mood"]["dropped"] == 1


@pytest.mark.parametrize("keeps", [False, True])
@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_what_says_a_field_twice_is_never_silent(tmp_path: Path, form: str, *, keeps: bool) -> None:
    record = {
        "title": "Noon", "headline": "Noon ferry", "summary": "It sailed late.", "deck": "A storm had come.", "intro": "It sailed late",
        "body": "It sailed at one.", "html": "<p>It sailed at one, said the cook.</p>",
    }  # fmt: skip
    text = json.dumps(record) if form == "jsonl" else ",".join(record) + "\n" + ",".join(f'"{value}"' for value in record.values())
    (tmp_path / f"a.{form}").write_text(f"{text}\n")
    fields = [word for pair in ("title=headline", "summary=deck", "summary=intro") for word in ("--fields", pair)]
    site = "unknown_fields: keep\n" if keeps else ""
    done = bring_in(tmp_path, str(tmp_path / f"a.{form}"), *fields, site=site)
    words, body = done.only
    assert (words["title"], words["summary"], body) == ("Noon ferry", "A storm had come.", "It sailed at one.")
    cut = {(cut["rule"], cut["text"]) for cut in done.report["stories"][0]["cut"]}
    assert ("second-title", "Noon") in cut
    assert ("second-summary", "It sailed late.") in cut
    assert ("not-in-the-article", "said the cook") in cut
    assert (words.get("intro") == "It sailed late", ("second-summary", "It sailed late") in cut) == (keeps, not keeps)


def test_second_headlines_and_descriptions_of_ninjs_are_named(tmp_path: Path) -> None:
    item = {
        "uri": "https://quay.example/noon", "headlines": [{"value": "Noon ferry"}, {"role": "short", "value": "Ferry"}],
        "descriptions": [{"value": "It sailed late."}, {"role": "deck", "value": "A storm had come."}],
        "genres": [{"name": "News"}, {"name": "Feature"}], "bodies": [{"contenttype": "text/plain", "value": "It sailed at one."}],
    }  # fmt: skip
    done = bring_in_records(tmp_path, json.dumps(item))
    words, _ = done.only
    assert (words["title"], words["summary"], words["type"]) == ("Noon ferry", "It sailed late.", "News")
    cut = {(cut["rule"], cut["text"]) for cut in done.report["stories"][0]["cut"]}
    assert cut == {("second-title", "Ferry"), ("second-summary", "A storm had come."), ("second-type", "Feature")}


@pytest.mark.parametrize(("pair", "message"), [("title", "write it as ours=theirs"), ("titel=headline", 'did you mean "title"?')])
def test_fields_that_are_none_are_wrong_usage(tmp_path: Path, pair: str, message: str) -> None:
    done = bring_in_records(tmp_path, '{"title": "A", "body": "B"}', "--fields", pair)
    assert done.run.code == 2
    assert message in done.run.err


def test_a_table_of_semicolons_with_windows_bytes(tmp_path: Path) -> None:
    text = 'title;date;body\r\nCafé;2019-05-04;"Un café\nnoir; fermé."\r\n'.encode("cp1252")
    words, body = bring_in_records(tmp_path, text, name="a.csv").only
    assert (words["title"], body) == ("Café", "Un café\nnoir; fermé.")


def test_drafts_stay_outside_unless_they_are_asked_for(tmp_path: Path) -> None:
    text = '{"title": "A", "body": "One.", "date": "2019-01-01", "draft": true}\n{"title": "B", "body": "Two.", "date": "2019-01-01"}\n'
    done = bring_in_records(tmp_path / "a", text)
    assert [words["title"] for words, _ in done.articles.values()] == ["B"]
    assert done.report["sources"][0]["left_out"] == {"drafts": 1}
    assert len(bring_in_records(tmp_path / "b", text, "--drafts").articles) == 2
    table = "title,date,draft,body\nA,2019-01-01,true,One.\nB,2019-01-01,,Two.\n"
    assert bring_in_records(tmp_path / "c", table, name="a.csv").report["sources"][0]["left_out"] == {"drafts": 1}


def test_broken_lines_cost_none_but_themselves(tmp_path: Path) -> None:
    lines = [
        '{"title": "A", "body": "One."}',
        '{"title": "B", "body',
        "[1, 2]",
        '{"mood": "calm"}',
        "",
        '{"title": "C", "body": "Three."}',
        '{"title": "D", "bo',
    ]
    done = bring_in_records(tmp_path, "\n".join(lines))
    assert done.run.code == 1
    assert sorted(words["title"] for words, _ in done.articles.values()) == ["A", "C"]
    for place in ("jsonl:2:1: error: is no JSON", "jsonl:3:1: error: is no JSON object", "jsonl:4:1: error: has neither a title nor a body", "jsonl:7:1: error: is no JSON"):  # fmt: skip
        assert place in done.run.err


def test_an_array_that_breaks_off_gives_the_records_before(tmp_path: Path) -> None:
    done = bring_in_records(
        tmp_path, '[\n{"title": "A", "body": "One."},\n{"title": "B", "body": "Two."},\n{"title": "C", "bo', name="a.json"
    )
    assert len(done.articles) == 2
    assert "a.json:4:1: error: is no JSON from here on" in done.run.err


def test_rows_of_another_length_and_tables_without_our_words_are_told(tmp_path: Path) -> None:
    done = bring_in_records(tmp_path / "a", 'title,date,body\nA,2019-01-01,One.\nB,2019-01-01\nC,2019-01-01,"Thr', name="a.csv")
    assert [words["title"] for words, _ in done.articles.values()] == ["A"]
    assert "a.csv:4:1: error: breaks off: its last quotation mark is never closed" in done.run.err
    assert "a.csv:3:1: error: has 2 cells where the header has 3" in done.run.err
    done = bring_in_records(tmp_path / "b", "headline,words\nA,One.\n", name="a.csv")
    assert "has no column with the name of a field (headline, words)" in done.run.err


def test_one_id_for_two_records_brings_both_and_the_second_gets_an_id_of_its_own(tmp_path: Path) -> None:
    done = bring_in_records(tmp_path, '{"id": "x:1", "title": "A", "body": "One."}\n{"id": "x:1", "title": "B", "body": "Two."}')
    (first, _), (second, _) = sorted(done.articles.values(), key=lambda found: str(found[0]["title"]))
    assert (first["title"], first["id"], second["title"]) == ("A", "x:1", "B")
    assert second["id"] != "x:1"
    assert 'has the id of "A"' in done.run.err


def test_coming_again_changes_nothing(tmp_path: Path) -> None:
    text = '{"title": "A", "body": "One."}\n{"title": "B", "body": "Two."}'
    first = bring_in_records(tmp_path, text)
    again = bring_in(tmp_path, str(tmp_path / "records.jsonl"), into=first.archive)
    assert again.report["sources"][0]["same"] == 2


def test_a_packed_table_that_breaks_off_gives_what_it_has(tmp_path: Path) -> None:
    lines = "".join(json.dumps({"title": f"Story {number}", "body": "Words."}) + "\n" for number in range(50))
    data = gzip.compress(lines.encode())
    whole = bring_in_records(tmp_path / "whole", data, name="out.jsonl.gz")
    assert (whole.run.code, len(whole.articles)) == (0, 50)
    cut = bring_in_records(tmp_path / "cut", data[:-40], name="out.jsonl.gz")
    assert "is a damaged gzip file" in cut.run.err
    none = bring_in_records(tmp_path / "none", b"no gzip", name="out.csv.gz")
    assert "is a damaged gzip file" in none.run.err
    assert none.articles == {}


def test_a_packed_table_that_would_fill_the_disk_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builder.importers.sources._why_too_large", lambda size, path, folder: "would unpack to too much")
    done = bring_in_records(tmp_path, gzip.compress(b'{"title": "A", "body": "B"}\n'), name="bomb.jsonl.gz")
    assert "would unpack to too much; nothing of it is read" in done.run.err
    assert done.articles == {}


def test_a_parquet_file_of_another_program_comes_in_by_its_columns(tmp_path: Path) -> None:
    table = pyarrow.table(
        {
            "headline": ["Noon ferry", "Dusk ferry", None],
            "when": pyarrow.array([datetime(2019, 5, 4, 10, tzinfo=UTC), None, None], pyarrow.timestamp("ms", tz="UTC")),
            "day": pyarrow.array([None, date(2019, 5, 5), None], pyarrow.date32()),
            "tags": [["ferries", "roll on; roll off"], [], None],
            "body": ["Sails.", "Returns.", None],
            "timestamp": [1, 2, 3],
        }
    )
    parquet.write_table(table, tmp_path / "out.parquet")
    done = bring_in(tmp_path, str(tmp_path / "out.parquet"), "--fields", "title=headline", "--fields", "date=when")
    assert "out.parquet:3:" in done.run.err and "neither a title nor a body" in done.run.err
    words = next(words for words, _ in done.articles.values() if words["title"] == "Noon ferry")
    assert (str(words["date"]), words["tags"]) == ("2019-05-04T10:00:00+00:00", ["ferries", "roll on; roll off"])
    assert "timestamp" in done.run.err + done.run.out  # theirs, not ours: named as left out


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"PAR1", "no Parquet that can be read"), (b"PAR1" + bytes(60) + b"PAR1", "no Parquet that can be read")],
)
def test_a_damaged_parquet_file_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    done = bring_in_records(tmp_path, data, name="cut.parquet")
    assert message in done.run.err
    assert done.articles == {}


def test_parquet_without_a_field_or_without_pyarrow_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parquet.write_table(pyarrow.table({"a": [1]}), tmp_path / "out.parquet")
    assert "no column with the name of a field (a)" in bring_in(tmp_path, str(tmp_path / "out.parquet")).run.err
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'morgue[parquet]'" in bring_in(tmp_path, str(tmp_path / "out.parquet")).run.err
