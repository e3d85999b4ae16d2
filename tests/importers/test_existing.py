"""An import that was done before, or that was killed, goes on: what is there stays, what changed is updated or told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from builder.articles.frontmatter import split
from builder.base import files
from builder.base.claims import claimed_folder
from builder.base.yaml_parsing import parse
from tests.faults import run_with_fault
from tests.importers.imports import bring_in
from tests.sites import Archive, archive

TEXT = "The harbour town opened its new ferry terminal on Thursday, two years late and a fifth over its budget, the mayor said."
MORE = "A last paragraph came in the evening, with what the ministers had said at the opening and what they had not said there."
PAGE = (
    '<html><head><title>Noon ferry</title><link rel="canonical" href="https://quay.example/noon"><meta property="og:type" content="article">'
    f'<meta property="article:published_time" content="2020-03-05"></head><body><article><p>{TEXT}</p><p>{TEXT[::-1]}</p>%s</article></body></html>'
)
WXR = (
    '<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:wp="http://wordpress.org/export/1.2/">'
    "<channel><title>Quay</title><link>https://quay.example</link><wp:base_blog_url>https://quay.example</wp:base_blog_url>"
    "<item><title>Noon ferry</title><link>https://quay.example/noon</link><guid>https://quay.example/?p=1</guid><wp:post_id>1</wp:post_id>"
    "<wp:post_date>2020-03-05 10:00:00</wp:post_date><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>"
    f"<content:encoded><![CDATA[<p>{TEXT}</p>%s]]></content:encoded></item></channel></rss>"
)
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>Quay</title><link>https://quay.example/</link><item><title>Noon ferry</title>'
    "<guid>https://quay.example/noon</guid><pubDate>Thu, 05 Mar 2020 10:00:00 GMT</pubDate>"
    f"<description><![CDATA[<p>{TEXT}</p>%s]]></description></item></channel></rss>"
)
KINDS = {
    "page.html": (PAGE, f"<p>{MORE}</p>"),
    "export.xml": (WXR, f"<p>{MORE}</p>"),
    "feed.xml": (FEED, f"<p>{MORE}</p>"),
    "noon.md": (f"---\ntitle: Noon ferry\ndate: 2020-03-05\nid: noon\n---\n{TEXT}\n%s", f"\n{MORE}\n"),
    "records.jsonl": (f'{{"title": "Noon ferry", "date": "2020-03-05", "id": "noon", "body": "{TEXT}%s"}}\n', f"\\n\\n{MORE}"),
}


@pytest.mark.parametrize("name", KINDS)
def test_the_same_an_update_and_a_hand_at_it(tmp_path: Path, name: str) -> None:
    form, more = KINDS[name]
    file = tmp_path / name

    def bring(text: str, into: Archive | None = None) -> tuple[Archive, dict[str, int], str]:
        file.write_text(text, encoding="utf-8")
        done = bring_in(tmp_path, str(file), into=into)
        (row,) = done.report["sources"]
        return done.archive, {word: row[word] for word in ("written", "updated", "same", "refused") if row[word]}, done.run.err

    there, counts, _ = bring(form.replace("%s", ""))
    assert counts == {"written": 1}
    (article,) = (there.folder / "content").rglob("*.md")
    first = article.read_bytes()
    assert bring(form.replace("%s", ""), there)[1] == {"same": 1}
    assert article.read_bytes() == first
    assert bring(form.replace("%s", more), there)[1] == {"updated": 1}
    assert MORE.encode() in article.read_bytes()
    edited = article.read_bytes().replace(b"two years late", b"three years late")
    article.write_bytes(edited)
    assert bring(form.replace("%s", more), there)[1] == {"same": 1}
    _, counts, said = bring(form.replace("%s", ""), there)
    assert counts == {"refused": 1}
    assert "was edited by hand and is left as it is" in said
    assert article.read_bytes() == edited
    assert len(list((there.folder / "content").rglob("*.md"))) == 1


def test_a_killed_import_leaves_whole_files_and_goes_on(tmp_path: Path) -> None:
    old = tmp_path / "old"
    for number in range(12):
        (old / f"n{number}").mkdir(parents=True)
        (old / f"n{number}" / "a.jpg").write_bytes(b"\xff\xd8\xff" + bytes([number]) * 5000)
        text = f"---\ntitle: Ferry {number}\ndate: 2020-03-{number + 1:02}\n---\n{TEXT} {number}\n\n![A ferry](a.jpg)\n"
        (old / f"n{number}" / "index.md").write_text(text, encoding="utf-8")
    whole = bring_in(tmp_path / "whole", str(old)).archive.folder / "content"
    expected = {file.relative_to(whole): file.read_bytes() for file in whole.rglob("*") if file.is_file()}
    there = archive(tmp_path / "archive", {"site.yml": "title: The Lantern\nurl: https://lantern.example/\n"})
    content = there.folder / "content"
    for moment in (3, 4, 9):
        ended = run_with_fault("kill", "os.rename", "content", moment, ["-C", str(there.folder), "import", str(old), "--jobs", "1"])
        assert ended.returncode == -signal.SIGKILL
        names = [file for file in content.rglob("*") if file.is_file()]
        visible = [file for file in names if not file.name.startswith(".") and file.suffix in {".md", ".jpg"}]
        for file in visible:
            path = file.relative_to(content)
            if file.suffix == ".jpg":
                assert file.read_bytes() == expected[path]
            else:
                assert parse(split(file.read_bytes()).front)["title"] == parse(split(expected[path]).front)["title"]
                assert split(file.read_bytes()).body == split(expected[path]).body
    last = there.run("import", str(old), "--jobs", "1")
    assert last.code == 0
    assert "already there" in last.out
    left = {file.relative_to(content) for file in content.rglob("*") if file.is_file()}  # nothing half-written among them
    assert left == set(expected)


def test_the_next_import_clears_what_a_killed_one_left_however_its_process_ended(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text(f"---\ntitle: Ferry\ndate: 2020-03-01\n---\n{TEXT}\n", encoding="utf-8")
    there = archive(tmp_path / "archive", {"site.yml": "title: The Lantern\nurl: https://lantern.example/\n"})
    arguments = ["-C", str(there.folder), "import", str(tmp_path / "ferry.md"), "--jobs", "1"]
    killed = subprocess.Popen([sys.executable, "-m", "tests.faults", "kill", "os.rename", "content", "1", *arguments])
    os.waitid(os.P_PID, killed.pid, os.WEXITED | os.WNOWAIT)  # it stays unreaped, as where nobody waits for a process
    (left,) = (there.folder / "content").rglob(".*")
    assert str(killed.pid) in left.name
    for process in (os.getpid(), 1, 2**22):  # numbers that others have by now, and one that nobody has
        left.with_name(f".morgue-{process}-0123456789abcdef").write_text("---\ntitle: Half")
    (left.parent / ".morgue-notes").write_text("of a person")
    written, descriptor = files.open_beside(there.folder / "content/new.md", b"---\ntitle: New")
    done = there.run(*arguments[2:])
    os.close(descriptor)
    killed.wait()
    assert done.code == 0
    assert {file.name for file in (there.folder / "content").rglob(".*")} == {".morgue-notes", written.name}


def test_the_next_import_clears_what_a_killed_one_had_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("killed", "runs", "young"):
        (tmp_path / f"temporary/morgue-import-{name}/0").mkdir(parents=True)
        (tmp_path / f"temporary/morgue-import-{name}/0/large.warc").write_bytes(b"x" * 1000)
        os.utime(tmp_path / f"temporary/morgue-import-{name}", (1, 1) if name != "young" else None)
    (tmp_path / "temporary/morgue-other").mkdir()
    (tmp_path / "ferry.md").write_text(f"---\ntitle: Ferry\ndate: 2020-03-01\n---\n{TEXT}\n", encoding="utf-8")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    with claimed_folder(tmp_path / "temporary/morgue-import-runs"):
        assert bring_in(tmp_path, str(tmp_path / "ferry.md")).run.code == 0
    left = {folder.name for folder in (tmp_path / "temporary").iterdir()}
    assert left == {"morgue-import-runs", "morgue-import-young", "morgue-other"}


def test_a_second_import_at_the_same_time_is_told_and_writes_nothing(tmp_path: Path) -> None:
    source = str(tmp_path / "ferries.jsonl")
    Path(source).write_text("".join(f'{{"title": "Ferry {n}", "body": "{TEXT} {n}"}}\n' for n in range(300)), encoding="utf-8")
    there = archive(tmp_path / "archive", {"site.yml": "title: The Lantern\nurl: https://lantern.example/\n"})
    with claimed_folder(there.folder):
        run = there.run("import", source)
        assert there.run("import", source, "--dry-run").code == 0
    assert (run.code, run.out) == (3, "")
    assert run.err.splitlines() == [f"{there.folder}: another import into this archive is under way; wait until it is done"]
    assert not (there.folder / "content").exists()
    command = [sys.executable, "-m", "builder", "-C", str(there.folder), "import", source, "--jobs", "1"]
    codes = [process.wait() for process in [subprocess.Popen(command, stderr=subprocess.DEVNULL) for _ in range(3)]]
    assert 0 in codes and set(codes) <= {0, 3}
    assert len(list((there.folder / "content").rglob("*"))) == 301  # and the folder of what has no date


SOURCES = {
    "jekyll": ("_posts/2019-05-04-ferry.md", "---\ntitle: Ferry\n---\n{}\n"),
    "hugo": ("content/ferry.md", '+++\ntitle = "Ferry"\ndate = 2019-05-04\n+++\n{}\n'),
    "pelican": ("content/ferry.md", "Title: Ferry\nDate: 2019-05-04\n\n{}\n"),
    "table": ("stories.csv", "title,date,body\nFerry,2019-05-04,{}\n"),
    "records": ("stories.jsonl", '{{"title":"Ferry","date":"2019-05-04","body":"{}"}}\n'),
    "page": ("ferry.html", '<html><head><title>Ferry</title></head><body><article><h1>Ferry</h1><time datetime="2019-05-04">4 May</time><p>{}</p></article></body></html>'),
}  # fmt: skip
NOON = "The noon ferry left the quay with forty passengers on board and a dog and came back before dark as it does."


@pytest.mark.parametrize("kind", SOURCES)
def test_a_story_without_id_and_address_that_changed_is_an_update_and_no_second_article(tmp_path: Path, kind: str) -> None:
    name, form = SOURCES[kind]
    source = tmp_path / "source" / name
    source.parent.mkdir(parents=True)
    source.write_text(form.format(NOON), encoding="utf-8")
    done = bring_in(tmp_path, str(tmp_path / "source"))
    source.write_text(form.format(NOON.replace("forty", "fifty")), encoding="utf-8")
    changed = bring_in(tmp_path, str(tmp_path / "source"), into=done.archive)
    assert changed.report["sources"][0]["updated"] == 1
    assert "fifty passengers" in changed.only[1]
    assert "slug" not in changed.only[0]
    (file,) = (done.archive.folder / "content").rglob("*.md")
    file.write_text(file.read_text(encoding="utf-8").replace("a dog", "two dogs"), encoding="utf-8")
    source.write_text(form.format(NOON.replace("forty", "sixty")), encoding="utf-8")
    left = bring_in(tmp_path, str(tmp_path / "source"), into=done.archive)
    assert left.report["sources"][0]["refused"] == 1
    assert "was edited by hand and is left as it is" in left.run.err
    assert "fifty passengers on board and two dogs" in left.only[1]


def test_another_story_of_the_same_headline_and_day_is_a_second_article(tmp_path: Path) -> None:
    source = tmp_path / "briefing.csv"
    source.write_text(f"title,date,body\nBriefing,2019-05-04,{NOON}\n", encoding="utf-8")
    done = bring_in(tmp_path, str(source))
    source.write_text(
        "title,date,body\nBriefing,2019-05-04,Rain fell on markets; umbrellas sold out within minutes\n", encoding="utf-8"
    )
    both = bring_in(tmp_path, str(source), into=done.archive)
    assert both.report["sources"][0]["written"] == 1
    assert len(both.articles) == 2
