from __future__ import annotations

import hashlib
import os
import subprocess
from pathlib import Path
from random import Random

import pytest

from builder.base.portable import path_fault
from tests.browser import Quiet, served
from tests.effort import effort
from tests.pictures import picture
from tests.sites import SITE, Archive, archive, story


@pytest.fixture
def site(tmp_path: Path) -> Archive:
    made = archive(
        tmp_path / "site", {f"content/{number}.md": story(f"Story {number}", "2024-05-01", "渡輪 ships.") for number in range(12)}
    )
    assert made.build().code == 0
    return made


def flip(file: Path, chance: Random) -> None:
    """Flip one bit of `file`, and leave its time as it was."""
    status, data = file.stat(), bytearray(file.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))


def test_it_is_quiet_when_all_is_well(site: Archive) -> None:
    run = site.run("verify")
    assert (run.code, run.out, run.err) == (0, "", "")


@pytest.mark.proof
def test_one_flipped_bit_in_each_of_many_files_is_named(tmp_path: Path) -> None:
    articles = effort(12, 120)
    files = {
        f"content/{number}.md": story(f"Story {number}", f"2024-05-{1 + number % 28:02}", "渡輪 ships.")
        for number in range(articles)
    }
    site = archive(tmp_path, files)
    assert site.build().code == 0
    chance = Random(1)
    published = [f"public/{path}" for path, data in site.published().items() if data and path != "manifest-sha512.txt"]
    chosen = [*chance.sample(published, effort(30, 170)), *chance.sample(sorted(files), effort(5, 30))]
    for path in chosen:
        flip(site.folder / path, chance)
    run = site.run("verify")
    assert run.code == 1
    assert sorted(run.out.splitlines()) == sorted(f"{path}: changed" for path in chosen)


def test_what_vanished_and_what_came_is_named(site: Archive) -> None:
    (site.folder / "public/index.html").unlink()
    (site.folder / "public/stranger.html").write_text("x")
    (site.folder / "content/3.md").unlink()
    (site.folder / "content/new.md").write_text(story("New"))
    assert site.run("verify").out.splitlines() == [
        "public/index.html: missing", "public/stranger.html: new", "content/3.md: missing", "content/new.md: new",
    ]  # fmt: skip


def test_a_copy_on_a_server_is_held_to_its_manifest(site: Archive) -> None:
    with served(site.folder / "public") as address:
        assert site.run("verify", address).code == 0
        flip(site.folder / "public/2024/05/01/0.html", Random(2))
        (site.folder / "public/feed.xml").unlink()
        (site.folder / "public/.nojekyll").unlink()  # hosts keep it to themselves
        assert site.run("verify", address).out.splitlines() == ["2024/05/01/0.html: changed", "feed.xml: missing"]


@pytest.mark.parametrize("redirects", ["nginx", "netlify"])
def test_a_copy_whose_server_leads_old_addresses_on_is_well_if_the_site_says_so(tmp_path: Path, redirects: str) -> None:
    files = {"content/a.md": story(id="a", aliases="[/old/名.html, /Else/]"), "content/b.md": story("Other", id="b")}
    site = archive(tmp_path, {"site.yml": SITE + f"redirects: {redirects}\n", **files})
    assert site.build().code == 0
    leads_to = {"/old/%E5%90%8D.html": "/2025/02/12/a.html", "/Else/index.html": "/2025/02/12/a.html"}
    hides_rules = redirects == "netlify"

    class Server(Quiet):
        def do_GET(self) -> None:  # noqa: N802 (the base class has it so)
            if self.path in leads_to:
                self.send_response(301)
                self.send_header("Location", leads_to[self.path])
                self.end_headers()
            elif hides_rules and self.path == "/_redirects":
                self.send_error(404)
            else:
                super().do_GET()

    with served(tmp_path / "public", Server) as address:
        run = site.run("verify", address)
        assert (run.code, run.out, "it does not show" in run.err) == (0, "", hides_rules), run.err
        hides_rules = False
        assert site.run("verify", address).err == ""
        leads_to["/2025/02/12/a.html"] = leads_to["/Else/index.html"] = "/2025/02/12/b.html"
        run = site.run("verify", address)
        assert [line.partition(":")[0] for line in run.out.splitlines()] == ["2025/02/12/a.html", "Else/index.html", "old/名.html"]
        assert run.code == 1 and run.out.count("no rule of the site says so") == 3


def test_a_manifest_cut_short_is_said_with_its_line(site: Archive) -> None:
    manifest = site.folder / "public/manifest-sha512.txt"
    manifest.write_bytes(manifest.read_bytes()[:100])
    run = site.run("verify")
    assert (run.code, "manifest-sha512.txt:1:1: error" in run.err) == (2, True), run.err


def test_pictures_documents_and_originals_that_articles_name_are_verified_too(tmp_path: Path) -> None:
    original = b"<p>As it was.</p>"
    digest = hashlib.sha256(original).hexdigest()
    files: dict[str, str | bytes] = {
        "content/新 聞/a b.md": story("A", images="[圖.png, gone.png]", body="[Paper](cafe\u0301.pdf)", captured_sha256=digest),
        "content/新 聞/圖.png": picture(kind="PNG"), "content/新 聞/gone.png": picture(9, 9, kind="PNG"),
        "content/新 聞/cafe\u0301.pdf": b"%PDF-1.4 x", f"originals/{digest[:2]}/{digest}": original,
    }  # fmt: skip
    site = archive(tmp_path, files)
    assert site.build().code == 0
    assert (site.run("verify").code, site.run("verify").out) == (0, "")
    changed = [path for path in files if not path.endswith(("site.yml", ".md", "gone.png"))]
    for path in changed:
        flip(site.folder / path, Random(path))
    (site.folder / "content/新 聞/gone.png").unlink()
    run = site.run("verify")
    assert sorted(run.out.splitlines()) == sorted([*(f"{path}: changed" for path in changed), "content/新 聞/gone.png: missing"])
    (site.folder / changed[1]).write_bytes(b"%PDF")
    assert f"{changed[1]}: changed" in site.run("verify").out


def test_a_bag_in_a_tar_file_is_verified_as_it_stands(site: Archive, tmp_path: Path) -> None:
    file = tmp_path / "bag.tar"
    assert site.run("bag", str(file)).code == 0
    assert (site.run("verify", str(file)).code, site.run("verify", str(file)).out) == (0, "")
    whole = file.read_bytes()
    file.write_bytes(whole.replace("渡輪 ships.".encode(), "渡輪 shops.".encode(), 1))
    run = site.run("verify", str(file))
    assert (run.code, run.out.count(": changed"), "data/content/" in run.out) == (1, 1, True), run.out
    for size in (10, len(whole) // 2, len(whole) - 20_000):
        file.write_bytes(whole[:size])
        run = site.run("verify", str(file))
        assert (run.code, "cut short" in run.err, "build the site" in run.err) == (2, True, False), run.err
    run = site.run("init", "--from", str(file), str(tmp_path / "again"))
    assert (run.code, "has to be unpacked first" in run.err) == (2, True), run.err


def test_a_bag_that_lost_its_declaration_is_still_one(site: Archive, tmp_path: Path) -> None:
    assert site.run("bag", str(tmp_path / "bag")).code == 0
    (tmp_path / "bag/bagit.txt").unlink()
    assert site.run("verify", str(tmp_path / "bag")).out == "bagit.txt: missing\n"


LINE_ENDS = ("\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e")
"""What str.splitlines takes for the end of a line, and a manifest does not."""


@pytest.fixture(scope="module")
def with_line_ends(tmp_path_factory: pytest.TempPathFactory) -> Archive:
    """An archive whose static files have these in their names, as far as a site may have them."""
    folder = tmp_path_factory.mktemp("ends") / "site"
    names = [f"static/a{end}b.txt" for end in LINE_ENDS if not path_fault(f"static/a{end}b.txt")]
    assert "static/a\u2028b.txt" in names
    made = archive(folder, {"content/a.md": story(), **dict.fromkeys(names, "text")})
    assert made.build().code == 0
    assert set(names) <= made.published().keys()
    return made


def test_a_line_end_of_unicode_in_a_name_is_part_of_it(with_line_ends: Archive, tmp_path: Path) -> None:
    site = with_line_ends
    before = site.published()
    assert (site.run("verify").code, site.build("--clean").code, site.published() == before) == (0, 0, True)
    assert site.run("release", "First").code == 0
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(tmp_path / "key")], check=True)
    sealed = site.run("seal", "--key", str(tmp_path / "key"))
    assert (sealed.code, sealed.err) == (0, "")
    assert site.run("verify").out == ""
    assert site.run("bag", str(tmp_path / "bag")).code == 0
    assert site.run("verify", str(tmp_path / "bag")).out == ""
    with served(site.folder / "public") as address:
        assert site.run("verify", address).out == ""
    (site.folder / "public/static/a\u2028b.txt").write_text("other")
    assert site.run("verify").out.endswith("b.txt: changed\n")
