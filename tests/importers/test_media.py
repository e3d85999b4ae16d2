"""Pictures come in with their stories, byte for byte; one without a copy is named."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from builder.importers import downloads
from tests.browser import served
from tests.importers.imports import Imported, bring_in
from tests.pictures import picture as encode_picture

JPEG = encode_picture() + b"Exif jumbf c2pa \x00\x01\xfe"
PNG = encode_picture(kind="PNG")
TEXT = (
    "The harbour town opened its new ferry terminal on Thursday, two years late and a fifth over its budget. "
    "Ministers from six countries had come for the opening, which a storm moved indoors. "
    "The pier itself stays closed until summer, the harbour master said, and few in the town believe him."
)


def write(folder: Path, files: Mapping[str, Any]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder


def page(picture: str, head: str = "") -> str:
    return (
        f"<!DOCTYPE html><html><head><title>Ferry terminal opens</title>{head}"
        '<meta property="article:published_time" content="2020-03-05T10:00:00Z"></head><body><article><h1>Ferry terminal opens</h1>'
        f'<figure><img src="{picture}" alt="A ferry"><figcaption>A ferry leaves the terminal.</figcaption></figure>'
        f"<p>{TEXT}</p><p>{TEXT[:120]}</p></article></body></html>"
    )


def copy_of(done: Imported, address: str) -> bytes:
    """Return the copy to which an article refers; `morgue check` and the build find it, too."""
    assert address.startswith("/"), address
    run = done.archive.run("check")
    assert "is not there" not in run.out + run.err and " not one of " not in run.out + run.err
    return (done.archive.folder / "content" / address.lstrip("/")).read_bytes()


def test_pictures_of_a_page_bundle_come_in_by_themselves(tmp_path: Path) -> None:
    bundle = {
        "content/posts/ferry/index.md": f"---\ntitle: Ferry\ndate: 2020-03-05\ncover: {{image: cover.jpg}}\n---\n{TEXT}\n\n"
        "![The pier](images/pier%20one.png 'Title')\n\n[![A gull](gull.jpg)](gull.jpg)\n",
        "content/posts/ferry/cover.jpg": JPEG,
        "content/posts/ferry/gull.jpg": JPEG + b"gull",
        "content/posts/ferry/images/pier one.png": PNG,
        "content/posts/ferry/spare.jpg": JPEG + b"spare",
    }
    done = bring_in(tmp_path, str(write(tmp_path / "hugo", bundle)))
    words, body = done.only
    assert copy_of(done, words["images"][0]["src"]) == JPEG
    pier, gull = (part.partition("(")[2].partition(")")[0].partition(" ")[0] for part in body.split("\n\n")[1:])
    assert copy_of(done, pier) == PNG
    assert copy_of(done, gull) == JPEG + b"gull"
    assert "[![" not in body
    assert "spare.jpg" in done.run.err
    assert done.archive.build().code == 0
    assert len([path for path in done.archive.published() if path.startswith("media/")]) == 3


@pytest.mark.parametrize("prefix", ["{static}", "|static|", "{attach}", "{filename}"])
def test_pictures_of_pelican(tmp_path: Path, prefix: str) -> None:
    site = {
        "content/ferry.md": f"Title: Ferry\nDate: 2020-03-05\n\n{TEXT}\n\n![The pier]({prefix}/images/pier.png)\n",
        "content/images/pier.png": PNG,
    }
    done = bring_in(tmp_path, str(write(tmp_path / "pelican", site)))
    assert copy_of(done, done.only[1].rpartition("(")[2].rstrip(")")) == PNG


def test_a_picture_without_address_and_copy_is_named(tmp_path: Path) -> None:
    text = f"---\ntitle: Ferry\ndate: 2020-03-05\n---\n{TEXT}\n\n![The pier](lost.png)\n"
    done = bring_in(tmp_path, str(write(tmp_path / "hugo", {"posts/ferry/index.md": text})))
    assert "the picture lost.png has no web address and is not in the source" in done.run.err


@pytest.mark.parametrize("media", [(), ("--media", "pictures")])
def test_a_page_saved_with_its_files(tmp_path: Path, media: tuple[str, ...]) -> None:
    head = "<!-- saved from url=(0032)https://quay.example/news/ferry -->"
    saved = {"ferry story.html": head + page("./ferry%20story_files/a.jpg"), "ferry story_files/a.jpg": JPEG}
    done = bring_in(tmp_path, str(write(tmp_path / "saved", saved)), *media)
    (image,) = done.only[0]["images"]
    assert copy_of(done, image["src"]) == JPEG
    assert (image["caption"], image["alt"]) == ("A ferry leaves the terminal.", "A ferry")
    assert image["src"].startswith("/pictures/" if media else "/2020/03/")


def test_a_single_saved_page_has_its_files_beside_it(tmp_path: Path) -> None:
    write(tmp_path, {"ferry.html": page("ferry_files/a.jpg"), "ferry_files/a.jpg": JPEG})
    done = bring_in(tmp_path, str(tmp_path / "ferry.html"))
    assert copy_of(done, done.only[0]["images"][0]["src"]) == JPEG


def test_a_mirror_links_without_media_and_copies_with_it(tmp_path: Path) -> None:
    mirror = {
        "quay.example/news/ferry.html": page("../../cdn.quay.example/i/a.jpg"),
        "cdn.quay.example/i/a.jpg": JPEG,
        "quay.example/news/late.html": page("https://cdn.quay.example/i/b.jpg?w=900").replace("Ferry", "Late ferry"),
        "cdn.quay.example/i/b.jpg": PNG,
    }
    folder = str(write(tmp_path / "mirror", mirror))
    done = bring_in(tmp_path, folder)
    assert done.report["sources"][0]["left_out"] == {".jpg files (as stories; those that a story shows come with it)": 2}
    linked = [words["images"][0]["src"] for words, _ in done.articles.values()]
    assert linked == ["https://cdn.quay.example/i/a.jpg", "https://cdn.quay.example/i/b.jpg?w=900"]
    again = bring_in(tmp_path, folder, "--media", "content/pictures", into=done.archive)
    assert again.report["sources"][0]["updated"] == 2
    assert [copy_of(again, words["images"][0]["src"]) for words, _ in again.articles.values()] == [JPEG, PNG]
    assert bring_in(tmp_path, folder, "--media", "content/pictures", into=done.archive).report["sources"][0]["same"] == 2
    assert bring_in(tmp_path, folder, into=done.archive).report["sources"][0]["same"] == 2


def mhtml(picture: str) -> bytes:
    name = f"Content-ID: <{picture[4:]}>" if picture.startswith("cid:") else f"Content-Location: {picture}"
    head = (
        "From: <Saved by a browser>\nSnapshot-Content-Location: https://quay.example/news/ferry\nMIME-Version: 1.0\n"
        'Content-Type: multipart/related;\n\ttype="text/html";\n\tboundary="b1"\n\n--b1\nContent-Type: text/html\n'
        f"Content-Location: https://quay.example/news/ferry\n\n{page(picture)}\n--b1\n"
        f"Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\n{name}\n\n{base64.b64encode(JPEG).decode()}\n--b1--\n"
    )
    return head.replace("\n", "\r\n").encode()


@pytest.mark.parametrize(
    ("picture", "media"), [("https://quay.example/i/a.jpg", ("--media", "pictures")), ("cid:picture1@mhtml.blink", ())]
)
def test_parts_of_mhtml(tmp_path: Path, picture: str, media: tuple[str, ...]) -> None:
    file = write(tmp_path, {"ferry.mhtml": mhtml(picture)}) / "ferry.mhtml"
    done = bring_in(tmp_path, str(file), *media)
    assert copy_of(done, done.only[0]["images"][0]["src"]) == JPEG


def test_pictures_of_a_web_archive(tmp_path: Path) -> None:
    from tests.importers.test_warcs import warc

    ferry, late = page("/i/a.jpg").encode(), page("//cdn.quay.example/b.png").replace("Ferry", "Late ferry").encode()
    picture = (("Content-Type", "image/png"),)
    data = warc(
        ("https://quay.example/news/ferry", ferry),
        ("https://quay.example/i/a.jpg", b"older", "2020-01-01T00:00:00Z", "200 OK", picture),
        ("https://quay.example/i/a.jpg", JPEG, "2020-01-02T00:00:00Z", "200 OK", picture),
        ("https://quay.example/i/a.jpg", b"gone", "2020-01-03T00:00:00Z", "404 Not Found", picture),
        ("http://cdn.quay.example/b.png", PNG, "2020-01-02T00:00:00Z", "200 OK", picture),
        ("https://quay.example/news/late", late),
        compressed=False,
    )
    # warcio writes the first Content-Type of each record, text/html: the type of a picture is the second's
    file = (
        write(
            tmp_path,
            {
                "crawl.warc": data.replace(
                    b"Content-Type: text/html\r\nContent-Type: image/png", b"Content-Type: image/png\r\nX-Instead: text/html   "
                )
            },
        )
        / "crawl.warc"
    )
    linked = bring_in(tmp_path, str(file))
    assert [words["images"][0]["src"][:8] for words, _ in linked.articles.values()] == ["https://"] * 2
    done = bring_in(tmp_path, str(file), "--media", "pictures", into=linked.archive)
    assert [copy_of(done, words["images"][0]["src"]) for words, _ in done.articles.values()] == [JPEG, PNG]


def test_pictures_of_an_export_beside_its_uploads(tmp_path: Path) -> None:
    from tests.importers.test_wxr import attachment, export, item, meta

    folder = tmp_path / "backup"
    write(folder, {"site/uploads/pier.jpg": JPEG})
    export(folder, item(1, extra=meta("_thumbnail_id", "9")), attachment(9, "pier.jpg"), name="site/export.xml")
    done = bring_in(tmp_path, str(folder / "site"), "--media", "pictures")
    assert done.only[0]["images"][0]["src"] == "/pictures/" + done.only[0]["images"][0]["src"].rpartition("/")[2]
    assert copy_of(done, done.only[0]["images"][0]["src"]) == JPEG


def test_media_must_be_a_folder_of_copies_or_below_content(tmp_path: Path) -> None:
    write(tmp_path, {"ferry.html": page("https://quay.example/a.jpg")})
    done = bring_in(tmp_path, str(tmp_path / "ferry.html"), "--media", "../elsewhere")
    assert done.run.code == 2
    assert "--media ../elsewhere: is no folder with copies of pictures, and none below content/" in done.run.err


class _Server(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        kind, data = "image/jpeg", JPEG
        if self.path == "/gone.jpg":
            self.send_error(410)
            return
        if self.path == "/elsewhere.jpg":
            self.send_response(302)
            self.send_header("Location", "file:///etc/hostname")
            self.end_headers()
            return
        if self.path in {"/page.jpg", "/wrong.jpg"}:
            kind, data = "text/html", JPEG if self.path == "/wrong.jpg" else b"<!doctype html><title>Gone</title>"
        if self.path == "/nothing.jpg":
            data = b"Come again tomorrow"
        if ".pdf" in self.path:
            kind, data = "application/pdf", b"%PDF-1.7 minutes of the harbour board"
        if self.path == "/login.pdf":
            kind = "text/html; charset=utf-8"
        if self.path == "/moved.pdf":
            data = b"\n<!DOCTYPE html><title>Moved</title>"
        if self.path == "/large.jpg":
            data = b"\xff\xd8\xff" + b"x" * 5000
        self.send_response(200)
        if self.path not in {"/untyped", "/nothing.jpg"}:
            self.send_header("Content-Type", kind)
        if self.path != "/endless.jpg":
            self.send_header("Content-Length", str(len(data) + (10 if self.path == "/short.jpg" else 0)))
        self.end_headers()
        if self.path == "/slow.jpg":
            time.sleep(0.6)
        if self.path == "/endless.jpg":
            data = b"\xff\xd8\xff" + b"x" * 9000
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        try:
            self.wfile.write(data)
        except OSError:
            return

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[str, list[str]]]:
    monkeypatch.setattr(downloads, "PAUSE", 0.0)
    monkeypatch.setattr(downloads, "TIMEOUT", 0.2)
    monkeypatch.setattr(downloads, "MAX_BYTES", 4000)
    with ThreadingHTTPServer(("127.0.0.1", 0), _Server) as httpd:
        httpd.asked = []  # type: ignore[attr-defined]
        thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{httpd.server_port}", httpd.asked  # type: ignore[attr-defined]
        httpd.shutdown()
        thread.join()


def test_download_takes_what_comes_and_names_what_failed_and_why(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    host, asked = server
    names = ("good.jpg", "gone.jpg", "elsewhere.jpg", "page.jpg", "large.jpg", "endless.jpg", "short.jpg", "slow.jpg")
    pictures = "\n\n".join(f"![One]({host}/{name})" for name in names)
    text = f"---\ntitle: Ferry\ndate: 2020-03-05\n---\n{TEXT}\n\n{pictures}\n\n![Twice]({host}/good.jpg)\n"
    folder = str(write(tmp_path / "site", {"ferry.md": text}))
    linked = bring_in(tmp_path, folder)
    assert not asked
    done = bring_in(tmp_path, folder, "--download", into=linked.archive)
    body = done.only[1]
    good = body.partition("![One](")[2].partition(")")[0]
    assert copy_of(done, good) == JPEG
    assert body.count(good) == 2
    assert asked.count("/good.jpg") == 1
    assert [name for name in names if f"{host}/{name}" in body] == list(names[1:])
    for name, cause in {
        "gone.jpg": "the server says 410 Gone", "elsewhere.jpg": "the server says 302", "page.jpg": "is no picture but text/html",
        "large.jpg": "is larger than 0 MB", "endless.jpg": "is larger than 0 MB", "short.jpg": "the answer broke off",
        "slow.jpg": "no answer in time",
    }.items():  # fmt: skip
        assert f"{host}/{name} could not be fetched: {cause}" in done.run.err
    asked.clear()
    again = bring_in(tmp_path, folder, "--download", into=linked.archive)
    assert "/good.jpg" in asked  # the others still lack, so the story is tried again
    assert again.report["sources"][0]["same"] == 1


def test_downloaded_bytes_say_what_is_a_picture_where_the_server_says_nothing_or_wrongly(
    tmp_path: Path, server: tuple[str, list[str]]
) -> None:
    host, _ = server
    pictures = "\n\n".join(f"![One]({host}/{name})" for name in ("untyped", "wrong.jpg", "nothing.jpg"))
    site = write(tmp_path / "site", {"ferry.md": f"---\ntitle: Ferry\ndate: 2020-03-05\n---\n{TEXT}\n\n{pictures}\n"})
    done = bring_in(tmp_path, str(site), "--download")
    assert done.only[1].count("](/2020/03/") == 2
    assert f"{host}/nothing.jpg could not be fetched: is no picture but of a kind that the server does not name" in done.run.err


def test_download_fetches_linked_documents_of_the_types_that_are_published(tmp_path: Path, server: tuple[str, list[str]]) -> None:
    host, asked = server
    front = "---\ntitle: Ferry {}\ndate: 2020-0{}-05\n---\n" + TEXT
    links = f"The [minutes]({host}/minutes.pdf?a=1&b=2#page=2), a [login]({host}/login.pdf), a [page]({host}/moved.pdf), "
    files = {
        "one.md": f"{front.format(1, 3)}\n\n{links}a [plan]({host}/quay.dwg), a [site]({host}/).\n",
        "two.md": f'{front.format(2, 4)}\n\n<p>Again the <a href="{host}/minutes.pdf?a=1&amp;b=2#page=2">minutes</a>.</p>\n',
    }
    folder = str(write(tmp_path / "site", files))
    linked = bring_in(tmp_path, folder)
    assert not asked
    done = bring_in(tmp_path, folder, "--download", into=linked.archive)
    assert sorted(asked) == ["/login.pdf", "/minutes.pdf?a=1&b=2", "/moved.pdf"]
    bodies = {path: body for path, (_, body) in done.articles.items()}
    for month, body in zip("34", (body for _, body in sorted(bodies.items())), strict=True):
        assert f"/2020/0{month}/minutes.pdf#page=2" in body
        assert (done.archive.folder / f"content/2020/0{month}/minutes.pdf").read_bytes().startswith(b"%PDF")
    assert f"({host}/login.pdf)" in bodies[min(bodies)]
    assert f"({host}/quay.dwg)" in bodies[min(bodies)]
    assert (
        f"the document {host}/login.pdf could not be fetched: is no document but a web page (text/html); it stays a link"
        in done.run.err
    )
    assert f"the document {host}/moved.pdf could not be fetched: is no document but a web page; it stays a link" in done.run.err
    assert done.archive.build().code == 0


def test_a_server_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "PAUSE", 0.0)
    text = f"---\ntitle: Ferry\ndate: 2020-03-05\n---\n{TEXT}\n\n![One](http://127.0.0.1:1/a.jpg)\n"
    done = bring_in(tmp_path, str(write(tmp_path / "site", {"ferry.md": text})), "--download")
    assert "http://127.0.0.1:1/a.jpg could not be fetched:" in done.run.err
    assert done.run.code == 0


def test_originals_go_from_the_import_to_the_page(tmp_path: Path, browser: Browser) -> None:
    saved = write(tmp_path / "saved", {"ferry.html": page("https://quay.example/a.jpg")})
    done = bring_in(tmp_path, str(saved))
    assert not (done.archive.folder / "originals").exists()
    again = bring_in(tmp_path, str(saved), "--keep-originals", into=done.archive)
    assert again.report["sources"][0]["same"] == 1
    digest = done.only[0]["captured_sha256"]
    assert done.archive.build().code == 0
    published = done.archive.published()
    assert published[f"originals/{digest}.bin"] == (saved / "ferry.html").read_bytes()
    (path,) = (path for path in published if path.startswith("2020/03/05/") and "index" not in path)
    assert f'href="../../../originals/{digest}.bin"' in published[path].decode()
    with served(done.archive.folder / "public") as site, browser.new_context() as context:
        shown = context.new_page()
        shown.goto(f"{site}/{path}")
        shown.get_by_text("File and checksum").click()
        with shown.expect_download() as download:
            shown.get_by_role("link", name=digest).click()
        assert download.value.path().read_bytes() == (saved / "ferry.html").read_bytes()
