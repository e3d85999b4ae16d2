"""What comes without a name, as standard input does, or under a wrong one is of the kind that its bytes say."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.importers.imports import bring_in
from tests.importers.test_feeds import ATOM, JSON, item, rss
from tests.importers.test_warcs import page, warc

TEXT = "The ferry sailed at noon, with nobody aboard but its crew of four and a heron."
YAML = f"---\n# by hand\ntitle: Yaml\ndate: 2019-05-04\n---\n{TEXT}\n"
TOML = f'+++\ntitle = "Toml"\ndate = 2019-05-04\n+++\n{TEXT}\n'


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target.getvalue()


FILES: dict[str, tuple[str, str | bytes]] = {
    "yaml": ("markdown", YAML),
    "yaml-crlf": ("markdown", "\ufeff" + YAML.replace("Yaml", "Crlf").replace("\n", "\r\n")),
    "yaml.txt": ("markdown", YAML.replace("Yaml", "Named as text")),
    "yaml.post": ("markdown", YAML.replace("Yaml", "Named as nothing known")),
    "utf-16": ("markdown", YAML.replace("Yaml", "Wide").encode("utf-16")),
    "toml": ("markdown", TOML),
    "json": ("markdown", f'{{\n"title": "Json",\n"date": "2019-05-04"\n}}\n\n{TEXT}\n'),
    "headers": ("markdown", f"Title: Headers\nDate: 2019-05-04\n\n{TEXT}\n"),
    "headline": ("markdown", f"# Headline\n\n{TEXT}\n"),
    "lines": ("records", f'{json.dumps({"title": "Line 1", "body": TEXT})}\n{json.dumps({"title": "Line 2", "body": TEXT})}\n'),
    "table": ("records", f'title;date;body\nTable;2019-05-04;"{TEXT}"\n'),
    "table.txt": ("records", f'date,body,title\n2019-05-04,"{TEXT}",Table named as text\n'),
    "spaced": ("records", f'Post Title,Post Date,Post Text\nSpaced,2019-05-04,"{TEXT}"\n'),
    "chinese": ("records", "標題,日期,內文\n渡輪,2019-05-04,渡輪今日停航三小時。\n渡輪二,2019-05-05,渡輪明日停航。\n"),
    "packed": ("records", gzip.compress(json.dumps({"title": "Packed", "body": TEXT}).encode())),
    "rss": ("feed", rss(item(1))),
    "atom.gz": ("feed", gzip.compress(ATOM.encode())),
    "json-feed": ("feed", JSON.replace("ferry sails", "feed sails").replace("2019:noon", "2019:one").replace("2019/noon", "2019/one")),
    "page": ("html", page("Saved ferry", TEXT * 4)),
    "fragment": ("html", f"<h1>Fragment</h1>\n<p>{TEXT * 4}</p><p>{TEXT}</p>"),
    "zip": ("markdown", zipped({"a.md": YAML.replace("Yaml", "Zipped").encode()})),
    "wacz": (
        "warc",
        zipped({"datapackage.json": b"{}", "archive/data.warc.gz": warc(("https://quay.example/w", page("Wacz", TEXT * 5)))}),
    ),
    "pasted": ("text", f"Ferry, noon\n\n{TEXT}\n\nTitle: none that is known, the harbour master said.\n"),
    "commas": ("text", f"Gulls, rain, wind\nand then, at noon, at last the ferry that all had hoped for.\n\n{TEXT}\n"),
    "ruled": ("text", f"---\n\n{TEXT} Nobody had said so.\n\n---\n\nAn end.\n"),
}  # fmt: skip


def test_bytes_without_a_name_or_under_a_wrong_one_are_of_their_kind(tmp_path: Path) -> None:
    for name, (_, data) in FILES.items():
        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
    fields = ("title=Post Title", "date=Post Date", "body=Post Text", "title=標題", "date=日期", "body=內文")
    mapped = [word for field in fields for word in ("--fields", field)]
    done = bring_in(tmp_path, *(str(tmp_path / name) for name in FILES), *mapped)
    kinds = {row["path"].rpartition("/")[2]: (row["kind"], row["found"]) for row in done.report["sources"]}
    assert kinds == {name: (kind, 2 if name in {"lines", "chinese"} else 1) for name, (kind, _) in FILES.items()}
    titles = {words["title"] for words, _ in done.articles.values()}
    assert titles >= {"Yaml", "Crlf", "Named as text", "Named as nothing known", "Wide", "Toml", "Json", "Headers", "Headline"}
    assert titles >= {
        "Line 1",
        "Line 2",
        "Table",
        "Table named as text",
        "Packed",
        "Spaced",
        "渡輪",
        "Story 1",
        "Zipped",
        "Wacz",
        "Saved ferry",
    }


@pytest.mark.parametrize("text", [YAML, TOML])
def test_markdown_on_standard_input_has_the_headline_of_its_front_matter(tmp_path: Path, text: str) -> None:
    done = bring_in(tmp_path, "-", stdin=text)
    words, body = done.only
    assert (done.run.code, done.run.err, body) == (0, "", TEXT)
    assert words["title"] in {"Yaml", "Toml"}
    assert done.report["sources"][0]["kind"] == "markdown"
