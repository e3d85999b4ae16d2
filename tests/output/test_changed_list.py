"""What a build wrote and removed, as upload tools read it: a copy that follows the lists is the site."""

from __future__ import annotations

from pathlib import Path

from tests.sites import Archive, Run, archive, story


def changes(run_or_text: Run | str) -> list[tuple[str, str]]:
    text = run_or_text if isinstance(run_or_text, str) else run_or_text.out
    return [(kind, path) for kind, _, path in (line.partition("\t") for line in text.splitlines())]


def follow(site: Archive, copy: dict[str, bytes], listed: list[tuple[str, str]]) -> None:
    published = site.published()
    for kind, path in listed:
        if kind == "written":
            copy[path] = published[path]
        else:
            assert kind == "removed"
            del copy[path]


def test_a_copy_that_follows_the_lists_is_the_site(tmp_path: Path) -> None:
    site = archive(
        tmp_path / "a", {"content/a.md": story(tags="[port]"), "content/b.md": story("Other", date="2024-01-01", slug="b")}
    )
    listed = changes(site.build("--changed-list", "-"))
    copy: dict[str, bytes] = {}
    follow(site, copy, listed)
    assert copy == site.published()
    assert [path for _, path in listed[-2:]] == ["search/manifest.js", "manifest-sha512.txt"]

    site.write({"content/b.md": None, "content/中 文.md": story("渡輪", date="2025-03-01", slug="渡輪", language="zh-Hant")})
    file = tmp_path / "changes.txt"
    assert site.build("--changed-list", str(file)).code == 0
    listed = changes(file.read_text(encoding="utf-8"))
    assert ("removed", "2024/01/01/b.html") in listed
    assert ("written", "2025/03/01/渡輪.html") in listed
    follow(site, copy, listed)
    assert copy == site.published()
    assert not [name for name in file.parent.iterdir() if name.name.startswith(".")]

    run = site.build("--changed-list", "-")
    assert run.out == ""


def test_a_build_that_publishes_nothing_lists_nothing(tmp_path: Path) -> None:
    site = archive(tmp_path / "a", {"content/a.md": story(date="soon")})
    file = tmp_path / "changes.txt"
    file.write_text("written\told.html\n")
    assert site.build("--changed-list", str(file)).code == 1
    assert file.read_text() == ""


def test_a_list_that_cannot_be_written_stops_before_the_build(tmp_path: Path) -> None:
    site = archive(tmp_path / "a", {"content/a.md": story()})
    for option in ("--changed-list", "--report"):
        run = site.build(option, str(tmp_path / "none" / "changes.txt"))
        assert run.code == 2
        assert f"{option} {tmp_path}/none/changes.txt: the folder {tmp_path}/none is not there" in run.err
    assert site.build("--changed-list", "-", "--explain").code == 2
    assert not (site.folder / "public").exists()


def test_github_pages_is_told_to_leave_the_site_as_it_is(tmp_path: Path) -> None:
    site = archive(tmp_path, {"content/a.md": story(), "public/.nojekyll": ""})
    assert site.build().code == 0  # one that a person put there becomes ours
    published = site.published()
    assert published[".nojekyll"] == b""
    assert "  .nojekyll\n" in published["manifest-sha512.txt"].decode()
    assert site.run("verify").out == ""
