"""What saving left in a page: undone, and turned into where and when the page was saved."""

from __future__ import annotations

import pytest

from builder.importers.capture_cleanup import mhtml_parts, open_page

PAGE = "https://lantern.example/ferry.html"


def test_a_web_archives_links_are_those_of_the_page() -> None:
    data = (
        "<html><head></head><body><!-- BEGIN WAYBACK TOOLBAR INSERT --><div>Archive banner</div><!-- END WAYBACK TOOLBAR INSERT -->"
        f'<a href="https://web.archive.org/web/20200305101500/{PAGE}">Ferry</a></body></html>'
        "<!-- FILE ARCHIVED ON 10:15:00 Mar 05, 2020 AND RETRIEVED FROM THE INTERNET ARCHIVE -->"
    ).encode()
    capture = open_page(data)
    assert f'href="{PAGE}"' in capture.html
    assert "Archive banner" not in capture.html


@pytest.mark.parametrize(
    "mark",
    [
        "<!-- saved from url=(0036)https://lantern.example/ferry.html -->",
        "<!--\n Page saved with SingleFile \n url: https://lantern.example/ferry.html \n saved date: Thu Mar 05 2020 10:15:00 GMT+0000 (UTC)\n-->",
    ],
)
def test_what_saved_the_page_says_of_which_address(mark: str) -> None:
    assert PAGE in repr(open_page(f"<!DOCTYPE html>{mark}<html><body><p>It ran.</p></body></html>".encode()))


def test_an_mhtml_file_has_its_page_and_parts_and_one_without_a_page_is_refused() -> None:
    head = f"Snapshot-Content-Location: {PAGE}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
    page = f"--x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Location: {PAGE}\r\n\r\n<p>It ran.</p>\r\n"
    picture = "--x\r\nContent-Type: image/gif\r\nContent-Location: https://lantern.example/a.gif\r\n\r\nGIF\r\n"
    data = f"From: <Saved by a browser>\r\n{head}{page}{picture}--x--\r\n".encode()
    assert "It ran." in open_page(data).html
    assert "https://lantern.example/a.gif" in mhtml_parts(data)
    assert mhtml_parts(b"<p>It ran.</p>") == {}
    with pytest.raises(ValueError):
        open_page(f"From: <Saved by a browser>\r\n{head}{picture}--x--\r\n".encode())
