from __future__ import annotations

import tarfile
from pathlib import Path

import bagit
import pytest

from builder.base.problems import ConfigError
from builder.config.site import Site
from builder.export.bag import FolderDestination, PayloadFile, TarDestination, bag_info, part_lengths, verify_bag, write_bag
from builder.export.tar_bags import verify_tar
from builder.formats.fixity import Difference

SITE = Site(
    title="The Lantern", publisher="The Lantern's library, which has a name of such a length that its line has to be folded twice over 新聞檔案館",
    url="https://lantern.example/",
)  # fmt: skip
TEXTS = {
    "content/a.md": "One",
    "content/100%.md": "percent",
    "content/two\nlines.md": "x",
    "public/新聞.html": "聞" * 9999,
    "site.yml": "",
}


def payload(folder: Path, texts: dict[str, str] = TEXTS) -> list[PayloadFile]:
    files = []
    for path, text in texts.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        files.append(PayloadFile(path, file, file.stat().st_size))
    return files


def bag(tmp_path: Path, texts: dict[str, str] = TEXTS) -> Path:
    with FolderDestination(tmp_path / "bag") as destination:
        write_bag(destination, payload(tmp_path / "archive", texts), bag_info(SITE))
    return tmp_path / "bag"


def test_bagit_accepts_a_bag(tmp_path: Path) -> None:
    folder = bag(tmp_path, {path: text for path, text in TEXTS.items() if "%" not in path})
    checked = bagit.Bag(str(folder))
    checked.validate()
    assert checked.version_info == (1, 0)
    assert checked.info["Source-Organization"] == SITE.publisher
    assert checked.info["Payload-Oxum"] == f"{sum(len(text.encode()) for text in TEXTS.values()) - len('percent')}.{len(TEXTS) - 1}"
    assert {path.removeprefix("data/") for path in checked.payload_files()} == {path for path in TEXTS if "%" not in path}


def test_percent_signs_are_encoded_as_the_standard_has_it(tmp_path: Path) -> None:
    # RFC 8493, 2.1.3; bagit.py 1.9 decodes line ends alone, so it is not asked about such names.
    assert "  data/content/100%25.md\n" in (bag(tmp_path) / "manifest-sha512.txt").read_text(encoding="utf-8")
    assert not list(verify_bag(tmp_path / "bag"))


def test_a_bag_as_a_tar_file_holds_the_same(tmp_path: Path) -> None:
    with TarDestination(tmp_path / "bag.tar") as destination:
        write_bag(destination, payload(tmp_path / "archive"), bag_info(SITE))
    with tarfile.open(tmp_path / "bag.tar") as tar:
        tar.extractall(tmp_path / "out", filter="data")
    assert not list(verify_bag(tmp_path / "out/bag"))


def test_one_flipped_byte_a_short_file_and_a_stranger_are_named(tmp_path: Path) -> None:
    folder = bag(tmp_path)
    page = folder / "data/public/新聞.html"
    page.write_bytes(page.read_bytes()[:-1])
    data = bytearray((folder / "data/content/a.md").read_bytes())
    data[0] ^= 4
    (folder / "data/content/a.md").write_bytes(data)
    (folder / "data/content/100%.md").unlink()
    (folder / "data/stranger").write_text("")
    with (folder / "bag-info.txt").open("a") as file:
        file.write("Contact-Name: nobody\n")
    assert set(verify_bag(folder)) == {
        Difference("data/content/a.md", "changed"), Difference("data/public/新聞.html", "changed"),
        Difference("data/content/100%.md", "missing"), Difference("data/stranger", "new"), Difference("bag-info.txt", "changed"),
    }  # fmt: skip


def test_a_bag_that_fails_leaves_nothing(tmp_path: Path) -> None:
    files = payload(tmp_path / "archive")
    Path(files[2].source).unlink()
    with pytest.raises(FileNotFoundError), FolderDestination(tmp_path / "bag") as destination:
        write_bag(destination, files, bag_info(SITE))
    with pytest.raises(FileNotFoundError), TarDestination(tmp_path / "bag.tar") as tar:
        write_bag(tar, files, bag_info(SITE))
    assert [path.name for path in tmp_path.iterdir()] == ["archive"]


def test_nothing_is_written_over(tmp_path: Path) -> None:
    folder = bag(tmp_path)
    with pytest.raises(ConfigError, match="is there already"):
        FolderDestination(folder)


def test_parts_are_no_bigger_than_asked_and_hold_everything_once() -> None:
    assert part_lengths([5, 5, 1, 20, 3, 3], 10) == [2, 1, 1, 2]
    assert part_lengths([20, 20], 10) == [1, 1]
    assert part_lengths([], 10) == [0]


def test_a_manifest_of_many_files_is_in_order_and_no_file_of_them_is_remembered(tmp_path: Path) -> None:
    texts = {f"content/{number % 7}/{number}-渡輪.md": str(number) for number in range(2500)}
    files = payload(tmp_path / "archive", texts)
    with TarDestination(tmp_path / "bag.tar") as destination:
        size = write_bag(destination, reversed(files), bag_info(SITE))
        assert not destination._tar.members  # type: ignore[attr-defined]
    assert size == (2500, sum(map(len, texts.values())))
    with tarfile.open(tmp_path / "bag.tar") as tar:
        stream = tar.extractfile("bag/manifest-sha512.txt")
        assert stream is not None
        lines = stream.read().decode().split("\n")[:-1]
    assert [line[130:] for line in lines] == sorted(f"data/{path}" for path in texts)
    assert not list(verify_tar(tmp_path / "bag.tar"))
